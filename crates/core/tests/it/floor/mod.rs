//! A small floor and a core, for tests.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "tests include it, and use a part of it each"
)]

use std::sync::Arc;

use cordboard_core::{Core, Ids, Input, Outcome, OutgoingRequest, invariants};
use model::{
    AccountName, AgentId, AgentPlan, CallId, Cause, Command, CommandId, Data, DeviceId, Event, Floor,
    Interaction, InteractionEvent, Number, Party, PartyKind, Principal, QueueId, QueuePlan, Record,
    Rejection, RequestId, Role, SwitchAnswer, SwitchEvent, SwitchFeature, SwitchId, SwitchRequest, Timestamp,
    Verb,
    switch::{CallPicture, Delivery},
};
use uuid::Uuid;

/// IDs that count up.
#[derive(Default)]
pub struct Counting(u128);

impl Ids for Counting {
    fn uuid(&mut self, _: Timestamp) -> Uuid {
        self.0 += 1;
        Uuid::from_u128(self.0)
    }
}

/// A core with its clock, its journal and its requests to the switch.
pub struct Hub {
    pub core: Core,
    pub now: Timestamp,
    pub journal: Vec<Arc<Record>>,
    pub requests: Vec<OutgoingRequest>,
    ids: Counting,
    commands: u64,
}

pub fn agent(id: &str) -> AgentId {
    AgentId::new(id).unwrap()
}

pub fn device(id: &str) -> DeviceId {
    DeviceId::new(id).unwrap()
}

pub fn call(id: &str) -> CallId {
    CallId::new(id).unwrap()
}

pub fn queue(id: &str) -> QueueId {
    QueueId::new(id).unwrap()
}

pub fn number(text: &str) -> Number {
    Number::new(text).unwrap()
}

pub fn pbx() -> SwitchId {
    SwitchId::new("pbx").unwrap()
}

pub fn caller() -> Party {
    Party::new(PartyKind::Outside(number("+14155550100")))
}

pub fn phone(id: &str) -> Party {
    Party::new(PartyKind::Device(device(id)))
}

pub fn small_floor() -> Floor {
    let plan = |id: &str| AgentPlan {
        id: agent(id),
        name: id.into(),
        device: device(id),
        switch: pbx(),
        queues: vec![queue("7700")],
        acd_id: None,
        peer_ids: Default::default(),
    };
    let queue = QueuePlan {
        id: queue("7700"),
        name: "support".into(),
        priority: 0,
        ring_ms: 20_000,
        wrap_up_ms: 30_000,
    };
    let agents = vec![plan("1001"), plan("1002"), plan("1003")];
    Floor { country: model::Country::new("US").ok(), agents, queues: vec![queue], ..Floor::default() }
}

/// The small floor without one of its agents.
pub fn without_agent(id: &str) -> Floor {
    let mut floor = small_floor();
    floor.agents.retain(|plan| plan.id != agent(id));
    floor
}

/// The small floor without its queue.
pub fn without_queue() -> Floor {
    let mut floor = small_floor();
    floor.queues.clear();
    floor.agents.iter_mut().for_each(|plan| plan.queues.clear());
    floor
}

impl Hub {
    /// A hub with a floor and a switch that supports all features.
    pub fn new() -> Self {
        Self::on(small_floor())
    }

    pub fn on(floor: Floor) -> Self {
        let mut hub = Self {
            core: Core::new(),
            now: Timestamp(1_000),
            journal: Vec::new(),
            requests: Vec::new(),
            ids: Counting::default(),
            commands: 0,
        };
        hub.input(Input::Floor(Arc::new(floor))).reply.unwrap();
        hub.link_up(Vec::new());
        hub
    }

    /// Handles an input and checks the invariants.
    pub fn input(&mut self, input: Input) -> Outcome {
        let shown = format!("{input:?}");
        let outcome = self.core.handle(self.now, &mut self.ids, input);
        self.journal.extend(outcome.records.iter().cloned());
        self.requests.extend(outcome.requests.iter().cloned());
        let violations = invariants::check(self.core.state());
        assert_eq!(violations, [], "after {shown}");
        outcome
    }

    pub fn put_floor(&mut self, floor: Floor) -> Result<(), Rejection> {
        self.input(Input::Floor(Arc::new(floor))).reply.map(|_| ())
    }

    pub fn command(&self, id: &str, verb: Verb, command: &str) -> Command {
        let by =
            Principal { account: AccountName::new(id).unwrap(), role: Role::Agent, agent: Some(agent(id)) };
        Command { id: CommandId::new(command).unwrap(), by, agent: agent(id), interaction: None, verb }
    }

    pub fn run(&mut self, id: &str, verb: Verb) -> Result<(), Rejection> {
        self.commands += 1;
        let command = self.command(id, verb, &format!("command-{}", self.commands));
        self.input(Input::Command(Box::new(command))).reply.map(|_| ())
    }

    pub fn report(&mut self, event: SwitchEvent) {
        self.input(Input::Switch { switch: pbx(), event });
    }

    pub fn link_up(&mut self, calls: Vec<CallPicture>) {
        self.report(SwitchEvent::LinkUp { features: SwitchFeature::ALL.to_vec(), calls });
    }

    pub fn wait(&mut self, ms: u64) {
        self.now = Timestamp(self.now.0 + ms);
        self.input(Input::Tick);
    }

    /// The requests since the last call. Each is answered with success.
    pub fn take_requests(&mut self) -> Vec<SwitchRequest> {
        let requests = std::mem::take(&mut self.requests);
        for one in &requests {
            self.answer(one.request, SwitchAnswer::Done { call: None });
        }
        requests.into_iter().map(|one| one.what).collect()
    }

    pub fn answer(&mut self, request: RequestId, answer: SwitchAnswer) {
        self.input(Input::Answer { switch: pbx(), request, answer });
    }

    pub fn ready(&mut self, id: &str) {
        self.run(id, Verb::SignIn { device: None, queues: None }).unwrap();
        self.run(id, Verb::Ready).unwrap();
    }

    pub fn queued(&mut self, id: &str) {
        self.report(SwitchEvent::Queued {
            call: call(id),
            queue: queue("7700"),
            caller: caller(),
            dialled: number("7700"),
            priority: None,
            linked: None,
            data: Data::new(),
        });
    }

    pub fn delivered(&mut self, id: &str, at: &str, from: Party, linked: Option<&str>) {
        self.report(SwitchEvent::Delivered(Delivery {
            call: call(id),
            at: PartyKind::Device(device(at)),
            caller: from,
            dialled: number("7700"),
            queue: None,
            linked: linked.map(call),
            data: Data::new(),
        }));
    }

    pub fn established(&mut self, id: &str, at: &str) {
        self.report(SwitchEvent::Established { call: call(id), at: PartyKind::Device(device(at)) });
    }

    pub fn cleared(&mut self, id: &str, at: PartyKind, cause: Cause) {
        self.report(SwitchEvent::ConnectionCleared { call: call(id), at, cause });
    }

    /// Brings a call from the queue to an agent who answers it.
    pub fn talk(&mut self, id: &str, to: &str) {
        self.ready(to);
        self.queued(id);
        self.take_requests();
        self.delivered(id, to, caller(), None);
        self.run(to, Verb::Answer).unwrap();
        self.take_requests();
        self.established(id, to);
    }

    pub fn of(&self, id: &str) -> Interaction {
        let mut all = self.all_of(id);
        assert_eq!(all.len(), 1, "{all:?}");
        all.remove(0)
    }

    pub fn all_of(&self, id: &str) -> Vec<Interaction> {
        let viewer =
            Principal { account: AccountName::new(id).unwrap(), role: Role::Agent, agent: Some(agent(id)) };
        let snapshot = self.core.snapshot(self.now, &viewer);
        snapshot.interactions.into_iter().map(|view| view.interaction).collect()
    }

    pub fn state_of(&self, id: &str) -> String {
        let state = self.view_of(id).state;
        if let model::AgentState::NotReady { reason } = state {
            return format!("not-ready {reason}");
        }
        state.as_str().to_owned()
    }

    pub fn view_of(&self, id: &str) -> model::AgentView {
        let viewer = Principal { account: AccountName::new(id).unwrap(), role: Role::Admin, agent: None };
        let snapshot = self.core.snapshot(self.now, &viewer);
        snapshot.agents.into_iter().find(|view| view.id == agent(id)).unwrap()
    }

    pub fn can(&self, id: &str) -> Vec<&'static str> {
        let viewer =
            Principal { account: AccountName::new(id).unwrap(), role: Role::Agent, agent: Some(agent(id)) };
        let snapshot = self.core.snapshot(self.now, &viewer);
        snapshot.interactions[0].can.iter().map(|verb| verb.as_str()).collect()
    }

    pub fn words(&self) -> Vec<&'static str> {
        self.journal.iter().map(|record| record.event.as_str()).collect()
    }

    pub fn completed(&self) -> Vec<Interaction> {
        let mut completed = Vec::new();
        for record in &self.journal {
            if let Event::Interaction(InteractionEvent::Completed { summary, .. }) = &record.event {
                completed.push(summary.interaction.clone());
            }
        }
        completed
    }

    /// A core that is restored from the journal only.
    pub fn replayed(&self) -> Core {
        let mut core = Core::new();
        for record in &self.journal {
            core.apply(record);
        }
        core
    }
}
