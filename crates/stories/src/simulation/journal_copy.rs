//! A copy of everything that has become durable. After each crash the store must have the same.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use cordboard_core::{Core, State};
use hub::engine::narrow;
use model::{
    Accepted, AccountName, AgentId, Command, CommandId, DetailEvent, DispositionCode, Event,
    InteractionEvent, InteractionId, LinkEvent, Principal, Record, Seq, Snapshot, Timestamp,
};
use store::{InteractionQuery, LIMIT_MAX, Reader, entries};

use super::Broken;

/// A snapshot that a subscriber received, to be compared with the journal.
#[derive(Debug)]
struct Shown {
    viewer: Principal,
    snapshot: Arc<Snapshot>,
}

/// A copy of everything that has become durable.
#[derive(Debug, Default)]
pub(super) struct JournalCopy {
    records: Vec<Arc<Record>>,
    shown: BTreeMap<Seq, Vec<Shown>>,
    /// The last record of each command. All records of a command follow each other directly.
    decided: BTreeMap<(AccountName, CommandId), Seq>,
    /// The interactions that were opened, and whether with a call. A call can join a session that a notification opened.
    opened: BTreeMap<InteractionId, bool>,
    completed: BTreeMap<InteractionId, usize>,
    /// The notes and the disposition of each completed interaction, from its records.
    records_of: BTreeMap<InteractionId, Noted>,
    /// The interaction that was completed last, with its agent.
    last_completed: Option<(AgentId, InteractionId)>,
}

/// Notes and disposition.
type Noted = (Option<String>, Option<DispositionCode>);

impl JournalCopy {
    /// Returns all records.
    pub(super) fn into_records(self) -> Vec<Arc<Record>> {
        self.records
    }

    /// The number of records.
    pub(super) fn len(&self) -> usize {
        self.records.len()
    }

    /// The sequence number of the last record.
    pub(super) fn last(&self) -> Seq {
        self.records.last().map(|record| record.seq).unwrap_or_default()
    }

    /// The number of completed interactions.
    pub(super) fn completed(&self) -> usize {
        self.completed.len()
    }

    /// The interaction that was completed last, with its agent.
    pub(super) fn last_completed(&self) -> Option<(AgentId, InteractionId)> {
        self.last_completed.clone()
    }

    /// The records after `after` and before `until`.
    pub(super) fn between(&self, after: Seq, until: Seq) -> &[Arc<Record>] {
        let place = |seq: Seq| usize::try_from(seq.0).unwrap_or(usize::MAX).min(self.records.len());
        &self.records[place(after)..place(Seq(until.0.saturating_sub(1))).max(place(after))]
    }

    /// All records.
    pub(super) fn records(&self) -> &[Arc<Record>] {
        &self.records
    }

    /// Adds records that have become durable.
    pub(super) fn add(&mut self, records: &[Arc<Record>]) -> Result<(), Broken> {
        for record in records {
            if record.seq != self.last().next() {
                return Err(format!(
                    "{:?} is followed by {:?}: the journal has a gap",
                    self.last(),
                    record.seq
                ));
            }
            self.note_time(record)?;
            self.note_origin(record)?;
            self.note_life(&record.event)?;
            self.note_notes(&record.event);
            check_digits(&record.event)?;
            self.records.push(Arc::clone(record));
        }
        Ok(())
    }

    fn note_time(&self, record: &Record) -> Result<(), Broken> {
        let before = self.records.last().map(|record| record.at).unwrap_or(Timestamp(0));
        match record.at >= before {
            true => Ok(()),
            false => Err(format!(
                "{:?} has the time {:?}, the record before it has {before:?}",
                record.seq, record.at
            )),
        }
    }

    /// Checks that a command is decided only once, even if its answer was lost.
    fn note_origin(&mut self, record: &Record) -> Result<(), Broken> {
        let Some(origin) = &record.origin else { return Ok(()) };
        match self.decided.insert((origin.by.clone(), origin.command.clone()), record.seq) {
            Some(before) if before.next() != record.seq => {
                Err(format!("{origin:?} was decided at {before:?}, and again at {:?}", record.seq))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Checks that an interaction is opened once and completed once.
    fn note_life(&mut self, event: &Event) -> Result<(), Broken> {
        if let Event::Interaction(InteractionEvent::Opened { interaction }) = event
            && let has_call = interaction.switch.is_some()
            && let Some(before) = self.opened.insert(interaction.id, has_call)
            && (before || !has_call)
        {
            return Err(format!("interaction {} was opened twice", interaction.id));
        }
        if let Event::Interaction(InteractionEvent::Completed { summary, .. }) = event {
            let id = summary.interaction.id;
            let count = self.completed.entry(id).or_default();
            *count += 1;
            if *count > 1 || !self.opened.contains_key(&id) {
                return Err(format!("interaction {id} was completed {count} times"));
            }
        }
        Ok(())
    }

    /// Stores notes and disposition. They stay in the interaction's record until they change.
    fn note_notes(&mut self, event: &Event) {
        if let Event::Interaction(InteractionEvent::Completed { agent, summary }) = event {
            let id = summary.interaction.id;
            self.records_of.insert(id, (summary.notes.clone(), summary.disposition.clone()));
            self.last_completed = Some((agent.clone(), id));
        }
        if let Event::Detail(DetailEvent::NotesChanged { interaction, notes, disposition, .. }) = event
            && let Some(noted) = self.records_of.get_mut(interaction)
        {
            *noted = (notes.clone(), disposition.clone());
        }
    }

    /// Whether a command has changed something. If it has, its answer is in the journal.
    pub(super) fn decided(&self, command: &Command) -> bool {
        self.decided.contains_key(&(command.by.account.clone(), command.id.clone()))
    }

    /// Checks that the records of an acknowledged command are durable.
    pub(super) fn acknowledged(&self, accepted: &Accepted) -> Result<(), Broken> {
        match accepted.seq <= self.last() {
            true => Ok(()),
            false => Err(format!(
                "{:?} was acknowledged before it was durable (last durable: {:?})",
                accepted.seq,
                self.last()
            )),
        }
    }

    /// Stores a snapshot that a viewer received, and checks that its events are durable.
    pub(super) fn shown(&mut self, viewer: &Principal, snapshot: &Arc<Snapshot>) -> Result<(), Broken> {
        if snapshot.seq > self.last() {
            return Err(format!(
                "a snapshot at {:?} was shown before it was durable (last durable: {:?})",
                snapshot.seq,
                self.last()
            ));
        }
        let shown = Shown { viewer: viewer.clone(), snapshot: Arc::clone(snapshot) };
        self.shown.entry(snapshot.seq).or_default().push(shown);
        Ok(())
    }

    /// Replays all records. The resulting state must equal `state` exactly, and every snapshot that a viewer received must equal the state
    /// at its place.
    pub(super) fn replay(&mut self, state: &State) -> Result<(), Broken> {
        let mut core = Core::new();
        let pictures = std::mem::take(&mut self.shown);
        for record in &self.records {
            compare(&core, pictures.get(&core.seq()))?;
            core.apply(record);
        }
        compare(&core, pictures.get(&core.seq()))?;
        match core.state() == state {
            true => Ok(()),
            false => Err(difference(state, core.state())),
        }
    }

    /// Compares the store with everything that was durable and is not pruned. If the last write reported a failure but was stored anyway,
    /// the store may have more.
    pub(super) fn recover(&mut self, store: &dyn Reader) -> Result<(), Broken> {
        let unread = |error: store::Error| error.to_string();
        let first = store.first_seq().map_err(unread)?;
        let kept = entries(store, Seq(first.0.saturating_sub(1)));
        for entry in kept {
            let entry = entry.map_err(unread)?;
            let index = usize::try_from(entry.seq().0 - 1).map_err(|error| error.to_string())?;
            match self.records.get(index) {
                Some(known) if **known == **entry.record() => {}
                Some(known) => {
                    return Err(format!("{:?} was {known:?}, the store has {:?}", known.seq, entry.record()));
                }
                None => self.add(&[Arc::clone(entry.record())])?,
            }
        }
        let last = store.last_seq().map_err(unread)?;
        match last == self.last() {
            true => self.history(store),
            false => {
                Err(format!("the last durable record was {:?}, after the crash it is {last:?}", self.last()))
            }
        }
    }

    /// Checks that the history has each completed interaction exactly once, with its notes, and nothing else.
    pub(super) fn history(&self, store: &dyn Reader) -> Result<(), Broken> {
        let query = InteractionQuery { limit: LIMIT_MAX, ..InteractionQuery::default() };
        let found = store.interactions(&query).map_err(|error| error.to_string())?;
        for summary in &found {
            let noted = self.records_of.get(&summary.interaction.id);
            let has = (summary.notes.clone(), summary.disposition.clone());
            if noted.is_some_and(|noted| *noted != has) {
                return Err(format!(
                    "history has {has:?} for {}, the records have {noted:?}",
                    summary.interaction.id
                ));
            }
        }
        let ids: BTreeSet<InteractionId> = found.iter().map(|summary| summary.interaction.id).collect();
        match found.len() == ids.len() && ids.iter().eq(self.completed.keys()) {
            true => Ok(()),
            false => Err(format!(
                "history has {} interactions, {} were completed",
                found.len(),
                self.completed.len()
            )),
        }
    }
}

/// Checks that an event does not contain DTMF digits. Only the switch may receive them.
fn check_digits(event: &Event) -> Result<(), Broken> {
    if let Event::Link(LinkEvent::Requested { requested, .. }) = event
        && **requested != requested.without_digits()
    {
        return Err("the journal contains DTMF digits".to_owned());
    }
    Ok(())
}

fn compare(core: &Core, shown: Option<&Vec<Shown>>) -> Result<(), Broken> {
    for Shown { viewer, snapshot } in shown.into_iter().flatten() {
        let mut derived = core.snapshot(snapshot.at, viewer);
        narrow(&mut derived, viewer);
        if derived != **snapshot {
            let (was, is) = (format!("{snapshot:?}"), format!("{derived:?}"));
            return Err(format!(
                "{} was shown at {:?}: {was}; the journal says {is}",
                viewer.account,
                core.seq()
            ));
        }
    }
    Ok(())
}

/// Describes where two states differ, by their JSON.
fn difference(live: &State, replayed: &State) -> String {
    let (live, replayed) = (serde_json::to_value(live), serde_json::to_value(replayed));
    let (Ok(live), Ok(replayed)) = (live, replayed) else { return "states differ".to_owned() };
    let fields = live.as_object().into_iter().flatten().filter(|(name, value)| replayed[*name] != **value);
    let found: Vec<String> =
        fields.map(|(name, value)| format!("{name} is {value}, replayed {}", replayed[name])).collect();
    format!("the replayed journal gives a different state: {}", found.join("; "))
}
