//! The two Korean charsets that browsers dropped: Johab (KS X 1001 annex 3) and ISO-2022-KR (RFC 1557).
//!
//! Johab packs the three letters of a syllable in five bits each; its symbols and hanja are KS X 1001 moved about.
//! ISO-2022-KR is KS X 1001 in seven bits between shift-out and shift-in.

use encoding_rs::EUC_KR;

const REPLACED: char = '\u{FFFD}';

/// Whether the bytes announce ISO-2022-KR.
pub fn is_iso_2022_kr(bytes: &[u8]) -> bool {
    bytes.contains(&0x0E) && memchr::memmem::find(bytes, b"\x1b$)C").is_some()
}

pub fn iso_2022_kr(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 3 / 2);
    let (mut at, mut shifted) = (0, false);
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            0x1B if bytes[at..].starts_with(b"$)C") => at += 3,
            0x0E => shifted = true,
            0x0F => shifted = false,
            b'\n' => {
                shifted = false;
                text.push('\n');
            }
            0x21..=0x7E if shifted => {
                let second = bytes.get(at).filter(|byte| (0x21..=0x7E).contains(*byte));
                at += usize::from(second.is_some());
                text.push(second.map_or(REPLACED, |second| ks_x_1001(byte | 0x80, second | 0x80)));
            }
            byte if byte.is_ascii() => text.push(char::from(*byte)),
            _ => text.push(REPLACED),
        }
    }
    text
}

pub fn johab(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 3 / 2);
    let mut at = 0;
    while let Some(&first) = bytes.get(at) {
        at += 1;
        if first.is_ascii() {
            text.push(char::from(first));
            continue;
        }
        let read = bytes.get(at).and_then(|&second| pair(first, second));
        at += usize::from(read.is_some());
        text.push(read.unwrap_or(REPLACED));
    }
    text
}

fn pair(first: u8, second: u8) -> Option<char> {
    match first {
        0x84..=0xD3 if matches!(second, 0x41..=0x7E | 0x81..=0xFE) => hangul(u16::from_be_bytes([first, second])),
        0xD9..=0xDE | 0xE0..=0xF9 if matches!(second, 0x31..=0x7E | 0x91..=0xFE) => {
            let row = if first < 0xE0 { 2 * (u16::from(first) - 0xD9) } else { 2 * u16::from(first) - 0x197 };
            let cell = u16::from(second) - if second < 0x91 { 0x31 } else { 0x43 };
            let (row, cell) = (row + cell / 0x5E, cell % 0x5E);
            Some(ks_x_1001((row + 0xA1) as u8, (cell + 0xA1) as u8)).filter(|ch| *ch != REPLACED)
        }
        _ => None,
    }
}

/// Compatibility letters of the 19 initials and the 27 finals.
const INITIALS: &str = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
const FINALS: &str = "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ";

fn hangul(code: u16) -> Option<char> {
    let (initial, vowel, last) = (u32::from(code >> 10 & 31), u32::from(code >> 5 & 31), u32::from(code & 31));
    let initial = match initial {
        1 => None,
        2..=20 => Some(initial - 2),
        _ => return None,
    };
    let vowel = match vowel {
        2 => None,
        3..=7 => Some(vowel - 3),
        10..=15 => Some(vowel - 5),
        18..=23 => Some(vowel - 7),
        26..=29 => Some(vowel - 9),
        _ => return None,
    };
    let last = match last {
        1 => 0,
        2..=17 => last - 1,
        19..=29 => last - 2,
        _ => return None,
    };
    match (initial, vowel, last) {
        (Some(initial), Some(vowel), last) => char::from_u32(0xAC00 + (initial * 21 + vowel) * 28 + last),
        (Some(initial), None, 0) => INITIALS.chars().nth(initial as usize),
        (None, Some(vowel), 0) => char::from_u32(0x314F + vowel),
        (None, None, last) if last > 0 => FINALS.chars().nth(last as usize - 1),
        _ => None,
    }
}

fn ks_x_1001(first: u8, second: u8) -> char {
    let pair = [first, second];
    let mut chars = EUC_KR.decode_without_bom_handling(&pair).0.into_owned();
    match (chars.pop(), chars.is_empty()) {
        (Some(ch), true) => ch,
        _ => REPLACED,
    }
}
