//! What is remembered of chunks, in bytes: an entry for each, one behind the other, and a table of their places.
//!
//! An entry is the length of the core, the positions it takes, the numbers of its words, forms and bigrams, whether it has an
//! amount; then the core, the words, the forms, the bigrams, and the number of its amount.

use super::invert::vocabulary::TermId;
use crate::analyze::chunk::MAX_CHUNK;
use crate::analyze::number::Amount;

/// A word without its letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    pub term: TermId,
    /// Of the term, for the sketch of an article; [`super::numbering::UNSKETCHED`] for one that is in no sketch.
    pub hash: u32,
    /// From the first position of the chunk on.
    pub position: u8,
}

/// A printed form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    pub term: TermId,
    /// Bytes of the core.
    pub start: u8,
    pub end: u8,
    pub kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    Printed = 0,
    /// What a hanja sign means.
    Meaning = 1,
    /// What a word of the user's is made of.
    Part = 2,
}

/// The tokens of a chunk.
#[derive(Debug, Clone, Copy)]
pub struct Tokens<'n> {
    words: &'n [u8],
    forms: &'n [u8],
    bigrams: &'n [u8],
    /// How many positions the chunk takes.
    pub positions: u8,
    /// What it gives to an amount or a date.
    pub amount: Option<Amount>,
}

const HEAD: usize = 9;
const WORD: usize = 9;
const FORM: usize = 7;
const BIGRAM: usize = 4;

/// Where the entry of a chunk begins.
pub type Place = u32;

#[derive(Debug, Default)]
pub struct Remembered {
    bytes: Vec<u8>,
    amounts: Vec<Amount>,
    /// For each entry the hash of its core, and one more than its place; 0 where there is none. An entry stands where its
    /// hash says, or behind that where others stand already.
    slots: Vec<u64>,
    many: usize,
}

const FEWEST_SLOTS: usize = 64;

fn four(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|four| four.try_into().ok()).map_or(0, u32::from_le_bytes)
}

fn two(bytes: &[u8], at: usize) -> usize {
    usize::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]))
}

impl<'n> Tokens<'n> {
    pub fn words(self) -> impl Iterator<Item = Word> + 'n {
        let words = self.words.as_chunks::<WORD>().0.iter();
        words.map(|word| Word { term: four(word, 0), hash: four(word, 4), position: word[8] })
    }

    pub fn forms(self) -> impl Iterator<Item = Form> + 'n {
        self.forms.as_chunks::<FORM>().0.iter().map(|form| {
            let kind = match form[6] {
                0 => Kind::Printed,
                1 => Kind::Meaning,
                _ => Kind::Part,
            };
            Form { term: four(form, 0), start: form[4], end: form[5], kind }
        })
    }

    pub fn bigrams(self) -> impl Iterator<Item = TermId> + 'n {
        self.bigrams.as_chunks::<BIGRAM>().0.iter().map(|&term| u32::from_le_bytes(term))
    }
}

impl Remembered {
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.amounts.clear();
        self.slots.fill(0);
        self.many = 0;
    }

    /// Bytes in use.
    pub fn weight(&self) -> usize {
        self.bytes.len() + 8 * self.slots.len() + size_of::<Amount>() * self.amounts.len()
    }

    /// The place of the first entry that may have `hash`, without looking further.
    pub fn likely(&self, hash: u32) -> Option<Place> {
        let slot = *self.slots.get(hash as usize & self.slots.len().wrapping_sub(1))?;
        ((slot >> 32) as u32 == hash && slot as u32 > 0).then(|| slot as u32 - 1)
    }

    /// Reads where an entry begins.
    pub fn is_there(&self, place: Place) -> bool {
        self.bytes[place as usize] != u8::MAX
    }

    pub fn find(&self, core: &str, hash: u32) -> Option<Place> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut at = hash as usize & mask;
        loop {
            let slot = self.slots[at];
            if slot == 0 {
                return None;
            }
            if (slot >> 32) as u32 == hash && self.core(slot as u32 - 1) == core.as_bytes() {
                return Some(slot as u32 - 1);
            }
            at = (at + 1) & mask;
        }
    }

    pub fn core(&self, place: Place) -> &[u8] {
        let from = place as usize + HEAD;
        &self.bytes[from..from + usize::from(self.bytes[place as usize])]
    }

    pub fn tokens(&self, place: Place) -> Tokens<'_> {
        let (positions, rest, amount) = self.parts(place);
        let [words, forms, bigrams] = rest;
        let amount = amount.map(|at| self.amounts[four(&self.bytes, at) as usize]);
        let slice = |(from, to): (usize, usize)| &self.bytes[from..to];
        Tokens { words: slice(words), forms: slice(forms), bigrams: slice(bigrams), positions, amount }
    }

    /// The positions of an entry, where its words, forms and bigrams are, and where the number of its amount is.
    fn parts(&self, place: Place) -> (u8, [(usize, usize); 3], Option<usize>) {
        let place = place as usize;
        let head = &self.bytes[place..place + HEAD];
        let words = place + HEAD + usize::from(head[0]);
        let forms = words + WORD * two(head, 2);
        let bigrams = forms + FORM * two(head, 4);
        let end = bigrams + BIGRAM * two(head, 6);
        (head[1], [(words, forms), (forms, bigrams), (bigrams, end)], (head[8] == 1).then_some(end))
    }

    /// Begins the entry of a core, which is no longer than a chunk.
    pub fn begin(&mut self, core: &str) -> NewEntry<'_> {
        const { assert!(MAX_CHUNK < u8::MAX as usize) };
        debug_assert!(core.len() <= MAX_CHUNK);
        let place = self.bytes.len();
        self.bytes.extend_from_slice(&[0; HEAD]);
        self.bytes[place] = core.len() as u8;
        self.bytes.extend_from_slice(core.as_bytes());
        NewEntry { remembered: self, place, words: 0 }
    }

    /// Adds the entry at `place` of another half, where the core with this hash is not known.
    pub fn copy(&mut self, from: &Remembered, place: Place, hash: u32) -> Place {
        let (_, [.., (_, end)], amount) = from.parts(place);
        let to = self.bytes.len();
        self.bytes.extend_from_slice(&from.bytes[place as usize..end]);
        if let Some(at) = amount {
            self.amount(from.amounts[four(&from.bytes, at) as usize]);
        }
        self.insert(to as Place, hash);
        to as Place
    }

    fn amount(&mut self, amount: Amount) {
        let number = self.amounts.len() as u32;
        self.bytes.extend_from_slice(&number.to_le_bytes());
        self.amounts.push(amount);
    }

    fn insert(&mut self, place: Place, hash: u32) {
        if 3 * self.many >= 2 * self.slots.len() {
            let more = vec![0; (2 * self.slots.len()).max(FEWEST_SLOTS)];
            for slot in std::mem::replace(&mut self.slots, more).into_iter().filter(|&slot| slot > 0) {
                self.put(slot);
            }
        }
        self.put(u64::from(hash) << 32 | u64::from(place + 1));
        self.many += 1;
    }

    fn put(&mut self, slot: u64) {
        let mask = self.slots.len() - 1;
        let mut at = (slot >> 32) as usize & mask;
        while self.slots[at] > 0 {
            at = (at + 1) & mask;
        }
        self.slots[at] = slot;
    }
}

/// An entry that is being written.
pub struct NewEntry<'e> {
    remembered: &'e mut Remembered,
    place: usize,
    words: u16,
}

impl NewEntry<'_> {
    pub fn word(&mut self, word: Word) {
        let bytes = &mut self.remembered.bytes;
        bytes.extend_from_slice(&word.term.to_le_bytes());
        bytes.extend_from_slice(&word.hash.to_le_bytes());
        bytes.push(word.position);
        self.words += 1;
    }

    pub fn has_word(&self, term: TermId) -> bool {
        let words = self.remembered.bytes.len() - WORD * usize::from(self.words);
        self.remembered.bytes[words..].as_chunks::<WORD>().0.iter().any(|word| four(word, 0) == term)
    }

    /// Adds what comes behind the words; the core has `hash`.
    pub fn end(self, forms: &[Form], bigrams: &[TermId], positions: u8, amount: Option<Amount>, hash: u32) -> Place {
        let NewEntry { remembered, place, words } = self;
        for form in forms {
            remembered.bytes.extend_from_slice(&form.term.to_le_bytes());
            remembered.bytes.extend_from_slice(&[form.start, form.end, form.kind as u8]);
        }
        bigrams.iter().for_each(|term| remembered.bytes.extend_from_slice(&term.to_le_bytes()));
        if let Some(amount) = amount {
            remembered.amount(amount);
        }
        let head = &mut remembered.bytes[place..place + HEAD];
        head[1] = positions;
        head[2..4].copy_from_slice(&words.to_le_bytes());
        head[4..6].copy_from_slice(&(forms.len() as u16).to_le_bytes());
        head[6..8].copy_from_slice(&(bigrams.len() as u16).to_le_bytes());
        head[8] = u8::from(amount.is_some());
        remembered.insert(place as Place, hash);
        place as Place
    }
}
