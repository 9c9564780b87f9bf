//! The fan-out and its readers, without threads: who gets what, in which order, and what happens to slow readers.

use crate::common;

use std::{cell::RefCell, rc::Rc, sync::Arc};

use common::*;
use cordboard_core::{Core, Input, OutgoingRequest};
use cordboard_hub::engine::{
    Delivery, Effect, Engine, Fanout, FanoutOutcome, Mailbox, MailboxContents, MailboxLimits, Ports,
    Published, PutOutcome, RequestQueue, Resync, Start, StartFrom, StartWith, Step, Subscriber,
    SubscriptionReader,
};
use model::{Command, CommandId, Principal, RequestId, Role, Seq, SwitchId, SwitchRequest, Timestamp, Verb};
use store::{
    Reader as _,
    memory::{Memory, MemoryReader, MemoryWriter},
};

type Shared = Rc<RefCell<Mailbox>>;

/// Requesters as numbers, and readers on one thread.
enum Numbers {}

impl Ports for Numbers {
    type Requester = u32;
    type Viewer = u32;
    type Subscriber = Subscriber<Shared>;
}

/// An engine, its journal and its fan-out.
struct Table {
    engine: Engine<Numbers>,
    fanout: Fanout<Shared>,
    ids: Counted,
    now: Timestamp,
    writer: MemoryWriter,
    journal: MemoryReader,
}

impl Table {
    /// A floor of two agents who are signed in.
    fn new() -> Self {
        let (writer, journal) = Memory::default().reopen();
        let (engine, fanout) = (Engine::new(Core::new(), 1_000), Fanout::new(None));
        let mut table = Self { engine, fanout, ids: Counted(0), now: Timestamp(1_000), writer, journal };
        table.input(Input::Floor(Arc::new(floor(2))), None);
        table.command(1, sign_in());
        table.command(2, sign_in());
        table.show();
        table
    }

    fn input(&mut self, input: Input, requester: Option<u32>) {
        self.now.0 += 1;
        self.engine.submit(self.now, &mut self.ids, input, requester);
    }

    fn command(&mut self, index: usize, verb: Verb) {
        let id = CommandId::new(self.now.0.to_string()).unwrap();
        let command = Command { id, by: integration(), agent: agent(index), interaction: None, verb };
        self.input(Input::Command(Box::new(command)), Some(index as u32));
    }

    /// Agent `index` becomes ready and not ready this many times: two events each.
    fn work(&mut self, index: usize, times: usize) {
        for _ in 0..times {
            self.command(index, Verb::Ready);
            self.command(index, Verb::NotReady { reason: None });
        }
        self.show();
    }

    fn subscribe(&mut self, viewer: Principal, from: StartFrom) -> SubscriptionReader<Shared> {
        let limits = MailboxLimits { events_max: 20, ..MailboxLimits::default() };
        let who = Subscriber { mailbox: Rc::new(RefCell::new(Mailbox::new(limits))), viewer };
        self.engine.subscribe(self.now, &who.viewer, from, who.clone());
        SubscriptionReader::new(who)
    }

    fn show(&mut self) -> FanoutOutcome<Numbers> {
        let batch = self.engine.take_batch().expect("something was decided");
        self.fanout.show(batch.commit(&mut self.writer).unwrap())
    }

    /// Reads until there is nothing more; subscribes again when it was too slow.
    fn read(&mut self, reading: &mut SubscriptionReader<Shared>) -> Vec<Delivery> {
        let mut read = Vec::new();
        loop {
            match reading.step() {
                Step::Deliver(deliveries) => read.extend(deliveries),
                Step::Journal { after, limit } => {
                    read.extend(reading.caught_up(self.journal.read(after, limit).unwrap()));
                }
                Step::Again => {
                    let who = reading.again();
                    self.engine.subscribe(
                        self.now,
                        &who.viewer.clone(),
                        StartFrom::Resync(Resync::TooSlow),
                        who,
                    );
                    self.show();
                }
                Step::Wait | Step::Ended => return read,
            }
        }
    }
}

/// The events among deliveries, each of which names the one before it.
fn events(deliveries: &[Delivery], mut last: Seq) -> Vec<Seq> {
    let event = |delivery: &Delivery| {
        let Delivery::Event { prev, published } = delivery else { return None };
        assert_eq!(*prev, last);
        last = published.entry.seq();
        Some(last)
    };
    deliveries.iter().filter_map(event).collect()
}

#[test]
fn a_subscription_comes_before_events_and_answers_come_behind_them() {
    let mut table = Table::new();
    let began = table.engine.core().seq();
    let mut reading = table.subscribe(integration(), StartFrom::Snapshot);
    table.command(1, Verb::Ready);
    let shown = table.show();
    assert!(matches!(&shown.effects[..], [Effect::Answer { to: 1, result: Ok(_) }]));
    let read = table.read(&mut reading);
    assert!(
        matches!(&read[0], Delivery::Snapshot { current, resync: None } if current.snapshot.seq == began)
    );
    assert_eq!(events(&read, began), [began.next()]);
}

#[test]
fn what_was_missed_comes_out_of_the_journal_and_what_follows_out_of_the_mailbox() {
    let mut table = Table::new();
    table.work(1, 400);
    let mut reading = table.subscribe(integration(), StartFrom::After(Seq(1)));
    table.show();
    table.work(2, 3);
    let read = table.read(&mut reading);
    assert!(matches!(read[0], Delivery::Resumed(Seq(1))));
    let all: Vec<Seq> = (2..=table.engine.core().seq().0).map(Seq).collect();
    assert_eq!(events(&read, Seq(1)), all);
}

#[test]
fn who_missed_what_the_journal_no_longer_has_begins_again() {
    let mut table = Table::new();
    let mut reading = table.subscribe(integration(), StartFrom::After(Seq(1)));
    table.show();
    assert!(matches!(reading.step(), Step::Deliver(_)));
    assert!(matches!(reading.step(), Step::Journal { after: Seq(1), .. }));
    assert!(reading.caught_up(table.journal.read(Seq(2), 1).unwrap()).is_empty());
    let read = table.read(&mut reading);
    assert!(matches!(read[..], [Delivery::Snapshot { resync: Some(Resync::TooSlow), .. }]));
}

#[test]
fn who_is_too_slow_begins_again_and_delays_nobody() {
    let mut table = Table::new();
    let mut slow = table.subscribe(integration(), StartFrom::Snapshot);
    let mut fast = table.subscribe(integration(), StartFrom::Snapshot);
    table.show();
    let began = table.engine.core().seq();
    table.read(&mut fast);
    table.work(1, 6);
    let read = table.read(&mut fast);
    table.work(1, 6);
    assert_eq!(table.fanout.count(), 1);
    assert_eq!(
        events(&[read, table.read(&mut fast)].concat(), began).last(),
        Some(&table.engine.core().seq())
    );
    let read = table.read(&mut slow);
    let last = table.engine.core().seq();
    assert!(matches!(&read[..], [Delivery::Snapshot { current, resync: Some(Resync::TooSlow) }]
        if current.snapshot.seq == last));
    table.work(2, 1);
    assert_eq!(events(&table.read(&mut slow), last), [last.next(), last.next().next()]);
}

#[test]
fn an_agent_is_shown_its_own_when_a_supervisor_who_is_that_agent_leaves() {
    let mut table = Table::new();
    let boss = table.subscribe(principal(Role::Supervisor, Some(agent(1))), StartFrom::Snapshot);
    let mut own = table.subscribe(principal(Role::Agent, Some(agent(1))), StartFrom::Snapshot);
    table.show();
    let began = table.engine.core().seq();
    drop(boss);
    table.work(1, 1);
    table.work(2, 1);
    table.work(1, 1);
    let last = table.engine.core().seq();
    let before = |back: u64| Seq(last.0 - back);
    assert_eq!(events(&table.read(&mut own), began), [before(5), before(4), before(1), last]);
}

#[test]
fn readers_that_left_are_forgotten_though_nothing_comes_for_them() {
    let mut table = Table::new();
    for _ in 0..2_000 {
        drop(table.subscribe(integration(), StartFrom::Snapshot));
        let reading = table.subscribe(integration(), StartFrom::Snapshot);
        table.show();
        drop(reading);
    }
    assert!(table.fanout.count() < 600, "{} are left", table.fanout.count());
}

#[test]
fn what_belongs_to_the_start_before_does_not_come_behind_the_next() {
    let mut table = Table::new();
    let entry = table.journal.read(Seq(0), 1).unwrap().remove(0);
    let event = Arc::new(Published { entry, frame: Default::default() });
    let start = || Start { seq: Seq(0), with: StartWith::Journal { after: Seq(0) } };
    let mut mailbox = Mailbox::new(MailboxLimits::default());
    assert_eq!(mailbox.put(0, &mut vec![Arc::clone(&event)]), PutOutcome::Gone);
    let before = mailbox.start(start()).unwrap();
    mailbox.request_again();
    let turn = mailbox.start(start()).unwrap();
    assert_eq!(mailbox.put(before, &mut vec![Arc::clone(&event)]), PutOutcome::Gone);
    assert_eq!(mailbox.put(turn, &mut vec![event]), PutOutcome::Kept);
    mailbox.close();
    assert!(mailbox.start(start()).is_none());
    assert!(matches!(mailbox.take(), MailboxContents::Start(_)));
    assert!(matches!(mailbox.take(), MailboxContents::Events(events) if events.len() == 1));
    assert!(matches!(mailbox.take(), MailboxContents::Closed));
    table.fanout.close();
}

#[test]
fn requests_that_find_no_room_are_sent_again_once_there_is() {
    let request = |number| OutgoingRequest {
        request: RequestId(number),
        switch: SwitchId::new("pbx").unwrap(),
        what: SwitchRequest::Snapshot,
    };
    let mut queue = RequestQueue::new(2);
    (1..=3).for_each(|number| queue.put(request(number)));
    assert_eq!(queue.take(), Some(request(1)));
    assert!(!queue.left_out(), "there is something to do before");
    assert_eq!(queue.take(), Some(request(2)));
    assert!(queue.left_out() && !queue.left_out());
    queue.close();
    queue.put(request(4));
    assert!(queue.is_closed() && queue.take().is_none() && !queue.left_out());
}
