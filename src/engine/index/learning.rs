//! When and from what an archive learns the dictionary of its stored articles.
//!
//! The first articles of a run are the sample, the same for any number of threads: pieces are counted where files are
//! opened, and records are taken in the order in which they enter. They, and some that follow while the dictionary is made,
//! are packed with the common one; all others wait for it.

use std::sync::OnceLock;

use crate::store::dictionary::Dictionary;

/// Pieces that are learnt from.
const SAMPLED: usize = 2048;
/// Pieces behind them that are not kept waiting.
const MEANWHILE: usize = 1024;
/// The most bytes that are learnt from, and of one article.
const SAMPLE_BYTES: usize = 8 << 20;
const ARTICLE_BYTES: usize = 16 << 10;

/// What a batch is to the dictionary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// It is learnt from.
    Sample,
    /// The last of those.
    LastSample,
    /// It is packed with the common dictionary.
    Meanwhile,
    /// It is packed with what was learnt.
    Learnt,
}

/// Gives every batch its turn.
#[derive(Debug, Default)]
pub struct Turns {
    pieces: usize,
}

impl Turns {
    /// The turn of the next batch, which has this many pieces.
    pub fn next(&mut self, pieces: usize) -> Turn {
        let before = self.pieces;
        self.pieces += pieces;
        match before {
            ..SAMPLED if self.pieces >= SAMPLED => Turn::LastSample,
            ..SAMPLED => Turn::Sample,
            _ if before < SAMPLED + MEANWHILE => Turn::Meanwhile,
            _ => Turn::Learnt,
        }
    }
}

/// The records that are learnt from, in the order of their articles.
#[derive(Debug, Default)]
pub struct Samples {
    bytes: Vec<u8>,
    sizes: Vec<usize>,
}

impl Samples {
    pub fn add(&mut self, record: &[u8]) {
        let record = &record[..record.len().min(ARTICLE_BYTES)];
        if self.bytes.len() + record.len() <= SAMPLE_BYTES {
            self.bytes.extend_from_slice(record);
            self.sizes.push(record.len());
        }
    }

    pub fn append(&mut self, more: &Samples) {
        let mut rest = &more.bytes[..];
        for &size in &more.sizes {
            let (record, after) = rest.split_at(size);
            self.add(record);
            rest = after;
        }
    }
}

/// The dictionary of a run: known from the start, or learnt on the way.
#[derive(Debug, Default)]
pub struct Learning {
    dictionary: OnceLock<Option<Dictionary>>,
    known: bool,
}

impl Learning {
    /// `known` is the dictionary that the archive has.
    pub fn new(known: Option<Dictionary>) -> Learning {
        let is_known = known.is_some();
        let dictionary = if is_known { OnceLock::from(known) } else { OnceLock::new() };
        Learning { dictionary, known: is_known }
    }

    /// Learns from all samples; everyone who waits goes on.
    pub fn learn(&self, samples: &Samples) {
        self.dictionary.get_or_init(|| Dictionary::learn(&samples.bytes, &samples.sizes));
    }

    /// True where a batch of this turn is learnt from.
    pub fn samples(&self, turn: Turn) -> bool {
        !self.known && matches!(turn, Turn::Sample | Turn::LastSample)
    }

    /// The dictionary that a batch of this turn is packed with; waits for it where it is being learnt.
    pub fn of(&self, turn: Turn) -> Option<&Dictionary> {
        if self.known || turn == Turn::Learnt { self.dictionary.wait().as_ref() } else { None }
    }

    /// What was learnt, if the archive had none.
    pub fn learnt(self) -> Option<Dictionary> {
        if self.known { None } else { self.dictionary.into_inner().flatten() }
    }
}
