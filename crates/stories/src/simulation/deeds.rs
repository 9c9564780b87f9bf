//! What happens in a run besides what the node does by itself.

use bytes::Bytes;
use http::Request;
use rand::RngExt;
use session::{Exchange, FromHttp};
use simulated::{Caller, PhoneAction};
use store::memory::Fault;

use super::{
    Broken,
    plan::{AGENTS, LOBBY, NUMBERS, QUEUES, agent, device, number},
    world::{Sent, World},
};
use crate::{depth::control, node::LineId};

/// Something that happens.
#[derive(Debug)]
pub(super) enum Deed {
    /// Somebody outside calls, and later the next one.
    Calls,
    /// An agent asks for something, and later the next one.
    People,
    /// A hand does something at a phone, and later the next one.
    Hands,
    /// A page of an agent's opens or closes, and later the next one.
    Pages,
    /// Something that nobody asked for happens at Asterisk, and later the next thing.
    Asterisk,
    /// A subscriber reads, is cut, or connects; and later again.
    Reads(usize),
    /// An EBS client does something, and later again.
    ClientActs(usize),
    /// The node is killed.
    Crash,
    /// The node is started.
    Recover,
    /// The next write of the store fails.
    StoreFails,
    /// The journal is told again.
    Replay,
    /// A callout arrives.
    Callout(usize, &'static str, Box<Request<Bytes>>),
    /// A post arrives at the listener of that port.
    Post(Box<InFlight>),
    /// An answer to a post arrives, or fails to.
    Back { life: u64, line: LineId, said: Box<FromHttp> },
}

/// A post on its way.
#[derive(Debug)]
pub(super) struct InFlight {
    pub(super) life: u64,
    pub(super) line: LineId,
    pub(super) exchange: Exchange,
    pub(super) request: Request<Bytes>,
    pub(super) patience: session::Patience,
}

impl World {
    /// Notes everything that goes on through the storm.
    pub(super) fn note_deeds(&mut self) {
        self.after(100, Deed::Calls);
        self.after(50, Deed::People);
        self.after(400, Deed::Hands);
        self.after(3_000, Deed::Pages);
        self.note_asterisk();
        self.after(9_000, Deed::Replay);
        (0..self.subscribers.len()).for_each(|index| self.after(100, Deed::Reads(index)));
        (0..self.clients.len()).for_each(|index| self.after(100, Deed::ClientActs(index)));
        if self.random.random_bool(0.7) {
            self.after(40_000, Deed::Crash);
        }
        if self.random.random_bool(0.4) {
            self.after(90_000, Deed::StoreFails);
        }
    }

    /// Notes a deed for some time within so many milliseconds.
    pub(super) fn after(&mut self, ms_max: u64, deed: Deed) {
        let ms = self.random.random_range(1..=ms_max);
        self.agenda.note(self.now + std::time::Duration::from_millis(ms), deed);
    }

    pub(super) fn perform(&mut self, deed: Deed) -> Result<(), Broken> {
        match deed {
            Deed::Calls => self.again(self.storms, 5_000, Deed::Calls, Self::call_in),
            Deed::People => self.again(self.storms, 450, Deed::People, Self::ask),
            Deed::Hands => self.again(self.storms, 1_500, Deed::Hands, Self::touch),
            Deed::Pages => self.again(self.storms, 7_000, Deed::Pages, Self::open_or_close),
            Deed::Asterisk => self.again(self.storms, 25_000, Deed::Asterisk, Self::asterisk_troubles),
            Deed::Reads(index) => self.again(true, 900, Deed::Reads(index), |world| world.reads(index)),
            Deed::ClientActs(index) => {
                self.again(self.storms, 1_800, Deed::ClientActs(index), |world| world.client_acts(index))
            }
            Deed::Crash => self.again(self.storms, 60_000, Deed::Crash, |world| {
                world.crash();
                Ok(())
            }),
            Deed::StoreFails => self.again(self.storms, 90_000, Deed::StoreFails, Self::break_store),
            Deed::Recover => self.recover(),
            Deed::Replay => self.replay(),
            Deed::Callout(client, function, request) => {
                self.request(self.telephony, *request, Sent::Callout(client, function));
                Ok(())
            }
            Deed::Post(post) => self.post_arrives(*post),
            Deed::Back { life, line, said } => {
                if let Some(node) = self.node.as_mut().filter(|_| life == self.life) {
                    node.say(line, *said);
                }
                Ok(())
            }
        }
    }

    fn again(
        &mut self,
        goes_on: bool,
        ms_max: u64,
        deed: Deed,
        what: impl FnOnce(&mut Self) -> Result<(), Broken>,
    ) -> Result<(), Broken> {
        if !goes_on {
            return Ok(());
        }
        self.after(ms_max, deed);
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
            data: [("ServiceRequestNum", "24531")].into_iter().collect(),
            ..Caller::to(number(to))
        };
        self.note(format!("somebody calls {to}"));
        self.count.calls += 1;
        if self.comes_by_asterisk(to) {
            self.call_asterisk(to, &caller);
            return Ok(());
        }
        self.request(self.switch, control::caller(&caller), Sent::Control);
        Ok(())
    }

    /// An agent opens a page or closes it; the page ends with the node.
    fn open_or_close(&mut self) -> Result<(), Broken> {
        let (agent, life) = (self.some_agent(), self.life);
        let Some(node) = &mut self.node else { return Ok(()) };
        let attended = !self.pages.remove(&(life, agent.clone()));
        node.desk(agent.clone(), attended);
        self.note(format!("agent {agent} {} a page", if attended { "opens" } else { "closes" }));
        if attended {
            self.pages.insert((life, agent));
        }
        Ok(())
    }

    /// The switch says that it does not let an agent work there.
    fn refuse_agent(&mut self) {
        let (agent, text) = (self.some_agent(), "no licence".into());
        self.request(
            self.switch,
            control::fault(&simulated::Fault::RefusedAgent { agent, text }),
            Sent::Control,
        );
    }

    fn touch(&mut self) -> Result<(), Broken> {
        if self.random.random_bool(0.03) {
            self.refuse_agent();
        }
        let phones = [AGENTS[0], AGENTS[0], AGENTS[1], AGENTS[1], AGENTS[2], AGENTS[3], AGENTS[4], LOBBY];
        let phone = self.one_of(&phones);
        let action = match self.random.random_range(0..10) {
            0..5 => PhoneAction::Answer,
            5..8 => PhoneAction::Hangup,
            8 => PhoneAction::Hold,
            _ => self.one_of(&[PhoneAction::Retrieve, PhoneAction::Reject]),
        };
        self.note(format!("a hand at phone {phone}: {action:?}"));
        if self.site.agents.contains(&phone) {
            self.touch_asterisk(phone, action);
            return Ok(());
        }
        self.request(self.switch, control::phone(&device(phone), action), Sent::Control);
        Ok(())
    }

    fn break_store(&mut self) -> Result<(), Broken> {
        let fault = self.one_of(&[Fault::NoSpace, Fault::ShortWrite, Fault::SyncLost, Fault::SyncKept]);
        self.note(format!("the next write fails: {fault:?}"));
        self.memory.fail(fault);
        Ok(())
    }

    /// Tells the journal again, as soon as everything decided is durable.
    fn replay(&mut self) -> Result<(), Broken> {
        match self.node.as_ref().filter(|node| node.core().seq() == self.chronicle.last()) {
            None => self.after(20, Deed::Replay),
            Some(node) => {
                self.chronicle.replay(node.core().state())?;
                self.after(60_000, Deed::Replay);
            }
        }
        Ok(())
    }

    pub(super) fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.random.random_range(0..all.len())]
    }

    pub(super) fn some_agent(&mut self) -> model::AgentId {
        agent(self.one_of(&AGENTS))
    }
}
