//! The mark beside a store: the ID of its journal and how far it is known to extend.
//!
//! A store that was deleted, replaced, restored from a backup or lost its log can look complete. The mark shows that
//! there was more. It is a small text file that is replaced and synced as a whole, so it is written only once in many
//! entries.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use model::{JournalId, Seq};

use super::file::{beside, failed, open_private, sync_folder_of};
use crate::{Error, Result};

/// After how many entries the mark is written. Our choice: the loss of fewer entries than this since the store was
/// opened may not be noticed.
const EVERY: u64 = 1_000;

/// The contents of a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) journal: JournalId,
    /// An entry that is durable.
    pub(super) seq: Seq,
}

/// The path of the mark of the store at `path`.
pub(super) fn place(path: &Path) -> PathBuf {
    beside(path, ".journal")
}

/// Reads the mark of the store at `path`, if it exists.
pub(super) fn read(path: &Path) -> Result<Option<Mark>> {
    let place = place(path);
    match fs::read_to_string(&place) {
        Ok(text) => match Mark::parse(&text) {
            Some(mark) => Ok(Some(mark)),
            None => {
                Err(Error::Corrupt(format!("{} is not what was written there; delete it", place.display())))
            }
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(&place, &error)),
    }
}

/// Writes the mark of the store at `path`, and makes it durable.
pub(super) fn write(path: &Path, mark: Mark) -> Result<()> {
    let (place, part) = (place(path), beside(path, ".journal.part"));
    let written = open_private(&part)?;
    let named = replace(written, &mark.text()).and_then(|()| fs::rename(&part, &place));
    named.and_then(|()| sync_folder_of(path)).map_err(|error| failed(&place, &error))
}

impl Mark {
    fn parse(text: &str) -> Option<Self> {
        let (journal, seq) = text.strip_prefix("journal ")?.split_once("\nseq ")?;
        Some(Self { journal: journal.parse().ok()?, seq: Seq(seq.strip_suffix('\n')?.parse().ok()?) })
    }

    fn text(self) -> String {
        format!("journal {}\nseq {}\n", self.journal, self.seq)
    }
}

/// Keeps the mark of an open store up to date.
#[derive(Debug)]
pub(super) struct Marker {
    path: PathBuf,
    journal: JournalId,
    /// The entry in the file.
    marked: Seq,
    /// The entry at which the file is written next.
    next: Seq,
}

impl Marker {
    /// Writes the mark of a store that was opened.
    pub(super) fn start(path: &Path, journal: JournalId, last: Seq) -> Result<Self> {
        let mut marker = Self { path: path.to_owned(), journal, marked: last, next: last.next() };
        marker.write(last)?;
        sync_folder_of(path).map_err(|error| failed(path, &error))?;
        // Write the mark at the first entry of a new journal.
        marker.next = last.next();
        Ok(marker)
    }

    /// Notes the last durable entry, and writes the mark if it is due.
    pub(super) fn note(&mut self, last: Seq) -> Result<()> {
        if last >= self.next { self.write(last) } else { Ok(()) }
    }

    /// Writes the mark if it has changed.
    pub(super) fn finish(&mut self, last: Seq) -> Result<()> {
        if last == self.marked { Ok(()) } else { self.write(last) }
    }

    fn write(&mut self, last: Seq) -> Result<()> {
        let (place, part) = (place(&self.path), beside(&self.path, ".journal.part"));
        let text = Mark { journal: self.journal, seq: last }.text();
        let written = open_private(&part).and_then(|file| {
            replace(file, &text)
                .and_then(|()| fs::rename(&part, &place))
                .map_err(|error| failed(&place, &error))
        });
        written?;
        (self.marked, self.next) = (last, Seq(last.0.saturating_add(EVERY)));
        Ok(())
    }
}

fn replace(mut file: File, text: &str) -> io::Result<()> {
    file.set_len(0)?;
    file.write_all(text.as_bytes())?;
    file.sync_data()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_read_as_it_was_written_and_nothing_else_is_one() {
        let mark = Mark { journal: "9f86d081-884c-4d65-9a2f-eaa0c55ad015".parse().unwrap(), seq: Seq(1_234) };
        assert_eq!(Mark::parse(&mark.text()), Some(mark));
        for text in ["", "journal", "journal x\nseq 1\n", "seq 1\n", &mark.text()[..40]] {
            assert_eq!(Mark::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn the_first_entry_is_marked_and_then_one_in_so_many() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        let journal = "9f86d081-884c-4d65-9a2f-eaa0c55ad015".parse().unwrap();
        let mut marker = Marker::start(&path, journal, Seq(0)).unwrap();
        let mut marked = Vec::new();
        for seq in 1..=2_500 {
            marker.note(Seq(seq)).unwrap();
            marked.push(read(&path).unwrap().unwrap().seq.0);
        }
        marked.dedup();
        assert_eq!(marked, [1, 1_001, 2_001]);
        marker.finish(Seq(2_500)).unwrap();
        assert_eq!(read(&path).unwrap(), Some(Mark { journal, seq: Seq(2_500) }));
    }
}
