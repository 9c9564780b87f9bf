//! The contract suite for the store in memory, and the effects of its faults.

use cordboard_store::{
    Error, Reader, Writer,
    memory::{Fault, Memory},
    suite::{StoreLocation, sample},
};
use model::Seq;

struct Disk(Memory);

impl StoreLocation for Disk {
    fn open(&self) -> (Box<dyn Writer>, Box<dyn Reader>) {
        let (writer, reader) = self.0.reopen();
        (Box::new(writer), Box::new(reader))
    }
}

fn disk() -> Disk {
    Disk(Memory::default())
}

cordboard_store::contract_suite!(disk());

/// Appends entries 1 to 2, then 3 to 6 with a fault. Returns the last entry after a crash.
fn last_after(fault: Fault) -> Seq {
    let disk = Memory::default();
    let (mut writer, reader) = disk.reopen();
    writer.append(&sample::notices(1, 2)).unwrap();
    disk.fail(fault);
    assert!(matches!(writer.append(&sample::notices(3, 6)), Err(Error::Storage(_))));
    assert_eq!(reader.last_seq(), Ok(Seq(2)), "nothing is seen before the crash");
    let (_writer, reader) = disk.reopen();
    let last = reader.last_seq().unwrap();
    assert_eq!(reader.read(Seq(0), 10).unwrap().len() as u64, last.0);
    last
}

#[test]
fn what_was_not_durable_is_lost() {
    for fault in [Fault::NoSpace, Fault::ShortWrite, Fault::SyncLost] {
        assert_eq!(last_after(fault), Seq(2), "{fault:?}");
    }
}

#[test]
fn what_was_never_acknowledged_may_come_back_whole() {
    assert_eq!(last_after(Fault::SyncKept), Seq(6));
}

#[test]
fn a_writer_that_met_a_fault_writes_nothing_more() {
    let disk = Memory::default();
    let (mut writer, reader) = disk.reopen();
    disk.fail(Fault::NoSpace);
    writer.append(&sample::notices(1, 1)).unwrap_err();
    let refused = Error::Poisoned("storage failed: no space is left".to_owned());
    assert_eq!(writer.append(&sample::notices(1, 1)), Err(refused.clone()));
    assert_eq!(writer.prune(Seq(1)), Err(refused));
    assert_eq!(reader.last_seq(), Ok(Seq(0)));
}

#[test]
fn a_fault_strikes_once_and_a_reopened_store_writes_again() {
    let disk = Memory::default();
    let (mut writer, _reader) = disk.reopen();
    disk.fail(Fault::ShortWrite);
    writer.put_contacts(&[sample::contact("a", "Ann", &[]), sample::contact("b", "Bob", &[])]).unwrap_err();
    let (mut writer, reader) = disk.reopen();
    assert_eq!(reader.contacts("", None, 10), Ok(vec![]), "half a batch is none");
    writer.put_contacts(&[sample::contact("a", "Ann", &[])]).unwrap();
    assert_eq!(reader.contacts("", None, 10).unwrap().len(), 1);
}

#[test]
fn a_crash_ends_both() {
    let disk = Memory::default();
    let (mut writer, reader) = disk.reopen();
    writer.append(&sample::notices(1, 1)).unwrap();
    disk.crash();
    assert!(matches!(writer.append(&sample::notices(2, 2)), Err(Error::Storage(_))));
    assert!(matches!(reader.last_seq(), Err(Error::Storage(_))));
    assert_eq!(disk.reopen().1.last_seq(), Ok(Seq(1)));
}
