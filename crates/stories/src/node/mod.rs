//! A node on a virtual clock: the real engine with its fan-out, a store in memory and real sessions, without threads and sockets.
//!
//! Decisions are written after a delay and shown after another delay, as in the running node. The owner of the node plays everything around
//! it: the owner steps it and takes what [`Node::happened`] returns.

mod latency;
mod line;
mod schedule;
mod show;

use std::{cell::RefCell, collections::VecDeque, rc::Rc, sync::Arc};

use cordboard_core::{Core, Input as CoreInput};
pub use hub::engine::Delivery;
use hub::engine::{
    Checkpoint, CommittedBatch, Engine, Fanout, Mailbox, MailboxLimits, Ports, Resync, StartFrom, Subscriber,
    recover,
};
use model::{Accepted, Command, CommandId, Principal, Record, Rejection, Seq, SwitchId, Timestamp};
use session::{
    Exchange, Input, Page, Timeouts, ToPage, ToStream,
    transport::any::{Any, AnySession, FromPeer},
};
use store::{
    Writer,
    memory::{Memory, MemoryReader, MemoryWriter},
};

pub use latency::Latency;
use line::Line;
pub(crate) use line::{PASSWORD, PROGRAM};
pub use schedule::Schedule;
pub use show::ReaderId;
use show::{Reader, Shared};

use crate::ids::SeededIds;

/// The limits of a node.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// A checkpoint of the core's state is saved after this many records.
    pub checkpoint_every: u64,
    /// How many records stay in the journal.
    pub journal_kept: u64,
    /// How many events can wait for one reader.
    pub waiting_max: usize,
    /// How many requests can wait for one switch's session.
    pub requests_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        let (waiting_max, requests_max) = (4_096, 4_096);
        Self { checkpoint_every: 50_000, journal_kept: 1_000_000, waiting_max, requests_max }
    }
}

/// The index of a session within one life of a node.
pub type LineId = usize;

/// An output of the node for its owner.
#[derive(Debug)]
pub enum NodeOutput {
    /// A command or a floor of the owner was answered.
    Answered {
        /// The number that the owner sent with it.
        requester: u64,
        /// The answer.
        result: Result<Accepted, Rejection>,
    },
    /// A batch is durable, but not shown to anyone yet.
    Committed(Vec<Arc<Record>>),
    /// A session sends an HTTP request.
    Request {
        /// The session that sends it.
        line: LineId,
        /// The ID that the answer must name.
        exchange: Exchange,
        /// The request.
        request: http::Request<bytes::Bytes>,
        /// The timeouts of the request.
        timeouts: Timeouts,
    },
    /// A session answers an HTTP request.
    Response {
        /// The session that answers.
        line: LineId,
        /// The exchange of the request.
        exchange: Exchange,
        /// The answer.
        response: http::Response<bytes::Bytes>,
    },
    /// A session connects a byte stream, sends on it or disconnects it.
    Stream {
        /// The session.
        line: LineId,
        /// What it does with the stream.
        message: ToStream,
    },
    /// A session sends a message to a page.
    Page {
        /// The session.
        line: LineId,
        /// The page.
        page: Page,
        /// The message.
        message: ToPage,
    },
    /// The store failed. The node cannot continue.
    Failed(store::Error),
    /// A violation of the contract of sessions or of the engine.
    Broken(String),
}

/// The types that this driver supplies for the engine's replies.
enum Virtual {}

impl Ports for Virtual {
    type Requester = Requester;
    type Viewer = ();
    type Subscriber = Subscriber<Shared>;
}

/// The receiver of an answer.
enum Requester {
    Owner(u64),
    Line(LineId, CommandId),
}

/// A scheduled task of the node.
enum Task {
    /// Gives an input to a session.
    Feed(LineId, Box<Input<Any>>),
    /// Gives the next request to a switch's session.
    Request(LineId),
    /// Writes what was decided.
    Commit,
    /// Shows the next batch that was written.
    Show,
}

/// The longest delay of a write, and of showing a batch. Milliseconds.
const SLOW_MS: u64 = 40;

/// How many steps a node may take within one millisecond. More count as an endless loop.
const ACTS_MAX: u32 = 200_000;

/// One life of a node.
pub struct Node {
    now: Timestamp,
    limits: Limits,
    engine: Engine<Virtual>,
    fanout: Fanout<Shared>,
    ids: SeededIds,
    writer: MemoryWriter,
    store: MemoryReader,
    lines: Vec<Line>,
    readers: Vec<Option<Reader>>,
    schedule: Schedule<Task>,
    latency: Latency,
    commit_noted: bool,
    released: VecDeque<CommittedBatch<Virtual>>,
    shown_at: Timestamp,
    shown: Seq,
    happened: VecDeque<NodeOutput>,
    failed: bool,
    acts: (Timestamp, u32),
}

impl Node {
    /// Recovers the state in the store, and starts. `seed` is the seed of new IDs and must be different in each life.
    pub fn start(
        memory: &Memory,
        now: Timestamp,
        seed: u64,
        latency: Latency,
        limits: Limits,
    ) -> store::Result<Self> {
        let (writer, store) = memory.reopen();
        let (core, at) = recover(&store)?;
        let (shown, country, now) = (core.seq(), core.floor().country, now.max(at));
        let mut node = Self {
            now,
            limits,
            engine: Engine::new(core, limits.checkpoint_every),
            fanout: Fanout::new(country),
            ids: SeededIds::new(seed),
            writer,
            store,
            lines: Vec::new(),
            readers: Vec::new(),
            schedule: Schedule::default(),
            latency,
            commit_noted: false,
            released: VecDeque::new(),
            shown_at: now,
            shown,
            happened: VecDeque::new(),
            failed: false,
            acts: (now, 0),
        };
        node.engine.start(now, &mut node.ids);
        node.decided();
        Ok(node)
    }

    /// Attaches a session. If it is a switch, it gets the requests for that switch.
    pub fn attach(&mut self, switch: Option<SwitchId>, session: AnySession) -> LineId {
        let line = self.lines.len();
        self.lines.push(Line::new(switch, session, self.limits.requests_max, self.now));
        self.feed(line, Input::Start);
        line
    }

    /// Ends the node as a kill does, and returns its sessions.
    pub fn kill(self) -> Vec<AnySession> {
        self.lines.into_iter().map(|line| line.session.into_session()).collect()
    }

    /// Submits a command. Its answer names the number `requester`.
    pub fn command(&mut self, command: Command, requester: u64) {
        self.submit(CoreInput::Command(Box::new(command)), Some(Requester::Owner(requester)));
    }

    /// Submits a floor. Its answer names the number `requester`.
    pub fn floor(&mut self, floor: model::Floor, requester: u64) {
        self.submit(CoreInput::Floor(Arc::new(floor)), Some(Requester::Owner(requester)));
    }

    /// Opens (`attended`) or closes one desk of an agent.
    pub fn desk(&mut self, agent: model::AgentId, attended: bool) {
        self.engine.desk(self.now, &mut self.ids, agent, attended);
        self.decided();
    }

    /// Stores contacts in the directory.
    pub fn contacts(&mut self, contacts: &[model::Contact]) -> store::Result<()> {
        self.writer.put_contacts(contacts)
    }

    /// Gives a message of its peer to a session.
    pub fn send(&mut self, line: LineId, message: impl Into<FromPeer>) {
        self.feed(line, Input::Peer(message.into()));
    }

    /// Subscribes. The subscription starts after `after` if the journal still has those events, and with a snapshot if not.
    pub fn subscribe(&mut self, viewer: Principal, after: Option<Seq>) -> ReaderId {
        let from = after.map(|after| StartFrom::cursor(after, self.shown, u64::MAX, &self.store));
        let from = from.unwrap_or(Ok(StartFrom::Snapshot)).unwrap_or(StartFrom::Resync(Resync::TooOld));
        self.add_reader(viewer, None, from)
    }

    /// Ends a subscription.
    pub fn unsubscribe(&mut self, reader: ReaderId) {
        self.readers[reader.0] = None;
    }

    /// Runs the next task, tick or input. Does nothing if [`Node::next`] is `None`.
    pub fn step(&mut self) {
        let Some(at) = self.next() else { return };
        self.now = self.now.max(at);
        self.count_act();
        match self.schedule.pop(self.now) {
            Some(Task::Feed(line, input)) => self.handle(line, *input),
            Some(Task::Request(line)) => self.request(line),
            Some(Task::Commit) => self.commit(),
            Some(Task::Show) => self.show(),
            None => self.tick_if_due(),
        }
    }

    /// The time of the next step if there is no input before it. Never before [`Node::now`].
    pub fn next(&self) -> Option<Timestamp> {
        if self.failed {
            return None;
        }
        let sessions = self.lines.iter().filter_map(|line| line.session.deadline().map(|(at, _)| at));
        let next = sessions.chain(self.engine.deadline()).chain(self.schedule.next()).min();
        next.map(|at| at.max(self.now))
    }

    /// Advances the clock without a step.
    pub fn wait(&mut self, until: Timestamp) {
        self.now = self.now.max(until);
    }

    /// Removes and returns the next output.
    pub fn happened(&mut self) -> Option<NodeOutput> {
        self.happened.pop_front()
    }

    /// The current time of the node's clock.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The core, for inspection.
    pub fn core(&self) -> &Core {
        self.engine.core()
    }

    /// The store, for inspection.
    pub fn store(&self) -> &MemoryReader {
        &self.store
    }

    /// The last event that was shown.
    pub fn shown(&self) -> Seq {
        self.shown
    }

    fn submit(&mut self, input: CoreInput, requester: Option<Requester>) {
        self.engine.submit(self.now, &mut self.ids, input, requester);
        self.decided();
    }

    /// Schedules a write, because there may be new decisions.
    fn decided(&mut self) {
        if !self.commit_noted {
            self.commit_noted = true;
            let at = self.now + self.latency.up_to(SLOW_MS);
            self.schedule.note(at, Task::Commit);
        }
    }

    fn commit(&mut self) {
        self.commit_noted = false;
        let Some(batch) = self.engine.take_batch() else { return };
        match batch.commit(&mut self.writer) {
            Ok(released) => self.committed(released),
            Err(error) => self.fail(error),
        }
    }

    fn committed(&mut self, mut released: CommittedBatch<Virtual>) {
        let records = released.entries.iter().map(|entry| Arc::clone(entry.record())).collect();
        self.happened.push_back(NodeOutput::Committed(records));
        if let Some(checkpoint) = released.checkpoint.take()
            && let Err(error) = self.keep(&checkpoint)
        {
            return self.fail(error);
        }
        self.released.push_back(released);
        self.shown_at = self.shown_at.max(self.now + self.latency.up_to(SLOW_MS));
        self.schedule.note(self.shown_at, Task::Show);
    }

    fn keep(&mut self, checkpoint: &Checkpoint) -> store::Result<()> {
        self.writer.save_snapshot(checkpoint.seq, &checkpoint.encode()?)?;
        self.writer.prune(Seq(checkpoint.seq.0.saturating_sub(self.limits.journal_kept)))
    }

    fn fail(&mut self, error: store::Error) {
        self.failed = true;
        self.happened.push_back(NodeOutput::Failed(error));
    }

    /// Runs the ticks of the core and the sessions that are due.
    fn tick_if_due(&mut self) {
        if self.engine.tick_if_due(self.now, &mut self.ids) {
            self.decided();
        }
        for line in 0..self.lines.len() {
            if self.lines[line].session.deadline().is_some_and(|(at, _)| at <= self.now) {
                self.handle(line, Input::Tick);
            }
        }
    }

    fn count_act(&mut self) {
        let count = if self.acts.0 == self.now { self.acts.1 + 1 } else { 0 };
        self.acts = (self.now, count);
        if count == ACTS_MAX {
            self.failed = true;
            let text =
                format!("the node acted {ACTS_MAX} times within one millisecond: it is in an endless loop");
            self.happened.push_back(NodeOutput::Broken(text));
        }
    }

    fn add_reader(&mut self, viewer: Principal, line: Option<LineId>, from: StartFrom) -> ReaderId {
        let limits = MailboxLimits { events_max: self.limits.waiting_max, ..MailboxLimits::default() };
        let who = Subscriber { mailbox: Rc::new(RefCell::new(Mailbox::new(limits))), viewer };
        self.readers.push(Some(Reader::new(who.clone(), line)));
        self.begin(who, from);
        ReaderId(self.readers.len() - 1)
    }

    /// Subscribes, or subscribes again.
    fn begin(&mut self, who: Subscriber<Shared>, from: StartFrom) {
        let viewer = who.viewer.clone();
        self.engine.subscribe(self.now, &viewer, from, who);
        self.decided();
    }
}
