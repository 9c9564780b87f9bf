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
        &["The built-in simulated switch, with phones and callers for tests."],
    )
    .phones("simulated", &[])],
};

section! {
    /// The built-in switch.
    pub SwitchSettings {
        /// The switch's ID, as agents of the floor name it.
        id: SwitchId = default(usual_id()),
        /// Phones in addition to those of the floor's agents.
        phones: Vec<DeviceId> = default(Vec::new()),
        /// Phones that answer automatically. The others ring until `cordboard phone` answers.
        auto_answer: Vec<DeviceId> = default(Vec::new()),
        /// How long a phone rings before it answers automatically.
        auto_answer_after: Span = default(Span::s(1)),
        /// The time from dialing to ringing.
        delivery: Span = default(Span::ms(0)),
        /// How long an outside number rings before it answers.
        outside_answers_after: Span = default(Span::s(3)),
        /// How long a number outside talks before it hangs up. Without it the agent hangs up.
        outside_talks: Span = option("\"1m\""),
        /// Numbers outside that are always busy.
        outside_busy: Vec<Number> = default(Vec::new()),
        /// The seed of all random decisions. The same seed and the same inputs give the same calls.
        seed: u64 = default(0),
        /// How many calls can exist at the same time.
        calls_max: usize = default(10_000),
        /// Random faults, to test how desks react. Each probability is a number from 0 to 1.
        faults: FaultSettings = section(),
    }
}

section! {
    /// Random faults.
    pub FaultSettings {
        /// The probability, at each event of a call, that the connection to the switch is lost.
        lost_link: Chance = default(Chance::default()),
        /// How long the connection stays lost.
        link_down: Span = default(Span::s(5)),
        /// The probability that an event is late.
        late_event: Chance = default(Chance::default()),
        /// The delay of a late event.
        late: Span = default(Span::ms(500)),
        /// Whether other events of the same call can overtake a late event.
        reorder: bool = default(false),
        /// The probability that an event is sent twice.
        repeated_event: Chance = default(Chance::default()),
        /// The probability that a request is refused.
        refused_request: Chance = default(Chance::default()),
        /// The probability, at each event of a call, that the call disappears without an event.
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
            any_case: false,
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
