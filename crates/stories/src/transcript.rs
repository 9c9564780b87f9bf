//! What subscribers receive between a first and a last snapshot. A client that applies the events to the first snapshot must get the last
//! one.
//!
//! A transcript is made from the journal alone. Replaying the journal up to a place gives the snapshot at that place. The events after it
//! are those that the fan-out shows. Both use the functions of the hub.

use std::sync::Arc;

use cordboard_core::Core;
use hub::engine::{narrow, sees};
use model::{AccountName, Event, Floor, FloorEvent, Principal, Record, Role, Seq, Snapshot, Timestamp};
use serde::Serialize;

/// What one subscriber receives.
#[derive(Debug, Clone, Serialize)]
pub struct Transcript {
    /// The subscriber.
    pub viewer: Principal,
    /// The floor at the first snapshot. A later floor is an event.
    pub floor: Arc<Floor>,
    /// The first snapshot.
    pub first: Snapshot,
    /// All later events that the viewer may see, in order.
    pub events: Vec<TranscriptEvent>,
    /// The last snapshot.
    pub last: Snapshot,
}

/// An event in the format of the API's WebSocket.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "type", rename = "event")]
pub struct TranscriptEvent {
    /// The sequence number of the previous event that the viewer received, or of the first snapshot.
    pub prev: Seq,
    /// The event.
    #[serde(flatten)]
    pub record: Arc<Record>,
}

/// The transcripts of each agent of the floor and of a supervisor: from the first floor on, and from the middle of the journal on.
pub fn transcripts(journal: &[Arc<Record>]) -> Vec<Transcript> {
    let Some(floor) = journal.iter().position(|record| floor_of(record).is_some()) else { return Vec::new() };
    let viewers = viewers(journal);
    let places = [floor + 1, floor.midpoint(journal.len()) + 1];
    places.into_iter().flat_map(|place| from(journal, place.min(journal.len()), &viewers)).collect()
}

fn from(journal: &[Arc<Record>], place: usize, viewers: &[Principal]) -> Vec<Transcript> {
    let (before, after) = journal.split_at(place);
    let (first, last) = (replayed(before), replayed(journal));
    let at = |records: &[Arc<Record>]| records.last().map_or(Timestamp(0), |record| record.at);
    let transcript = |viewer: &Principal| Transcript {
        viewer: viewer.clone(),
        floor: Arc::clone(first.floor()),
        first: current(&first, at(before), viewer),
        events: shown(after, first.seq(), viewer),
        last: current(&last, at(journal), viewer),
    };
    viewers.iter().map(transcript).collect()
}

fn replayed(journal: &[Arc<Record>]) -> Core {
    let mut core = Core::new();
    journal.iter().for_each(|record| core.apply(record));
    core
}

fn current(core: &Core, at: Timestamp, viewer: &Principal) -> Snapshot {
    let mut snapshot = core.snapshot(at, viewer);
    narrow(&mut snapshot, viewer);
    snapshot
}

fn shown(records: &[Arc<Record>], after: Seq, viewer: &Principal) -> Vec<TranscriptEvent> {
    let own = records.iter().filter(|record| sees(viewer, &record.event));
    let deliver = |prev: &mut Seq, record: &Arc<Record>| {
        let prev = std::mem::replace(prev, record.seq);
        Some(TranscriptEvent { prev, record: Arc::clone(record) })
    };
    own.scan(after, deliver).collect()
}

/// Every agent that was ever on the floor, each once, and a supervisor who sees everything.
fn viewers(journal: &[Arc<Record>]) -> Vec<Principal> {
    let floors = journal.iter().filter_map(|record| floor_of(record));
    let mut agents: Vec<_> = floors.flat_map(|floor| floor.agents.iter().map(|plan| &plan.id)).collect();
    agents.sort();
    agents.dedup();
    let agents = agents.into_iter().map(|id| (id.as_str(), Role::Agent, Some(id.clone())));
    let viewer = |(name, role, agent)| Some(Principal { account: AccountName::new(name).ok()?, role, agent });
    agents.chain([("supervisor", Role::Supervisor, None)]).filter_map(viewer).collect()
}

fn floor_of(record: &Record) -> Option<&Floor> {
    let Event::Floor(FloorEvent::Changed { floor }) = &record.event else { return None };
    Some(floor)
}
