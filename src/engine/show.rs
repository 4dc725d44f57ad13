//! One article by its id, and what a wire copy changed of another.

use tantivy::DocAddress;

use super::group::{Groups, members};
use super::search::{Engine, SearchError};
use super::shown::{ArticleOut, Shown};
use crate::analyze::Worker;
use crate::present::diff::{Difference, difference};
use crate::present::highlight::locate;
use crate::query::request::Request;

/// What there is to say about an article against another one.
#[derive(Debug, Clone, PartialEq)]
pub enum Compared {
    Difference(Box<Difference>),
    /// It is the first of its wire group; these are its copies.
    First(Vec<String>),
    /// No other article is a copy of it.
    Alone,
    /// There is no article with this id.
    Missing(String),
}

impl Engine {
    /// Where the article with this id is; a path that ends in the id leads to it as well.
    fn find(&self, id: &str) -> Result<Option<DocAddress>, SearchError> {
        let tails = id.match_indices('/').map(|(at, _)| &id[at + 1..]);
        for id in std::iter::once(id).chain(tails) {
            if let Some(address) = self.reader.find(id)? {
                return Ok(Some(address));
            }
        }
        Ok(None)
    }

    pub(super) fn article(&self, address: DocAddress) -> Result<ArticleOut, SearchError> {
        let unpacked = self.reader.article(address)?;
        let record = self.reader.record(&unpacked)?;
        Ok(ArticleOut::from(&record))
    }

    /// The article with this id, with what `query` finds in it marked; `None` where there is no such article.
    pub fn show(&self, id: &str, query: Option<&str>, worker: &mut Worker) -> Result<Option<Shown>, SearchError> {
        let Some(address) = self.find(id)? else { return Ok(None) };
        let unpacked = self.reader.article(address)?;
        let record = self.reader.record(&unpacked)?;
        let (mut highlights, mut kinds) = (Vec::new(), Vec::new());
        if let Some(query) = query {
            let request = Request { query: query.to_owned(), limit: 0, ..Request::default() };
            let ranked = self.rank(&request, worker)?;
            let found = ranked.occurrences(&self.reader, &[address], request.jobs)?;
            let positions: Vec<(u32, u16)> = found[0].iter().map(|at| (at.position, at.clue)).collect();
            let marks = locate(&record, &positions, |clue| &ranked.weighed[usize::from(clue)].clue.term, worker);
            (highlights, kinds) =
                record.sections().zip(&marks.sections).map(|(text, marks)| ranked.marked(text, marks)).unzip();
        }
        Ok(Some(Shown { article: ArticleOut::from(&record), highlights, kinds }))
    }

    /// What the article with this id changed of `other`, else of the first of its wire group: the earliest published, of
    /// those the longest.
    pub fn compare(&self, id: &str, other: Option<&str>) -> Result<Compared, SearchError> {
        let Some(address) = self.find(id)? else { return Ok(Compared::Missing(id.to_owned())) };
        let copy = self.article(address)?;
        let original = match other {
            Some(other) => match self.find(other)? {
                Some(address) => self.article(address)?,
                None => return Ok(Compared::Missing(other.to_owned())),
            },
            None => {
                let group = Groups::open(&self.reader)?.of(address);
                let mut articles = Vec::new();
                for member in members(&self.reader, group)? {
                    articles.push(self.article(member)?);
                }
                // a day is before any time of it, and no date is after all others
                articles.sort_by_cached_key(|article| {
                    let published = article.published.clone();
                    (published.is_none(), published, std::cmp::Reverse(article.body.len()), article.id.clone())
                });
                let ids = || articles.iter().map(|article| article.id.clone()).filter(|id| *id != copy.id).collect();
                match articles.first() {
                    None => return Ok(Compared::Alone),
                    Some(_) if articles.len() == 1 => return Ok(Compared::Alone),
                    Some(first) if first.id == copy.id => return Ok(Compared::First(ids())),
                    Some(_) => articles.swap_remove(0),
                }
            }
        };
        Ok(Compared::Difference(Box::new(difference(&original, &copy))))
    }
}
