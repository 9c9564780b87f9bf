//! All parts of a run, and the loop that runs it.

use std::sync::Arc;

use model::{Record, Timestamp};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use session::{
    ToHttp,
    transport::{Either, any::AnySession},
};

use super::{
    Broken, Count, Trace,
    actions::Action,
    asterisk::Site,
    client::Client,
    ends::Ends,
    hub::{Hubs, Side},
    network::SimulatedNetwork,
    pages::Tab,
    plan::{BEGINNING, CALM_MS, STORM_MS},
};
use crate::node::{LineId, Node, NodeOutput, Schedule};

/// All parts of a run.
pub(super) struct World {
    pub(super) trace: Trace,
    pub(super) random: ChaCha8Rng,
    pub(super) hubs: Hubs,
    /// The built-in switch's session at the hub with the phones.
    pub(super) switch: LineId,
    pub(super) site: Site,
    /// The switch's session while the node is down.
    pub(super) resting: Option<AnySession>,
    pub(super) ends: Ends,
    pub(super) network: SimulatedNetwork,
    pub(super) tabs: Vec<Tab>,
    pub(super) now: Timestamp,
    pub(super) schedule: Schedule<Action>,
    pub(super) storms: bool,
    /// Whether a switch may have reported something wrong to the hub that only a full snapshot corrects.
    pub(super) misled: bool,
    pub(super) clients: Vec<Client>,
    /// The last number that was given to a command or a request.
    pub(super) numbers: u64,
    /// The control interface's answer to the last question.
    pub(super) control_answer: Option<serde_json::Value>,
    pub(super) count: Count,
}

impl World {
    pub(super) fn new(seed: u64, tail_max: usize) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let (site, ends) = (Site::new(&mut random), Ends::new(&mut random));
        let network = SimulatedNetwork::new(&mut random);
        Self::with(Trace::new(seed, tail_max), random, site, ends, network)
    }

    /// Creates a run from its parts.
    pub(super) fn with(
        trace: Trace,
        random: ChaCha8Rng,
        site: Site,
        ends: Ends,
        network: SimulatedNetwork,
    ) -> Self {
        Self {
            trace,
            site,
            tabs: Tab::all(&ends),
            ends,
            network,
            random,
            hubs: Hubs::default(),
            switch: 0,
            resting: None,
            now: BEGINNING,
            schedule: Schedule::default(),
            storms: true,
            misled: false,
            clients: Vec::new(),
            numbers: 0,
            control_answer: None,
            count: Count::default(),
        }
    }

    /// Runs storm, calm and end.
    pub(super) fn play(&mut self) -> Result<(), Broken> {
        self.begin()?;
        self.run_until(Timestamp(BEGINNING.0 + STORM_MS))?;
        self.note("the storm is over");
        self.calm()?;
        self.run_until(Timestamp(self.now.0 + CALM_MS))?;
        if !self.misled {
            self.settles(Self::nothing_is_invented)?;
            self.settles(Self::bridges_are_right)?;
        }
        self.bounce()?;
        self.settles(Self::agree)?;
        self.settles(Self::bridges_are_right)?;
        self.settles(Self::hubs_agree)?;
        self.end()
    }

    /// Checks that a condition holds now or soon: waiting calls are offered all the time.
    pub(super) fn settles(&mut self, check: fn(&mut Self) -> Result<(), Broken>) -> Result<(), Broken> {
        for _ in 0..3 {
            if check(self).is_ok() {
                return Ok(());
            }
            self.run_until(Timestamp(self.now.0 + 700))?;
        }
        check(self)
    }

    pub(super) fn count(&self) -> Count {
        let journal = &self.hubs[Side::Phones].journal;
        Count { records: journal.len(), completed: journal.completed(), ..self.count }
    }

    /// All records of the hub with the phones.
    pub(super) fn journal(&mut self) -> Vec<Arc<Record>> {
        std::mem::take(&mut self.hubs[Side::Phones].journal).into_records()
    }

    pub(super) fn note(&mut self, line: impl Into<String>) {
        self.trace.note(self.now, line);
    }

    /// Runs everything that is due until `until`.
    pub(super) fn run_until(&mut self, until: Timestamp) -> Result<(), Broken> {
        loop {
            let nodes = Side::ALL.map(|side| self.hubs[side].node.as_ref().and_then(Node::next));
            let asterisk = self.site.asterisk.deadline();
            let next = nodes.into_iter().chain([self.schedule.next(), asterisk]).flatten().min();
            let Some(at) = next.filter(|at| *at <= until) else { break };
            self.now = self.now.max(at);
            if let Some(side) = Side::ALL.into_iter().find(|side| nodes[*side as usize] == Some(at)) {
                self.hubs[side].node.iter_mut().for_each(Node::step);
            } else if asterisk == Some(at) {
                self.asterisk_acts();
            } else {
                self.next_action()?;
            }
            self.take_happenings()?;
        }
        self.now = until;
        self.wait();
        Ok(())
    }

    fn next_action(&mut self) -> Result<(), Broken> {
        self.wait();
        match self.schedule.pop(self.now) {
            Some(action) => self.perform(action),
            None => Ok(()),
        }
    }

    /// Sets the clocks of the nodes to the time of the run.
    fn wait(&mut self) {
        for side in Side::ALL {
            self.hubs[side].node.iter_mut().for_each(|node| node.wait(self.now));
        }
    }

    fn take_happenings(&mut self) -> Result<(), Broken> {
        for side in Side::ALL {
            self.hubs[side].check_invariants()?;
            while let Some(happening) = self.hubs[side].node.as_mut().and_then(Node::happened) {
                self.take(side, happening)?;
            }
        }
        Ok(())
    }

    fn take(&mut self, side: Side, happening: NodeOutput) -> Result<(), Broken> {
        let is_asterisk = |line| side == Side::Phones && line == self.site.line;
        match happening {
            NodeOutput::Committed(records) => self.committed(side, &records),
            NodeOutput::Answered { requester, result } => self.answered(side, requester, result),
            NodeOutput::Request { line, exchange, request, timeouts } if is_asterisk(line) => {
                self.asterisk_output(Either::First(ToHttp::Request { exchange, request, timeouts }));
                Ok(())
            }
            NodeOutput::Stream { line, message } if is_asterisk(line) => {
                self.asterisk_output(Either::Second(message));
                Ok(())
            }
            NodeOutput::Stream { line, message } => self.streamed(side, line, message),
            NodeOutput::Page { line, page, message } => self.page_output(side, line, page, message),
            NodeOutput::Request { line, exchange, request, timeouts } => {
                self.requested(side, line, exchange, request, timeouts)
            }
            NodeOutput::Response { line, exchange, response } => {
                self.responded(side, line, exchange, response)
            }
            NodeOutput::Failed(error) => {
                self.note(format!("store {} fails: {error}", side.name()));
                self.crash(side);
                Ok(())
            }
            NodeOutput::Broken(text) => Err(format!("{} {text}", side.name())),
        }
    }

    fn committed(&mut self, side: Side, records: &[Arc<Record>]) -> Result<(), Broken> {
        for record in records {
            self.trace.note(self.now, line(side, record));
            self.trace.mix(serde_json::to_string(&**record).unwrap_or_default().as_bytes());
        }
        self.count_seen(side, records);
        self.hubs[side].journal.add(records)
    }
}

/// A record in a few words, for the trace.
fn line(side: Side, record: &Record) -> String {
    let json = serde_json::to_value(&record.event).unwrap_or_default();
    let mut line = format!("{}#{} {}", side.name(), record.seq, record.event.as_str());
    for name in [
        "agent",
        "queue",
        "change",
        "leg",
        "call",
        "switch",
        "request",
        "asked",
        "answer",
        "from",
        "to",
        "next",
        "cause",
        "interaction",
        "notice",
        "up",
    ] {
        let value = &json[name];
        let value = if name == "interaction" && value.is_object() { &value["id"] } else { value };
        if !value.is_null() {
            let text = value.to_string();
            line.push_str(&format!(" {name}={}", text.chars().take(110).collect::<String>()));
        }
    }
    line
}
