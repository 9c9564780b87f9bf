//! The actions of a run that come from outside the node.

use rand::RngExt;
use simulated::{Caller, PhoneAction};
use store::memory::Fault;

use super::{
    Broken,
    ends::CALL_NAME,
    hub::Side,
    network::{Arrival, Sent},
    plan::{AGENTS, LOBBY, NUMBERS, QUEUES, agent, device, number},
    world::World,
};
use crate::depth::control;

/// An action from outside the node. Most of them schedule the next one of their kind.
#[derive(Debug)]
pub(super) enum Action {
    /// Somebody outside calls.
    Calls,
    /// An agent or a program sends a command.
    People(Side),
    /// Somebody uses a phone by hand.
    Hands,
    /// An agent opens or closes a desk.
    Attends(Side),
    /// A fault or an unexpected event at Asterisk.
    Asterisk,
    /// A fault in the network between the hubs.
    Network,
    /// An agent does something in a browser.
    Browser,
    /// A subscriber reads, disconnects or connects.
    Reads(Side, usize),
    /// An EBS client does something.
    ClientActs(usize),
    /// A node is killed.
    Crash(Side),
    /// A node starts.
    Recover(Side),
    /// The next write of a store fails.
    StoreFails(Side),
    /// A journal is replayed and compared with the state.
    Replay(Side),
    /// The network delivers something.
    Arrives(Arrival),
}

impl World {
    /// Schedules the first actions of the storm.
    pub(super) fn note_actions(&mut self) {
        self.after(100, Action::Calls);
        self.after(400, Action::Hands);
        self.note_asterisk();
        (0..self.clients.len()).for_each(|index| self.after(100, Action::ClientActs(index)));
        if self.random.random_bool(0.6) {
            self.after(30_000, Action::Network);
        }
        self.note_browsers();
        Side::TWO.into_iter().for_each(|side| self.note_actions_at(side));
    }

    fn note_actions_at(&mut self, side: Side) {
        self.after(50, Action::People(side));
        self.after(3_000, Action::Attends(side));
        self.after(9_000, Action::Replay(side));
        let subscribers = 0..self.hubs[side].subscribers.len();
        subscribers.for_each(|index| self.after(100, Action::Reads(side, index)));
        let (dies, fails) = if side == Side::Phones { (0.7, 0.4) } else { (0.5, 0.2) };
        if self.random.random_bool(dies) {
            self.after(40_000, Action::Crash(side));
        }
        if self.random.random_bool(fails) {
            self.after(90_000, Action::StoreFails(side));
        }
    }

    /// Schedules an action at a random time within `ms_max` milliseconds.
    pub(super) fn after(&mut self, ms_max: u64, action: Action) {
        let ms = self.random.random_range(1..=ms_max);
        self.schedule.note(self.now + std::time::Duration::from_millis(ms), action);
    }

    pub(super) fn perform(&mut self, action: Action) -> Result<(), Broken> {
        match action {
            Action::Calls => self.again(self.storms, 5_000, Action::Calls, Self::call_in),
            Action::People(side) => {
                let ms_max = if side == Side::Phones { 450 } else { 900 };
                self.again(self.storms, ms_max, Action::People(side), |world| world.command_any(side))
            }
            Action::Hands => self.again(self.storms, 1_500, Action::Hands, Self::touch),
            Action::Attends(side) => {
                self.again(self.storms, 7_000, Action::Attends(side), |world| world.open_or_close(side))
            }
            Action::Browser => self.again(self.storms, 6_000, Action::Browser, Self::browser_acts),
            Action::Network => self.again(self.storms, 30_000, Action::Network, Self::network_troubles),
            Action::Asterisk => self.again(self.storms, 25_000, Action::Asterisk, Self::asterisk_troubles),
            Action::Reads(side, index) => {
                self.again(true, 900, Action::Reads(side, index), |world| world.reads(side, index))
            }
            Action::ClientActs(index) => {
                self.again(self.storms, 1_800, Action::ClientActs(index), |world| world.client_acts(index))
            }
            Action::Crash(side) => self.again(self.storms, 60_000, Action::Crash(side), |world| {
                world.crash(side);
                Ok(())
            }),
            Action::StoreFails(side) => {
                self.again(self.storms, 90_000, Action::StoreFails(side), |world| world.break_store(side))
            }
            Action::Recover(side) => self.recover(side),
            Action::Replay(side) => self.replay(side),
            Action::Arrives(arrival) => self.arrive(arrival),
        }
    }

    fn again(
        &mut self,
        goes_on: bool,
        ms_max: u64,
        action: Action,
        what: impl FnOnce(&mut Self) -> Result<(), Broken>,
    ) -> Result<(), Broken> {
        if !goes_on {
            return Ok(());
        }
        self.after(ms_max, action);
        what(self)
    }

    fn call_in(&mut self) -> Result<(), Broken> {
        let from = self.random.random_bool(0.9).then(|| number(self.one_of(&NUMBERS)));
        let direct = self.random.random_bool(0.15);
        let to = if direct { self.one_of(&AGENTS) } else { self.one_of(&QUEUES) };
        let caller = Caller {
            from,
            patience_ms: self.random.random_bool(0.8).then(|| self.random.random_range(500..40_000)),
            talk_ms: self.random.random_bool(0.6).then(|| self.random.random_range(100..15_000)),
            answer_after_ms: self.random.random_bool(0.3).then(|| self.random.random_range(0..8_000)),
            data: [("ServiceRequestNum", "24531"), (CALL_NAME, &self.count.calls.to_string())]
                .into_iter()
                .collect(),
            ..Caller::to(number(to))
        };
        self.note(format!("somebody calls {to}"));
        self.count.calls += 1;
        if self.comes_by_asterisk(to) {
            self.call_asterisk(to, &caller);
            return Ok(());
        }
        self.request(Side::Phones, self.switch, control::caller(&caller), Sent::Control);
        Ok(())
    }

    /// Opens or closes a desk of an agent. A desk ends with the node.
    fn open_or_close(&mut self, side: Side) -> Result<(), Broken> {
        let (agent, hub) = (self.some_agent(), &mut self.hubs[side]);
        let Some(node) = &mut hub.node else { return Ok(()) };
        let attended = !hub.desks.remove(&(hub.life, agent.clone()));
        node.desk(agent.clone(), attended);
        if attended {
            hub.desks.insert((hub.life, agent.clone()));
        }
        let verb = if attended { "opens" } else { "closes" };
        self.note(format!("agent {agent} {verb} a desk at {}", side.name()));
        Ok(())
    }

    /// Makes the switch refuse an agent.
    fn refuse_agent(&mut self) {
        let (agent, text) = (self.some_agent(), "no license".into());
        let fault = control::fault(&simulated::Fault::RefusedAgent { agent, text });
        self.request(Side::Phones, self.switch, fault, Sent::Control);
    }

    fn touch(&mut self) -> Result<(), Broken> {
        if self.random.random_bool(0.03) {
            self.refuse_agent();
        }
        let phones = [AGENTS[0], AGENTS[0], AGENTS[1], AGENTS[1], AGENTS[2], AGENTS[3], AGENTS[4], LOBBY];
        let phone = self.one_of(&phones);
        let action = match self.random.random_range(0..10) {
            0..5 => PhoneAction::Answer,
            5..8 => PhoneAction::HangUp,
            8 => PhoneAction::Hold,
            _ => self.one_of(&[PhoneAction::Resume, PhoneAction::Reject]),
        };
        self.note(format!("somebody at phone {phone}: {action:?}"));
        if self.site.agents.contains(&phone) {
            self.touch_asterisk(phone, action);
            return Ok(());
        }
        self.request(Side::Phones, self.switch, control::phone(&device(phone), action), Sent::Control);
        Ok(())
    }

    fn break_store(&mut self, side: Side) -> Result<(), Broken> {
        let fault = self.one_of(&[Fault::NoSpace, Fault::ShortWrite, Fault::SyncLost, Fault::SyncKept]);
        self.note(format!("the next write of {} fails: {fault:?}", side.name()));
        self.hubs[side].memory.fail(fault);
        Ok(())
    }

    /// Replays the journal as soon as every decision is durable.
    fn replay(&mut self, side: Side) -> Result<(), Broken> {
        let hub = &mut self.hubs[side];
        let last = hub.journal.last();
        let whole = hub.node.as_ref().filter(|node| node.core().seq() == last);
        let soon = whole.is_none();
        whole.map_or(Ok(()), |node| hub.journal.replay(node.core().state()))?;
        self.after(if soon { 20 } else { 60_000 }, Action::Replay(side));
        Ok(())
    }

    pub(super) fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.random.random_range(0..all.len())]
    }

    pub(super) fn some_agent(&mut self) -> model::AgentId {
        agent(self.one_of(&AGENTS))
    }
}
