//! Measures how fast the journal is written, with every batch synced, and read. `cargo bench -p cordboard-store`
//!
//! The events are those of complete calls, a dozen for each, of which seven update the history.
//! `CORDBOARD_BENCH_EVENTS` sets the number of events.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement prints, and ends at the first error"
)]

use std::{
    path::Path,
    time::{Duration, Instant},
};

use cordboard_store::{Entry, Reader, Writer, entries, sqlite, suite::sample};
use model::{AgentState, Event, InteractionEvent, InteractionState, Seq};

/// The number of events in one batch.
const BATCH: u64 = 256;

fn main() {
    let events = std::env::var("CORDBOARD_BENCH_EVENTS").map_or(1_000_000, |text| text.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let (mut writer, reader) = sqlite::open(&path).unwrap();
    append(&mut writer, &path, events / BATCH);
    read(&reader);
    let begun = Instant::now();
    reader.backup(&folder.path().join("copy.db")).unwrap();
    println!("backup         {:>9.2?}", begun.elapsed());
}

fn append(writer: &mut impl Writer, path: &Path, batches: u64) {
    let (mut encoding, mut bytes, mut log_max) = (Duration::ZERO, 0, 0);
    let mut commits = Vec::new();
    for batch in 0..batches {
        let begun = Instant::now();
        let batch = entries_of(batch * BATCH + 1);
        encoding += begun.elapsed();
        bytes += batch.iter().map(|entry| entry.json().len()).sum::<usize>();
        let begun = Instant::now();
        writer.append(&batch).unwrap();
        commits.push(begun.elapsed());
        log_max = log_max.max(path.with_extension("db-wal").metadata().unwrap().len());
    }
    let appending: Duration = commits.iter().sum();
    commits.sort();
    let (events, of) = (batches * BATCH, |part: f64| commits[((batches - 1) as f64 * part) as usize]);
    println!("events         {events:>9} of {} bytes in batches of {BATCH}", bytes as u64 / events);
    println!("making events  {:>9.2?}", encoding);
    println!("append         {:>9.0}/s, synced", events as f64 / appending.as_secs_f64());
    println!(
        "batch          p50 {:.2?}, p99 {:.2?}, p99.9 {:.2?}, max {:.2?}",
        of(0.5),
        of(0.99),
        of(0.999),
        of(1.0)
    );
    println!("log at most    {:>9} MiB", log_max >> 20);
}

fn read(reader: &impl Reader) {
    let begun = Instant::now();
    let read = entries(reader, Seq(0)).map(Result::unwrap).count();
    println!("read           {:>9.0}/s", read as f64 / begun.elapsed().as_secs_f64());
}

fn entries_of(first: u64) -> Vec<Entry> {
    (first..first + BATCH).map(|seq| sample::entry(seq, event(seq))).collect()
}

/// The event at a position in a sequence of calls.
fn event(seq: u64) -> Event {
    let number = seq / 12;
    let agent = format!("{}", 1_000 + number % 2_000);
    let changed = |from, to| sample::changed(&agent, from, number, to);
    match seq % 12 {
        0 => Event::Interaction(InteractionEvent::Opened {
            interaction: Box::new(sample::summary(number).interaction),
        }),
        1 => sample::returned("7700", &agent),
        2 => changed(AgentState::Ready, AgentState::Busy),
        3 => sample::answered("7700", &agent, 1_500),
        4 => state(number, InteractionState::Alerting, InteractionState::Started),
        5 => state(number, InteractionState::Started, InteractionState::Ended),
        6 => changed(AgentState::Busy, AgentState::WrapUp),
        7 => sample::completed(sample::summary(number)),
        8 => changed(AgentState::WrapUp, AgentState::Ready),
        9 => changed(AgentState::Ready, sample::not_ready("lunch")),
        10 => changed(sample::not_ready("lunch"), AgentState::Ready),
        _ => state(number, InteractionState::Ended, InteractionState::Completed),
    }
}

fn state(number: u64, from: InteractionState, to: InteractionState) -> Event {
    let interaction = sample::interaction_id(number);
    Event::Interaction(InteractionEvent::StateChanged {
        agent: sample::agent("1001"),
        interaction,
        from,
        to,
        cause: None,
    })
}
