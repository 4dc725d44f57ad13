//! Reads dates as newsrooms write them, in Korean, English and the formats of machines.
//!
//! One grammar for records, metadata and page text: a day with its year, then a time if there is one, then a zone if
//! there is one. What is said is kept as precise as it was said. Days that cannot be (month 13, 30 February), that are
//! absurd for news (before 1800) or not yet there are no dates, and an order that could be read in two ways
//! (`03/04/2024`) is not read at all. Which of a page's dates is the date of the article is left to [`dateline`].

mod dateline;

pub use dateline::{Dateline, dateline};

use std::ops::Range;
use std::sync::LazyLock;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;
use regex::{Captures, Regex};

use crate::article::Published;

const MONTHS: &str = r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?";

/// True for the English name of a month, whole or short.
pub fn is_month(word: &str) -> bool {
    static MONTH: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(&format!("(?i)^{MONTHS}$")).expect("the pattern of months is fixed"));
    MONTH.is_match(word)
}

/// The day, in the ways it is written; each names its parts `y`, `m`/`month` and `d`.
static DAYS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        // 2024-03-17  2024.3.17.  2024/03/17  2024년 3월 17일  2024. 3. 17
        r"(?P<y>\d{4})\s?[-./년]\s{0,2}(?P<m>\d{1,2})\s?[-./월]\s{0,2}(?P<d>\d{1,2})(?:\s?일|\.)?".to_owned(),
        // 20240317, and 202403170912(33) with the time glued on
        r"\b(?P<y>[12]\d{3})(?P<m>[01]\d)(?P<d>[0-3]\d)(?:T?(?P<hh>[0-2]\d):?(?P<mm>[0-5]\d)(?::?(?P<ss>[0-5]\d))?(?P<zone>[+-]\d{2}:?\d{2})?)?(?:Z?\b)".to_owned(),
        // Jan 5, 2024  January 5th 2024
        format!(r"(?i)\b{MONTHS}\s{{0,2}}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s?,?\s{{1,2}}(?P<y>\d{{4}})\b"),
        // 5 January 2024  Fri, 05 Jan 2024  05-Jan-2024
        format!(r"(?i)\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:\s?-|\s{{0,2}})(?:of\s)?{MONTHS}(?:\s?-|,?\s{{0,2}})(?P<y>\d{{4}})\b"),
        // Fri Jan 05 09:12:00 KST 2024
        format!(r"(?i)\b{MONTHS}\s{{1,2}}(?P<d>\d{{1,2}})\s(?P<hh>\d{{2}}):(?P<mm>\d{{2}})(?::(?P<ss>\d{{2}}))?\s(?P<zone>[A-Z]{{3,4}}|[+-]\d{{4}})\s(?P<y>\d{{4}})\b"),
        // 17/03/2024 and 03/17/2024, only where one of the numbers cannot be a month
        r"\b(?P<a>\d{1,2})/(?P<b>\d{1,2})/(?P<y>\d{4})\b".to_owned(),
    ]
    .iter()
    .map(|pattern| Regex::new(pattern).expect("patterns of days are fixed"))
    .collect()
});

/// What may follow a day: the time and its zone.
static CLOCK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)^(?:\s{0,3}(?:\((?:[월화수목금토일](?:요일)?|[a-z]{3,9})\)|[월화수목금토일]요일|T|at|-|–|\||ㅣ|·|/|,|:|\.))?",
        r"(?:\s{0,3}at)?\s{0,3}(?P<half>오전|오후|새벽|낮|밤|am|pm)?\s{0,2}",
        r"(?P<hh>\d{1,2})\s?(?::|시|\.)\s{0,2}(?P<mm>\d{2}|\d{1,2}분)(?:(?::|\s{0,2})(?P<ss>\d{2}(?:[.,]\d{1,9})?|\d{1,2}초))?",
        r"(?:\s{0,2}(?P<after>a\.?m\.?|p\.?m\.?))?",
        r"(?:\s{0,2}\(?(?P<zone>Z\b|(?:UTC|GMT)?\s?[+-]\d{1,2}:?\d{2}\b|(?:UTC|GMT|KST|JST|EST|EDT|ET|CST|CDT|MST|MDT|PST|PDT|BST|CET|CEST)\b))?",
    ))
    .expect("the pattern of a clock is fixed")
});

/// The one date of a record's field or of a page's metadata; `None` where there is none, several, or an impossible one.
pub fn published(text: &str) -> Option<Published> {
    let text = text.trim();
    if text.len() > 200 {
        return None;
    }
    if let Some(at) = epoch(text) {
        return plausible(at);
    }
    let (span, at) = first(text)?;
    let letters = |part: &str| part.chars().filter(|ch| ch.is_alphanumeric()).count();
    let few_digits = |part: &str| part.chars().filter(char::is_ascii_digit).count() < 3;
    let (before, after) = (&text[..span.start], &text[span.end..]);
    (letters(before) <= 24 && letters(after) <= 40 && few_digits(before) && few_digits(after)).then_some(at)
}

/// The first date in a text and where it stands.
pub(super) fn first(text: &str) -> Option<(Range<usize>, Published)> {
    let mut found: Option<(Range<usize>, Published)> = None;
    for pattern in DAYS.iter() {
        for captures in pattern.captures_iter(text).take(4) {
            let whole = captures.get(0)?.range();
            if found.as_ref().is_some_and(|(span, _)| span.start <= whole.start) {
                break;
            }
            let inside_number = text[..whole.start].ends_with(|ch: char| ch.is_ascii_digit())
                || (text[whole.end..].starts_with(|ch: char| ch.is_ascii_digit())
                    && text[..whole.end].ends_with(|ch: char| ch.is_ascii_digit()));
            if inside_number {
                continue;
            }
            if let Some((end, at)) = read(text, &captures) {
                found = Some((whole.start..end, at));
                break;
            }
        }
    }
    found
}

fn read(text: &str, captures: &Captures) -> Option<(usize, Published)> {
    let number = |name: &str| captures.name(name).and_then(|part| part.as_str().parse::<i16>().ok());
    let year = number("y")?;
    let (month, day) = match (number("a"), number("b")) {
        (Some(a), Some(b)) if a > 12 && b <= 12 => (b, a),
        (Some(a), Some(b)) if b > 12 && a <= 12 => (a, b),
        (Some(a), Some(b)) if a == b => (a, b),
        (Some(_), Some(_)) => return None,
        _ => {
            (number("m").or_else(|| captures.name("month").and_then(|name| month_number(name.as_str())))?, number("d")?)
        }
    };
    let day = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    let end = captures.get(0)?.end();
    if let (Some(hour), Some(minute)) = (number("hh"), number("mm")) {
        let time = clock(hour, minute, number("ss").unwrap_or(0))?;
        let zone = captures.name("zone").map(|zone| zone.as_str());
        let zulu = captures.get(0)?.as_str().ends_with('Z').then_some("Z");
        return Some((end, plausible(with_zone(day.to_datetime(time), zone.or(zulu)))?));
    }
    let Some(after) = CLOCK.captures(&text[end..]) else { return Some((end, plausible(Published::Day(day))?)) };
    let digits = |name: &str| {
        let part = after.name(name)?.as_str();
        let digits = part.split(['.', ',']).next()?.trim_end_matches(['분', '초']);
        digits.parse::<i16>().ok()
    };
    let half = after.name("half").or_else(|| after.name("after")).map(|half| half.as_str().to_lowercase());
    let hour = match (digits("hh")?, half.as_deref()) {
        (12, Some("오전" | "am" | "a.m." | "a.m" | "am.")) => 0,
        (hour @ 1..=11, Some("오후" | "밤" | "pm" | "p.m." | "p.m" | "pm.")) => hour + 12,
        (hour, _) => hour,
    };
    let Some(time) = clock(hour, digits("mm")?, digits("ss").unwrap_or(0)) else {
        return Some((end, plausible(Published::Day(day))?));
    };
    let at = with_zone(day.to_datetime(time), after.name("zone").map(|zone| zone.as_str()));
    Some((end + after.get(0)?.end(), plausible(at)?))
}

/// `24:00` and `23:59:60` are said now and then; both are the last second of that day.
fn clock(hour: i16, minute: i16, second: i16) -> Option<Time> {
    let small = |number: i16| i8::try_from(number).ok();
    match (hour, minute) {
        (24, 0) => Time::new(23, 59, 59, 0).ok(),
        _ => Time::new(small(hour)?, small(minute)?, small(second.min(59))?, 0).ok(),
    }
}

fn with_zone(time: DateTime, zone: Option<&str>) -> Published {
    match zone.and_then(offset) {
        Some(offset) => Published::Zoned(time, offset),
        None => Published::Local(time),
    }
}

fn offset(zone: &str) -> Option<Offset> {
    let zone = zone.to_ascii_uppercase();
    let hours = match zone.as_str() {
        "Z" | "UTC" | "GMT" => 0,
        "KST" | "JST" => 9,
        "CEST" => 2,
        "BST" | "CET" => 1,
        "EDT" => -4,
        "EST" | "CDT" => -5,
        "CST" | "MDT" => -6,
        "MST" | "PDT" => -7,
        "PST" => -8,
        _ => {
            let signed = zone.trim_start_matches("UTC").trim_start_matches("GMT").trim();
            let sign = if signed.starts_with('-') { -1 } else { 1 };
            let digits: String = signed.chars().filter(char::is_ascii_digit).collect();
            if !signed.starts_with(['+', '-']) || !(3..=4).contains(&digits.len()) {
                return None;
            }
            let (hours, minutes) = digits.split_at(digits.len() - 2);
            let seconds = hours.parse::<i32>().ok()? * 3600 + minutes.parse::<i32>().ok()? * 60;
            return Offset::from_seconds(sign * seconds).ok();
        }
    };
    Offset::from_hours(hours).ok()
}

fn month_number(name: &str) -> Option<i16> {
    const NAMES: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let start = name.get(..3)?.to_ascii_lowercase();
    (1..).zip(NAMES).find(|(_, month)| *month == start).map(|(number, _)| number)
}

/// Seconds or milliseconds since 1970, as records of content systems have them.
fn epoch(text: &str) -> Option<Published> {
    let seconds = match text.len() {
        10 => text.parse::<i64>().ok()?,
        13 => text.parse::<i64>().ok()? / 1000,
        _ => return None,
    };
    let at = jiff::Timestamp::from_second(seconds).ok()?;
    Some(Published::Zoned(Offset::UTC.to_datetime(at), Offset::UTC))
}

fn plausible(at: Published) -> Option<Published> {
    let now = jiff::Timestamp::now().as_second();
    let two_days = 2 * 24 * 3600;
    // the last days of the year 9999 have no instant, so years are compared first
    let years = 1800..=Offset::UTC.to_datetime(jiff::Timestamp::now()).year() + 1;
    (years.contains(&at.day().year()) && at.sort_key() <= now + two_days).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_as_newsrooms_write_them() {
        let table = [
            ("2024-03-17", "2024-03-17"),
            ("2024-03-17 14:02", "2024-03-17T14:02:00"),
            ("2024-03-17T14:02:33+09:00", "2024-03-17T14:02:33+09:00"),
            ("2024-03-17T14:02:33.123+0900", "2024-03-17T14:02:33+09:00"),
            ("2024-03-17T05:02:33.1Z", "2024-03-17T05:02:33+00:00"),
            ("2024-03-17T14:02+09:00", "2024-03-17T14:02:00+09:00"),
            ("20240317", "2024-03-17"),
            ("20240317140233", "2024-03-17T14:02:33"),
            ("20240317T140233Z", "2024-03-17T14:02:33+00:00"),
            ("20240317T140233+0900", "2024-03-17T14:02:33+09:00"),
            ("202403171402", "2024-03-17T14:02:00"),
            ("2024.01.05 오전 9:12", "2024-01-05T09:12:00"),
            ("2024.01.05. 오후 12:30", "2024-01-05T12:30:00"),
            ("2024.01.05 오전 12:30", "2024-01-05T00:30:00"),
            ("2024.01.05 (금) 21:05", "2024-01-05T21:05:00"),
            ("2024. 1. 5. 금요일 21:05:10", "2024-01-05T21:05:10"),
            ("2024년 3월 17일", "2024-03-17"),
            ("2024년 3월 17일 오후 3시 5분", "2024-03-17T15:05:00"),
            ("2024-03-17 14:02:33 KST", "2024-03-17T14:02:33+09:00"),
            ("Jan 5, 2024 9:12 a.m. KST", "2024-01-05T09:12:00+09:00"),
            ("January 5, 2024 at 9:12 PM EST", "2024-01-05T21:12:00-05:00"),
            ("Jan. 5th 2024", "2024-01-05"),
            ("5 January 2024", "2024-01-05"),
            ("Fri, 05 Jan 2024 09:12:00 +0900", "2024-01-05T09:12:00+09:00"),
            ("Fri, 05 Jan 2024 09:12:00 GMT", "2024-01-05T09:12:00+00:00"),
            ("Fri Jan 05 09:12:00 KST 2024", "2024-01-05T09:12:00+09:00"),
            ("17/03/2024", "2024-03-17"),
            ("입력 : 2024.03.17 14:02", "2024-03-17T14:02:00"),
            ("1704412320", "2024-01-04T23:52:00+00:00"),
            ("1704412320000", "2024-01-04T23:52:00+00:00"),
            ("Sunday, Nov. 9, 1952", "1952-11-09"),
        ];
        for (text, expected) in table {
            assert_eq!(published(text).map(|at| at.to_string()).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_date() {
        for text in [
            "",
            "2024",
            "2024-13-01",
            "2024-02-30",
            "0000-00-00",
            "9999-12-31",
            "1792-01-01",
            "2999-01-01",
            "03/04/2024",
            "어제",
            "12345678",
            "010-1234-5678",
            "2024-03-17 and 2024-03-18",
            "Mar 17",
        ] {
            assert_eq!(published(text), None, "{text}");
        }
    }
}
