//! Iteration over the journal.

use model::Seq;

use crate::{Entry, Reader, Result};

/// How many entries are read at a time: about 2 MB. Our choice.
const CHUNK: usize = 4_096;

/// Iterates over all entries after `after`, up to the end of the journal when it is reached. Keeps one chunk in memory.
/// Stops after an error.
pub fn entries<R: Reader + ?Sized>(reader: &R, after: Seq) -> Entries<'_, R> {
    Entries { reader, after, chunk: Vec::new().into_iter(), ended: false }
}

/// The iterator that [`entries`] returns.
#[derive(Debug)]
pub struct Entries<'a, R: ?Sized> {
    reader: &'a R,
    after: Seq,
    chunk: std::vec::IntoIter<Entry>,
    ended: bool,
}

impl<R: Reader + ?Sized> Entries<'_, R> {
    fn next_chunk(&mut self) -> Result<()> {
        let chunk = self.reader.read(self.after, CHUNK)?;
        match chunk.last() {
            Some(last) => self.after = last.seq(),
            None => self.ended = true,
        }
        self.chunk = chunk.into_iter();
        Ok(())
    }
}

impl<R: Reader + ?Sized> Iterator for Entries<'_, R> {
    type Item = Result<Entry>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.chunk.len() == 0
            && !self.ended
            && let Err(error) = self.next_chunk()
        {
            self.ended = true;
            return Some(Err(error));
        }
        self.chunk.next().map(Ok)
    }
}
