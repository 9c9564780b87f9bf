//! The settings of the switch in the configuration.

use model::{DeviceId, Floor, Number, QueueId, Role, SwitchId};
use session::dialect::{Context, Declaration, Dialect, End, Finding, HttpBinding, HttpPath, made};
use settings::{Span, section};

use crate::{Behavior, Chance, Chances, Config, Outside, Reply, SwitchSession};

/// The switch as a dialect.
pub const DIALECT: Dialect = Dialect {
    name: "simulated",
    product: "built-in switch",
    docs: "cli.md",
    package: env!("CARGO_PKG_NAME"),
    ends: &[Declaration::once::<SwitchSettings>(
        "",
        &["The built-in switch, with phones and callers to play with."],
    )],
};

section! {
    /// The built-in switch.
    pub SwitchSettings {
        /// The ID of the switch in the floor.
        id: SwitchId = default(usual_id()),
        /// Phones in addition to those of the floor's agents.
        phones: Vec<DeviceId> = default(Vec::new()),
        /// Phones that answer by themselves. The others wait for `cordboard phone`.
        auto_answer: Vec<DeviceId> = default(Vec::new()),
        /// How long such a phone rings before it answers.
        auto_answer_after: Span = default(Span::s(1)),
        /// The time from dialing to ringing.
        delivery: Span = default(Span::ms(0)),
        /// How long an outside number rings before it answers.
        outside_answers_after: Span = default(Span::s(3)),
        /// How long it talks before it hangs up. When not set, the agent must hang up.
        outside_talks: Span = option("\"1m\""),
        /// Outside numbers that are always busy.
        outside_busy: Vec<Number> = default(Vec::new()),
        /// The seed of all randomness. The same seed and the same inputs give the same calls.
        seed: u64 = default(0),
        /// The most calls at a time.
        calls_max: usize = default(10_000),
        /// Random faults, to test how desks handle them. Probabilities are numbers from 0 to 1.
        faults: FaultSettings = section(),
    }
}

section! {
    /// Random faults.
    pub FaultSettings {
        /// Probability, for each event of a call, that the link to the hub is lost.
        lost_link: Chance = default(Chance::default()),
        /// How long the link stays lost.
        link_down: Span = default(Span::s(5)),
        /// Probability, for each event of a call, that the event is delayed.
        late_event: Chance = default(Chance::default()),
        /// How long it is delayed.
        late: Span = default(Span::ms(500)),
        /// Whether later events of the same call can overtake a delayed one.
        reorder: bool = default(false),
        /// Probability, for each event of a call, that the event is sent twice.
        repeated_event: Chance = default(Chance::default()),
        /// Probability, for each request, that it is refused.
        refused_request: Chance = default(Chance::default()),
        /// Probability, for each event of a call, that the call vanishes without an event.
        vanished_call: Chance = default(Chance::default()),
    }
}

impl End for SwitchSettings {
    type Session = SwitchSession;

    fn switch(&self) -> Option<&SwitchId> {
        Some(&self.id)
    }

    fn binding(&self) -> HttpBinding {
        HttpBinding::Path(HttpPath {
            path: "/api/v1/simulated",
            roles: Some(&[Role::Admin, Role::Supervisor, Role::Integration]),
            hosts: Vec::new(),
            body_bytes_max: None,
        })
    }

    fn session(&self, context: &Context) -> Result<Self::Session, Finding> {
        made("", SwitchSession::new(self.config(&context.floor)))
    }

    /// The phones are those of the floor, which a check does not have.
    fn findings(&self) -> Vec<Finding> {
        Vec::new()
    }

    fn summary(&self) -> String {
        format!("{}, handled by `cordboard call` and `cordboard phone`", self.id)
    }
}

fn usual_id() -> SwitchId {
    SwitchId::new("simulated").unwrap_or_else(|_| unreachable!("the name is short and plain"))
}

impl SwitchSettings {
    /// The configuration for a floor: a phone for each of its agents on this switch, and a number for each queue.
    fn config(&self, floor: &Floor) -> Config {
        let agents = floor.agents.iter().filter(|agent| agent.switch == self.id);
        let mut devices: Vec<DeviceId> =
            agents.map(|agent| agent.device.clone()).chain(self.phones.clone()).collect();
        devices.sort();
        devices.dedup();
        let queues: Vec<QueueId> = floor.queues.iter().map(|queue| queue.id.clone()).collect();
        Config {
            devices,
            queues,
            auto_answer: self.auto_answer.clone(),
            auto_answer_ms: self.auto_answer_after.as_ms(),
            delivery_ms: self.delivery.as_ms(),
            outside: self.outside(),
            seed: self.seed,
            calls_max: self.calls_max,
            faults: self.faults.chances(),
            ..Config::default()
        }
    }

    fn outside(&self) -> Outside {
        let talk_ms = self.outside_talks.map(Span::as_ms);
        let busy = Behavior { reply: Reply::Busy, talk_ms: None };
        Outside {
            others: Behavior::answers(self.outside_answers_after.as_ms(), talk_ms),
            numbers: self.outside_busy.iter().map(|number| (number.clone(), busy)).collect(),
            ..Outside::default()
        }
    }
}

impl FaultSettings {
    fn chances(&self) -> Chances {
        Chances {
            lost_link: self.lost_link,
            link_down_ms: self.link_down.as_ms(),
            late_event: self.late_event,
            late_ms: self.late.as_ms(),
            reorder: self.reorder,
            repeated_event: self.repeated_event,
            refused_request: self.refused_request,
            vanished_call: self.vanished_call,
        }
    }
}
