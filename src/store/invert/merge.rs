//! Runs into the posting lists of one segment, in one pass.

use std::io;

use tantivy::fieldnorm::FieldNormReaders;
use tantivy::postings::InvertedIndexSerializer;
use tantivy::schema::Field;
use tantivy::{DocId, TantivyError};

use super::inverter::LEAD_COUNT;
use super::run::{Run, RunReader};
use super::{Detail, varint};

/// The number of an article that did not enter the index.
pub const NOWHERE: DocId = DocId::MAX;

/// A run, and for each of its articles the number it has in the segment; these rise. Articles behind the last of them did
/// not enter.
pub struct Placed {
    pub run: Run,
    pub docs: Vec<DocId>,
}

/// The lists of some terms, of all runs, one behind the other.
#[derive(Default)]
struct Lists {
    terms: Vec<u8>,
    /// Where each term and its postings end.
    ends: Vec<(usize, usize)>,
    postings: Vec<Posting>,
    deltas: Vec<u32>,
    /// No more terms of the field follow.
    last: bool,
}

#[derive(Clone, Copy)]
struct Posting {
    doc: DocId,
    count: u32,
    /// Where its positions begin in the deltas.
    from: u32,
}

/// Postings from which on lists are handed on.
const ENOUGH: usize = 16 << 10;
/// Lists that wait to be written.
const WAITING: usize = 2;

/// Writes the lists of all fields; `tokens` gives how many tokens each field has. With `threads` above 1 lists are read on one
/// and written on another.
pub fn merge(
    runs: Vec<Placed>,
    details: &[Option<Detail>],
    tokens: &[u64],
    norms: &FieldNormReaders,
    serializer: InvertedIndexSerializer,
    threads: usize,
) -> tantivy::Result<()> {
    let mut gathering = Gathering::new(runs, details)?;
    if threads < 2 {
        return write(details, tokens, norms, serializer, &mut || gathering.next());
    }
    let (lists, ready) = crossbeam_channel::bounded(WAITING);
    std::thread::scope(move |scope| {
        scope.spawn(move || {
            loop {
                let next = gathering.next();
                let ended = !matches!(next, Ok(Some(_)));
                // nobody waits where writing has failed: the other end is owned there, and gone before this thread is waited for
                if lists.send(next).is_err() || ended {
                    break;
                }
            }
        });
        let cut_short = || io::Error::other("the thread that reads the runs has ended").into();
        write(details, tokens, norms, serializer, &mut || ready.recv().unwrap_or_else(|_| Err(cut_short())))
    })
}

/// Writes what `next` gives: for each field that has lists one or more times some of them.
fn write(
    details: &[Option<Detail>],
    tokens: &[u64],
    norms: &FieldNormReaders,
    mut serializer: InvertedIndexSerializer,
    next: &mut dyn FnMut() -> tantivy::Result<Option<Lists>>,
) -> tantivy::Result<()> {
    for (at, detail) in details.iter().enumerate() {
        let Some(detail) = *detail else { continue };
        let field = Field::from_field_id(at as u32);
        let mut out = serializer.new_field(field, tokens[at], norms.get_field(field)?)?;
        while let Some(lists) = next()? {
            let mut start = (0, 0);
            for &end in &lists.ends {
                let postings = &lists.postings[start.1..end.1];
                out.new_term(&lists.terms[start.0..end.0], postings.len() as u32, detail != Detail::Nothing)?;
                for posting in postings {
                    let from = posting.from as usize;
                    let deltas = match detail {
                        Detail::Positions => &lists.deltas[from..from + posting.count as usize],
                        _ => &[],
                    };
                    out.write_doc(posting.doc, posting.count, deltas);
                }
                out.close_term()?;
                start = end;
            }
            if lists.last {
                break;
            }
        }
        out.close()?;
    }
    serializer.close()?;
    Ok(())
}

/// Reads all runs side by side, field after field, term after term.
struct Gathering {
    sources: Vec<Source>,
    /// What the lists of the fields hold that are still to be read, the next one last.
    details: Vec<Detail>,
    /// In the middle of a field.
    within: bool,
}

struct Source {
    reader: RunReader,
    docs: Vec<DocId>,
    /// How the current term begins: most terms differ there, and these lie side by side.
    head: u64,
}

impl Source {
    fn advance(&mut self) -> io::Result<()> {
        self.reader.advance()?;
        self.head = self.reader.term().map_or(u64::MAX, |term| {
            let mut head = [0; 8];
            let len = term.len().min(8);
            head[..len].copy_from_slice(&term[..len]);
            u64::from_be_bytes(head)
        });
        Ok(())
    }
}

impl Gathering {
    fn new(runs: Vec<Placed>, details: &[Option<Detail>]) -> io::Result<Gathering> {
        let source =
            |placed: Placed| Ok(Source { reader: RunReader::new(placed.run)?, docs: placed.docs, head: u64::MAX });
        let sources = runs.into_iter().map(source).collect::<io::Result<_>>()?;
        Ok(Gathering { sources, details: details.iter().rev().flatten().copied().collect(), within: false })
    }

    /// The next lists; `None` behind the last field.
    fn next(&mut self) -> tantivy::Result<Option<Lists>> {
        let Some(&detail) = self.details.last() else { return Ok(None) };
        if !self.within {
            self.sources.iter_mut().try_for_each(Source::advance)?;
            self.within = true;
        }
        let mut lists = Lists::default();
        while lists.postings.len() < ENOUGH {
            if !self.term(detail, &mut lists)? {
                lists.last = true;
                self.details.pop();
                self.within = false;
                break;
            }
        }
        Ok(Some(lists))
    }

    /// Adds the list of the least term; false where there is none.
    fn term(&mut self, detail: Detail, lists: &mut Lists) -> tantivy::Result<bool> {
        let head = self.sources.iter().map(|source| source.head).min().unwrap_or(u64::MAX);
        let beginning = self.sources.iter().filter(|source| source.head == head);
        let Some(least) = beginning.filter_map(|source| source.reader.term()).min() else { return Ok(false) };
        let (term, first) = (lists.terms.len(), lists.postings.len());
        lists.terms.extend_from_slice(least);
        let mut sources = 0;
        for source in self.sources.iter_mut().filter(|source| source.head == head) {
            if source.reader.term() == Some(&lists.terms[term..]) {
                lists.read(source.reader.list(), detail, &source.docs)?;
                source.advance()?;
                sources += 1;
            }
        }
        if sources > 1 {
            lists.postings[first..].sort_by_key(|posting| posting.doc);
        }
        if lists.postings.len() == first {
            lists.terms.truncate(term);
        } else {
            lists.ends.push((lists.terms.len(), lists.postings.len()));
        }
        Ok(true)
    }
}

impl Lists {
    fn read(&mut self, mut bytes: &[u8], detail: Detail, docs: &[DocId]) -> Result<(), TantivyError> {
        let short = || io::Error::new(io::ErrorKind::InvalidData, "a run of postings is damaged");
        let mut local = 0;
        while !bytes.is_empty() {
            local += varint::take(&mut bytes);
            let doc = docs.get(local as usize).copied().unwrap_or(NOWHERE);
            let from = self.deltas.len() as u32;
            let count = match detail {
                Detail::Nothing => 1,
                Detail::Count => varint::take(&mut bytes),
                Detail::Positions => {
                    let len = varint::take(&mut bytes) as usize;
                    let (positions, rest) = bytes.split_at_checked(len).ok_or_else(short)?;
                    bytes = rest;
                    self.positions(positions);
                    self.deltas.len() as u32 - from
                }
            };
            if doc == NOWHERE {
                self.deltas.truncate(from as usize);
            } else {
                self.postings.push(Posting { doc, count, from });
            }
        }
        Ok(())
    }

    /// A leading position stands [`LEAD_COUNT`] times.
    fn positions(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let code = varint::take(&mut bytes);
            self.deltas.push(code >> 1);
            if code & 1 == 1 {
                self.deltas.extend([0; LEAD_COUNT as usize - 1]);
            }
        }
    }
}
