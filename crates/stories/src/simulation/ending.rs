//! How a run ends: everybody hangs up, and then nobody may be left with anything to do.

use hub::engine::everybody;
use model::{AgentState, CallId, InteractionState, Timestamp, VerbName};
use simulated::{Chances, Fault};
use store::Reader as _;

use super::{
    Broken,
    plan::{CALM_MS, asterisk_switch, switch},
    world::{Sent, World},
};
use crate::depth::control;

impl World {
    /// Nothing goes wrong by chance at the switch any more.
    pub(super) fn still_the_switch(&mut self) {
        self.request(self.switch, control::chances(&Chances::default()), Sent::Control);
    }

    /// The link is lost for a moment: the hub is told everything when it is back.
    pub(super) fn bounce(&mut self) -> Result<(), Broken> {
        let fault = Fault::LostLink { for_ms: Some(10) };
        self.request(self.switch, control::fault(&fault), Sent::Control);
        self.bounce_asterisk();
        self.run_until(Timestamp(self.now.0 + CALM_MS))
    }

    /// Everybody hangs up.
    pub(super) fn end(&mut self) -> Result<(), Broken> {
        self.note("everybody hangs up");
        for call in self.calls_at_switch()? {
            self.request(self.switch, control::hang_up(&call), Sent::Control);
        }
        self.everybody_leaves_asterisk();
        self.run_until(Timestamp(self.now.0 + CALM_MS))?;
        self.agree()?;
        self.asterisk_is_empty()?;
        self.finish_work()?;
        if let Some((at, sent)) = self.sent.first_key_value() {
            return Err(format!("{at:?} ({sent:?}) was never answered"));
        }
        if let Some(command) = self.asked.values().next() {
            return Err(format!("command {} was never answered", command.id));
        }
        self.nobody_is_left()
    }

    /// Agents write down what they were asked to: without that, wrap-up does not end by itself.
    fn finish_work(&mut self) -> Result<(), Broken> {
        let node = self.node.as_ref().ok_or("the node is down after the storm")?;
        let snapshot = node.core().snapshot(self.now, &everybody());
        let over = snapshot.interactions.into_iter().filter(|view| {
            let one = &view.interaction;
            one.state == InteractionState::Ended && one.pops.iter().any(|pop| pop.log_required)
        });
        for view in over {
            self.ask_about(&view.interaction, VerbName::Log);
            self.ask_about(&view.interaction, VerbName::Complete);
        }
        self.run_until(Timestamp(self.now.0 + 5_000))
    }

    fn nobody_is_left(&mut self) -> Result<(), Broken> {
        let node = self.node.as_ref().ok_or("the node is down after the storm")?;
        let snapshot = node.core().snapshot(self.now, &everybody());
        let busy = |state: &AgentState| matches!(state, AgentState::Busy | AgentState::WrapUp);
        if let Some(agent) = snapshot.agents.iter().find(|agent| busy(&agent.state)) {
            return Err(format!("nobody calls, and agent {} is {}", agent.id, agent.state.word()));
        }
        if let Some(view) = snapshot.interactions.iter().find(|view| view.interaction.switch.is_some()) {
            return Err(format!("nobody calls, and there is {:?}", view.interaction));
        }
        if let Some(call) = snapshot.queues.iter().find_map(|queue| queue.waiting.first()) {
            return Err(format!("nobody calls, and {call:?} waits"));
        }
        for switch in [switch(), asterisk_switch()] {
            if let Some(open) = node.core().unanswered(&switch).first() {
                return Err(format!("nobody calls, and {open:?} has no answer"));
            }
        }
        self.chronicle.history(node.store())?;
        let last = node.store().last_seq().map_err(|error| error.to_string())?;
        if last != self.chronicle.last() {
            return Err(format!("the store ends with {last:?}, durable is {:?}", self.chronicle.last()));
        }
        self.chronicle.replay(node.core().state())
    }

    fn calls_at_switch(&mut self) -> Result<Vec<CallId>, Broken> {
        let calls = self.question()?;
        let ids = calls.iter().map(|call| serde_json::from_value(call["call"].clone()));
        ids.collect::<Result<_, _>>().map_err(|error| error.to_string())
    }
}
