//! What a node promises: durable before visible, no event lost or repeated, no reader delayed by another, the same state after a restart.

use crate::common;

use std::{sync::Arc, time::Duration};

use common::*;
use cordboard_hub::{
    self as hub, Error, Node, NodeConfig, Store,
    engine::{Delivery, MailboxLimits},
    node::{FloorChange, Subscription},
};
use model::{AccountName, Code, Role, Secret, Seq, Verb};
use store::memory::{Fault, Memory};

/// What a subscriber received: its start and its events.
#[derive(Default)]
struct Seen {
    snapshots: Vec<(Seq, bool)>,
    resumed: Option<Seq>,
    events: Vec<Seq>,
    last: Seq,
}

impl Seen {
    /// Reads deliveries and checks that each event names the one before.
    fn take(&mut self, deliveries: Vec<Delivery>) {
        for delivery in deliveries {
            match delivery {
                Delivery::Snapshot { current, resync } => {
                    self.last = current.snapshot.seq;
                    self.snapshots.push((self.last, resync.is_some()));
                }
                Delivery::Resumed(after) => {
                    self.last = after;
                    self.resumed = Some(after);
                }
                Delivery::Event { prev, published } => {
                    assert_eq!(prev, self.last);
                    self.last = published.entry.record().seq;
                    self.events.push(self.last);
                }
            }
        }
    }

    async fn read_until(&mut self, subscription: &mut Subscription, seq: Seq) {
        while self.last < seq {
            self.take(soon(subscription.next()).await.expect("the node has ended"));
        }
    }

    /// Whether a subscriber that may see everything missed nothing after its start.
    fn assert_whole(&self) {
        for pair in self.events.windows(2) {
            assert_eq!(pair[1], pair[0].next());
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_seen_before_it_is_durable() {
    let (gate, memory) = (Gate::default(), Memory::default());
    let (writer, reader) = memory.reopen();
    let store = Store { writer: Box::new(Gated(writer, gate.clone())), reader: Arc::new(reader) };
    let node = node(NodeConfig::default(), store, 2).await;
    let handle = node.handle();
    let mut before = handle.subscribe(integration(), None).await.unwrap();
    soon(before.next()).await.unwrap();
    gate.shut();
    let (requester, who) = (handle.clone(), agent(1));
    let mut answer = tokio::spawn(async move { command(&requester, who, sign_in(), "a").await });
    let looker = handle.clone();
    gate.until_awaited().await;
    let mut look = tokio::spawn(async move { looker.snapshot(integration()).await });
    let mut after = handle.subscribe(integration(), None).await.unwrap();
    let wait = Duration::from_millis(150);
    assert!(tokio::time::timeout(wait, &mut answer).await.is_err(), "answered before durable");
    assert!(tokio::time::timeout(wait, &mut look).await.is_err(), "shown before durable");
    assert!(tokio::time::timeout(wait, before.next()).await.is_err(), "told before durable");
    assert!(tokio::time::timeout(wait, after.next()).await.is_err(), "snapshot before durable");
    gate.open();
    let accepted = soon(answer).await.unwrap().unwrap();
    let mut seen = Seen { last: Seq(1), ..Seen::default() };
    seen.read_until(&mut before, accepted.seq).await;
    assert!(soon(look).await.unwrap().unwrap().snapshot.seq >= accepted.seq);
    let mut seen = Seen::default();
    seen.take(soon(after.next()).await.unwrap());
    assert_eq!(seen.snapshots, [(accepted.seq, false)]);
    node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_signed_in_stays_so_after_a_restart_and_who_signed_out_does_too() {
    let memory = Memory::default();
    let before = node(NodeConfig::default(), open(&memory), 1).await;
    let accounts = Some(vec![account("1001", Role::Agent, Some(agent(1)))]);
    let change = FloorChange { floor: Arc::new(floor(1)), accounts, contacts: Vec::new() };
    before.handle().put_floor(change).await.unwrap();
    let login = session::Login::Account(AccountName::new("1001").unwrap());
    let sign_in = async || {
        let from = "127.0.0.1:4000".parse().unwrap();
        before.handle().sign_in(&login, &Secret::new(PASSWORD), from).await.unwrap()
    };
    let (stays, left) = (sign_in().await, sign_in().await);
    before.handle().sign_out(left.text.reveal()).await.unwrap();
    before.stop().await.unwrap();
    let after = Node::start(NodeConfig::default(), open(&memory)).unwrap();
    let auth = Arc::clone(after.handle().auth());
    assert_eq!(auth.bearer(stays.text.reveal()), Some(stays.principal));
    assert_eq!(auth.bearer(left.text.reveal()), None);
    after.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_floor_without_somebody_who_is_signed_in_is_taken_after_a_restart() {
    let memory = Memory::default();
    let before = node(NodeConfig::default(), open(&memory), 2).await;
    command(&before.handle(), agent(2), sign_in(), "in").await.unwrap();
    before.stop().await.unwrap();
    let after = node(NodeConfig::default(), open(&memory), 1).await;
    assert_eq!(*after.handle().floor().await.unwrap(), floor(1));
    let gone = command(&after.handle(), agent(2), Verb::Ready, "back").await.unwrap_err();
    assert_eq!(gone.code, Code::UnknownAgent);
    after.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_floor_that_is_refused_has_changed_neither_floor_nor_accounts() {
    let memory = Memory::default();
    let node = node(NodeConfig::default(), open(&memory), 2).await;
    let mut wrong = floor(1);
    wrong.queues.clear();
    let accounts = Some(vec![account("1001", Role::Agent, Some(agent(1)))]);
    let change = FloorChange { floor: Arc::new(wrong), accounts, contacts: Vec::new() };
    assert_eq!(node.handle().put_floor(change).await.unwrap_err().code, Code::Invalid);
    let unknown = Some(vec![account("1009", Role::Agent, Some(agent(9)))]);
    let change = FloorChange { floor: Arc::new(floor(1)), accounts: unknown, contacts: Vec::new() };
    assert_eq!(node.handle().put_floor(change).await.unwrap_err().code, Code::Invalid);
    assert_eq!(*node.handle().floor().await.unwrap(), floor(2));
    let kept = node.handle().read(|reader| Ok((reader.floor()?, reader.accounts()?))).await.unwrap();
    assert_eq!(kept, (Some(floor(2)), vec![]));
    node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_fails_ends_the_node_and_shows_nothing() {
    for fault in [Fault::NoSpace, Fault::ShortWrite, Fault::SyncLost, Fault::SyncKept] {
        let memory = Memory::default();
        let node = node(NodeConfig::default(), open(&memory), 1).await;
        let handle = node.handle();
        let mut subscription = handle.subscribe(integration(), None).await.unwrap();
        soon(subscription.next()).await.unwrap();
        memory.fail(fault);
        let refused = soon(command(&handle, agent(1), sign_in(), "a")).await.unwrap_err();
        assert_eq!(refused.code, Code::Unavailable);
        assert!(soon(subscription.next()).await.is_none(), "{fault:?}");
        assert!(matches!(soon(node.failed()).await, Error::Store(_)));
        let later = command(&handle, agent(1), sign_in(), "b").await.unwrap_err();
        assert_eq!(later.code, Code::Unavailable);
        assert!(soon(node.stop()).await.is_err());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn subscribers_that_join_under_load_miss_nothing_and_see_nothing_twice() {
    let node = node(NodeConfig::default(), open(&Memory::default()), 4).await;
    let handle = node.handle();
    let workers: Vec<_> = (1..=4)
        .map(|index| {
            let handle = handle.clone();
            tokio::spawn(async move { work(&handle, index, 250).await })
        })
        .collect();
    let mut readers = Vec::new();
    for _ in 0..40 {
        let mut subscription = handle.subscribe(integration(), None).await.unwrap();
        readers.push(tokio::spawn(async move {
            let mut seen = Seen::default();
            seen.read_until(&mut subscription, Seq(1)).await;
            (subscription, seen)
        }));
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let mut last = Seq(0);
    for worker in workers {
        last = last.max(soon(worker).await.unwrap());
    }
    for reader in readers {
        let (mut subscription, mut seen) = soon(reader).await.unwrap();
        seen.read_until(&mut subscription, last).await;
        seen.assert_whole();
        let began = seen.snapshots[0].0;
        assert_eq!(seen.snapshots, [(began, false)]);
        assert_eq!(seen.events.len() as u64, last.0 - began.0);
    }
    node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_subscriber_that_comes_back_gets_what_it_missed() {
    let node = node(NodeConfig::default(), open(&Memory::default()), 4).await;
    let handle = node.handle();
    let workers: Vec<_> = (1..=4)
        .map(|index| {
            let handle = handle.clone();
            tokio::spawn(async move { work(&handle, index, 300).await })
        })
        .collect();
    let mut seen = Seen::default();
    let mut subscription = handle.subscribe(integration(), None).await.unwrap();
    seen.take(soon(subscription.next()).await.unwrap());
    for _ in 0..30 {
        drop(subscription);
        tokio::time::sleep(Duration::from_millis(3)).await;
        subscription = handle.subscribe(integration(), Some(seen.last)).await.unwrap();
        let before = seen.last;
        seen.take(soon(subscription.next()).await.unwrap());
        assert_eq!(seen.resumed, Some(before));
        if let Ok(Some(more)) = tokio::time::timeout(Duration::from_millis(3), subscription.next()).await {
            seen.take(more);
        }
    }
    let mut last = Seq(0);
    for worker in workers {
        last = last.max(soon(worker).await.unwrap());
    }
    seen.read_until(&mut subscription, last).await;
    seen.assert_whole();
    assert_eq!(seen.snapshots.len(), 1);
    assert_eq!(seen.events.len() as u64, last.0 - seen.snapshots[0].0.0);
    node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_that_comes_back_gets_its_own_only() {
    let node = node(NodeConfig::default(), open(&Memory::default()), 2).await;
    let handle = node.handle();
    work(&handle, 1, 3).await;
    work(&handle, 2, 3).await;
    let own = principal(Role::Agent, Some(agent(1)));
    let mut subscription = handle.subscribe(own, Some(Seq(1))).await.unwrap();
    let mut seen = Seen::default();
    let last = work_again(&handle, 1).await;
    seen.read_until(&mut subscription, last).await;
    let reader = handle.read(|reader| reader.read(Seq(1), 1_000)).await.unwrap();
    let theirs = reader.iter().filter(|entry| entry.record().event.agent() == Some(&agent(1)));
    let theirs: Vec<Seq> = theirs.map(|entry| entry.record().seq).collect();
    assert_eq!(seen.events, theirs);
    node.stop().await.unwrap();
}

async fn work_again(handle: &hub::Handle, index: usize) -> Seq {
    command(handle, agent(index), Verb::SignOut { reason: None }, "again").await.unwrap().seq
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cursor_that_leads_nowhere_gives_a_marked_snapshot() {
    let node =
        node(NodeConfig { catch_up_max: 5, ..NodeConfig::default() }, open(&Memory::default()), 1).await;
    let handle = node.handle();
    let last = work(&handle, 1, 20).await;
    for after in [Seq(1), Seq(last.0 + 1_000)] {
        let mut subscription = handle.subscribe(integration(), Some(after)).await.unwrap();
        let mut seen = Seen::default();
        seen.take(soon(subscription.next()).await.unwrap());
        assert_eq!(seen.snapshots, [(last, true)]);
    }
    node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_subscriber_gets_a_snapshot_and_delays_nobody() {
    let mailbox = MailboxLimits { events_max: 50, bytes_max: 1 << 20 };
    let node = node(NodeConfig { mailbox, ..NodeConfig::default() }, open(&Memory::default()), 1).await;
    let handle = node.handle();
    let mut slow = handle.subscribe(integration(), None).await.unwrap();
    let mut fast = handle.subscribe(integration(), None).await.unwrap();
    let (mut slow_seen, mut fast_seen) = (Seen::default(), Seen::default());
    slow_seen.take(soon(slow.next()).await.unwrap());
    fast_seen.take(soon(fast.next()).await.unwrap());
    let mut last = command(&handle, agent(1), sign_in(), "in").await.unwrap().seq;
    for turn in 0..300 {
        fast_seen.read_until(&mut fast, last).await;
        let verb = if turn % 2 == 0 { Verb::Ready } else { Verb::NotReady { reason: None } };
        last = command(&handle, agent(1), verb, &turn.to_string()).await.unwrap().seq;
    }
    fast_seen.read_until(&mut fast, last).await;
    assert_eq!(fast_seen.snapshots.len(), 1, "the fast one was delayed by the slow one");
    fast_seen.assert_whole();
    slow_seen.read_until(&mut slow, last).await;
    assert_eq!(slow_seen.snapshots.len(), 2);
    assert_eq!(slow_seen.snapshots[1], (last, true));
    assert!(slow_seen.events.is_empty());
    let later = command(&handle, agent(1), Verb::SignOut { reason: None }, "out").await.unwrap().seq;
    slow_seen.read_until(&mut slow, later).await;
    slow_seen.assert_whole();
    node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_was_stopped_or_killed_has_the_same_state_again() {
    let memory = Memory::default();
    let config = NodeConfig { checkpoint_every: 40, ..NodeConfig::default() };
    let first = node(config.clone(), open(&memory), 3).await;
    let handle = first.handle();
    for index in 1..=3 {
        work(&handle, index, 33).await;
    }
    let before = handle.snapshot(integration()).await.unwrap().snapshot;
    first.stop().await.unwrap();
    let second = hub::Node::start(config.clone(), open(&memory)).unwrap();
    let handle = second.handle();
    let after = handle.snapshot(integration()).await.unwrap().snapshot;
    assert_eq!((&after.agents, &after.queues, after.seq), (&before.agents, &before.queues, before.seq));
    assert!(after.at >= before.at);
    let seq = command(&handle, agent(1), Verb::SignOut { reason: None }, "out").await.unwrap().seq;
    // Like a kill: what comes after is refused, what was answered is there.
    memory.crash();
    drop(second);
    let third = hub::Node::start(config, open(&memory)).unwrap();
    let after = third.handle().snapshot(integration()).await.unwrap().snapshot;
    assert_eq!(after.seq, seq);
    assert_eq!(after.agents[0].state, model::AgentState::SignedOut);
    third.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_journal_is_cut_behind_the_snapshot_and_no_cursor_leads_there() {
    let config = NodeConfig { checkpoint_every: 20, journal_kept: 10, ..NodeConfig::default() };
    let node = node(config, open(&Memory::default()), 1).await;
    let handle = node.handle();
    let mut last = work(&handle, 1, 60).await;
    let first = soon(async {
        for turn in 0.. {
            let first = handle.read(|reader| reader.first_seq()).await.unwrap();
            if first > Seq(1) {
                return first;
            }
            let verb = if turn % 2 == 0 { Verb::Ready } else { Verb::NotReady { reason: None } };
            last = command(&handle, agent(1), verb, &format!("more-{turn}")).await.unwrap().seq;
        }
        unreachable!("a range without an end")
    })
    .await;
    assert!(first.0 <= last.0 - 10, "{first} is less than 10 before {last}");
    for (after, resync) in [(Seq(0), true), (Seq(last.0 - 5), false)] {
        let mut subscription = handle.subscribe(integration(), Some(after)).await.unwrap();
        let mut seen = Seen::default();
        seen.take(soon(subscription.next()).await.unwrap());
        assert_eq!(seen.snapshots, if resync { vec![(last, true)] } else { vec![] });
    }
    node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_floor_that_was_kept_and_not_shown_is_shown_at_the_start() {
    let memory = Memory::default();
    let mut store = open(&memory);
    store.writer.put_floor(&floor(2)).unwrap();
    let node = hub::Node::start(NodeConfig::default(), store).unwrap();
    let current = node.handle().snapshot(integration()).await.unwrap();
    assert_eq!(*current.floor, floor(2));
    node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_stops_answers_what_it_took_and_takes_nothing_more() {
    let memory = Memory::default();
    let node = node(NodeConfig::default(), open(&memory), 20).await;
    let handle = node.handle();
    let answers: Vec<_> = (1..=20)
        .map(|index| {
            let handle = handle.clone();
            tokio::spawn(async move { command(&handle, agent(index), sign_in(), &index.to_string()).await })
        })
        .collect();
    tokio::task::yield_now().await;
    soon(node.stop()).await.unwrap();
    let mut last = Seq(1);
    for answer in answers {
        match soon(answer).await.unwrap() {
            Ok(accepted) => last = last.max(accepted.seq),
            Err(rejection) => assert_eq!(rejection.code, Code::Unavailable),
        }
    }
    let late = command(&handle, agent(1), Verb::Ready, "late").await.unwrap_err();
    assert_eq!(late.code, Code::Unavailable);
    assert!(open(&memory).reader.last_seq().unwrap() >= last);
}
