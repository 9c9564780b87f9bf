//! The end of a run: all calls end, and then no work may be left.

use model::{AgentId, AgentState, CallId, InteractionState, Timestamp, VerbName};
use simulated::{Chances, Fault};
use store::Reader as _;

use super::{
    Broken,
    ends::Dialect,
    hub::Side,
    network::{APART_MS, Sent},
    plan::{AGENTS, CALM_MS, agent, asterisk_switch, switch},
    world::World,
};
use crate::depth::control;

impl World {
    /// Turns off all random faults of the built-in switch.
    pub(super) fn still_the_switch(&mut self) {
        self.request(Side::Phones, self.switch, control::chances(&Chances::default()), Sent::Control);
    }

    /// Signs in all agents and interrupts each link for a moment, so that the hubs get full snapshots when it is back.
    pub(super) fn bounce(&mut self) -> Result<(), Broken> {
        for id in AGENTS {
            self.command_for(Side::Desks, &agent(id), VerbName::SignIn);
        }
        self.run_until(Timestamp(self.now.0 + 10_000))?;
        self.sign_in_again()?;
        let fault = Fault::LostLink { for_ms: Some(10) };
        self.request(Side::Phones, self.switch, control::fault(&fault), Sent::Control);
        self.bounce_asterisk();
        self.part_hubs();
        self.bounce_pages();
        self.run_until(Timestamp(self.now.0 + APART_MS + CALM_MS))
    }

    /// Signs in agents who signed out at the phones' hub. The other hub does not do that, and the hub gets no calls of phones without an
    /// agent.
    fn sign_in_again(&mut self) -> Result<(), Broken> {
        let phones = self.hubs[Side::Phones].snapshot(self.now)?;
        let out = phones.agents.into_iter().filter(|view| view.state == AgentState::SignedOut);
        let out: Vec<AgentId> = out.map(|view| view.id).collect();
        out.iter().for_each(|agent| self.command_for(Side::Phones, agent, VerbName::SignIn));
        let pause_ms = if out.is_empty() { 0 } else { 1_000 };
        self.run_until(Timestamp(self.now.0 + pause_ms))
    }

    /// Ends all calls and checks that no work is left.
    pub(super) fn end(&mut self) -> Result<(), Broken> {
        self.note("all calls are hung up");
        for call in self.calls_at_switch()? {
            self.request(Side::Phones, self.switch, control::hang_up(&call), Sent::Control);
        }
        self.everybody_leaves_asterisk();
        self.run_until(Timestamp(self.now.0 + CALM_MS))?;
        self.settles(Self::agree)?;
        self.asterisk_is_empty()?;
        self.close_connectors();
        self.run_until(Timestamp(self.now.0 + CALM_MS))?;
        let sides = self.ends.sides();
        sides.iter().try_for_each(|side| self.finish_work(*side))?;
        self.run_until(Timestamp(self.now.0 + 5_000))?;
        for side in sides {
            let hub = &self.hubs[side];
            if let Some((at, sent)) = hub.sent.first_key_value() {
                return Err(format!("{} has not answered {at:?} ({sent:?})", side.name()));
            }
            if let Some(command) = hub.unanswered.values().next() {
                return Err(format!("{} has not answered command {}", side.name(), command.id));
            }
            self.nobody_is_left(side).map_err(|text| format!("{}: {text}", side.name()))?;
        }
        Ok(())
    }

    /// Logs and completes interactions that require a log entry. Their wrap-up does not end by itself.
    fn finish_work(&mut self, side: Side) -> Result<(), Broken> {
        let snapshot = self.hubs[side].snapshot(self.now)?;
        let over = snapshot.interactions.into_iter().filter(|view| {
            let one = &view.interaction;
            one.state == InteractionState::Ended && one.pops.iter().any(|pop| pop.log_required)
        });
        for view in over {
            self.command_about(side, &view.interaction, VerbName::Log);
            self.command_about(side, &view.interaction, VerbName::Complete);
        }
        Ok(())
    }

    fn nobody_is_left(&mut self, side: Side) -> Result<(), Broken> {
        let hub = &mut self.hubs[side];
        let snapshot = hub.snapshot(self.now)?;
        let node = hub.node.as_ref().ok_or("the node is down after the storm")?;
        let busy = |state: &AgentState| matches!(state, AgentState::Busy | AgentState::WrapUp);
        if let Some(view) = snapshot.interactions.iter().find(|view| view.interaction.switch.is_some()) {
            return Err(format!("all calls have ended, but an interaction is left: {:?}", view.interaction));
        }
        if let Some(agent) = snapshot.agents.iter().find(|agent| busy(&agent.state)) {
            return Err(format!("all calls have ended, but agent {} is {}", agent.id, agent.state.as_str()));
        }
        if let Some(call) = snapshot.queues.iter().find_map(|queue| queue.waiting.first()) {
            return Err(format!("all calls have ended, but {call:?} is waiting"));
        }
        let switches = match side {
            Side::Phones => vec![switch(), asterisk_switch()],
            Side::Desks | Side::Beyond => Dialect::SWITCHES.map(Dialect::switch).to_vec(),
        };
        for switch in switches {
            if let Some(open) = node.core().unanswered(&switch).first() {
                return Err(format!("all calls have ended, but {open:?} has no answer"));
            }
        }
        hub.journal.history(node.store())?;
        let last = node.store().last_seq().map_err(|error| error.to_string())?;
        if last != hub.journal.last() {
            return Err(format!(
                "the last record in the store is {last:?}, expected {:?}",
                hub.journal.last()
            ));
        }
        hub.journal.replay(node.core().state())
    }

    fn calls_at_switch(&mut self) -> Result<Vec<CallId>, Broken> {
        let calls = self.question()?;
        let ids = calls.iter().map(|call| serde_json::from_value(call["call"].clone()));
        ids.collect::<Result<_, _>>().map_err(|error| error.to_string())
    }
}
