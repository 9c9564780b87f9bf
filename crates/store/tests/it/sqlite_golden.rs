//! Stores that earlier programs wrote: `tests/golden/format_N.db`, each by the last program with that format. `examples/golden.rs` has what
//! is in them, and writes one of the current format.

use std::{fs, path::PathBuf};

use cordboard_store::{
    AgentTimeQuery, InteractionQuery, Reader, WaitQuery, Writer, entries, sqlite, suite::sample,
};
use model::Seq;

/// All golden stores, oldest first.
fn golden() -> Vec<PathBuf> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden"));
    let files = (1..).map(|format| folder.join(format!("format_{format}.db")));
    files.take_while(|file| file.exists()).collect()
}

#[test]
fn a_store_that_an_earlier_program_wrote_has_all_that_was_in_it() {
    let golden = golden();
    assert!(golden.len() >= 3, "{golden:?}");
    for written in golden {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        fs::copy(&written, &path).unwrap();
        let (mut writer, reader) = sqlite::open(&path).unwrap();
        let name = written.display();

        let events: Vec<_> = entries(&reader, Seq(0)).map(Result::unwrap).collect();
        assert_eq!(events.len(), 8, "{name}");
        for (event, notice) in events.iter().zip(sample::notices(1, 3)) {
            assert_eq!(event.json(), notice.json(), "{name}");
        }
        let floor = reader.floor().unwrap().unwrap();
        assert_eq!(
            (floor.agents[0].name.as_str(), floor.queues[0].id.as_str()),
            ("Ann Archer", "7700"),
            "{name}"
        );
        let mut accounts = reader.accounts().unwrap();
        accounts.sort_by(|one, other| one.name.cmp(&other.name));
        let names: Vec<_> = accounts.iter().map(|account| account.name.as_str()).collect();
        assert_eq!(names, ["1001", "admin"], "{name}");
        assert!(accounts.iter().all(|account| account.password_hash.starts_with("$argon2id$")), "{name}");
        let contact = reader.contact("C-1").unwrap().unwrap();
        assert_eq!(contact, sample::contact("C-1", "Carla Customer", &["+14155550100"]), "{name}");

        let query = InteractionQuery { limit: 10, ..InteractionQuery::default() };
        assert_eq!(reader.interactions(&query).unwrap(), [sample::summary(2), sample::summary(1)], "{name}");
        let waits = reader.waits(&WaitQuery { limit: 10, ..WaitQuery::default() }).unwrap();
        let mut waited: Vec<_> = waits.iter().map(|wait| wait.waited_ms).collect();
        waited.sort_unstable();
        assert_eq!(waited, [300, 700], "{name}");
        let times = reader.agent_times(&AgentTimeQuery { limit: 10, ..AgentTimeQuery::default() }).unwrap();
        assert_eq!(times.len(), 1, "{name}");

        writer.append(&sample::notices(9, 9)).unwrap();
        drop((writer, reader));
        assert_eq!(sqlite::check(&path), Ok(vec![]), "{name}");
    }
}
