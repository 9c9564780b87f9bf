//! Sample data for the tests, derived from small numbers.

use std::sync::Arc;

use model::{
    AgentEvent, AgentId, AgentState, Contact, DetailEvent, Event, FloorEvent, InteractionEvent,
    InteractionId, InteractionSummary, LinkageId, Notice, NoticeLevel, Number, QueueChange, QueueId, Record,
    Seq, Timestamp,
};
use serde_json::json;

use crate::Entry;

/// Entry `seq` with an event, at `seq` seconds.
pub fn entry(seq: u64, event: Event) -> Entry {
    Entry::new(Arc::new(Record { seq: Seq(seq), at: Timestamp(seq * 1_000), origin: None, event })).unwrap()
}

/// Entries from `first` to `last` that do not update the history.
pub fn notices(first: u64, last: u64) -> Vec<Entry> {
    (first..=last).map(|seq| entry(seq, notice(seq))).collect()
}

/// Entries from `first` on with the given events.
pub fn story(first: u64, events: impl IntoIterator<Item = Event>) -> Vec<Entry> {
    (first..).zip(events).map(|(seq, event)| entry(seq, event)).collect()
}

fn notice(seq: u64) -> Event {
    let notice = Notice::from_text(NoticeLevel::Info, model::Code::Internal, format!("notice {seq}"));
    Event::Floor(FloorEvent::NoticeRaised { agent: Some(agent("1001")), interaction: None, notice })
}

/// An agent.
pub fn agent(id: &str) -> AgentId {
    AgentId::new(id).unwrap()
}

/// A queue.
pub fn queue(id: &str) -> QueueId {
    QueueId::new(id).unwrap()
}

/// A number.
pub fn number(text: &str) -> Number {
    Number::new(text).unwrap()
}

/// The ID of the interaction with this number.
pub fn interaction_id(number: u64) -> InteractionId {
    format!("00000000-0000-7000-8000-{number:012}").parse().unwrap()
}

/// The linkage with this number.
pub fn linkage(number: u64) -> LinkageId {
    format!("00000000-0000-7000-9000-{number:012}").parse().unwrap()
}

/// A contact with some numbers.
pub fn contact(id: &str, name: &str, numbers: &[&str]) -> Contact {
    let numbers = numbers.iter().map(|text| number(text)).collect();
    Contact { id: id.into(), name: name.into(), numbers, data: model::Data::new() }
}

/// An interaction of agent 1001 with a customer at +1 415 555 0100. It was opened at `number` seconds.
pub fn summary(number: u64) -> InteractionSummary {
    serde_json::from_value(json!({
        "interaction": {
            "id": interaction_id(number), "number": number, "linkage": linkage(number),
            "agent": "1001", "device": "2001", "switch": "lab", "direction": "inbound", "queue": "7700",
            "customer": { "at": { "outside": "+14155550100" } }, "dialled": "7700",
            "state": "completed", "opened_at": number * 1_000,
        },
        "completed_at": number * 1_000 + 500,
        "disposition": "sold",
    }))
    .unwrap()
}

/// The event that completes an interaction.
pub fn completed(summary: InteractionSummary) -> Event {
    Event::Interaction(InteractionEvent::Completed {
        agent: summary.interaction.agent.clone(),
        summary: Box::new(summary),
    })
}

/// The event that changes the notes of an interaction of agent 1001.
pub fn notes_changed(number: u64, notes: Option<&str>, disposition: Option<&str>) -> Event {
    Event::Detail(DetailEvent::NotesChanged {
        agent: agent("1001"),
        interaction: interaction_id(number),
        notes: notes.map(str::to_owned),
        disposition: disposition.map(|code| model::DispositionCode::new(code).unwrap()),
    })
}

/// Not ready with a reason.
pub fn not_ready(reason: &str) -> AgentState {
    AgentState::NotReady { reason: model::ReasonCode::new(reason).unwrap() }
}

/// An agent's change of state; `since` is in seconds.
pub fn changed(id: &str, from: AgentState, since: u64, to: AgentState) -> Event {
    Event::Agent(AgentEvent::StateChanged {
        agent: agent(id),
        from,
        from_since: Timestamp(since * 1_000),
        to,
        next: None,
    })
}

/// An agent's sign-out; `since` is in seconds.
pub fn signed_out(id: &str, from: AgentState, since: u64) -> Event {
    Event::Agent(AgentEvent::SignedOut {
        agent: agent(id),
        from,
        from_since: Timestamp(since * 1_000),
        reason: None,
    })
}

/// A call that waited in a queue until an agent answered.
pub fn answered(id: &str, by: &str, waited_ms: u64) -> Event {
    let (switch, call) = ("lab".parse().unwrap(), "c1".parse().unwrap());
    let change = QueueChange::Answered { switch, call, agent: agent(by), waited_ms, waiter: Box::default() };
    Event::Floor(FloorEvent::QueueChanged { queue: queue(id), change })
}

/// A call that waited in a queue until the caller hung up.
pub fn left(id: &str, waited_ms: u64) -> Event {
    let (switch, call) = ("lab".parse().unwrap(), "c1".parse().unwrap());
    let change = QueueChange::Left {
        switch,
        call,
        cause: model::Cause::Abandoned,
        waited_ms,
        waiter: Box::new(waiter()),
    };
    Event::Floor(FloorEvent::QueueChanged { queue: queue(id), change })
}

/// A caller who waited.
pub fn waiter() -> model::WaitingCaller {
    model::WaitingCaller {
        caller: Some(model::Party::new(model::PartyKind::Outside(number("+14155550100")))),
        dialled: Some(number("7700")),
        linkage: Some(linkage(1)),
        contact: Some(contact("c", "Cy", &[])),
    }
}

/// A call that returned to its queue, which does not end the wait.
pub fn returned(id: &str, from: &str) -> Event {
    let (switch, call) = ("lab".parse().unwrap(), "c1".parse().unwrap());
    Event::Floor(FloorEvent::QueueChanged {
        queue: queue(id),
        change: QueueChange::Returned { switch, call, agent: agent(from) },
    })
}
