//! The engine alone, with the test's own clock and ids.

use crate::common;

use std::sync::Arc;

use common::*;
use cordboard_core::{Core, Input};
use cordboard_hub::engine::{
    self, Batch, CommittedBatch, Effect, Engine, Ports, Resync, StartFrom, StartWith, everybody, recover,
};
use model::{
    AgentState, Command, CommandId, Data, Number, RequestId, Seq, SwitchEvent, SwitchFeature, SwitchId,
    SwitchRequest, Timestamp, Verb,
};
use proptest::prelude::*;
use store::{Reader, Writer, memory::Memory};

/// Requesters, viewers and subscribers as numbers.
enum Numbers {}

impl Ports for Numbers {
    type Requester = u32;
    type Viewer = u32;
    type Subscriber = u32;
}

struct Table {
    engine: Engine<Numbers>,
    ids: Counted,
    now: Timestamp,
}

impl Table {
    fn new(checkpoint_every: u64) -> Self {
        let engine = Engine::new(Core::new(), checkpoint_every);
        let mut table = Self { engine, ids: Counted(0), now: Timestamp(1_000) };
        table.input(Input::Floor(Arc::new(floor(3))), None);
        table
    }

    fn input(&mut self, input: Input, requester: Option<u32>) {
        self.now.0 += 1;
        self.engine.submit(self.now, &mut self.ids, input, requester);
    }

    fn command(&mut self, index: usize, verb: Verb, requester: u32) {
        let id = CommandId::new(requester.to_string()).unwrap();
        let command = Command { id, by: integration(), agent: agent(index), interaction: None, verb };
        self.input(Input::Command(Box::new(command)), Some(requester));
    }

    fn switch(&mut self, event: SwitchEvent) {
        self.input(Input::Switch { switch: pbx(), event }, None);
    }

    fn link_up(&mut self) {
        self.switch(SwitchEvent::LinkUp { features: SwitchFeature::ALL.to_vec(), calls: Vec::new() });
    }

    fn commit(&mut self, writer: &mut dyn Writer) -> Option<CommittedBatch<Numbers>> {
        self.engine.take_batch().map(|batch| batch.commit(writer).unwrap())
    }
}

fn pbx() -> SwitchId {
    SwitchId::new("pbx").unwrap()
}

fn dial() -> Verb {
    Verb::Dial { to: Number::new("1002").unwrap(), data: Data::new() }
}

fn switch_requests(released: &CommittedBatch<Numbers>) -> Vec<RequestId> {
    let request = |effect: &Effect<Numbers>| match effect {
        Effect::Request(request) => {
            assert!(matches!(request.what, SwitchRequest::MakeCall { .. }), "{request:?}");
            Some(request.request)
        }
        Effect::Answer { .. } | Effect::Snapshot { .. } => None,
    };
    released.effects.iter().filter_map(request).collect()
}

#[test]
fn an_answer_comes_with_the_events_it_depends_on() {
    let mut table = Table::new(1_000);
    let (mut writer, reader) = Memory::default().reopen();
    table.command(1, sign_in(), 7);
    let released = table.commit(&mut writer).unwrap();
    let [Effect::Answer { to: 7, result: Ok(accepted) }] = &released.effects[..] else { panic!("no answer") };
    assert_eq!(reader.last_seq().unwrap(), accepted.seq);
    assert_eq!(released.entries.last().unwrap().record().seq, accepted.seq);
    assert!(table.engine.take_batch().is_none());
}

#[test]
fn a_batch_that_cannot_be_written_gives_nothing() {
    let mut table = Table::new(1_000);
    let memory = Memory::default();
    let (mut writer, _) = memory.reopen();
    table.command(1, sign_in(), 7);
    memory.fail(store::memory::Fault::SyncLost);
    assert!(table.engine.take_batch().unwrap().commit(&mut writer).is_err());
}

#[test]
fn batches_that_wait_are_written_together_in_order() {
    let mut table = Table::new(1_000);
    let (mut writer, reader) = Memory::default().reopen();
    let mut all: Batch<Numbers> = table.engine.take_batch().unwrap();
    for requester in 1..=3 {
        table.command(requester as usize, sign_in(), requester);
        all.absorb(table.engine.take_batch().unwrap());
    }
    let released = all.commit(&mut writer).unwrap();
    let seqs: Vec<u64> = released.entries.iter().map(|entry| entry.record().seq.0).collect();
    assert_eq!(seqs, (1..=reader.last_seq().unwrap().0).collect::<Vec<_>>());
    let requesters = released.effects.iter().filter_map(|effect| match effect {
        Effect::Answer { to, .. } => Some(*to),
        Effect::Request(_) | Effect::Snapshot { .. } => None,
    });
    assert_eq!(requesters.collect::<Vec<_>>(), [1, 2, 3]);
}

#[test]
fn what_a_switch_has_not_answered_is_requested_again_after_a_crash() {
    let mut table = Table::new(1_000);
    let memory = Memory::default();
    let (mut writer, _) = memory.reopen();
    table.link_up();
    table.command(1, sign_in(), 1);
    table.command(1, dial(), 2);
    let first = switch_requests(&table.commit(&mut writer).unwrap());
    assert_eq!(first.len(), 1);
    table.engine.resend(&pbx());
    assert_eq!(switch_requests(&table.commit(&mut writer).unwrap()), first);
    let (mut writer, reader) = memory.reopen();
    let (core, at) = recover(&reader).unwrap();
    assert_eq!(at, table.now);
    table.engine = Engine::new(core, 1_000);
    table.engine.start(table.now, &mut table.ids);
    assert!(
        switch_requests(&table.commit(&mut writer).unwrap()).is_empty(),
        "asked of a switch that is not there"
    );
    table.link_up();
    assert_eq!(switch_requests(&table.commit(&mut writer).unwrap()), first);
}

#[test]
fn a_subscription_begins_where_it_was_requested() {
    let mut table = Table::new(1_000);
    let (mut writer, _) = Memory::default().reopen();
    table.command(1, sign_in(), 1);
    let seq = table.engine.core().seq();
    table.engine.subscribe(table.now, &everybody(), StartFrom::Snapshot, 1);
    table.engine.subscribe(table.now, &everybody(), StartFrom::After(Seq(1)), 2);
    table.engine.subscribe(table.now, &everybody(), StartFrom::After(Seq(99)), 3);
    table.command(1, Verb::Ready, 4);
    let released = table.commit(&mut writer).unwrap();
    for (who, start) in released.subscriptions {
        assert_eq!(start.seq, seq);
        match start.with {
            StartWith::Snapshot { current, resync } => {
                let expected = (who == 3).then_some(Resync::Future);
                assert_eq!((current.snapshot.seq, resync), (seq, expected));
                assert!(matches!(current.snapshot.agents[0].state, AgentState::NotReady { .. }));
            }
            StartWith::Journal { after } => assert_eq!((who, after), (2, Seq(1))),
        }
    }
}

/// Something that may happen next.
#[derive(Debug, Clone)]
enum Step {
    Command(usize, Verb),
    Up,
    Down,
    Wait(u64),
    Commit,
    Crash,
}

fn step() -> impl Strategy<Value = Step> {
    let verb = prop_oneof![
        Just(sign_in()),
        Just(Verb::Ready),
        Just(Verb::NotReady { reason: None }),
        Just(Verb::SignOut { reason: None }),
        Just(dial()),
        Just(Verb::HangUp { leg: None }),
    ];
    prop_oneof![
        8 => (1..=3usize, verb).prop_map(|(index, verb)| Step::Command(index, verb)),
        1 => Just(Step::Up),
        1 => Just(Step::Down),
        2 => (1..30_000u64).prop_map(Step::Wait),
        4 => Just(Step::Commit),
        1 => Just(Step::Crash),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Whatever happens and whenever the process is killed, the recovered state is the committed one.
    #[test]
    fn recovery_gives_the_state_that_was_committed(steps in prop::collection::vec(step(), 1..120)) {
        let memory = Memory::default();
        let (mut writer, _) = memory.reopen();
        let mut table = Table::new(20);
        let mut requester = 0;
        let mut committed = Core::new().state().clone();
        for step in steps {
            match step {
                Step::Command(index, verb) => {
                    requester += 1;
                    table.command(index, verb, requester);
                }
                Step::Up => table.link_up(),
                Step::Down => table.switch(SwitchEvent::LinkDown { why: "cut".into() }),
                Step::Wait(ms) => {
                    table.now.0 += ms;
                    table.input(Input::Tick, None);
                }
                Step::Commit => {
                    if let Some(checkpoint) = table.commit(&mut writer).and_then(|released| released.checkpoint) {
                        let state = serde_json::to_vec(&checkpoint.state).unwrap();
                        writer.save_snapshot(checkpoint.seq, &state).unwrap();
                    }
                    committed = table.engine.core().state().clone();
                }
                Step::Crash => {
                    let reader;
                    (writer, reader) = memory.reopen();
                    let (core, _) = recover(&reader).unwrap();
                    prop_assert_eq!(core.state(), &committed);
                    table.engine = engine::Engine::new(core, 20);
                }
            }
        }
    }
}
