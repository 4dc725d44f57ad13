//! Articles one after the other, as many as there are: nothing is held but the one that is written.

use tantivy::DocAddress;

use super::search::{Engine, SearchError};
use super::shown::ArticleOut;
use crate::analyze::Worker;
use crate::query::request::Request;
use crate::store::version::StoreError;

impl Engine {
    /// Hands every article that `request` finds to `sink`, in the order of the index; all of them where nothing is asked.
    pub fn export<E>(
        &self,
        request: Option<&Request>,
        worker: &mut Worker,
        sink: &mut dyn FnMut(ArticleOut) -> Result<(), E>,
    ) -> Result<Result<u64, E>, SearchError> {
        let mut count = 0;
        let mut give = |address: DocAddress| -> Result<Result<(), E>, SearchError> {
            let unpacked = self.reader.article(address)?;
            let record = unpacked.record().map_err(|error| StoreError::broken(self.reader.dir(), error))?;
            count += 1;
            Ok(sink(ArticleOut::from(&record)))
        };
        let segments = self.reader.searcher.segment_readers().iter().enumerate();
        let everything = segments
            .flat_map(|(ord, segment)| segment.doc_ids_alive().map(move |doc| DocAddress::new(ord as u32, doc)));
        match request {
            None => {
                for address in everything {
                    if let Err(error) = give(address)? {
                        return Ok(Err(error));
                    }
                }
            }
            Some(request) => {
                let ranked = self.rank(&Request { limit: 0, offset: 0, ..request.clone() }, worker)?;
                for address in ranked.found.iter() {
                    if let Err(error) = give(address)? {
                        return Ok(Err(error));
                    }
                }
            }
        }
        Ok(Ok(count))
    }
}
