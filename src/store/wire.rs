//! Wire groups: articles that are near copies of one another, known by a number they share.
//!
//! Every article that is no copy leads a group of its own. A later article joins the first leader it is similar enough
//! to, so a group never changes its number and no article has to be written again when a copy comes in. Leaders are
//! found by the smallest of their hashes; hashes that too many leaders have (boilerplate) are passed over, so the cost
//! of an article does not grow with the archive.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write};
use std::path::Path;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::ingest::fingerprint::{Sketch, similarity};

/// The least similarity (Jaccard, of pairs of words) of a copy and its leader: one word in five may differ.
const COPY: f32 = 0.25;
/// By how many of its smallest hashes a leader is found.
const FEATURES: usize = 8;
/// A hash that more leaders share says nothing.
const COMMON: usize = 64;

/// The groups of an index.
#[derive(Debug, Default)]
pub struct WireGroups {
    leaders: Vec<Leader>,
    by_group: FxHashMap<u32, u32>,
    /// The first leader with a hash, and the further ones: nearly every hash has one.
    first: FxHashMap<u32, u32>,
    further: FxHashMap<u32, Vec<u32>>,
    next: u32,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Leader {
    group: u32,
    /// Articles of the group; a leader stays while there is one.
    members: u32,
    hashes: Box<[u32]>,
}

impl WireGroups {
    /// The group of an article: that of the leader it copies, else a new one.
    pub fn join(&mut self, sketch: &Sketch) -> u32 {
        if let Some(leader) = self.leader_of(sketch) {
            let leader = &mut self.leaders[leader as usize];
            leader.members += 1;
            return leader.group;
        }
        let group = self.next;
        self.next += 1;
        self.add(Leader { group, members: 1, hashes: sketch.hashes().into() });
        group
    }

    /// Counts an article that stays in its group.
    pub fn stay(&mut self, group: u32) {
        if let Some(&at) = self.by_group.get(&group) {
            self.leaders[at as usize].members += 1;
        }
    }

    /// Counts an article out of its group.
    pub fn leave(&mut self, group: u32) {
        if let Some(&at) = self.by_group.get(&group) {
            let leader = &mut self.leaders[at as usize];
            leader.members = leader.members.saturating_sub(1);
        }
    }

    /// The leader that is most like the sketch, if it is like enough; of equals the first.
    fn leader_of(&self, sketch: &Sketch) -> Option<u32> {
        let mut candidates: Vec<u32> = Vec::new();
        for hash in sketch.hashes().iter().take(FEATURES) {
            let further = self.further.get(hash).map_or(&[][..], Vec::as_slice);
            if further.len() < COMMON {
                candidates.extend(self.first.get(hash).into_iter().chain(further));
            }
        }
        candidates.sort_unstable();
        candidates.dedup();
        let mut best = None;
        let mut most = COPY;
        for at in candidates {
            let similarity = similarity(sketch.hashes(), &self.leaders[at as usize].hashes);
            if similarity > most || (best.is_none() && similarity >= most) {
                (best, most) = (Some(at), similarity);
            }
        }
        best
    }

    fn add(&mut self, leader: Leader) {
        let at = self.leaders.len() as u32;
        for &hash in leader.hashes.iter().take(FEATURES) {
            if *self.first.entry(hash).or_insert(at) != at {
                let further = self.further.entry(hash).or_default();
                if further.len() < COMMON {
                    further.push(at);
                }
            }
        }
        self.by_group.insert(leader.group, at);
        self.leaders.push(leader);
    }

    pub fn read(path: &Path) -> io::Result<WireGroups> {
        let packed = BufReader::with_capacity(1 << 20, File::open(path)?);
        let bytes = zstd::stream::decode_all(packed)?;
        let broken = |error| io::Error::new(io::ErrorKind::InvalidData, error);
        let (next, leaders): (u32, Vec<Leader>) = postcard::from_bytes(&bytes).map_err(broken)?;
        let mut groups = WireGroups { next, ..WireGroups::default() };
        leaders.into_iter().for_each(|leader| groups.add(leader));
        Ok(groups)
    }

    /// Writes the groups that still have articles to a new file, all the way to the disk.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let mut packer = zstd::stream::Encoder::new(BufWriter::new(File::create(path)?), 1)?;
        let leaders: Vec<&Leader> = self.leaders.iter().filter(|leader| leader.members > 0).collect();
        packer.include_checksum(true)?;
        postcard::to_io(&(self.next, leaders), &mut packer).map_err(io::Error::other)?;
        let mut file = packer.finish()?;
        file.flush()?;
        file.get_ref().sync_all()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::fingerprint::Sketcher;

    fn sketch(words: impl Iterator<Item = u32>) -> Sketch {
        let mut sketcher = Sketcher::default();
        words.for_each(|word| sketcher.word(word.wrapping_mul(0x9E37_79B1)));
        sketcher.take()
    }

    #[test]
    fn copies_join_and_numbers_stay() {
        let story = |from: u32| sketch(from..from + 200);
        let copy = |from: u32| sketch((from..from + 180).map(move |w| if w % 12 == 0 { w + 90_000 } else { w }));
        let mut groups = WireGroups::default();
        let first = groups.join(&story(0));
        let other = groups.join(&story(1000));
        assert_ne!(first, other);
        assert_eq!(groups.join(&copy(0)), first);
        assert_eq!(groups.join(&copy(1000)), other);

        // the leader's article goes, its copy keeps the group alive, also across a restart
        groups.leave(first);
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("wire");
        groups.write(&path).unwrap();
        let mut groups = WireGroups::read(&path).unwrap();
        assert_eq!(groups.join(&story(0)), first);
        // all gone: the number is not used again
        (0..2).for_each(|_| groups.leave(first));
        groups.write(&path).unwrap();
        let mut groups = WireGroups::read(&path).unwrap();
        assert!(groups.join(&story(0)) > other);
    }

    #[test]
    fn short_articles_are_alone() {
        let mut groups = WireGroups::default();
        let short = sketch(0..4);
        assert_ne!(groups.join(&short), groups.join(&short));
    }
}
