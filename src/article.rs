//! The article: what every reader of files produces and everything after it consumes.
//!
//! Nothing here is guessed: what a page does not say is `None` or empty. Text is composed (NFC), free of control
//! characters other than line feed and tab, and is exactly what readers are shown: every span points into it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The main language of an article, decided by the share of scripts in its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    Ko,
    En,
}

impl Lang {
    /// The two-letter code of ISO 639-1.
    pub fn code(self) -> &'static str {
        match self {
            Lang::Ko => "ko",
            Lang::En => "en",
        }
    }

    /// Reads a language tag such as `ko`, `ko-KR` or `en_US`; `None` for every other language.
    pub fn from_tag(tag: &str) -> Option<Lang> {
        let primary = tag.split(['-', '_']).next().unwrap_or("").trim();
        match primary.to_ascii_lowercase().as_str() {
            "ko" | "kor" => Some(Lang::Ko),
            "en" | "eng" => Some(Lang::En),
            _ => None,
        }
    }

    /// By script: Korean where Hangul makes at least a fifth of the letters (Korean news quotes much Latin), English
    /// where there are Latin letters and fewer Hangul, `None` without letters of either.
    pub fn by_script<'a>(texts: impl IntoIterator<Item = &'a str>) -> Option<Lang> {
        let (mut hangul, mut latin) = (0usize, 0usize);
        for text in texts {
            for ch in text.chars() {
                match ch {
                    '가'..='힣' | '\u{1100}'..='\u{11FF}' | '\u{3131}'..='\u{318E}' => hangul += 1,
                    'a'..='z' | 'A'..='Z' | 'À'..='ɏ' => latin += 1,
                    _ => {}
                }
            }
        }
        // a syllable carries about as much text as two and a half Latin letters
        match (hangul * 5 / 2, latin) {
            (0, 0) => None,
            (ko, en) if ko * 4 >= en => Some(Lang::Ko),
            _ => Some(Lang::En),
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// When an article was published, as precisely as its page says: a day, a local time, or a time with its zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Published {
    Day(jiff::civil::Date),
    Local(jiff::civil::DateTime),
    Zoned(jiff::civil::DateTime, jiff::tz::Offset),
}

impl Published {
    /// The calendar day printed on the page (in the page's own zone).
    pub fn day(&self) -> jiff::civil::Date {
        match self {
            Published::Day(day) => *day,
            Published::Local(time) | Published::Zoned(time, _) => time.date(),
        }
    }

    /// The printed day, in days since 1970-01-01.
    pub fn day_number(&self) -> i64 {
        day_number(self.day())
    }

    /// Seconds since 1970-01-01 used to order articles: the printed clock where no zone is said (noon for a bare day),
    /// else the instant. Within a day of the truth either way.
    pub fn sort_key(&self) -> i64 {
        let as_utc = |time: jiff::civil::DateTime, offset: jiff::tz::Offset| {
            offset.to_timestamp(time).map_or(0, |at| at.as_second())
        };
        match self {
            Published::Day(day) => as_utc(day.at(12, 0, 0, 0), jiff::tz::Offset::UTC),
            Published::Local(time) => as_utc(*time, jiff::tz::Offset::UTC),
            Published::Zoned(time, offset) => as_utc(*time, *offset),
        }
    }
}

/// Days from 1970-01-01 to `day`.
pub fn day_number(day: jiff::civil::Date) -> i64 {
    jiff::tz::Offset::UTC.to_timestamp(day.at(0, 0, 0, 0)).map_or(0, |at| at.as_second()).div_euclid(86_400)
}

/// The day that is `number` days after 1970-01-01; `None` outside of the calendar.
pub fn day_of_number(number: i64) -> Option<jiff::civil::Date> {
    let at = jiff::Timestamp::from_second(number.checked_mul(86_400)?).ok()?;
    Some(jiff::tz::Offset::UTC.to_datetime(at).date())
}

/// ISO 8601: `2023-12-13`, `2023-12-13T09:12:00` or `2023-12-13T09:12:00+09:00`.
impl fmt::Display for Published {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Published::Day(day) => write!(f, "{day}"),
            Published::Local(time) => write!(f, "{}", time.strftime("%Y-%m-%dT%H:%M:%S")),
            Published::Zoned(time, offset) => {
                let minutes = offset.seconds() / 60;
                let sign = if minutes < 0 { '-' } else { '+' };
                let minutes = minutes.abs();
                write!(f, "{}{sign}{:02}:{:02}", time.strftime("%Y-%m-%dT%H:%M:%S"), minutes / 60, minutes % 60)
            }
        }
    }
}

/// Reads what [`Published`] prints, as it is stored.
impl FromStr for Published {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Published, jiff::Error> {
        if !text.contains('T') {
            return Ok(Published::Day(text.parse()?));
        }
        let zone = text.rfind(['+', '-']).filter(|&at| text[..at].contains('T'));
        let Some(at) = zone else { return Ok(Published::Local(text.parse()?)) };
        let parsed = jiff::fmt::strtime::parse("%z", text[at..].replace(':', ""))?;
        Ok(Published::Zoned(text[..at].parse()?, parsed.offset().unwrap_or(jiff::tz::Offset::UTC)))
    }
}

/// One article, as read from a file, a record or an archive member.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Article {
    /// Unique in an index: the record's own id, else the path under the indexed root, with `#N` for the N-th of several.
    pub id: String,
    /// Where it was read, as given on the command line (`corpus/saved/a.txt`, `corpus/wire/w.jsonl#3`).
    pub path: String,
    pub title: String,
    /// Deks or summary, kept apart from the body; may be empty.
    pub lead: String,
    /// Paragraphs separated by a blank line or a line feed.
    pub body: String,
    pub captions: Vec<String>,
    pub lang: Option<Lang>,
    pub published: Option<Published>,
    pub updated: Option<Published>,
    /// The outlet.
    pub source: Option<String>,
    pub byline: Option<String>,
    pub section: Option<String>,
    pub url: Option<String>,
    /// The charset the bytes were decoded from, as its WHATWG label (`utf-8`, `euc-kr` for CP949 and so on).
    pub charset: String,
    /// The format it was read from (`text`, `html`, `markdown`, `json`, ...).
    pub format: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_back_as_they_are_stored() {
        let rows = [
            "2023-12-13",
            "2023-12-13T09:12:00",
            "2023-12-13T00:00:00+09:00",
            "1963-01-04T23:59:59-03:30",
            "2023-12-13T09:12:00+00:00",
        ];
        for text in rows {
            let time: Published = text.parse().unwrap();
            assert_eq!(time.to_string(), text);
            assert_eq!(matches!(time, Published::Zoned(..)), text.len() > 19);
        }
        assert!("soon".parse::<Published>().is_err());
    }
}
