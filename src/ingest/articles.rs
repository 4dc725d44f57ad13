//! The articles of a file as its manifest knows them, packed: an archive of a million has a million of them in memory while it
//! is brought up to date.

use std::fmt;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An article of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleState<'a> {
    pub id: &'a str,
    /// See [`super::manifest::content_hash`].
    pub hash: u64,
    /// Its wire group.
    pub group: u32,
}

/// The articles of one file in order; written as a list of [`ArticleState`].
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Articles {
    /// The ids, one behind the other.
    ids: String,
    packed: Vec<Packed>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Packed {
    /// Where the id ends.
    end: usize,
    hash: u64,
    group: u32,
}

impl Articles {
    pub fn len(&self) -> usize {
        self.packed.len()
    }

    pub fn is_empty(&self) -> bool {
        self.packed.is_empty()
    }

    pub fn push(&mut self, article: ArticleState) {
        let ArticleState { id, hash, group } = article;
        self.ids.push_str(id);
        self.packed.push(Packed { end: self.ids.len(), hash, group });
    }

    pub fn iter(&self) -> impl Iterator<Item = ArticleState<'_>> {
        let mut start = 0;
        self.packed.iter().map(move |&Packed { end, hash, group }| {
            let id = &self.ids[start..end];
            start = end;
            ArticleState { id, hash, group }
        })
    }

    /// Keeps the articles that `keep` says; nothing is copied where that is all of them.
    pub fn retain(&mut self, mut keep: impl FnMut(ArticleState) -> bool) {
        let kept: Vec<bool> = self.iter().map(&mut keep).collect();
        if kept.iter().all(|&kept| kept) {
            return;
        }
        let mut left = Articles::default();
        self.iter().zip(kept).filter(|(_, kept)| *kept).for_each(|(article, _)| left.push(article));
        *self = left;
    }

    pub fn shrink_to_fit(&mut self) {
        self.ids.shrink_to_fit();
        self.packed.shrink_to_fit();
    }
}

impl fmt::Debug for Articles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl Serialize for Articles {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Articles {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Articles, D::Error> {
        deserializer.deserialize_seq(OneByOne)
    }
}

struct OneByOne;

impl<'de> Visitor<'de> for OneByOne {
    type Value = Articles;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a list of articles")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Articles, A::Error> {
        let mut articles = Articles::default();
        while let Some(article) = list.next_element()? {
            articles.push(article);
        }
        articles.shrink_to_fit();
        Ok(articles)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_leaves_the_others() {
        let mut articles = Articles::default();
        let given = ["a", "", "조간#12", "d"].into_iter().zip(1u32..);
        given.clone().for_each(|(id, at)| articles.push(ArticleState { id, hash: u64::from(at) << 40, group: at }));
        articles.retain(|article| article.group != 2);
        let left: Vec<(&str, u32)> = articles.iter().map(|it| (it.id, it.group)).collect();
        assert_eq!(left, [("a", 1), ("조간#12", 3), ("d", 4)]);
        assert_eq!(articles.iter().map(|it| it.hash >> 40).sum::<u64>(), 8);
        let bytes = postcard::to_stdvec(&articles).unwrap();
        assert_eq!(bytes, postcard::to_stdvec(&articles.iter().collect::<Vec<_>>()).unwrap());
        assert_eq!(postcard::from_bytes::<Articles>(&bytes).unwrap(), articles);
    }
}
