//! What the analysis of one chunk is made of, packed small because it is kept.

use super::number::Amount;
use super::token::{Evidence, Span};

/// One token of a chunk; the span counts from the start of the chunk's core.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    term: (u16, u16),
    pub span: (u16, u16),
    pub position: u8,
    pub evidence: Evidence,
    pub tag: &'static str,
}

/// The tokens of one chunk.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Analysis {
    text: String,
    pub pieces: Vec<Piece>,
    /// How many positions the chunk takes.
    pub positions: u8,
    /// What the chunk gives to an amount or a date that goes on in the next chunk.
    pub amount: Option<Amount>,
    /// Words of the user's cover all white space inside of it: it is one chunk.
    pub whole: bool,
}

impl Analysis {
    pub fn term(&self, piece: &Piece) -> &str {
        &self.text[piece.term.0 as usize..piece.term.1 as usize]
    }

    /// Bytes this analysis keeps in memory, for bounding a cache.
    pub fn weight(&self) -> usize {
        self.text.capacity() + self.pieces.capacity() * size_of::<Piece>() + size_of::<Analysis>()
    }

    /// Moves the spans of all tokens: where a text was closed up, `back` gives the places of a span in the text as it was.
    pub(super) fn open_up(&mut self, back: impl Fn(Span) -> Span) {
        for piece in &mut self.pieces {
            let span = back(Span::new(usize::from(piece.span.0), usize::from(piece.span.1)));
            piece.span = (span.start as u16, span.end as u16);
        }
    }

    /// A token beside the words, at `position`.
    pub(super) fn push(&mut self, evidence: Evidence, term: &str, span: Span, tag: &'static str, position: u8) {
        let start = self.text.len();
        // a chunk is at most 240 bytes long; only a pathological dictionary entry could overflow
        if term.is_empty() || start + term.len() > usize::from(u16::MAX) {
            return;
        }
        self.text.push_str(term);
        let term = (start as u16, self.text.len() as u16);
        self.pieces.push(Piece { term, span: (span.start as u16, span.end as u16), position, evidence, tag });
    }

    /// A content word at a position of its own; returns that position for what stands beside it.
    pub(super) fn word(&mut self, term: &str, span: Span, tag: &'static str) -> u8 {
        let position = self.positions;
        self.push(Evidence::Word, term, span, tag, position);
        self.positions = self.positions.saturating_add(1);
        position
    }
}
