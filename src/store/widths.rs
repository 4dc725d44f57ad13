//! How many word positions each chunk of an article takes, two bits for nearly all of them.
//!
//! Chunks take one position, or none, or two; what takes more is said in a byte behind the others. Of plain bytes the
//! article's compression would make a third more.

use serde::{Deserialize, Serialize};

use super::invert::varint;

/// The code of a width that has a byte of its own.
const WIDE: u8 = 3;

/// Packed widths: their number (LEB128), four codes a byte with the first in the lowest bits, then the wide ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Widths<'a>(pub &'a [u8]);

/// Packs `widths` into `out`, whose content goes.
pub fn pack_widths(widths: &[u8], out: &mut Vec<u8>) {
    out.clear();
    varint::put(widths.len() as u32, out);
    let codes = |four: &[u8]| four.iter().rev().fold(0, |codes, &width| codes << 2 | width.min(WIDE));
    out.extend(widths.chunks(4).map(codes));
    out.extend(widths.iter().filter(|&&width| width >= WIDE));
}

impl<'a> Widths<'a> {
    /// The widths; where the bytes are damaged they end early.
    pub fn iter(&self) -> impl Iterator<Item = u8> + use<'a> {
        let mut codes = self.0;
        let number = varint::take(&mut codes) as usize;
        let (codes, wide) = codes.split_at_checked(number.div_ceil(4)).unwrap_or_default();
        let mut wide = wide.iter();
        (0..number.min(4 * codes.len())).map_while(move |at| match codes[at / 4] >> (at % 4 * 2) & 3 {
            WIDE => wide.next().copied(),
            width => Some(width),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn there_and_back(widths: &[u8]) -> Vec<u8> {
        let mut packed = vec![9; 3];
        pack_widths(widths, &mut packed);
        Widths(&packed).iter().collect()
    }

    #[test]
    fn widths_come_back() {
        for widths in [&[][..], &[1], &[0, 1, 2, 3], &[1, 1, 2, 1, 1], &[3, 4, 255, 0, 7, 2, 2, 2, 90], &[1; 500]] {
            assert_eq!(there_and_back(widths), widths);
        }
    }

    #[test]
    fn damaged_widths_end() {
        for packed in [&[][..], &[200], &[255, 255, 255, 255, 15, 1], &[4, 0b1111_1111, 5], &[8, 0x55]] {
            assert!(Widths(packed).iter().count() <= 4, "{packed:?}");
        }
        assert_eq!(Widths(&[4, 0b1101_0001, 9, 9]).iter().collect::<Vec<u8>>(), [1, 0, 1, 9]);
    }
}
