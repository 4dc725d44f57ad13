//! Terms as numbers, given in the order of first sight.
//!
//! One vocabulary serves all fields of a run: a noun is a word, a printed form and a title at once, and is kept once.

use hashbrown::HashTable;
use xxhash_rust::xxh3::xxh3_64;

/// The number of a term in its vocabulary.
pub type TermId = u32;

#[derive(Debug, Default)]
pub struct Vocabulary {
    /// The terms, one behind the other.
    bytes: Vec<u8>,
    /// Where each term ends.
    ends: Vec<u32>,
    /// Each term's number beside half of its hash.
    known: HashTable<(u32, TermId)>,
}

impl Vocabulary {
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Bytes in use.
    pub fn weight(&self) -> usize {
        self.bytes.len() + 4 * self.ends.len() + 10 * self.known.len()
    }

    pub fn term(&self, id: TermId) -> &[u8] {
        term(&self.bytes, &self.ends, id)
    }

    /// The number of `term`, a new one where it was not seen before.
    pub fn id(&mut self, wanted: &[u8]) -> TermId {
        let hash = xxh3_64(wanted);
        let half = hash as u32;
        let (bytes, ends) = (&self.bytes, &self.ends);
        let same = |&(other, id): &(u32, TermId)| other == half && term(bytes, ends, id) == wanted;
        if let Some(&(_, id)) = self.known.find(spread(half), same) {
            return id;
        }
        let id = self.ends.len() as TermId;
        self.bytes.extend_from_slice(wanted);
        self.ends.push(self.bytes.len() as u32);
        self.known.insert_unique(spread(half), (half, id), |&(half, _)| spread(half));
        id
    }

    /// All numbers, in the order of their terms.
    pub fn sorted(&self) -> Vec<TermId> {
        let head = |id: TermId| {
            let term = self.term(id);
            let mut head = [0; 8];
            head[..term.len().min(8)].copy_from_slice(&term[..term.len().min(8)]);
            u64::from_be_bytes(head)
        };
        // most terms differ in their first bytes, and those lie side by side
        let mut order: Vec<(u64, TermId)> = (0..self.ends.len() as TermId).map(|id| (head(id), id)).collect();
        order.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| self.term(a.1).cmp(self.term(b.1))));
        order.into_iter().map(|(_, id)| id).collect()
    }
}

fn term<'v>(bytes: &'v [u8], ends: &[u32], id: TermId) -> &'v [u8] {
    let start = if id == 0 { 0 } else { ends[id as usize - 1] };
    &bytes[start as usize..ends[id as usize] as usize]
}

/// A table wants its hashes to differ in their highest bits as well.
fn spread(half: u32) -> u64 {
    u64::from(half).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_have_one_number_and_an_order() {
        let mut vocabulary = Vocabulary::default();
        let terms = ["북한", "ctbt", "", "핵실험", "핵", "북한", "gaza strip", "gaza stripe"];
        let ids = terms.map(|term| vocabulary.id(term.as_bytes()));
        assert_eq!(ids, [0, 1, 2, 3, 4, 0, 5, 6]);
        let sorted: Vec<&[u8]> = vocabulary.sorted().into_iter().map(|id| vocabulary.term(id)).collect();
        let mut expected: Vec<&[u8]> = terms.iter().map(|term| term.as_bytes()).collect();
        expected.sort_unstable();
        expected.dedup();
        assert_eq!(sorted, expected);
    }
}
