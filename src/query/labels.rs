//! Outlets and sections by name: case and spaces aside, and what may have been meant where there is none of that name.

use tantivy::schema::Field;

use super::distance::distance;
use crate::store::reader::Reader;

/// Near names told.
const NEAR: usize = 3;

/// What the index holds under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// The labels that are this name, each as it is spelt in the index.
    Labels(Vec<String>),
    /// There is no such label; these are like it, the likest first.
    Near(Vec<String>),
}

/// Looks `name` up among the labels of a field.
pub fn named(reader: &Reader, field: Field, name: &str) -> tantivy::Result<Named> {
    let mut labels: Vec<String> = Vec::new();
    for segment in reader.searcher.segment_readers() {
        let inverted = segment.inverted_index(field)?;
        let mut terms = inverted.terms().stream()?;
        while terms.advance() {
            labels.extend(std::str::from_utf8(terms.key()).ok().map(str::to_owned));
        }
    }
    labels.sort_unstable();
    labels.dedup();
    let wanted = folded(name);
    let same: Vec<String> = labels.iter().filter(|label| folded(label) == wanted).cloned().collect();
    Ok(if same.is_empty() { Named::Near(near(&wanted, labels)) } else { Named::Labels(same) })
}

/// Letters and digits in lower case.
fn folded(name: &str) -> String {
    name.chars().filter(|ch| ch.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The labels that hold the name or are a few letters from it.
fn near(wanted: &str, labels: Vec<String>) -> Vec<String> {
    if wanted.is_empty() {
        return Vec::new();
    }
    let typed: Vec<char> = wanted.chars().collect();
    let letters = typed.len();
    let mut near: Vec<(usize, String)> = labels
        .into_iter()
        .filter_map(|label| {
            let known = folded(&label);
            let away = match known.is_empty() {
                true => return None,
                false if known.contains(wanted) || wanted.contains(&known) => 0,
                false => {
                    let words = label.split_whitespace().map(folded).chain([known]);
                    words
                        .map(|word| distance(&typed, &word.chars().collect::<Vec<_>>(), letters))
                        .min()
                        .unwrap_or(letters)
                }
            };
            (away * 3 <= letters.max(3)).then_some((away, label))
        })
        .collect();
    near.sort_unstable();
    near.into_iter().take(NEAR).map(|(_, label)| label).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names() {
        let labels = ["너울방송", "달무리일보", "The Hangang Observer", "Maru Wire"].map(str::to_owned).to_vec();
        let rows: &[(&str, &[&str])] = &[
            ("너을방송", &["너울방송"]),
            ("hangang", &["The Hangang Observer"]),
            ("maruwire", &["Maru Wire"]),
            ("The Hangang Observr", &["The Hangang Observer"]),
            ("달무리", &["달무리일보"]),
            ("obzerver", &["The Hangang Observer"]),
            ("금시초문", &[]),
            ("-", &[]),
        ];
        for (name, expected) in rows {
            assert_eq!(&near(&folded(name), labels.clone()), expected, "{name}");
        }
    }
}
