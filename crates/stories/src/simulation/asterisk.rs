//! The Asterisk server of a run: the actions of its callers and phones, its faults, and the connection to the node's session.

use ari::{Answer, DeskConfig, DeskSession};
use model::{Secret, SwitchId};
use rand::{Rng, RngExt};
use rand_chacha::ChaCha8Rng;
use scripted_asterisk::{Asterisk, Behavior, Caller, Chances, ClientOutput, Reply, State, cause};
use session::transport::any::{AnySession, erase};
use settings::Span;
use simulated::PhoneAction;
use uuid::Uuid;

use super::{
    Broken,
    actions::Action,
    ends::CALL_NAME,
    hub::Side,
    plan::{AGENTS, NUMBERS, asterisk_switch, switch_of},
    world::World,
};
use crate::node::LineId;

/// The Asterisk server, and the agents whose phones are connected to it.
pub(super) struct Site {
    pub(super) asterisk: Asterisk,
    pub(super) agents: Vec<&'static str>,
    pub(super) line: LineId,
    config: DeskConfig,
}

impl Site {
    /// Chooses at random which agents have their phones at Asterisk: in some runs none, in others some or all.
    pub(super) fn new(random: &mut ChaCha8Rng) -> Self {
        let agents = match random.random_range(0..4) {
            0 => Vec::new(),
            1 => vec![AGENTS[1], AGENTS[3], AGENTS[4]],
            _ => AGENTS.to_vec(),
        };
        let mut asterisk = Asterisk::new("cordboard", random.random());
        asterisk.behavior = Behavior { rings_after_ms: Some(60), ..Behavior::default() };
        asterisk.behaviors = behaviors(random).into_iter().collect();
        asterisk.chances(chances(random));
        let config = DeskConfig {
            trunk: Some("PJSIP/{number}@trunk".to_owned()),
            answer: if random.random_bool(0.4) { Answer::FromDesk } else { Answer::AtPhone },
            data: vec!["ServiceRequestNum".into(), CALL_NAME.into()],
            position_every: Span::s(if random.random_bool(0.5) { 5 } else { 0 }),
            position: vec!["number:{position}".into()],
            ..DeskConfig::new("127.0.0.1:8088", Secret::new("x"))
        };
        Self { asterisk, agents, line: 0, config }
    }

    /// Without random faults. Phones of the agents ring at their desks.
    pub(super) fn still(agents: Vec<&'static str>) -> Self {
        let mut asterisk = Asterisk::new("cordboard", 0);
        asterisk.behavior = Behavior { rings_after_ms: Some(60), ..Behavior::default() };
        let answers =
            Behavior { rings_after_ms: Some(200), reply: Reply::Answers { after_ms: 700 }, talk_ms: None };
        asterisk.behaviors = [(format!("PJSIP/{}@trunk", NUMBERS[0]), answers)].into_iter().collect();
        asterisk.chances(Chances { way_ms: 20, ..Chances::default() });
        let config = DeskConfig {
            trunk: Some("PJSIP/{number}@trunk".to_owned()),
            answer: Answer::FromDesk,
            data: vec!["ServiceRequestNum".into(), CALL_NAME.into()],
            ..DeskConfig::new("127.0.0.1:8088", Secret::new("x"))
        };
        Self { asterisk, agents, line: 0, config }
    }

    /// Creates a session for a new life of the node.
    pub(super) fn session(&self, life: u64) -> Result<AnySession, Broken> {
        let instance = Uuid::from_u128(u128::from(life) << 64);
        let desk = DeskSession::new(self.config.clone(), asterisk_switch(), instance);
        Ok(erase(desk.map_err(|error| error.to_string())?))
    }

    /// Whether a phone rings only at the desk, without a channel at Asterisk.
    pub(super) fn rings_at_desk(&self) -> bool {
        self.config.answer == Answer::FromDesk
    }

    pub(super) fn switch_of(&self, agent: &str) -> SwitchId {
        switch_of(agent, &self.agents)
    }
}

impl World {
    /// Sends a message of the session to Asterisk.
    pub(super) fn asterisk_output(&mut self, output: ClientOutput) {
        self.site.asterisk.take(self.now, output);
        self.carry();
    }

    /// Runs what is due at Asterisk, and delivers its messages to the node.
    pub(super) fn asterisk_acts(&mut self) {
        self.site.asterisk.tick(self.now);
        self.carry();
    }

    fn carry(&mut self) {
        for request in self.site.asterisk.requests() {
            self.count.requests += 1;
            self.note(format!("Asterisk receives {}", request.chars().take(300).collect::<String>()));
        }
        while let Some(output) = self.site.asterisk.poll() {
            if let Some(node) = &mut self.hubs[Side::Phones].node {
                node.wait(self.now);
                node.send(self.site.line, output);
            }
        }
    }

    /// Causes a random fault or an unexpected event at Asterisk.
    pub(super) fn asterisk_troubles(&mut self) -> Result<(), Broken> {
        let away_ms = self.random.random_range(0..8_000);
        match self.random.random_range(0..20) {
            0..8 => {
                self.note(format!("Asterisk cannot be reached for {away_ms} ms"));
                self.count.cuts += 1;
                self.site.asterisk.cut(self.now, away_ms);
            }
            8..11 => {
                self.note(format!("Asterisk restarts in {away_ms} ms"));
                self.count.restarts += 1;
                self.site.asterisk.restart(self.now, away_ms);
            }
            11 => {
                self.note("another program connects to Asterisk as the hub's application");
                self.site.asterisk.replace(self.now);
            }
            _ => {
                let (from, to) =
                    (self.one_of(&AGENTS), self.one_of(&[NUMBERS[0], NUMBERS[2], AGENTS[1], "7700"]));
                if self.site.agents.contains(&from) {
                    self.note(format!("somebody dials {to} at phone {from}"));
                    self.site.asterisk.dial(self.now, &endpoint(from), to);
                }
            }
        }
        self.carry();
        Ok(())
    }

    /// Whether a call to an agent or a queue arrives at Asterisk.
    pub(super) fn comes_by_asterisk(&mut self, to: &str) -> bool {
        if AGENTS.contains(&to) {
            return self.site.agents.contains(&to);
        }
        let share = self.site.agents.len() as f64 / AGENTS.len() as f64;
        self.random.random_bool(share)
    }

    /// Starts a call from outside to an agent or a queue.
    pub(super) fn call_asterisk(&mut self, to: &str, caller: &simulated::Caller) {
        let kind = if AGENTS.contains(&to) { "device" } else { "queue" };
        let pairs = caller.data.iter().map(|(name, value)| format!("{name}={value}"));
        let args = [kind.to_owned(), to.to_owned()].into_iter().chain(pairs).collect();
        let number = caller.from.as_ref().map(ToString::to_string).unwrap_or_default();
        let (patience_ms, talk_ms) = (caller.patience_ms, caller.talk_ms);
        let caller = Caller { number, exten: to.to_owned(), args, patience_ms, talk_ms };
        self.site.asterisk.call(self.now, &caller);
        self.carry();
    }

    /// Performs an action at a phone, as a person's hand does.
    pub(super) fn touch_asterisk(&mut self, phone: &str, action: PhoneAction) {
        let (now, asterisk) = (self.now, &mut self.site.asterisk);
        let states =
            asterisk.at(&endpoint(phone)).into_iter().map(|(id, channel)| (id.to_owned(), channel.state));
        let channels: Vec<(String, State)> = states.collect();
        let first =
            |wanted: State| channels.iter().find(|(_, state)| *state == wanted).map(|(id, _)| id.as_str());
        let (ringing, talking) = (first(State::Ringing), first(State::Up));
        match action {
            PhoneAction::Answer => ringing.into_iter().for_each(|id| asterisk.answers(now, id)),
            PhoneAction::Reject => {
                ringing.into_iter().for_each(|id| asterisk.hangs_up(now, id, cause::REJECTED));
            }
            PhoneAction::HangUp => {
                talking.into_iter().for_each(|id| asterisk.hangs_up(now, id, cause::NORMAL))
            }
            PhoneAction::Hold => talking.into_iter().for_each(|id| asterisk.holds(now, id, true)),
            PhoneAction::Resume => talking.into_iter().for_each(|id| asterisk.holds(now, id, false)),
            PhoneAction::Auto | PhoneAction::Manual => {}
        }
        self.carry();
    }

    /// Turns off all random faults of Asterisk.
    pub(super) fn still_asterisk(&mut self) {
        self.site.asterisk.chances(Chances { way_ms: 20, ..Chances::default() });
    }

    /// Interrupts the connection to Asterisk for a moment.
    pub(super) fn bounce_asterisk(&mut self) {
        self.site.asterisk.cut(self.now, 10);
        self.carry();
    }

    /// Hangs up every channel, one after the other.
    pub(super) fn everybody_leaves_asterisk(&mut self) {
        let channels: Vec<String> = self.site.asterisk.channels().keys().cloned().collect();
        channels.iter().for_each(|id| self.site.asterisk.hangs_up(self.now, id, cause::NORMAL));
        self.carry();
    }

    /// Schedules the events at Asterisk for the storm.
    pub(super) fn note_asterisk(&mut self) {
        if !self.site.agents.is_empty() {
            self.after(20_000, Action::Asterisk);
        }
    }
}

/// The endpoint of a phone.
fn endpoint(phone: &str) -> String {
    format!("PJSIP/{phone}")
}

/// The automatic behavior of phones and of numbers outside.
fn behaviors(random: &mut ChaCha8Rng) -> Vec<(String, Behavior)> {
    let outside = |number: &str| format!("PJSIP/{number}@trunk");
    let rings = |reply, talk_ms| Behavior { rings_after_ms: Some(200), reply, talk_ms };
    let mut known = vec![
        (outside(NUMBERS[0]), rings(Reply::Answers { after_ms: 700 }, None)),
        (outside(NUMBERS[1]), rings(Reply::Refuses(cause::BUSY), None)),
        (outside(NUMBERS[2]), rings(Reply::Answers { after_ms: 2_500 }, Some(6_000))),
        (outside("999"), rings(Reply::Refuses(cause::UNALLOCATED), None)),
    ];
    if random.random_bool(0.3) {
        known
            .extend(["1003", "1004"].map(|id| (endpoint(id), rings(Reply::Answers { after_ms: 800 }, None))));
    }
    known
}

/// Chooses the random faults of Asterisk. In some runs there are none.
fn chances(random: &mut impl Rng) -> Chances {
    let mut chance =
        |often: f64, most: f64| if random.random_bool(often) { random.random_range(0.0..most) } else { 0.0 };
    let (late_answer, late_event) = (chance(0.5, 0.15), chance(0.5, 0.1));
    let (lost_answer, refused, cut) = (chance(0.4, 0.02), chance(0.4, 0.08), chance(0.3, 0.01));
    let (repeated_request, repeated_event) = (chance(0.5, 0.2), chance(0.5, 0.15));
    Chances {
        way_ms: random.random_range(0..80),
        late_answer,
        late_event,
        late_ms: random.random_range(20..4_500),
        lost_answer,
        repeated_request,
        refused,
        repeated_event,
        reorder: random.random_bool(0.25),
        cut,
        cut_ms: random.random_range(0..6_000),
    }
}
