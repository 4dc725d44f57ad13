//! A relevance that prefers recent articles: an exponential prior on the date (Li and Croft, Time-Based Language Models,
//! 2003), bounded so that what answers best still wins over what is merely new.
//!
//! A score is multiplied by (1 + 2^(-age / half-life)) / 2: an article of the day keeps all of it, one that is a half-life
//! old three quarters, a very old or undated one half. Ages are counted from the day that was said, else from the newest
//! article that is not in the future, so that an archive of another year is ranked by its own time.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use tantivy::DocAddress;
use tantivy::columnar::Column;

use super::retrieve::Candidate;
use crate::article::day_number;
use crate::store::reader::Reader;

const DAY_SECONDS: f32 = 86_400.0;

/// How long it takes until half of what age can take from a score is gone, in days.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HalfLife {
    days: f32,
}

/// Why a text is no half-life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a half-life; write a number and a unit, such as 12h, 7d, 2w, 3m or 1y")]
pub struct NotAHalfLife;

impl FromStr for HalfLife {
    type Err = NotAHalfLife;

    fn from_str(text: &str) -> Result<HalfLife, NotAHalfLife> {
        let text = text.trim();
        let unit = text.chars().next_back().ok_or(NotAHalfLife)?;
        let days = match unit.to_ascii_lowercase() {
            'h' => 1.0 / 24.0,
            'd' => 1.0,
            'w' => 7.0,
            'm' => 365.25 / 12.0,
            'y' => 365.25,
            _ => return Err(NotAHalfLife),
        };
        let number = text[..text.len() - unit.len_utf8()].trim();
        if !number.starts_with(|ch: char| ch.is_ascii_digit()) {
            return Err(NotAHalfLife);
        }
        let number: f32 = number.parse().map_err(|_| NotAHalfLife)?;
        if number > 0.0 && number.is_finite() { Ok(HalfLife { days: number * days }) } else { Err(NotAHalfLife) }
    }
}

impl fmt::Display for HalfLife {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} days", self.days)
    }
}

impl HalfLife {
    /// What is left of a score after `age` days; `None` for an article without a date.
    fn left(self, age: Option<f32>) -> f32 {
        0.5 + age.map_or(0.0, |age| 0.5 * (-age.max(0.0) / self.days).exp2())
    }
}

/// The dates of an index, against a day.
pub struct Recency<'r> {
    half_life: HalfLife,
    published: &'r [Column<i64>],
    /// Seconds since 1970.
    now: i64,
}

impl<'r> Recency<'r> {
    /// Ages are counted from noon of `today`, else from the newest article.
    pub fn new(reader: &'r Reader, half_life: HalfLife, today: Option<Date>) -> tantivy::Result<Recency<'r>> {
        let segments = reader.searcher.segment_readers();
        let published = reader.published()?;
        let now = match today {
            Some(day) => day_number(day) * DAY_SECONDS as i64 + DAY_SECONDS as i64 / 2,
            None => {
                let clock = jiff::Timestamp::now().as_second();
                let dates = published.iter().zip(segments).flat_map(|(column, segment)| {
                    segment.doc_ids_alive().filter_map(|doc| column.first(doc)).filter(|&at| at <= clock)
                });
                dates.max().unwrap_or(clock)
            }
        };
        Ok(Recency { half_life, published, now })
    }

    /// What is left of a score of the article, at most 1.
    pub fn left(&self, address: DocAddress) -> f32 {
        let at = self.published[address.segment_ord as usize].first(address.doc_id);
        self.half_life.left(at.map(|at| (self.now - at) as f32 / DAY_SECONDS))
    }

    /// Takes from the scores of `candidates` what their age costs, and puts them in order again.
    pub fn apply(&self, candidates: &mut [Candidate]) {
        for candidate in candidates.iter_mut() {
            let left = candidate.score * self.left(candidate.address);
            candidate.recency = left - candidate.score;
            candidate.score = left;
        }
        candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.address.cmp(&b.address)));
    }
}

/// The `most` candidates with the best scores after their age, of which `retrieve` gives the best before it: as many are
/// looked at as could still be among them, since age only takes away.
pub fn best_recent(
    recency: &Recency,
    most: usize,
    mut retrieve: impl FnMut(usize) -> tantivy::Result<Vec<Candidate>>,
) -> tantivy::Result<Vec<Candidate>> {
    let mut k = most;
    loop {
        let mut candidates = retrieve(k)?;
        let exhausted = candidates.len() < k;
        let worst = candidates.last().map_or(0.0, |candidate| candidate.score);
        let aged = |candidate: &Candidate| candidate.score * recency.left(candidate.address);
        candidates.sort_by(|a, b| aged(b).total_cmp(&aged(a)).then_with(|| a.address.cmp(&b.address)));
        let complete = candidates.get(most.max(1) - 1).is_some_and(|last| aged(last) >= worst);
        if exhausted || complete || most == 0 {
            candidates.truncate(most);
            return Ok(candidates);
        }
        k *= 4;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_lives() {
        let rows = [
            ("7d", Some(7.0)),
            ("2w", Some(14.0)),
            ("12h", Some(0.5)),
            ("1.5y", Some(547.875)),
            ("1Y", Some(365.25)),
            ("7", None),
            ("d", None),
            ("0d", None),
            ("-3d", None),
            ("infd", None),
            ("", None),
            ("3달", None),
        ];
        for (text, days) in rows {
            assert_eq!(text.parse::<HalfLife>().ok().map(|it| it.days), days, "{text}");
        }
    }

    #[test]
    fn what_age_leaves() {
        let week = HalfLife { days: 7.0 };
        let rows = [(Some(0.0), 1.0), (Some(-3.0), 1.0), (Some(7.0), 0.75), (Some(14.0), 0.625), (None, 0.5)];
        for (age, left) in rows {
            assert_eq!(week.left(age), left, "{age:?}");
        }
        assert!((week.left(Some(1e6)) - 0.5).abs() < 1e-6);
    }
}
