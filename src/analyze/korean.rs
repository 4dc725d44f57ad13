//! Korean morphology: one run of letters goes through lindera and comes out as content morphemes.
//!
//! Particles and endings go, stems come back as lemmas (`했` is `하다`), compounds give their parts, hanja gives itself and
//! its reading. A run is analysed between two spaces, so its analysis depends on nothing around it: what is cached is
//! exact, and a query word is split as the article's word was.

use std::sync::Arc;

use lindera::segmenter::Segmenter;
use lindera::worker::SegmentWorker;
use rustc_hash::FxHashMap;

use super::hanja;
use super::script::{Script, is_syllable, script_of};
use super::words::USER;

/// A morpheme of a run, as the dictionary says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Morpheme {
    /// Bytes in the run.
    pub start: usize,
    pub end: usize,
    /// The lemma where it differs from the surface (verbs), or the reading (hanja).
    pub lemma: Option<Arc<str>>,
    pub tag: &'static str,
    /// False for a part of an inflected form whose own letters cannot be told apart.
    pub own_span: bool,
}

/// ko-dic's tags, and ours for what it does not know.
const TAGS: &[&str] = &[
    "EC", "EF", "EP", "ETM", "ETN", "IC", "JC", "JKB", "JKC", "JKG", "JKO", "JKQ", "JKS", "JKV", "JX", "MAG", "MAJ",
    "MM", "NNB", "NNBC", "NNG", "NNP", "NP", "NR", "SC", "SE", "SF", "SH", "SL", "SN", "SP", "SSC", "SSO", "SY", "UNA",
    "UNKNOWN", "VA", "VCN", "VCP", "VSV", "VV", "VX", "XPN", "XR", "XSA", "XSN", "XSV",
];

fn tag_named(name: &str) -> &'static str {
    TAGS.binary_search(&name).map_or("UNKNOWN", |at| TAGS[at])
}

/// True for verbs and adjectives, whose lemma ends in 다.
pub fn is_verbal(tag: &str) -> bool {
    matches!(tag, "VV" | "VA" | "VCN" | "VX")
}

/// True for what makes a noun phrase of one run: its joined surface is the word as a reader would quote it.
pub fn is_nominal(tag: &str) -> bool {
    matches!(
        tag,
        "NNG" | "NNP" | "NNB" | "NNBC" | "NR" | "NP" | "XR" | "XPN" | "XSN" | "SL" | "SH" | "SN" | "UNKNOWN" | USER
    )
}

/// Splits runs into morphemes; one per thread.
pub struct Korean {
    worker: SegmentWorker,
    padded: String,
    /// Entries of the dictionary as morphemes, from the start of the word on, by their numbers.
    entries: FxHashMap<u32, Box<[Morpheme]>>,
}

/// The most entries that are kept in parts.
const ENTRIES: usize = 1 << 16;

impl Korean {
    pub fn new(segmenter: &Segmenter) -> Korean {
        Korean { worker: segmenter.new_worker(), padded: String::new(), entries: FxHashMap::default() }
    }

    /// The morphemes of `run`, particles and endings included, compounds in parts.
    ///
    /// Where the run ends in a particle that could not follow its noun (`우크라`+`이나`: after a vowel it would be `나`), the
    /// noun has been cut, and the run is read again as one noun before `에서`.
    pub fn morphemes(&mut self, run: &str) -> Vec<Morpheme> {
        let found = self.segmented(run);
        if !ends_in_impossible_particle(run, &found) {
            return found;
        }
        let longer = format!("{run}에서");
        let mut whole = self.segmented(&longer);
        whole.retain(|morpheme| morpheme.start < run.len());
        let as_noun = whole.iter().all(|morpheme| is_nominal(morpheme.tag) && morpheme.end <= run.len());
        if as_noun {
            whole
        } else {
            vec![Morpheme { start: 0, end: run.len(), lemma: None, tag: "UNKNOWN", own_span: true }]
        }
    }

    fn segmented(&mut self, run: &str) -> Vec<Morpheme> {
        self.padded.clear();
        self.padded.push(' ');
        self.padded.push_str(run);
        self.padded.push(' ');
        let Ok(tokens) = self.worker.segment(&self.padded) else {
            return vec![Morpheme { start: 0, end: run.len(), lemma: None, tag: "UNKNOWN", own_span: true }];
        };
        let mut out = Vec::with_capacity(tokens.len() + 2);
        for mut token in tokens {
            // the padding is one byte
            let (start, end) = (token.byte_start.max(1) - 1, (token.byte_end - 1).min(run.len()));
            if start >= end {
                continue;
            }
            let surface = &run[start..end];
            if !token.word_id.is_system() || surface.len() != token.byte_end - token.byte_start {
                let unknown = token.word_id.is_unknown();
                let details: Vec<&str> = token.details_iter().collect();
                push_entry(surface, start, &details, unknown, &mut out);
                continue;
            }
            if self.entries.len() >= ENTRIES {
                self.entries.clear();
            }
            let parts = self.entries.entry(token.word_id.id()).or_insert_with(|| {
                let details: Vec<&str> = token.details_iter().collect();
                let mut parts = Vec::new();
                push_entry(surface, 0, &details, false, &mut parts);
                parts.into()
            });
            out.extend(parts.iter().map(|part| Morpheme {
                start: part.start + start,
                end: part.end + start,
                ..part.clone()
            }));
        }
        out
    }
}

/// True where the last morpheme is a particle of the other form than the syllable before it asks for.
fn ends_in_impossible_particle(run: &str, morphemes: &[Morpheme]) -> bool {
    const AFTER_CONSONANT: &[&str] = &["이", "은", "을", "과", "이나", "이란", "이라", "으로", "이랑"];
    const AFTER_VOWEL: &[&str] = &["가", "는", "를", "와", "나", "란", "라", "랑"];
    let [.., noun, particle] = morphemes else { return false };
    if !particle.tag.starts_with('J') || !particle.own_span || !is_nominal(noun.tag) || noun.end != particle.start {
        return false;
    }
    let Some(last) = run[..noun.end].chars().next_back().filter(|&ch| is_syllable(ch)) else { return false };
    let closed = !(last as u32 - '가' as u32).is_multiple_of(28);
    let form = &run[particle.start..particle.end];
    if closed { AFTER_VOWEL.contains(&form) } else { AFTER_CONSONANT.contains(&form) }
}

/// Turns one dictionary entry into morphemes. Fields of ko-dic: tag, meaning, final consonant, reading, type, first tag,
/// last tag, expression.
fn push_entry(surface: &str, start: usize, details: &[&str], unknown: bool, out: &mut Vec<Morpheme>) {
    let field = |at: usize| details.get(at).copied().unwrap_or("*");
    let end = start + surface.len();
    let whole = |tag| Morpheme { start, end, lemma: None, tag, own_span: true };
    if unknown {
        let tag = tag_named(field(0));
        let tag = if tag == "UNA" { "UNKNOWN" } else { tag };
        // the dictionary lacks signs that it knows in another form only (李, 金)
        let lemma = surface.chars().map(hanja::reading).collect::<Option<String>>().map(Arc::from);
        out.push(Morpheme { lemma, ..whole(tag) });
        return;
    }
    match field(4) {
        "Compound" | "Preanalysis" => {
            let parts: Vec<(&str, &str)> = expression(field(7)).collect();
            if parts.len() > 1 && parts.iter().map(|(text, _)| text.len()).sum::<usize>() == surface.len() {
                let mut at = start;
                for (text, tag) in parts {
                    out.push(Morpheme {
                        start: at,
                        end: at + text.len(),
                        lemma: None,
                        tag: tag_named(tag),
                        own_span: true,
                    });
                    at += text.len();
                }
                return;
            }
            out.push(whole(tag_named(field(5).split('+').next().unwrap_or(field(0)))));
        }
        "Inflect" => {
            for (text, tag) in expression(field(7)) {
                let lemma = Some(Arc::from(text));
                out.push(Morpheme { start, end, lemma, tag: tag_named(tag), own_span: false });
            }
        }
        _ => {
            let tag = tag_named(field(0).split('+').next().unwrap_or("UNKNOWN"));
            let reading = field(3);
            let hanja = surface.chars().all(|ch| script_of(ch) == Script::Hanja);
            if hanja {
                let mut signs = surface.chars();
                let of_sign = signs.next().filter(|_| signs.next().is_none()).and_then(hanja::reading);
                let lemma = match reading {
                    "*" => of_sign.map(Arc::from),
                    reading => (reading != surface).then(|| Arc::from(reading)),
                };
                out.push(Morpheme { start, end, lemma, tag: "SH", own_span: true });
            } else {
                out.push(whole(tag));
            }
        }
    }
}

/// The parts of an expression such as `삼성/NNG/*+전자/NNG/*`, as (text, tag).
fn expression(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split('+').filter_map(|part| {
        let mut fields = part.split('/');
        // homonyms are numbered in a few entries: 정진7
        let form = fields.next()?;
        let plain = form.trim_end_matches(|ch: char| ch.is_ascii_digit());
        Some((if plain.is_empty() { form } else { plain }, fields.next()?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_sorted_for_the_search() {
        assert!(TAGS.is_sorted());
    }

    #[test]
    fn expressions_give_parts() {
        let rows: &[(&str, &[(&str, &str)])] = &[
            ("삼성/NNG/*+전자/NNG/*", &[("삼성", "NNG"), ("전자", "NNG")]),
            ("하/VV/*+았/EP/*", &[("하", "VV"), ("았", "EP")]),
            ("정진7/NNG/*", &[("정진", "NNG")]),
            ("*", &[]),
        ];
        for (text, parts) in rows {
            assert_eq!(&expression(text).collect::<Vec<_>>(), parts);
        }
    }
}
