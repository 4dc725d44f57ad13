//! Which words mean the same, from articles that tell the same.
//!
//! Words that share articles more often than not are candidates (Dice's coefficient); IBM Model 1 (Brown and others 1993) in both
//! directions then lets the words of an article compete for those of its counterpart, so that what merely goes along with a
//! word (`대통령` with `Putin`) loses to what it means. Everything goes word by word over posting lists: memory is that of the
//! candidates, time that of the postings.

use super::articles::Aligned;
use super::side::Side;

/// The least articles that share two words, and the least of Dice's coefficient.
const TOGETHER: u32 = 2;
const DICE: f32 = 0.12;
/// The most candidates of a word.
const CANDIDATES: usize = 24;
const ROUNDS: usize = 6;
/// What a word stands for that stands for nothing of the other side.
const NOTHING: f32 = 0.02;
/// The geometric mean of both directions from which on two words are a pair.
const LEAST: f32 = 0.2;

/// Two words that mean the same.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WordPair {
    pub ko: u32,
    pub en: u32,
    /// Aligned articles that share them.
    pub together: u32,
    pub dice: f32,
    /// The geometric mean of the probabilities in both directions.
    pub mean: f32,
    /// The first of the aligned articles that share them.
    pub example: Aligned,
    /// Days since 1970 of the first and the last dated ones.
    pub days: Option<(i64, i64)>,
}

/// Candidates of each word of one side: the other word, and how probable it is given that one.
type Table = Vec<Vec<(u32, f32)>>;

/// The words that `aligned` articles pair, surest first.
pub fn pairs(ko: &Side, en: &Side, aligned: &[Aligned]) -> Vec<WordPair> {
    let holders = |side: &Side, article: fn(&Aligned) -> u32| {
        let mut holders: Vec<Vec<u32>> = vec![Vec::new(); side.words.len()];
        for (at, pair) in aligned.iter().enumerate() {
            for &word in &side.articles[article(pair) as usize].words {
                holders[word as usize].push(at as u32);
            }
        }
        holders
    };
    let (of_ko, of_en) = (holders(ko, |pair| pair.ko), holders(en, |pair| pair.en));
    let ko_words = |at: u32| ko.articles[aligned[at as usize].ko as usize].words.as_slice();
    let en_words = |at: u32| en.articles[aligned[at as usize].en as usize].words.as_slice();

    let mut counts = vec![0u32; ko.words.len()];
    let mut candidates: Vec<(u32, u32, u32, f32)> = Vec::new();
    for (word, held) in of_en.iter().enumerate().filter(|(_, held)| held.len() >= TOGETHER as usize) {
        let mut met: Vec<u32> = Vec::new();
        for &other in held.iter().flat_map(|&at| ko_words(at)) {
            if counts[other as usize] == 0 {
                met.push(other);
            }
            counts[other as usize] += 1;
        }
        let mut found: Vec<(u32, u32, u32, f32)> = Vec::new();
        for other in met {
            let together = std::mem::take(&mut counts[other as usize]);
            let dice = 2.0 * together as f32 / (held.len() + of_ko[other as usize].len()) as f32;
            if together >= TOGETHER && dice >= DICE {
                found.push((other, word as u32, together, dice));
            }
        }
        found.sort_by(|a, b| b.3.total_cmp(&a.3).then(a.0.cmp(&b.0)));
        found.truncate(CANDIDATES);
        candidates.extend(found);
    }
    let mut to_ko: Table = vec![Vec::new(); en.words.len()];
    let mut to_en: Table = vec![Vec::new(); ko.words.len()];
    for &(k, e, ..) in &candidates {
        to_ko[e as usize].push((k, 1.0));
        to_en[k as usize].push((e, 1.0));
    }
    for _ in 0..ROUNDS {
        step(&mut to_ko, &of_en, ko_words, ko.words.len());
        step(&mut to_en, &of_ko, en_words, en.words.len());
    }
    let probable =
        |table: &Table, of: u32, other: u32| table[of as usize].iter().find(|it| it.0 == other).map_or(0.0, |it| it.1);
    let mut out: Vec<WordPair> = candidates
        .into_iter()
        .filter_map(|(k, e, together, dice)| {
            let mean = (probable(&to_ko, e, k) * probable(&to_en, k, e)).sqrt();
            if mean < LEAST {
                return None;
            }
            let shared = of_en[e as usize].iter().filter(|&&at| ko_words(at).contains(&k));
            let shared: Vec<Aligned> = shared.map(|&at| aligned[at as usize]).collect();
            let days =
                shared.iter().filter_map(|at| ko.articles[at.ko as usize].day.or(en.articles[at.en as usize].day));
            let days = days.fold(None, |all: Option<(i64, i64)>, day| {
                Some(all.map_or((day, day), |(first, last)| (first.min(day), last.max(day))))
            });
            Some(WordPair { ko: k, en: e, together, dice, mean, example: *shared.first()?, days })
        })
        .collect();
    out.sort_by(|a, b| (b.mean * b.dice).total_cmp(&(a.mean * a.dice)).then((a.ko, a.en).cmp(&(b.ko, b.en))));
    out
}

/// One round of expectation and maximisation: each word of an article divides itself among its candidates there, by how probable
/// each makes it.
fn step<'a>(table: &mut Table, holders: &[Vec<u32>], others: impl Fn(u32) -> &'a [u32], count: usize) {
    let mut totals = vec![0.0f32; count];
    let mut slot = vec![u32::MAX; count];
    for (row, held) in table.iter_mut().zip(holders) {
        if row.is_empty() {
            continue;
        }
        row.iter().enumerate().for_each(|(at, it)| slot[it.0 as usize] = at as u32);
        let mut share = vec![0.0f32; row.len()];
        for &article in held {
            let here = || others(article).iter().map(|&word| slot[word as usize]).filter(|&at| at != u32::MAX);
            let sum: f32 = NOTHING + here().map(|at| row[at as usize].1).sum::<f32>();
            here().for_each(|at| share[at as usize] += row[at as usize].1 / sum);
        }
        for (it, share) in row.iter_mut().zip(share) {
            slot[it.0 as usize] = u32::MAX;
            it.1 = share;
            totals[it.0 as usize] += share;
        }
    }
    for row in table.iter_mut() {
        row.iter_mut().for_each(|it| it.1 /= totals[it.0 as usize].max(f32::MIN_POSITIVE));
    }
}
