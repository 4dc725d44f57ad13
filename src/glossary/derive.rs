//! From the glosses of an archive to its pairs: how far each Korean form reaches, what is chance, what belongs together.
//!
//! One pass over the terms of the gloss field. For each Latin form the Korean spans that precede it compete: one in quotes or
//! inside the bracket wins, else the one that sounds like it, else the one whose nouns translate its words, else the last
//! eojeol, grown to the left as long as at least two articles and half of those of the shorter span agree (after the C-value
//! of Frantzi, Ananiadou and Mima 2000). How sure a pair is stands with it; queries use those of [`SURE`] and above.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, TERMINATED};

use super::Glossary;
use super::hanja::{self, is_hanja};
use super::key::{bare, is_name_in_capitals, latin_words};
use super::mine::{Gloss, Side};
use super::sound::distance;
use crate::analyze::latin::{English, fold, is_stop_word};
use crate::article::Lang;
use crate::store::reader::Reader;

/// From here on a pair is used for queries, in hundredths.
pub const SURE: u32 = 60;
/// A gloss whose sides are nearer in sound than this is a name in two scripts.
const SOUNDS_ALIKE: f32 = 0.22;
/// The most Korean forms of one Latin form.
const FORMS: usize = 3;
/// A Korean form that glosses this many different Latin ones says nothing about any (`종합`, `대표`).
const MANY: usize = 4;
/// Units and marks that stand in brackets without naming what is before them.
const NO_NAMES: &[&str] = &[
    "cm", "ft", "gb", "ghz", "gw", "ha", "hz", "kcal", "kg", "khz", "km", "kt", "kw", "kwh", "lb", "mb", "mg", "mhz",
    "ml", "mm", "mw", "nm", "oz", "pm", "ppm", "ppb", "sic", "tb", "twh", "vs",
];

/// A Korean side as it was seen, and in how many articles.
#[derive(Debug, Clone)]
pub struct Seen {
    pub side: Side,
    pub other: String,
    pub articles: u32,
    /// Seconds since 1970 of the first and the last dated article.
    pub dates: Option<(i64, i64)>,
}

/// A pair of forms with its evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct Mined {
    pub korean: String,
    pub latin: Vec<String>,
    pub articles: u32,
    pub dates: Option<(i64, i64)>,
    /// In hundredths.
    pub sure: u32,
    /// Known by sound, translated parts or the core table, not by counting alone.
    pub confirmed: bool,
}

/// Everything that an archive glosses, by Latin form.
pub fn collect(reader: &Reader) -> tantivy::Result<BTreeMap<String, Vec<Seen>>> {
    let mut groups: BTreeMap<String, Vec<Seen>> = BTreeMap::new();
    for segment in reader.searcher.segment_readers() {
        let inverted = segment.inverted_index(reader.fields.gloss)?;
        let published = segment.fast_fields().i64("published")?;
        let mut terms = inverted.terms().stream()?;
        while let Some((term, info)) = terms.next() {
            let Some(gloss) = std::str::from_utf8(term).ok().and_then(Gloss::of_term) else { continue };
            let mut postings = inverted.read_postings_from_terminfo(info, IndexRecordOption::Basic)?;
            let (mut articles, mut dates) = (0, None);
            while postings.doc() != TERMINATED {
                let doc = postings.doc();
                postings.advance();
                if segment.is_deleted(doc) {
                    continue;
                }
                articles += 1;
                dates = wider(dates, published.first(doc).map(|at| (at, at)));
            }
            if articles == 0 {
                continue;
            }
            let seen = groups.entry(gloss.latin.to_owned()).or_default();
            match seen.iter_mut().find(|it| it.side == gloss.side && it.other == gloss.other) {
                Some(it) => {
                    it.articles += articles;
                    it.dates = wider(it.dates, dates);
                }
                None => seen.push(Seen { side: gloss.side, other: gloss.other.to_owned(), articles, dates }),
            }
        }
    }
    Ok(groups)
}

pub fn wider(a: Option<(i64, i64)>, b: Option<(i64, i64)>) -> Option<(i64, i64)> {
    match (a, b) {
        (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
        (a, b) => a.or(b),
    }
}

/// The pairs that `groups` make, surest first for each Latin form.
pub fn pairs(groups: &BTreeMap<String, Vec<Seen>>, core: &Glossary) -> Vec<Mined> {
    let english = English::default();
    let mut out: Vec<Mined> = Vec::new();
    for (latin, seen) in groups {
        if is_hanja(latin) {
            out.extend(hanja::pairs(latin, seen));
            continue;
        }
        let folded = fold(latin);
        let common = !latin.contains(char::is_uppercase);
        if is_stop_word(latin, &folded) || NO_NAMES.contains(&folded.as_str()) {
            continue;
        }
        // what an acronym stands for helps to find where its Korean name begins
        let initials = seen.iter().filter(|it| it.side == Side::Initials).max_by_key(|it| it.articles);
        let spelled = initials.map_or(latin.as_str(), |it| it.other.as_str());
        let parts = parts(spelled, core, &english);
        let mut left: Vec<Seen> = seen.iter().filter(|it| it.side != Side::Initials).cloned().collect();
        let different: FxHashSet<&str> = left.iter().map(|it| last_eojeol(&it.other)).collect();
        let different = different.len();
        for _ in 0..FORMS {
            let Some(mut pair) = best(latin, &parts, &mut left) else { break };
            // one acronym may stand for several things: this one if its words are translated
            let known = !parts.is_empty() && covered(&bare(&pair.korean), &parts) * 2 >= parts.len();
            pair.latin.extend(initials.filter(|_| known).map(|it| it.other.clone()));
            if in_core(latin, &pair.korean, core, &english) {
                (pair.sure, pair.confirmed) = (99, true);
            }
            let scattered = different > 6 && pair.articles < 3;
            if !pair.confirmed && ((common && pair.articles < 3) || scattered) {
                continue;
            }
            out.push(pair);
        }
    }
    let mut glossed: FxHashMap<String, usize> = FxHashMap::default();
    for pair in &out {
        *glossed.entry(bare(&pair.korean)).or_default() += 1;
    }
    out.retain(|pair| pair.confirmed || is_hanja(&pair.latin[0]) || glossed[&bare(&pair.korean)] < MANY);
    together(out)
}

fn last_eojeol(text: &str) -> &str {
    text.rsplit(' ').next().unwrap_or("")
}

/// What the core table has for each word of a spelled-out Latin form.
fn parts(latin: &str, core: &Glossary, english: &English) -> Vec<Vec<String>> {
    let words = latin_words(latin);
    let content = words.iter().filter(|word| !is_stop_word(&word.text, &fold(&word.text)));
    let parts: Vec<Vec<String>> = content
        .map(|word| {
            let keys = super::key::query_keys(std::slice::from_ref(word), true, english);
            let keys = keys.into_iter().filter(|key| !key.bytes().all(|byte| byte.is_ascii_uppercase()));
            let pairs = keys.flat_map(|key| core.get(&key));
            let forms = pairs.flat_map(|pair| pair.entry.forms(Lang::Ko)).map(bare);
            // the noun of a verb, 원자력 of 원자력의
            forms
                .map(|form| {
                    ["하다", "되다"].iter().find_map(|tail| form.strip_suffix(tail)).unwrap_or(&form).to_owned()
                })
                .collect()
        })
        .collect();
    if parts.len() < 2 { Vec::new() } else { parts }
}

/// How many of the parts a Korean span holds.
fn covered(span: &str, parts: &[Vec<String>]) -> usize {
    parts.iter().filter(|forms| forms.iter().any(|form| span.contains(form.as_str()))).count()
}

fn in_core(latin: &str, korean: &str, core: &Glossary, english: &English) -> bool {
    let words = latin_words(latin);
    let keys = super::key::query_keys(&words, false, english);
    let korean = bare(korean);
    keys.iter().any(|key| core.get(key).iter().any(|pair| pair.entry.forms(Lang::Ko).any(|form| bare(form) == korean)))
}

/// A Korean span and what speaks for it.
#[derive(Debug, Clone, Default)]
struct Span {
    /// As printed.
    form: String,
    articles: u32,
    /// Articles that give exactly this form, in quotes or brackets.
    exact: u32,
    dates: Option<(i64, i64)>,
    eojeols: usize,
}

/// Takes the best Korean span out of `left`, with all that says the same.
fn best(latin: &str, parts: &[Vec<String>], left: &mut Vec<Seen>) -> Option<Mined> {
    let mut spans: BTreeMap<String, Span> = BTreeMap::new();
    let mut total = 0;
    for seen in left.iter() {
        total += seen.articles;
        let eojeols: Vec<&str> = seen.other.split(' ').collect();
        let from = if seen.side == Side::Before { 1 } else { eojeols.len() };
        for take in from..=eojeols.len() {
            let form = eojeols[eojeols.len() - take..].join(" ");
            let span = spans.entry(bare(&form)).or_insert_with(|| Span { form, eojeols: take, ..Span::default() });
            span.articles += seen.articles;
            span.exact += if seen.side == Side::Before { 0 } else { seen.articles };
            span.dates = wider(span.dates, seen.dates);
        }
    }
    spans.retain(|key, _| (2..=24).contains(&key.chars().count()));
    let sound = spans
        .iter()
        .map(|(key, span)| (distance(key, latin), key, span))
        .filter(|(distance, ..)| *distance < SOUNDS_ALIKE)
        .min_by(|a, b| a.0.total_cmp(&b.0).then(b.2.articles.cmp(&a.2.articles)));
    let exact = spans.iter().filter(|(_, span)| span.exact > 0).max_by_key(|(_, span)| (span.exact, span.articles));
    let most = spans.keys().map(|key| covered(key, parts)).max().unwrap_or(0);
    let enough = most >= 2 && most * 2 >= parts.len();
    let translated = spans
        .iter()
        .filter(|(key, _)| enough && covered(key, parts) == most)
        .max_by_key(|(key, span)| (span.articles, std::cmp::Reverse(key.chars().count())));
    let (key, span, mut sure, confirmed): (_, _, u32, _) = match (sound, exact, translated) {
        // half alike is often half a name: 팝송 of Favorite Pop Song
        (Some((distance, key, span)), ..) => (key, span, if distance <= 0.12 { 95 } else { 55 }, distance <= 0.15),
        (None, _, Some((key, span))) => (key, span, if most == parts.len() { 95 } else { 55 }, true),
        (None, Some((key, span)), None) => (key, span, 55, false),
        (None, None, None) => {
            let (key, span) = grown(&spans)?;
            // a long compound is a name by itself; a short word once may be anything
            let long = key.chars().count() >= 5;
            (key, span, if long { 48 } else { 36 }, false)
        }
    };
    sure += match span.articles {
        0 | 1 => 0,
        2 => 12,
        3 | 4 => 22,
        _ => 32,
    };
    if span.articles * 3 < total {
        sure = sure.saturating_sub(20);
    }
    let (key, span) = (key.clone(), span.clone());
    left.retain(|seen| !bare(&seen.other).ends_with(&key));
    Some(Mined {
        korean: span.form,
        latin: vec![latin.to_owned()],
        articles: span.articles,
        dates: span.dates,
        sure: sure.min(99),
        confirmed,
    })
}

/// The last eojeol that most articles have, and to its left what they agree on.
fn grown(spans: &BTreeMap<String, Span>) -> Option<(&String, &Span)> {
    let mut at = spans.iter().filter(|(_, span)| span.eojeols == 1).max_by_key(|(_, span)| span.articles)?;
    loop {
        let longer = spans
            .iter()
            .filter(|(key, span)| span.eojeols == at.1.eojeols + 1 && key.ends_with(at.0.as_str()))
            .max_by_key(|(_, span)| span.articles);
        match longer {
            Some(longer) if longer.1.articles >= 2 && longer.1.articles * 2 >= at.1.articles => at = longer,
            _ => return Some(at),
        }
    }
}

/// Joins an acronym and what it stands for where both gloss one Korean form; each then makes the other surer.
fn together(pairs: Vec<Mined>) -> Vec<Mined> {
    let mut out: Vec<Mined> = Vec::new();
    let mut by_korean: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    for pair in pairs {
        let same = by_korean.entry(bare(&pair.korean)).or_default();
        let partner = same
            .iter()
            .copied()
            .find(|&at| stands_for(&out[at].latin[0], &pair.latin[0]) || stands_for(&pair.latin[0], &out[at].latin[0]));
        match partner {
            Some(at) => {
                let known = &mut out[at];
                for latin in pair.latin {
                    if !known.latin.contains(&latin) {
                        known.latin.push(latin);
                    }
                }
                known.articles = known.articles.max(pair.articles);
                known.dates = wider(known.dates, pair.dates);
                known.sure = (known.sure.max(pair.sure) + 25).min(99);
                known.confirmed = true;
            }
            None => {
                same.push(out.len());
                out.push(pair);
            }
        }
    }
    out
}

/// True where `acronym` is made of the initials of `phrase`.
pub fn stands_for(acronym: &str, phrase: &str) -> bool {
    let words = latin_words(phrase);
    let small = |word: &str| word.starts_with(char::is_lowercase);
    let initials = |all: bool| -> String {
        words
            .iter()
            .filter(|word| all || !small(&word.text))
            .filter_map(|word| word.text.chars().next())
            .flat_map(char::to_uppercase)
            .collect()
    };
    is_name_in_capitals(acronym) && words.len() > 1 && (initials(false) == acronym || initials(true) == acronym)
}

/// The day of a time in seconds since 1970.
pub fn day(at: i64) -> String {
    jiff::Timestamp::from_second(at).map_or_else(|_| String::new(), |at| at.strftime("%Y-%m-%d").to_string())
}

/// The pairs as rows of a table; those that are not sure enough are kept to be shown, under a flag.
pub fn rows(pairs: &[Mined]) -> String {
    let mut out = String::new();
    for pair in pairs {
        out.push_str(&format!("{}\t{}\tn={},sure={}", pair.korean, pair.latin.join("|"), pair.articles, pair.sure));
        if let Some((first, last)) = pair.dates {
            out.push_str(&format!(",first={},last={}", day(first), day(last)));
        }
        out.push_str(if pair.sure < SURE { ",unsure\n" } else { "\n" });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(rows: &[(&str, u32)]) -> Vec<Seen> {
        rows.iter()
            .map(|(text, articles)| {
                let gloss = format!("X\t{text}");
                let gloss = Gloss::of_term(&gloss).unwrap();
                Seen { side: gloss.side, other: gloss.other.to_owned(), articles: *articles, dates: None }
            })
            .collect()
    }

    #[test]
    fn boundaries() {
        let core = Glossary::core();
        type Row = (&'static str, &'static [(&'static str, u32)], &'static str);
        let rows: &[Row] = &[
            ("Vladimir Putin", &[("b러시아 대통령 블라디미르 푸틴", 1)], "블라디미르 푸틴"),
            ("IAEA", &[("b유엔 산하 국제원자력기구", 1), ("b국제원자력기구", 3)], "국제원자력기구"),
            ("CTBT", &[("b포괄적 핵실험 금지조약", 2), ("b유엔 포괄적 핵실험 금지조약", 1)], "포괄적 핵실험 금지조약"),
            ("Nuclear Suppliers Group", &[("b비확산 체제인 핵 공급국 그룹", 1)], "핵 공급국 그룹"),
            ("Fed", &[("i연준", 2), ("i연방준비제도", 1)], "연준"),
        ];
        for (latin, glosses, korean) in rows {
            let groups = BTreeMap::from([((*latin).to_owned(), seen(glosses))]);
            let found = pairs(&groups, &core);
            assert_eq!(found.first().map(|pair| pair.korean.as_str()), Some(*korean), "{latin}: {found:?}");
        }
    }

    #[test]
    fn acronyms_and_what_they_stand_for() {
        let rows = [
            ("IAEA", "International Atomic Energy Agency", true),
            ("CTBT", "Comprehensive Nuclear-Test-Ban Treaty", false),
            ("CNTBT", "Comprehensive Nuclear-Test-Ban Treaty", true),
            ("WHO", "World Health Organization", true),
            ("UN", "United States", false),
            ("DOD", "Department of Defense", true),
            ("DD", "Department of Defense", true),
        ];
        for (acronym, phrase, expected) in rows {
            assert_eq!(stands_for(acronym, phrase), expected, "{acronym} {phrase}");
        }
    }
}
