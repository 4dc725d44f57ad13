//! nDCG, reciprocal rank and recall of one ranked list, as trec_eval counts them.
//!
//! nDCG after Järvelin and Kekäläinen (2002) with linear gain and the logarithm of rank + 1 as discount.

use rustc_hash::FxHashMap;

/// The figures of one query, or the means over many.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Figures {
    pub ndcg10: f64,
    pub mrr10: f64,
    pub recall100: f64,
}

/// Scores a ranked list of article ids against the grades of one query.
pub fn score(ranked: &[String], grades: &FxHashMap<String, u32>) -> Figures {
    let grade = |id: &String| f64::from(grades.get(id).copied().unwrap_or(0));
    let discounted = |gains: &mut dyn Iterator<Item = f64>| {
        gains.take(10).enumerate().map(|(at, gain)| gain / (at as f64 + 2.0).log2()).sum::<f64>()
    };
    let mut ideal: Vec<f64> = grades.values().map(|&grade| f64::from(grade)).collect();
    ideal.sort_by(|a, b| b.total_cmp(a));
    let best = discounted(&mut ideal.into_iter());
    let relevant = grades.values().filter(|&&grade| grade > 0).count();
    let first = ranked.iter().take(10).position(|id| grade(id) > 0.0);
    let found = ranked.iter().take(100).filter(|id| grade(id) > 0.0).count();
    Figures {
        ndcg10: if best > 0.0 { discounted(&mut ranked.iter().map(grade)) / best } else { 0.0 },
        mrr10: first.map_or(0.0, |at| 1.0 / (at as f64 + 1.0)),
        recall100: if relevant > 0 { found as f64 / relevant as f64 } else { 0.0 },
    }
}

/// The means; zero for no queries.
pub fn mean(all: &[Figures]) -> Figures {
    let n = all.len().max(1) as f64;
    let of = |figure: fn(&Figures) -> f64| all.iter().map(figure).sum::<f64>() / n;
    Figures { ndcg10: of(|f| f.ndcg10), mrr10: of(|f| f.mrr10), recall100: of(|f| f.recall100) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_list() {
        let ranked: Vec<String> = ["a", "b", "c"].map(String::from).into();
        let grades = [("b".to_owned(), 1), ("x".to_owned(), 1), ("c".to_owned(), 0)].into_iter().collect();
        let figures = score(&ranked, &grades);
        let ideal = 1.0 + 1.0 / 3f64.log2();
        assert!((figures.ndcg10 - (1.0 / 3f64.log2()) / ideal).abs() < 1e-12);
        assert_eq!((figures.mrr10, figures.recall100), (0.5, 0.5));
    }
}
