//! Everything in a run, and the loop that lets it happen.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use cordboard_core::invariants;
use model::{AccountName, AgentId, Code, Command, CommandId, Record, Seq, Timestamp};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use session::{
    Exchange, ToHttp,
    transport::{Either, any::AnySession},
};
use store::memory::Memory;

use super::{
    Broken, Count, Trace,
    asterisk::Site,
    chronicle::Chronicle,
    client::Client,
    deeds::Deed,
    plan::{BEGINNING, CALM_MS, STORM_MS},
    subscriber::Subscriber,
};
use crate::node::{Agenda, Happening, LineId, Node};

/// What was said to a command, and in which life of the node.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) life: u64,
    pub(super) said: Result<model::Accepted, Code>,
    /// Whether it is in the journal. What changed nothing is not: another life may answer otherwise.
    pub(super) is_kept: bool,
}

/// What an HTTP request to a session was.
#[derive(Debug, Clone)]
pub(super) enum Sent {
    /// To the control interface of the switch.
    Control,
    /// A callout of an EBS client: which client, and which function.
    Callout(usize, &'static str),
    /// To the control interface, by whoever has to read the answer.
    Question,
}

/// Everything in a run.
pub(super) struct World {
    pub(super) trace: Trace,
    pub(super) random: ChaCha8Rng,
    pub(super) memory: Memory,
    pub(super) node: Option<Node>,
    pub(super) life: u64,
    pub(super) switch: LineId,
    pub(super) telephony: LineId,
    pub(super) site: Site,
    /// The switch's session while the node is down.
    pub(super) resting: Option<AnySession>,
    pub(super) now: Timestamp,
    pub(super) agenda: Agenda<Deed>,
    pub(super) storms: bool,
    /// Whether the hub can have been told something wrong that only a full picture puts right.
    pub(super) misled: bool,
    pub(super) chronicle: Chronicle,
    pub(super) subscribers: Vec<Subscriber>,
    pub(super) clients: Vec<Client>,
    /// Agents who have a page open, and in which life of the node.
    pub(super) pages: BTreeSet<(u64, AgentId)>,
    /// Commands by the number they were asked with.
    pub(super) asked: BTreeMap<u64, Command>,
    pub(super) numbers: u64,
    /// Commands that were asked, to be repeated.
    pub(super) commands: Vec<Command>,
    pub(super) answers: BTreeMap<(AccountName, CommandId), Answer>,
    /// HTTP requests that no session has answered yet.
    pub(super) sent: BTreeMap<(LineId, Exchange), Sent>,
    /// What the control interface said to the last question.
    pub(super) told: Option<serde_json::Value>,
    pub(super) count: Count,
    checked: Seq,
}

impl World {
    pub(super) fn new(seed: u64, tail_max: usize) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        Self {
            trace: Trace::new(seed, tail_max),
            site: Site::new(&mut random),
            random,
            memory: Memory::default(),
            node: None,
            life: 0,
            switch: 0,
            telephony: 0,
            resting: None,
            now: BEGINNING,
            agenda: Agenda::default(),
            storms: true,
            misled: false,
            chronicle: Chronicle::default(),
            subscribers: Vec::new(),
            clients: Vec::new(),
            pages: BTreeSet::new(),
            asked: BTreeMap::new(),
            numbers: 0,
            commands: Vec::new(),
            answers: BTreeMap::new(),
            sent: BTreeMap::new(),
            told: None,
            count: Count::default(),
            checked: Seq(0),
        }
    }

    /// Storm, calm and end.
    pub(super) fn play(&mut self) -> Result<(), Broken> {
        self.begin()?;
        self.run_until(Timestamp(BEGINNING.0 + STORM_MS))?;
        self.note("the storm is over");
        self.calm()?;
        self.run_until(Timestamp(self.now.0 + CALM_MS))?;
        if !self.misled {
            self.nothing_is_invented()?;
            self.bridges_are_right()?;
        }
        self.bounce()?;
        self.agree()?;
        self.bridges_are_right()?;
        self.end()
    }

    pub(super) fn count(&self) -> Count {
        Count { records: self.chronicle.len(), completed: self.chronicle.completed(), ..self.count }
    }

    pub(super) fn note(&mut self, line: impl Into<String>) {
        self.trace.note(self.now, line);
    }

    /// Lets everything happen that happens until then.
    pub(super) fn run_until(&mut self, until: Timestamp) -> Result<(), Broken> {
        loop {
            let of_node = self.node.as_ref().and_then(Node::next);
            let deed = self.agenda.next();
            let asterisk = self.site.asterisk.deadline();
            let next = of_node.into_iter().chain(deed).chain(asterisk).min();
            let Some(at) = next.filter(|at| *at <= until) else { break };
            self.now = self.now.max(at);
            match self.node.as_mut().filter(|_| of_node == Some(at)) {
                Some(node) => node.step(),
                None if asterisk == Some(at) => self.asterisk_acts(),
                None => self.next_deed()?,
            }
            self.take_happenings()?;
        }
        self.now = until;
        self.node.iter_mut().for_each(|node| node.wait(until));
        Ok(())
    }

    fn next_deed(&mut self) -> Result<(), Broken> {
        let now = self.now;
        self.node.iter_mut().for_each(|node| node.wait(now));
        match self.agenda.pop(now) {
            Some(deed) => self.perform(deed),
            None => Ok(()),
        }
    }

    fn take_happenings(&mut self) -> Result<(), Broken> {
        self.check_invariants()?;
        while let Some(happening) = self.node.as_mut().and_then(Node::happened) {
            self.take(happening)?;
        }
        Ok(())
    }

    fn take(&mut self, happening: Happening) -> Result<(), Broken> {
        match happening {
            Happening::Committed(records) => self.committed(&records),
            Happening::Answered { asker, result } => self.answered(asker, result),
            Happening::Request { line, exchange, request, patience } if line == self.site.line => {
                self.tell_asterisk(line, Either::First(ToHttp::Request { exchange, request, patience }))
            }
            Happening::Stream { line, said } => self.tell_asterisk(line, Either::Second(said)),
            Happening::Request { line, exchange, request, patience } => {
                self.send_post(line, exchange, request, patience);
                Ok(())
            }
            Happening::Response { line, exchange, response } => self.responded(line, exchange, &response),
            Happening::Failed(error) => {
                self.note(format!("the store fails: {error}"));
                self.crash();
                Ok(())
            }
            Happening::Broken(text) => Err(text),
        }
    }

    /// The state changes by records only: it is looked at whenever there is another one.
    fn check_invariants(&mut self) -> Result<(), Broken> {
        let Some(node) = &self.node else { return Ok(()) };
        if node.core().seq() == self.checked {
            return Ok(());
        }
        self.checked = node.core().seq();
        match invariants::check(node.core().state()).first() {
            None => Ok(()),
            Some(broken) => Err(format!("{} does not hold: {}", broken.name, broken.what)),
        }
    }

    fn committed(&mut self, records: &[Arc<Record>]) -> Result<(), Broken> {
        for record in records {
            self.trace.note(self.now, line(record));
            self.trace.mix(serde_json::to_string(&**record).unwrap_or_default().as_bytes());
        }
        self.chronicle.add(records)
    }
}

/// A record in a few words.
fn line(record: &Record) -> String {
    let json = serde_json::to_value(&record.event).unwrap_or_default();
    let mut line = format!("#{} {}", record.seq, record.event.word());
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
