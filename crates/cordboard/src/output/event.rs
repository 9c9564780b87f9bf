//! Events as lines of text.

use model::{
    AgentEvent, AgentState, Contact, ConversationEvent, ConversationState, DetailEvent, Event, FloorEvent,
    Interaction, InteractionEvent, InteractionState, Leg, LinkEvent, NextState, Party, QueueChange, Record,
    SwitchAnswer,
};

use super::Zone;

/// An event as a line: the time of day, the sequence number, the type, the details.
pub(crate) fn describe(record: &Record, zone: &Zone) -> String {
    let (time, seq, word) = (zone.clock(record.at), record.seq.0, record.event.as_str());
    format!("{time}  #{seq:<6} {word:<25}  {}", what(&record.event)).trim_end().to_owned()
}

fn what(event: &Event) -> String {
    match event {
        Event::Floor(event) => floor(event),
        Event::Link(event) => link(event),
        Event::Agent(event) => agent(event),
        Event::Interaction(event) => interaction(event),
        Event::Conversation(event) => conversation(event),
        Event::Detail(event) => detail(event),
    }
}

fn floor(event: &FloorEvent) -> String {
    match event {
        FloorEvent::Changed { floor } => {
            format!("{} agents, {} queues", floor.agents.len(), floor.queues.len())
        }
        FloorEvent::QueueChanged { queue, change } => {
            format!("{queue} {}", queue_change(change))
        }
        FloorEvent::NoticeRaised { notice, .. } => notice.text.to_string(),
    }
}

fn link(event: &LinkEvent) -> String {
    match event {
        LinkEvent::Changed { switch, up, .. } => {
            format!("{switch} is {}", if *up { "up" } else { "down" })
        }
        LinkEvent::PhonesListed { switch, phones } => format!("{switch} has {} phones", phones.len()),
        LinkEvent::Requested { request, switch, requested, .. } => {
            format!("{switch} request {} {}", request.0, tag(requested.as_ref(), "service"))
        }
        LinkEvent::Answered { request, switch, answer, .. } => {
            format!("{switch} request {} {}", request.0, answered(answer))
        }
    }
}

fn agent(event: &AgentEvent) -> String {
    match event {
        AgentEvent::SignedIn { agent, device, .. } => format!("{agent} at phone {device}"),
        AgentEvent::StateChanged { agent, from, to, next, .. } => {
            format!("{agent} {} → {}{}", state(from), state(to), afterwards(next.as_ref()))
        }
        AgentEvent::NextChanged { agent, next } => {
            format!(
                "{agent} next {}",
                next.as_ref().map_or_else(|| "ready".to_owned(), |next| state(&next.clone().into()))
            )
        }
        AgentEvent::SignedOut { agent, .. } => agent.to_string(),
        AgentEvent::DeskChanged { agent, attended } => {
            format!("{agent} {}", if *attended { "has a desk" } else { "has no desk" })
        }
    }
}

fn interaction(event: &InteractionEvent) -> String {
    match event {
        InteractionEvent::ReleaseOverdue { agent, .. } => {
            format!("{agent} can force the end")
        }
        InteractionEvent::Forced { agent, by, .. } => format!("{agent} by {by}"),
        InteractionEvent::Opened { interaction } => opened(interaction),
        InteractionEvent::StateChanged { agent, from, to, cause, .. } => {
            let cause = cause.map(|cause| format!(" ({})", word(&cause))).unwrap_or_default();
            format!("{agent} {} → {}{cause}", word::<InteractionState>(from), word(to))
        }
        InteractionEvent::Completed { agent, summary } => {
            let disposition =
                summary.disposition.as_ref().map(|code| format!(" ({code})")).unwrap_or_default();
            format!("{agent} no. {}{disposition}", summary.interaction.number)
        }
    }
}

fn conversation(event: &ConversationEvent) -> String {
    match event {
        ConversationEvent::Opened { agent, leg, conversation, .. } => {
            format!(
                "{agent} {} {} with {}",
                word(leg),
                word(&conversation.state),
                everybody(&conversation.parties)
            )
        }
        ConversationEvent::StateChanged { agent, leg, from, to, .. } => {
            format!("{agent} {} {} → {}", word(leg), word::<ConversationState>(from), word(to))
        }
        ConversationEvent::Closed { agent, leg, cause, to, .. } => {
            let to = to.as_deref().map(|to| format!(" to {}", party(to))).unwrap_or_default();
            format!("{agent} {} ({}{to})", word::<Leg>(leg), word(cause))
        }
        ConversationEvent::PartiesChanged { agent, leg, parties, .. } => {
            format!("{agent} {} with {}", word(leg), everybody(parties))
        }
        ConversationEvent::ControlsChanged { agent, muted, masked, recording, .. } => {
            format!("{agent} muted {muted}, masked {masked}, recording {recording}")
        }
    }
}

fn detail(event: &DetailEvent) -> String {
    match event {
        DetailEvent::DataChanged { agent, set, unset, .. } => {
            let pairs: Vec<String> = set.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let gone: Vec<String> = unset.iter().map(|name| format!("-{name}")).collect();
            format!("{agent} {}", [pairs, gone].concat().join(" "))
        }
        DetailEvent::ContactResolved { agent, contact, candidates, .. } => {
            format!("{agent} {}", names_of(contact.as_deref(), candidates))
        }
        DetailEvent::CustomerChanged { agent, customer, contact, candidates, .. } => {
            format!("{agent} with {}: {}", party(customer), names_of(contact.as_deref(), candidates))
        }
        DetailEvent::CardChanged { agent, card, .. } => {
            format!("{agent} {}", card.name.as_deref().unwrap_or_default())
        }
        DetailEvent::Popped { agent, pop, .. } => {
            let record = pop.record.as_ref().map(|record| format!("{} {}", record.kind, record.id));
            format!("{agent} {}", record.unwrap_or_default())
        }
        DetailEvent::Logged { agent, log, .. } => format!("{agent} {}", log.subject),
        DetailEvent::RecordingStarted { agent, recording, .. } => {
            format!("{agent} {}", recording.name)
        }
        DetailEvent::NotesChanged { agent, notes, disposition, .. } => {
            let bytes = notes.as_ref().map_or(0, String::len);
            let disposition = disposition.as_ref().map(|code| format!(" ({code})")).unwrap_or_default();
            format!("{agent} notes of {bytes} bytes{disposition}")
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
            format!("{} waits; caller {}", waiting.call, party(&waiting.caller))
        }
        QueueChange::Offered { call, agent, .. } => format!("{call} offered to {agent}"),
        QueueChange::Returned { call, agent, .. } => format!("{call} returned by {agent}"),
        QueueChange::Answered { call, agent, waited_ms, .. } => {
            format!("{call} answered by {agent} after {waited_ms} ms")
        }
        QueueChange::Left { call, cause, waited_ms, waiter, .. } => {
            let from = waiter.caller.as_ref().map(|caller| format!("; caller {}", party(caller)));
            format!("{call} left ({}) after {waited_ms} ms{}", word(cause), from.unwrap_or_default())
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

/// An agent state as text: `not-ready (lunch)`.
pub(crate) fn state(state: &AgentState) -> String {
    match state {
        AgentState::NotReady { reason } => format!("not-ready ({reason})"),
        AgentState::SignedOut | AgentState::Ready | AgentState::Busy | AgentState::WrapUp => {
            state.as_str().to_owned()
        }
    }
}

fn afterwards(next: Option<&NextState>) -> String {
    next.map(|next| format!(", then {}", state(&next.clone().into()))).unwrap_or_default()
}

/// A party as text: the name and the number.
pub(crate) fn party(party: &Party) -> String {
    let number = party.at.number().unwrap_or("a withheld number");
    party.name.as_ref().map_or_else(|| number.to_owned(), |name| format!("{name} ({number})"))
}

/// The contact, the contacts to choose from, or that there is none.
fn names_of(contact: Option<&Contact>, candidates: &[Contact]) -> String {
    let names = contact.into_iter().chain(candidates).map(|contact| contact.name.as_str());
    let names = names.collect::<Vec<_>>().join(" or ");
    if names.is_empty() { "no contact".to_owned() } else { names }
}

fn everybody(parties: &[Party]) -> String {
    parties.iter().map(party).collect::<Vec<_>>().join(", ")
}

/// The JSON word for a value of a closed list.
pub(crate) fn word<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(_) | Err(_) => String::new(),
    }
}

/// The JSON word in the field `name`, which says what kind of value it is.
fn tag<T: serde::Serialize>(value: &T, name: &str) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value[name].as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The output of `tail` for these events.
    fn lines(events: &str) -> String {
        let events: Vec<serde_json::Value> = serde_json::from_str(events).unwrap();
        let record = |(index, event)| {
            let record = serde_json::json!({ "seq": index + 1, "at": 1_795_219_200_042_u64, "event": event });
            describe(&serde_json::from_value(record).unwrap(), &Zone::UTC)
        };
        events.into_iter().enumerate().map(record).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn each_event_of_a_call_is_one_line() {
        let id = "019aa0c8-3f5e-7d52-b1f7-6a0e6f6f3a11";
        let caller = r#"{"at":{"outside":"+14155550100"}}"#;
        let events = format!(
            r#"[
            {{"type":"switch-link-changed","switch":"simulated","up":true,"features":[]}},
            {{"type":"agent-signed-in","agent":"1001","device":"1001","switch":"simulated","queues":["7700"]}},
            {{"type":"agent-state-changed","agent":"1001","from":{{"state":"ready"}},"from_since":0,
              "to":{{"state":"not-ready","reason":"lunch"}},"next":{{"state":"ready"}}}},
            {{"type":"agent-next-changed","agent":"1001","next":{{"state":"signed-out"}}}},
            {{"type":"queue-changed","queue":"7700","change":"entered","waiting":{{"switch":"simulated","call":"sim-1","linkage":"{id}",
              "caller":{caller},"dialled":"7700","priority":1,"since":0}}}},
            {{"type":"queue-changed","queue":"7700","change":"left","switch":"simulated","call":"sim-1","cause":"abandoned","waited_ms":1200}},
            {{"type":"interaction-opened","interaction":{{"id":"{id}","number":7,"linkage":"{id}","agent":"1001","device":"1001",
              "direction":"inbound","queue":"7700","customer":{caller},"state":"alerting","opened_at":0}}}},
            {{"type":"interaction-state-changed","agent":"1001","interaction":"{id}","from":"started","to":"ended","cause":"normal"}},
            {{"type":"conversation-state-changed","agent":"1001","interaction":"{id}","leg":"primary","conversation":"{id}",
              "from":"alerting","to":"talking"}},
            {{"type":"conversation-closed","agent":"1001","interaction":"{id}","leg":"consult","conversation":"{id}","cause":"no-answer"}},
            {{"type":"data-changed","agent":"1001","interaction":"{id}","set":{{"AccountCode":"A-1"}},"unset":["Language"]}},
            {{"type":"switch-requested","request":4,"switch":"simulated","agent":"1001","asked":{{"service":"answer-call","call":"sim-1","device":"1001"}}}},
            {{"type":"switch-answered","request":4,"switch":"simulated","agent":"1001",
              "answer":{{"result":"refused","cause":"busy","text":"the line is busy"}}}}
            ]"#
        );
        insta::assert_snapshot!(lines(&events), @r"
        00:00:00.042  #1      switch-link-changed        simulated is up
        00:00:00.042  #2      agent-signed-in            1001 at phone 1001
        00:00:00.042  #3      agent-state-changed        1001 ready → not-ready (lunch), then ready
        00:00:00.042  #4      agent-next-changed         1001 next signed-out
        00:00:00.042  #5      queue-changed              7700 sim-1 waits; caller +14155550100
        00:00:00.042  #6      queue-changed              7700 sim-1 left (abandoned) after 1200 ms
        00:00:00.042  #7      interaction-opened         1001 no. 7 inbound with +14155550100 through 7700
        00:00:00.042  #8      interaction-state-changed  1001 started → ended (normal)
        00:00:00.042  #9      conversation-state-changed  1001 primary alerting → talking
        00:00:00.042  #10     conversation-closed        1001 consult (no-answer)
        00:00:00.042  #11     data-changed               1001 AccountCode=A-1 -Language
        00:00:00.042  #12     switch-requested           simulated request 4 answer-call
        00:00:00.042  #13     switch-answered            simulated request 4 refused: the line is busy
        ");
    }
}
