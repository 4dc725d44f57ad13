//! Signs of headlines that name another thing at other times: 與 is the party in power on the day of the article, 文 a president
//! of some years. Which one is meant is for each article's date to say, so every name comes with its days.

use std::sync::LazyLock;

use jiff::civil::Date;

use crate::query::request::DateRange;

/// A name that a sign stands for on some days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Era {
    pub sign: char,
    pub name: &'static str,
    pub days: DateRange,
}

static ERAS: LazyLock<Vec<Era>> = LazyLock::new(|| {
    include_str!("eras.tsv").lines().filter(|line| !line.starts_with('#')).filter_map(parse).collect()
});

fn parse(line: &'static str) -> Option<Era> {
    let mut fields = line.split('\t');
    let (sign, name) = (fields.next()?.chars().next()?, fields.next()?);
    let mut day = || fields.next().and_then(|day| day.parse::<Date>().ok());
    Some(Era { sign, name, days: DateRange { since: day(), until: day() } })
}

/// What `sign` stands for on any of the days of `published`.
pub fn named(sign: char, published: DateRange) -> impl Iterator<Item = &'static Era> {
    let overlap = move |days: DateRange| {
        let before = |end: Option<Date>, start: Option<Date>| end.zip(start).is_some_and(|(end, start)| end < start);
        !before(days.until, published.since) && !before(published.until, days.since)
    };
    ERAS.iter().filter(move |era| era.sign == sign && overlap(era.days))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyze::script::{Script, script_of};

    #[test]
    fn every_line_is_an_era() {
        let lines: Vec<&str> = include_str!("eras.tsv").lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(ERAS.len(), lines.len());
        for (era, line) in ERAS.iter().zip(&lines) {
            let fields: Vec<&str> = line.split('\t').collect();
            assert_eq!(fields.len(), 4, "{line}");
            assert!(script_of(era.sign) == Script::Hanja && fields[0].chars().count() == 1, "{line}");
            assert!(era.days.since.is_some() && (era.days.until.is_some() || fields[3].is_empty()), "{line}");
            assert!(era.days.until.is_none_or(|until| Some(until) > era.days.since), "{line}");
        }
        let repeated = ERAS.iter().enumerate().find(|(at, era)| ERAS[..*at].contains(era));
        assert_eq!(repeated, None);
    }

    #[test]
    fn one_party_is_in_power_on_a_day() {
        let rows = [
            ('與', "2004-04-15", "열린우리당"),
            ('與', "2010-06-02", "한나라당"),
            ('與', "2018-06-13", "더불어민주당 민주당"),
            ('與', "2023-12-13", "국민의힘"),
            ('野', "2023-12-13", "더불어민주당 민주당"),
            ('文', "2018-06-13", "문재인"),
            ('文', "2024-06-13", ""),
            ('火', "2018-06-13", ""),
        ];
        for (sign, day, expected) in rows {
            let day = Some(day.parse().unwrap());
            let names: Vec<&str> = named(sign, DateRange { since: day, until: day }).map(|era| era.name).collect();
            assert_eq!(names.join(" "), expected, "{sign} {day:?}");
        }
    }
}
