//! The rules that turn one chunk of text into tokens.
//!
//! A chunk is cut into runs at punctuation. A run with Hangul or hanja goes through morphology; Latin words and numbers
//! do not. Each run gives content words (with positions), bigrams of its syllables, and its printed form. The result
//! depends on the chunk alone, never on its neighbours, so it can be kept and reused.

use super::korean::{Korean, Morpheme, is_nominal, is_verbal};
use super::latin::{English, fold, is_stop_word};
use super::script::{Script, is_mark, is_syllable, is_word, script_of};
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
}

impl Analysis {
    pub fn term(&self, piece: &Piece) -> &str {
        &self.text[piece.term.0 as usize..piece.term.1 as usize]
    }

    /// Bytes this analysis keeps in memory, for bounding a cache.
    pub fn weight(&self) -> usize {
        self.text.capacity() + self.pieces.capacity() * size_of::<Piece>() + size_of::<Analysis>()
    }

    fn push(&mut self, evidence: Evidence, term: &str, span: Span, tag: &'static str, position: u8) {
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
    fn word(&mut self, term: &str, span: Span, tag: &'static str) -> u8 {
        let position = self.positions;
        self.push(Evidence::Word, term, span, tag, position);
        self.positions = self.positions.saturating_add(1);
        position
    }
}

/// Verbs that carry no meaning of their own.
const EMPTY_VERBS: &[&str] = &["하다", "되다", "있다", "이다", "않다"];
/// Determiners that change what the noun after them means.
const TELLING_DETERMINERS: &[&str] = &["첫", "새", "전", "현", "총", "양", "옛"];
/// What may follow a bracket or a quotation mark that closes inside a word: particles, and nothing to look for.
const DETACHED_PARTICLES: &[&str] = &[
    "가",
    "과",
    "과의",
    "까지",
    "께서",
    "나",
    "는",
    "도",
    "라",
    "라고",
    "라는",
    "라며",
    "란",
    "로",
    "로는",
    "로서",
    "로써",
    "를",
    "만",
    "며",
    "보다",
    "부터",
    "에",
    "에게",
    "에는",
    "에도",
    "에서",
    "에서는",
    "에서도",
    "에선",
    "엔",
    "와",
    "와의",
    "으로",
    "으로는",
    "은",
    "을",
    "의",
    "이",
    "이나",
    "이다",
    "이라",
    "이라고",
    "이라는",
    "이라며",
    "이란",
    "이며",
    "인",
    "조차",
    "처럼",
    "하고",
];

/// Analyses the core of a chunk (see [`super::chunk::core_of`]).
pub fn analyse(core: &str, korean: &mut Korean, english: &English) -> Analysis {
    let mut out = Analysis::default();
    if core.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        latin_word(core, 0, english, &mut out);
        return out;
    }
    let runs = runs_of(core);
    let mut at = 0;
    while at < runs.len() {
        let run = runs[at];
        if needs_morphology(run.of(core)) {
            korean_run(core, run, korean, english, &mut out);
            at += 1;
        } else {
            let group = at + latin_group_len(core, &runs[at..]);
            latin_group(core, &runs[at..group], english, &mut out);
            at = group;
        }
    }
    // what names a whole group stands at its first word, and was found after the last
    out.pieces.sort_by_key(|piece| piece.position);
    out
}

fn needs_morphology(run: &str) -> bool {
    run.chars().any(|ch| matches!(script_of(ch), Script::Hangul | Script::Hanja))
}

/// Runs of letters and digits; a point or comma between digits belongs to the number.
fn runs_of(core: &str) -> Vec<Span> {
    let mut runs = Vec::new();
    let mut start = None;
    let mut chars = core.char_indices().peekable();
    let mut before_is_digit = false;
    while let Some((at, ch)) = chars.next() {
        let digit_next = chars.peek().is_some_and(|(_, next)| next.is_ascii_digit());
        if is_word(ch) || (matches!(ch, '.' | ',') && before_is_digit && digit_next) {
            start.get_or_insert(at);
        } else if let Some(from) = start.take() {
            runs.push(Span::new(from, at));
        }
        before_is_digit = ch.is_ascii_digit();
    }
    if let Some(from) = start {
        runs.push(Span::new(from, core.len()));
    }
    runs
}

/// How many runs from the first on belong to one Latin word: `Nuclear-Test-Ban`, `U.S.`, `Putin's`, `AT&T`.
fn latin_group_len(core: &str, runs: &[Span]) -> usize {
    let mut len = 1;
    while let Some(next) = runs.get(len) {
        let between = &core[runs[len - 1].end..next.start];
        if !matches!(between, "-" | "‐" | "‑" | "." | "'" | "’" | "&") || needs_morphology(next.of(core)) {
            break;
        }
        len += 1;
    }
    len
}

/// A single Latin word: its stem with a position, its printed form beside it.
fn latin_word(word: &str, start: usize, english: &English, out: &mut Analysis) {
    let span = Span::new(start, start + word.len());
    let folded = fold(word);
    if is_stop_word(word, &folded) {
        out.push(Evidence::Exact, &folded, span, "SL", out.positions);
        return;
    }
    let position = out.word(&english.stem(&folded), span, "SL");
    out.push(Evidence::Exact, &folded, span, "SL", position);
}

/// Letters and digits in one word (`K9`, `iPhone15`, `10km`): whole, and in parts where the letters say something alone.
fn alphanumeric(word: &str, start: usize, english: &English, out: &mut Analysis) {
    let span = Span::new(start, start + word.len());
    let folded = fold(&word.replace(',', ""));
    let letters = folded.chars().filter(|ch| ch.is_alphabetic()).count();
    let digits = folded.chars().any(|ch| ch.is_ascii_digit());
    match (letters, digits) {
        (0, _) => {
            let position = out.word(&folded, span, "SN");
            out.push(Evidence::Exact, &folded, span, "SN", position);
        }
        (_, false) => latin_word(word, start, english, out),
        (_, true) => {
            let position = out.word(&folded, span, "SL");
            out.push(Evidence::Exact, &folded, span, "SL", position);
            if letters >= 2 {
                for part in parts_by_kind(word) {
                    let text = part.of(word);
                    let term = english.stem(&fold(&text.replace(',', "")));
                    let tag = if text.starts_with(|ch: char| ch.is_ascii_digit()) { "SN" } else { "SL" };
                    out.push(Evidence::Word, &term, part.shifted(start), tag, position);
                }
            }
        }
    }
}

/// Cuts `iPhone15` between letters and digits.
fn parts_by_kind(word: &str) -> Vec<Span> {
    let mut parts: Vec<Span> = Vec::new();
    let mut last_digit = None;
    for (at, ch) in word.char_indices() {
        let digit = ch.is_ascii_digit() || matches!(ch, '.' | ',');
        let end = at + ch.len_utf8();
        match parts.last_mut() {
            Some(part) if last_digit == Some(digit) || is_mark(ch) => part.end = end,
            _ => parts.push(Span::new(at, end)),
        }
        last_digit = Some(digit);
    }
    parts
}

/// A Latin word of several runs: possessive dropped, initials joined, hyphenated parts with the joined form beside them.
fn latin_group(core: &str, runs: &[Span], english: &English, out: &mut Analysis) {
    let mut parts: Vec<Span> = Vec::with_capacity(runs.len());
    let mut initials = runs.len() > 1;
    for (at, run) in runs.iter().enumerate() {
        let text = run.of(core);
        let before = if at == 0 { "" } else { &core[runs[at - 1].end..run.start] };
        initials &=
            text.chars().count() == 1 && (at == 0 || before == ".") && !text.starts_with(|c: char| c.is_ascii_digit());
        if matches!(before, "'" | "’") {
            if !text.eq_ignore_ascii_case("s") {
                // O'Brien, don't: one word
                if let Some(last) = parts.last_mut() {
                    last.end = run.end;
                }
            }
            continue;
        }
        parts.push(*run);
    }
    if initials {
        let span = Span::new(runs[0].start, runs[runs.len() - 1].end);
        let joined = fold(&runs.iter().map(|run| run.of(core)).collect::<String>());
        let position = out.word(&joined, span, "SL");
        out.push(Evidence::Exact, &joined, span, "SL", position);
        return;
    }
    let first_position = out.positions;
    for part in &parts {
        let text = part.of(core);
        if text.contains(['\'', '’']) {
            latin_word(&text.replace(['\'', '’'], ""), part.start, english, out);
            if let Some(last) = out.pieces.last_mut() {
                last.span.1 = part.end as u16;
            }
        } else {
            let end = part.end;
            // C#, C++: the sign is the name
            let signs = core[end..].chars().take_while(|&ch| ch == '#' || ch == '+').count();
            if signs > 0 && end + signs == core.len() && text.len() <= 2 {
                let span = Span::new(part.start, core.len());
                let term = fold(&core[part.start..]);
                let position = out.word(&term, span, "SL");
                out.push(Evidence::Exact, &term, span, "SL", position);
            } else {
                alphanumeric(text, part.start, english, out);
            }
        }
    }
    if parts.len() > 1 && parts.len() <= 4 {
        let span = Span::new(parts[0].start, parts[parts.len() - 1].end);
        let joined = fold(&parts.iter().map(|part| part.of(core)).collect::<String>());
        if out.positions > first_position {
            out.push(Evidence::Word, &english.stem(&joined), span, "SL", first_position);
        }
    }
}

/// A run with Hangul or hanja in it.
fn korean_run(core: &str, run: Span, korean: &mut Korean, english: &English, out: &mut Analysis) {
    let text = run.of(core);
    let after_sign = run.start > 0;
    if after_sign && DETACHED_PARTICLES.binary_search(&text).is_ok() {
        return;
    }
    let morphemes = korean.morphemes(text);
    let before = out.positions;
    words(text, run.start, &morphemes, english, out);
    if out.positions == before && text.chars().count() == 1 && has_middle_dot(core, run) {
        // 한·미·일: each sign is a word
        out.word(text, run, "NNG");
    }
    exact_forms(text, run.start, &morphemes, out);
    bigrams(text, run.start, &morphemes, out);
}

fn has_middle_dot(core: &str, run: Span) -> bool {
    const DOTS: [char; 4] = ['·', '‧', 'ㆍ', '・'];
    core[run.end..].starts_with(DOTS) || core[..run.start].ends_with(DOTS)
}

fn words(text: &str, start: usize, morphemes: &[Morpheme], english: &English, out: &mut Analysis) {
    let mut at = 0;
    while let Some(morpheme) = morphemes.get(at) {
        let surface = &text[morpheme.start..morpheme.end];
        let span = Span::new(morpheme.start, morpheme.end).shifted(start);
        let form = morpheme.lemma.as_deref().unwrap_or(surface);
        match morpheme.tag {
            "SL" | "SN" => {
                // what touches belongs together: K9, 3.2, 5G
                let mut end = at + 1;
                while let Some(next) = morphemes.get(end) {
                    let point = matches!(&text[next.start..next.end], "." | ",");
                    if next.start != morphemes[end - 1].end || !(matches!(next.tag, "SL" | "SN") || point) {
                        break;
                    }
                    end += 1;
                }
                let word = &text[morpheme.start..morphemes[end - 1].end];
                alphanumeric(word, span.start, english, out);
                at = end;
                continue;
            }
            "SH" => {
                let position = out.word(surface, span, "SH");
                if let Some(reading) = &morpheme.lemma {
                    out.push(Evidence::Word, reading, span, "SH", position);
                }
            }
            tag if is_verbal(tag) && tag != "VX" => {
                let lemma = format!("{form}다");
                if !EMPTY_VERBS.contains(&lemma.as_str()) {
                    out.word(&lemma, span, tag);
                }
            }
            "XPN" if form == "제" && morphemes.get(at + 1).is_some_and(|next| matches!(next.tag, "SN" | "NR")) => {}
            "NP" if form.chars().count() < 2 => {}
            tag @ ("NNG" | "NNP" | "NNBC" | "NR" | "NP" | "XR" | "XPN" | "UNKNOWN") => {
                out.word(form, span, tag);
            }
            "MM" if TELLING_DETERMINERS.contains(&form) => {
                out.word(form, span, "MM");
            }
            _ => {}
        }
        at += 1;
    }
}

/// The noun phrases of a run without what is attached to them: 삼성전자 of 삼성전자는.
fn exact_forms(text: &str, start: usize, morphemes: &[Morpheme], out: &mut Analysis) {
    let mut at = 0;
    while at < morphemes.len() {
        let nominal = |morpheme: &Morpheme| morpheme.own_span && is_nominal(morpheme.tag);
        if !nominal(&morphemes[at]) || matches!(morphemes[at].tag, "NNB" | "XSN") {
            at += 1;
            continue;
        }
        let mut end = at + 1;
        while morphemes.get(end).is_some_and(&nominal) && morphemes[end].start == morphemes[end - 1].end {
            end += 1;
        }
        let span = Span::new(morphemes[at].start, morphemes[end - 1].end);
        let surface = span.of(text);
        if surface.chars().any(|ch| script_of(ch) == Script::Hangul) {
            let position = out
                .pieces
                .iter()
                .filter(|piece| piece.evidence == Evidence::Word)
                .rev()
                .find(|piece| usize::from(piece.span.0) <= span.start + start)
                .map_or(0, |piece| piece.position);
            out.push(Evidence::Exact, &fold_ascii(surface), span.shifted(start), "NNG", position);
        }
        at = end;
    }
}

fn fold_ascii(text: &str) -> String {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) { text.to_ascii_lowercase() } else { text.to_owned() }
}

/// Pairs of neighbouring syllables, hanja read first.
fn bigrams(text: &str, start: usize, morphemes: &[Morpheme], out: &mut Analysis) {
    let mut syllables: Vec<(char, usize, usize)> = Vec::with_capacity(text.len() / 3);
    let mut covered = 0;
    let surface = |from: usize, to: usize, into: &mut Vec<(char, usize, usize)>| {
        into.extend(text[from..to].char_indices().map(|(at, ch)| (ch, from + at, from + at + ch.len_utf8())));
    };
    for morpheme in morphemes {
        if morpheme.start < covered {
            continue;
        }
        surface(covered, morpheme.start, &mut syllables);
        covered = morpheme.end;
        match &morpheme.lemma {
            Some(reading) if morpheme.tag == "SH" => {
                let signs = text[morpheme.start..morpheme.end].char_indices();
                let spans = signs.map(|(at, ch)| (morpheme.start + at, morpheme.start + at + ch.len_utf8()));
                if reading.chars().count() == spans.clone().count() {
                    syllables.extend(reading.chars().zip(spans).map(|(ch, (from, to))| (ch, from, to)));
                } else {
                    surface(morpheme.start, morpheme.end, &mut syllables);
                }
            }
            _ => surface(morpheme.start, morpheme.end, &mut syllables),
        }
    }
    surface(covered, text.len(), &mut syllables);
    let mut term = String::with_capacity(6);
    for pair in syllables.windows(2) {
        let ((first, from, _), (second, _, to)) = (pair[0], pair[1]);
        if is_syllable(first) && is_syllable(second) {
            term.clear();
            term.push(first);
            term.push(second);
            out.push(Evidence::Bigram, &term, Span::new(from, to).shifted(start), "", 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn particles_are_sorted_for_the_search() {
        assert!(DETACHED_PARTICLES.is_sorted());
    }

    #[test]
    fn runs() {
        let rows: &[(&str, &[&str])] = &[
            ("CTBT(포괄적핵실험금지조약)에서", &["CTBT", "포괄적핵실험금지조약", "에서"]),
            ("3.2조", &["3.2조"]),
            ("12,300원", &["12,300원"]),
            ("한·미·일", &["한", "미", "일"]),
            ("2024.", &["2024"]),
        ];
        for (core, expected) in rows {
            let found: Vec<&str> = runs_of(core).into_iter().map(|run| run.of(core)).collect();
            assert_eq!(&found, expected);
        }
    }
}
