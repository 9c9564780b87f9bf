//! The contract suite for the SQLite store.

use cordboard_store::{Reader, Writer, sqlite, suite::StoreLocation};
use tempfile::TempDir;

struct Folder(TempDir);

impl StoreLocation for Folder {
    fn open(&self) -> (Box<dyn Writer>, Box<dyn Reader>) {
        let (writer, reader) = sqlite::open(&self.0.path().join("store.db")).unwrap();
        (Box::new(writer), Box::new(reader))
    }
}

fn folder() -> Folder {
    Folder(tempfile::tempdir().unwrap())
}

cordboard_store::contract_suite!(folder());
