//! Amounts and dates as people write them, brought to one form.
//!
//! `10만` is 100000, `3조2천억` and `3.2조` are 3200000000000, `이천이십육` before a counter is 2026: each gives its value as a
//! token beside the printed parts, which still match as printed. An amount or a date may go on in the next chunk (`3.2
//! trillion`, `3조 2천억`, `Mar. 17, 2024`): every chunk says in an [`Amount`] what it brings, and a [`Joiner`] that walks the
//! chunks of a text in order, the same in articles and in queries, gives the value at the chunk that completes it.

/// Millionths, so that `3.2` is exact.
pub type Value = u128;

const ONE: Value = 1_000_000;
const UNITS: [(char, Value); 7] = [
    ('십', 10),
    ('백', 100),
    ('천', 1_000),
    ('만', 10_000),
    ('억', 100_000_000),
    ('조', 1_000_000_000_000),
    ('경', 10_000_000_000_000_000),
];
const DIGITS: &str = "영일이삼사오육칠팔구";
/// What a number in Hangul must stand before where it is short.
const COUNTERS: [&str; 15] =
    ["년", "월", "일", "명", "원", "개", "회", "번", "차", "호", "위", "세", "달러", "여", "퍼센트"];

/// What one chunk brings to an amount or a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amount {
    /// `3.2`, `17`: a number that a magnitude, a month or a year may follow.
    Plain(Value),
    /// `3조`: the value, and the smallest unit in it; less than that may be added.
    Scaled(Value, Value),
    /// `trillion`.
    Magnitude(Value),
    Year(u16),
    Month(u8),
    Day(u8),
}

/// A number at the start of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Number {
    /// Its length in bytes.
    pub len: usize,
    pub value: Value,
    /// The smallest unit it is counted in (만, 억, ...), 1 without any.
    pub unit: Value,
}

impl Number {
    /// What a chunk that begins with this number, followed by `rest`, brings.
    pub fn amount(&self, rest: &str) -> Option<Amount> {
        let whole = self.value.is_multiple_of(ONE).then_some(self.value / ONE)?;
        if rest.starts_with('년') && (1000..=2999).contains(&whole) {
            return Some(Amount::Year(whole as u16));
        }
        if rest.starts_with('월') && (1..=12).contains(&whole) {
            return Some(Amount::Month(whole as u8));
        }
        if rest.starts_with('일') && (1..=31).contains(&whole) {
            return Some(Amount::Day(whole as u8));
        }
        (self.unit >= 10_000).then_some(Amount::Scaled(self.value, self.unit))
    }
}

/// Digits with commas and a decimal point, whole.
fn digits(text: &str) -> Option<(usize, Value)> {
    let bytes = text.as_bytes();
    let (mut value, mut scale, mut len) = (0u128, None::<u128>, 0);
    for (at, &byte) in bytes.iter().enumerate() {
        let digit_next = bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
        match byte {
            b'0'..=b'9' => match &mut scale {
                None => value = value.checked_mul(10)?.checked_add(u128::from(byte - b'0') * ONE)?,
                Some(scale) => {
                    *scale /= 10;
                    value += u128::from(byte - b'0') * *scale;
                }
            },
            b',' if at > 0 && digit_next && scale.is_none() => {}
            b'.' if at > 0 && digit_next && scale.is_none() => scale = Some(ONE),
            _ => break,
        }
        len = at + 1;
        if len > 24 {
            return None;
        }
    }
    (len > 0).then_some((len, value))
}

/// The number that `text` begins with: digits, Hangul numerals and units in any mixture (`3조2천억`, `이천이십육`).
pub fn number(text: &str) -> Option<Number> {
    let (mut total, mut section, mut digit) = (0u128, 0u128, None::<Value>);
    let (mut at, mut unit, mut above) = (0, 1u128, Value::MAX);
    let mut printed_digits = false;
    while let Some(ch) = text[at..].chars().next() {
        if ch.is_ascii_digit() {
            if digit.is_some() {
                break;
            }
            let (len, value) = digits(&text[at..])?;
            digit = Some(value);
            printed_digits = true;
            at += len;
            continue;
        }
        if let Some(value) = DIGITS.chars().position(|known| known == ch) {
            if printed_digits || digit.is_some() {
                break;
            }
            digit = Some(value as Value * ONE);
        } else if let Some(&(_, size)) = UNITS.iter().find(|(sign, _)| *sign == ch) {
            if size < 10_000 {
                section += digit.take().unwrap_or(ONE).checked_mul(size)?;
            } else {
                let count = section + digit.take().unwrap_or(0);
                if size >= above {
                    break;
                }
                total += if count == 0 { ONE } else { count }.checked_mul(size)?;
                (section, above) = (0, size);
            }
            unit = size;
        } else {
            break;
        }
        at += ch.len_utf8();
    }
    if digit.is_some() {
        unit = 1;
    }
    let value = total + section + digit.unwrap_or(0);
    let rest = &text[at..];
    let long = text[..at].chars().count();
    let plausible =
        printed_digits || long >= 4 || long >= 2 && COUNTERS.iter().any(|counter| rest.starts_with(counter));
    // a unit alone is a noun (조, 만), and so may two of them be (이천, 사천)
    (at > 0 && plausible).then_some(Number { len: at, value, unit })
}

/// `trillion`, `March`: what an English word brings, lower-cased.
pub fn english(word: &str) -> Option<Amount> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    const FULL: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let magnitude = match word {
        "thousand" => 1_000,
        "million" | "mln" => 1_000_000,
        "billion" | "bln" | "bn" => 1_000_000_000,
        "trillion" | "tn" => 1_000_000_000_000,
        "sept" => return Some(Amount::Month(9)),
        _ => {
            let month = |names: &[&str]| names.iter().position(|name| *name == word);
            return month(&MONTHS).or_else(|| month(&FULL)).map(|at| Amount::Month(at as u8 + 1));
        }
    };
    Some(Amount::Magnitude(magnitude))
}

/// `2024-03-17`, `2024.3.17`, `2024/3/17`: the date in its one form.
pub fn numeric_date(year: &str, month: &str, day: &str) -> Option<String> {
    let (year, month, day): (u16, u8, u8) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    let real = (1000..=2999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    real.then(|| format!("{year}-{month:02}-{day:02}"))
}

/// The one form of a value: digits, and a decimal point where it is needed.
pub fn printed(value: Value) -> String {
    let (whole, part) = (value / ONE, value % ONE);
    if part == 0 { whole.to_string() } else { format!("{whole}.{part:06}").trim_end_matches('0').to_owned() }
}

/// Puts together what the chunks of a text bring, one after the other.
#[derive(Debug, Clone, Default)]
pub struct Joiner {
    last: Option<Amount>,
    year: Option<u16>,
    month: Option<u8>,
    day: Option<u8>,
}

impl Joiner {
    /// What is complete with the next chunk, which brings `amount`.
    pub fn next(&mut self, amount: Option<Amount>) -> Option<String> {
        let Some(amount) = amount else {
            if self.last.is_some() {
                *self = Joiner::default();
            }
            return None;
        };
        let mut joined = None;
        let small = |value: Value| {
            (value.is_multiple_of(ONE) && (ONE..=31 * ONE).contains(&value)).then_some((value / ONE) as u8)
        };
        let date = |joiner: &Joiner| {
            let (month, day) = (joiner.month?, joiner.day?);
            Some(joiner.year.map_or(format!("{month:02}-{day:02}"), |year| format!("{year}-{month:02}-{day:02}")))
        };
        let mut next = Joiner { last: Some(amount), ..Joiner::default() };
        match (self.last, amount) {
            (Some(Amount::Plain(count)), Amount::Magnitude(size)) => {
                joined = count.checked_mul(size).map(printed);
            }
            (Some(Amount::Scaled(high, unit)), Amount::Scaled(low, below)) if low < unit.saturating_mul(ONE) => {
                next.last = Some(Amount::Scaled(high + low, below));
                joined = Some(printed(high + low));
            }
            (Some(Amount::Year(year)), Amount::Month(month)) => {
                (next.year, next.month) = (Some(year), Some(month));
            }
            (Some(Amount::Plain(day)), Amount::Month(month)) if small(day).is_some() => {
                (next.month, next.day) = (Some(month), small(day));
                joined = date(&next);
            }
            (_, Amount::Month(month)) => next.month = Some(month),
            (Some(Amount::Month(_)), Amount::Day(day)) => {
                next = Joiner { day: Some(day), last: next.last, ..self.clone() };
                joined = date(&next);
            }
            (Some(Amount::Month(_)), Amount::Plain(day)) if self.day.is_none() && small(day).is_some() => {
                next = Joiner { day: small(day), last: next.last, ..self.clone() };
                joined = date(&next);
            }
            (_, Amount::Plain(year)) if self.day.is_some() && self.year.is_none() && year.is_multiple_of(ONE) => {
                if let whole @ 1000..=2999 = year / ONE {
                    joined = date(&Joiner { year: Some(whole as u16), ..self.clone() });
                }
            }
            _ => {}
        }
        *self = next;
        joined
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        let rows = [
            ("10만", Some("100000")),
            ("100,000명", Some("100000")),
            ("3조2천억원", Some("3200000000000")),
            ("3.2조", Some("3200000000000")),
            ("이천이십육년", Some("2026")),
            ("일억이천만원", Some("120000000")),
            ("5천", Some("5000")),
            ("1만2천300명", Some("12300")),
            ("7차", Some("7")),
            ("3.14", Some("3.14")),
            ("이천", None),
            ("만세", None),
            ("조직", None),
            ("", None),
        ];
        for (text, value) in rows {
            assert_eq!(number(text).map(|number| printed(number.value)).as_deref(), value, "{text}");
        }
    }

    #[test]
    fn joined() {
        let scaled = |text: &str| number(text).and_then(|number| number.amount(&text[number.len..]));
        let plain = |text: &str| number(text).map(|number| Amount::Plain(number.value));
        type Row = (&'static str, Vec<Option<Amount>>, Option<&'static str>);
        let rows: [Row; 8] = [
            ("3.2 trillion", vec![plain("3.2"), english("trillion")], Some("3200000000000")),
            ("3조 2천억", vec![scaled("3조"), scaled("2천억원")], Some("3200000000000")),
            ("2천억 3조", vec![scaled("2천억"), scaled("3조")], None),
            ("2024년 3월 17일", vec![scaled("2024년"), scaled("3월"), scaled("17일")], Some("2024-03-17")),
            ("Mar. 17, 2024", vec![english("mar"), plain("17"), plain("2024")], Some("2024-03-17")),
            ("17 March 2024", vec![plain("17"), english("march"), plain("2024")], Some("2024-03-17")),
            ("3월 17일", vec![scaled("3월"), scaled("17일")], Some("03-17")),
            ("3월 회의 17일", vec![scaled("3월"), None, scaled("17일")], None),
        ];
        for (text, chunks, expected) in rows {
            let mut joiner = Joiner::default();
            let last = chunks.into_iter().map(|amount| joiner.next(amount)).last().flatten();
            assert_eq!(last.as_deref(), expected, "{text}");
        }
    }
}
