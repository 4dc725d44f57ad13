//! Cutting text into chunks: what stands between two white spaces, the eojeol of Korean and the word of English.
//!
//! Analysis, the stored position counts and highlighting all count chunks with this one function; a chunk is the unit
//! that is analysed, cached and looked up again, so the three cannot disagree.

use wide::u8x16;

use super::script::{Script, is_word, script_of};
use super::token::Span;
use super::unit::{sign_after, sign_before};

/// The longest chunk, in bytes: text without spaces is cut here, so that no input makes analysis slow.
pub const MAX_CHUNK: usize = 240;

/// The chunks of `text` in order, as spans; never empty, never longer than [`MAX_CHUNK`].
pub fn chunks(text: &str) -> Chunks<'_> {
    Chunks { text, at: 0, base: 0, spaces: may_begin_space(text.as_bytes()) }
}

/// Bytes looked at together: as many as an integer has bits.
const LANE: usize = 64;

#[derive(Clone)]
pub struct Chunks<'a> {
    text: &'a str,
    at: usize,
    /// A bit for each byte from `base` on that may begin a white space.
    spaces: u64,
    base: usize,
}

/// White space at the start of `bytes`: its length, or 0. Covers ASCII, NBSP, U+1680, U+2000..200B, 2028, 2029, 202F,
/// 205F, U+3000.
#[inline]
fn space_len(bytes: &[u8]) -> usize {
    match bytes {
        [b'\t'..=b'\r' | b' ', ..] => 1,
        [0xC2, 0x85 | 0xA0, ..] => 2,
        [0xE1, 0x9A, 0x80, ..] | [0xE2, 0x80, 0x80..=0x8B | 0xA8 | 0xA9 | 0xAF, ..] => 3,
        [0xE2, 0x81, 0x9F, ..] | [0xE3, 0x80, 0x80, ..] => 3,
        _ => 0,
    }
}

/// A bit for each of the first bytes that may begin a white space.
fn may_begin_space(bytes: &[u8]) -> u64 {
    let mut few = [0; LANE];
    let lane: &[u8; LANE] = match bytes.first_chunk() {
        Some(lane) => lane,
        None => {
            few[..bytes.len()].copy_from_slice(bytes);
            &few
        }
    };
    lane.as_chunks().0.iter().rev().fold(0, |bits, &sixteen| {
        let sixteen = u8x16::new(sixteen);
        let one = sixteen.simd_le(u8x16::splat(b' '));
        let two = sixteen.simd_eq(u8x16::splat(0xC2));
        let three = (sixteen - u8x16::splat(0xE1)).simd_le(u8x16::splat(0xE3 - 0xE1));
        bits << 16 | u64::from((one | two | three).to_bitmask())
    })
}

impl Chunks<'_> {
    /// Where the first white space from `at` on begins; `limit` where there is none before it.
    fn space(&mut self, mut at: usize, limit: usize) -> usize {
        let bytes = self.text.as_bytes();
        while at < limit {
            // a chunk that was cut ends before what was looked at
            if at.wrapping_sub(self.base) >= LANE {
                (self.base, self.spaces) = (at, may_begin_space(&bytes[at..]));
            }
            let left = self.spaces >> (at - self.base);
            if left == 0 {
                at = self.base + LANE;
                continue;
            }
            at += left.trailing_zeros() as usize;
            if at < limit && space_len(&bytes[at..]) > 0 {
                return at;
            }
            at += 1;
        }
        limit
    }
}

impl Iterator for Chunks<'_> {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        let bytes = self.text.as_bytes();
        let mut start = self.at;
        loop {
            match space_len(bytes.get(start..)?) {
                0 if start < bytes.len() => break,
                0 => return None,
                len => start += len,
            }
        }
        let limit = bytes.len().min(start + MAX_CHUNK);
        let mut end = self.space(start, limit);
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        self.at = end;
        Some(Span::new(start, end))
    }
}

/// The part of a chunk that is analysed: without the punctuation around it, but with the signs of names and amounts (`C#`, `C++`, `3%`, `$5`).
pub fn core_of(chunk: &str) -> Span {
    let Some(first) = chunk.find(is_word) else { return Span::new(0, 0) };
    let number = chunk[first..].starts_with(|ch: char| ch.is_ascii_digit());
    let start = first - sign_before(&chunk[..first]).filter(|_| number).map_or(0, |(_, len)| len);
    let trimmed = chunk.trim_end_matches(|ch| !is_word(ch));
    let mut end = trimmed.len();
    let rest = &chunk[end..];
    let short_latin = trimmed.chars().next_back().is_some_and(|ch| script_of(ch) == Script::Latin) && end - start <= 2;
    if short_latin {
        if rest.starts_with("++") {
            end += 2;
        } else if rest.starts_with('#') {
            end += 1;
        }
    } else if trimmed.ends_with(|ch: char| ch.is_ascii_digit()) {
        end += sign_after(rest).map_or(0, |(_, len)| len);
    }
    Span::new(start, end)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn cores() {
        let rows = [
            ("“재선으로”", "재선으로"),
            ("(주)교보문고,", "주)교보문고"),
            ("C#", "C#"),
            ("C++.", "C++"),
            ("(3.1%)", "3.1%"),
            ("$5,", "$5"),
            ("-5", "5"),
            ("#해시태그", "해시태그"),
            ("…", ""),
            ("표현입니당)", "표현입니당"),
        ];
        for (chunk, core) in rows {
            assert_eq!(core_of(chunk).of(chunk), core, "{chunk}");
        }
    }

    #[test]
    fn chunks_cover_every_letter() {
        let text = "북한이\u{a0}  핵실험을\u{3000}했다.\n\n\tCTBT ";
        let words: Vec<&str> = chunks(text).map(|span| span.of(text)).collect();
        assert_eq!(words, ["북한이", "핵실험을", "했다.", "CTBT"]);
        let long = "가".repeat(1000);
        assert_eq!(chunks(&long).map(|span| span.end - span.start).sum::<usize>(), long.len());
        assert!(chunks(&long).all(|span| span.end - span.start <= MAX_CHUNK));
    }

    proptest! {
        #[test]
        fn chunks_of_any_text(text in "([a-z]{1,70}|[가-힣]{1,90}|[“”—👍é]| |\\t|\u{a0}|\u{2009}|\u{3000}|\u{200b}){0,20}") {
            let (mut at, mut expected) = (0, Vec::new());
            while at < text.len() {
                let start = at;
                while at < text.len() && space_len(&text.as_bytes()[at..]) == 0 && at - start < MAX_CHUNK {
                    at += 1;
                }
                while !text.is_char_boundary(at) {
                    at -= 1;
                }
                if at > start {
                    expected.push(Span::new(start, at));
                } else {
                    at += space_len(&text.as_bytes()[at..]);
                }
            }
            prop_assert_eq!(chunks(&text).collect::<Vec<_>>(), expected);
        }
    }
}
