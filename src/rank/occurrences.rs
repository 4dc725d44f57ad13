//! Where the words of a query stand in a handful of articles: positions from the posting lists, nothing analysed.

use tantivy::DocAddress;
use tantivy::postings::Postings;
use tantivy::schema::IndexRecordOption;

use super::evidence::Kind;
use super::positions::holds;
use super::statistics::Weighed;
use crate::jobs::Jobs;
use crate::store::reader::Reader;

/// A word of the query at a position of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Occurrence {
    /// Content words before this one in the article.
    pub position: u32,
    /// Index into the clues that were asked for.
    pub clue: u16,
}

/// Occurrences of an article that there is room for at first.
const ROOM: usize = 24;
/// How many postings take as long to read as opening a list with positions takes, and as looking for an article in it.
const OPENING: usize = 700;
const SEEKING: usize = 30;

/// True for the clues that have positions.
pub fn has_positions(clue: &Weighed) -> bool {
    matches!(clue.clue.kind, Kind::Morpheme | Kind::Stem)
}

/// Articles whose occurrences were read, and these.
#[derive(Debug, Default)]
pub struct Known {
    pub addresses: Vec<DocAddress>,
    pub found: Vec<Vec<Occurrence>>,
}

impl Known {
    /// The occurrences of each of `addresses`, if all are known.
    pub fn of(&self, addresses: &[DocAddress]) -> Option<Vec<Vec<Occurrence>>> {
        let place = |address: &DocAddress| self.addresses.iter().position(|known| known == address);
        addresses.iter().map(|address| Some(self.found[place(address)?].clone())).collect()
    }
}

/// For each article of `addresses`, its occurrences in order of position.
pub fn occurrences(
    reader: &Reader,
    clues: &[Weighed],
    addresses: &[DocAddress],
    jobs: Jobs,
) -> tantivy::Result<Vec<Vec<Occurrence>>> {
    let mut order: Vec<usize> = (0..addresses.len()).collect();
    order.sort_unstable_by_key(|&at| addresses[at]);
    let placed: Vec<usize> = (0..clues.len()).filter(|&number| has_positions(&clues[number])).collect();
    let postings = placed.len() * (OPENING + addresses.len() * SEEKING);
    let shares = jobs.share(postings, placed.len(), |parts| -> tantivy::Result<Vec<(usize, Occurrence)>> {
        let mut found = Vec::with_capacity(addresses.len() * ROOM);
        for &number in parts.flat_map(|part| &placed[part]) {
            of_clue(reader, &clues[number], addresses, &order, |at, position| {
                found.push((at, Occurrence { position, clue: number as u16 }));
            })?;
        }
        Ok(found)
    });
    let mut found: Vec<Vec<Occurrence>> = addresses.iter().map(|_| Vec::with_capacity(ROOM)).collect();
    for share in shares {
        share?.into_iter().for_each(|(at, occurrence)| found[at].push(occurrence));
    }
    for list in &mut found {
        list.sort_unstable();
    }
    Ok(found)
}

/// Gives for the articles that hold a clue their numbers in `addresses` and its positions in them; `order` are these numbers in
/// the order of the articles.
fn of_clue(
    reader: &Reader,
    clue: &Weighed,
    addresses: &[DocAddress],
    order: &[usize],
    mut give: impl FnMut(usize, u32),
) -> tantivy::Result<()> {
    let mut positions = Vec::new();
    for of_segment in order.chunk_by(|&a, &b| addresses[a].segment_ord == addresses[b].segment_ord) {
        let ord = addresses[of_segment[0]].segment_ord as usize;
        let Some(list) = clue.list(reader, ord)? else { continue };
        let inverted = reader.inverted(ord, clue.clue.field)?;
        let mut list = inverted.read_postings_from_terminfo(&list, IndexRecordOption::WithFreqsAndPositions)?;
        for &at in of_segment {
            if holds(&mut list, addresses[at].doc_id) {
                list.positions(&mut positions);
                // words of the opening are counted several times at one position
                positions.dedup();
                positions.iter().for_each(|&position| give(at, position));
            }
        }
    }
    Ok(())
}
