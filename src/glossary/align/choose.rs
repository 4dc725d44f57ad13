//! Which of the pairs that aligned articles offer are kept, and how sure each is.
//!
//! What is known already judges what is new: a pair that the core table has is right, one whose words it knows as something else
//! is probably not, and how many of those it can judge are right says how far the others may be trusted at all. A part of a word
//! stands for the whole word, and a word is at most two things.

use rustc_hash::{FxHashMap, FxHashSet};

use super::articles::Aligned;
use super::names::names;
use super::side::Side;
use super::words::{WordPair, pairs};
use crate::analyze::latin::{English, fold};
use crate::article::Lang;
use crate::glossary::Glossary;
use crate::glossary::key::{latin_words, query_keys};
use crate::glossary::sound::{SAME, distance};

/// Words of aligned articles that sound so much alike are one name.
const ALIKE: f32 = 0.12;
/// A name that is met once sounds at least so much alike.
const HEARD: f32 = 0.04;
/// How probable it is that two words share an article by chance.
const CHANCES: f32 = 0.6;
/// Pairs that would have been wrong in an archive of which nothing is known, and the share of right ones that is as good as all.
const DOUBT: f32 = 5.0;
const TRUSTED: f32 = 0.6;
/// Articles that are trusted less than this were aligned by chance.
const CHANCE: f32 = 0.25;
/// The articles of a word that are looked at for a longer one around it.
const ARTICLES: usize = 40;

/// A pair, how sure it is, and what made it so.
pub struct Weighed {
    pub pair: WordPair,
    /// In hundredths.
    pub sure: u32,
    /// `aligned` or `sound`.
    pub by: &'static str,
    /// See [`Core::says`].
    known: Option<bool>,
}

/// What the pairs that are known already say of a new one.
pub struct Core<'g> {
    known: &'g Glossary,
    english: &'g English,
}

impl<'g> Core<'g> {
    pub fn new(known: &'g Glossary, english: &'g English) -> Core<'g> {
        Core { known, english }
    }

    /// What the word of one language is known to mean.
    fn meanings(&self, word: &str, to: Lang) -> Vec<String> {
        let keys = match to {
            Lang::En => vec![word.to_owned()],
            Lang::Ko => query_keys(&latin_words(word), true, self.english),
        };
        let pairs = keys.iter().flat_map(|key| self.known.get(key));
        pairs.flat_map(|pair| pair.entry.forms(to)).map(str::to_owned).collect()
    }

    /// The form of `english` that is known to be what `korean` means: `respect` for what is counted as `respectively`.
    pub fn form(&self, korean: &str, english: &str) -> Option<String> {
        let stem = self.stems(english);
        self.meanings(korean, Lang::En).into_iter().find(|form| self.stems(form) == stem)
    }

    fn stems(&self, form: &str) -> Vec<String> {
        latin_words(form).iter().map(|word| self.english.stem(&fold(&word.text))).collect()
    }

    /// `Some(true)` where the two are known to mean the same, `Some(false)` where each is known to mean something else.
    fn says(&self, korean: &str, english: &str) -> Option<bool> {
        let means = self.meanings(korean, Lang::En);
        let stems = self.stems(english);
        if means.iter().any(|form| self.stems(form) == stems) {
            return Some(true);
        }
        let back = self.meanings(english, Lang::Ko);
        (!means.is_empty() && !back.is_empty()).then_some(false)
    }
}

/// Of all pairs those that no better one speaks against: a word is what it is surest to be, and at most two things.
pub fn chosen(ko: &Side, en: &Side, aligned: &[Aligned], core: &Core) -> Vec<Weighed> {
    let is_number = |key: &str| key.starts_with(|ch: char| ch.is_ascii_digit());
    let form = |pair: &WordPair| (ko.words[pair.ko as usize].form.as_str(), en.words[pair.en as usize].form.as_str());
    let mut all: Vec<Weighed> = pairs(ko, en, aligned)
        .into_iter()
        .filter(|it| !ko.is_latin(it.ko) && !is_number(&en.words[it.en as usize].key))
        .map(|mut pair| {
            let (korean, english) = form(&pair);
            let known = core.says(korean, english);
            if known != Some(true) {
                pair.ko = whole(ko, pair.ko);
            }
            let (korean, english) = form(&pair);
            let sure = weigh(&pair, korean, english, known);
            Weighed { pair, sure, by: "aligned", known }
        })
        .collect();
    let trust = trust(&all);
    if trust < CHANCE {
        return Vec::new();
    }
    for it in all.iter_mut().filter(|it| it.known != Some(true)) {
        it.sure = ((it.sure as f32 * trust).round() as u32).max(1);
    }
    let heard = names(ko, en, aligned, |korean, english| core.says(korean, english).is_some());
    for mut pair in heard {
        // met once, words that mean something of their own are no names, and a name must be heard whole
        let (korean, english) = form(&pair);
        let own = || !(core.meanings(korean, Lang::En).is_empty() && core.meanings(english, Lang::Ko).is_empty());
        if pair.together == 1 && (1.0 - pair.mean > HEARD || own()) {
            continue;
        }
        pair.ko = whole(ko, pair.ko);
        let (korean, english) = form(&pair);
        if distance(korean, english) > SAME {
            continue;
        }
        match all.iter_mut().find(|it| (it.pair.ko, it.pair.en) == (pair.ko, pair.en)) {
            Some(known) => (known.sure, known.by) = (known.sure.max(95), "sound"),
            None => all.push(Weighed { sure: named(&pair), pair, by: "sound", known: None }),
        }
    }
    all.sort_by(|a, b| {
        b.sure
            .cmp(&a.sure)
            .then(b.pair.together.cmp(&a.pair.together))
            .then((a.pair.ko, a.pair.en).cmp(&(b.pair.ko, b.pair.en)))
    });
    let mut met = FxHashSet::default();
    all.retain(|it| met.insert((it.pair.ko, it.pair.en)));
    let mut taken: [FxHashMap<u32, (u32, u32)>; 2] = Default::default();
    all.retain(|it| {
        let free = |taken: &FxHashMap<u32, (u32, u32)>, word: u32| {
            taken.get(&word).is_none_or(|&(best, count)| count < 2 && it.sure * 3 >= best * 2)
        };
        let free = free(&taken[0], it.pair.ko) && free(&taken[1], it.pair.en);
        if free {
            for (taken, word) in taken.iter_mut().zip([it.pair.ko, it.pair.en]) {
                taken.entry(word).or_insert((it.sure, 0)).1 += 1;
            }
        }
        free
    });
    all
}

/// How far this archive's aligned articles can be trusted, at most 1: of the pairs whose words are both known already, the share that is
/// known as a pair. Where articles were aligned by chance, hardly any is.
fn trust(all: &[Weighed]) -> f32 {
    let count = |known| all.iter().filter(|it| it.known == Some(known)).count() as f32;
    let (right, wrong) = (count(true), count(false));
    (right / (right + wrong + DOUBT) / TRUSTED).min(1.0)
}

/// The longer word that most articles have a word for the sake of: 지중해 for 지중.
fn whole(ko: &Side, word: u32) -> u32 {
    let held = &ko.words[word as usize].articles;
    let held = &held[..held.len().min(ARTICLES)];
    let part = ko.words[word as usize].form.as_str();
    let mut longer: FxHashMap<u32, usize> = FxHashMap::default();
    for &other in held.iter().flat_map(|&at| &ko.articles[at as usize].words) {
        if other != word && ko.words[other as usize].form.contains(part) {
            *longer.entry(other).or_default() += 1;
        }
    }
    let most = longer.into_iter().max_by_key(|&(other, count)| (count, std::cmp::Reverse(other)));
    most.filter(|(_, count)| count * 4 >= held.len() * 3).map_or(word, |(other, _)| other)
}

/// How sure a pair is by how its words are used, in hundredths, and by what is known of them.
fn weigh(pair: &WordPair, korean: &str, english: &str, known: Option<bool>) -> u32 {
    let often = 1.0 - CHANCES.powi(pair.together as i32);
    let used = 100.0 * (pair.mean * 0.5 + pair.dice * 0.5) * often;
    let sure = match known {
        Some(true) => 99.0,
        Some(false) => used * 0.7,
        None if !korean.ends_with('다') && distance(korean, english) <= ALIKE => used.max(80.0),
        // what is taken for the form of a verb is often a name or half a noun
        None if korean.ends_with('다') => used * 0.7,
        None => used,
    };
    (sure.round() as u32).clamp(1, 99)
}

/// How sure a name is that was heard.
fn named(pair: &WordPair) -> u32 {
    if pair.together > 1 { 90 } else { 80 }
}
