//! Terms as numbers, given in the order of first sight.
//!
//! One vocabulary serves all fields of a run: a noun is a word, a printed form and a title at once, and is kept once.

use xxhash_rust::xxh3::xxh3_64;

/// The number of a term in its vocabulary.
pub type TermId = u32;

#[derive(Debug, Default)]
pub struct Vocabulary {
    /// For each term its number (four bytes), its length (two) and itself: what is found is found in one place.
    bytes: Vec<u8>,
    /// Where each number stands there.
    starts: Vec<u32>,
    /// For each term a hash, and one more than where its number stands; 0 where there is none. A term stands where its hash
    /// says, or behind that where others stand already.
    slots: Vec<u64>,
}

const HEAD: usize = 6;
const FEWEST_SLOTS: usize = 64;

impl Vocabulary {
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// Bytes in use.
    pub fn weight(&self) -> usize {
        self.bytes.len() + 4 * self.starts.len() + 8 * self.slots.len()
    }

    pub fn term(&self, id: TermId) -> &[u8] {
        self.at(self.starts[id as usize] as usize).1
    }

    /// The number and the term that stand at `start`.
    fn at(&self, start: usize) -> (TermId, &[u8]) {
        let (head, rest) = self.bytes[start..].split_at(HEAD);
        let id = TermId::from_le_bytes([head[0], head[1], head[2], head[3]]);
        (id, &rest[..usize::from(u16::from_le_bytes([head[4], head[5]]))])
    }

    /// The number of `wanted`, a new one where it was not seen before; of a longer term than 64 KB the first part counts.
    pub fn id(&mut self, wanted: &[u8]) -> TermId {
        let wanted = &wanted[..wanted.len().min(usize::from(u16::MAX))];
        if 3 * self.starts.len() >= 2 * self.slots.len() {
            self.grow();
        }
        let hash = xxh3_64(wanted) as u32;
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        while self.slots[at] > 0 {
            if (self.slots[at] >> 32) as u32 == hash {
                let (id, term) = self.at(self.slots[at] as u32 as usize - 1);
                if term == wanted {
                    return id;
                }
            }
            at = (at + 1) & mask;
        }
        let (id, start) = (self.starts.len() as TermId, self.bytes.len() as u32);
        self.bytes.extend_from_slice(&id.to_le_bytes());
        self.bytes.extend_from_slice(&(wanted.len() as u16).to_le_bytes());
        self.bytes.extend_from_slice(wanted);
        self.starts.push(start);
        self.slots[at] = u64::from(hash) << 32 | u64::from(start + 1);
        id
    }

    fn grow(&mut self) {
        let more = vec![0; (2 * self.slots.len()).max(FEWEST_SLOTS)];
        let mask = more.len() - 1;
        for slot in std::mem::replace(&mut self.slots, more).into_iter().filter(|&slot| slot > 0) {
            let mut at = (slot >> 32) as usize & mask;
            while self.slots[at] > 0 {
                at = (at + 1) & mask;
            }
            self.slots[at] = slot;
        }
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
        let mut order: Vec<(u64, TermId)> = (0..self.starts.len() as TermId).map(|id| (head(id), id)).collect();
        order.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| self.term(a.1).cmp(self.term(b.1))));
        order.into_iter().map(|(_, id)| id).collect()
    }
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
