//! The memory of chunks: what text between two white spaces gives, in the numbers of a vocabulary.
//!
//! News says the same words again and again. A chunk is analysed when it is first seen; from then on its tokens are numbers
//! that lie side by side. What a chunk gives depends on the chunk alone, so what is remembered is exact. The memory is
//! bounded: it has two halves, and when the newer one is full the older one is forgotten (what was used since is in the
//! newer one: Johnson and Shasha 1994).

use hashbrown::HashTable;
use xxhash_rust::xxh3::xxh3_64;

use super::invert::vocabulary::{TermId, Vocabulary};
use crate::analyze::number::Amount;
use crate::analyze::words::USER;
use crate::analyze::{Evidence, Worker};

/// What both halves may take, in bytes.
const MEMORY: usize = 48 << 20;

/// The hash of the user's words: what they are made of is in the sketch, so copies are known whenever words were added.
pub const UNSKETCHED: u32 = 0;

/// A word or printed form without its letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Numbered {
    pub term: TermId,
    /// Of the term, for the sketch of an article; [`UNSKETCHED`] for one that is in no sketch.
    pub hash: u32,
    /// From the first position of the chunk on.
    pub position: u8,
    /// True for a word, which has a position; else it is a printed form.
    pub word: bool,
}

/// The tokens of a chunk.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tokens<'n> {
    pub words: &'n [Numbered],
    pub bigrams: &'n [TermId],
    /// How many positions the chunk takes.
    pub positions: u8,
    /// What it gives to an amount or a date.
    pub amount: Option<Amount>,
}

#[derive(Debug)]
pub struct Numbering {
    half: usize,
    newer: Half,
    older: Half,
    lookups: u64,
    hits: u64,
}

#[derive(Debug, Default)]
struct Half {
    /// The first half of the hash and the place of each chunk.
    places: HashTable<(u32, u32)>,
    known: Vec<Known>,
    chunks: String,
    words: Vec<Numbered>,
    bigrams: Vec<TermId>,
    amounts: Vec<Amount>,
}

/// Where the parts of a chunk's tokens end; they begin where those of the chunk before end.
#[derive(Debug, Clone, Copy, Default)]
struct Known {
    chunk: u32,
    words: u32,
    bigrams: u32,
    amounts: u32,
    positions: u8,
}

impl Default for Numbering {
    fn default() -> Numbering {
        Numbering::with_memory(MEMORY)
    }
}

impl Numbering {
    /// Remembers about as much as `memory` bytes hold.
    pub fn with_memory(memory: usize) -> Numbering {
        Numbering { half: memory / 2, newer: Half::default(), older: Half::default(), lookups: 0, hits: 0 }
    }

    /// Forgets all numbers: the vocabulary is a new one.
    pub fn clear(&mut self) {
        self.newer = Half::default();
        self.older = Half::default();
    }

    /// The tokens of a chunk's core (see [`crate::analyze::chunk::core_of`]).
    pub fn of(&mut self, core: &str, worker: &mut Worker, vocabulary: &mut Vocabulary) -> Tokens<'_> {
        self.lookups += 1;
        let hash = xxh3_64(core.as_bytes());
        if let Some(place) = self.newer.find(core, hash) {
            self.hits += 1;
            return self.newer.tokens(place);
        }
        if self.newer.weight() > self.half {
            self.older = std::mem::take(&mut self.newer);
        }
        if let Some(place) = self.older.find(core, hash) {
            self.hits += 1;
            let Tokens { words, bigrams, positions, amount } = self.older.tokens(place);
            self.newer.words.extend_from_slice(words);
            self.newer.bigrams.extend_from_slice(bigrams);
            return self.newer.close(core, hash, positions, amount);
        }
        let analysis = worker.analyse(core);
        let (words, bigrams) = (self.newer.words.len(), self.newer.bigrams.len());
        for piece in &analysis.pieces {
            let term = analysis.term(piece).as_bytes();
            let id = vocabulary.id(term);
            if piece.evidence == Evidence::Bigram {
                self.newer.bigrams.push(id);
            } else {
                let word = piece.evidence == Evidence::Word;
                let hash = if piece.tag == USER { UNSKETCHED } else { xxh3_64(term) as u32 };
                self.newer.words.push(Numbered { term: id, hash, position: piece.position, word });
            }
        }
        self.newer.keep_telling(words, bigrams);
        self.newer.close(core, hash, analysis.positions, analysis.amount)
    }

    /// Chunks looked up so far, and how many of them were remembered.
    pub fn memory_use(&self) -> (u64, u64) {
        (self.lookups, self.hits)
    }
}

impl Half {
    fn find(&self, chunk: &str, hash: u64) -> Option<u32> {
        let same = |&(half, place): &(u32, u32)| half == (hash >> 32) as u32 && self.chunk(place) == chunk;
        self.places.find(hash, same).map(|&(_, place)| place)
    }

    fn before(&self, place: u32) -> Known {
        if place == 0 { Known::default() } else { self.known[place as usize - 1] }
    }

    fn chunk(&self, place: u32) -> &str {
        &self.chunks[self.before(place).chunk as usize..self.known[place as usize].chunk as usize]
    }

    fn tokens(&self, place: u32) -> Tokens<'_> {
        let (from, to) = (self.before(place), self.known[place as usize]);
        Tokens {
            words: &self.words[from.words as usize..to.words as usize],
            bigrams: &self.bigrams[from.bigrams as usize..to.bigrams as usize],
            positions: to.positions,
            amount: self.amounts[from.amounts as usize..to.amounts as usize].first().copied(),
        }
    }

    /// Of the pairs of the last chunk, whose words and bigrams begin there, keeps those that are no word of it themselves.
    fn keep_telling(&mut self, words: usize, bigrams: usize) {
        let Half { words: all, bigrams: pairs, .. } = self;
        let is_word = |pair: TermId| all[words..].iter().any(|word| word.word && word.term == pair);
        let mut kept = bigrams;
        for at in bigrams..pairs.len() {
            if !is_word(pairs[at]) {
                pairs[kept] = pairs[at];
                kept += 1;
            }
        }
        pairs.truncate(kept);
    }

    /// Adds a chunk whose words and bigrams have been added.
    fn close(&mut self, chunk: &str, hash: u64, positions: u8, amount: Option<Amount>) -> Tokens<'_> {
        self.chunks.push_str(chunk);
        self.amounts.extend(amount);
        let place = self.known.len() as u32;
        self.known.push(Known {
            chunk: self.chunks.len() as u32,
            words: self.words.len() as u32,
            bigrams: self.bigrams.len() as u32,
            amounts: self.amounts.len() as u32,
            positions,
        });
        let Half { places, .. } = self;
        // a table that grows asks for hashes again: the chunks are still there
        let (known, chunks) = (&self.known, &self.chunks);
        places.insert_unique(hash, ((hash >> 32) as u32, place), |&(_, place)| {
            let from = if place == 0 { 0 } else { known[place as usize - 1].chunk as usize };
            xxh3_64(&chunks.as_bytes()[from..known[place as usize].chunk as usize])
        });
        self.tokens(place)
    }

    fn weight(&self) -> usize {
        self.chunks.len()
            + self.known.len() * (size_of::<Known>() + 9)
            + self.words.len() * size_of::<Numbered>()
            + self.bigrams.len() * size_of::<TermId>()
            + self.amounts.len() * size_of::<Amount>()
    }
}
