//! Everything that was ever durable, kept beside the store: what the store has to have after each crash.

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

/// A picture that somebody was shown, to be compared with what the journal says.
#[derive(Debug)]
struct Shown {
    viewer: Principal,
    snapshot: Arc<Snapshot>,
}

/// Everything that was ever durable.
#[derive(Debug, Default)]
pub(super) struct Chronicle {
    records: Vec<Arc<Record>>,
    shown: BTreeMap<Seq, Vec<Shown>>,
    /// The last record of each command: all of a command's records stand together.
    decided: BTreeMap<(AccountName, CommandId), Seq>,
    opened: BTreeSet<InteractionId>,
    completed: BTreeMap<InteractionId, usize>,
    /// The notes and the disposition that the record of each completed interaction has.
    records_of: BTreeMap<InteractionId, Noted>,
    /// The interaction that was completed last.
    last_completed: Option<(AgentId, InteractionId)>,
}

/// Notes and disposition.
type Noted = (Option<String>, Option<DispositionCode>);

impl Chronicle {
    /// Gives everything.
    pub(super) fn tell(self) -> Vec<Arc<Record>> {
        self.records
    }

    /// How many records there are.
    pub(super) fn len(&self) -> usize {
        self.records.len()
    }

    /// The last record.
    pub(super) fn last(&self) -> Seq {
        self.records.last().map(|record| record.seq).unwrap_or_default()
    }

    /// How many interactions were completed.
    pub(super) fn completed(&self) -> usize {
        self.completed.len()
    }

    /// The interaction that was completed last, and whose it was.
    pub(super) fn last_completed(&self) -> Option<(AgentId, InteractionId)> {
        self.last_completed.clone()
    }

    /// The records after `after`, before `until`.
    pub(super) fn between(&self, after: Seq, until: Seq) -> &[Arc<Record>] {
        let place = |seq: Seq| usize::try_from(seq.0).unwrap_or(usize::MAX).min(self.records.len());
        &self.records[place(after)..place(Seq(until.0.saturating_sub(1))).max(place(after))]
    }

    /// All of them.
    pub(super) fn records(&self) -> &[Arc<Record>] {
        &self.records
    }

    /// Takes in what has become durable.
    pub(super) fn add(&mut self, records: &[Arc<Record>]) -> Result<(), Broken> {
        for record in records {
            if record.seq != self.last().next() {
                return Err(format!("after {:?} comes {:?}: the journal has a gap", self.last(), record.seq));
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
            false => Err(format!("{:?} is at {:?}, the one before at {before:?}", record.seq, record.at)),
        }
    }

    /// A command is decided once, whatever becomes of its answer.
    fn note_origin(&mut self, record: &Record) -> Result<(), Broken> {
        let Some(origin) = &record.origin else { return Ok(()) };
        match self.decided.insert((origin.by.clone(), origin.command.clone()), record.seq) {
            Some(before) if before.next() != record.seq => {
                Err(format!("{origin:?} was decided at {before:?}, and again at {:?}", record.seq))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// An interaction is opened once and completed once.
    fn note_life(&mut self, event: &Event) -> Result<(), Broken> {
        if let Event::Interaction(InteractionEvent::Opened { interaction }) = event
            && !self.opened.insert(interaction.id)
        {
            return Err(format!("interaction {} was opened twice", interaction.id));
        }
        if let Event::Interaction(InteractionEvent::Completed { summary, .. }) = event {
            let id = summary.interaction.id;
            let count = self.completed.entry(id).or_default();
            *count += 1;
            if *count > 1 || !self.opened.contains(&id) {
                return Err(format!("interaction {id} was completed {count} times"));
            }
        }
        Ok(())
    }

    /// What was typed is in the record, and stays there until it is changed.
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

    /// Whether a command has changed something: then its answer is in the journal.
    pub(super) fn decided(&self, command: &Command) -> bool {
        self.decided.contains_key(&(command.by.account.clone(), command.id.clone()))
    }

    /// A command was acknowledged: its records are durable.
    pub(super) fn acknowledged(&self, accepted: &Accepted) -> Result<(), Broken> {
        match accepted.seq <= self.last() {
            true => Ok(()),
            false => Err(format!("{:?} was acknowledged, durable is {:?}", accepted.seq, self.last())),
        }
    }

    /// Somebody was shown a picture of the state.
    pub(super) fn shown(&mut self, viewer: &Principal, snapshot: &Arc<Snapshot>) -> Result<(), Broken> {
        if snapshot.seq > self.last() {
            return Err(format!("a snapshot of {:?} was shown, durable is {:?}", snapshot.seq, self.last()));
        }
        let shown = Shown { viewer: viewer.clone(), snapshot: Arc::clone(snapshot) };
        self.shown.entry(snapshot.seq).or_default().push(shown);
        Ok(())
    }

    /// Tells everything again from the beginning: the state has to be the same, bit for bit, and so has every picture that was shown.
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

    /// What the store has: everything that was durable and is not pruned; and, when the last write failed and came back all the same, more.
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
                    return Err(format!("{:?} was {known:?}, it is {:?}", known.seq, entry.record()));
                }
                None => self.add(&[Arc::clone(entry.record())])?,
            }
        }
        let last = store.last_seq().map_err(unread)?;
        match last == self.last() {
            true => self.history(store),
            false => Err(format!("durable was {:?}, after the crash it is {last:?}", self.last())),
        }
    }

    /// Each completed interaction is in the history, once, with its notes, and nothing else is.
    pub(super) fn history(&self, store: &dyn Reader) -> Result<(), Broken> {
        let query = InteractionQuery { limit: LIMIT_MAX, ..InteractionQuery::default() };
        let found = store.interactions(&query).map_err(|error| error.to_string())?;
        for summary in &found {
            let noted = self.records_of.get(&summary.interaction.id);
            let has = (summary.notes.clone(), summary.disposition.clone());
            if noted.is_some_and(|noted| *noted != has) {
                return Err(format!("history has {has:?} of {}, told was {noted:?}", summary.interaction.id));
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

/// Digits of tones are told to nobody but the switch.
fn check_digits(event: &Event) -> Result<(), Broken> {
    if let Event::Link(LinkEvent::Requested { asked, .. }) = event
        && **asked != asked.without_digits()
    {
        return Err("the journal has the digits of tones".to_owned());
    }
    Ok(())
}

fn compare(core: &Core, shown: Option<&Vec<Shown>>) -> Result<(), Broken> {
    for Shown { viewer, snapshot } in shown.into_iter().flatten() {
        let mut told_again = core.snapshot(snapshot.at, viewer);
        narrow(&mut told_again, viewer);
        if told_again != **snapshot {
            let (was, is) = (format!("{snapshot:?}"), format!("{told_again:?}"));
            return Err(format!(
                "{} was shown at {:?}: {was}; the journal says {is}",
                viewer.account,
                core.seq()
            ));
        }
    }
    Ok(())
}

/// Where two states differ, by the JSON that is kept of them.
fn difference(live: &State, replayed: &State) -> String {
    let (live, replayed) = (serde_json::to_value(live), serde_json::to_value(replayed));
    let (Ok(live), Ok(replayed)) = (live, replayed) else { return "states differ".to_owned() };
    let fields = live.as_object().into_iter().flatten().filter(|(name, value)| replayed[*name] != **value);
    let found: Vec<String> =
        fields.map(|(name, value)| format!("{name} is {value}, replayed {}", replayed[name])).collect();
    format!("the journal does not tell the state again: {}", found.join("; "))
}
