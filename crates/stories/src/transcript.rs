//! What subscribers are told, from a first snapshot to a last one: whoever folds the events into the first has to arrive at the last.
//!
//! The journal alone says it. Told again up to a place it gives the picture that a subscriber is shown there, and what follows is what
//! the fan-out shows, by the same two functions.

use std::sync::Arc;

use cordboard_core::Core;
use hub::engine::{narrow, sees};
use model::{AccountName, Event, Floor, FloorEvent, Principal, Record, Role, Seq, Snapshot, Timestamp};
use serde::Serialize;

/// What one subscriber is told.
#[derive(Debug, Clone, Serialize)]
pub struct Transcript {
    /// Who it is.
    pub viewer: Principal,
    /// The floor as it is at the first snapshot; another one comes as an event.
    pub floor: Arc<Floor>,
    /// The state of things at the beginning.
    pub first: Snapshot,
    /// Everything that happened then and is shown to the viewer, in order.
    pub events: Vec<Told>,
    /// The state of things at the end.
    pub last: Snapshot,
}

/// An event as the API's WebSocket has it.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "type", rename = "event")]
pub struct Told {
    /// The event that was told before this one, or the place of the first snapshot.
    pub prev: Seq,
    /// The event.
    #[serde(flatten)]
    pub record: Arc<Record>,
}

/// What each agent of the floor and a supervisor are told: from the first floor on, and from the middle of the journal on.
pub fn transcripts(journal: &[Arc<Record>]) -> Vec<Transcript> {
    let Some(floor) = journal.iter().position(|record| floor_of(record).is_some()) else { return Vec::new() };
    let viewers = viewers(journal);
    let places = [floor + 1, floor.midpoint(journal.len()) + 1];
    places.into_iter().flat_map(|place| from(journal, place.min(journal.len()), &viewers)).collect()
}

fn from(journal: &[Arc<Record>], place: usize, viewers: &[Principal]) -> Vec<Transcript> {
    let (before, after) = journal.split_at(place);
    let (first, last) = (told_again(before), told_again(journal));
    let at = |records: &[Arc<Record>]| records.last().map_or(Timestamp(0), |record| record.at);
    let transcript = |viewer: &Principal| Transcript {
        viewer: viewer.clone(),
        floor: Arc::clone(first.floor()),
        first: picture(&first, at(before), viewer),
        events: shown(after, first.seq(), viewer),
        last: picture(&last, at(journal), viewer),
    };
    viewers.iter().map(transcript).collect()
}

fn told_again(journal: &[Arc<Record>]) -> Core {
    let mut core = Core::new();
    journal.iter().for_each(|record| core.apply(record));
    core
}

fn picture(core: &Core, at: Timestamp, viewer: &Principal) -> Snapshot {
    let mut snapshot = core.snapshot(at, viewer);
    narrow(&mut snapshot, viewer);
    snapshot
}

fn shown(records: &[Arc<Record>], after: Seq, viewer: &Principal) -> Vec<Told> {
    let own = records.iter().filter(|record| sees(viewer, &record.event));
    let tell = |prev: &mut Seq, record: &Arc<Record>| {
        let prev = std::mem::replace(prev, record.seq);
        Some(Told { prev, record: Arc::clone(record) })
    };
    own.scan(after, tell).collect()
}

/// Every agent that ever was on the floor, each once, and somebody who sees all.
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
