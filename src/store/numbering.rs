//! The memory of chunks: what text between two white spaces gives, in the numbers of a vocabulary.
//!
//! News says the same words again and again. A chunk is analysed when it is first seen; from then on its tokens are numbers
//! that lie side by side. What a chunk gives depends on the chunk alone, so what is remembered is exact. The memory is
//! bounded: it has two halves, and when the newer one is full the older one is forgotten (what was used since is in the
//! newer one: Johnson and Shasha 1994).
//!
//! Looking up is waiting for memory. So all that is known of a chunk is one entry of bytes, and chunks are sought a few
//! together ([`Numbering::seek`]): reads that need not wait for one another take the time of one.

use xxhash_rust::xxh3::xxh3_64;

use super::invert::vocabulary::{TermId, Vocabulary};
pub use super::remembered::{Form, Kind, Tokens, Word};
use super::remembered::{Place, Remembered};
use crate::analyze::words::{PART, USER};
use crate::analyze::{Evidence, MEANING, Worker};

/// What both halves may take, in bytes.
const MEMORY: usize = 48 << 20;

/// How many chunks are sought together.
pub const TOGETHER: usize = 16;

/// The hash of the user's words: what they are made of is in the sketch, so copies are known whenever words were added.
pub const UNSKETCHED: u32 = 0;

#[derive(Debug)]
pub struct Numbering {
    half: usize,
    newer: Remembered,
    older: Remembered,
    /// How often a half was forgotten: places that were found before do not hold any more.
    turns: u32,
    forms: Vec<Form>,
    bigrams: Vec<TermId>,
    lookups: u64,
    hits: u64,
}

/// A chunk's core (see [`crate::analyze::chunk::core_of`]), and where its tokens are if they were known when it was sought.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sought<'t> {
    core: &'t str,
    hash: u32,
    place: Option<Place>,
    turns: u32,
}

impl Default for Numbering {
    fn default() -> Numbering {
        Numbering::with_memory(MEMORY)
    }
}

impl Numbering {
    /// Remembers about as much as `memory` bytes hold.
    pub fn with_memory(memory: usize) -> Numbering {
        Numbering {
            half: memory / 2,
            newer: Remembered::default(),
            older: Remembered::default(),
            turns: 0,
            forms: Vec::new(),
            bigrams: Vec::new(),
            lookups: 0,
            hits: 0,
        }
    }

    /// Forgets all numbers: the vocabulary is a new one.
    pub fn clear(&mut self) {
        self.newer.clear();
        self.older.clear();
        self.turns += 1;
    }

    /// Looks up to [`TOGETHER`] cores up; each is then asked for by [`Numbering::of`].
    pub fn seek<'t>(&self, cores: impl Iterator<Item = &'t str>) -> [Sought<'t>; TOGETHER] {
        let mut sought = [Sought::default(); TOGETHER];
        let mut many = 0;
        for (sought, core) in sought.iter_mut().zip(cores) {
            *sought = Sought { core, hash: xxh3_64(core.as_bytes()) as u32, place: None, turns: self.turns };
            many += 1;
        }
        let sought_for = &mut sought[..many];
        let mut places = [None; TOGETHER];
        for (place, sought) in places.iter_mut().zip(&*sought_for) {
            *place = self.newer.likely(sought.hash);
        }
        let mut read = [false; TOGETHER];
        for (read, place) in read.iter_mut().zip(places) {
            *read = place.is_some_and(|place| self.newer.is_there(place));
        }
        for ((sought, place), read) in sought_for.iter_mut().zip(places).zip(read) {
            sought.place = place.filter(|&place| read && self.newer.core(place) == sought.core.as_bytes());
        }
        sought
    }

    /// The tokens of a chunk's core.
    pub fn of(&mut self, sought: &Sought, worker: &mut Worker, vocabulary: &mut Vocabulary) -> Tokens<'_> {
        let Sought { core, hash, place, turns } = *sought;
        self.lookups += 1;
        let known = place.filter(|_| turns == self.turns).or_else(|| self.newer.find(core, hash));
        if let Some(place) = known {
            self.hits += 1;
            return self.newer.tokens(place);
        }
        if self.newer.weight() > self.half {
            std::mem::swap(&mut self.newer, &mut self.older);
            self.newer.clear();
            self.turns += 1;
        }
        if let Some(place) = self.older.find(core, hash) {
            self.hits += 1;
            let place = self.newer.copy(&self.older, place, hash);
            return self.newer.tokens(place);
        }
        let analysis = worker.analyse(core);
        self.forms.clear();
        self.bigrams.clear();
        let mut entry = self.newer.begin(core);
        for piece in &analysis.pieces {
            let text = analysis.term(piece).as_bytes();
            let term = vocabulary.id(text);
            match piece.evidence {
                Evidence::Bigram => self.bigrams.push(term),
                Evidence::Word => {
                    let hash = if piece.tag == USER { UNSKETCHED } else { xxh3_64(text) as u32 };
                    entry.word(Word { term, hash, position: piece.position });
                }
                Evidence::Exact => {
                    let kind = match piece.tag {
                        MEANING => Kind::Meaning,
                        PART => Kind::Part,
                        _ => Kind::Printed,
                    };
                    // a core is at most 240 bytes long
                    self.forms.push(Form { term, start: piece.span.0 as u8, end: piece.span.1 as u8, kind });
                }
            }
        }
        // a pair that is a word where it stands is listed as that word
        self.bigrams.retain(|&pair| !entry.has_word(pair));
        let place = entry.end(&self.forms, &self.bigrams, analysis.positions, analysis.amount, hash);
        self.newer.tokens(place)
    }

    /// Chunks looked up so far, and how many of them were remembered.
    pub fn memory_use(&self) -> (u64, u64) {
        (self.lookups, self.hits)
    }
}
