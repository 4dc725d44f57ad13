//! Articles one after the other, as many as there are: nothing is held but the one that is written, and some bytes of each
//! that are found for their order.

use super::search::{Engine, SearchError};
use super::shown::ArticleOut;
use crate::analyze::Worker;
use crate::query::matching::everything;
use crate::query::request::Request;

impl Engine {
    /// Hands every article that `request` finds to `sink`, the oldest first and undated ones last, whatever built the index;
    /// where its query is empty, all that its filters allow.
    pub fn export<E>(
        &self,
        request: &Request,
        worker: &mut Worker,
        sink: &mut dyn FnMut(ArticleOut) -> Result<(), E>,
    ) -> Result<Result<u64, E>, SearchError> {
        let found = if request.query.trim().is_empty() {
            everything(&self.reader, request)?
        } else {
            self.rank(&Request { limit: 0, offset: 0, ..request.clone() }, worker)?.found
        };
        let mut count = 0;
        for candidate in self.by_date(&found, false, usize::MAX)? {
            if let Err(error) = sink(self.article(candidate.address)?) {
                return Ok(Err(error));
            }
            count += 1;
        }
        Ok(Ok(count))
    }
}
