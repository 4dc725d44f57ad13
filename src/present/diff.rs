//! What one article changed of another: sentence by sentence, and within changed sentences word by word.
//!
//! Sentences are aligned first (patience diff), so a moved comma does not make two articles look unlike. Where sentences stand
//! against each other they are told apart by words, unless they have so little in common that they are two texts.

use serde::Serialize;
use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::passage::sentences;
use crate::engine::ArticleOut;

/// The least share of common words of sentences that are told apart by words.
const ALIKE: f32 = 0.35;
/// The most words against words that are compared: what is longer is two texts.
const MOST: usize = 4_000_000;

/// One article against another.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// The id of the article that was changed.
    pub original: String,
    /// The id of the article that changed it.
    pub copy: String,
    /// Share of the sentences of both that are the same, from 0 to 1.
    pub same: f32,
    pub facts: Vec<FactChange>,
    pub title: Vec<Change>,
    /// Of lead, body and captions, in order.
    pub text: Vec<Change>,
}

/// A fact that the two give differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FactChange {
    pub fact: &'static str,
    pub original: Option<String>,
    pub copy: Option<String>,
}

/// A stretch of the two texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "op", rename_all = "lowercase")]
pub enum Change {
    Same { sentences: usize },
    Removed { text: String },
    Added { text: String },
    Changed { words: Vec<Words> },
}

/// Some words of a changed sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Words {
    pub op: Op,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Op {
    Same,
    Removed,
    Added,
}

/// What `copy` changed of `original`.
pub fn difference(original: &ArticleOut, copy: &ArticleOut) -> Difference {
    let text = |article: &ArticleOut| -> Vec<String> {
        let sections = [&article.lead, &article.body].into_iter().chain(&article.captions);
        sections.flat_map(|section| sentences(section).map(|span| spaced(span.of(section)))).collect()
    };
    let (before, after) = (text(original), text(copy));
    let (text, same) = changes(&before, &after);
    let title = |article: &ArticleOut| vec![spaced(&article.title)];
    let facts = [
        ("source", &original.source, &copy.source),
        ("published", &original.published, &copy.published),
        ("byline", &original.byline, &copy.byline),
        ("section", &original.section, &copy.section),
    ];
    Difference {
        original: original.id.clone(),
        copy: copy.id.clone(),
        same: if before.len() + after.len() == 0 {
            1.0
        } else {
            2.0 * same as f32 / (before.len() + after.len()) as f32
        },
        facts: facts
            .into_iter()
            .filter(|(_, original, copy)| original != copy)
            .map(|(fact, original, copy)| FactChange { fact, original: original.clone(), copy: copy.clone() })
            .collect(),
        title: changes(&title(original), &title(copy)).0,
        text,
    }
}

/// `text` with one space for every white space.
fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The changes between two lists of sentences, and how many are the same.
fn changes(before: &[String], after: &[String]) -> (Vec<Change>, usize) {
    let (mut out, mut same) = (Vec::new(), 0);
    for op in capture_diff_slices(Algorithm::Patience, before, after) {
        match op {
            DiffOp::Equal { len, .. } => {
                same += len;
                out.push(Change::Same { sentences: len });
            }
            DiffOp::Delete { old_index, old_len, .. } => {
                out.push(Change::Removed { text: before[old_index..old_index + old_len].join(" ") });
            }
            DiffOp::Insert { new_index, new_len, .. } => {
                out.push(Change::Added { text: after[new_index..new_index + new_len].join(" ") });
            }
            DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                let old = before[old_index..old_index + old_len].join(" ");
                let new = after[new_index..new_index + new_len].join(" ");
                match words(&old, &new) {
                    Some(words) => out.push(Change::Changed { words }),
                    None => out.extend([Change::Removed { text: old }, Change::Added { text: new }]),
                }
            }
        }
    }
    (out, same)
}

/// The words of two texts against each other; `None` where they have little in common.
fn words(old: &str, new: &str) -> Option<Vec<Words>> {
    let (before, after): (Vec<&str>, Vec<&str>) = (old.split(' ').collect(), new.split(' ').collect());
    if before.len().saturating_mul(after.len()) > MOST {
        return None;
    }
    let ops = capture_diff_slices(Algorithm::Myers, &before, &after);
    let same: usize = ops.iter().map(|op| if let DiffOp::Equal { len, .. } = op { *len } else { 0 }).sum();
    if 2.0 * (same as f32) < ALIKE * (before.len() + after.len()) as f32 {
        return None;
    }
    let mut out = Vec::new();
    for op in ops {
        let (old, new) = (before[op.old_range()].join(" "), after[op.new_range()].join(" "));
        let pieces = match op {
            DiffOp::Equal { .. } => vec![(Op::Same, old)],
            DiffOp::Delete { .. } => vec![(Op::Removed, old)],
            DiffOp::Insert { .. } => vec![(Op::Added, new)],
            DiffOp::Replace { .. } => vec![(Op::Removed, old), (Op::Added, new)],
        };
        out.extend(pieces.into_iter().map(|(op, text)| Words { op, text }));
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn article(title: &str, body: &str) -> ArticleOut {
        ArticleOut { title: title.to_owned(), body: body.to_owned(), ..ArticleOut::default() }
    }

    #[test]
    fn sentences_and_words() {
        let original = article("비준 철회", "첫 문장이다. 둘째 문장은 길고 분명하다. 셋째다. 넷째는 빠진다.");
        let copy = article("비준 철회 서명", "첫 문장이다. 둘째 문장은 짧고 분명하다. 셋째다. 새로 덧붙인 끝이다.");
        let found = difference(&original, &copy);
        assert_eq!(found.same, 0.5);
        let word = |op, text: &str| Words { op, text: text.to_owned() };
        assert_eq!(
            found.title,
            [Change::Changed { words: vec![word(Op::Same, "비준 철회"), word(Op::Added, "서명")] }]
        );
        assert_eq!(
            found.text,
            [
                Change::Same { sentences: 1 },
                Change::Changed {
                    words: vec![
                        word(Op::Same, "둘째 문장은"),
                        word(Op::Removed, "길고"),
                        word(Op::Added, "짧고"),
                        word(Op::Same, "분명하다."),
                    ]
                },
                Change::Same { sentences: 1 },
                Change::Removed { text: "넷째는 빠진다.".to_owned() },
                Change::Added { text: "새로 덧붙인 끝이다.".to_owned() },
            ]
        );
    }

    proptest! {
        /// The two texts can be put together again from what is said of them.
        #[test]
        fn nothing_is_lost(before in prop::collection::vec("[a-d가-다]{1,2}", 1..40), after in prop::collection::vec("[a-d가-다]{1,2}", 1..40)) {
            let text = |words: &[String]| words.chunks(4).map(|it| it.join(" ") + ".").collect::<Vec<_>>().join(" ");
            let (before, after) = (text(&before), text(&after));
            let split = |text: &str| sentences(text).map(|span| span.of(text).to_owned()).collect::<Vec<_>>();
            let (old, new) = (split(&before), split(&after));
            let (mut was, mut is): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
            let mut at = 0;
            for change in changes(&old, &new).0 {
                match change {
                    Change::Same { sentences } => {
                        // the place in the copy is what was put together of it so far
                        let done = is.join(" ").split(' ').filter(|word| !word.is_empty()).count();
                        let mut words = 0;
                        at = new.iter().take_while(|it| { let more = words < done; words += it.split(' ').count(); more }).count();
                        let same = &new[at..at + sentences];
                        was.extend(same.iter().cloned());
                        is.extend(same.iter().cloned());
                    }
                    Change::Removed { text } => was.push(text),
                    Change::Added { text } => is.push(text),
                    Change::Changed { words } => for it in words {
                        if it.op != Op::Added { was.push(it.text.clone()); }
                        if it.op != Op::Removed { is.push(it.text); }
                    }
                }
            }
            prop_assert!(at <= new.len());
            prop_assert_eq!(was.join(" "), before);
            prop_assert_eq!(is.join(" "), after);
        }
    }
}
