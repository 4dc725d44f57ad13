//! Analysis: text in, tokens out, the same for articles and for queries.
//!
//! One [`Analyzer`] serves both flows and is named, with its version and dictionary, in every index it writes. Analysis
//! knows nothing of the index. What a chunk of text gives depends on that chunk only, so each worker keeps the chunks it
//! has seen and their analysis is exact however often it is reused.

pub mod chunk;
pub mod cut;
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
pub mod words;

use std::sync::Arc;

use lindera::mode::Mode;
use lindera::segmenter::Segmenter;
use rustc_hash::FxHashMap;

use chunk::core_of;
use cut::Cut;
use dictionary::KoreanDictionary;
use eojeol::korean_run;
pub use eojeol::{MEANING, is_detached_particle};
use korean::Korean;
use latin::English;
use latin_word::{latin_group, latin_word};
use number::{Amount, Joiner};
pub use pieces::{Analysis, Piece};
use runs::{latin_group_len, needs_morphology, runs_of};
pub use token::{Evidence, Span, Token};
use words::closed::Closed;
use words::run::{Parts, run_with_entries};
use words::standing::standing;
use words::{UserWord, Words};

/// Raised whenever the same text would give other tokens: an index of another version must be made again.
pub const ANALYZER_VERSION: u32 = 5;

/// What a worker's cache may hold, in bytes.
const CACHE_BYTES: usize = 16 << 20;

/// The rules, the dictionary and the user's words; cheap to share, makes a [`Worker`] for each thread.
pub struct Analyzer {
    segmenter: Arc<Segmenter>,
    words: Option<Arc<Words>>,
    /// Of the rules and the dictionary alone.
    base: String,
    fingerprint: String,
}

impl Analyzer {
    pub fn new(dictionary: KoreanDictionary) -> Analyzer {
        let base = format!("v{ANALYZER_VERSION}-{}", dictionary.fingerprint());
        let segmenter = Arc::new(Segmenter::new(Mode::Normal, dictionary.into_inner(), None));
        Analyzer { segmenter, words: None, fingerprint: base.clone(), base }
    }

    /// The same rules and dictionary with these words of the user's, and no others.
    pub fn with_words(&self, words: Words) -> Analyzer {
        let (segmenter, base) = (self.segmenter.clone(), self.base.clone());
        if words.is_empty() {
            return Analyzer { segmenter, words: None, fingerprint: base.clone(), base };
        }
        let fingerprint = format!("{base}+{}", words.fingerprint());
        Analyzer { segmenter, words: Some(Arc::new(words)), base, fingerprint }
    }

    /// Names what this analyzer makes of a text: version, dictionary, and the user's words where there are any.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The user's words.
    pub fn words(&self) -> Vec<UserWord> {
        self.words.as_ref().map(|words| words.list()).unwrap_or_default()
    }

    pub fn worker(&self) -> Worker {
        Worker {
            korean: Korean::new(&self.segmenter),
            english: English::default(),
            words: self.words.clone(),
            parts: FxHashMap::default(),
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
    words: Option<Arc<Words>>,
    /// What entries are made of, by their numbers.
    parts: FxHashMap<u32, Arc<Parts>>,
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
        if let Some(words) = self.words.clone() {
            return self.with_words(core, &words, None);
        }
        analyse(core, &[], |_, _, _| {}, &mut self.korean, &self.english)
    }

    /// The user's words, where there are any.
    pub fn words(&self) -> Option<&Words> {
        self.words.as_deref()
    }

    /// The analysis of a core with the user's words but for entry `without`. Gaps inside of entries are closed up first, so
    /// that every spelling of an entry gives the same.
    fn with_words(&mut self, core: &str, words: &Words, without: Option<u32>) -> Analysis {
        let mut held = standing(core, words, without, &mut self.korean);
        if held.is_empty() {
            return analyse(core, &[], |_, _, _| {}, &mut self.korean, &self.english);
        }
        let closed = Closed::over(core, &held);
        for it in &mut held {
            Span { start: it.start, end: it.end } = closed.there(Span::new(it.start, it.end));
        }
        let made: Vec<_> = held.into_iter().map(|held| (held, self.parts_of(held.entry, words))).collect();
        let spans: Vec<Span> = made.iter().map(|(held, _)| Span::new(held.start, held.end)).collect();
        let with_entries = |run: Span, korean: &mut Korean, out: &mut Analysis| {
            let from = spans.partition_point(|span| span.start < run.start);
            let to = spans.partition_point(|span| span.start < run.end);
            run_with_entries(&closed.text, run, &made[from..to], words, korean, &self.english, out);
        };
        let mut analysis = analyse(&closed.text, &spans, with_entries, &mut self.korean, &self.english);
        analysis.open_up(|span| closed.back(span));
        analysis.whole = !closed.text.contains(char::is_whitespace);
        analysis
    }

    /// What an entry is made of: its tokens as if it stood alone, shorter entries among them.
    fn parts_of(&mut self, entry: u32, words: &Words) -> Arc<Parts> {
        if let Some(parts) = self.parts.get(&entry) {
            return parts.clone();
        }
        let (text, term) = (words.entry(entry).word.text(), &words.entry(entry).term);
        let inside = standing(text, words, Some(entry), &mut self.korean);
        let covered = |at: usize| inside.iter().any(|held| held.start < at && at < held.end);
        let mut parts = Parts::default();
        let (mut start, mut letters) = (0, 0);
        for (at, _) in text.match_indices(' ').filter(|(at, _)| !covered(*at)).chain([(text.len(), "")]) {
            let piece = &text[start..at];
            let analysis = self.with_words(piece, words, Some(entry));
            parts.add(piece, &analysis, letters, term);
            letters += piece.chars().filter(|&ch| ch != ' ').count();
            start = at + 1;
        }
        let parts = Arc::new(parts);
        self.parts.insert(entry, parts.clone());
        parts
    }

    /// All tokens of a text, in order of their chunks.
    pub fn tokens(&mut self, text: &str) -> Vec<Token> {
        let mut out = Vec::new();
        let mut position = 0u32;
        let mut joiner = Joiner::default();
        let mut cut = Cut::new(text);
        while let Some((chunk, _)) = cut.next(self) {
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

/// Analyses the core of a chunk (see [`chunk::core_of`]); `with_entries` adds what a run gives that holds some of `entries`.
fn analyse(
    core: &str,
    entries: &[Span],
    mut with_entries: impl FnMut(Span, &mut Korean, &mut Analysis),
    korean: &mut Korean,
    english: &English,
) -> Analysis {
    let mut out = Analysis::default();
    if entries.is_empty() && core.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        latin_word(core, 0, english, &mut out);
        out.amount = number::english(&core.to_ascii_lowercase());
        return out;
    }
    let holds = |run: &Span| entries.iter().any(|entry| run.start <= entry.start && entry.end <= run.end);
    let runs = runs_of(core);
    let mut at = 0;
    while at < runs.len() {
        let run = runs[at];
        let first = at;
        if holds(&run) {
            with_entries(run, korean, &mut out);
            at += 1;
            // ChatGPT's
            at += usize::from(is_possessive(core, &runs, at));
        } else if needs_morphology(run.of(core)) {
            korean_run(core, run, korean, english, &mut out);
            at += 1;
        } else {
            let group = at + latin_group_len(core, &runs[at..]);
            let group = runs[at..group].iter().position(holds).map_or(group, |len| at + len);
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

fn is_possessive(core: &str, runs: &[Span], at: usize) -> bool {
    let Some(run) = runs.get(at).filter(|_| at > 0) else { return false };
    matches!(&core[runs[at - 1].end..run.start], "'" | "’") && run.of(core).eq_ignore_ascii_case("s")
}
