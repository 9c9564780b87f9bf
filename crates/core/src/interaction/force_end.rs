//! `force-end`: closes an interaction at the hub when the switch does not report its end.

use model::{
    Cause, Code, Command, Event, InteractionEvent, InteractionId, Leg, NoticeTopic, Rejection, SwitchFeature,
    SwitchRequest, reason,
};

use super::{
    answer::is_offered,
    close_leg, drop_unanswered, is_call,
    reference::{InteractionRef, find},
};
use crate::{routing, switch, turn::Turn};

/// How long a switch can take to hang up. Milliseconds. Our choice: the same as for the answer to any request.
pub(crate) const RELEASE_MS_MAX: u64 = 10_000;

/// Closes all legs and records who forced it. The switch still gets requests to hang up and to report its complete state.
pub(crate) fn force_end(turn: &mut Turn, command: &Command) -> Result<(), Rejection> {
    let oversees = command.by.role.sees_all();
    let id = find(turn.state(), command, |subject| {
        check(subject, oversees)?;
        Ok(subject.interaction.id)
    })?;
    let (agent, by) = (command.agent.clone(), command.by.account.clone());
    turn.emit(Event::Interaction(InteractionEvent::Forced { agent, interaction: id, by }));
    let switch = turn.state().interaction(id).and_then(|interaction| interaction.switch.clone());
    if is_offered(turn, id) {
        routing::withdraw_offer(turn, &command.agent);
        drop_unanswered(turn, id, Cause::Forced, Some(reason::code(reason::REJECTED)));
    } else {
        hang_up(turn, command, id);
        // Close the consult leg first, because the interaction ends with its last leg.
        close_leg(turn, id, Leg::Consult, Cause::Forced);
        close_leg(turn, id, Leg::Primary, Cause::Forced);
    }
    if let Some(switch) = switch.filter(|switch| turn.state().is_up(switch)) {
        switch::request_snapshot(turn, &switch);
    }
    Ok(())
}

/// Supervisors can force the end at any time. The agent can when hanging up had no effect or the switch cannot hang up.
pub(super) fn check(subject: InteractionRef, oversees: bool) -> Result<(), Rejection> {
    if !is_call(subject.interaction) {
        return Err(subject.wrong_state("it has no call that could be ended"));
    }
    if oversees || subject.is_overdue() {
        return Ok(());
    }
    let switch = subject.switch()?;
    match subject.state.can(switch, SwitchFeature::ClearConnection) {
        Err(rejection) if rejection.code == Code::NotSupported || subject.state.is_lost(switch) => Ok(()),
        Err(rejection) => Err(rejection),
        Ok(()) => {
            let seconds = RELEASE_MS_MAX / 1_000;
            Err(subject.wrong_state(&format!(
                "hang up; its end can be forced when that has no effect within {seconds} s"
            )))
        }
    }
}

fn hang_up(turn: &mut Turn, command: &Command, id: InteractionId) {
    let Some(interaction) = turn.state().interaction(id) else { return };
    let Some(switch) = interaction.switch.clone() else { return };
    if turn.state().can(&switch, SwitchFeature::ClearConnection).is_err() {
        return;
    }
    let device = interaction.device.clone();
    let calls: Vec<model::CallId> = interaction.conversations().map(|(_, leg)| leg.call.clone()).collect();
    for call in calls.into_iter().rev() {
        let clear = SwitchRequest::ClearConnection { call, device: device.clone() };
        turn.request(&switch, Some(&command.agent), None, clear);
    }
}

/// Handles a call that the switch did not hang up in time: the agent can now force its end, and the hub requests the
/// complete state of the switch.
pub(crate) fn hang_up_timed_out(turn: &mut Turn, id: InteractionId) {
    let switch = turn.state().interaction(id).and_then(|interaction| interaction.switch.clone());
    overdue(turn, id);
    if let Some(switch) = switch.filter(|switch| turn.state().is_up(switch)) {
        switch::request_snapshot(turn, &switch);
    }
}

/// Allows the agent to force the end, and notifies the agent.
pub(crate) fn overdue(turn: &mut Turn, id: InteractionId) {
    let Some(agent) = turn.state().interaction(id).map(|interaction| interaction.agent.clone()) else {
        return;
    };
    turn.emit(Event::Interaction(InteractionEvent::ReleaseOverdue { agent: agent.clone(), interaction: id }));
    turn.notice(Some(&agent), Some(id), NoticeTopic::ReleaseOverdue);
}
