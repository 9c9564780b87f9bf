//! Recovery of the core: the newest snapshot, then the events after it.

use cordboard_core::Core;
use model::{Seq, Timestamp};
use store::{Error, Reader, Result};

/// How many entries are read at a time.
const CHUNK: usize = 10_000;

/// Recovers the core as of the last written batch, and the time of its last event.
pub fn recover(reader: &dyn Reader) -> Result<(Core, Timestamp)> {
    let mut core = restore(reader)?;
    loop {
        let chunk = reader.read(core.seq(), CHUNK)?;
        if chunk.is_empty() {
            break;
        }
        for entry in &chunk {
            expect_next(core.seq(), entry.record().seq)?;
            core.apply(entry.record());
        }
    }
    let last = reader.last_seq()?;
    if core.seq() != last {
        return Err(Error::Corrupt(format!(
            "the journal ends with event {last}, the recovered state with {}",
            core.seq()
        )));
    }
    Ok((core, last_time(reader, last)?))
}

/// The core of the newest snapshot. An empty core if there is none, or if it is unreadable but the journal is complete.
fn restore(reader: &dyn Reader) -> Result<Core> {
    let snapshot = match reader.newest_snapshot() {
        Err(Error::Corrupt(error)) if reader.first_seq()? == Seq(1) => {
            tracing::warn!(error, "snapshot damaged; replaying the whole journal");
            None
        }
        snapshot => snapshot?,
    };
    let Some((seq, state)) = snapshot else { return Ok(Core::new()) };
    match serde_json::from_slice(&state) {
        Ok(state) => Ok(Core::restore(state)),
        Err(error) if reader.first_seq()? == Seq(1) => {
            tracing::warn!(%seq, %error, "snapshot unreadable; replaying the whole journal");
            Ok(Core::new())
        }
        Err(error) => Err(Error::Corrupt(format!("the snapshot of event {seq} is unreadable: {error}"))),
    }
}

fn expect_next(before: Seq, found: Seq) -> Result<()> {
    if found == before.next() {
        return Ok(());
    }
    Err(Error::Corrupt(format!("the journal continues with event {found} after event {before}")))
}

fn last_time(reader: &dyn Reader, last: Seq) -> Result<Timestamp> {
    let before = Seq(last.0.saturating_sub(1));
    let entry = reader.read(before, 1)?.pop();
    Ok(entry.map(|entry| entry.record().at).unwrap_or_default())
}
