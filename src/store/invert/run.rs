//! A run: the sorted postings of the articles one thread has inverted, waiting to be merged.
//!
//! A stream of blocks, one for each term, field after field; an empty block ends a field. A small run stays in memory, a
//! large one goes to a nameless file that the system removes with the process.

use std::io::{self, Read, Seek, SeekFrom, Write};

use tempfile::SpooledTempFile;

use super::varint;

/// A run that is larger goes to the disk: a large archive has a hundred of them.
const IN_MEMORY: usize = 1 << 20;
const BUFFER: usize = 128 << 10;

/// A finished run.
#[derive(Debug)]
pub struct Run {
    file: SpooledTempFile,
}

/// Writes a run.
pub struct RunWriter {
    file: SpooledTempFile,
    buffer: Vec<u8>,
}

impl Default for RunWriter {
    fn default() -> RunWriter {
        RunWriter { file: SpooledTempFile::new(IN_MEMORY), buffer: Vec::with_capacity(BUFFER) }
    }
}

impl RunWriter {
    /// Writes the block of a term, whose list `list` appends to the bytes it is given.
    pub fn term(&mut self, term: &[u8], list: impl FnOnce(&mut Vec<u8>)) -> io::Result<()> {
        let start = self.buffer.len();
        self.buffer.extend_from_slice(&[0; 4]);
        varint::put(term.len() as u32, &mut self.buffer);
        self.buffer.extend_from_slice(term);
        list(&mut self.buffer);
        let len = (self.buffer.len() - start - 4) as u32;
        self.buffer[start..start + 4].copy_from_slice(&len.to_le_bytes());
        if self.buffer.len() >= BUFFER { self.flush() } else { Ok(()) }
    }

    pub fn end_field(&mut self) -> io::Result<()> {
        self.buffer.extend_from_slice(&[0; 4]);
        Ok(())
    }

    pub fn finish(mut self) -> io::Result<Run> {
        self.flush()?;
        Ok(Run { file: self.file })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }
}

/// Reads a run, block after block.
pub struct RunReader {
    file: SpooledTempFile,
    buffer: Vec<u8>,
    /// What of the buffer is still to be read.
    at: usize,
    /// The current block: the term, then its list, up to the end. `None` at the end of a field.
    block: Option<(usize, usize, usize)>,
}

impl RunReader {
    pub fn new(run: Run) -> io::Result<RunReader> {
        let mut file = run.file;
        file.seek(SeekFrom::Start(0))?;
        Ok(RunReader { file, buffer: Vec::with_capacity(BUFFER), at: 0, block: None })
    }

    /// Moves to the next block of the field; the first call of a field moves to its first.
    pub fn advance(&mut self) -> io::Result<()> {
        self.need(4)?;
        let len = u32::from_le_bytes(self.buffer[self.at..self.at + 4].try_into().map_err(io::Error::other)?) as usize;
        self.at += 4;
        if len == 0 {
            self.block = None;
            return Ok(());
        }
        self.need(len)?;
        let (start, end) = (self.at, self.at + len);
        let mut rest = &self.buffer[start..end];
        let term = varint::take(&mut rest) as usize;
        let from = end - rest.len();
        self.block = Some((from, from + term, end));
        self.at = end;
        Ok(())
    }

    /// The current term; `None` at the end of the field.
    pub fn term(&self) -> Option<&[u8]> {
        self.block.map(|(term, list, _)| &self.buffer[term..list])
    }

    /// The current term's list.
    pub fn list(&self) -> &[u8] {
        self.block.map_or(&[], |(_, list, end)| &self.buffer[list..end])
    }

    /// Sees to it that `bytes` can be read from the buffer.
    fn need(&mut self, bytes: usize) -> io::Result<()> {
        if self.buffer.len() - self.at >= bytes {
            return Ok(());
        }
        self.buffer.drain(..self.at);
        self.at = 0;
        let had = self.buffer.len();
        let wanted = bytes.max(BUFFER) - had;
        (&mut self.file).take(wanted as u64).read_to_end(&mut self.buffer)?;
        if self.buffer.len() < bytes {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "a run of postings is cut short"));
        }
        Ok(())
    }
}
