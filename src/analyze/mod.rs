//! Analysis: text in, tokens out, the same for articles and for queries.
//!
//! One [`Analyzer`] serves both flows and is named, with its version and dictionary, in every index it writes. Analysis
//! knows nothing of the index. What a chunk of text gives depends on that chunk only, so each worker keeps the chunks it
//! has seen and their analysis is exact however often it is reused.

pub mod chunk;
pub mod dictionary;
mod eojeol;
pub mod hanja;
pub mod jamo;
pub mod keyboard;
mod korean;
pub mod latin;
mod latin_word;
mod nations;
pub mod number;
mod pieces;
mod runs;
pub mod script;
pub mod token;
mod unit;

use lindera::mode::Mode;
use lindera::segmenter::Segmenter;
use rustc_hash::FxHashMap;

use chunk::{chunks, core_of};
use dictionary::KoreanDictionary;
pub use eojeol::MEANING;
use eojeol::korean_run;
use korean::Korean;
use latin::English;
use latin_word::{latin_group, latin_word};
use number::{Amount, Joiner};
pub use pieces::Analysis;
use runs::{latin_group_len, needs_morphology, runs_of};
pub use token::{Evidence, Span, Token};

/// Raised whenever the same text would give other tokens: an index of another version must be made again.
pub const ANALYZER_VERSION: u32 = 4;

/// What a worker's cache may hold, in bytes.
const CACHE_BYTES: usize = 16 << 20;

/// The rules and the dictionary; cheap to share, makes a [`Worker`] for each thread.
pub struct Analyzer {
    segmenter: Segmenter,
    fingerprint: String,
}

impl Analyzer {
    pub fn new(dictionary: KoreanDictionary) -> Analyzer {
        let fingerprint = format!("v{ANALYZER_VERSION}-{}", dictionary.fingerprint());
        Analyzer { segmenter: Segmenter::new(Mode::Normal, dictionary.into_inner(), None), fingerprint }
    }

    /// Names what this analyzer makes of a text: version and dictionary.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    pub fn worker(&self) -> Worker {
        Worker {
            korean: Korean::new(&self.segmenter),
            english: English::default(),
            known: FxHashMap::default(),
            kept: Vec::new(),
            kept_bytes: 0,
        }
    }
}

/// Analyses chunks on one thread, and remembers them.
pub struct Worker {
    korean: Korean,
    english: English,
    known: FxHashMap<Box<str>, u32>,
    kept: Vec<Analysis>,
    kept_bytes: usize,
}

impl Worker {
    /// The analysis of one chunk, and where its core starts inside the chunk.
    pub fn chunk(&mut self, chunk: &str) -> (usize, &Analysis) {
        let core = core_of(chunk);
        let text = core.of(chunk);
        if let Some(&at) = self.known.get(text) {
            return (core.start, &self.kept[at as usize]);
        }
        if self.kept_bytes > CACHE_BYTES {
            self.known.clear();
            self.kept.clear();
            self.kept_bytes = 0;
        }
        let analysis = self.analyse(text);
        self.kept_bytes += analysis.weight() + text.len() + 48;
        let at = self.kept.len();
        self.known.insert(text.into(), at as u32);
        self.kept.push(analysis);
        (core.start, &self.kept[at])
    }

    /// The analysis of a chunk's core (see [`chunk::core_of`]); nothing is remembered.
    pub fn analyse(&mut self, core: &str) -> Analysis {
        analyse(core, &mut self.korean, &self.english)
    }

    /// All tokens of a text, in order of their chunks.
    pub fn tokens(&mut self, text: &str) -> Vec<Token> {
        let mut out = Vec::new();
        let mut position = 0u32;
        let mut joiner = Joiner::default();
        for chunk in chunks(text) {
            let (offset, analysis) = self.chunk(chunk.of(text));
            let from = chunk.start + offset;
            if let Some(value) = joiner.next(analysis.amount) {
                let span = core_of(chunk.of(text)).shifted(chunk.start);
                out.push(Token { term: value, span, position, evidence: Evidence::Word, tag: "SN" });
            }
            for piece in &analysis.pieces {
                out.push(Token {
                    term: analysis.term(piece).to_owned(),
                    span: Span::new(from + usize::from(piece.span.0), from + usize::from(piece.span.1)),
                    position: position + u32::from(piece.position),
                    evidence: piece.evidence,
                    tag: piece.tag,
                });
            }
            position += u32::from(analysis.positions);
        }
        out
    }
}

/// The signs that touch the numbers of a word: `%` behind it, `$` before it, which is read behind it.
fn signs(core: &str, first: Span, last: Span, out: &mut Analysis) {
    let is_digit = |ch: Option<char>| ch.is_some_and(|ch| ch.is_ascii_digit());
    if let Some((term, len)) =
        unit::sign_before(&core[..first.start]).filter(|_| is_digit(first.of(core).chars().next()))
    {
        out.word(term, Span::new(first.start - len, first.start), "SN");
    }
    if let Some((term, len)) =
        unit::sign_after(&core[last.end..]).filter(|_| is_digit(last.of(core).chars().next_back()))
    {
        out.word(term, Span::new(last.end, last.end + len), "SN");
    }
}

/// Analyses the core of a chunk (see [`chunk::core_of`]).
fn analyse(core: &str, korean: &mut Korean, english: &English) -> Analysis {
    let mut out = Analysis::default();
    if core.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        latin_word(core, 0, english, &mut out);
        out.amount = number::english(&core.to_ascii_lowercase());
        return out;
    }
    let runs = runs_of(core);
    let mut at = 0;
    while at < runs.len() {
        let run = runs[at];
        let first = at;
        if needs_morphology(run.of(core)) {
            korean_run(core, run, korean, english, &mut out);
            at += 1;
        } else {
            let group = at + latin_group_len(core, &runs[at..]);
            latin_group(core, &runs[at..group], english, &mut out);
            if runs.len() == 1 {
                out.amount = number::number(run.of(core))
                    .filter(|number| number.len == run.end - run.start)
                    .map(|n| Amount::Plain(n.value));
            }
            at = group;
        }
        signs(core, runs[first], runs[at - 1], &mut out);
    }
    // what names a whole group stands at its first word, and was found after the last
    out.pieces.sort_by_key(|piece| piece.position);
    out
}
