//! Measures how many complete calls the core alone handles in a second: queue, offer, ring, answer, hang up, complete.
//! No I/O, one thread.
#![allow(
    clippy::print_stdout,
    clippy::wildcard_enum_match_arm,
    clippy::disallowed_methods,
    missing_docs,
    reason = "it measures and prints"
)]

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use cordboard_core::{Core, Ids, Input, Outcome};
use model::{
    AccountName, AgentId, AgentPlan, CallId, Cause, Command, CommandId, Data, DeviceId, Floor, Number, Party,
    PartyKind, Principal, QueueId, QueuePlan, Role, SwitchAnswer, SwitchEvent, SwitchFeature, Timestamp,
    Verb, switch::Delivery,
};
use uuid::Uuid;

const AGENTS: usize = 2_000;
const RUN: Duration = Duration::from_secs(3);

struct Counting(u128);

impl Ids for Counting {
    fn uuid(&mut self, _: Timestamp) -> Uuid {
        self.0 += 1;
        Uuid::from_u128(self.0)
    }
}

struct Bench {
    core: Core,
    ids: Counting,
    now: u64,
    records: usize,
    commands: u64,
}

fn name<T: std::str::FromStr<Err = model::NameError>>(text: &str) -> T {
    text.parse().expect("a name of the benchmark's own")
}

fn floor() -> Floor {
    let queue: QueueId = name("7700");
    let agent = |index: usize| AgentPlan {
        id: name(&format!("a{index}")),
        name: "agent".into(),
        device: name(&format!("d{index}")),
        switch: name("pbx"),
        queues: vec![queue.clone()],
        acd_id: None,
        peer_ids: Default::default(),
    };
    let plan =
        QueuePlan { id: queue.clone(), name: "q".into(), priority: 0, ring_ms: 20_000, wrap_up_ms: 60_000 };
    Floor { agents: (0..AGENTS).map(agent).collect(), queues: vec![plan], ..Floor::default() }
}

impl Bench {
    fn input(&mut self, input: Input) -> Outcome {
        self.now += 1;
        let outcome = self.core.handle(Timestamp(self.now), &mut self.ids, input);
        self.records += outcome.records.len();
        for request in &outcome.requests {
            let answer = SwitchAnswer::Done { call: None };
            let (switch, request) = (request.switch.clone(), request.request);
            let answered = self.core.handle(
                Timestamp(self.now),
                &mut self.ids,
                Input::Answer { switch, request, answer },
            );
            self.records += answered.records.len();
        }
        outcome
    }

    fn report(&mut self, event: SwitchEvent) -> Outcome {
        self.input(Input::Switch { switch: name("pbx"), event })
    }

    fn run(&mut self, agent: &AgentId, verb: Verb) {
        self.commands += 1;
        let account: AccountName = name(agent.as_str());
        let by = Principal { account, role: Role::Agent, agent: Some(agent.clone()) };
        let id: CommandId = name(&format!("c{}", self.commands));
        let command = Command { id, by, agent: agent.clone(), interaction: None, verb };
        self.input(Input::Command(Box::new(command))).reply.expect("the benchmark asks what is legal");
    }

    fn whole_call(&mut self, index: u64) {
        let call: CallId = name(&format!("call-{index}"));
        let caller = Party::new(PartyKind::Outside(Number::new("+14155550100").expect("a number")));
        let dialled = Number::new("7700").expect("a number");
        let queued = SwitchEvent::Queued {
            call: call.clone(),
            queue: name("7700"),
            caller: caller.clone(),
            dialled: dialled.clone(),
            priority: None,
            linked: None,
            data: Data::new(),
        };
        let outcome = self.report(queued);
        let agent = outcome.records.iter().find_map(|record| match &record.event {
            model::Event::Floor(model::FloorEvent::QueueChanged {
                change: model::QueueChange::Offered { agent, .. },
                ..
            }) => Some(agent.clone()),
            _ => None,
        });
        let agent = agent.expect("an agent is idle");
        let device: DeviceId = name(&agent.as_str().replace('a', "d"));
        let at = PartyKind::Device(device);
        let (queue, linked, data) = (Some(name("7700")), None, Data::new());
        self.report(SwitchEvent::Delivered(Delivery {
            call: call.clone(),
            at: at.clone(),
            caller,
            dialled,
            queue,
            linked,
            data,
        }));
        self.run(&agent, Verb::Answer);
        self.report(SwitchEvent::Established { call: call.clone(), at: at.clone() });
        self.run(&agent, Verb::HangUp { leg: None });
        self.report(SwitchEvent::ConnectionCleared { call, at, cause: Cause::Normal });
        self.run(&agent, Verb::Complete { disposition: None, notes: None });
    }
}

fn main() {
    let mut bench = Bench { core: Core::new(), ids: Counting(0), now: 0, records: 0, commands: 0 };
    let floor = floor();
    let agents: Vec<AgentId> = floor.agents.iter().map(|agent| agent.id.clone()).collect();
    bench.input(Input::Floor(Arc::new(floor)));
    bench.report(SwitchEvent::LinkUp { features: SwitchFeature::ALL.to_vec(), calls: Vec::new() });
    for agent in &agents {
        bench.run(agent, Verb::SignIn { device: None, queues: None });
        bench.run(agent, Verb::Ready);
    }
    let (began, before) = (Instant::now(), bench.records);
    let mut calls = 0;
    while began.elapsed() < RUN {
        bench.whole_call(calls);
        calls += 1;
    }
    let seconds = began.elapsed().as_secs_f64();
    let events = (bench.records - before) as f64;
    println!(
        "core alone, {AGENTS} agents, one thread, no I/O: {:.0} whole calls/s, {:.0} events/s, {:.1} events a call",
        calls as f64 / seconds,
        events / seconds,
        events / calls as f64
    );
}
