//! The stored article: one compressed record, read whole and without copying.
//!
//! Beside the article stands how many word positions each of its chunks takes. A position from a posting list then leads
//! straight to its chunk in the text, and that chunk alone is analysed again to give the exact span: nothing else has to
//! be stored for highlighting, and the text is never searched a second time.

use std::cell::RefCell;

use serde::{Deserialize, Serialize};

use crate::article::{Article, Lang};

/// Word positions left free between the title, the lead, the body and each caption, so that no phrase spans two of them.
pub const SECTION_GAP: u32 = 8;

const COMPRESSION_LEVEL: i32 = 3;
/// What news says again and again: a zstd dictionary, without which one article alone has little to refer to (records of
/// mixed news are 13 % smaller, at the same speed). Trained on the sample archive, and part of the index's format:
/// `search export -i index | jq -r '.title, .lead, .body' > articles.txt`, then
/// `zstd --train-fastcover -B2000 --maxdict=112640 articles.txt -o src/store/record.dictionary`.
const DICTIONARY: &[u8] = include_bytes!("record.dictionary");
/// The most a record may expand to: far above any article, far below what would hurt.
const MAX_RECORD: usize = 256 << 20;

/// An article as stored; the text borrows from the expanded record.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Record<'a> {
    pub id: &'a str,
    pub path: &'a str,
    pub title: &'a str,
    pub lead: &'a str,
    pub body: &'a str,
    #[serde(borrow)]
    pub captions: Vec<&'a str>,
    pub lang: Option<Lang>,
    pub published: Option<&'a str>,
    pub updated: Option<&'a str>,
    pub source: Option<&'a str>,
    pub byline: Option<&'a str>,
    pub section: Option<&'a str>,
    pub url: Option<&'a str>,
    pub charset: &'a str,
    pub format: &'a str,
    /// Positions taken by each chunk: of the title, the lead, the body, the captions.
    pub positions: &'a [u8],
}

impl<'a> Record<'a> {
    /// The parts of the article that are analysed, in order of position.
    pub fn sections(&self) -> impl Iterator<Item = &'a str> + '_ {
        [self.title, self.lead, self.body].into_iter().chain(self.captions.iter().copied())
    }
}

/// Why a record could not be read.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    #[error("a stored article cannot be expanded: {0}")]
    Expand(#[from] std::io::Error),
    #[error("a stored article is not in this version's form: {0}")]
    Form(#[from] postcard::Error),
}

/// Packs articles; one per thread.
pub struct Packer {
    compressor: zstd::bulk::Compressor<'static>,
    plain: Vec<u8>,
}

impl Packer {
    pub fn new() -> std::io::Result<Packer> {
        let mut compressor = zstd::bulk::Compressor::with_dictionary(COMPRESSION_LEVEL, DICTIONARY)?;
        // the record says its length, and the format its dictionary
        compressor.include_contentsize(false)?;
        compressor.include_dictid(false)?;
        Ok(Packer { compressor, plain: Vec::new() })
    }

    /// The stored form of an article whose chunks take `positions`.
    pub fn pack(&mut self, article: &Article, positions: &[u8]) -> Result<Vec<u8>, RecordError> {
        let published = article.published.map(|at| at.to_string());
        let updated = article.updated.map(|at| at.to_string());
        let record = Record {
            id: &article.id,
            path: &article.path,
            title: &article.title,
            lead: &article.lead,
            body: &article.body,
            captions: article.captions.iter().map(String::as_str).collect(),
            lang: article.lang,
            published: published.as_deref(),
            updated: updated.as_deref(),
            source: article.source.as_deref(),
            byline: article.byline.as_deref(),
            section: article.section.as_deref(),
            url: article.url.as_deref(),
            charset: &article.charset,
            format: &article.format,
            positions,
        };
        self.plain.clear();
        self.plain = postcard::to_extend(&record, std::mem::take(&mut self.plain))?;
        let mut packed = (self.plain.len() as u32).to_le_bytes().to_vec();
        packed.extend(self.compressor.compress(&self.plain)?);
        Ok(packed)
    }
}

thread_local! {
    static EXPANDER: RefCell<Option<zstd::bulk::Decompressor<'static>>> = const { RefCell::new(None) };
}

/// An expanded record; [`Unpacked::record`] borrows from it.
pub struct Unpacked(Vec<u8>);

impl Unpacked {
    pub fn new(packed: &[u8]) -> Result<Unpacked, RecordError> {
        let short = || std::io::Error::new(std::io::ErrorKind::UnexpectedEof, "it is cut short");
        let (head, frame) = packed.split_first_chunk::<4>().ok_or_else(short)?;
        let len = u32::from_le_bytes(*head) as usize;
        if len > MAX_RECORD {
            return Err(std::io::Error::new(std::io::ErrorKind::InvalidData, "its length is absurd").into());
        }
        EXPANDER.with_borrow_mut(|slot| {
            let expander = match slot {
                Some(expander) => expander,
                None => slot.insert(zstd::bulk::Decompressor::with_dictionary(DICTIONARY)?),
            };
            Ok(Unpacked(expander.decompress(frame, len)?))
        })
    }

    pub fn record(&self) -> Result<Record<'_>, RecordError> {
        Ok(postcard::from_bytes(&self.0)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_comes_back_whole() {
        let article = Article {
            id: "a".into(),
            title: "북한, 핵실험".into(),
            body: "본문이다.".repeat(50),
            captions: vec!["사진".into()],
            lang: Some(Lang::Ko),
            ..Article::default()
        };
        let packed = Packer::new().unwrap().pack(&article, &[1, 2, 3]).unwrap();
        let unpacked = Unpacked::new(&packed).unwrap();
        let record = unpacked.record().unwrap();
        assert_eq!((record.title, record.body, record.positions), (&*article.title, &*article.body, &[1u8, 2, 3][..]));
        assert!(Unpacked::new(&packed[..packed.len() - 3]).is_err());
        assert!(Unpacked::new(b"").is_err());
    }

    #[test]
    fn the_dictionary_knows_news() {
        let body = "정부는 31일 기자회견에서 \"내년 예산안을 국회에 제출했다\"고 밝혔다. 관계자는 설명했다.";
        let article = Article { body: body.into(), ..Article::default() };
        let packed = Packer::new().unwrap().pack(&article, &[]).unwrap();
        let alone = zstd::bulk::compress(body.as_bytes(), COMPRESSION_LEVEL).unwrap();
        assert!(packed.len() * 10 < alone.len() * 9, "{} against {} without it", packed.len(), alone.len());
    }
}
