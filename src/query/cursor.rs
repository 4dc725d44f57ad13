//! A cursor: which hits were shown already, so that the next page goes on after them however the index changes meanwhile.
//!
//! A place in an order would not do: scores move with every article that comes in, and a wire story that was to come may
//! get a copy that stands before the place. So a cursor names the articles shown, by their order keys (see
//! [`crate::store::schema::order_key`]), 40 bits each. The next page is the best of all others: nothing comes twice, and
//! nothing that is still there is left out. The first two words of its text are the request it belongs to and its own check
//! sum.

use std::fmt;
use std::str::FromStr;

use xxhash_rust::xxh3::xxh3_64;

use super::request::{MAX_LIMIT, Request};

/// RFC 4648 base 32 in lower case: a key of 40 bits is eight characters.
const DIGITS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
const WORD: usize = 8;
const KEY: u64 = (1 << 40) - 1;

/// The hits shown so far of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    request: u64,
    shown: Vec<u64>,
}

/// Why a cursor cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CursorError {
    #[error("not a cursor, or not all of it; take `next_cursor` of the page before as it is")]
    Malformed,
    #[error("it belongs to another query, other filters or another order; ask for the first page again")]
    OfAnotherRequest,
}

impl Cursor {
    /// A cursor of `request` behind the hits of an earlier one and `page`; `None` where it would grow too long.
    pub fn after(request: &Request, page: impl IntoIterator<Item = u64>) -> Option<Cursor> {
        let mut shown = request.cursor.as_ref().map_or(Vec::new(), |cursor| cursor.shown.clone());
        shown.extend(page);
        (shown.len() < MAX_LIMIT).then(|| Cursor { request: fingerprint(request), shown })
    }

    /// The order keys of the hits shown, in the order in which they were.
    pub fn shown(&self) -> &[u64] {
        &self.shown
    }

    /// Refuses a cursor that was made for another request.
    pub fn check(&self, request: &Request) -> Result<(), CursorError> {
        if self.request == fingerprint(request) { Ok(()) } else { Err(CursorError::OfAnotherRequest) }
    }

    fn sum(&self) -> u64 {
        let bytes: Vec<u8> = [self.request].iter().chain(&self.shown).flat_map(|word| word.to_le_bytes()).collect();
        xxh3_64(&bytes) & KEY
    }
}

/// What decides which articles are found and in which order, as a number; how much of them is shown does not matter.
fn fingerprint(request: &Request) -> u64 {
    let Request {
        query,
        published,
        lang,
        source,
        section,
        sort,
        recent,
        plain,
        ungroup,
        exact,
        no_expand,
        no_correct,
        today,
        ..
    } = request;
    let order = (published, lang, source, section, sort, recent);
    let said = format!("{query:?} {order:?} {:?}", (plain, ungroup, exact, (no_expand, no_correct), today));
    xxh3_64(said.as_bytes()) & KEY
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        [self.request, self.sum()].iter().chain(&self.shown).try_for_each(|&word| {
            (0..WORD).rev().try_for_each(|at| {
                let digit = DIGITS[(word >> (5 * at)) as usize & 31];
                fmt::Write::write_char(f, char::from(digit))
            })
        })
    }
}

impl FromStr for Cursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Cursor, CursorError> {
        let digit = |byte: &u8| DIGITS.iter().position(|known| known == byte).map(|at| at as u64);
        let word = |word: &[u8]| word.iter().try_fold(0, |sum, byte| digit(byte).map(|digit| sum << 5 | digit));
        let bytes = text.trim().as_bytes();
        let (words, []) = bytes.as_chunks::<WORD>() else { return Err(CursorError::Malformed) };
        let words: Option<Vec<u64>> = words.iter().map(|bytes| word(bytes)).collect();
        match words.as_deref() {
            Some([request, sum, shown @ ..]) => {
                let cursor = Cursor { request: *request, shown: shown.to_vec() };
                if cursor.sum() == *sum { Ok(cursor) } else { Err(CursorError::Malformed) }
            }
            _ => Err(CursorError::Malformed),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_cursor_comes_back_whole(first in prop::collection::vec(0..=KEY, 0..30), then in prop::collection::vec(0..=KEY, 1..30), cut in 0usize..400) {
            let request = Request { query: "북한".to_owned(), ..Request::default() };
            let cursor = Cursor::after(&request, first.iter().copied()).unwrap();
            let request = Request { cursor: Some(cursor), limit: 7, ..request };
            let cursor = Cursor::after(&request, then.iter().copied()).unwrap();
            let text = cursor.to_string();
            let back: Cursor = text.parse().unwrap();
            prop_assert_eq!(back.shown(), [first, then].concat());
            prop_assert!(back.check(&request).is_ok());
            let other = Request { query: "북한 핵".to_owned(), ..request };
            prop_assert_eq!(back.check(&other), Err(CursorError::OfAnotherRequest));
            if cut < text.len() {
                prop_assert_eq!(text[..cut].parse::<Cursor>(), Err(CursorError::Malformed));
            }
        }

        #[test]
        fn no_text_is_a_panic(text in "\\PC*") {
            prop_assert!(text.parse::<Cursor>().is_err());
        }
    }
}
