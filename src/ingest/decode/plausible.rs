//! How odd a reading is: the sum over its characters of what they are worth as news in Korean or English.
//!
//! Wrong charsets give rare syllables, hanja in a row and accented letters side by side. All readings compared are of
//! the same bytes, so sums compare.

use std::sync::OnceLock;

use encoding_rs::EUC_KR;

/// Syllables that make more than half of any Korean news text.
const FREQUENT: &str =
    "이다는의에고가을하지로기사한인도시정은대어리나자서전과일를해장수그부원제안만오상여보구고국아주라성동들";

/// The cost of a reading; lower is better.
pub fn cost(text: &str) -> f32 {
    let mut before = ' ';
    let mut sum = 0.0;
    for ch in text.chars() {
        sum += of(ch, before);
        before = ch;
    }
    sum
}

fn of(ch: char, before: char) -> f32 {
    match ch {
        '\n' | '\t' | '\r' => 0.0,
        '\0'..='\u{1F}' => 2.0,
        ' '..='~' => 0.0,
        '\u{7F}'..='\u{9F}' => 3.0,
        '\u{A0}' | '©' | '®' | '°' | '·' | '«' | '»' | '£' | '½' => 0.3,
        '¡'..='¿' | '×' | '÷' => 0.8,
        // letters with accents stand between plain ones
        'À'..='ɏ' if before.is_ascii_alphabetic() => 0.2,
        'À'..='ɏ' => 0.9,
        '가'..='힣' => syllable(ch),
        '\u{2010}'..='\u{203B}' => 0.1,
        'ㄱ'..='ㆎ' | '\u{3000}'..='\u{303F}' => 0.2,
        '一'..='\u{9FFF}' => 0.7,
        '\u{FFFD}' => 4.0,
        '\u{E000}'..='\u{F8FF}' => 2.0,
        '\u{FF00}'..='\u{FF5E}' => 0.3,
        _ => 0.6,
    }
}

fn syllable(ch: char) -> f32 {
    static WORTH: OnceLock<Vec<f32>> = OnceLock::new();
    let worth = WORTH.get_or_init(|| {
        let mut worth = vec![1.2; 11_172];
        let common = (0xB0..=0xC8u8).flat_map(|row| (0xA1..=0xFEu8).map(move |cell| [row, cell]));
        for pair in common {
            let read = EUC_KR.decode_without_bom_handling(&pair).0;
            for at in read.chars().filter_map(index) {
                worth[at] = 0.25;
            }
        }
        for at in FREQUENT.chars().filter_map(index) {
            worth[at] = 0.0;
        }
        worth
    });
    index(ch).and_then(|at| worth.get(at)).copied().unwrap_or(1.2)
}

fn index(ch: char) -> Option<usize> {
    u32::from(ch).checked_sub(0xAC00).map(|at| at as usize).filter(|at| *at < 11_172)
}
