//! Finding the words of an archive that sound like a name in the other script.
//!
//! The alignment of [`super::sound`] is run along the term dictionary itself, as an automaton that gives up where even the
//! cheapest alignment costs too much: a few hundred states instead of every word of the archive, and no table to keep.

use std::cell::RefCell;

use rustc_hash::FxHashMap;
use tantivy::schema::Field;
use tantivy_fst::Automaton;

use super::sound::{Rules, SAME, Sound, distance_of, letters, silent, sounds, sounds_of, unwritten};
use crate::article::Lang;
use crate::store::reader::Reader;

/// The most words that are taken for one name, and how much worse than the best they may be.
const MOST: usize = 4;
const WORSE: f32 = 0.03;
/// The longest letters of a rule.
const REACH: usize = 4;
/// The longest words that are heard, in letters or sounds, and one more.
const WIDTH: usize = 21;
/// How much an alignment may cost more than its share so far.
const AHEAD: usize = 6;
/// A cost that is never reached; every budget is below it.
const NEVER: u8 = u8::MAX;

/// A word of the archive, and how far it is in sound.
#[derive(Debug, Clone, PartialEq)]
pub struct Heard {
    pub word: String,
    pub distance: f32,
}

/// The words of the other language that sound like `word`, a word of `lang`, best first; none farther than `most`.
pub fn hear(reader: &Reader, word: &str, lang: Lang, most: f32) -> tantivy::Result<Vec<Heard>> {
    let most = most.min(SAME);
    let mut heard: Vec<Heard> = Vec::new();
    let mut add = |term: &[u8], distance: &dyn Fn(&str) -> f32| {
        let Ok(term) = std::str::from_utf8(term) else { return };
        let distance = distance(term);
        if distance <= most && heard.iter().all(|known| known.word != term) {
            heard.push(Heard { word: term.to_owned(), distance });
        }
    };
    match lang {
        Lang::En => {
            let spelled = letters(word);
            if spelled.is_empty() || spelled.len() >= WIDTH {
                return Ok(heard);
            }
            let automaton = Spoken::new(&spelled, most);
            search(reader, reader.fields.ko.exact, &automaton, |term| {
                add(term, &|term| distance_of(&sounds(term), &spelled));
            })?;
        }
        Lang::Ko => {
            let spoken = sounds(word);
            if spoken.is_empty() || spoken.len() >= WIDTH {
                return Ok(heard);
            }
            let automaton = Spelled::new(&spoken, most);
            search(reader, reader.fields.en.exact, &automaton, |term| {
                add(term, &|term| distance_of(&spoken, &letters(term)));
            })?;
        }
    }
    heard.sort_by(|a, b| a.distance.total_cmp(&b.distance).then_with(|| a.word.cmp(&b.word)));
    let worst = heard.first().map_or(0.0, |best| best.distance + WORSE);
    heard.retain(|word| word.distance <= worst);
    heard.truncate(MOST);
    Ok(heard)
}

fn search<A: Automaton>(
    reader: &Reader,
    field: Field,
    automaton: A,
    mut found: impl FnMut(&[u8]),
) -> tantivy::Result<()> {
    let automaton = Numbered { automaton, states: RefCell::default() };
    for segment in reader.searcher.segment_readers() {
        let inverted = segment.inverted_index(field)?;
        let mut terms = inverted.terms().search(&automaton).into_stream()?;
        while terms.advance() {
            found(terms.key());
        }
    }
    Ok(())
}

/// An automaton whose states are kept here and go by numbers: the walk along a dictionary moves its states about far more
/// often than it looks at them, and most of them lead nowhere.
struct Numbered<A: Automaton> {
    automaton: A,
    states: RefCell<Vec<A::State>>,
}

/// The number of every state that cannot match any more.
const LOST: u32 = u32::MAX;

impl<A: Automaton> Numbered<A> {
    fn number(&self, state: A::State) -> u32 {
        if !self.automaton.can_match(&state) {
            return LOST;
        }
        let mut states = self.states.borrow_mut();
        states.push(state);
        states.len() as u32 - 1
    }
}

impl<A: Automaton> Automaton for &Numbered<A> {
    type State = u32;

    fn start(&self) -> u32 {
        self.number(self.automaton.start())
    }

    fn is_match(&self, state: &u32) -> bool {
        self.states.borrow().get(*state as usize).is_some_and(|state| self.automaton.is_match(state))
    }

    fn can_match(&self, state: &u32) -> bool {
        *state != LOST
    }

    fn accept(&self, state: &u32, byte: u8) -> u32 {
        let next = self.states.borrow().get(*state as usize).map(|state| self.automaton.accept(state, byte));
        next.map_or(LOST, |next| self.number(next))
    }
}

fn hundredths(cost: f32) -> u8 {
    (cost * 100.0).round() as u8
}

/// The most that an alignment may cost, for a word of `length` letters or sounds; the other may be longer by a third.
fn budget(length: usize, most: f32) -> u8 {
    hundredths(most * length as f32 * 1.2) + 1
}

/// Costs of having aligned so much of the fixed word, in hundredths.
type Row = [u8; WIDTH];

/// A step of the alignment: from here to there in the fixed word, and what it costs.
#[derive(Debug, Clone, Copy)]
struct Arc {
    from: u8,
    to: u8,
    cost: u8,
}

/// Takes every arc from one row into another.
fn follow(arcs: &[Arc], from: &Row, into: &mut Row) {
    for arc in arcs {
        let cost = from[usize::from(arc.from)].saturating_add(arc.cost);
        let cell = &mut into[usize::from(arc.to)];
        *cell = cost.min(*cell);
    }
}

/// Takes what costs no step of the other word: each cell from the one before it.
fn close(free: &[u8], row: &mut Row) {
    for (at, &cost) in free.iter().enumerate() {
        row[at + 1] = row[at + 1].min(row[at].saturating_add(cost));
    }
}

/// What an alignment may have cost when it has come so far in a word of `length`, to be in keeping with its budget; zero
/// stands for one more, so that nothing is in keeping behind the word.
fn limits(length: usize, budget: u8) -> Row {
    let allowed = |at: usize| usize::from(budget).min(AHEAD + usize::from(budget) * at / length) as u8 + 1;
    std::array::from_fn(|at| if at <= length { allowed(at) } else { 0 })
}

/// True where an alignment may still end well: what it has cost so far is in keeping with how far it has come.
fn is_open(row: &Row, limits: &Row) -> bool {
    // every cell is looked at: that takes a few instructions for all of them
    row.iter().zip(limits).fold(false, |open, (cost, limit)| open | (cost < limit))
}

/// Every cost of `row`, and `more`.
fn dearer(row: &Row, more: u8) -> Row {
    let mut row = *row;
    for cost in &mut row {
        *cost = cost.saturating_add(more);
    }
    row
}

fn start(free: &[u8]) -> Row {
    let mut row = [NEVER; WIDTH];
    row[0] = 0;
    close(free, &mut row);
    row
}

/// Accepts Hangul that sounds like given letters.
struct Spoken {
    length: usize,
    budget: u8,
    limits: Row,
    /// What each letter costs that is not heard.
    silent: Vec<u8>,
    /// For each sound, and for each two, where it may stand in the letters.
    one: FxHashMap<Sound, Vec<Arc>>,
    two: FxHashMap<(Sound, Sound), Vec<Arc>>,
}

/// How far the Hangul read so far reaches into the letters.
#[derive(Clone, Copy)]
struct SpokenState {
    /// Before the last sound, and after it.
    rows: [Row; 2],
    last: Sound,
    /// Bytes of an unfinished syllable.
    bytes: [u8; 2],
    pending: usize,
}

impl Spoken {
    fn new(letters: &[u8], most: f32) -> Spoken {
        let (mut one, mut two) = (FxHashMap::default(), FxHashMap::default());
        for (sound, rules) in Rules::get().all() {
            for rule in rules.iter().filter(|rule| !rule.letters.is_empty()) {
                let arcs = match rule.second {
                    None => one.entry(sound).or_insert_with(Vec::new),
                    Some(second) => two.entry((sound, second)).or_insert_with(Vec::new),
                };
                let places = (0..letters.len()).filter(|&at| letters[at..].starts_with(rule.letters));
                arcs.extend(places.map(|at| Arc {
                    from: at as u8,
                    to: (at + rule.letters.len()) as u8,
                    cost: hundredths(rule.cost),
                }));
            }
        }
        let heard = letters.iter().enumerate();
        let silent = heard.map(|(at, &letter)| hundredths(silent(letter, at + 1 == letters.len()))).collect();
        let (length, budget) = (letters.len(), budget(letters.len(), most));
        Spoken { length, budget, limits: limits(length, budget), silent, one, two }
    }

    fn hear(&self, state: &mut SpokenState, sound: Sound) {
        let [before, now] = &state.rows;
        let missing = hundredths(unwritten(sound));
        let mut row = dearer(now, missing);
        follow(self.one.get(&sound).map_or(&[], Vec::as_slice), now, &mut row);
        follow(self.two.get(&(state.last, sound)).map_or(&[], Vec::as_slice), before, &mut row);
        close(&self.silent, &mut row);
        state.rows = [*now, row];
        state.last = sound;
    }
}

impl Automaton for &Spoken {
    type State = Option<SpokenState>;

    fn start(&self) -> Self::State {
        Some(SpokenState { rows: [[NEVER; WIDTH], start(&self.silent)], last: ' ', bytes: [0; 2], pending: 0 })
    }

    fn is_match(&self, state: &Self::State) -> bool {
        state.as_ref().is_some_and(|state| state.pending == 0 && state.rows[1][self.length] <= self.budget)
    }

    fn can_match(&self, state: &Self::State) -> bool {
        // what cannot end well is given up where it is read
        state.is_some()
    }

    fn accept(&self, state: &Self::State, byte: u8) -> Self::State {
        let state = state.as_ref()?;
        // Hangul syllables take three bytes, the first of them EA to ED
        if state.pending == 0 && !(0xEA..=0xED).contains(&byte) {
            return None;
        }
        let mut next = *state;
        if next.pending < 2 {
            next.bytes[next.pending] = byte;
            next.pending += 1;
            return Some(next);
        }
        // terms are UTF-8: the low bits of the three bytes are the syllable
        let bits = [next.bytes[0] & 0x0F, next.bytes[1] & 0x3F, byte & 0x3F].map(u32::from);
        let syllable = char::from_u32(bits[0] << 12 | bits[1] << 6 | bits[2])?;
        next.pending = 0;
        for sound in sounds_of(syllable)?.into_iter().flatten() {
            self.hear(&mut next, sound);
        }
        next.rows.iter().any(|row| is_open(row, &self.limits)).then_some(next)
    }
}

/// Accepts Latin words that spell given sounds.
struct Spelled {
    length: usize,
    budget: u8,
    limits: Row,
    /// What each sound costs that has no letters.
    unwritten: Vec<u8>,
    /// For each last letter the ways to come there.
    by_last: Vec<Vec<Spelling>>,
}

/// Letters that stand for a sound, compared with the last ones read in one step.
#[derive(Clone, Copy)]
struct Spelling {
    letters: u32,
    /// The bytes of `letters` that count.
    mask: u32,
    /// How many letters ago the row is that the arc starts in, less one.
    back: usize,
    arc: Arc,
}

impl Spelling {
    fn new(letters: &[u8], arc: Arc) -> Spelling {
        let all = letters.iter().fold(0, |all, &letter| all << 8 | u32::from(letter));
        Spelling { letters: all, mask: u32::MAX >> (32 - 8 * letters.len()), back: letters.len() - 1, arc }
    }
}

/// How far the letters read so far reach into the sounds.
#[derive(Clone, Copy)]
struct SpelledState {
    /// After each of the last letters, the latest first.
    rows: [Row; REACH],
    /// Which of them may still end well, a bit each, the latest lowest.
    open: u8,
    /// The last letters, the latest last.
    read: [u8; REACH],
}

impl Spelled {
    fn new(sounds: &[Sound], most: f32) -> Spelled {
        let mut by_last = vec![Vec::new(); 26];
        for (at, &sound) in sounds.iter().enumerate() {
            for rule in Rules::get().of(sound) {
                let two = rule.second.is_some();
                let holds = rule.second.is_none_or(|second| sounds.get(at + 1) == Some(&second));
                let Some(last) = rule.letters.last().filter(|_| holds && rule.letters.len() <= REACH) else { continue };
                let arc = Arc { from: at as u8, to: (at + 1 + usize::from(two)) as u8, cost: hundredths(rule.cost) };
                by_last[usize::from(last - b'a')].push(Spelling::new(rule.letters, arc));
            }
        }
        let unwritten = sounds.iter().map(|&sound| hundredths(unwritten(sound))).collect();
        let (length, budget) = (sounds.len(), budget(sounds.len(), most));
        Spelled { length, budget, limits: limits(length, budget), unwritten, by_last }
    }
}

impl Automaton for &Spelled {
    type State = Option<SpelledState>;

    fn start(&self) -> Self::State {
        let mut rows = [[NEVER; WIDTH]; REACH];
        rows[0] = start(&self.unwritten);
        Some(SpelledState { rows, open: 1, read: [0; REACH] })
    }

    fn is_match(&self, state: &Self::State) -> bool {
        state.as_ref().is_some_and(|state| state.rows[0][self.length] <= self.budget)
    }

    fn can_match(&self, state: &Self::State) -> bool {
        // what cannot end well is given up where it is read
        state.is_some()
    }

    fn accept(&self, state: &Self::State, byte: u8) -> Self::State {
        let state = state.as_ref().filter(|_| byte.is_ascii_lowercase())?;
        let [_, read @ ..] = state.read;
        let read = [read[0], read[1], read[2], byte];
        // an e at the end is free: which e is the last one is not known yet
        let unheard = hundredths(silent(byte, byte == b'e'));
        let mut row = dearer(&state.rows[0], unheard);
        let letters = u32::from_be_bytes(read);
        for rule in &self.by_last[usize::from(byte - b'a')] {
            if (letters ^ rule.letters) & rule.mask == 0 {
                follow(&[rule.arc], &state.rows[rule.back], &mut row);
            }
        }
        close(&self.unwritten, &mut row);
        // the oldest row is left behind
        let open = (state.open << 1 | u8::from(is_open(&row, &self.limits))) & ((1 << REACH) - 1);
        let [first, second, third, _] = state.rows;
        (open != 0).then_some(SpelledState { rows: [row, first, second, third], open, read })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts<A: Automaton>(automaton: A, word: &str) -> bool {
        let state = word.bytes().fold(automaton.start(), |state, byte| automaton.accept(&state, byte));
        automaton.is_match(&state) && automaton.can_match(&state)
    }

    #[test]
    fn the_dictionary_is_heard_as_words_are() {
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
            assert_eq!(accepts(&Spoken::new(latin.as_bytes(), SAME), korean), expected, "{latin} {korean}");
            assert_eq!(accepts(&Spelled::new(&sounds(korean), SAME), latin), expected, "{korean} {latin}");
        }
    }
}
