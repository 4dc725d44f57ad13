//! Finding the words of an archive that sound like a name in the other script.
//!
//! Consonants hardly change from one script to the other, so they are looked at first, whole groups of words at a time
//! ([`super::skeletons`]); what is left is aligned in full ([`super::likeness`]), and what that leaves is measured by
//! [`super::sound`].

use super::likeness::{Likeness, Outcome, Reading, WIDTH, Walk};
use super::skeletons::{Skeletons, symbols};
use super::sound::{SAME, distance_of, letters, sounds};
use crate::article::Lang;
use crate::jobs::Jobs;

/// The most words that are taken for one name, and how much worse than the best they may be.
const MOST: usize = 4;
const WORSE: f32 = 0.03;
/// How many postings take as long to read as a group of words, most of which are passed over.
const GROUP: usize = 10;

/// A word of the archive, and how far it is in sound.
#[derive(Debug, Clone, PartialEq)]
pub struct Heard {
    pub word: String,
    pub distance: f32,
}

/// The words of the other language that sound like `word`, a word of `lang`, best first; none farther than `most`.
pub fn hear(archive: &Skeletons, word: &str, lang: Lang, most: f32, jobs: Jobs) -> Vec<Heard> {
    let most = most.min(SAME);
    let mut heard = within(archive, word, lang, most, jobs);
    heard.sort_by(|a, b| a.distance.total_cmp(&b.distance).then_with(|| a.word.cmp(&b.word)));
    let worst = heard.first().map_or(0.0, |best| best.distance + WORSE);
    heard.retain(|word| word.distance <= worst);
    heard.truncate(MOST);
    heard
}

/// All of them, in no order.
pub(super) fn within(archive: &Skeletons, word: &str, lang: Lang, most: f32, jobs: Jobs) -> Vec<Heard> {
    let (spoken, spelled) = if lang == Lang::Ko { (sounds(word), Vec::new()) } else { (Vec::new(), letters(word)) };
    let length = spoken.len().max(spelled.len());
    if length == 0 || length >= WIDTH {
        return Vec::new();
    }
    let other = if lang == Lang::Ko { Lang::En } else { Lang::Ko };
    let likeness = |reading| match lang {
        Lang::Ko => Likeness::of_sounds(&spoken, most, reading),
        Lang::En => Likeness::of_letters(&spelled, most, reading),
    };
    let (consonants, full) = (likeness(Reading::Consonants), likeness(Reading::Full));
    let beginnings = archive.beginnings(other);
    let groups = beginnings.last().copied().unwrap_or(0);
    let shares = jobs.share(groups * GROUP, beginnings.len() - 1, |stretches| {
        let (mut walk, mut heard) = (Walk::new(&full), Vec::new());
        for stretch in stretches {
            archive.like(other, beginnings[stretch.start]..beginnings[stretch.end], &consonants, |term| {
                let Some(symbols) = symbols(term, other) else { return };
                let shared = walk.shared(&symbols);
                let Outcome::Like(cost) = walk.read(shared, &symbols[shared..]) else { return };
                // a hundredth more, for what rounding does
                if f32::from(cost.saturating_sub(1)) * 2.0 > most * 100.0 * (length + symbols.len()) as f32 {
                    return;
                }
                let distance = match lang {
                    Lang::Ko => distance_of(&spoken, term.as_bytes()),
                    Lang::En => distance_of(&sounds(term), &spelled),
                };
                if distance <= most {
                    heard.push(Heard { word: term.to_owned(), distance });
                }
            });
        }
        heard
    });
    shares.concat()
}
