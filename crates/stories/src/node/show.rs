//! Carries out the effects of the fan-out, and reads for subscribers.

use std::{cell::RefCell, rc::Rc};

use cordboard_core::OutgoingRequest;
use hub::engine::{
    Delivery, Effect, FanoutOutcome, Mailbox, Resync, StartFrom, Step, Subscriber, SubscriptionReader,
};
use session::{FromHub, Input};
use store::{Entry, Reader as _};

use super::{LineId, Node, NodeOutput, Requester, Task, Virtual};

/// The ID of a subscription within one life of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReaderId(pub(super) usize);

/// A mailbox that fan-out and reader share.
pub(super) type Shared = Rc<RefCell<Mailbox>>;

/// A reader of events.
pub(super) struct Reader {
    /// The session that reads. `None` if the owner fetches the deliveries.
    line: Option<LineId>,
    reading: SubscriptionReader<Shared>,
}

impl Reader {
    pub(super) fn new(who: Subscriber<Shared>, line: Option<LineId>) -> Self {
        Self { line, reading: SubscriptionReader::new(who) }
    }
}

impl Node {
    /// Removes and returns the deliveries that wait for a reader.
    pub fn read(&mut self, reader: ReaderId) -> Vec<Delivery> {
        let mut deliveries = Vec::new();
        while let Some(Reader { reading, .. }) = &mut self.readers[reader.0] {
            match reading.step() {
                Step::Deliver(more) => deliveries.extend(more),
                Step::Journal { after, limit } => {
                    let entries = self.store.read(after, limit).unwrap_or_default();
                    deliveries.extend(reading.caught_up(entries));
                }
                Step::Again => {
                    let who = reading.again();
                    self.begin(who, StartFrom::Resync(Resync::TooSlow));
                }
                Step::Wait | Step::Ended => break,
            }
        }
        deliveries
    }

    /// Shows the oldest batch that was written and not shown yet.
    pub(super) fn show(&mut self) {
        let Some(batch) = self.released.pop_front() else { return };
        self.shown = batch.entries.last().map_or(self.shown, Entry::seq);
        let FanoutOutcome { effects, lookups, .. } = self.fanout.show(batch);
        for lookup in lookups {
            let input = lookup.run(&self.store);
            self.submit(input, None);
        }
        self.pass_on();
        effects.into_iter().for_each(|effect| self.carry_out(effect));
    }

    /// Gives the next request to a switch's session.
    pub(super) fn request(&mut self, line: LineId) {
        let Some(OutgoingRequest { request, switch, what: requested }) = self.lines[line].requests.take()
        else {
            return;
        };
        self.handle(line, Input::Hub(FromHub::Requested { request, requested }));
        if self.lines[line].requests.left_out() {
            self.engine.resend(&switch);
            self.decided();
        }
    }

    /// Sends waiting deliveries to the sessions that read.
    fn pass_on(&mut self) {
        for who in 0..self.readers.len() {
            let Some(line) = self.readers[who].as_ref().and_then(|reader| reader.line) else { continue };
            for input in self.read(ReaderId(who)).into_iter().filter_map(Delivery::into_input) {
                self.feed(line, Input::Hub(input));
            }
        }
    }

    fn carry_out(&mut self, effect: Effect<Virtual>) {
        match effect {
            Effect::Answer { to: Requester::Owner(requester), result } => {
                self.happened.push_back(NodeOutput::Answered { requester, result });
            }
            Effect::Answer { to: Requester::Line(line, command), result } => {
                self.feed(line, Input::Hub(FromHub::Answer { command, result }));
            }
            Effect::Request(requested) => {
                let line =
                    self.lines.iter().position(|line| line.session.switch() == Some(&requested.switch));
                if let Some(line) = line {
                    self.lines[line].requests.put(requested);
                    self.on_its_way(line, Task::Request(line));
                }
            }
            Effect::Snapshot { .. } => {}
        }
    }
}
