//! Which stretches of a text are marked for a query, and what each of them is.

use super::search::Ranked;
use crate::analyze::script::{Script, script_of};
use crate::present::highlight::{Mark, MarkKind, in_code_points, stretches};

/// Marked stretches in Unicode code points of their text, and what each of them is.
pub(super) type Marked = (Vec<[usize; 2]>, Vec<MarkKind>);

impl Ranked {
    /// What `text` shows of its marks.
    pub(super) fn marked(&self, text: &str, marks: &[Mark]) -> Marked {
        let of = |mark: &Mark| (self.weighed[usize::from(mark.wanted)].clue.word, self.kind(mark, text));
        let (spans, kinds): (Vec<_>, Vec<_>) = stretches(text, marks, of).into_iter().unzip();
        (in_code_points(text, &spans), kinds)
    }

    fn kind(&self, mark: &Mark, text: &str) -> MarkKind {
        let clue = &self.weighed[usize::from(mark.wanted)];
        let has_hanja = |text: &str| text.chars().any(|ch| script_of(ch) == Script::Hanja);
        if clue.factor == 0.0 {
            MarkKind::Translation
        } else if has_hanja(mark.span.of(text)) && !has_hanja(&clue.clue.term) {
            MarkKind::Hanja
        } else {
            MarkKind::Word
        }
    }
}
