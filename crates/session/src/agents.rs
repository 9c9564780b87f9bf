//! The agents whom the peer of a switch serves: their wanted state, and the state that the peer knows.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fmt::Debug,
    sync::Arc,
    time::Duration,
};

use compact_str::CompactString;
use model::{
    AgentEvent, AgentId, AgentState, DeviceId, Event, Floor, FloorEvent, Number, Snapshot, SwitchEvent,
    SwitchId, Timestamp, reason,
};

use crate::{Backoff, Outputs, Reason, Timers, ToHub, Transport};

/// What a dialect stores for an agent: the state that the peer knows, and how much of it was sent.
pub trait PeerState: Debug + Default {
    /// The agent's credentials at the peer.
    type Credentials: Debug + Clone;

    /// The pauses before an unanswered request about an agent is sent to the peer again.
    const PAUSES: &'static [Duration] = &[];

    /// Resets the state after the peer lost it.
    fn forget(&mut self);

    /// Resets the state after the agent changed phones.
    fn device_changed(&mut self) {
        self.forget();
    }
}

/// An agent whom a peer serves.
#[derive(Debug)]
pub struct PeerAgent<S: PeerState> {
    /// The agent's ID at the peer.
    pub acd_id: CompactString,
    /// The agent's credentials at the peer.
    pub credentials: S::Credentials,
    /// The agent's phone.
    pub device: DeviceId,
    /// The state that the agent should have at the peer. `Busy` and `WrapUp` mean: signed in, with no change of state.
    pub wanted: AgentState,
    /// The state that the dialect stores.
    pub state: S,
    /// Whether the peer refused the agent. Nothing is tried until the wanted state changes.
    refused: bool,
    backoff: Backoff,
}

/// All agents whom a peer serves: those with a phone on its switch and with credentials.
#[derive(Debug)]
pub struct PeerAgents<S: PeerState> {
    switch: SwitchId,
    credentials: BTreeMap<CompactString, S::Credentials>,
    floor: Arc<Floor>,
    all: BTreeMap<AgentId, PeerAgent<S>>,
    by_device: BTreeMap<DeviceId, AgentId>,
    /// Agents that may need a request, each once.
    queue: VecDeque<AgentId>,
    queued: BTreeSet<AgentId>,
    /// When to retry agents whose last request was not answered.
    retries: Timers<AgentId>,
    /// Agents with a phone on the switch whom the peer cannot serve, and why.
    unserved: BTreeMap<AgentId, String>,
}

impl<S: PeerState> PeerAgents<S> {
    /// Creates an empty list; agents are added when the hub reports them. The keys of `credentials` are the agents' IDs at the peer.
    pub fn new(
        switch: SwitchId,
        credentials: impl IntoIterator<Item = (CompactString, S::Credentials)>,
    ) -> Self {
        Self {
            switch,
            credentials: credentials.into_iter().collect(),
            floor: Arc::default(),
            all: BTreeMap::new(),
            by_device: BTreeMap::new(),
            queue: VecDeque::new(),
            queued: BTreeSet::new(),
            retries: Timers::default(),
            unserved: BTreeMap::new(),
        }
    }

    /// Loads the agents of a snapshot. Tells the hub about agents who want to work and cannot be served.
    pub fn replace(&mut self, snapshot: &Snapshot, floor: &Arc<Floor>, out: &mut Outputs<impl Transport>) {
        self.load_floor(floor);
        for agent in &snapshot.agents {
            if let (Some(device), true) = (&agent.device, agent.state.is_signed_in()) {
                self.set_device(&agent.id, device);
            }
            self.change(&agent.id, &agent.state, out);
        }
    }

    /// Applies an event. Tells the hub about an agent who wants to work and cannot be served.
    pub fn apply(&mut self, event: &Event, out: &mut Outputs<impl Transport>) {
        if let Event::Floor(FloorEvent::Changed { floor }) = event {
            self.load_floor(floor);
        }
        if let Event::Agent(AgentEvent::SignedIn { agent, device, .. }) = event {
            self.set_device(agent, device);
            self.change(agent, &AgentState::NotReady { reason: reason::code(reason::SIGNED_IN) }, out);
        }
        if let Event::Agent(AgentEvent::StateChanged { agent, to, .. }) = event {
            self.change(agent, to, out);
        }
        if let Event::Agent(AgentEvent::SignedOut { agent, .. }) = event {
            self.change(agent, &AgentState::SignedOut, out);
        }
    }

    /// Sets the state that the agent should have at the peer. A new state clears a refusal, except the state that
    /// follows the refusal itself.
    pub fn set_wanted(&mut self, id: &AgentId, wanted: AgentState) {
        let Some(agent) = self.all.get_mut(id) else { return };
        let follows_refusal =
            matches!(&wanted, AgentState::NotReady { reason } if reason.as_str() == reason::PHONE_REFUSED);
        if !follows_refusal && (agent.refused || agent.wanted != wanted) {
            agent.refused = false;
            self.retries.cancel(id);
        }
        agent.wanted = wanted;
        self.enqueue(id);
    }

    /// Marks an agent as refused by the peer and notifies the hub. Nothing is tried until the agent's wanted state
    /// changes.
    pub fn refuse(&mut self, id: &AgentId, why: &str, out: &mut Outputs<impl Transport>) {
        if let Some(agent) = self.all.get_mut(id) {
            agent.refused = true;
        }
        out.push(ToHub::Switch(SwitchEvent::AgentRefused { agent: id.clone(), text: why.into() }));
    }

    /// Notes that the peer carried out a request about an agent, and returns the agent for changes.
    pub fn answered(&mut self, id: &AgentId) -> Option<&mut PeerAgent<S>> {
        let agent = self.get_mut(id)?;
        agent.backoff.reset();
        Some(agent)
    }

    /// Notes that the peer did not answer a request about an agent, which is sent again after an increasing pause.
    /// Returns the number of failures in a row, and the pause.
    pub fn unanswered(&mut self, id: &AgentId, now: Timestamp) -> Option<(usize, Duration)> {
        let agent = self.all.get_mut(id)?;
        let pause = agent.backoff.fail();
        self.retries.set(id.clone(), now + pause);
        Some((agent.backoff.failures(), pause))
    }

    /// Queues the agents whose pause is over.
    pub fn end_pauses(&mut self, now: Timestamp) {
        while let Some(id) = self.retries.take(now) {
            self.enqueue(&id);
        }
    }

    /// When the next pause is over.
    pub fn deadline(&self) -> Option<(Timestamp, Reason)> {
        self.retries.next().map(|(at, _)| (at, "the peer is to be asked again about an agent"))
    }

    /// Resets all agents after the peer lost its state.
    pub fn restart(&mut self) {
        for agent in self.all.values_mut() {
            agent.refused = false;
            agent.state.forget();
        }
        self.retries.clear();
        self.enqueue_all();
    }

    /// Queues an agent that may need a request.
    pub fn enqueue(&mut self, id: &AgentId) {
        if self.all.contains_key(id) && self.queued.insert(id.clone()) {
            self.queue.push_back(id.clone());
        }
    }

    /// The first agent that needs a request, with the request. The agent stays first until nothing is left to do for
    /// it.
    pub fn next_step<T>(&mut self, step: impl Fn(&PeerAgent<S>) -> Option<T>) -> Option<(AgentId, T)> {
        while let Some(id) = self.queue.front() {
            let agent = self.all.get(id).filter(|agent| !agent.refused && !self.retries.contains(id));
            if let Some(step) = agent.and_then(&step) {
                return Some((id.clone(), step));
            }
            self.queued.remove(id);
            self.queue.pop_front();
        }
        None
    }

    /// Takes all queued agents.
    pub fn take_queue(&mut self) -> Vec<AgentId> {
        self.queued.clear();
        let queue = std::mem::take(&mut self.queue).into_iter();
        queue.filter(|id| self.all.get(id).is_some_and(|agent| !agent.refused)).collect()
    }

    /// Returns one agent.
    pub fn get(&self, id: &AgentId) -> Option<&PeerAgent<S>> {
        self.all.get(id)
    }

    /// Returns one agent for changes, and queues it.
    pub fn get_mut(&mut self, id: &AgentId) -> Option<&mut PeerAgent<S>> {
        self.enqueue(id);
        self.all.get_mut(id)
    }

    /// The agent at a phone.
    pub fn at(&self, device: &str) -> Option<(&AgentId, &PeerAgent<S>)> {
        let id = self.by_device.get(device)?;
        Some((id, self.all.get(id)?))
    }

    /// All agents, in the order of their IDs.
    pub fn iter(&self) -> impl Iterator<Item = &PeerAgent<S>> {
        self.all.values()
    }

    /// Returns all agents for changes, and queues them.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut PeerAgent<S>> {
        self.enqueue_all();
        self.all.values_mut()
    }

    /// The floor.
    pub fn floor(&self) -> &Floor {
        &self.floor
    }

    /// Selects the agents whose phones are on this switch and whose credentials are configured. A phone whose ID is not
    /// a number cannot be served, because calls need a number.
    fn load_floor(&mut self, floor: &Arc<Floor>) {
        self.floor = Arc::clone(floor);
        self.unserved.clear();
        let mut before = std::mem::take(&mut self.all);
        for plan in floor.agents.iter().filter(|plan| plan.switch == self.switch) {
            let acd_id = plan.acd_id.clone().unwrap_or_else(|| plan.id.as_str().into());
            let why = match self.credentials.get(&acd_id) {
                None => {
                    format!("agent {acd_id} has no credentials in the configuration of the switch; add them")
                }
                Some(_) if Number::new(plan.device.as_str()).is_err() => {
                    format!("phone {} is not a number that can be dialed", plan.device)
                }
                Some(credentials) => {
                    let agent = before.remove(&plan.id).filter(|agent| agent.acd_id == acd_id);
                    let agent = agent.unwrap_or_else(|| PeerAgent {
                        acd_id,
                        credentials: credentials.clone(),
                        device: plan.device.clone(),
                        wanted: AgentState::SignedOut,
                        state: S::default(),
                        refused: false,
                        backoff: Backoff::new(S::PAUSES),
                    });
                    self.all.insert(plan.id.clone(), agent);
                    continue;
                }
            };
            self.unserved.insert(plan.id.clone(), why);
        }
        self.by_device = self.all.iter().map(|(id, agent)| (agent.device.clone(), id.clone())).collect();
        self.enqueue_all();
    }

    /// Notes the phone that an agent signed in at.
    fn set_device(&mut self, id: &AgentId, device: &DeviceId) {
        let Some(agent) = self.all.get_mut(id).filter(|agent| agent.device != *device) else { return };
        if Number::new(device.as_str()).is_ok() {
            agent.device.clone_from(device);
            agent.state.device_changed();
            self.by_device.retain(|_, at| at != id);
            self.by_device.insert(device.clone(), id.clone());
        }
    }

    fn change(&mut self, id: &AgentId, state: &AgentState, out: &mut Outputs<impl Transport>) {
        self.set_wanted(id, state.clone());
        let wants_to_work = match state {
            AgentState::Ready => true,
            AgentState::NotReady { reason } => reason.as_str() == reason::SIGNED_IN,
            AgentState::SignedOut | AgentState::Busy | AgentState::WrapUp => false,
        };
        if let Some(why) = self.unserved.get(id).filter(|_| wants_to_work).cloned() {
            self.refuse(id, &why, out);
        }
    }

    fn enqueue_all(&mut self) {
        for id in self.all.keys().filter(|id| self.queued.insert((*id).clone())) {
            self.queue.push_back(id.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use model::AgentPlan;

    use super::*;
    use crate::Output;

    const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(5)];

    /// Whether it was sent to the peer that the agent is signed in.
    #[derive(Debug, Default)]
    struct IsSignedIn(bool);

    impl PeerState for IsSignedIn {
        type Credentials = ();

        const PAUSES: &'static [Duration] = &PAUSES;

        fn forget(&mut self) {
            self.0 = false;
        }
    }

    /// The peer, the hub, and what was reported to the hub.
    struct Scene(PeerAgents<IsSignedIn>, Outputs<crate::Http>);

    impl Scene {
        /// Agents with one phone each, of whom the peer has credentials for all but `z`.
        fn new(agents: &[(&str, &str)]) -> Self {
            let switch = SwitchId::new("pbx").unwrap();
            let known = agents.iter().filter(|(agent, _)| *agent != "z");
            let agents = PeerAgents::new(switch, known.map(|(agent, _)| (CompactString::from(*agent), ())));
            Self(agents, Outputs::default())
        }

        fn plan(&mut self, agents: &[(&str, &str)]) {
            let plan = |(agent, device): &(&str, &str)| AgentPlan {
                id: id(agent),
                name: (*agent).into(),
                device: DeviceId::new(device).unwrap(),
                switch: SwitchId::new("pbx").unwrap(),
                queues: Vec::new(),
                acd_id: None,
                peer_ids: BTreeMap::new(),
            };
            let floor = Floor { agents: agents.iter().map(plan).collect(), ..Floor::default() };
            self.apply(Event::Floor(FloorEvent::Changed { floor: Arc::new(floor) }));
        }

        fn sign_in(&mut self, agent: &str, device: &str) {
            let (switch, queues) = (SwitchId::new("pbx").unwrap(), Vec::new());
            let device = DeviceId::new(device).unwrap();
            self.apply(Event::Agent(AgentEvent::SignedIn { agent: id(agent), device, switch, queues }));
        }

        fn apply(&mut self, event: Event) {
            self.0.apply(&event, &mut self.1);
        }

        /// The agents of which the peer is to be notified next that the agent is signed in, or is not.
        fn next(&mut self) -> Option<(String, bool)> {
            let step = |agent: &PeerAgent<IsSignedIn>| {
                let wanted = agent.wanted.is_signed_in();
                (agent.state.0 != wanted).then_some(wanted)
            };
            self.0.next_step(step).map(|(id, step)| (id.to_string(), step))
        }

        fn done(&mut self, agent: &str, step: bool) {
            self.0.answered(&id(agent)).unwrap().state.0 = step;
        }

        /// Who was refused since the last call.
        fn refusals(&mut self) -> Vec<String> {
            let outputs = std::iter::from_fn(|| self.1.poll());
            let refused = outputs.filter_map(|output| {
                let Output::Hub(ToHub::Switch(SwitchEvent::AgentRefused { agent, .. })) = output else {
                    return None;
                };
                Some(agent.to_string())
            });
            refused.collect()
        }
    }

    fn id(agent: &str) -> AgentId {
        AgentId::new(agent).unwrap()
    }

    fn scene(agents: &[(&str, &str)]) -> Scene {
        let mut scene = Scene::new(agents);
        scene.plan(agents);
        scene
    }

    fn step(agent: &str, step: bool) -> Option<(String, bool)> {
        Some((agent.to_owned(), step))
    }

    #[test]
    fn an_agent_stays_the_first_one_until_nothing_is_left() {
        let mut scene = scene(&[("a", "1001"), ("b", "1002")]);
        assert_eq!(scene.next(), None);
        scene.sign_in("b", "1002");
        scene.sign_in("a", "1001");
        scene.sign_in("b", "1002");
        assert_eq!([scene.next(), scene.next()], [step("b", true), step("b", true)]);
        scene.done("b", true);
        assert_eq!(scene.next(), step("a", true));
        scene.done("a", true);
        assert_eq!(scene.next(), None);
        scene.0.restart();
        assert_eq!(scene.next(), step("a", true));
    }

    #[test]
    fn after_a_refusal_nothing_is_tried_before_the_next_request() {
        let mut scene = scene(&[("a", "1001")]);
        scene.sign_in("a", "1001");
        scene.0.refuse(&id("a"), "no", &mut scene.1);
        assert_eq!((scene.refusals(), scene.next()), (vec!["a".to_owned()], None));
        let refused = AgentState::NotReady { reason: reason::code(reason::PHONE_REFUSED) };
        scene.0.set_wanted(&id("a"), refused);
        assert_eq!((scene.next(), scene.0.take_queue()), (None, Vec::new()));
        scene.0.set_wanted(&id("a"), AgentState::Ready);
        assert_eq!(scene.next(), step("a", true));
    }

    #[test]
    fn what_is_not_answered_is_requested_again_after_a_pause() {
        let mut scene = scene(&[("a", "1001")]);
        scene.sign_in("a", "1001");
        let unanswered = |scene: &mut Scene, at| scene.0.unanswered(&id("a"), Timestamp(at)).unwrap();
        assert_eq!(unanswered(&mut scene, 0), (1, PAUSES[0]));
        assert_eq!((scene.next(), scene.0.deadline().unwrap().0), (None, Timestamp(1_000)));
        scene.0.end_pauses(Timestamp(1_000));
        assert_eq!((scene.next(), scene.0.deadline()), (step("a", true), None));
        assert_eq!(unanswered(&mut scene, 1_000), (2, PAUSES[1]));
        scene.0.set_wanted(&id("a"), AgentState::Ready);
        assert_eq!(scene.next(), step("a", true), "somebody asks again");
        scene.done("a", true);
        assert_eq!(unanswered(&mut scene, 2_000), (1, PAUSES[0]));
    }

    #[test]
    fn who_cannot_be_served_is_refused_when_it_wants_to_work() {
        let mut scene = scene(&[("a", "desk"), ("z", "1001")]);
        scene.sign_in("a", "desk");
        scene.sign_in("z", "1001");
        assert_eq!(scene.refusals(), ["a", "z"]);
        scene.0.set_wanted(&id("z"), AgentState::Ready);
        assert_eq!((scene.next(), scene.0.get(&id("z")).is_none()), (None, true));
    }

    #[test]
    fn agents_who_exchange_their_phones_are_found_at_them() {
        let mut scene = scene(&[("a", "1001"), ("b", "1002")]);
        scene.sign_in("a", "1002");
        scene.done("a", true);
        scene.sign_in("b", "1001");
        let at = |scene: &Scene, device: &str| scene.0.at(device).map(|(id, _)| id.to_string());
        assert_eq!([at(&scene, "1001"), at(&scene, "1002")], [Some("b".to_owned()), Some("a".to_owned())]);
        scene.sign_in("a", "1003");
        assert_eq!([at(&scene, "1002"), at(&scene, "1003")], [None, Some("a".to_owned())]);
        assert!(!scene.0.get(&id("a")).unwrap().state.0, "the peer has to be told of the new phone");
    }
}
