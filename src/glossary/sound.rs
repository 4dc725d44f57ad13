//! How far a Korean word is from a Latin one by sound: 푸틴 and Putin are near, 부탄 and Putin are not.
//!
//! Syllables are taken apart into sounds, and each sound (or two) is set against the letters that stand for it
//! (`sound.tsv`): p and f, r and l, b and v are one, the ㅡ that Korean puts between consonants is nearly free, silent letters
//! are cheap. The cheapest alignment, over the mean length, is the distance. It knows nothing of meaning: who uses it asks for
//! other evidence, or says that it is by sound.

use std::sync::OnceLock;

/// Below this, two words are taken to sound the same.
pub const SAME: f32 = 0.08;
/// The longest words that are compared, in sounds and in letters.
const LONGEST: usize = 40;

/// A sound of Hangul.
pub type Sound = char;

/// Letters that stand for a sound, or for two.
#[derive(Debug)]
pub struct Rule {
    pub second: Option<Sound>,
    pub letters: &'static [u8],
    pub cost: f32,
}

/// The rules by their first sound.
pub struct Rules {
    by_sound: Vec<(Sound, Vec<Rule>)>,
}

impl Rules {
    pub fn get() -> &'static Rules {
        static RULES: OnceLock<Rules> = OnceLock::new();
        RULES.get_or_init(|| Rules::parse(include_str!("sound.tsv")))
    }

    fn parse(text: &'static str) -> Rules {
        let mut by_sound: Vec<(Sound, Vec<Rule>)> = Vec::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let Some((sounds, letters)) = line.split_once('\t') else { continue };
            let mut sounds = sounds.chars();
            let Some(first) = sounds.next() else { continue };
            let second = sounds.next();
            let rules = letters.split(' ').map(|rule| {
                let (letters, cost) = rule.split_once(':').unwrap_or((rule, "0"));
                Rule { second, letters: letters.as_bytes(), cost: cost.parse::<f32>().unwrap_or(0.0) / 100.0 }
            });
            match by_sound.iter_mut().find(|(sound, _)| *sound == first) {
                Some((_, known)) => known.extend(rules),
                None => by_sound.push((first, rules.collect())),
            }
        }
        Rules { by_sound }
    }

    pub fn all(&self) -> impl Iterator<Item = (Sound, &[Rule])> {
        self.by_sound.iter().map(|(sound, rules)| (*sound, rules.as_slice()))
    }

    pub fn of(&self, sound: Sound) -> &[Rule] {
        self.by_sound.iter().find(|(it, _)| *it == sound).map_or(&[], |(_, rules)| rules)
    }
}

const INITIALS: [char; 19] =
    ['ㄱ', 'ㄲ', 'ㄴ', 'ㄷ', 'ㄸ', 'ㄹ', 'ㅁ', 'ㅂ', 'ㅃ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅉ', 'ㅊ', 'ㅋ', 'ㅌ', 'ㅍ', 'ㅎ'];
const VOWELS: [char; 21] = [
    'ㅏ', 'ㅐ', 'ㅑ', 'ㅒ', 'ㅓ', 'ㅔ', 'ㅕ', 'ㅖ', 'ㅗ', 'ㅘ', 'ㅙ', 'ㅚ', 'ㅛ', 'ㅜ', 'ㅝ', 'ㅞ', 'ㅟ', 'ㅠ', 'ㅡ',
    'ㅢ', 'ㅣ',
];
/// Finals as the sound they end in; a final ㅅ or ㄷ is a t, ㅂ a p, ㄱ a k.
const FINALS: [char; 28] = [
    ' ', 'ㅋ', 'ㅋ', 'ㅋ', 'ㄴ', 'ㄴ', 'ㄴ', 'ㅌ', 'ㄹ', 'ㅋ', 'ㅁ', 'ㄹ', 'ㄹ', 'ㄹ', 'ㅍ', 'ㄹ', 'ㅁ', 'ㅍ', 'ㅍ',
    'ㅌ', 'ㅌ', 'ㅇ', 'ㅌ', 'ㅌ', 'ㅋ', 'ㅌ', 'ㅍ', 'ㅌ',
];

/// The sounds of the Hangul in `text`; empty where there is anything else in it but spaces and signs.
pub fn sounds(text: &str) -> Vec<Sound> {
    let mut out = Vec::with_capacity(text.len());
    for ch in text.chars().filter(|ch| ch.is_alphanumeric()) {
        let Some(syllable) = sounds_of(ch) else { return Vec::new() };
        out.extend(syllable.into_iter().flatten());
    }
    out
}

/// The sounds of one syllable.
pub fn sounds_of(syllable: char) -> Option<[Option<Sound>; 3]> {
    let code = (syllable as u32).checked_sub(0xAC00).filter(|&code| code < 11172)? as usize;
    let (initial, vowel, last) = (INITIALS[code / 588], VOWELS[code % 588 / 28], FINALS[code % 28]);
    Some([Some(initial).filter(|&it| it != 'ㅇ'), Some(vowel), Some(last).filter(|&it| it != ' ')])
}

/// The letters of a Latin word or name, small, without accents and signs.
pub fn letters(text: &str) -> Vec<u8> {
    crate::analyze::latin::fold(text).bytes().filter(u8::is_ascii_alphabetic).collect()
}

/// What it costs that a letter is not heard; `last` for the end of a word.
pub fn silent(letter: u8, last: bool) -> f32 {
    match letter {
        b'e' if last => 0.01,
        b'e' => 0.06,
        b'h' => 0.08,
        b'r' => 0.1,
        b'w' | b'u' | b'y' => 0.18,
        b'g' | b'k' | b'p' | b't' | b'd' => 0.25,
        b'a' | b'i' | b'o' => 0.28,
        b's' => 0.3,
        _ => 0.5,
    }
}

/// What it costs that a sound has no letters.
pub fn unwritten(sound: Sound) -> f32 {
    match sound {
        'ㅡ' => 0.03,
        'ㅣ' => 0.25,
        _ if VOWELS.contains(&sound) => 0.35,
        _ => 0.6,
    }
}

/// The distance of a Korean and a Latin word, 0 for the same sound; 1 where they cannot be compared.
pub fn distance(korean: &str, latin: &str) -> f32 {
    distance_of(&sounds(korean), &letters(latin))
}

pub fn distance_of(sounds: &[Sound], letters: &[u8]) -> f32 {
    let (m, n) = (sounds.len(), letters.len());
    if m == 0 || n == 0 || m > LONGEST || n > LONGEST || m > 3 * n || n > 3 * m {
        return 1.0;
    }
    let rules = Rules::get();
    let width = n + 1;
    let mut cost = vec![f32::INFINITY; (m + 1) * width];
    cost[0] = 0.0;
    for i in 0..=m {
        for j in 0..=n {
            let here = cost[i * width + j];
            if here.is_infinite() {
                continue;
            }
            let mut reach = |i: usize, j: usize, more: f32| {
                let cell = &mut cost[i * width + j];
                *cell = cell.min(here + more);
            };
            if j < n {
                reach(i, j + 1, silent(letters[j], j + 1 == n));
            }
            let Some(&sound) = sounds.get(i) else { continue };
            reach(i + 1, j, unwritten(sound));
            for rule in rules.of(sound) {
                if !letters[j..].starts_with(rule.letters) {
                    continue;
                }
                let end = j + rule.letters.len();
                match rule.second {
                    None => reach(i + 1, end, rule.cost),
                    Some(second) if sounds.get(i + 1) == Some(&second) => reach(i + 2, end, rule.cost),
                    Some(_) => {}
                }
            }
        }
    }
    cost[m * width + n] * 2.0 / (m + n) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_sound_the_same() {
        let rows = [
            ("푸틴", "Putin"),
            ("젤렌스키", "Zelensky"),
            ("젤렌스키", "Zelenskyy"),
            ("바이든", "Biden"),
            ("우크라이나", "Ukraina"),
            ("마크롱", "Macron"),
            ("트럼프", "Trump"),
            ("클린턴", "Clinton"),
            ("메르켈", "Merkel"),
            ("블레어", "Blair"),
            ("스타디움", "stadium"),
            ("부시", "Bush"),
            ("카다피", "Gadhafi"),
            ("김정은", "Kim Jong Un"),
            ("시진핑", "Xi Jinping"),
            ("아베", "Abe"),
            ("오바마", "Obama"),
            ("네타냐후", "Netanyahu"),
            ("에르도안", "Erdogan"),
            ("알자지라", "Al Jazeera"),
        ];
        let far: Vec<_> = rows.iter().map(|(ko, en)| (ko, en, distance(ko, en))).filter(|row| row.2 > SAME).collect();
        assert!(far.is_empty(), "{far:?}");
    }

    #[test]
    fn names_that_do_not() {
        let rows = [
            ("부탄", "Putin"),
            ("푸틴", "Pakistan"),
            ("이란", "Iraq"),
            ("부시", "Bosnia"),
            ("서울", "solution"),
            ("", "Putin"),
            ("푸틴", ""),
            ("ABC", "abc"),
        ];
        let near: Vec<_> = rows.iter().map(|(ko, en)| (ko, en, distance(ko, en))).filter(|row| row.2 <= SAME).collect();
        assert!(near.is_empty(), "{near:?}");
    }
}
