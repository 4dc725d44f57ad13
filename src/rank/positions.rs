//! Positions of a term in many articles, read in the order of the articles.

use tantivy::DocId;
use tantivy::DocSet;
use tantivy::positions::PositionReader;
use tantivy::postings::{BlockSegmentPostings, Postings, SegmentPostings, TermInfo};
use tantivy::schema::{Field, IndexRecordOption};

use crate::store::reader::Reader;

/// Postings of a full block, as tantivy packs them: so many are read at once.
pub const BLOCK: usize = 128;

/// Moves a list forward to `doc`, if it does not stand there or behind it; true where it holds the article.
pub fn holds(list: &mut impl DocSet, doc: DocId) -> bool {
    (if list.doc() < doc { list.seek(doc) } else { list.doc() }) == doc
}

/// The positions of one term.
pub enum Positions {
    /// Of few articles: sought one by one, with the positions of the last.
    Sought(Box<SegmentPostings>, Vec<u32>),
    /// Of many: all blocks of the list, the positions of a block at once.
    Passed(Box<Passed>),
}

/// A list that is read from its beginning.
pub struct Passed {
    postings: BlockSegmentPostings,
    reader: PositionReader,
    /// How many positions come before the block.
    before: u64,
    /// Where in the positions of the block those of each of its articles begin, and where the last ones end.
    starts: [u32; BLOCK + 1],
    /// The article of the block that was asked for last.
    at: usize,
    /// The positions of the block; empty until they are asked for. As written, each is a distance from the one before.
    positions: Vec<u32>,
}

impl Positions {
    /// For so many articles of a segment.
    pub fn open(
        reader: &Reader,
        ord: usize,
        field: Field,
        info: &TermInfo,
        articles: usize,
    ) -> tantivy::Result<Positions> {
        let inverted = reader.inverted(ord, field)?;
        let blocks = info.doc_freq as usize / BLOCK;
        if articles < blocks {
            let option = IndexRecordOption::WithFreqsAndPositions;
            let postings = inverted.read_postings_from_terminfo(info, option)?;
            return Ok(Positions::Sought(Box::new(postings), Vec::new()));
        }
        let postings = inverted.read_block_postings_from_terminfo(info, IndexRecordOption::WithFreqs)?;
        let passed = Passed::new(postings, reader.positions(ord, field, info)?);
        Ok(Positions::Passed(Box::new(passed)))
    }

    /// The positions in `doc`, which comes after the last one asked for; none where it does not hold the term.
    pub fn of(&mut self, doc: DocId) -> &[u32] {
        match self {
            Positions::Sought(list, positions) => {
                if !holds(list.as_mut(), doc) {
                    return &[];
                }
                list.positions(positions);
                positions
            }
            Positions::Passed(list) => list.of(doc),
        }
    }
}

impl Passed {
    fn new(postings: BlockSegmentPostings, reader: PositionReader) -> Passed {
        let mut passed = Passed { postings, reader, before: 0, starts: [0; BLOCK + 1], at: 0, positions: Vec::new() };
        passed.begin();
        passed
    }

    /// Begins with the block that was loaded.
    fn begin(&mut self) {
        let mut sum = 0;
        for (start, &freq) in self.starts[1..].iter_mut().zip(self.postings.freqs()) {
            sum += freq;
            *start = sum;
        }
        self.at = 0;
        self.positions.clear();
    }

    fn of(&mut self, doc: DocId) -> &[u32] {
        while self.postings.docs().last().is_some_and(|&last| last < doc) {
            self.before += u64::from(self.starts[self.postings.block_len()]);
            self.postings.advance();
            self.begin();
        }
        let docs = self.postings.docs();
        while docs.get(self.at).is_some_and(|&it| it < doc) {
            self.at += 1;
        }
        if docs.get(self.at) != Some(&doc) {
            return &[];
        }
        if self.positions.is_empty() {
            self.positions.resize(self.starts[docs.len()] as usize, 0);
            self.reader.read(self.before, &mut self.positions);
        }
        let here = &mut self.positions[self.starts[self.at] as usize..self.starts[self.at + 1] as usize];
        let mut position = 0;
        for at in here.iter_mut() {
            position += *at;
            *at = position;
        }
        // what is read is no distance any more
        self.at += 1;
        here
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use tantivy::directory::CompositeFile;
    use tantivy::{Directory, Index, TantivyDocument, Term, doc, schema};

    use super::*;

    #[test]
    fn positions_are_those_of_one_article_after_the_other() {
        let mut fields = schema::Schema::builder();
        let field = fields.add_text_field("text", schema::TEXT);
        let index = Index::create_in_ram(fields.build());
        let mut writer = index.writer_with_num_threads::<TantivyDocument>(1, 15_000_000).unwrap();
        for article in 0..1_500usize {
            // every third says it, up to seven times, with ever more between
            let times = if article % 3 == 0 { article / 3 % 7 + 1 } else { 0 };
            let text: String = (0..times).map(|time| format!("{}sign ", "other ".repeat(time + article % 5))).collect();
            writer.add_document(doc!(field => text)).unwrap();
        }
        writer.commit().unwrap();
        let searcher = index.reader().unwrap().searcher();
        let segment = searcher.segment_reader(0);
        let inverted = segment.inverted_index(field).unwrap();
        let info = inverted.get_term_info(&Term::from_field_text(field, "sign")).unwrap().unwrap();
        let name = format!("{}.pos", segment.segment_id().uuid_string());
        let file = CompositeFile::open(&index.directory().open_read(Path::new(&name)).unwrap()).unwrap();
        for step in [1, 2, 5, 100, 129, 400] {
            let written = file.open_read(field).unwrap().slice(info.positions_range.clone()).read_bytes().unwrap();
            let postings = inverted.read_block_postings_from_terminfo(&info, IndexRecordOption::WithFreqs).unwrap();
            let mut passed = Passed::new(postings, PositionReader::open(written).unwrap());
            let option = IndexRecordOption::WithFreqsAndPositions;
            let mut sought = inverted.read_postings_from_terminfo(&info, option).unwrap();
            for article in (0..1_500).step_by(step) {
                let mut expected = Vec::new();
                if holds(&mut sought, article) {
                    sought.positions(&mut expected);
                }
                assert_eq!(expected.is_empty(), article % 3 != 0, "{article}");
                assert_eq!(passed.of(article), expected, "{article}");
            }
        }
    }
}
