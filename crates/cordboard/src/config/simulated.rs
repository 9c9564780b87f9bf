//! The built-in switch.

use model::{DeviceId, Floor, Number, QueueId, SwitchId};
use simulated::{Behaviour, Chance, Chances, Outside};

use settings::{Span, section};

section! {
    /// The built-in switch.
    pub(crate) Simulated {
        /// Its name on the floor.
        id: SwitchId = default(usual_id()),
        /// Phones beside those of the floor's agents.
        phones: Vec<DeviceId> = default(Vec::new()),
        /// Phones that answer by themselves; the others wait for `cordboard phone`.
        auto_answer: Vec<DeviceId> = default(Vec::new()),
        /// How long such a phone rings.
        auto_answer_after: Span = default(Span::s(1)),
        /// How long a call takes from being dialled to ringing.
        delivery: Span = default(Span::ms(0)),
        /// How long a number outside rings before it answers.
        outside_answers_after: Span = default(Span::s(3)),
        /// How long it talks before it hangs up; until the agent does when not given.
        outside_talks: Span = option("\"1m\""),
        /// Numbers outside that take no call.
        outside_busy: Vec<Number> = default(Vec::new()),
        /// What all randomness grows from: the same seed and the same inputs, the same calls.
        seed: u64 = default(0),
        /// How many calls there may be at once.
        calls_max: usize = default(10_000),
        /// What goes wrong by chance, to see how desks bear it. A chance is a number from 0 to 1.
        faults: Faults = section(),
    }
}

section! {
    /// What goes wrong by chance.
    pub(crate) Faults {
        /// The link is lost, at each event of a call.
        lost_link: Chance = default(Chance::default()),
        /// How long it stays lost.
        link_down: Span = default(Span::s(5)),
        /// An event is told late.
        late_event: Chance = default(Chance::default()),
        /// How late.
        late: Span = default(Span::ms(500)),
        /// Whether other events of the same call may overtake a late one.
        reorder: bool = default(false),
        /// An event is told twice.
        repeated_event: Chance = default(Chance::default()),
        /// A request is refused.
        refused_request: Chance = default(Chance::default()),
        /// A call is gone without a word, at each event of it.
        vanished_call: Chance = default(Chance::default()),
    }
}

fn usual_id() -> SwitchId {
    SwitchId::new("simulated").unwrap_or_else(|_| unreachable!("the name is short and plain"))
}

impl Simulated {
    /// The switch for a floor: each agent of its own has the phone that the floor says, each queue its number.
    pub(crate) fn switch(&self, floor: &Floor) -> simulated::Config {
        let agents = floor.agents.iter().filter(|agent| agent.switch == self.id);
        let mut devices: Vec<DeviceId> =
            agents.map(|agent| agent.device.clone()).chain(self.phones.clone()).collect();
        devices.sort();
        devices.dedup();
        let queues: Vec<QueueId> = floor.queues.iter().map(|queue| queue.id.clone()).collect();
        simulated::Config {
            devices,
            queues,
            auto_answer: self.auto_answer.clone(),
            auto_answer_ms: self.auto_answer_after.as_ms(),
            delivery_ms: self.delivery.as_ms(),
            outside: self.outside(),
            seed: self.seed,
            calls_max: self.calls_max,
            faults: self.faults.chances(),
            ..simulated::Config::default()
        }
    }

    fn outside(&self) -> Outside {
        let talk_ms = self.outside_talks.map(Span::as_ms);
        let busy = Behaviour { reply: simulated::Reply::Busy, talk_ms: None };
        Outside {
            others: Behaviour::answers(self.outside_answers_after.as_ms(), talk_ms),
            numbers: self.outside_busy.iter().map(|number| (number.clone(), busy)).collect(),
            ..Outside::default()
        }
    }
}

impl Faults {
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
