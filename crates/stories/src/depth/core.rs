//! The core, connected directly to the simulated switch: no node, no store, no sessions.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use cordboard_core::{Core, DirectoryLookup, Input, Outcome, invariants};
use http::Response;
use hub::engine::everybody;
use model::{
    Accepted, AgentId, CallId, Command, DeviceId, Event, Floor, InteractionEvent, InteractionSummary, Record,
    Rejection, SwitchId, Timestamp,
};
use session::ToHub;
use simulated::{Caller, Fault, PhoneAction, Switch};

use super::{ActionError, Network, Observation, SWITCH, Setup, World, cannot, shown};
use crate::{
    ids::SeededIds,
    story::{Callout, Depth},
};

/// The time at which stories begin. Milliseconds since 1970.
const BEGINNING: Timestamp = Timestamp(1_700_000_000_000);

/// How many steps one action may cause. More count as an endless loop.
const ACTS_MAX: usize = 10_000;

/// The core, connected directly to the simulated switch.
pub struct CoreWorld {
    core: Core,
    switch: Switch,
    id: SwitchId,
    ids: SeededIds,
    now: Timestamp,
    records: Vec<Arc<Record>>,
}

impl CoreWorld {
    /// Creates a core with a floor and a reachable switch.
    pub fn new(setup: Setup) -> Result<Self, ActionError> {
        if !setup.ebs.is_empty() || !setup.contacts.is_empty() {
            return cannot(Depth::Core, "EBS client and no directory");
        }
        let mut world = Self {
            core: Core::new(),
            switch: Switch::new(setup.switch).map_err(|error| error.to_string())?,
            id: SwitchId::new(SWITCH).map_err(|error| error.to_string())?,
            ids: SeededIds::new(1),
            now: BEGINNING,
            records: Vec::new(),
        };
        world.floor(setup.floor)?;
        world.switch.start(world.now);
        world.settle()?;
        Ok(world)
    }

    fn input(&mut self, input: Input) -> Result<Outcome, ActionError> {
        let message = format!("{input:?}");
        let outcome = self.core.handle(self.now, &mut self.ids, input);
        self.records.extend(outcome.records.iter().cloned());
        for request in &outcome.requests {
            self.switch.request(self.now, request.request, request.what.clone());
        }
        if let Some(broken) = invariants::check(self.core.state()).first() {
            return Err(format!("after {message}: {} does not hold: {}", broken.name, broken.what));
        }
        // There is no directory at this depth: every lookup finds nothing.
        for (of, _) in outcome.records.iter().filter_map(|record| DirectoryLookup::for_event(&record.event)) {
            self.input(Input::Contacts { of, contacts: Vec::new() })?;
        }
        Ok(outcome)
    }

    fn handle(&mut self, message: ToHub) -> Result<(), ActionError> {
        let switch = self.id.clone();
        let input = match message {
            ToHub::Switch(event) => Input::Switch { switch, event },
            ToHub::SwitchAnswer { request, answer } => Input::Answer { switch, request, answer },
            ToHub::Notice { agent, interaction, notice } => Input::Notice { agent, interaction, notice },
            ToHub::Subscribe | ToHub::Command(_) | ToHub::Authenticate { .. } | ToHub::Desk { .. } => {
                return Ok(());
            }
        };
        self.input(input).map(drop)
    }

    /// The time of the next tick.
    fn next(&self) -> Option<Timestamp> {
        self.core.deadline().into_iter().chain(self.switch.deadline().map(|(at, _)| at)).min()
    }
}

impl World for CoreWorld {
    fn caller(&mut self, caller: Caller) -> Result<CallId, ActionError> {
        self.switch.caller(self.now, caller).map_err(|error| error.to_string())
    }

    fn hang_up(&mut self, call: &CallId) -> Result<(), ActionError> {
        self.switch.end(self.now, call).map_err(|error| error.to_string())
    }

    fn phone(&mut self, device: &DeviceId, action: PhoneAction) -> Result<(), ActionError> {
        self.switch.phone(self.now, device, action).map_err(|error| error.to_string())
    }

    fn fault(&mut self, fault: Fault) -> Result<(), ActionError> {
        self.switch.fault(self.now, fault).map_err(|error| error.to_string())
    }

    fn command(&mut self, command: Command) -> Result<Accepted, Rejection> {
        let outcome = self.input(Input::Command(Box::new(command)));
        outcome.map_err(|broken| Rejection::new(model::Code::Internal, broken))?.reply
    }

    fn floor(&mut self, floor: Floor) -> Result<(), ActionError> {
        let outcome = self.input(Input::Floor(Arc::new(floor)))?;
        outcome.reply.map(drop).map_err(|rejection| rejection.text.to_string())
    }

    fn pass(&mut self, span: Duration) -> Result<(), ActionError> {
        let until = self.now + span;
        while let Some(at) = self.next().filter(|at| *at <= until) {
            self.now = self.now.max(at);
            self.settle()?;
        }
        self.now = until;
        self.settle()
    }

    fn callout(&mut self, _: &Callout) -> Result<Response<Bytes>, ActionError> {
        cannot(Depth::Core, "EBS client")
    }

    fn desk(&mut self, agent: &AgentId, attended: bool) -> Result<(), ActionError> {
        self.input(Input::Desk { agent: agent.clone(), attended }).map(drop)
    }

    fn listener(&mut self, _: &AgentId, _: bool) -> Result<(), ActionError> {
        cannot(Depth::Core, "EBS client")
    }

    fn network(&mut self, _: Network) -> Result<(), ActionError> {
        cannot(Depth::Core, "network between two hubs")
    }

    fn restart(&mut self) -> Result<(), ActionError> {
        self.core = Core::new();
        for record in &self.records {
            self.core.apply(record);
        }
        self.input(Input::Started)?;
        self.switch.start(self.now);
        Ok(())
    }

    fn settle(&mut self) -> Result<(), ActionError> {
        for _ in 0..ACTS_MAX {
            self.switch.tick(self.now);
            if let Some(message) = self.switch.poll() {
                self.handle(message)?;
            } else if self.core.deadline().is_some_and(|at| at <= self.now) {
                self.input(Input::Tick)?;
            } else {
                return Ok(());
            }
        }
        Err(format!("one action caused more than {ACTS_MAX} steps: it is an endless loop"))
    }

    fn observe(&mut self) -> Result<Observation, ActionError> {
        let mut history: Vec<InteractionSummary> = Vec::new();
        for record in &self.records {
            history.iter_mut().for_each(|summary| summary.apply(&record.event));
            if let Event::Interaction(InteractionEvent::Completed { summary, .. }) = &record.event {
                history.push((**summary).clone());
            }
        }
        history.reverse();
        Ok(Observation {
            snapshot: self.core.snapshot(self.now, &everybody()),
            history,
            records: self.records.clone(),
            calls: shown(self.switch.calls())?,
            posts: Default::default(),
            phones: None,
        })
    }

    fn patience(&self) -> Duration {
        Duration::ZERO
    }
}
