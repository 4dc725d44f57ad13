//! Entries by their letters, one letter after the other.

use rustc_hash::FxHashMap;

/// What may stand between two parts of an entry beside white space.
const SIGNS: &[char] = &['-', '‐', '‑', '–', '·', 'ㆍ', '‧', '・', '&', '.', '\'', '’', '/'];

#[derive(Debug)]
pub struct Trie {
    next: FxHashMap<(u32, char), u32>,
    nodes: Vec<Node>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Node {
    /// A part ends here and another follows.
    joint: bool,
    /// The entry that ends here.
    entry: Option<u32>,
}

impl Default for Trie {
    fn default() -> Trie {
        Trie { next: FxHashMap::default(), nodes: vec![Node::default()] }
    }
}

impl Trie {
    /// Adds an entry by its parts, in small letters; the last of those with the same letters counts.
    pub fn insert(&mut self, parts: &[String], entry: u32) {
        let mut at = 0;
        for (number, part) in parts.iter().enumerate() {
            for ch in part.chars() {
                let fresh = self.nodes.len() as u32;
                at = *self.next.entry((at, ch)).or_insert(fresh);
                if at == fresh {
                    self.nodes.push(Node::default());
                }
            }
            self.nodes[at as usize].joint |= number + 1 < parts.len();
        }
        self.nodes[at as usize].entry = Some(entry);
    }

    /// True where some entry begins with this letter.
    pub fn begins(&self, ch: char) -> bool {
        self.next.contains_key(&(0, super::small(ch)))
    }

    /// Hands on where entries end that begin at byte `at` of `text`.
    pub fn walk(&self, text: &str, at: usize, found: &mut dyn FnMut(usize, u32)) {
        let (mut node, mut at) = (0, at);
        while let Some(ch) = text[at..].chars().next() {
            match self.next.get(&(node, super::small(ch))) {
                Some(&next) => {
                    node = next;
                    at += ch.len_utf8();
                    if let Some(entry) = self.nodes[node as usize].entry {
                        found(at, entry);
                    }
                }
                None if self.nodes[node as usize].joint => match gap(&text[at..]) {
                    0 => return,
                    len => {
                        at += len;
                        if gap(&text[at..]) > 0 {
                            return;
                        }
                    }
                },
                None => return,
            }
        }
    }
}

/// The bytes of a gap between two parts: white space within a line, or one joining sign.
fn gap(rest: &str) -> usize {
    let line_end = |ch: char| matches!(ch, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}');
    let space = |ch: char| (ch.is_whitespace() || ch == '\u{200B}') && !line_end(ch);
    match rest.chars().next() {
        Some(sign) if SIGNS.contains(&sign) => sign.len_utf8(),
        _ => rest.find(|ch| !space(ch)).unwrap_or(rest.len()),
    }
}
