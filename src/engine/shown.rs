//! One article as `search show` and `search export` give it.

use serde::{Serialize, Serializer};

use crate::present::highlight::MarkKind;
use crate::store::record::Record;

/// An article with marks for its sections: title, lead, body, captions.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    pub article: ArticleOut,
    /// Half-open spans in Unicode code points; empty without a query.
    pub highlights: Vec<Vec<[usize; 2]>>,
    /// What each highlight is.
    pub kinds: Vec<Vec<MarkKind>>,
}

/// The fields of an exported article; what is not known is `null` or empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ArticleOut {
    pub id: String,
    pub path: String,
    #[serde(serialize_with = "null_if_empty")]
    pub title: String,
    #[serde(serialize_with = "null_if_empty")]
    pub lead: String,
    pub body: String,
    pub captions: Vec<String>,
    pub lang: Option<&'static str>,
    pub published: Option<String>,
    pub updated: Option<String>,
    pub source: Option<String>,
    pub byline: Option<String>,
    pub section: Option<String>,
    pub url: Option<String>,
    pub charset: String,
    pub format: String,
}

fn null_if_empty<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    if text.is_empty() { serializer.serialize_none() } else { serializer.serialize_str(text) }
}

impl From<&Record<'_>> for ArticleOut {
    fn from(record: &Record<'_>) -> ArticleOut {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        ArticleOut {
            id: record.id.to_owned(),
            path: record.path.to_owned(),
            title: record.title.to_owned(),
            lead: record.lead.to_owned(),
            body: record.body.to_owned(),
            captions: record.captions.iter().map(|caption| (*caption).to_owned()).collect(),
            lang: record.lang.map(|lang| lang.code()),
            published: owned(record.published),
            updated: owned(record.updated),
            source: owned(record.source),
            byline: owned(record.byline),
            section: owned(record.section),
            url: owned(record.url),
            charset: record.charset.to_owned(),
            format: record.format.to_owned(),
        }
    }
}
