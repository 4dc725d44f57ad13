//! Which article of one language tells what an article of the other tells.
//!
//! Words that are the same in both (numbers, acronyms, names in Latin letters) and words that a glossary pairs are evidence,
//! by BM25 (Robertson and others 1994), in both directions. Two articles belong together where each is the other's best, by a
//! clear margin, and where their days are no further apart than [`DAYS`]. Articles are in order of publication, so the days
//! around one are a range of every list.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use super::side::Side;

/// How many days later or earlier the other language may tell it.
pub const DAYS: i64 = 1;
/// The least evidence, against what tells one article from all others, and how many words it must be of.
const LEAST: f32 = 1.5;
const WORDS: u8 = 3;
/// How much better the best must be than the second.
const MARGIN: f32 = 1.25;
/// The most postings that are added up for one article: the rarest words first.
const MOST: usize = 20_000;

/// An article of each side, by its place there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Aligned {
    pub ko: u32,
    pub en: u32,
}

/// For each word of a side the words of the other that mean the same.
#[derive(Debug, Default)]
pub struct Links {
    pub ko: Vec<Vec<u32>>,
    pub en: Vec<Vec<u32>>,
}

impl Links {
    pub fn new(ko: &Side, en: &Side) -> Links {
        Links { ko: vec![Vec::new(); ko.words.len()], en: vec![Vec::new(); en.words.len()] }
    }

    pub fn add(&mut self, ko: u32, en: u32) {
        if !self.ko[ko as usize].contains(&en) {
            self.ko[ko as usize].push(en);
            self.en[en as usize].push(ko);
        }
    }
}

/// The articles that tell the same.
pub fn align(ko: &Side, en: &Side, links: &Links) -> Vec<Aligned> {
    let mut search = Search::new(ko);
    let best: Vec<Option<u32>> = (0..en.articles.len()).map(|at| search.best(en, at, &links.en)).collect();
    let mut wanted: FxHashMap<u32, u32> = FxHashMap::default();
    for (at, best) in best.iter().enumerate() {
        if let Some(ko) = best {
            // two articles that both want a third: neither is clearly its counterpart
            wanted.entry(*ko).and_modify(|en| *en = u32::MAX).or_insert(at as u32);
        }
    }
    let mut search = Search::new(en);
    let mut out: Vec<Aligned> = wanted
        .into_iter()
        .filter(|&(at, wanted)| wanted != u32::MAX && search.best(ko, at as usize, &links.ko) == Some(wanted))
        .map(|(ko, en)| Aligned { ko, en })
        .collect();
    out.sort_unstable_by_key(|pair| (pair.ko, pair.en));
    out
}

/// Looks for counterparts among the articles of one side.
struct Search<'s> {
    side: &'s Side,
    scores: Vec<f32>,
    shared: Vec<u8>,
    touched: Vec<u32>,
    mean: f32,
    least: f32,
    /// Where the undated articles begin.
    undated: usize,
}

impl<'s> Search<'s> {
    fn new(side: &'s Side) -> Search<'s> {
        let total: usize = side.articles.iter().map(|article| article.words.len()).sum();
        let count = side.articles.len();
        Search {
            side,
            scores: vec![0.0; count],
            shared: vec![0; count],
            touched: Vec::new(),
            mean: total as f32 / count.max(1) as f32,
            least: LEAST * (count.max(2) as f32).ln(),
            undated: side.articles.partition_point(|article| article.day.is_some()),
        }
    }

    /// The counterpart of the article `at` of the `other` side, whose words `links` leads to those of this side.
    fn best(&mut self, other: &Side, at: usize, links: &[Vec<u32>]) -> Option<u32> {
        let article = &other.articles[at];
        let window = article.day.map(|day| {
            let from = self.side.articles.partition_point(|it| it.day.is_some_and(|it| it < day - DAYS));
            let to = self.side.articles[..self.undated].partition_point(|it| it.day.is_some_and(|it| it <= day + DAYS));
            from.min(to) as u32..to as u32
        });
        let ranges = match window {
            Some(window) => [window, self.undated as u32..self.scores.len() as u32],
            None => [0..self.scores.len() as u32, 0..0],
        };
        let mut evidence: Vec<(f32, u32)> = Vec::new();
        for &word in &article.words {
            let idf = other.idf(other.words[word as usize].articles.len());
            let means = links[word as usize].iter();
            let means = means.map(|&to| (idf.min(self.side.idf(self.side.words[to as usize].articles.len())), to));
            evidence.extend(means.filter(|(idf, _)| *idf > 0.0));
        }
        evidence.sort_by_key(|&(_, word)| (self.side.words[word as usize].articles.len(), word));
        evidence.dedup_by_key(|it| it.1);
        let mut budget = MOST;
        for (idf, word) in evidence {
            let list = &self.side.words[word as usize].articles;
            for range in &ranges {
                let from = list.partition_point(|&it| it < range.start);
                let to = list.partition_point(|&it| it < range.end);
                let Some(left) = budget.checked_sub(to - from) else { continue };
                budget = left;
                for &it in &list[from..to] {
                    let length = self.side.articles[it as usize].words.len() as f32 / self.mean;
                    if self.shared[it as usize] == 0 {
                        self.touched.push(it);
                    }
                    self.scores[it as usize] += idf * 2.2 / (1.0 + 1.2 * (0.25 + 0.75 * length));
                    self.shared[it as usize] = self.shared[it as usize].saturating_add(1);
                }
            }
        }
        let mut ranked: Vec<(f32, u8, u32)> =
            self.touched.iter().map(|&it| (self.scores[it as usize], self.shared[it as usize], it)).collect();
        for it in self.touched.drain(..) {
            self.scores[it as usize] = 0.0;
            self.shared[it as usize] = 0;
        }
        let by_score =
            |a: &(f32, u8, u32), b: &(f32, u8, u32)| b.0.total_cmp(&a.0).then(Reverse(b.2).cmp(&Reverse(a.2)));
        if ranked.len() > 2 {
            ranked.select_nth_unstable_by(1, by_score);
            ranked.truncate(2);
        }
        ranked.sort_by(by_score);
        let &(score, shared, best) = ranked.first()?;
        let second = ranked.get(1).map_or(0.0, |it| it.0);
        (score >= self.least && shared >= WORDS && score >= second * MARGIN).then_some(best)
    }
}
