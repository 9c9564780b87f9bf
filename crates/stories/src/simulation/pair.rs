//! A pair of phones and a desk: a call is played through both, without faults, and every hub must show what its ends carry.
//!
//! The hub under test has the phones' end, and the telephony ends of two desks. The first agent works at the desk of the pair, the second
//! one at another desk. The peers are hubs with the other ends of the same dialects.

use std::{collections::BTreeSet, sync::Arc};

use model::{
    AgentId, ConversationState, Event, Floor, Interaction, InteractionEvent, LinkageId, PartyKind, Record,
    Timestamp, Verb,
};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use session::dialect::{
    Dialect as Description,
    calls::{CallEnd, CallEndOf, Pairs, Step},
};
use simulated::{Caller, Chances, Config, SwitchSession};

use super::{
    Broken, Failure, Trace,
    asterisk::Site,
    ends::{CALL_NAME, Dialect, Ends, SERVICE_NAME},
    hub::Side,
    network::{Sent, SimulatedNetwork},
    people::own,
    plan::{AGENTS, NUMBERS, agent, contacts, desk_floor, floor, number, switch_of},
    world::World,
};
use crate::depth::control;

/// The dialects whose ends form pairs.
const DIALECTS: [&Description; 7] = [
    &simulated::DIALECT,
    &uwq::DIALECT,
    &talisma::DIALECT,
    &harmony::DIALECT,
    &crm_connector::DIALECT,
    &max::DIALECT,
    &ari::DIALECT,
];

/// The caller of a pair's calls, who is in the directory.
const CUSTOMER: &str = NUMBERS[2];

/// The value of [`SERVICE_NAME`] in each call.
const SERVICE_REQUEST: &str = "24531";

/// The time in which a step reaches all hubs. Milliseconds.
const STEP_MS: u64 = 4_000;

/// Longer than the longest wrap-up. Milliseconds.
const WRAP_UP_MS: u64 = 15_000;

/// Phones and a desk, and the desk of the second agent.
#[derive(Debug, Clone, Copy)]
pub struct Pair {
    /// The end of the phones.
    pub phones: CallEndOf,
    /// The desk of the first agent.
    pub desk: CallEndOf,
    /// The desk of the second agent.
    pub second: CallEndOf,
}

impl Pair {
    /// Every pair. The second agent works at the desk that is next in the list.
    pub fn all() -> Vec<Self> {
        let Pairs { phones, desks } = Pairs::new(&DIALECTS);
        let of = |phones: CallEndOf| {
            let second = desks.iter().cycle().skip(1);
            desks.iter().zip(second).map(move |(desk, second)| Self { phones, desk: *desk, second: *second })
        };
        phones.iter().flat_map(|phones| of(*phones)).collect()
    }

    /// The name of the pair.
    pub fn name(&self) -> String {
        format!("{} × {}", self.phones.end.peer, self.desk.end.peer)
    }

    /// Plays calls through the pair. Returns the trace.
    pub fn play(&self) -> Result<Vec<String>, Failure> {
        let mut run = Run::new(*self);
        match run.play() {
            Ok(()) => Ok(run.world.trace.tail()),
            Err(text) => Err(Failure {
                seed: 0,
                text: format!("{}: {text}", self.name()),
                tail: run.world.trace.tail(),
            }),
        }
    }
}

/// A run of a pair.
struct Run {
    pair: Pair,
    world: World,
    /// The hub under test.
    hub: Side,
    calls: usize,
    /// How many records the hub under test had when the current call began.
    before: usize,
}

/// An agent of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    First,
    Second,
}

impl Who {
    const ALL: [Self; 2] = [Self::First, Self::Second];

    fn id(self) -> AgentId {
        agent(AGENTS[self as usize])
    }
}

impl Run {
    fn new(pair: Pair) -> Self {
        let phones = Dialect::of(pair.phones.dialect);
        let hub = if phones.is_some() { Side::Desks } else { Side::Phones };
        let at_asterisk = if pair.phones.dialect == ari::DIALECT.name { AGENTS.to_vec() } else { Vec::new() };
        let ends =
            Ends::of_pair(phones, hub, &[Dialect::of(pair.desk.dialect), Dialect::of(pair.second.dialect)]);
        let mut random = ChaCha8Rng::seed_from_u64(0);
        let mut network = SimulatedNetwork::new(&mut random);
        network.still();
        let world = World::with(Trace::new(0, 100_000), random, Site::still(at_asterisk), ends, network);
        Self { pair, world, hub, calls: 0, before: 0 }
    }

    fn play(&mut self) -> Result<(), Broken> {
        self.begin()?;
        self.features_are_declared()?;
        self.held_and_transferred()?;
        self.conferenced()?;
        self.dialed()?;
        self.transferred_blindly()?;
        self.world.end()
    }

    /// Starts all hubs and signs both agents in at each.
    fn begin(&mut self) -> Result<(), Broken> {
        self.world.storms = false;
        let switch =
            SwitchSession::new(switch(&self.world.site.agents)).map_err(|error| error.to_string())?;
        self.world.resting = Some(session::transport::any::erase(switch));
        let sides = self.world.ends.sides();
        for side in &sides {
            self.world.start(*side)?;
            // EBS clients sign in for a queue.
            let first = floor(&self.world.site.agents, &self.world.ends);
            let floor = match side {
                Side::Phones => first,
                Side::Desks | Side::Beyond => {
                    Floor { queues: first.queues, ..desk_floor(*side, &self.world.ends) }
                }
            };
            if let Some(node) = &mut self.world.hubs[*side].node {
                node.contacts(&contacts()).map_err(|error| error.to_string())?;
                node.floor(floor, 0);
                Who::ALL.into_iter().for_each(|who| node.desk(who.id(), true));
            }
        }
        self.pass(1_000)?;
        self.world.open_windows();
        self.pass(STEP_MS)?;
        for side in sides {
            for who in Who::ALL {
                self.command(side, who, Verb::SignIn { device: None, queues: None })?;
            }
            self.pass(STEP_MS)?;
        }
        Ok(())
    }

    /// Checks that the switch of the phones has exactly the features of the steps that its end declares.
    fn features_are_declared(&self) -> Result<(), Broken> {
        let snapshot = self.world.hubs[self.hub].snapshot(self.world.now)?;
        let id = match Dialect::of(self.pair.phones.dialect) {
            Some(dialect) => dialect.switch(),
            None => switch_of(AGENTS[0], &self.world.site.agents),
        };
        let view = snapshot.switches.iter().find(|view| view.id == id && view.up);
        let features = &view.ok_or_else(|| format!("switch {id} is not up"))?.features;
        let declared =
            |step: Step| step.feature().is_none_or(|it| features.contains(&it) == self.phones_carry(step));
        match Step::ALL.into_iter().find(|step| !declared(*step)) {
            None => Ok(()),
            Some(step) => {
                Err(format!("the features of {id} differ from its declaration at {step:?}: {features:?}"))
            }
        }
    }

    /// The first call: it rings, is answered, held, resumed, and transferred after a consultation.
    fn held_and_transferred(&mut self) -> Result<(), Broken> {
        self.rings()?;
        self.shows(Who::First, ConversationState::Talking, &[])?;
        self.does(Who::First, Step::Hold, Verb::Hold { leg: None })?;
        self.shows(Who::First, ConversationState::Held, &[Step::Hold])?;
        self.does(Who::First, Step::Hold, Verb::Resume { leg: None })?;
        self.shows(Who::First, ConversationState::Talking, &[Step::Hold])?;
        self.consulted()?;
        self.does(Who::First, Step::WarmTransfer, Verb::CompleteTransfer)?;
        self.customer_is_with_the_second(&[Step::Consult, Step::WarmTransfer])?;
        self.linked(&[Step::Consult, Step::WarmTransfer])?;
        self.hangs_up(Who::Second)?;
        self.nobody_talks()
    }

    /// The second call: it becomes a conference with the second agent, who stays with the customer.
    fn conferenced(&mut self) -> Result<(), Broken> {
        self.rings()?;
        self.consulted()?;
        self.does(Who::First, Step::Conference, Verb::Merge)?;
        let side = self.side(Who::First, Step::Conference);
        let parties = self.live(side, Who::First)?.primary.map(|leg| leg.parties.len()).unwrap_or_default();
        if parties < 2 {
            return Err(format!("the conference has {parties} other parties at {}", side.name()));
        }
        self.linked(&[Step::Consult, Step::Conference])?;
        self.hangs_up(Who::First)?;
        self.customer_is_with_the_second(&[Step::Consult, Step::Conference])?;
        self.hangs_up(Who::Second)?;
        self.nobody_talks()
    }

    /// The first agent dials a number outside, which answers.
    fn dialed(&mut self) -> Result<(), Broken> {
        self.world.note("--- the first agent dials");
        self.pass(WRAP_UP_MS)?;
        self.before = self.world.hubs[self.hub].journal.len();
        let to = number(NUMBERS[0]);
        self.does(Who::First, Step::Dial, Verb::Dial { to, data: Default::default() })?;
        self.shows(Who::First, ConversationState::Talking, &[Step::Dial])?;
        self.linked(&[Step::Dial])?;
        self.hangs_up(Who::First)?;
        self.nobody_talks()
    }

    /// The first agent transfers a call to the second one without a consultation.
    fn transferred_blindly(&mut self) -> Result<(), Broken> {
        self.rings()?;
        let to = number(AGENTS[1]);
        self.does(Who::First, Step::BlindTransfer, Verb::Transfer { to })?;
        self.does(Who::Second, Step::Answer, Verb::Answer)?;
        self.customer_is_with_the_second(&[Step::BlindTransfer])?;
        self.linked(&[Step::BlindTransfer])?;
        self.hangs_up(Who::Second)?;
        self.nobody_talks()
    }

    /// A customer calls the queue, and the first agent answers. The desk shows the customer and the data.
    fn rings(&mut self) -> Result<(), Broken> {
        self.pass(WRAP_UP_MS)?;
        self.before = self.world.hubs[self.hub].journal.len();
        self.calls += 1;
        let call = format!("call {}", self.calls);
        self.world.note(format!("--- {call}"));
        self.ready()?;
        let data = [(SERVICE_NAME, SERVICE_REQUEST), (CALL_NAME, &call)].into_iter().collect();
        let caller = Caller { from: Some(number(CUSTOMER)), data, ..Caller::to(number("7700")) };
        if self.world.site.agents.is_empty() {
            self.world.request(Side::Phones, self.world.switch, control::caller(&caller), Sent::Control);
        } else {
            self.world.call_asterisk("7700", &caller);
        }
        self.pass(STEP_MS)?;
        self.shows(Who::First, ConversationState::Alerting, &[])?;
        // The desk end of the connector requests the record, and with it for the data, when the call is answered.
        let is_early =
            ![self.pair.phones, self.pair.desk].iter().any(|end| end.dialect == crm_connector::DIALECT.name);
        self.popped(Who::First, is_early)?;
        self.does(Who::First, Step::Answer, Verb::Answer)?;
        self.popped(Who::First, true)
    }

    /// Makes the first agent ready at the hub with the phones, where calls are queued.
    fn ready(&mut self) -> Result<(), Broken> {
        self.command(Side::Phones, Who::First, Verb::Ready)
    }

    /// The first agent calls the second one, who answers.
    fn consulted(&mut self) -> Result<(), Broken> {
        let side = self.side(Who::First, Step::Consult);
        if self.world.ends.dialect_of(side, AGENTS[0]) == Some(Dialect::Connector)
            && side == self.far(Who::First)
        {
            self.world.note("--- First agent: consult by a click in the CRM page");
            self.world.click(side, &Who::First.id(), AGENTS[1]);
            self.pass(STEP_MS)?;
            self.agree()?;
        } else {
            let to = number(AGENTS[1]);
            self.does(Who::First, Step::Consult, Verb::Consult { to, data: Default::default() })?;
        }
        self.does(Who::Second, Step::Answer, Verb::Answer)
    }

    fn hangs_up(&mut self, who: Who) -> Result<(), Broken> {
        self.does(who, Step::HangUp, Verb::HangUp { leg: None })
    }

    /// An agent does a step at the farthest place that the ends carry it from.
    fn does(&mut self, who: Who, step: Step, verb: Verb) -> Result<(), Broken> {
        let side = self.side(who, step);
        self.world.note(format!("--- {who:?} agent: {} at {}", step.as_str(), side.name()));
        self.command(side, who, verb)?;
        self.pass(STEP_MS)?;
        self.agree().map_err(|text| format!("after {}: {text}", step.as_str()))
    }

    /// The desk of an agent.
    fn desk(&self, who: Who) -> CallEnd {
        if who == Who::First { self.pair.desk.end } else { self.pair.second.end }
    }

    /// The hub where an agent's desk is.
    fn far(&self, who: Who) -> Side {
        let desk = if who == Who::First { self.pair.desk } else { self.pair.second };
        match (Dialect::of(desk.dialect), self.hub) {
            (None, hub) => hub,
            (Some(_), Side::Phones) => Side::Desks,
            (Some(_), Side::Desks | Side::Beyond) => Side::Beyond,
        }
    }

    fn phones_carry(&self, step: Step) -> bool {
        self.pair.phones.end.limit(step).is_none()
    }

    /// The hub where an agent does a step: at the desk, at the hub, or at the phones' own hub.
    fn side(&self, who: Who, step: Step) -> Side {
        match (self.phones_carry(step), self.desk(who).limit(step).is_none()) {
            (true, true) => self.far(who),
            (true, false) => self.hub,
            (false, _) => Side::Phones,
        }
    }

    /// Sends a command and checks that it is accepted.
    fn command(&mut self, side: Side, who: Who, verb: Verb) -> Result<(), Broken> {
        let id = who.id();
        let name = verb.name();
        let command = self.world.hubs[side].number(own(&id), id.clone(), None, verb);
        let key = (command.by.account.clone(), command.id.clone());
        self.world.send(side, command);
        self.pass(500)?;
        match self.world.hubs[side].answers.get(&key).map(|answer| &answer.result) {
            Some(Ok(_)) => Ok(()),
            answered => Err(format!("{} answers {answered:?} to {name:?} of agent {id}", side.name())),
        }
    }

    fn pass(&mut self, ms: u64) -> Result<(), Broken> {
        self.world.run_until(Timestamp(self.world.now.0 + ms))
    }

    fn live(&self, side: Side, who: Who) -> Result<Interaction, Broken> {
        let snapshot = self.world.hubs[side].snapshot(self.world.now)?;
        let of = |one: &Interaction| one.agent == who.id() && one.switch.is_some() && one.state.is_live();
        let mut all = snapshot.interactions.into_iter().map(|view| view.interaction).filter(of);
        all.next().ok_or_else(|| format!("{who:?} agent has no call at {}", side.name()))
    }

    /// The hubs that must show a step: those between which both ends carry it, and the hub with the phones.
    fn shown_at(&self, who: Who, steps: &[Step]) -> BTreeSet<Side> {
        let mut sides = BTreeSet::from([Side::Phones]);
        if steps.iter().all(|step| self.phones_carry(*step)) {
            sides.insert(self.hub);
            let far = self.far(who);
            let desk = self.desk(who);
            let has_calls = self.world.ends.dialect_of(far, AGENTS[who as usize]).is_some();
            if has_calls && steps.iter().all(|step| desk.limit(*step).is_none()) {
                sides.insert(far);
            }
        }
        sides
    }

    /// Checks the state of an agent's call at each hub that must show it.
    fn shows(&mut self, who: Who, state: ConversationState, steps: &[Step]) -> Result<(), Broken> {
        for side in self.shown_at(who, steps) {
            let one = self.live(side, who)?;
            let has = one.primary.as_ref().map(|leg| leg.state);
            if has != Some(state) {
                return Err(format!(
                    "{who:?} agent's call is {has:?} at {}, expected {state:?}",
                    side.name()
                ));
            }
        }
        Ok(())
    }

    /// Checks that the desk of an agent shows the customer and the data of the call.
    fn popped(&self, who: Who, with_data: bool) -> Result<(), Broken> {
        let call = format!("call {}", self.calls);
        for side in BTreeSet::from([self.hub, self.far(who)]) {
            let snapshot = self.world.hubs[side].snapshot(self.world.now)?;
            let of = |one: &&Interaction| one.agent == who.id() && one.state.is_live();
            let all: Vec<&Interaction> =
                snapshot.interactions.iter().map(|view| &view.interaction).filter(of).collect();
            let Some(one) = all.iter().find(|one| is_customer(one)) else {
                return Err(format!("{} does not show the customer: {all:?}", side.name()));
            };
            let is_desk = side != self.hub;
            let is_carried = with_data
                && self.phones_carry(Step::Data)
                && (!is_desk || self.desk(who).limit(Step::Data).is_none());
            let pops = one.pops.iter().map(|pop| &pop.data);
            let mut values = std::iter::once(&one.data).chain(pops).flat_map(|data| data.iter());
            if is_carried && !values.any(|(_, value)| [call.as_str(), SERVICE_REQUEST].contains(&value)) {
                return Err(format!("{} does not show the data of {call}: {:?}", side.name(), one.data));
            }
        }
        Ok(())
    }

    /// Checks that the second agent talks with the customer, and the first one with nobody.
    fn customer_is_with_the_second(&mut self, steps: &[Step]) -> Result<(), Broken> {
        for side in self.shown_at(Who::Second, steps) {
            let one = self.live(side, Who::Second)?;
            if !is_customer(&one) {
                return Err(format!("{} shows {:?} to the second agent", side.name(), one.customer));
            }
        }
        for side in self.shown_at(Who::First, steps) {
            if let Ok(one) = self.live(side, Who::First) {
                return Err(format!("{} still has a call of the first agent: {:?}", side.name(), one.state));
            }
        }
        Ok(())
    }

    /// Checks that all interactions of the current call have one linkage at the hub under test, if its phones carry the steps.
    fn linked(&self, steps: &[Step]) -> Result<(), Broken> {
        let records = self.world.hubs[self.hub].journal.records().iter().skip(self.before);
        let opened = |record: &Arc<Record>| {
            let Event::Interaction(InteractionEvent::Opened { interaction }) = &record.event else {
                return None;
            };
            Some(interaction.linkage)
        };
        let linkages: BTreeSet<LinkageId> = records.filter_map(opened).collect();
        match linkages.len() {
            1 => Ok(()),
            count if steps.iter().all(|step| self.phones_carry(*step)) => {
                Err(format!("the call has {count} linkages at {}", self.hub.name()))
            }
            _ => Ok(()),
        }
    }

    fn agree(&mut self) -> Result<(), Broken> {
        for joint in self.world.ends.joints.clone() {
            self.world.calls_agree(joint.hubs)?;
        }
        Ok(())
    }

    fn nobody_talks(&mut self) -> Result<(), Broken> {
        for side in self.world.ends.sides() {
            for who in Who::ALL {
                if let Ok(one) = self.live(side, who) {
                    return Err(format!("{} still has a call of the {who:?} agent: {one:?}", side.name()));
                }
            }
        }
        Ok(())
    }
}

fn is_customer(one: &Interaction) -> bool {
    let is_it = |at: &PartyKind| matches!(at, PartyKind::Outside(number) if number.as_str().ends_with(&CUSTOMER[1..]));
    is_it(&one.customer.at)
        || one
            .pops
            .iter()
            .any(|pop| pop.ani.as_ref().is_some_and(|ani| ani.as_str().ends_with(&CUSTOMER[1..])))
}

/// The built-in switch, without faults.
fn switch(at_asterisk: &[&str]) -> Config {
    let mut random = ChaCha8Rng::seed_from_u64(0);
    Config {
        auto_answer: Vec::new(),
        faults: Chances::default(),
        delivery_ms: 0,
        ..super::plan::config(&mut random, at_asterisk)
    }
}
