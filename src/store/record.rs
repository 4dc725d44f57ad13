//! The stored article: one compressed record, read whole and without copying.
//!
//! Beside the article stands how many word positions each of its chunks takes ([`super::widths`]). A position from a posting
//! list then leads straight to its chunk in the text, and that chunk alone is analysed again to give the exact span: nothing
//! else has to be stored for highlighting, and the text is never searched a second time.
//!
//! On the disk: which dictionary it was packed with, two lengths, and a zstd frame without the magic number that all begin
//! with. In the frame: the short form ([`super::characters`]) of everything but the widths, then the widths.

use std::cell::RefCell;
use std::io;
use std::sync::OnceLock;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use zstd::dict::DecoderDictionary;
use zstd::zstd_safe::{DCtx, get_error_name};

use super::characters::{restore, shorten};
use super::dictionary::{Dictionary, Mapped};
use super::invert::varint;
use super::widths::{Widths, pack_widths};
use crate::article::{Article, Lang};

/// Word positions left free between the title, the lead, the body and each caption, so that no phrase spans two of them.
pub const SECTION_GAP: u32 = 8;

/// With the common dictionary, of which more effort makes little more.
const COMMON_LEVEL: i32 = 3;
/// With the archive's own: 5 % smaller than by level 3.
const OWN_LEVEL: i32 = 5;
/// What news says again and again: a zstd dictionary, without which one article alone has little to refer to (records of
/// mixed news are 13 % smaller, at the same speed). It serves where the archive has not learnt one of its own
/// ([`super::dictionary`]). Learnt from the sample archive, and part of the index's format:
/// `search export -i index > articles.jsonl`, then `cargo test learn_the_common_dictionary -- --ignored`.
const COMMON: &[u8] = include_bytes!("record.dictionary");
/// The most a record may expand to: far above any article, far below what would hurt.
const MAX_RECORD: usize = 256 << 20;
/// What every zstd frame begins with (RFC 8878, 3.1.1).
const MAGIC: [u8; 4] = 0xFD2F_B528u32.to_le_bytes();

/// What a packed record begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum PackedWith {
    Common = 0,
    Own = 1,
}

/// An article as stored; the text borrows from the expanded record.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Record<'a> {
    pub id: &'a str,
    pub path: &'a str,
    #[serde(deserialize_with = "text")]
    pub title: &'a str,
    #[serde(deserialize_with = "text")]
    pub lead: &'a str,
    #[serde(deserialize_with = "text")]
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
    #[serde(borrow)]
    pub widths: Widths<'a>,
}

/// Text, checked many bytes at a time: one by one that takes half as long as expanding the record.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<&'de str, D::Error> {
    simdutf8::basic::from_utf8(<&[u8]>::deserialize(deserializer)?).map_err(D::Error::custom)
}

impl<'a> Record<'a> {
    /// The parts of the article that are analysed, in order of position.
    pub fn sections(&self) -> impl Iterator<Item = &'a str> + '_ {
        [self.title, self.lead, self.body].into_iter().chain(self.captions.iter().copied())
    }
}

impl Record<'_> {
    /// The article it was packed from; see [`Packer::pack`].
    pub fn article(&self) -> Article {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let time = |text: Option<&str>| text.and_then(|text| text.parse().ok());
        Article {
            id: self.id.to_owned(),
            path: self.path.to_owned(),
            title: self.title.to_owned(),
            lead: self.lead.to_owned(),
            body: self.body.to_owned(),
            captions: self.captions.iter().map(|caption| (*caption).to_owned()).collect(),
            lang: self.lang,
            published: time(self.published),
            updated: time(self.updated),
            source: owned(self.source),
            byline: owned(self.byline),
            section: owned(self.section),
            url: owned(self.url),
            charset: self.charset.to_owned(),
            format: self.format.to_owned(),
        }
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
    with: PackedWith,
    plain: Vec<u8>,
    short: Vec<u8>,
    widths: Vec<u8>,
}

impl Packer {
    pub fn new() -> io::Result<Packer> {
        let compressor = compressor(COMMON_LEVEL, COMMON)?;
        let (plain, short, widths) = Default::default();
        Ok(Packer { compressor, with: PackedWith::Common, plain, short, widths })
    }

    /// Packs with the archive's own dictionary from here on.
    pub fn learn(&mut self, dictionary: &Dictionary) -> io::Result<()> {
        if self.with == PackedWith::Common {
            self.compressor = compressor(OWN_LEVEL, &dictionary.bytes)?;
            self.with = PackedWith::Own;
        }
        Ok(())
    }

    /// The stored form of an article whose chunks take `positions`.
    pub fn pack(&mut self, article: &Article, positions: &[u8]) -> Result<Vec<u8>, RecordError> {
        let published = article.published.map(|at| at.to_string());
        let updated = article.updated.map(|at| at.to_string());
        pack_widths(positions, &mut self.widths);
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
            widths: Widths(&self.widths),
        };
        self.plain.clear();
        self.plain = postcard::to_extend(&record, std::mem::take(&mut self.plain))?;
        // the widths come last
        let (text, widths) = self.plain.split_at(self.plain.len() - self.widths.len());
        self.short.clear();
        shorten(text, &mut self.short);
        self.short.extend_from_slice(widths);
        let frame = self.compressor.compress(&self.short)?;
        let mut stored = Vec::with_capacity(frame.len() + 4);
        stored.push(self.with as u8);
        varint::put(self.short.len() as u32, &mut stored);
        varint::put(widths.len() as u32, &mut stored);
        stored.extend_from_slice(frame.strip_prefix(&MAGIC).unwrap_or(&frame));
        Ok(stored)
    }

    /// The last record that was packed, as it was compressed: what a dictionary is learnt from.
    pub fn short(&self) -> &[u8] {
        &self.short
    }
}

fn compressor(level: i32, dictionary: &[u8]) -> io::Result<zstd::bulk::Compressor<'static>> {
    let mut compressor = zstd::bulk::Compressor::with_dictionary(level, dictionary)?;
    // the record says its length and its dictionary
    compressor.include_contentsize(false)?;
    compressor.include_dictid(false)?;
    Ok(compressor)
}

thread_local! {
    static EXPANDER: RefCell<DCtx<'static>> = RefCell::new(DCtx::create());
}

fn common() -> &'static DecoderDictionary<'static> {
    static READY: OnceLock<DecoderDictionary<'static>> = OnceLock::new();
    READY.get_or_init(|| DecoderDictionary::new(COMMON))
}

/// An expanded record; [`Unpacked::record`] borrows from it.
pub struct Unpacked(Vec<u8>);

impl Unpacked {
    /// Expands a record of an archive whose own dictionary is `own`.
    pub fn new(stored: &[u8], own: Option<&Mapped>) -> Result<Unpacked, RecordError> {
        let broken = |reason| RecordError::Expand(io::Error::new(io::ErrorKind::InvalidData, reason));
        let (&with, mut rest) = stored.split_first().ok_or_else(|| broken("it is cut short"))?;
        let dictionary = match (with, own) {
            (0, _) => common(),
            (1, Some(own)) => own.ready()?,
            (1, None) => return Err(broken("it needs a dictionary that the index does not name")),
            _ => return Err(broken("it begins with an unknown number")),
        };
        let (len, widths) = (varint::take(&mut rest) as usize, varint::take(&mut rest) as usize);
        if len > MAX_RECORD || widths > len {
            return Err(broken("its length is absurd"));
        }
        let mut frame = Vec::with_capacity(MAGIC.len() + rest.len());
        frame.extend_from_slice(&MAGIC);
        frame.extend_from_slice(rest);
        let mut short = Vec::new();
        short.try_reserve_exact(len).map_err(io::Error::other)?;
        EXPANDER
            .with_borrow_mut(|expander| expander.decompress_using_ddict(&mut short, &frame, dictionary.as_ddict()))
            .map_err(|code| io::Error::other(get_error_name(code)))?;
        let (text, widths) = short.split_at_checked(len - widths).ok_or_else(|| broken("it is cut short"))?;
        let mut plain = Vec::new();
        restore(text, &mut plain).ok_or_else(|| broken("its text is cut short"))?;
        plain.extend_from_slice(widths);
        Ok(Unpacked(plain))
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
        let unpacked = Unpacked::new(&packed, None).unwrap();
        let record = unpacked.record().unwrap();
        assert_eq!((record.title, record.body), (&*article.title, &*article.body));
        assert_eq!(record.widths.iter().collect::<Vec<u8>>(), [1, 2, 3]);
        assert!(Unpacked::new(&packed[..packed.len() - 3], None).is_err());
        for damaged in [&b""[..], &[0], &[0, 5], &[1, 5, 1], &[7, 5, 1], &[0, 0xff, 0xff, 0xff, 0xff, 0x0f]] {
            assert!(Unpacked::new(damaged, None).is_err(), "{damaged:?}");
        }
    }

    #[test]
    #[ignore = "writes src/store/record.dictionary, from articles.jsonl"]
    fn learn_the_common_dictionary() {
        const PIECE: usize = 2000;
        const SIZE: usize = 110 << 10;
        let mut texts = Vec::new();
        for line in std::fs::read_to_string("articles.jsonl").unwrap().lines() {
            let article: serde_json::Value = serde_json::from_str(line).unwrap();
            for text in ["title", "lead", "body"].iter().filter_map(|part| article[part].as_str()) {
                shorten(text.as_bytes(), &mut texts);
                texts.push(b'\n');
            }
        }
        let sizes: Vec<usize> = texts.chunks(PIECE).map(<[u8]>::len).collect();
        let dictionary = zstd::dict::from_continuous(&texts, &sizes, SIZE).unwrap();
        std::fs::write("src/store/record.dictionary", dictionary).unwrap();
    }

    #[test]
    fn the_dictionary_knows_news() {
        let body = "정부는 31일 기자회견에서 \"내년 예산안을 국회에 제출했다\"고 밝혔다. 관계자는 설명했다.";
        let article = Article { body: body.into(), ..Article::default() };
        let packed = Packer::new().unwrap().pack(&article, &[]).unwrap();
        let alone = zstd::bulk::compress(body.as_bytes(), COMMON_LEVEL).unwrap();
        assert!(packed.len() * 10 < alone.len() * 9, "{} against {} without it", packed.len(), alone.len());
    }
}
