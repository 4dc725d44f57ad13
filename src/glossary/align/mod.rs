//! Pairs from comparable articles: the same event told in both languages on the same day.
//!
//! Articles are aligned by what is the same in both (numbers, acronyms, names) and by pairs that are known already
//! ([`articles`]); words that fall together in aligned articles far more often than by chance are pairs ([`words`]). Pairs found
//! so align more articles: there are two rounds. An archive whose languages share no days costs nothing beyond looking at dates.

pub mod articles;
pub mod choose;
pub mod names;
pub mod side;
pub mod words;

use tantivy::DocAddress;

use super::Glossary;
use super::derive::{SURE, day};
use super::key::latin_words;
use crate::analyze::latin::{English, fold};
use crate::article::Lang;
use crate::store::reader::Reader;
use articles::{DAYS, Links, align};
use choose::{Core, Weighed, chosen};
use side::{Side, articles};

/// Fewer articles in one language align nothing that could be counted.
const FEW: usize = 20;
/// The most articles of each language: the newest.
const MOST: usize = 250_000;
/// What the opening words of an article take here, in bytes, and what counts them.
const ARTICLE: usize = 1024;

/// How often articles are aligned, each time by what the time before found.
const ROUNDS: usize = 3;
/// From here on a pair helps to align, in hundredths.
const SEED: u32 = 50;

/// Two words that mean the same, by the articles that use them.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// `aligned` or `sound`.
    pub by: &'static str,
    pub korean: String,
    pub english: String,
    pub articles: u32,
    pub days: Option<(i64, i64)>,
    /// In hundredths.
    pub sure: u32,
    /// Where it is seen: a Korean article and an English one.
    pub example: (DocAddress, DocAddress),
}

/// The pairs that the articles of an index make, by what `known` pairs say already, in about `memory` bytes: of more articles
/// than fit, the newest.
pub fn mine(reader: &Reader, known: &Glossary, memory: usize) -> tantivy::Result<Vec<Found>> {
    let [ko, en] = [articles(reader, Lang::Ko)?, articles(reader, Lang::En)?];
    let most = (memory / 2 / ARTICLE).clamp(FEW, MOST);
    let (ko, en) = (near(&ko, &en, most), near(&en, &ko, most));
    if ko.len() < FEW || en.len() < FEW {
        return Ok(Vec::new());
    }
    let english = English::default();
    let ko = Side::read(reader, Lang::Ko, &ko, &english)?;
    let en = Side::read(reader, Lang::En, &en, &english)?;
    let core = Core::new(known, &english);
    let mut links = known_links(&ko, &en, known, &english);
    let mut aligned = align(&ko, &en, &links);
    let mut found = Vec::new();
    for round in 0..ROUNDS {
        found = chosen(&ko, &en, &aligned, &core);
        if found.is_empty() {
            break;
        }
        if round + 1 < ROUNDS {
            for it in found.iter().filter(|it| it.sure >= SEED) {
                links.add(it.pair.ko, it.pair.en);
            }
            aligned = align(&ko, &en, &links);
        }
    }
    Ok(found.iter().map(|it| describe(&ko, &en, it, &core)).collect())
}

/// Those of `these` articles that another language may tell as well: with one of `others` around their day, and undated ones.
fn near(
    these: &[(DocAddress, Option<i64>)],
    others: &[(DocAddress, Option<i64>)],
    most: usize,
) -> Vec<(DocAddress, Option<i64>)> {
    let days: Vec<i64> = others.iter().filter_map(|it| it.1).collect();
    let undated = days.len() < others.len();
    let told = |day: i64| {
        let at = days.partition_point(|&it| it < day - DAYS);
        days.get(at).is_some_and(|&it| it <= day + DAYS)
    };
    let mut out: Vec<_> = these.iter().filter(|it| undated || it.1.is_none_or(told)).copied().collect();
    let from = out.len().saturating_sub(most);
    out.drain(..from);
    out
}

/// What both sides write alike, and what `known` pairs.
fn known_links(ko: &Side, en: &Side, known: &Glossary, english: &English) -> Links {
    let mut links = Links::new(ko, en);
    for (at, word) in ko.words.iter().enumerate() {
        if word.articles.is_empty() {
            continue;
        }
        if ko.is_latin(at as u32) {
            if let Some(same) = en.get(&word.key) {
                links.add(at as u32, same);
            }
            continue;
        }
        for form in known.get(&word.key).iter().flat_map(|pair| pair.entry.forms(Lang::En)) {
            // of several words the rarest stands for all
            let words = latin_words(form);
            let keys = words.iter().filter_map(|word| en.get(&english.stem(&fold(&word.text))));
            let rarest = keys.min_by_key(|&key| en.words[key as usize].articles.len());
            if let Some(rarest) = rarest.filter(|_| words.len() <= 3) {
                links.add(at as u32, rarest);
            }
        }
    }
    links
}

fn describe(ko: &Side, en: &Side, Weighed { pair, sure, by, .. }: &Weighed, core: &Core) -> Found {
    let korean = ko.words[pair.ko as usize].form.clone();
    let english = &en.words[pair.en as usize].form;
    Found {
        by,
        english: core.form(&korean, english).unwrap_or_else(|| english.clone()),
        korean,
        articles: pair.together,
        days: pair.days,
        sure: *sure,
        example: (ko.articles[pair.example.ko as usize].address, en.articles[pair.example.en as usize].address),
    }
}

/// The pairs as rows of a table (see [`super::derive::rows`]).
pub fn rows(found: &[Found]) -> String {
    let mut out = String::new();
    for Found { by, korean, english, articles, days, sure, example: (ko, en) } in found {
        out.push_str(&format!("{korean}\t{english}\tby={by},n={articles},sure={sure}"));
        if let Some((first, last)) = days {
            out.push_str(&format!(",first={},last={}", day(first * 86_400), day(last * 86_400)));
        }
        let place = |at: &DocAddress| format!("{}:{}", at.segment_ord, at.doc_id);
        out.push_str(&format!(",ko={},en={}", place(ko), place(en)));
        out.push_str(if *sure < SURE { ",unsure\n" } else { "\n" });
    }
    out
}
