//! Finding the words of an archive that sound like a name in the other script.
//!
//! The alignment of [`super::sound`] is run along the term dictionary itself, as an automaton that gives up where even the
//! cheapest alignment costs too much: a few hundred states instead of every word of the archive, and no table to keep.

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
/// Costs are counted in hundredths; beyond this they do not matter.
const NEVER: u16 = u16::MAX / 2;

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
            let automaton = Spoken::new(&spelled, most);
            search(reader, reader.fields.ko.exact, &automaton, |term| {
                add(term, &|term| distance_of(&sounds(term), &spelled));
            })?;
        }
        Lang::Ko => {
            let spoken = sounds(word);
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

fn search<A: Automaton + Copy>(
    reader: &Reader,
    field: Field,
    automaton: A,
    mut found: impl FnMut(&[u8]),
) -> tantivy::Result<()>
where
    A::State: Clone,
{
    for segment in reader.searcher.segment_readers() {
        let inverted = segment.inverted_index(field)?;
        let mut terms = inverted.terms().search(automaton).into_stream()?;
        while terms.advance() {
            found(terms.key());
        }
    }
    Ok(())
}

fn hundredths(cost: f32) -> u16 {
    (cost * 100.0).round() as u16
}

/// The most that an alignment may cost, for a word of `length` letters or sounds; the other may be longer by a third.
fn budget(length: usize, most: f32) -> u16 {
    hundredths(most * length as f32 * 1.2) + 1
}

/// Costs of having aligned so much of the fixed word.
type Row = Vec<u16>;

/// Accepts Hangul that sounds like given letters.
struct Spoken<'a> {
    letters: &'a [u8],
    budget: u16,
}

/// How far the Hangul read so far reaches into the letters.
#[derive(Clone)]
struct SpokenState {
    /// Before the last sound, and after it.
    rows: [Row; 2],
    last: Sound,
    /// Bytes of an unfinished syllable.
    bytes: [u8; 2],
    pending: usize,
}

impl<'a> Spoken<'a> {
    fn new(letters: &'a [u8], most: f32) -> Spoken<'a> {
        Spoken { letters, budget: budget(letters.len(), most) }
    }

    /// Letters that are not heard.
    fn close(&self, row: &mut Row) {
        for (at, &letter) in self.letters.iter().enumerate() {
            let through = row[at].saturating_add(hundredths(silent(letter, at + 1 == self.letters.len())));
            row[at + 1] = row[at + 1].min(through);
        }
    }

    fn hear(&self, state: &mut SpokenState, sound: Sound) {
        let rules = Rules::get();
        let [before, now] = &state.rows;
        let mut row: Row = now.iter().map(|cost| cost.saturating_add(hundredths(unwritten(sound))).min(NEVER)).collect();
        let mut rule = |letters: &[u8], cost: f32, from: &Row| {
            for start in 0..=self.letters.len().saturating_sub(letters.len()) {
                if from[start] < NEVER && self.letters[start..].starts_with(letters) {
                    let end = start + letters.len();
                    row[end] = row[end].min(from[start] + hundredths(cost));
                }
            }
        };
        for one in rules.of(sound).iter().filter(|rule| rule.second.is_none()) {
            rule(one.letters, one.cost, now);
        }
        for two in rules.of(state.last).iter().filter(|rule| rule.second == Some(sound)) {
            rule(two.letters, two.cost, before);
        }
        self.close(&mut row);
        let [_, now] = std::mem::take(&mut state.rows);
        state.rows = [now, row];
        state.last = sound;
    }
}

impl Automaton for &Spoken<'_> {
    type State = Option<SpokenState>;

    fn start(&self) -> Self::State {
        let mut row = vec![NEVER; self.letters.len() + 1];
        row[0] = 0;
        self.close(&mut row);
        let before = vec![NEVER; self.letters.len() + 1];
        Some(SpokenState { rows: [before, row], last: ' ', bytes: [0; 2], pending: 0 })
    }

    fn is_match(&self, state: &Self::State) -> bool {
        state.as_ref().is_some_and(|state| state.pending == 0 && state.rows[1][self.letters.len()] <= self.budget)
    }

    fn can_match(&self, state: &Self::State) -> bool {
        state.as_ref().is_some_and(|state| state.rows.iter().flatten().any(|&cost| cost <= self.budget))
    }

    fn accept(&self, state: &Self::State, byte: u8) -> Self::State {
        let mut next = state.clone()?;
        if next.pending < 2 {
            next.bytes[next.pending] = byte;
            next.pending += 1;
            // Hangul syllables take three bytes, the first of them EA to ED
            return (next.pending == 2 || (0xEA..=0xED).contains(&byte)).then_some(next);
        }
        let syllable = [next.bytes[0], next.bytes[1], byte];
        let syllable = std::str::from_utf8(&syllable).ok()?.chars().next()?;
        next.pending = 0;
        for sound in sounds_of(syllable)?.into_iter().flatten() {
            self.hear(&mut next, sound);
        }
        Some(next)
    }
}

/// Accepts Latin words that spell given sounds.
struct Spelled<'a> {
    sounds: &'a [Sound],
    budget: u16,
}

/// How far the letters read so far reach into the sounds.
#[derive(Clone)]
struct SpelledState {
    /// After each of the last letters, the latest last.
    rows: Vec<Row>,
    read: Vec<u8>,
}

impl<'a> Spelled<'a> {
    fn new(sounds: &'a [Sound], most: f32) -> Spelled<'a> {
        Spelled { sounds, budget: budget(sounds.len(), most) }
    }

    /// Sounds that have no letters.
    fn close(&self, row: &mut Row) {
        for (at, &sound) in self.sounds.iter().enumerate() {
            let through = row[at].saturating_add(hundredths(unwritten(sound)));
            row[at + 1] = row[at + 1].min(through);
        }
    }
}

impl Automaton for &Spelled<'_> {
    type State = Option<SpelledState>;

    fn start(&self) -> Self::State {
        let mut row = vec![NEVER; self.sounds.len() + 1];
        row[0] = 0;
        self.close(&mut row);
        Some(SpelledState { rows: vec![row], read: Vec::new() })
    }

    fn is_match(&self, state: &Self::State) -> bool {
        let last = state.as_ref().and_then(|state| state.rows.last()?.last());
        last.is_some_and(|&cost| cost <= self.budget)
    }

    fn can_match(&self, state: &Self::State) -> bool {
        state.as_ref().is_some_and(|state| state.rows.iter().flatten().any(|&cost| cost <= self.budget))
    }

    fn accept(&self, state: &Self::State, byte: u8) -> Self::State {
        let state = state.as_ref().filter(|_| byte.is_ascii_lowercase())?;
        let mut read = state.read.clone();
        read.push(byte);
        let rules = Rules::get();
        let last = state.rows.last()?;
        // an e at the end is free: which e is the last one is not known yet
        let unheard = hundredths(silent(byte, byte == b'e'));
        let mut row: Row = last.iter().map(|cost| cost.saturating_add(unheard).min(NEVER)).collect();
        for (at, &sound) in self.sounds.iter().enumerate() {
            for rule in rules.of(sound) {
                let length = rule.letters.len();
                let end = at + 1 + usize::from(rule.second.is_some());
                let holds = rule.second.is_none_or(|second| self.sounds.get(at + 1) == Some(&second));
                if length == 0 || length > state.rows.len() || !holds || !read.ends_with(rule.letters) {
                    continue;
                }
                let from = state.rows[state.rows.len() - length][at];
                row[end] = row[end].min(from.saturating_add(hundredths(rule.cost)));
            }
        }
        self.close(&mut row);
        let skip = (state.rows.len() + 1).saturating_sub(REACH);
        let mut rows: Vec<Row> = state.rows[skip.min(state.rows.len())..].to_vec();
        rows.push(row);
        let cut = read.len().saturating_sub(REACH);
        Some(SpelledState { rows, read: read.split_off(cut) })
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
