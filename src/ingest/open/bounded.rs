//! Compressed streams that cannot grow without end: what comes out is counted against what went in.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read};
use std::rc::Rc;

use super::in_bytes;
use crate::ingest::Limits;

/// Below this no ratio is suspicious.
const HARMLESS: u64 = 64 << 20;

/// Unpacks `packed` with `decoder`, within `limits`.
pub fn unpacked<'a, P, D>(
    packed: P,
    limits: &Limits,
    expanded: &Rc<Cell<u64>>,
    decoder: impl FnOnce(BufReader<Counted<P>>) -> io::Result<D>,
) -> io::Result<Box<dyn BufRead + 'a>>
where
    P: Read + 'a,
    D: Read + 'a,
{
    let taken = Rc::new(Cell::new(0));
    let counted = Counted { inner: packed, taken: taken.clone() };
    let decoder = decoder(BufReader::with_capacity(1 << 16, counted))?;
    let bounded = Bounded::new(decoder, taken, expanded, limits);
    Ok(Box::new(BufReader::with_capacity(1 << 16, bounded)))
}

/// A reader bounded by how many bytes an archive says were packed.
pub fn bounded<'a>(
    inner: impl Read + 'a,
    packed: u64,
    limits: &Limits,
    expanded: &Rc<Cell<u64>>,
) -> Box<dyn BufRead + 'a> {
    let bounded = Bounded::new(inner, Rc::new(Cell::new(packed)), expanded, limits);
    Box::new(BufReader::with_capacity(1 << 16, bounded))
}

/// Counts what is read through it.
pub struct Counted<R> {
    inner: R,
    taken: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.taken.set(self.taken.get() + read as u64);
        Ok(read)
    }
}

struct Bounded<R> {
    inner: R,
    given: u64,
    /// What all streams of the file gave: many small bombs are one.
    expanded: Rc<Cell<u64>>,
    taken: Rc<Cell<u64>>,
    most: u64,
    ratio: u64,
}

impl<R> Bounded<R> {
    fn new(inner: R, taken: Rc<Cell<u64>>, expanded: &Rc<Cell<u64>>, limits: &Limits) -> Bounded<R> {
        Bounded { inner, given: 0, expanded: expanded.clone(), taken, most: limits.unpacked, ratio: limits.ratio }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.given += read as u64;
        self.expanded.set(self.expanded.get() + read as u64);
        if self.expanded.get() > self.most {
            return Err(io::Error::other(format!(
                "expands to more than {}; raise --max-unpacked",
                in_bytes(self.most)
            )));
        }
        if self.given > HARMLESS && self.given / self.ratio > self.taken.get() {
            return Err(io::Error::other(format!("expands more than {} times: a decompression bomb", self.ratio)));
        }
        Ok(read)
    }
}
