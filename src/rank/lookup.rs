//! Looking up what a query asks for: where its clues have their lists, and the articles of its slots.

use tantivy::postings::TermInfo;
use tantivy::schema::Field;

use super::evidence::{Clue, Kind};
use super::slot::{LookedUp, Slot, look_up};
use super::together::CloseLists;
use crate::jobs::Jobs;
use crate::store::reader::Reader;

/// Clues that are looked up in one step.
const AT_ONCE: usize = 8;
/// How many postings take as long to read as one step.
const STEP: usize = 4_000;

/// A clue as the index has it.
pub struct OfClue {
    /// Where its list is in each segment.
    pub lists: Vec<Option<TermInfo>>,
    /// Articles that hold the term.
    pub articles: u64,
    /// The same, those with its other list included.
    pub held: u64,
}

/// What one step gives.
enum Step {
    Slots(Vec<LookedUp>),
    Clues(Vec<Vec<Option<TermInfo>>>),
}

/// Looks up clues and slots. What the slots of one concept ask for is looked up in one step, for they ask for the same words;
/// these steps take longest and come first, so that the clues fill what time is left of a thread.
pub fn look_up_all(
    clues: &[Clue],
    slots: &[Slot],
    reader: &Reader,
    jobs: Jobs,
) -> tantivy::Result<(Vec<OfClue>, Vec<LookedUp>)> {
    let concepts: Vec<&[Slot]> = slots.chunk_by(|a, b| a.concept == b.concept).collect();
    let chunks: Vec<&[Clue]> = clues.chunks(AT_ONCE).collect();
    let step = |close: &mut CloseLists, number: usize| -> tantivy::Result<Step> {
        Ok(match concepts.get(number) {
            Some(slots) => Step::Slots(slots.iter().map(|slot| look_up(slot, close)).collect::<Result<_, _>>()?),
            None => {
                let clues = chunks[number - concepts.len()].iter();
                Step::Clues(clues.map(|clue| reader.lists_of(clue.field, &clue.term)).collect::<Result<_, _>>()?)
            }
        })
    };
    let (mut lists, mut of_slots) = (Vec::with_capacity(clues.len()), Vec::with_capacity(slots.len()));
    for step in jobs.each(STEP, concepts.len() + chunks.len(), || CloseLists::new(reader), step)? {
        match step {
            Step::Slots(slots) => of_slots.extend(slots),
            Step::Clues(clues) => lists.extend(clues),
        }
    }
    let articles: Vec<u64> = lists.iter().map(|lists| articles_of(lists)).collect();
    let held = (0..clues.len()).map(|number| {
        let other = other_of_pair(&clues[number], reader).map(|field| {
            // nearly always a clue as well
            let same = clues.iter().position(|clue| clue.field == field && clue.term == clues[number].term);
            match same {
                Some(same) => Ok(articles[same]),
                None => reader.lists_of(field, &clues[number].term).map(|lists| articles_of(&lists)),
            }
        });
        Ok(articles[number] + other.transpose()?.unwrap_or(0))
    });
    let held: Vec<u64> = held.collect::<tantivy::Result<_>>()?;
    let of_clues = lists.into_iter().zip(articles).zip(held);
    Ok((of_clues.map(|((lists, articles), held)| OfClue { lists, articles, held }).collect(), of_slots))
}

fn articles_of(lists: &[Option<TermInfo>]) -> u64 {
    lists.iter().flatten().map(|list| u64::from(list.doc_freq)).sum()
}

/// The other field that may hold a pair of syllables: among the words where it is one, else among the pairs.
fn other_of_pair(clue: &Clue, reader: &Reader) -> Option<Field> {
    let (words, pairs) = (reader.fields.ko.text, reader.fields.bigram);
    (clue.kind == Kind::Bigram).then_some(if clue.field == pairs { words } else { pairs })
}
