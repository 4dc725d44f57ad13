//! Wire groups: articles that are near copies of one another, known by a number they share.
//!
//! Every article that is no copy leads a group of its own. A later article joins the first leader it is similar enough
//! to, so a group never changes its number and no article has to be written again when a copy comes in. Leaders are
//! found by the smallest of their hashes; hashes that too many leaders have (boilerplate) are passed over, so the cost
//! of an article does not grow with the archive.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write};
use std::path::Path;

use hashbrown::HashTable;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::ingest::fingerprint::{Sketch, similarity};

/// The least similarity (Jaccard, of pairs of words) of a copy and its leader: one word in five may differ.
const COPY: f32 = 0.25;
/// By how many of its smallest hashes a leader is found.
const FEATURES: usize = 8;
/// A hash that more leaders share says nothing.
const COMMON: usize = 64;

/// The groups of an index. There may be a million, so what is known of each lies side by side, and the table that finds them
/// holds numbers alone.
#[derive(Debug, Default)]
pub struct WireGroups {
    /// Of each leader its group; these rise.
    groups: Vec<u32>,
    /// Articles of the group; a leader stays while there is one.
    members: Vec<u32>,
    hashes: Hashes,
    /// The first leader with a hash, as a slot of [`Hashes`].
    first: HashTable<u32>,
    /// The further leaders with a hash: nearly every hash has one.
    further: FxHashMap<u32, Vec<u32>>,
    next: u32,
}

/// The hashes of all leaders, one behind the other.
#[derive(Debug, Default)]
struct Hashes {
    all: Vec<u32>,
    /// Where each leader's end.
    ends: Vec<u32>,
}

impl Hashes {
    fn of(&self, leader: u32) -> &[u32] {
        let start = if leader == 0 { 0 } else { self.ends[leader as usize - 1] };
        &self.all[start as usize..self.ends[leader as usize] as usize]
    }

    /// One of the hashes by which a leader is found.
    fn at(&self, slot: u32) -> u32 {
        self.of(slot / FEATURES as u32)[slot as usize % FEATURES]
    }
}

/// A leader as it is written.
#[derive(Serialize, Deserialize)]
struct Leader<'a> {
    group: u32,
    members: u32,
    hashes: Cow<'a, [u32]>,
}

impl WireGroups {
    /// The group of an article: that of the leader it copies, else a new one.
    pub fn join(&mut self, sketch: &Sketch) -> u32 {
        if let Some(leader) = self.leader_of(sketch) {
            self.members[leader as usize] += 1;
            return self.groups[leader as usize];
        }
        let group = self.next;
        self.next += 1;
        self.add(group, 1, sketch.hashes());
        group
    }

    /// Counts an article that stays in its group.
    pub fn stay(&mut self, group: u32) {
        if let Ok(at) = self.groups.binary_search(&group) {
            self.members[at] += 1;
        }
    }

    /// Counts an article out of its group.
    pub fn leave(&mut self, group: u32) {
        if let Ok(at) = self.groups.binary_search(&group) {
            self.members[at] = self.members[at].saturating_sub(1);
        }
    }

    /// The leader that is most like the sketch, if it is like enough; of equals the first.
    fn leader_of(&self, sketch: &Sketch) -> Option<u32> {
        let mut candidates: Vec<u32> = Vec::new();
        for &hash in sketch.hashes().iter().take(FEATURES) {
            let further = self.further.get(&hash).map_or(&[][..], Vec::as_slice);
            if further.len() < COMMON {
                candidates.extend(self.first_with(hash));
                candidates.extend(further);
            }
        }
        candidates.sort_unstable();
        // first the one that is found most often: others need not be compared to their ends where they are less like it
        let often = candidates.chunk_by(|a, b| a == b).max_by_key(|same| same.len()).map(|same| same[0]);
        candidates.dedup();
        let mut best: Option<u32> = None;
        let mut most = COPY;
        for at in often.into_iter().chain(candidates) {
            if let Some(similarity) = similarity(sketch.hashes(), self.hashes.of(at), most)
                && best.is_none_or(|best| similarity > most || at < best)
            {
                (best, most) = (Some(at), similarity);
            }
        }
        best
    }

    fn first_with(&self, hash: u32) -> Option<u32> {
        self.first.find(spread(hash), |&slot| self.hashes.at(slot) == hash).map(|slot| slot / FEATURES as u32)
    }

    /// Adds a leader; `group` is above all others.
    fn add(&mut self, group: u32, members: u32, hashes: &[u32]) {
        let at = self.groups.len() as u32;
        self.groups.push(group);
        self.members.push(members);
        self.hashes.all.extend_from_slice(hashes);
        self.hashes.ends.push(self.hashes.all.len() as u32);
        for (number, &hash) in hashes.iter().take(FEATURES).enumerate() {
            match self.first_with(hash) {
                None => {
                    let slot = at * FEATURES as u32 + number as u32;
                    self.first.insert_unique(spread(hash), slot, |&slot| spread(self.hashes.at(slot)));
                }
                Some(first) if first == at => {}
                Some(_) => {
                    let further = self.further.entry(hash).or_default();
                    if further.len() < COMMON {
                        further.push(at);
                    }
                }
            }
        }
    }

    pub fn read(path: &Path) -> io::Result<WireGroups> {
        let packed = BufReader::with_capacity(1 << 20, File::open(path)?);
        let bytes = zstd::stream::decode_all(packed)?;
        let broken = |error| io::Error::new(io::ErrorKind::InvalidData, error);
        let (next, leaders): (u32, Vec<Leader>) = postcard::from_bytes(&bytes).map_err(broken)?;
        let mut groups = WireGroups { next, ..WireGroups::default() };
        leaders.iter().for_each(|leader| groups.add(leader.group, leader.members, &leader.hashes));
        Ok(groups)
    }

    /// Writes the groups that still have articles to a new file, all the way to the disk.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let mut packer = zstd::stream::Encoder::new(BufWriter::new(File::create(path)?), 1)?;
        packer.include_checksum(true)?;
        let leaders = || (0..self.groups.len()).filter(|&at| self.members[at] > 0);
        // as postcard writes the pair of `next` and a list, without making the list; by itself it would flush after each leader
        let mut bytes = postcard::to_stdvec(&(self.next, leaders().count())).map_err(io::Error::other)?;
        packer.write_all(&bytes)?;
        for at in leaders() {
            let hashes = Cow::Borrowed(self.hashes.of(at as u32));
            let leader = Leader { group: self.groups[at], members: self.members[at], hashes };
            bytes.clear();
            bytes = postcard::to_extend(&leader, bytes).map_err(io::Error::other)?;
            packer.write_all(&bytes)?;
        }
        let mut file = packer.finish()?;
        file.flush()?;
        file.get_ref().sync_all()
    }
}

/// A table wants its hashes to differ in their highest bits, and these are the smallest of many.
fn spread(hash: u32) -> u64 {
    u64::from(hash).wrapping_mul(0x9E37_79B9_7F4A_7C15)
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
