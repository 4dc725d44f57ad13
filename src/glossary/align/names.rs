//! Names that articles which tell the same spell in both scripts: sound, confirmed by where it is heard.
//!
//! Two words of aligned articles that sound the same are one name, though they be met together only once; that alone tells
//! 푸틴 from 부탄. What cannot sound alike is left out by its consonants, so few words are compared in full.

use rustc_hash::FxHashMap;

use super::articles::Aligned;
use super::side::Side;
use super::words::WordPair;
use crate::glossary::sound::{SAME, Sound, distance_of, letters, sounds};

/// The least letters and sounds of a name.
const LETTERS: usize = 4;
const SOUNDS: usize = 4;
/// How much two counts of consonants may differ.
const APART: u32 = 2;

/// Consonants that may stand for one another.
fn class(ch: char) -> Option<usize> {
    Some(match ch {
        'ㅂ' | 'ㅃ' | 'ㅍ' | 'b' | 'p' | 'f' | 'v' => 0,
        'ㄷ' | 'ㄸ' | 'ㅌ' | 't' | 'd' => 1,
        'ㄱ' | 'ㄲ' | 'ㅋ' | 'ㅈ' | 'ㅉ' | 'ㅊ' | 'ㅅ' | 'ㅆ' | 'g' | 'k' | 'q' | 'c' | 'x' | 'j' | 's' | 'z' => {
            2
        }
        'ㅁ' | 'm' => 3,
        'ㄴ' | 'n' => 4,
        'ㄹ' | 'l' => 5,
        _ => return None,
    })
}

type Consonants = [u8; 6];

fn consonants(chars: impl Iterator<Item = char>) -> Consonants {
    let mut counts = [0; 6];
    let mut last = None;
    for ch in chars {
        // letters are doubled where sounds are not
        if last != Some(ch)
            && let Some(class) = class(ch)
        {
            counts[class] += 1;
        }
        last = Some(ch);
    }
    counts
}

fn may_sound_alike(korean: &Consonants, latin: &Consonants) -> bool {
    // an r may stand for ㄹ or for nothing, so that only more ㄹ than l say nothing
    let apart = korean[..5].iter().zip(&latin[..5]).map(|(a, b)| u32::from(a.abs_diff(*b))).sum::<u32>();
    apart <= APART && korean[5] + 1 >= latin[5]
}

/// The names that `aligned` articles share, but for pairs of words that `usual` knows.
pub fn names(ko: &Side, en: &Side, aligned: &[Aligned], usual: impl Fn(&str, &str) -> bool) -> Vec<WordPair> {
    let mut korean: FxHashMap<u32, Option<(Vec<Sound>, Consonants)>> = FxHashMap::default();
    let mut latin: FxHashMap<u32, Option<(Vec<u8>, Consonants)>> = FxHashMap::default();
    let mut out: FxHashMap<(u32, u32), WordPair> = FxHashMap::default();
    let mut compared: FxHashMap<(u32, u32), f32> = FxHashMap::default();
    for at in aligned {
        let (ko_words, en_words) = (&ko.articles[at.ko as usize].words, &en.articles[at.en as usize].words);
        for &word in ko_words {
            korean.entry(word).or_insert_with(|| {
                let heard = if ko.is_latin(word) { Vec::new() } else { sounds(&ko.words[word as usize].form) };
                let count = consonants(heard.iter().copied());
                (heard.len() >= SOUNDS).then_some((heard, count))
            });
        }
        for &word in en_words {
            let Some((spelled, count)) = latin.entry(word).or_insert_with(|| {
                let spelled = letters(&en.words[word as usize].form);
                let count = consonants(spelled.iter().map(|&byte| char::from(byte)));
                (spelled.len() >= LETTERS).then_some((spelled, count))
            }) else {
                continue;
            };
            for &other in ko_words {
                let Some((heard, other_count)) = &korean[&other] else { continue };
                if !may_sound_alike(other_count, count) {
                    continue;
                }
                let distance = *compared.entry((other, word)).or_insert_with(|| {
                    let (korean, english) = (&ko.words[other as usize].form, &en.words[word as usize].form);
                    let distance = distance_of(heard, spelled);
                    if distance <= SAME && usual(korean, english) { 1.0 } else { distance }
                });
                if distance > SAME {
                    continue;
                }
                let day = ko.articles[at.ko as usize].day.or(en.articles[at.en as usize].day).map(|day| (day, day));
                let pair = out.entry((other, word)).or_insert(WordPair {
                    ko: other,
                    en: word,
                    together: 0,
                    dice: 0.0,
                    mean: 1.0 - distance,
                    example: *at,
                    days: day,
                });
                pair.together += 1;
                pair.days = match (pair.days, day) {
                    (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
                    (a, b) => a.or(b),
                };
            }
        }
    }
    let mut out: Vec<WordPair> = out.into_values().collect();
    for pair in &mut out {
        let held = ko.words[pair.ko as usize].articles.len() + en.words[pair.en as usize].articles.len();
        pair.dice = 2.0 * pair.together as f32 / held as f32;
    }
    out.sort_by(|a, b| {
        b.mean.total_cmp(&a.mean).then(b.together.cmp(&a.together)).then((a.ko, a.en).cmp(&(b.ko, b.en)))
    });
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sounds_alike_is_compared() {
        let rows = [
            ("푸틴", "putin", true),
            ("젤렌스키", "zelenskyy", true),
            ("카터", "carter", true),
            ("메르켈", "merkel", true),
            ("클린턴", "clinton", true),
            ("시애틀", "seattle", true),
            ("서울", "parliament", false),
            ("부시", "commander", false),
        ];
        for (korean, latin, expected) in rows {
            let korean = consonants(sounds(korean).into_iter());
            let count = consonants(latin.chars());
            assert_eq!(may_sound_alike(&korean, &count), expected, "{latin}");
        }
    }
}
