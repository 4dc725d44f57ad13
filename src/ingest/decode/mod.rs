//! Bytes into text: which charset they are in, whatever their label says.
//!
//! A byte order mark decides. Valid UTF-8 with whole sequences comes next, for other charsets hardly ever look like it.
//! Else the labels and the charsets of Korean and English newsrooms are tried, and the most plausible reading wins: a
//! label is worth a little, errors and odd characters cost. What comes out is composed (NFC) and clean.

mod clean;
mod johab;
mod label;
mod plausible;

pub use clean::clean;

use encoding_rs::{EUC_KR, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Text, and how it was found in its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// Composed, without control characters other than line feed and tab.
    pub text: String,
    /// The WHATWG name in lower case; `johab` and `iso-2022-kr` beside it.
    pub charset: String,
    /// Characters that could not be decoded, each now U+FFFD.
    pub replaced: usize,
    /// What the bytes were said to be, where that was wrong.
    pub lying_label: Option<String>,
}

/// How many bytes are tried in every charset.
const TRIAL: usize = 64 << 10;
/// What a label saves of the cost of its reading.
const LABELLED: f32 = 0.8;
/// By what the cost of UTF-8 is divided where all sequences are whole.
const VALID: f32 = 3.0;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Charset {
    Known(&'static Encoding),
    Johab,
    Iso2022Kr,
}

impl Charset {
    fn named(label: &str) -> Option<Charset> {
        let label = label.trim().trim_matches(['"', '\'']);
        match label.to_ascii_lowercase().as_str() {
            "johab" | "ksc5601-1992" | "x-johab" | "cp1361" | "ms1361" => Some(Charset::Johab),
            "iso-2022-kr" | "csiso2022kr" => Some(Charset::Iso2022Kr),
            "cp949" | "uhc" | "ms949" | "x-windows-949" => Some(Charset::Known(EUC_KR)),
            _ => Encoding::for_label_no_replacement(label.as_bytes()).map(Charset::Known),
        }
    }

    fn name(self) -> String {
        match self {
            Charset::Known(encoding) => encoding.name().to_ascii_lowercase(),
            Charset::Johab => "johab".to_owned(),
            Charset::Iso2022Kr => "iso-2022-kr".to_owned(),
        }
    }

    fn read(self, bytes: &[u8]) -> String {
        match self {
            Charset::Known(encoding) => encoding.decode_without_bom_handling(bytes).0.into_owned(),
            Charset::Johab => johab::johab(bytes),
            Charset::Iso2022Kr => johab::iso_2022_kr(bytes),
        }
    }

    fn is_utf16(self) -> bool {
        self == Charset::Known(UTF_16LE) || self == Charset::Known(UTF_16BE)
    }
}

/// Decodes a document or record; `label` is what came with it.
pub fn decode(bytes: &[u8], label: Option<&str>) -> Decoded {
    let bytes_after = |length: usize| bytes.get(length..).unwrap_or_default();
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return finish(Charset::Known(encoding), bytes_after(mark), None);
    }
    if let Some(encoding) = utf16_by_zeros(bytes) {
        return finish(Charset::Known(encoding), bytes, None);
    }
    let said = label.map(str::to_owned).into_iter().chain(label::declared(bytes));
    let said: Vec<(String, Charset)> = said
        .filter_map(|label| Charset::named(&label).map(|charset| (label, charset)))
        .filter(|(_, charset)| !charset.is_utf16())
        .collect();
    let charset = choose(bytes, &said);
    let lies =
        said.first().filter(|(_, first)| *first != charset && !(bytes.is_ascii() && charset != Charset::Iso2022Kr));
    finish(charset, bytes, lies.map(|(label, _)| label.clone()))
}

/// The charset of a file by its first bytes, for a file that is read as a stream; `None` where they say nothing.
pub fn charset_of(head: &[u8]) -> Option<String> {
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return Some(encoding.name().to_ascii_lowercase());
    }
    if let Some(encoding) = utf16_by_zeros(head) {
        return Some(encoding.name().to_ascii_lowercase());
    }
    // the head may end inside of a character
    let whole = head.iter().rposition(|byte| *byte == b'\n').map_or(head, |at| &head[..at]);
    if whole.is_ascii() && !johab::is_iso_2022_kr(whole) {
        return None;
    }
    Some(choose(whole, &[]).name())
}

fn choose(bytes: &[u8], said: &[(String, Charset)]) -> Charset {
    if johab::is_iso_2022_kr(bytes) {
        return Charset::Iso2022Kr;
    }
    let Some(first) = bytes.iter().position(|byte| !byte.is_ascii()) else {
        return said.first().map_or(Charset::Known(UTF_8), |(_, charset)| match charset {
            Charset::Iso2022Kr => Charset::Known(UTF_8),
            other => *other,
        });
    };
    let utf8 = simdutf8::basic::from_utf8(bytes).is_ok();
    if utf8 && said.first().is_some_and(|(_, charset)| *charset == Charset::Known(UTF_8)) {
        return Charset::Known(UTF_8);
    }
    if utf8 && bytes[first..].iter().filter(|byte| **byte >= 0xE0).nth(2).is_some() {
        return Charset::Known(UTF_8);
    }
    // what an accented letter stands behind tells much about it
    let sample = &bytes[first.saturating_sub(1)..bytes.len().min(first + TRIAL)];
    let labelled = said.iter().map(|(_, charset)| (*charset, LABELLED));
    let usual = [Charset::Known(UTF_8), Charset::Known(EUC_KR), Charset::Johab, Charset::Known(WINDOWS_1252)];
    let usual = usual.into_iter().filter(|charset| !said.iter().any(|(_, said)| said == charset));
    let mut best = (Charset::Known(UTF_8), f32::INFINITY);
    for (charset, weight) in labelled.chain(usual.map(|charset| (charset, 1.0))) {
        let weight = if utf8 && charset == Charset::Known(UTF_8) { weight / VALID } else { weight };
        let cost = plausible::cost(&charset.read(sample)) * weight;
        if cost < best.1 {
            best = (charset, cost);
        }
    }
    best.0
}

/// UTF-16 without a mark: Latin letters, blanks and line ends have a zero byte, always on the same side.
fn utf16_by_zeros(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(4096) & !1];
    memchr::memchr(0, head)?;
    let zeros = |side: usize| head.iter().skip(side).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let enough = (head.len() / 2 / 25).max(1);
    let encoding = match (even, odd) {
        (_, odd) if odd >= enough && even * 3 < odd => UTF_16LE,
        (even, _) if even >= enough && odd * 3 < even => UTF_16BE,
        _ => return None,
    };
    let text = encoding.decode_without_bom_handling(head).0;
    let odd = text.chars().filter(|ch| *ch == '\u{FFFD}' || (ch.is_control() && !ch.is_whitespace())).count();
    (odd * 50 <= text.chars().count()).then_some(encoding)
}

fn finish(charset: Charset, bytes: &[u8], lying_label: Option<String>) -> Decoded {
    let text = charset.read(bytes);
    let already = if charset == Charset::Known(UTF_8) { count_in_utf8(bytes) } else { 0 };
    let replaced = text.matches('\u{FFFD}').count().saturating_sub(already);
    Decoded { text: clean(text), charset: charset.name(), replaced, lying_label }
}

/// Replacement characters that were in the file when it came: nothing of this reading was lost by them.
fn count_in_utf8(bytes: &[u8]) -> usize {
    memchr::memmem::find_iter(bytes, "\u{FFFD}".as_bytes()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KO: &str = "정부가 내년 예산을 확정했다. 똠방각하와 펲시콜라, “따옴표”와 韓國.";

    #[test]
    fn the_charset_is_found_whatever_the_label() {
        let cp949 = EUC_KR.encode(KO).0.into_owned();
        let utf16 = |big: bool| -> Vec<u8> {
            KO.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
        };
        let latin = b"The caf\xe9 in Z\xfcrich \x93closed\x94".to_vec();
        let two = EUC_KR.encode("이 짜").0.into_owned();
        let rows: [(&[u8], Option<&str>, &str, bool); 14] = [
            (KO.as_bytes(), None, "utf-8", false),
            (KO.as_bytes(), Some("euc-kr"), "utf-8", true),
            (&cp949, None, "euc-kr", false),
            (&cp949, Some("utf-8"), "euc-kr", true),
            (&cp949, Some("iso-8859-1"), "euc-kr", true),
            (&utf16(false), None, "utf-16le", false),
            (&utf16(true), Some("utf-8"), "utf-16be", false),
            (&latin, None, "windows-1252", false),
            (&latin, Some("euc-kr"), "windows-1252", true),
            (&two, Some("euc-kr"), "euc-kr", false),
            (b"plain", Some("utf-8"), "utf-8", false),
            ("Zelénskyy".as_bytes(), None, "utf-8", false),
            ("He said “no”".as_bytes(), Some("utf-8"), "utf-8", false),
            ("Wałęsa".as_bytes(), None, "utf-8", false),
        ];
        for (bytes, label, charset, lies) in rows {
            let decoded = decode(bytes, label);
            assert_eq!((decoded.charset.as_str(), decoded.lying_label.is_some()), (charset, lies), "{decoded:?}");
            assert_eq!(decoded.replaced, 0, "{decoded:?}");
        }
        assert_eq!(decode(&cp949, None).text, KO);
    }

    #[test]
    fn iso_2022_kr_and_johab_are_read() {
        let mail = b"\x1b$)CSubject: \x0eGQ19\x0f, Korea\n";
        let decoded = decode(mail, None);
        assert_eq!((decoded.text.as_str(), decoded.charset.as_str()), ("Subject: 한국, Korea\n", "iso-2022-kr"));
        let johab = b"\xd0\x65\x8a\x82\xb4\xe1(\xd0\x65\x8a\x82 \xd0\x65\xb8\x61: \xf7\xdb\xe2\xd0\xed\xde)";
        assert_eq!(decode(johab, None).text, "한국어(한국 한자: 韓國語)");
    }

    #[test]
    fn a_few_broken_bytes_do_not_change_the_charset() {
        let mut bytes = KO.repeat(20).into_bytes();
        bytes.splice(30..31, [0xFF]);
        let decoded = decode(&bytes, Some("utf-8"));
        assert_eq!(decoded.charset, "utf-8");
        assert!((1..=3).contains(&decoded.replaced), "{}", decoded.replaced);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_give_clean_composed_text(bytes: Vec<u8>, label in proptest::option::of("[a-z0-9-]{0,12}")) {
            use unicode_normalization::is_nfc;
            let decoded = decode(&bytes, label.as_deref());
            assert!(is_nfc(&decoded.text));
            assert!(!decoded.text.chars().any(|ch| ch.is_control() && ch != '\n' && ch != '\t'));
        }
    }
}
