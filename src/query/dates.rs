//! Days as people say them, resolved against a stated day: `2023-10`, `last 7 days`, `지난 3일`, `어제`, `2023년 10월`.

use jiff::ToSpan;
use jiff::civil::Date;

use super::request::DateRange;

/// The day that relative days are counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Today {
    Stated(Date),
    /// The system's day. It is asked for where a relative day is met: finding the time zone reads dozens of files.
    OfClock,
}

impl Today {
    pub fn date(self) -> Date {
        match self {
            Today::Stated(date) => date,
            Today::OfClock => jiff::ZonedDateTime::now().date(),
        }
    }
}

/// Why something is no range of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    #[error("not a day; write 2023, 2023-10, 2023-10-05, \"last 7 days\" or \"지난 3일\"")]
    Form,
    #[error("there is no such day")]
    NoSuchDay,
    #[error("it ends before it begins")]
    Reversed,
}

/// The days that `text` names, both ends included; `a..b` is from the first day of `a` to the last of `b`.
pub fn days(text: &str, today: Today) -> Result<DateRange, DateError> {
    let text = text.trim();
    let Some((from, to)) = text.split_once("..") else {
        let (since, until) = stretch(text, today)?;
        return Ok(DateRange { since: Some(since), until: Some(until) });
    };
    let end = |text: &str| if text.trim().is_empty() { Ok(None) } else { stretch(text.trim(), today).map(Some) };
    let range = DateRange { since: end(from)?.map(|it| it.0), until: end(to)?.map(|it| it.1) };
    match range {
        DateRange { since: None, until: None } => Err(DateError::Form),
        DateRange { since: Some(since), until: Some(until) } if since > until => Err(DateError::Reversed),
        range => Ok(range),
    }
}

/// The first and the last day of what `text` names.
fn stretch(text: &str, today: Today) -> Result<(Date, Date), DateError> {
    if let Some(found) = numeric(text) {
        return found;
    }
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    let joined = words.concat();
    if let Some(found) = korean_date(&joined) {
        return found;
    }
    let today = today.date();
    let ago = |days: i32| today.checked_sub(days.days()).map_err(|_| DateError::NoSuchDay);
    let day = |date: Date| Ok((date, date));
    match joined.as_str() {
        "today" | "오늘" => return day(today),
        "yesterday" | "어제" => return day(ago(1)?),
        "그제" | "그저께" | "엊그제" => return day(ago(2)?),
        "내일" | "tomorrow" => return day(today.tomorrow().map_err(|_| DateError::NoSuchDay)?),
        "작년" | "지난해" => return year(today.year() - 1),
        "재작년" => return year(today.year() - 2),
        "올해" | "금년" => return year(today.year()),
        "지난주" => return period(Unit::Week, -1, today),
        "지난달" => return period(Unit::Month, -1, today),
        "금주" => return period(Unit::Week, 0, today),
        _ => {}
    }
    if let Some((count, unit)) = joined.strip_suffix("전").or(joined.strip_suffix("ago")).and_then(counted) {
        return day(back_from(today, count, unit)?);
    }
    let heads = [("last", true), ("past", true), ("this", false), ("지난", true), ("최근", true), ("이번", false)];
    let head = heads.iter().find_map(|&(head, back)| Some((joined.strip_prefix(head)?, back)));
    let (rest, back) = head.ok_or(DateError::Form)?;
    if let Some((count, unit)) = counted(rest).filter(|_| back) {
        // today is the last of them
        let start = back_from(today, count, unit)?.tomorrow().map_err(|_| DateError::NoSuchDay)?;
        return if count == 0 { Err(DateError::Form) } else { Ok((start.min(today), today)) };
    }
    match unit_of(rest) {
        Some(Unit::Day) => day(today),
        Some(unit) => period(unit, if back { -1 } else { 0 }, today),
        None => Err(DateError::Form),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Day,
    Week,
    Month,
    Year,
}

fn unit_of(text: &str) -> Option<Unit> {
    Some(match text.strip_suffix("간").unwrap_or(text) {
        "day" | "days" | "일" => Unit::Day,
        "week" | "weeks" | "주" | "주일" => Unit::Week,
        "month" | "months" | "달" | "개월" => Unit::Month,
        "year" | "years" | "년" | "해" => Unit::Year,
        _ => return None,
    })
}

/// `7days`, `3일`: a count and its unit.
fn counted(text: &str) -> Option<(i32, Unit)> {
    let end = text.find(|ch: char| !ch.is_ascii_digit())?;
    let (count, unit) = (text[..end].parse().ok()?, text[end..].trim_start());
    // jiff's spans reach about 20,000 years
    (count <= 100_000).then_some((count, unit_of(unit)?))
}

fn back_from(today: Date, count: i32, unit: Unit) -> Result<Date, DateError> {
    let span = match unit {
        Unit::Day => jiff::Span::new().try_days(count),
        Unit::Week => jiff::Span::new().try_weeks(count),
        Unit::Month => jiff::Span::new().try_months(count),
        Unit::Year => jiff::Span::new().try_years(count),
    };
    span.and_then(|span| today.checked_sub(span)).map_err(|_| DateError::NoSuchDay)
}

/// The calendar week (from Monday), month or year that lies `by` after the one of today.
fn period(unit: Unit, by: i32, today: Date) -> Result<(Date, Date), DateError> {
    let none = |_| DateError::NoSuchDay;
    match unit {
        Unit::Day => Ok((today, today)),
        Unit::Week => {
            let monday = today.checked_sub(i32::from(today.weekday().to_monday_zero_offset()).days()).map_err(none)?;
            let first = monday.checked_add(by.weeks()).map_err(none)?;
            Ok((first, first.checked_add(6.days()).map_err(none)?))
        }
        Unit::Month => {
            let first = today.first_of_month().checked_add(by.months()).map_err(none)?;
            Ok((first, first.last_of_month()))
        }
        Unit::Year => year(today.year() + by as i16),
    }
}

fn year(year: i16) -> Result<(Date, Date), DateError> {
    let day = |month, day| Date::new(year, month, day).map_err(|_| DateError::NoSuchDay);
    Ok((day(1, 1)?, day(12, 31)?))
}

/// A year, a month or a day in digits, with `-`, `.` or `/` between them, or a day in eight digits.
fn numeric(text: &str) -> Option<Result<(Date, Date), DateError>> {
    let text = text.trim_end_matches('.');
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(of_parts(&[&text[..4], &text[4..6], &text[6..]]));
    }
    let sign = text.chars().find(|ch| !ch.is_ascii_digit());
    let parts: Vec<&str> = match sign {
        Some(sign @ ('-' | '.' | '/')) => text.split(sign).map(str::trim).collect(),
        Some(_) => return None,
        None => vec![text],
    };
    let digits = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (parts[0].len() == 4 && parts.len() <= 3 && parts.iter().all(digits)).then(|| of_parts(&parts))
}

/// `2023년`, `2023년10월`, `2023년10월5일`
fn korean_date(joined: &str) -> Option<Result<(Date, Date), DateError>> {
    let mut parts = Vec::new();
    let mut rest = joined;
    for unit in ['년', '월', '일'] {
        if rest.is_empty() {
            break;
        }
        let (number, after) = rest.split_once(unit)?;
        if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        parts.push(number);
        rest = after;
    }
    (rest.is_empty() && parts.first().is_some_and(|year| year.len() == 4)).then(|| of_parts(&parts))
}

fn of_parts(parts: &[&str]) -> Result<(Date, Date), DateError> {
    let number = |at: usize| parts[at].parse::<i8>().map_err(|_| DateError::NoSuchDay);
    let of_year: i16 = parts[0].parse().map_err(|_| DateError::NoSuchDay)?;
    let date = |month, day| Date::new(of_year, month, day).map_err(|_| DateError::NoSuchDay);
    match parts.len() {
        1 => year(of_year),
        2 => date(number(1)?, 1).map(|first| (first, first.last_of_month())),
        _ => date(number(1)?, number(2)?).map(|day| (day, day)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A Wednesday.
    const TODAY: Today = Today::Stated(jiff::civil::date(2023, 12, 13));

    #[test]
    fn ranges_of_days() {
        let rows = [
            ("2023", "2023-01-01..2023-12-31"),
            ("2023-10", "2023-10-01..2023-10-31"),
            ("2024-02", "2024-02-01..2024-02-29"),
            ("2023-10-05", "2023-10-05..2023-10-05"),
            ("2023.10.5", "2023-10-05..2023-10-05"),
            ("2023/10/05", "2023-10-05..2023-10-05"),
            ("20231005", "2023-10-05..2023-10-05"),
            ("2023-10..2023-12", "2023-10-01..2023-12-31"),
            ("2023-10..", "2023-10-01.."),
            ("..2023-10", "..2023-10-31"),
            ("2023년 10월..어제", "2023-10-01..2023-12-12"),
            ("2023년", "2023-01-01..2023-12-31"),
            ("2023년 10월", "2023-10-01..2023-10-31"),
            ("2023년10월 5일", "2023-10-05..2023-10-05"),
            ("today", "2023-12-13..2023-12-13"),
            ("오늘", "2023-12-13..2023-12-13"),
            ("Yesterday", "2023-12-12..2023-12-12"),
            ("그저께", "2023-12-11..2023-12-11"),
            ("last 7 days", "2023-12-07..2023-12-13"),
            ("past 1 day", "2023-12-13..2023-12-13"),
            ("last 2 weeks", "2023-11-30..2023-12-13"),
            ("last 3 months", "2023-09-14..2023-12-13"),
            ("지난 3일", "2023-12-11..2023-12-13"),
            ("지난3일", "2023-12-11..2023-12-13"),
            ("최근 2주일", "2023-11-30..2023-12-13"),
            ("지난 6개월간", "2023-06-14..2023-12-13"),
            ("3일 전", "2023-12-10..2023-12-10"),
            ("3 days ago", "2023-12-10..2023-12-10"),
            ("this month", "2023-12-01..2023-12-31"),
            ("이번 달", "2023-12-01..2023-12-31"),
            ("이번달", "2023-12-01..2023-12-31"),
            ("last month", "2023-11-01..2023-11-30"),
            ("지난달", "2023-11-01..2023-11-30"),
            ("이번 주", "2023-12-11..2023-12-17"),
            ("last week", "2023-12-04..2023-12-10"),
            ("지난주", "2023-12-04..2023-12-10"),
            ("올해", "2023-01-01..2023-12-31"),
            ("작년", "2022-01-01..2022-12-31"),
            ("last year", "2022-01-01..2022-12-31"),
        ];
        for (text, expected) in rows {
            let range = days(text, TODAY).unwrap_or_else(|error| panic!("{text}: {error}"));
            let end = |day: Option<Date>| day.map_or(String::new(), |day| day.to_string());
            assert_eq!(format!("{}..{}", end(range.since), end(range.until)), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_range() {
        let rows = [
            ("", DateError::Form),
            ("..", DateError::Form),
            ("북한", DateError::Form),
            ("10", DateError::Form),
            ("last", DateError::Form),
            ("last 0 days", DateError::Form),
            ("지난 이틀밤", DateError::Form),
            ("2023-13", DateError::NoSuchDay),
            ("2023-02-30", DateError::NoSuchDay),
            ("2023년 2월 30일", DateError::NoSuchDay),
            ("99999999", DateError::NoSuchDay),
            ("last 99999 years", DateError::NoSuchDay),
            ("2023-12..2023-10", DateError::Reversed),
        ];
        for (text, expected) in rows {
            assert_eq!(days(text, TODAY), Err(expected), "{text}");
        }
    }
}
