//! An event in a line, for people.

use model::{
    AgentState, ConversationState, Event, Interaction, InteractionState, Leg, NextState, Party, QueueChange,
    Record, SwitchAnswer,
};

use super::time::clock;

/// A record of the journal in a line: when, its number, what.
pub(crate) fn describe(record: &Record) -> String {
    format!("{}  #{:<6} {:<26} {}", clock(record.at), record.seq.0, record.event.word(), what(&record.event))
        .trim_end()
        .to_owned()
}

fn what(event: &Event) -> String {
    match event {
        Event::FloorChanged { floor } => {
            format!("{} agents, {} queues", floor.agents.len(), floor.queues.len())
        }
        Event::SwitchLinkChanged { switch, up, .. } => {
            format!("{switch} is {}", if *up { "up" } else { "down" })
        }
        Event::AgentSignedIn { agent, device, .. } => format!("{agent} at phone {device}"),
        Event::AgentStateChanged { agent, from, to, next, .. } => {
            format!("{agent} {} → {}{}", state(from), state(to), afterwards(next.as_ref()))
        }
        Event::AgentSignedOut { agent, .. } => agent.to_string(),
        Event::InteractionOpened { interaction } => opened(interaction),
        Event::InteractionStateChanged { agent, from, to, cause, .. } => {
            let cause = cause.map(|cause| format!(" ({})", word(&cause))).unwrap_or_default();
            format!("{agent} {} → {}{cause}", word::<InteractionState>(from), word(to))
        }
        Event::ConversationOpened { agent, leg, conversation, .. } => {
            format!(
                "{agent} {} {} with {}",
                word(leg),
                word(&conversation.state),
                everybody(&conversation.parties)
            )
        }
        Event::ConversationStateChanged { agent, leg, from, to, .. } => {
            format!("{agent} {} {} → {}", word(leg), word::<ConversationState>(from), word(to))
        }
        Event::ConversationClosed { agent, leg, cause, .. } => {
            format!("{agent} {} ({})", word::<Leg>(leg), word(cause))
        }
        Event::PartiesChanged { agent, leg, parties, .. } => {
            format!("{agent} {} with {}", word(leg), everybody(parties))
        }
        Event::ControlsChanged { agent, muted, masked, recording, .. } => {
            format!("{agent} muted {muted}, masked {masked}, recording {recording}")
        }
        Event::DataChanged { agent, set, unset, .. } => {
            let pairs: Vec<String> = set.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let gone: Vec<String> = unset.iter().map(|name| format!("-{name}")).collect();
            format!("{agent} {}", [pairs, gone].concat().join(" "))
        }
        Event::ContactResolved { agent, contact, .. } => {
            format!("{agent} {}", contact.as_ref().map_or("nobody", |contact| contact.name.as_str()))
        }
        Event::CardChanged { agent, card, .. } => {
            format!("{agent} {}", card.name.as_deref().unwrap_or_default())
        }
        Event::Popped { agent, pop, .. } => {
            let record = pop.record.as_ref().map(|record| format!("{} {}", record.kind, record.id));
            format!("{agent} {}", record.unwrap_or_default())
        }
        Event::Logged { agent, log, .. } => format!("{agent} {}", log.subject),
        Event::InteractionCompleted { agent, summary } => {
            let disposition =
                summary.disposition.as_ref().map(|code| format!(" ({code})")).unwrap_or_default();
            format!("{agent} no. {}{disposition}", summary.interaction.number)
        }
        Event::QueueChanged { queue, change } => format!("{queue} {}", queue_change(change)),
        Event::NoticeRaised { notice, .. } => notice.text.to_string(),
        Event::SwitchRequested { request, switch, asked, .. } => {
            format!("{switch} request {} {}", request.0, tag(asked.as_ref(), "service"))
        }
        Event::SwitchAnswered { request, switch, answer, .. } => {
            format!("{switch} request {} {}", request.0, answered(answer))
        }
    }
}

fn opened(interaction: &Interaction) -> String {
    let customer = party(&interaction.customer);
    let queue = interaction.queue.as_ref().map(|queue| format!(" through {queue}")).unwrap_or_default();
    format!(
        "{} no. {} {} with {customer}{queue}",
        interaction.agent,
        interaction.number,
        word(&interaction.direction)
    )
}

fn queue_change(change: &QueueChange) -> String {
    match change {
        QueueChange::Entered { waiting } => {
            format!("{} waits, from {}", waiting.call, party(&waiting.caller))
        }
        QueueChange::Offered { call, agent, .. } => format!("{call} is offered to {agent}"),
        QueueChange::Returned { call, agent, .. } => format!("{call} is back from {agent}"),
        QueueChange::Answered { call, agent, waited_ms, .. } => {
            format!("{call} is answered by {agent} after {waited_ms} ms")
        }
        QueueChange::Left { call, cause, waited_ms, .. } => {
            format!("{call} left ({}) after {waited_ms} ms", word(cause))
        }
    }
}

fn answered(answer: &SwitchAnswer) -> String {
    match answer {
        SwitchAnswer::Done { call: Some(call) } => format!("done: call {call}"),
        SwitchAnswer::Done { call: None } => "done".to_owned(),
        SwitchAnswer::Refused { text, .. } => format!("refused: {text}"),
    }
}

/// A state as people read it: `not-ready (lunch)`.
pub(crate) fn state(state: &AgentState) -> String {
    match state {
        AgentState::NotReady { reason } => format!("not-ready ({reason})"),
        AgentState::SignedOut | AgentState::Ready | AgentState::Busy | AgentState::WrapUp => {
            state.word().to_owned()
        }
    }
}

fn afterwards(next: Option<&NextState>) -> String {
    next.map(|next| format!(", then {}", state(&next.clone().into()))).unwrap_or_default()
}

/// A party as people read it.
pub(crate) fn party(party: &Party) -> String {
    let number = party.at.number().unwrap_or("a withheld number");
    party.name.as_ref().map_or_else(|| number.to_owned(), |name| format!("{name} ({number})"))
}

fn everybody(parties: &[Party]) -> String {
    parties.iter().map(party).collect::<Vec<_>>().join(", ")
}

/// The word that JSON has for one of a closed list.
pub(crate) fn word<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(_) | Err(_) => String::new(),
    }
}

/// The word under which JSON has one of several kinds.
fn tag<T: serde::Serialize>(value: &T, name: &str) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value[name].as_str().unwrap_or_default().to_owned()
}
