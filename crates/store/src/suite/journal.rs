//! Tests of the journal and its snapshots.

use std::thread;

use model::Seq;

use super::{StoreLocation, sample};
use crate::{Entry, Error, InteractionQuery, Reader, Writer, entries};

/// The sequence numbers in the journal.
fn seqs(reader: &dyn Reader) -> Vec<u64> {
    reader.read(Seq(0), usize::MAX).unwrap().iter().map(|entry| entry.seq().0).collect()
}

pub fn an_empty_store_holds_nothing(place: &dyn StoreLocation) {
    let (_writer, reader) = place.open();
    assert_eq!(reader.last_seq(), Ok(Seq(0)));
    assert_eq!(reader.first_seq(), Ok(Seq(1)));
    assert!(reader.read(Seq(0), 10).unwrap().is_empty());
    assert_eq!(reader.newest_snapshot(), Ok(None));
    assert_eq!(reader.floor(), Ok(None));
    assert_eq!(reader.accounts(), Ok(vec![]));
}

pub fn a_journal_has_an_identity_that_stays(place: &dyn StoreLocation) {
    let (mut writer, reader) = place.open();
    let journal = reader.journal().unwrap();
    writer.append(&sample::notices(1, 3)).unwrap();
    assert_eq!(reader.journal(), Ok(journal));
    drop((writer, reader));
    let (_writer, reader) = place.open();
    assert_eq!(reader.journal(), Ok(journal));
}

pub fn what_was_appended_is_read_in_order(place: &dyn StoreLocation) {
    let (mut writer, reader) = place.open();
    let batch = sample::notices(1, 5);
    writer.append(&batch[..2]).unwrap();
    writer.append(&batch[2..]).unwrap();
    assert_eq!((reader.first_seq(), reader.last_seq()), (Ok(Seq(1)), Ok(Seq(5))));
    let read = reader.read(Seq(1), 3).unwrap();
    assert_eq!(read.len(), 3);
    for (read, written) in read.iter().zip(&batch[1..]) {
        assert_eq!((read.record(), read.json()), (written.record(), written.json()));
    }
    assert!(reader.read(Seq(5), 10).unwrap().is_empty());
}

pub fn a_batch_that_does_not_continue_is_refused(place: &dyn StoreLocation) {
    let (mut writer, reader) = place.open();
    let gap = |last, first| Err(Error::Gap { last: Seq(last), first: Seq(first) });
    assert_eq!(writer.append(&sample::notices(2, 3)), gap(0, 2));
    writer.append(&sample::notices(1, 3)).unwrap();
    assert_eq!(writer.append(&sample::notices(3, 4)), gap(3, 3));
    assert_eq!(writer.append(&sample::notices(5, 6)), gap(3, 5));
    writer.append(&sample::notices(4, 4)).unwrap();
    assert_eq!(seqs(&*reader), [1, 2, 3, 4]);
}

pub fn nothing_is_seen_of_a_refused_batch(place: &dyn StoreLocation) {
    let (mut writer, reader) = place.open();
    let mut batch = sample::story(1, [sample::completed(sample::summary(1))]);
    batch.extend(sample::notices(3, 3));
    assert_eq!(writer.append(&batch), Err(Error::Gap { last: Seq(1), first: Seq(3) }));
    assert_eq!(reader.last_seq(), Ok(Seq(0)));
    assert_eq!(reader.interaction(sample::interaction_id(1)), Ok(None));
}

pub fn an_empty_batch_changes_nothing(place: &dyn StoreLocation) {
    let (mut writer, reader) = place.open();
    writer.append(&[]).unwrap();
    writer.append(&sample::notices(1, 1)).unwrap();
    writer.append(&[]).unwrap();
    assert_eq!(seqs(&*reader), [1]);
}

pub fn the_newest_snapshot_is_kept(place: &dyn StoreLocation) {
    let (mut writer, reader) = place.open();
    writer.append(&sample::notices(1, 9)).unwrap();
    writer.save_snapshot(Seq(4), b"four").unwrap();
    writer.save_snapshot(Seq(8), b"eight").unwrap();
    writer.save_snapshot(Seq(6), b"six, late").unwrap();
    assert_eq!(reader.newest_snapshot(), Ok(Some((Seq(8), b"eight".to_vec()))));
    writer.save_snapshot(Seq(8), b"eight, once more").unwrap();
    assert_eq!(reader.newest_snapshot(), Ok(Some((Seq(8), b"eight, once more".to_vec()))));
}

pub fn a_snapshot_of_what_is_not_stored_is_refused(place: &dyn StoreLocation) {
    let (mut writer, reader) = place.open();
    writer.append(&sample::notices(1, 2)).unwrap();
    let ahead = Err(Error::Ahead { last: Seq(2), seq: Seq(3) });
    assert_eq!(writer.save_snapshot(Seq(3), b"three"), ahead);
    assert_eq!(reader.newest_snapshot(), Ok(None));
}

pub fn pruning_stops_at_the_snapshot(place: &dyn StoreLocation) {
    let (mut writer, reader) = place.open();
    writer.append(&sample::notices(1, 9)).unwrap();
    writer.prune(Seq(9)).unwrap();
    assert_eq!(seqs(&*reader).len(), 9, "without a snapshot all is needed");
    writer.save_snapshot(Seq(6), b"six").unwrap();
    writer.prune(Seq(4)).unwrap();
    assert_eq!(seqs(&*reader), [5, 6, 7, 8, 9]);
    writer.prune(Seq(9)).unwrap();
    assert_eq!(seqs(&*reader), [7, 8, 9]);
    assert_eq!((reader.first_seq(), reader.last_seq()), (Ok(Seq(7)), Ok(Seq(9))));
}

pub fn a_journal_that_was_pruned_goes_on(place: &dyn StoreLocation) {
    let (mut writer, reader) = place.open();
    writer.append(&sample::notices(1, 3)).unwrap();
    writer.save_snapshot(Seq(3), b"three").unwrap();
    writer.prune(Seq(3)).unwrap();
    assert_eq!((reader.first_seq(), reader.last_seq()), (Ok(Seq(4)), Ok(Seq(3))));
    drop((writer, reader));
    let (mut writer, reader) = place.open();
    assert_eq!(reader.last_seq(), Ok(Seq(3)));
    writer.append(&sample::notices(4, 5)).unwrap();
    assert_eq!(seqs(&*reader), [4, 5]);
}

pub fn entries_are_streamed_to_the_end(place: &dyn StoreLocation) {
    let (mut writer, reader) = place.open();
    writer.append(&sample::notices(1, 9_000)).unwrap();
    let streamed: Vec<u64> = entries(&*reader, Seq(10)).map(|entry| entry.unwrap().seq().0).collect();
    assert_eq!(streamed, (11..=9_000).collect::<Vec<_>>());
    assert_eq!(entries(&*reader, Seq(9_000)).count(), 0);
}

/// The entries of each batch in the test below. The last one completes an interaction.
const BATCH: u64 = 10;

pub fn a_reader_sees_whole_batches_only(place: &dyn StoreLocation) {
    let (mut writer, reader) = place.open();
    thread::scope(|scope| {
        scope.spawn(move || append_batches(&mut *writer));
        let mut last = Seq(0);
        while last < Seq(50 * BATCH) {
            last = reader.last_seq().unwrap();
            check_batches(&*reader, last.0);
        }
    });
}

fn append_batches(writer: &mut dyn Writer) {
    for first in (1..50 * BATCH).step_by(BATCH as usize) {
        let end = first + BATCH - 1;
        let mut batch: Vec<Entry> = sample::notices(first, end - 1);
        batch.extend(sample::story(end, [sample::completed(sample::summary(end))]));
        writer.append(&batch).unwrap();
    }
}

/// Checks that everything up to `last` exists, in the journal and in the history, and that `last` ends a batch.
fn check_batches(reader: &dyn Reader, last: u64) {
    assert_eq!(last % BATCH, 0);
    assert_eq!(reader.read(Seq(0), last as usize).unwrap().len() as u64, last);
    let query = InteractionQuery { before: Some(last + 1), limit: 100, ..Default::default() };
    assert_eq!(reader.interactions(&query).unwrap().len() as u64, last / BATCH);
}

pub fn a_reopened_store_has_everything(place: &dyn StoreLocation) {
    let (mut writer, reader) = place.open();
    writer
        .append(&sample::story(1, [sample::completed(sample::summary(1)), sample::left("7700", 5)]))
        .unwrap();
    writer.save_snapshot(Seq(1), b"one").unwrap();
    writer.put_floor(&model::Floor::default()).unwrap();
    writer.put_contacts(&[sample::contact("c", "Cy", &["+14155550100"])]).unwrap();
    drop((writer, reader));
    let (mut writer, reader) = place.open();
    assert_eq!(seqs(&*reader), [1, 2]);
    assert_eq!(reader.newest_snapshot(), Ok(Some((Seq(1), b"one".to_vec()))));
    assert_eq!(reader.floor(), Ok(Some(model::Floor::default())));
    assert!(reader.contact("c").unwrap().is_some());
    assert!(reader.interaction(sample::interaction_id(1)).unwrap().is_some());
    writer.append(&sample::notices(3, 3)).unwrap();
    assert_eq!(reader.last_seq(), Ok(Seq(3)));
}
