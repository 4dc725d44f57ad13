//! The names that may stand before a colon, in both languages, and which of them a misspelt one was meant to be.

use super::ast::Part;

/// What a name before a colon asks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    Text(Part),
    Source,
    Section,
    Byline,
    Url,
    Lang,
    Date,
    Since,
    Until,
}

const NAMES: [(&str, Field); 21] = [
    ("title", Field::Text(Part::Title)),
    ("lead", Field::Text(Part::Lead)),
    ("body", Field::Text(Part::Body)),
    ("source", Field::Source),
    ("section", Field::Section),
    ("byline", Field::Byline),
    ("url", Field::Url),
    ("lang", Field::Lang),
    ("date", Field::Date),
    ("since", Field::Since),
    ("until", Field::Until),
    ("제목", Field::Text(Part::Title)),
    ("전문", Field::Text(Part::Lead)),
    ("본문", Field::Text(Part::Body)),
    ("언론사", Field::Source),
    ("섹션", Field::Section),
    ("기자", Field::Byline),
    ("언어", Field::Lang),
    ("날짜", Field::Date),
    ("부터", Field::Since),
    ("까지", Field::Until),
];

/// The field of this name, in any case.
pub fn field(name: &str) -> Option<Field> {
    NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|&(_, field)| field)
}

/// The name that `name` was probably meant to be: one slip away.
pub fn near(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    let latin = NAMES.iter().map(|&(known, _)| known).filter(|known| known.is_ascii());
    latin.into_iter().find(|known| slips(&name, known) == 1)
}

/// Letters to change, add, drop or swap to make one word of the other (optimal string alignment).
fn slips(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = match (i, j) {
                (0, _) => j,
                (_, 0) => i,
                _ => {
                    let changed = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                    let mut least = changed.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
                    if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                        least = least.min(rows[i - 2][j - 2] + 1);
                    }
                    least
                }
            };
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names() {
        let rows = [
            ("titel", Some("title")),
            ("Tilte", Some("title")),
            ("sorce", Some("source")),
            ("dat", Some("date")),
            ("bylin", Some("byline")),
            ("http", None),
            ("https", None),
            ("re", None),
            ("update", None),
            ("10", None),
            ("title", None),
        ];
        for (name, expected) in rows {
            assert_eq!(near(name), expected, "{name}");
        }
    }
}
