//! The words of an archive by their consonants, for finding those that sound like a name: made at every commit, mapped, never
//! read whole.
//!
//! Words of one script that have the same consonants in the same order (`putin`, `potion` without its vowels: p t n) make a
//! group; groups stand in the order of their consonants, so that those which begin alike are passed over together. A few
//! thousand steps along the groups leave some hundred words to be compared.
//!
//! Sections ([`crate::store::sections`]), those of Hangul words first: how many consonants each group shares with the one before it (u8); where each
//! group begins in the third section (u32); the groups. A group is the number of its other consonants and these (a byte each,
//! see [`number`]), then its words in order: how many bytes each shares with the one before it, how many others, and these.

use std::collections::BTreeSet;
use std::io;
use std::ops::Range;
use std::path::Path;

use tantivy::directory::OwnedBytes;

use super::likeness::{Likeness, Outcome, Walk, is_soft, number};
use super::sound::sounds_of;
use crate::article::Lang;
use crate::store::reader::Reader;
use crate::store::sections::{self, SOUNDS, number_at};

/// Sections of one script.
const PARTS: usize = 3;
/// The longest words that are kept, in sounds or letters, and the shortest.
const LONGEST: usize = 30;
const SHORTEST: usize = 2;

/// A word as it is read: numbers of sounds, or letters; nothing where it is not of one script.
pub fn symbols(word: &str, lang: Lang) -> Option<Vec<u8>> {
    let mut symbols = Vec::with_capacity(word.len());
    match lang {
        Lang::Ko => {
            for syllable in word.chars() {
                symbols.extend(sounds_of(syllable)?.into_iter().flatten().map(number));
            }
        }
        Lang::En if word.bytes().all(|byte| byte.is_ascii_lowercase()) => symbols.extend(word.bytes()),
        Lang::En => return None,
    }
    (SHORTEST..=LONGEST).contains(&symbols.len()).then_some(symbols)
}

/// The table of the words that the index prints, as bytes.
pub fn build(reader: &Reader) -> tantivy::Result<Vec<u8>> {
    let mut words = [BTreeSet::new(), BTreeSet::new()];
    for (lang, words) in [Lang::Ko, Lang::En].into_iter().zip(&mut words) {
        for segment in reader.searcher.segment_readers() {
            let inverted = segment.inverted_index(reader.fields.of(lang).exact)?;
            let mut terms = inverted.terms().stream()?;
            while terms.advance() {
                let Ok(word) = std::str::from_utf8(terms.key()) else { continue };
                words.extend(entry(word, lang));
            }
        }
    }
    Ok(compile(&words))
}

/// The consonants of a word, and the word.
type Entry = (Vec<u8>, String);

fn entry(word: &str, lang: Lang) -> Option<Entry> {
    let mut consonants = symbols(word, lang)?;
    consonants.retain(|&symbol| !is_soft(symbol));
    Some((consonants, word.to_owned()))
}

fn compile(words: &[BTreeSet<Entry>; 2]) -> Vec<u8> {
    let [[a, b, c], [d, e, f]] = [sections_of(&words[0]), sections_of(&words[1])];
    SOUNDS.join(&[a, b, c, d, e, f])
}

fn sections_of(words: &BTreeSet<Entry>) -> [Vec<u8>; PARTS] {
    let [mut shared, mut starts, mut groups] = <[Vec<u8>; PARTS]>::default();
    let (mut consonants, mut word): (Option<&[u8]>, &[u8]) = (None, &[]);
    for (these, this) in words {
        if consonants != Some(these.as_slice()) {
            let alike = alike(consonants.unwrap_or_default(), these.as_slice());
            shared.push(alike);
            starts.extend((groups.len() as u32).to_le_bytes());
            let rest = &these[usize::from(alike)..];
            groups.push(rest.len() as u8);
            groups.extend(rest);
            (consonants, word) = (Some(these.as_slice()), &[]);
        }
        let alike = alike(word, this.as_bytes());
        word = this.as_bytes();
        let rest = &word[usize::from(alike)..];
        groups.extend([alike, rest.len() as u8]);
        groups.extend(rest);
    }
    [shared, starts, groups]
}

/// How many bytes two words begin with; both are much shorter than 256.
fn alike(a: &[u8], b: &[u8]) -> u8 {
    a.iter().zip(b).take_while(|(a, b)| a == b).count() as u8
}

/// The words of one script.
#[derive(Debug, Clone)]
struct Words {
    shared: OwnedBytes,
    starts: OwnedBytes,
    groups: OwnedBytes,
}

/// A table of words by their consonants.
#[derive(Debug, Clone)]
pub struct Skeletons {
    words: [Words; 2],
}

impl Skeletons {
    /// Maps the table of this name in `dir`.
    pub fn open(dir: &Path, name: &str) -> io::Result<Skeletons> {
        Skeletons::new(sections::map(dir, name)?)
    }

    /// The table in `bytes`; fails where they are cut short or no table.
    pub fn new(bytes: OwnedBytes) -> io::Result<Skeletons> {
        let [a, b, c, d, e, f] = SOUNDS.split(&bytes)?;
        let words = |[shared, starts, groups]: [OwnedBytes; PARTS]| Words { shared, starts, groups };
        Ok(Skeletons { words: [words([a, b, c]), words([d, e, f])] })
    }

    /// The groups of `lang` that share no consonant with the one before: what stands between two of them can be read by itself.
    /// Behind the last one, how many groups there are.
    pub fn beginnings(&self, lang: Lang) -> Vec<usize> {
        let shared = &self.words[lang as usize].shared;
        memchr::memchr_iter(0, shared).chain([shared.len()]).collect()
    }

    /// Hands on the words of `lang` whose consonants are like those of the given word, group by group; `groups` are those from
    /// one beginning to another.
    pub fn like(&self, lang: Lang, groups: Range<usize>, consonants: &Likeness, found: impl FnMut(&str)) {
        // bytes that are no table hold nothing from there to the end of these groups
        let _ = self.words[lang as usize].like(groups, consonants, found);
    }
}

impl Words {
    fn like(&self, groups: Range<usize>, consonants: &Likeness, mut found: impl FnMut(&str)) -> Option<()> {
        let mut walk = Walk::new(consonants);
        let Range { start: mut group, end } = groups;
        let all_shared = self.shared.get(..end)?;
        while let Some(&shared) = all_shared.get(group) {
            let mut bytes = self.groups.get(number_at(&self.starts, group)?..)?;
            let rest = take_counted(&mut bytes)?;
            match walk.read(usize::from(shared), rest) {
                Outcome::Lost(read) => {
                    // none that begins so
                    let later = all_shared[group + 1..].iter();
                    group += later.take_while(|&&shared| usize::from(shared) > read).count();
                }
                Outcome::Open => {}
                Outcome::Like(_) => {
                    let end = number_at(&self.starts, group + 1).unwrap_or(self.groups.len());
                    let after = self.groups.len() - bytes.len();
                    each_word(self.groups.get(after..end)?, &mut found)?;
                }
            }
            group += 1;
        }
        Some(())
    }
}

fn each_word(mut bytes: &[u8], found: &mut impl FnMut(&str)) -> Option<()> {
    let mut word = Vec::new();
    while let Some((&shared, rest)) = bytes.split_first() {
        bytes = rest;
        word.truncate(usize::from(shared));
        word.extend(take_counted(&mut bytes)?);
        found(std::str::from_utf8(&word).ok()?);
    }
    Some(())
}

/// Takes a count and so many bytes off the front.
fn take_counted<'b>(bytes: &mut &'b [u8]) -> Option<&'b [u8]> {
    let (&count, rest) = bytes.split_first()?;
    let (taken, rest) = rest.split_at_checked(usize::from(count))?;
    *bytes = rest;
    Some(taken)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::glossary::hear::{Heard, hear, within};
    use crate::glossary::likeness::WIDTH;
    use crate::glossary::sound::{Rules, SAME, distance, letters, sounds};
    use crate::jobs::Jobs;

    fn table(korean: &[&str], english: &[&str]) -> Skeletons {
        let entries = |words: &[&str], lang| words.iter().filter_map(|word| entry(word, lang)).collect();
        Skeletons::new(OwnedBytes::new(compile(&[entries(korean, Lang::Ko), entries(english, Lang::En)]))).unwrap()
    }

    fn words(heard: &[Heard]) -> Vec<&str> {
        heard.iter().map(|heard| heard.word.as_str()).collect()
    }

    #[test]
    fn words_of_an_archive_are_heard() {
        let table = table(
            &["부탄", "젤렌스키", "푸틴", "푸틴이", "하나", "U턴"],
            &["butane", "potion", "putin", "putin's", "zelensky", "zelenskyy"],
        );
        let rows: &[(&str, Lang, &[&str])] = &[
            ("Putin", Lang::En, &["푸틴"]),
            ("Zelensky", Lang::En, &["젤렌스키"]),
            ("푸틴", Lang::Ko, &["putin"]),
            ("젤렌스키", Lang::Ko, &["zelensky", "zelenskyy"]),
            ("Merkel", Lang::En, &[]),
            ("메르켈", Lang::Ko, &[]),
            ("", Lang::Ko, &[]),
        ];
        for (word, lang, expected) in rows {
            assert_eq!(words(&hear(&table, word, *lang, SAME, Jobs::default())), *expected, "{word}");
        }
    }

    #[test]
    fn damaged_bytes_are_no_table() {
        let bytes = compile(&[[].into(), entry("putin", Lang::En).into_iter().collect()]);
        for end in 0..bytes.len() {
            assert!(Skeletons::new(OwnedBytes::new(bytes[..end].to_vec())).is_err(), "{end}");
        }
        for at in SOUNDS.head()..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] = 0xFF;
            let damaged = Skeletons::new(OwnedBytes::new(damaged)).unwrap();
            hear(&damaged, "푸틴", Lang::Ko, SAME, Jobs { most: Some(2), worth: 1 });
        }
    }

    /// One of the many ways to spell a Korean word.
    fn spelled(korean: &str, choice: &[usize]) -> String {
        let letters = sounds(korean).into_iter().zip(choice).map(|(sound, &choice)| {
            let rules: Vec<_> = Rules::get().of(sound).iter().filter(|rule| rule.second.is_none()).collect();
            String::from_utf8_lossy(rules[choice % rules.len()].letters).into_owned()
        });
        letters.collect()
    }

    /// A Korean word and a spelling of it.
    fn pair() -> impl Strategy<Value = (String, String)> {
        let korean = "[가나디러머비소유주차크토파하안인든스틴판]{1,4}";
        (korean, prop::collection::vec(0usize..5, 12)).prop_map(|(korean, choice)| {
            let latin = spelled(&korean, &choice);
            (korean, latin)
        })
    }

    proptest! {
        #[test]
        fn as_comparing_every_word_would_find(
            pairs in prop::collection::vec(pair(), 1..80),
            most in prop::sample::select(vec![0.03f32, 0.04, 0.05, SAME]),
        ) {
            let korean: Vec<&str> = pairs.iter().map(|pair| pair.0.as_str()).collect();
            let latin: Vec<&str> = pairs.iter().map(|pair| pair.1.as_str()).collect();
            let table = table(&korean, &latin);
            let length = |word: &str| sounds(word).len().max(letters(word).len());
            for (given, lang, all, other) in
                [(latin[0], Lang::En, &korean, Lang::Ko), (korean[0], Lang::Ko, &latin, Lang::En)]
            {
                let distance = |word| if lang == Lang::Ko { distance(given, word) } else { distance(word, given) };
                let found = within(&table, given, lang, most, Jobs { most: Some(3), worth: 1 });
                prop_assert!(found.iter().all(|heard| heard.distance == distance(&heard.word) && heard.distance <= most));
                let kept = all.iter().copied().filter(|word| symbols(word, other).is_some());
                for word in kept.filter(|word| distance(word) <= most && length(given) < WIDTH) {
                    // what is longer by more than a third is only found where it is very near
                    let longer = length(word) as f32 > length(given) as f32 * 1.3;
                    prop_assert!(longer || words(&found).contains(&word), "{given} {word}");
                }
            }
        }
    }
}
