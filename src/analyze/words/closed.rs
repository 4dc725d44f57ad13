//! A text without the gaps inside its entries, and the way back: every spelling of an entry is analysed as one.

use super::Held;
use crate::analyze::script::is_word;
use crate::analyze::token::Span;

/// A text closed up over the gaps inside of entries.
pub struct Closed {
    pub text: String,
    /// Of each stretch between gaps, its start in the closed text and in the text as it was.
    stretches: Vec<(usize, usize)>,
}

impl Closed {
    /// `entries` stand apart from each other and in order.
    pub fn over(text: &str, entries: &[Held]) -> Closed {
        let mut closed = Closed { text: String::with_capacity(text.len()), stretches: vec![(0, 0)] };
        let mut entries = entries.iter().peekable();
        for (at, ch) in text.char_indices() {
            while entries.next_if(|entry| entry.end <= at).is_some() {}
            if !is_word(ch) && entries.peek().is_some_and(|entry| entry.start < at) {
                continue;
            }
            let (start, from) = closed.stretches[closed.stretches.len() - 1];
            if at - from != closed.text.len() - start {
                closed.stretches.push((closed.text.len(), at));
            }
            closed.text.push(ch);
        }
        closed
    }

    /// The place of a span of the text as it was. Its end lies behind its last letter, wherever the next one is.
    pub fn there(&self, span: Span) -> Span {
        let there = |at: usize| {
            let (start, from) = self.stretches[self.stretches.partition_point(|&(_, from)| from <= at) - 1];
            start + (at - from)
        };
        Span::new(there(span.start), there(span.end - 1) + 1)
    }

    /// The span of the text as it was that has a place of the closed text.
    pub fn back(&self, span: Span) -> Span {
        let back = |at: usize| {
            let (start, from) = self.stretches[self.stretches.partition_point(|&(start, _)| start <= at) - 1];
            from + (at - start)
        };
        Span::new(back(span.start), back(span.end - 1) + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_inside_of_entries_close() {
        // text, entries, closed text
        let rows: [(&str, &[&str], &str); 4] = [
            ("대학생 선교회는", &["대학생 선교회"], "대학생선교회는"),
            ("“T-50”과 대학생", &["T-50"], "“T50”과 대학생"),
            ("서울 대학생\u{a0} 선교회 T 50", &["서울 대학생\u{a0} 선교회", "T 50"], "서울대학생선교회 T50"),
            ("없다", &[], "없다"),
        ];
        for (text, entries, expected) in rows {
            let span = |part: &str| text.find(part).map(|at| Span::new(at, at + part.len())).unwrap();
            let held = |part: &&str| Held { start: span(part).start, end: span(part).end, entry: 0 };
            let closed = Closed::over(text, &entries.iter().map(held).collect::<Vec<_>>());
            assert_eq!(closed.text, expected);
            for entry in entries {
                let there = closed.there(span(entry));
                let letters: String = entry.chars().filter(|&ch| is_word(ch)).collect();
                assert_eq!(there.of(&closed.text), letters);
                assert_eq!(closed.back(there), span(entry));
            }
        }
    }
}
