//! Formats outputs as readable lines.

use model::{
    CallId, Data, Party, PartyKind, SwitchAnswer, SwitchEvent,
    switch::{CallPicture, Delivery},
};
use session::ToHub;

/// One line for one output.
pub(crate) fn line(message: &ToHub) -> String {
    match message {
        ToHub::SwitchAnswer { request, answer } => format!("{}: {}", request.0, answer_line(answer)),
        ToHub::Switch(event) => event_line(event),
        ToHub::Subscribe
        | ToHub::Command(_)
        | ToHub::Desk { .. }
        | ToHub::Notice { .. }
        | ToHub::Authenticate { .. } => {
            panic!("a switch said {message:?}")
        }
    }
}

/// The number of a call: `c7` for `sim-0-000007`.
pub(crate) fn short(call: &CallId) -> String {
    let number = call.as_str().rsplit('-').next().unwrap();
    format!("c{}", number.trim_start_matches('0'))
}

/// A name of a closed list, as in JSON.
fn word(value: impl serde::Serialize) -> String {
    serde_json::to_value(value).unwrap().as_str().unwrap().to_owned()
}

fn answer_line(answer: &SwitchAnswer) -> String {
    match answer {
        SwitchAnswer::Done { call: None } => "done".to_owned(),
        SwitchAnswer::Done { call: Some(call) } => format!("done {}", short(call)),
        SwitchAnswer::Refused { cause, text } => format!("refused {}: {text}", word(cause)),
    }
}

fn event_line(event: &SwitchEvent) -> String {
    match event {
        SwitchEvent::LinkUp { calls, .. } => {
            format!("link-up [{}]", calls.iter().map(picture_line).collect::<Vec<_>>().join(", "))
        }
        SwitchEvent::PhonesListed { .. } => "phones".to_owned(),
        SwitchEvent::LinkDown { .. } => "link-down".to_owned(),
        SwitchEvent::AgentRefused { agent, text } => format!("refused {agent} {text}"),
        SwitchEvent::Queued { call, queue, caller, dialled, linked, data, priority: _ } => {
            let caller = at(&caller.at);
            format!("queued {} {queue} caller {caller} dialled {dialled}{}", short(call), more(linked, data))
        }
        SwitchEvent::Originated { call, device, to, linked, data } => {
            format!("originated {} {device} to {}{}", short(call), at(&to.at), more(linked, data))
        }
        SwitchEvent::Offered(delivery) => format!("offered {}", delivery_line(delivery)),
        SwitchEvent::Delivered(delivery) => format!("delivered {}", delivery_line(delivery)),
        SwitchEvent::Established { call, at: who } => format!("established {} {}", short(call), at(who)),
        SwitchEvent::Held { call, device } => format!("held {} {device}", short(call)),
        SwitchEvent::Retrieved { call, device } => format!("retrieved {} {device}", short(call)),
        SwitchEvent::Transferred { device, primary, consult, into, parties } => {
            let consult =
                consult.as_ref().map(|consult| format!(" and {}", short(consult))).unwrap_or_default();
            let names = names(parties);
            format!("transferred {device} {}{consult} into {} [{names}]", short(primary), short(into))
        }
        SwitchEvent::Conferenced { device, primary, consult, into, parties } => {
            let (primary, consult, into) = (short(primary), short(consult), short(into));
            format!("conferenced {device} {primary} and {consult} into {into} [{}]", names(parties))
        }
        SwitchEvent::ConnectionCleared { call, at: who, cause } => {
            format!("cleared {} {} {}", short(call), at(who), word(cause))
        }
        SwitchEvent::Failed { call, device, cause } => {
            format!("failed {} {device} {}", short(call), word(cause))
        }
        SwitchEvent::RecordingStarted { call, name } => format!("recording {} {name}", short(call)),
        SwitchEvent::CallInformation { call, data } => {
            format!("information {}{}", short(call), more(&None, data))
        }
    }
}

fn delivery_line(delivery: &Delivery) -> String {
    let Delivery { call, at: who, caller, dialled, queue, linked, data } = delivery;
    let queue = queue.as_ref().map(|queue| format!(" queue {queue}")).unwrap_or_default();
    let (call, who, caller, more) = (short(call), at(who), at(&caller.at), more(linked, data));
    format!("{call} at {who} caller {caller} dialled {dialled}{queue}{more}")
}

fn picture_line(picture: &CallPicture) -> String {
    let place =
        |place: &model::switch::ConnectionPicture| format!("{} {}", at(&place.party.at), word(place.state));
    let places: Vec<String> = picture.connections.iter().map(place).collect();
    format!("{}: {}", short(&picture.call), places.join(" + "))
}

fn names(parties: &[Party]) -> String {
    parties.iter().map(|party| at(&party.at)).collect::<Vec<_>>().join(" ")
}

fn at(at: &PartyKind) -> String {
    at.number().unwrap_or("withheld").to_owned()
}

fn more(linked: &Option<CallId>, data: &Data) -> String {
    let linked = linked.iter().map(|call| format!(" linked {}", short(call)));
    let pairs = data.iter().map(|(name, value)| format!(" {name}={value}"));
    linked.chain(pairs).collect()
}
