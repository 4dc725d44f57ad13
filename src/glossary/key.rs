//! How a form is looked up: one key for everything a reader would call the same form.
//!
//! Korean forms lose their spaces and signs. English forms are looked up by their words: acronyms by their capitals (`IT`
//! is not `it`), capitalised words apart from others (`Polish`, `polish`), then without inflection. The build script
//! compiles the core table with this very file, so table and queries cannot disagree.

use crate::analyze::latin::{English, fold, is_acronym};

/// The most words of an English form, and the most syllables of a Korean one.
pub const MAX_WORDS: usize = 8;
pub const MAX_SYLLABLES: usize = 24;

/// Before the key of an acronym, of a capitalised word, of a form without inflection.
const CAPITAL: char = '^';
const STEM: char = '~';

/// Acronyms that are also common words: never meant where they are written small.
const ALSO_WORDS: &[&str] = &[
    "ALBA", "CARE", "DARE", "EAST", "FAST", "HOPE", "NICE", "PACE", "RATE", "SALT", "SEAL", "SEAT", "START", "SWIFT",
    "TEAM", "WASP",
];

/// One word of Latin text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LatinWord {
    /// Bytes in the text, possessive included.
    pub start: usize,
    pub end: usize,
    /// As printed, initials joined (`U.S.` is `US`), possessive dropped.
    pub text: String,
}

/// The Latin words of `text`; whatever is no Latin letter or digit separates.
pub fn latin_words(text: &str) -> Vec<LatinWord> {
    let letter = |ch: char| ch.is_ascii_alphanumeric() || matches!(ch, '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}');
    let mut words: Vec<LatinWord> = Vec::new();
    let mut start = None;
    for (at, ch) in text.char_indices().chain([(text.len(), ' ')]) {
        let apostrophe = matches!(ch, '\'' | '’') && start.is_some() && text[at + ch.len_utf8()..].starts_with(letter);
        if letter(ch) || apostrophe {
            start.get_or_insert(at);
        } else if let Some(from) = start.take() {
            push_word(text, from, at, &mut words);
        }
    }
    words
}

fn push_word(text: &str, start: usize, end: usize, words: &mut Vec<LatinWord>) {
    let printed = &text[start..end];
    let bare = ["'s", "’s", "'S", "’S"].iter().find_map(|tail| printed.strip_suffix(tail)).unwrap_or(printed);
    let bare: String = bare.chars().filter(|ch| !matches!(ch, '\'' | '’')).collect();
    // U.S.: initials with points between them
    if bare.chars().count() == 1
        && let Some(last) = words.last_mut()
        && &text[last.end..start] == "."
        && last.text.bytes().all(|byte| byte.is_ascii_uppercase())
        && (last.end - last.start) + 1 == last.text.len() * 2
        && bare.bytes().all(|byte| byte.is_ascii_uppercase())
    {
        last.text.push_str(&bare);
        last.end = end;
        return;
    }
    words.push(LatinWord { start, end, text: bare });
}

/// The keys under which an English form is found, most telling first. Empty where it has no words, or too many.
pub fn english_keys(form: &str, english: &English) -> Vec<String> {
    let words = latin_words(form);
    let mut keys = Vec::new();
    match without_article(&words) {
        // hanja stand where English does
        [] => keys.extend(Some(bare(form)).filter(|form| form.chars().any(is_han))),
        [word] => {
            let folded = fold(&word.text);
            if is_name_in_capitals(&word.text) {
                keys.push(word.text.clone());
                let vowels = folded.bytes().filter(|byte| b"aeiou".contains(byte)).count();
                let safe = word.text.len() >= 4 || (vowels == 0 && word.text.len() >= 3);
                if safe && !ALSO_WORDS.contains(&word.text.as_str()) {
                    keys.push(folded);
                }
            } else {
                let mark =
                    if word.text.starts_with(char::is_uppercase) { String::from(CAPITAL) } else { String::new() };
                keys.push(format!("{mark}{folded}"));
                keys.push(format!("{mark}{STEM}{}", english.stem(&folded)));
            }
        }
        words if words.len() <= MAX_WORDS => keys.extend(phrase_keys(words, english)),
        _ => {}
    }
    keys
}

/// The words from the first on that is no article, but for the last.
fn without_article(words: &[LatinWord]) -> &[LatinWord] {
    match words {
        [first, rest @ ..] if !rest.is_empty() && is_article(&first.text) => rest,
        _ => words,
    }
}

fn is_article(word: &str) -> bool {
    matches!(word, "the" | "a" | "an" | "The" | "A" | "An")
}

/// The keys of several words: as they are, then without inflection.
fn phrase_keys(words: &[LatinWord], english: &English) -> [String; 2] {
    let folded: Vec<String> = words.iter().map(|word| fold(&word.text)).collect();
    let stems: Vec<String> = folded.iter().map(|word| english.stem(word)).collect();
    [folded.join(" "), format!("{STEM}{}", stems.join(" "))]
}

/// The keys to try for words of a query, the first that is known counts. `small` says that the query has no capitals at
/// all, so that its words may be names.
pub fn query_keys(words: &[LatinWord], small: bool, english: &English) -> Vec<String> {
    let [word] = words else {
        let searched = words.len() <= MAX_WORDS && words.first().is_some_and(|first| !is_article(&first.text));
        return if searched { phrase_keys(words, english).into() } else { Vec::new() };
    };
    let folded = fold(&word.text);
    let stem = english.stem(&folded);
    let plain = [folded.clone(), format!("{STEM}{stem}")];
    let name = [format!("{CAPITAL}{folded}"), format!("{CAPITAL}{STEM}{stem}")];
    let mut keys = Vec::new();
    if is_name_in_capitals(&word.text) {
        keys.push(word.text.clone());
    } else if let Some(singular) = word.text.strip_suffix('s').filter(|singular| is_acronym(singular)) {
        keys.push(singular.to_owned());
    }
    let [exact, inflected] = plain;
    let [exact_name, inflected_name] = name;
    if word.text.starts_with(char::is_uppercase) {
        keys.extend([exact_name, exact, inflected_name, inflected]);
    } else if small {
        keys.extend([exact, exact_name, inflected, inflected_name]);
    } else {
        keys.extend([exact, inflected]);
    }
    keys
}

/// True for acronyms, those with digits (`G7`, `5G`) included.
pub fn is_name_in_capitals(word: &str) -> bool {
    let upper = word.bytes().filter(u8::is_ascii_uppercase).count();
    word.len() >= 2 && upper >= 1 && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// True for a hanja.
pub fn is_han(ch: char) -> bool {
    matches!(ch, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}')
}

/// A Korean form without spaces and signs, Latin letters small.
pub fn bare(form: &str) -> String {
    form.chars().filter(|ch| ch.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The keys of a Korean form: itself, and the noun of a verb made with one (`탈퇴하다` is `탈퇴`).
pub fn korean_keys(form: &str) -> Vec<String> {
    let whole = bare(form);
    let count = whole.chars().count();
    if count == 0 || count > MAX_SYLLABLES {
        return Vec::new();
    }
    let noun = ["하다", "되다", "시키다"].iter().find_map(|tail| whole.strip_suffix(tail));
    let noun = noun.filter(|noun| noun.chars().count() >= 2).map(str::to_owned);
    [whole].into_iter().chain(noun).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        let rows: &[(&str, &[&str])] = &[
            ("U.S. troops", &["US", "troops"]),
            ("Nuclear-Test-Ban", &["Nuclear", "Test", "Ban"]),
            ("Iran's O'Brien", &["Iran", "OBrien"]),
            ("국제원자력기구(IAEA)가", &["IAEA"]),
            ("", &[]),
        ];
        for (text, expected) in rows {
            let found: Vec<String> = latin_words(text).into_iter().map(|word| word.text).collect();
            assert_eq!(&found, expected, "{text}");
        }
    }

    #[test]
    fn forms_and_queries_meet() {
        let english = English::default();
        let rows = [
            ("WHO", "WHO", true),
            ("WHO", "who", false),
            ("CTBT", "ctbt", true),
            ("IT", "it", false),
            ("sanction", "Sanctions", true),
            ("North Korea", "north korea", true),
            ("the Hague", "Hague", true),
            ("NGO", "NGOs", true),
            ("U.S.", "US", true),
            ("Putin", "Putin's", true),
        ];
        for (form, query, meet) in rows {
            let words = latin_words(query);
            let small = !query.contains(char::is_uppercase);
            let tried = query_keys(&words, small, &english);
            let met = english_keys(form, &english).iter().any(|key| tried.contains(key));
            assert_eq!(met, meet, "{form} {query}");
        }
    }

    #[test]
    fn korean() {
        assert_eq!(korean_keys("탈퇴하다"), ["탈퇴하다", "탈퇴"]);
        assert_eq!(korean_keys("4·19 혁명"), ["419혁명"]);
        assert_eq!(korean_keys("·"), Vec::<String>::new());
    }
}
