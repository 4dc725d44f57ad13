//! What sounds like a given word, read one symbol at a time: the alignment of [`super::sound`] as rows of costs.
//!
//! The given word is fixed, Hangul by its sounds or Latin by its letters; the words of the other script are read against it, and
//! are given up where even the cheapest alignment costs too much. Words that begin alike share the rows of their beginning.
//! Read by its consonants alone, a word costs at most what it costs in full: whole groups of words with the same consonants
//! are left out that way.

use super::sound::{Rules, SAME, Sound, silent, unwritten};

/// The longest word that can be given, in sounds or letters, and one more.
pub const WIDTH: usize = 21;
/// The most symbols of a rule.
const REACH: usize = 4;
/// Symbols are below this.
const SYMBOLS: usize = 128;
/// A cost that is never reached; every budget is below it.
const NEVER: u8 = u8::MAX;
/// The first sound of Hangul by number, and the first vowel.
const FIRST: Sound = 'ㄱ';
const FIRST_VOWEL: Sound = 'ㅏ';

/// How words of the other script are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    Full,
    /// Without the symbols that [`is_soft`].
    Consonants,
}

/// Costs of having aligned so much of the given word, in hundredths.
type Row = [u8; WIDTH];

/// A step along the given word and what it costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Arc {
    from: u8,
    to: u8,
    cost: u8,
}

/// Symbols that are read for a step, compared with the last ones in one operation.
#[derive(Debug, Clone, Copy)]
struct Rule {
    symbols: u32,
    /// The bytes of `symbols` that count.
    mask: u32,
    length: usize,
    arc: Arc,
}

impl Rule {
    fn new(symbols: &[u8], arc: Arc) -> Rule {
        let all = symbols.iter().fold(0, |all, &symbol| all << 8 | u32::from(symbol));
        Rule { symbols: all, mask: u32::MAX >> (32 - 8 * symbols.len()), length: symbols.len(), arc }
    }
}

/// A word, and how far from it others may be.
pub struct Likeness {
    length: usize,
    budget: u8,
    /// Steps that read nothing, in order.
    free: Vec<Arc>,
    /// By the last symbol of theirs, all others.
    rules: [Vec<Rule>; SYMBOLS],
    /// What rules of several symbols begin with, by its last symbol.
    begun: [Vec<Rule>; SYMBOLS],
    /// What a symbol costs that stands for nothing.
    needless: [u8; SYMBOLS],
}

/// The number of a sound of Hangul.
pub fn number(sound: Sound) -> u8 {
    (sound as u32).wrapping_sub(FIRST as u32) as u8
}

/// True for vowels, and for letters that are hardly heard.
pub fn is_soft(symbol: u8) -> bool {
    if symbol.is_ascii_lowercase() { b"aeiouyhw".contains(&symbol) } else { symbol >= number(FIRST_VOWEL) }
}

fn hundredths(cost: f32) -> u8 {
    (cost * 100.0).round() as u8
}

/// The most that an alignment may cost, for a word of `length` letters or sounds; the other may be longer by a third.
fn budget(length: usize, most: f32) -> u8 {
    hundredths(most.min(SAME) * length as f32 * 1.2) + 1
}

impl Likeness {
    /// Hangul that sounds like these letters, fewer than [`WIDTH`]; none farther than `most`.
    pub fn of_letters(letters: &[u8], most: f32, reading: Reading) -> Likeness {
        let mut out = Likeness::new(letters.len(), most);
        for (at, &letter) in letters.iter().enumerate() {
            out.add(&[], reading, at, at + 1, silent(letter, at + 1 == letters.len()));
        }
        for (first, rules) in Rules::get().all() {
            out.needless[usize::from(number(first))] = hundredths(unwritten(first));
            for rule in rules.iter().filter(|rule| !rule.letters.is_empty()) {
                let symbols: Vec<u8> = [Some(first), rule.second].into_iter().flatten().map(number).collect();
                for at in (0..letters.len()).filter(|&at| letters[at..].starts_with(rule.letters)) {
                    out.add(&symbols, reading, at, at + rule.letters.len(), rule.cost);
                }
            }
        }
        out.free.sort_unstable();
        out
    }

    /// Latin words, in small letters, that spell these sounds, fewer than [`WIDTH`]; none farther than `most`.
    pub fn of_sounds(sounds: &[Sound], most: f32, reading: Reading) -> Likeness {
        let mut out = Likeness::new(sounds.len(), most);
        for (at, &sound) in sounds.iter().enumerate() {
            out.add(&[], reading, at, at + 1, unwritten(sound));
            for rule in Rules::get().of(sound).iter().filter(|rule| rule.letters.len() <= REACH) {
                let length = 1 + usize::from(rule.second.is_some());
                if rule.second.is_none_or(|second| sounds.get(at + 1) == Some(&second)) {
                    out.add(rule.letters, reading, at, at + length, rule.cost);
                }
            }
        }
        for letter in b'a'..=b'z' {
            // an e at the end is free: which e is the last one is not known yet
            out.needless[usize::from(letter)] = hundredths(silent(letter, letter == b'e'));
        }
        out.free.sort_unstable();
        out
    }

    fn new(length: usize, most: f32) -> Likeness {
        Likeness {
            length,
            budget: budget(length, most),
            free: Vec::new(),
            rules: std::array::from_fn(|_| Vec::new()),
            begun: std::array::from_fn(|_| Vec::new()),
            needless: [NEVER; SYMBOLS],
        }
    }

    /// Adds a step for which `symbols` are read.
    fn add(&mut self, symbols: &[u8], reading: Reading, from: usize, to: usize, cost: f32) {
        let heard = symbols.iter().copied().filter(|&symbol| reading == Reading::Full || !is_soft(symbol));
        let symbols: Vec<u8> = heard.collect();
        let arc = Arc { from: from as u8, to: to as u8, cost: hundredths(cost) };
        let Some(last) = symbols.last() else {
            match self.free.iter_mut().find(|known| (known.from, known.to) == (arc.from, arc.to)) {
                Some(known) => known.cost = known.cost.min(arc.cost),
                None => self.free.push(arc),
            }
            return;
        };
        self.rules[usize::from(*last)].push(Rule::new(&symbols, arc));
        for begun in 1..symbols.len() {
            self.begun[usize::from(symbols[begun - 1])].push(Rule::new(&symbols[..begun], arc));
        }
    }

    /// Takes every free step.
    fn close(&self, row: &mut Row) {
        for arc in &self.free {
            step(arc, row[usize::from(arc.from)], row);
        }
    }
}

fn step(arc: &Arc, before: u8, row: &mut Row) {
    let cell = &mut row[usize::from(arc.to)];
    *cell = before.saturating_add(arc.cost).min(*cell);
}

/// Where the reading of a word has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It cannot be like the given word after so many symbols and one more, nor can any that begins so.
    Lost(usize),
    /// It is not, but longer ones may be.
    Open,
    /// It is, at this cost in hundredths.
    Like(u8),
}

/// The reading of words one after the other, each against the same [`Likeness`].
pub struct Walk<'l> {
    likeness: &'l Likeness,
    /// What was read of the last word.
    read: Vec<u8>,
    /// The costs before it, and after each symbol of it.
    rows: Vec<Row>,
}

impl<'l> Walk<'l> {
    pub fn new(likeness: &'l Likeness) -> Walk<'l> {
        let mut row = [NEVER; WIDTH];
        row[0] = 0;
        likeness.close(&mut row);
        Walk { likeness, read: Vec::new(), rows: vec![row] }
    }

    /// How many symbols of the last word `word` begins with.
    pub fn shared(&self, word: &[u8]) -> usize {
        self.read.iter().zip(word).take_while(|(a, b)| a == b).count()
    }

    /// Reads a word that has the first `shared` symbols of the last one, then `rest`.
    pub fn read(&mut self, shared: usize, rest: &[u8]) -> Outcome {
        self.read.truncate(shared);
        self.rows.truncate(shared + 1);
        for &symbol in rest {
            if usize::from(symbol) >= SYMBOLS || !self.push(symbol) {
                return Outcome::Lost(self.read.len());
            }
        }
        match self.rows.last().map(|row| row[self.likeness.length]) {
            Some(cost) if cost <= self.likeness.budget => Outcome::Like(cost),
            _ => Outcome::Open,
        }
    }

    /// Reads one more symbol; false, and as before, where nothing can come of it.
    fn push(&mut self, symbol: u8) -> bool {
        let Likeness { budget, rules, begun, needless, .. } = self.likeness;
        let depth = self.read.len();
        let last = |back: usize| depth.checked_sub(back).map_or(0, |at| u32::from(self.read[at]) << (8 * back));
        let read = u32::from(symbol) | last(1) | last(2) | last(3);
        let Some(now) = self.rows.last() else { return false };
        let mut row = *now;
        for cost in &mut row {
            *cost = cost.saturating_add(needless[usize::from(symbol)]);
        }
        // the rows that rules of so many symbols start from
        let before = |rule: &Rule| {
            let holds = (read ^ rule.symbols) & rule.mask == 0 && rule.length <= depth + 1;
            holds.then(|| self.rows[depth + 1 - rule.length][usize::from(rule.arc.from)])
        };
        for rule in &rules[usize::from(symbol)] {
            if let Some(before) = before(rule) {
                step(&rule.arc, before, &mut row);
            }
        }
        let open = |cost: u8| cost <= *budget;
        // every cell is looked at: that takes a few instructions for all of them
        let here = row.iter().fold(false, |any, &cost| any | open(cost));
        let goes_on = |rule: &Rule| before(rule).is_some_and(|before| open(before.saturating_add(rule.arc.cost)));
        if !here && !begun[usize::from(symbol)].iter().any(goes_on) {
            return false;
        }
        if here {
            self.likeness.close(&mut row);
        }
        self.read.push(symbol);
        self.rows.push(row);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::glossary::sound::{letters, sounds};

    /// A word as it is read.
    fn symbols(word: &str, reading: Reading) -> Vec<u8> {
        let spoken = sounds(word);
        let all = if spoken.is_empty() { letters(word) } else { spoken.into_iter().map(number).collect() };
        all.into_iter().filter(|&symbol| reading == Reading::Full || !is_soft(symbol)).collect()
    }

    fn is_like(given: &str, word: &str, reading: Reading) -> bool {
        let spoken = sounds(given);
        let likeness = if spoken.is_empty() {
            Likeness::of_letters(&letters(given), SAME, reading)
        } else {
            Likeness::of_sounds(&spoken, SAME, reading)
        };
        matches!(Walk::new(&likeness).read(0, &symbols(word, reading)), Outcome::Like(_))
    }

    #[test]
    fn words_are_heard_either_way() {
        let rows = [
            ("푸틴", "putin", true),
            ("젤렌스키", "zelenskyy", true),
            ("바이든", "biden", true),
            ("클린턴", "clinton", true),
            ("스타디움", "stadium", true),
            ("시진핑", "jinping", false),
            ("부탄", "putin", false),
            ("푸", "putin", false),
            ("푸틴대통령", "putin", false),
            ("서울", "solution", false),
        ];
        for (korean, latin, expected) in rows {
            for (given, word) in [(korean, latin), (latin, korean)] {
                assert_eq!(is_like(given, word, Reading::Full), expected, "{given} {word}");
                assert!(!expected || is_like(given, word, Reading::Consonants), "{given} {word}");
            }
        }
    }
}
