//! A run with Hangul or hanja in it as tokens: content words with positions, pairs of syllables, and the printed form.

use super::hanja;
use super::korean::{Korean, Morpheme, is_nominal, is_verbal};
use super::latin::English;
use super::latin_word::alphanumeric;
use super::nations::nations;
use super::number::{number, printed};
use super::pieces::Analysis;
use super::script::{Script, is_syllable, script_of};
use super::token::{Evidence, Span};
use super::unit::unit;

/// Verbs that carry no meaning of their own.
const EMPTY_VERBS: &[&str] = &["하다", "되다", "있다", "이다", "않다"];
/// The tag of what a hanja sign means, beside the sign.
pub const MEANING: &str = "SH-meaning";
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

/// True for a particle that may stand behind a sign.
pub fn is_detached_particle(text: &str) -> bool {
    DETACHED_PARTICLES.binary_search(&text).is_ok()
}

/// Adds what `run` of `core` gives.
pub fn korean_run(core: &str, run: Span, korean: &mut Korean, english: &English, out: &mut Analysis) {
    let text = run.of(core);
    let after_sign = run.start > 0;
    if after_sign && is_detached_particle(text) {
        return;
    }
    let morphemes = korean.morphemes(text);
    let before = out.positions;
    let named = nations(text, &morphemes).unwrap_or(0);
    for (at, sign) in text[..named].char_indices() {
        let span = Span::new(at, at + sign.len_utf8()).shifted(run.start);
        out.word(span.of(core), span, "NNG");
    }
    let rest = morphemes.partition_point(|morpheme| morpheme.start < named);
    if named == 0 || !is_detached_particle(&text[named..]) {
        words(text, run.start, &morphemes[rest..], korean, english, out);
    }
    if run.start == 0 {
        out.amount = number(text).and_then(|number| number.amount(&text[number.len..]));
    }
    if out.positions == before && text.chars().count() == 1 && has_middle_dot(core, run) {
        // 한·미·일: each sign is a word
        out.word(text, run, "NNG");
    } else if let Some(noun) = lone_syllable(text, &morphemes) {
        let span = Span::new(run.start, run.start + noun.len());
        if out.positions == before {
            out.word(noun, span, "NNG");
        } else {
            out.push(Evidence::Word, noun, span, "NNG", before);
        }
    }
    exact_forms(text, run.start, &morphemes, out);
    bigrams(text, run.start, ending_of(text, &morphemes), &morphemes, out);
}

/// The noun that a syllable by itself or before a particle may be, where the dictionary reads a verb (딸, 논은, 새는): which
/// of the two it is cannot be told without the sentence, so it is both.
fn lone_syllable<'a>(text: &'a str, morphemes: &[Morpheme]) -> Option<&'a str> {
    const NO_NOUNS: &str = "이그저나너내네수것등및더안못잘또할한될된볼본갈간올온낼낸줄준둘둔쓸쓴클큰들든";
    let first = text.chars().next().filter(|&ch| is_syllable(ch) && !NO_NOUNS.contains(ch))?;
    let (noun, particle) = text.split_at(first.len_utf8());
    let fits = particle.is_empty() || is_detached_particle(particle);
    let known = morphemes.iter().any(|morpheme| {
        is_nominal(morpheme.tag) && morpheme.own_span && morpheme.start == 0 && morpheme.end >= noun.len()
    });
    (fits && !known).then_some(noun)
}

fn has_middle_dot(core: &str, run: Span) -> bool {
    const DOTS: [char; 4] = ['·', '‧', 'ㆍ', '・'];
    core[run.end..].starts_with(DOTS) || core[..run.start].ends_with(DOTS)
}

/// Adds the content words among the morphemes of a run that starts at byte `start` of its core.
pub fn words(
    text: &str,
    start: usize,
    morphemes: &[Morpheme],
    korean: &mut Korean,
    english: &English,
    out: &mut Analysis,
) {
    let (mut at, mut counted) = (0, 0);
    while let Some(morpheme) = morphemes.get(at) {
        let surface = &text[morpheme.start..morpheme.end];
        let span = Span::new(morpheme.start, morpheme.end).shifted(start);
        let form = morpheme.lemma.as_deref().unwrap_or(surface);
        if matches!(morpheme.tag, "SN" | "NR") && morpheme.start >= counted {
            // 10만: the value stands beside the first of its words
            if let Some(number) = number(&text[morpheme.start..]).filter(|number| number.len > surface.len()) {
                counted = morpheme.start + number.len;
                let value = printed(number.value);
                let written = text[morpheme.start..counted].replace(',', "");
                if number.unit > 1 || value != written {
                    let span = Span::new(morpheme.start, counted).shifted(start);
                    out.push(Evidence::Word, &value, span, "SN", out.positions);
                }
            }
        }
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
                let meanings = hanja::meanings(surface, &text[..morpheme.start], &text[morpheme.end..]);
                if let Some(reading) = morpheme.lemma.as_deref().filter(|_| meanings.is_empty()) {
                    out.push(Evidence::Word, reading, span, "SH", position);
                }
                for meaning in meanings {
                    // everything the word would give if it were written out
                    for part in korean.morphemes(meaning) {
                        out.push(Evidence::Word, &meaning[part.start..part.end], span, MEANING, position);
                    }
                    for pair in pairs(meaning) {
                        out.push(Evidence::Bigram, pair, span, MEANING, position);
                    }
                    out.push(Evidence::Exact, meaning, span, MEANING, position);
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
                let position = out.word(unit(form).unwrap_or(form), span, tag);
                if let Some(base) = without_linking_s(form).filter(|_| morphemes.get(at + 1).is_some()) {
                    out.push(Evidence::Word, &base, span, tag, position);
                }
            }
            "MM" if TELLING_DETERMINERS.contains(&form) => {
                out.word(form, span, "MM");
            }
            _ => {}
        }
        at += 1;
    }
}

/// 나무 of the 나뭇 in 나뭇잎: a first part of two syllables or more that ends in the ㅅ of compounds.
fn without_linking_s(part: &str) -> Option<String> {
    const S: u32 = 19;
    let last = part.chars().next_back().filter(|&ch| is_syllable(ch) && part.len() >= 6)?;
    let (head, code) = (&part[..part.len() - last.len_utf8()], last as u32);
    let open = char::from_u32(code - S).filter(|_| (code - '가' as u32) % 28 == S)?;
    Some(format!("{head}{open}"))
}

/// The noun phrases of a run without what is attached to them: 삼성전자 of 삼성전자는.
///
/// A phrase reaches back to the start of the run: what is no noun there is most often a piece of a name that the dictionary
/// does not know (젤렌스키, whose 젤 it takes for an adverb).
pub fn exact_forms(text: &str, start: usize, morphemes: &[Morpheme], out: &mut Analysis) {
    let nominal = |morpheme: &Morpheme| morpheme.own_span && is_nominal(morpheme.tag);
    let opening = morphemes.iter().take_while(|morpheme| !nominal(morpheme)).count();
    let mut at = 0;
    while at < morphemes.len() {
        let opens = at == 0 && opening > 0 && opening < morphemes.len();
        if !opens && (!nominal(&morphemes[at]) || matches!(morphemes[at].tag, "NNB" | "XSN")) {
            at += 1;
            continue;
        }
        let mut end = if opens { opening + 1 } else { at + 1 };
        while morphemes.get(end).is_some_and(|next| {
            let sign = matches!(next.tag, "SC" | "SY" | "SF") && morphemes.get(end + 1).is_some_and(nominal);
            (nominal(next) || sign) && next.start == morphemes[end - 1].end
        }) {
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
            out.push(Evidence::Exact, &fold_ascii(surface).replace(',', ""), span.shifted(start), "NNG", position);
        }
        at = end;
    }
}

/// Each pair of neighbouring characters of `text`.
fn pairs(text: &str) -> impl Iterator<Item = &str> {
    let mut ends = text.char_indices().map(|(at, ch)| at + ch.len_utf8()).skip(1);
    text.char_indices().map_while(move |(at, _)| ends.next().map(|end| &text[at..end]))
}

fn fold_ascii(text: &str) -> String {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) { text.to_ascii_lowercase() } else { text.to_owned() }
}

/// Where what is attached to a run of nouns begins: particles, or the verb that 하다 and 되다 make of them. Fewer than two
/// syllables are as often a name that was cut wrongly: to these nothing is attached.
pub fn ending_of(text: &str, morphemes: &[Morpheme]) -> usize {
    let nouns = morphemes.iter().take_while(|it| it.own_span && is_nominal(it.tag)).count();
    let Some(first) = morphemes.get(nouns) else { return text.len() };
    let (noun, attached) = text.split_at(first.start);
    let named = noun.chars().filter(|&ch| is_syllable(ch)).nth(1).is_some();
    let is_verb = matches!(first.tag, "XSV" | "XSA") && morphemes[nouns + 1..].iter().all(|it| it.tag.starts_with('E'));
    if named && (is_verb || is_detached_particle(attached)) { first.start } else { text.len() }
}

/// Pairs of neighbouring syllables before `ending`, hanja read first.
pub fn bigrams(text: &str, start: usize, ending: usize, morphemes: &[Morpheme], out: &mut Analysis) {
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
        let ((first, from, _), (second, at, to)) = (pair[0], pair[1]);
        if is_syllable(first) && is_syllable(second) && at < ending {
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
}
