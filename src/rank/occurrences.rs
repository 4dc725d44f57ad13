//! Where the words of a query stand in a handful of articles: positions from the posting lists, nothing analysed.

use tantivy::DocAddress;
use tantivy::postings::Postings;
use tantivy::schema::IndexRecordOption;

use super::evidence::Kind;
use super::positions::holds;
use super::statistics::Weighed;
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
) -> tantivy::Result<Vec<Vec<Occurrence>>> {
    let mut order: Vec<usize> = (0..addresses.len()).collect();
    order.sort_unstable_by_key(|&at| addresses[at]);
    let mut found: Vec<Vec<Occurrence>> = addresses.iter().map(|_| Vec::with_capacity(ROOM)).collect();
    let mut positions = Vec::new();
    for (number, clue) in clues.iter().enumerate().filter(|(_, clue)| has_positions(clue)) {
        let mut segment = None;
        let mut postings = None;
        for &at in &order {
            let address = addresses[at];
            if segment != Some(address.segment_ord) {
                segment = Some(address.segment_ord);
                let inverted = reader.searcher.segment_reader(address.segment_ord).inverted_index(clue.clue.field)?;
                let list = clue.list(reader, address.segment_ord as usize)?;
                let open = |list| inverted.read_postings_from_terminfo(&list, IndexRecordOption::WithFreqsAndPositions);
                postings = list.map(open).transpose()?;
            }
            let Some(list) = &mut postings else { continue };
            if holds(list, address.doc_id) {
                list.positions(&mut positions);
                // words of the opening are counted several times at one position
                positions.dedup();
                found[at].extend(positions.iter().map(|&position| Occurrence { position, clue: number as u16 }));
            }
        }
    }
    for list in &mut found {
        list.sort_unstable();
    }
    Ok(found)
}
