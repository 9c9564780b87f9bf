//! The setup of a run: its floor, its switch and its fault rates, chosen by the seed.

use model::{
    AgentId, AgentPlan, Contact, DeviceId, Floor, GraceMs, Number, Page, PageId, PagePlace, QueueId,
    QueuePlan, Sandbox, SwitchId, Timestamp, WebAddress,
};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use simulated::{Chance, Chances, Config};

use super::{
    ends::{DESKS_ORIGIN, DESKS_PAGE, Dialect, Ends},
    hub::Side,
};

/// The time at which runs begin. Milliseconds since 1970.
pub(super) const BEGINNING: Timestamp = Timestamp(1_000_000);

/// The length of the storm. Milliseconds.
pub(super) const STORM_MS: u64 = 100_000;

/// The length of the calm, in which everything pending ends: rings, requests without an answer, lost links, wrap-up. Milliseconds.
pub(super) const CALM_MS: u64 = 90_000;

/// The ID of the built-in switch.
pub(super) const SWITCH: &str = "pbx";

/// The ID of the Asterisk switch.
pub(super) const ASTERISK: &str = "asterisk";

/// The IDs of the agents. The first two use EBS clients.
pub(super) const AGENTS: [&str; 5] = ["1001", "1002", "1003", "1004", "1005"];

/// How many of the agents use an EBS client.
pub(super) const CLIENTS: usize = 2;

/// A phone without an agent.
pub(super) const LOBBY: &str = "1900";

/// The IDs of the queues.
pub(super) const QUEUES: [&str; 2] = ["7700", "7710"];

/// Outside numbers that call and are called: one answers, one is busy, one is in the directory, one never answers.
pub(super) const NUMBERS: [&str; 4] = ["+14155550100", "+14155550101", "+14155550102", "+14155550103"];

pub(super) fn agent(id: &str) -> AgentId {
    AgentId::new(id).expect("a short id")
}

pub(super) fn device(id: &str) -> DeviceId {
    DeviceId::new(id).expect("a short id")
}

pub(super) fn queue(id: &str) -> QueueId {
    QueueId::new(id).expect("a short id")
}

pub(super) fn number(text: &str) -> Number {
    Number::new(text).expect("a number of digits")
}

pub(super) fn switch() -> SwitchId {
    SwitchId::new(SWITCH).expect("a short id")
}

pub(super) fn asterisk_switch() -> SwitchId {
    SwitchId::new(ASTERISK).expect("a short id")
}

/// The switch to which an agent's phone is connected.
pub(super) fn switch_of(agent: &str, at_asterisk: &[&str]) -> SwitchId {
    if at_asterisk.contains(&agent) { asterisk_switch() } else { switch() }
}

/// The floor of the hub with the phones.
pub(super) fn floor(at_asterisk: &[&str], ends: &Ends) -> Floor {
    let plan = |id: &&str| AgentPlan {
        queues: if *id == "1005" { vec![queue("7700"), queue("7710")] } else { vec![queue("7700")] },
        ..plan(id, switch_of(id, at_asterisk), ends)
    };
    let of = |id: &str, priority, ring_ms| QueuePlan {
        id: queue(id),
        name: id.into(),
        priority,
        ring_ms,
        wrap_up_ms: 8_000,
    };
    Floor {
        country: model::Country::new("US").ok(),
        agents: AGENTS.iter().map(plan).collect(),
        queues: vec![of("7700", 0, 6_000), of("7710", 3, 4_000)],
        pages: vec![desks_page()],
        crm_origins: vec![WebAddress::new(DESKS_ORIGIN).expect("an address")],
        wrap_up_ms: 5_000,
        desk_grace_ms: GraceMs(6_000),
        switch_grace_ms: GraceMs(3_000),
        ..Floor::default()
    }
}

/// The floor of a hub without phones. It has the same agents, and their phones are at the hub before it.
pub(super) fn desk_floor(side: Side, ends: &Ends) -> Floor {
    let dialect = |id: &str| ends.dialect_of(side, id).unwrap_or(Dialect::Talisma);
    let plan = |id: &&str| plan(id, dialect(id).switch(), ends);
    Floor {
        country: model::Country::new("US").ok(),
        agents: AGENTS.iter().map(plan).collect(),
        pages: vec![desks_page()],
        crm_origins: vec![WebAddress::new(DESKS_ORIGIN).expect("an address")],
        wrap_up_ms: 5_000,
        desk_grace_ms: GraceMs(6_000),
        switch_grace_ms: GraceMs(3_000),
        ..Floor::default()
    }
}

/// The page of the desks' hub in the desktop of the hub with the phones.
fn desks_page() -> Page {
    Page {
        id: PageId::new(DESKS_PAGE).expect("a short id"),
        title: "Desks".into(),
        url: WebAddress::new(format!("{DESKS_ORIGIN}/max-desk/")).expect("an address"),
        place: PagePlace::Workspace,
        queues: Vec::new(),
        sandbox: Sandbox::usual(),
        allow: Vec::new(),
    }
}

fn plan(id: &str, switch: SwitchId, ends: &Ends) -> AgentPlan {
    AgentPlan {
        id: agent(id),
        name: id.into(),
        device: device(id),
        switch,
        queues: Vec::new(),
        acd_id: Some(format!("7{}", &id[1..]).into()),
        peer_ids: ends.user(id).map(|user| (talisma::PEER_ID.into(), user.into())).into_iter().collect(),
    }
}

/// The contacts in the directory.
pub(super) fn contacts() -> Vec<Contact> {
    let (id, name) = ("c-1".into(), "Known".into());
    vec![Contact { id, name, numbers: vec![number(NUMBERS[2])], data: Default::default() }]
}

/// The built-in switch of a run, which has the phones that are not at Asterisk.
pub(super) fn config(random: &mut ChaCha8Rng, at_asterisk: &[&str]) -> Config {
    let is_here = |id: &&&str| !at_asterisk.contains(*id);
    let devices = AGENTS.iter().chain(&[LOBBY]).filter(is_here).map(|id| device(id)).collect();
    let auto = if random.random_bool(0.3) { ["1003", "1004"].as_slice() } else { &[] };
    let auto_answer = auto.iter().filter(is_here).map(|id| device(id)).collect();
    let mut config = Config {
        devices,
        auto_answer,
        auto_answer_ms: 800,
        queues: QUEUES.iter().map(|id| queue(id)).collect(),
        delivery_ms: [0, 0, 150][random.random_range(0..3)],
        seed: random.random(),
        faults: chances(random),
        ..Config::default()
    };
    let behaviors = [
        r#"{"answers_after_ms":700}"#,
        r#"{"busy":true}"#,
        r#"{"answers_after_ms":2500,"talk_ms":6000}"#,
        r#"{"never_answers":true}"#,
    ];
    for (text, behavior) in NUMBERS.iter().zip(behaviors) {
        let behavior = serde_json::from_str(behavior).expect("a behavior of a number");
        config.outside.numbers.insert(number(text), behavior);
    }
    config
}

/// Chooses the random faults of the switch. In some runs there are none.
fn chances(random: &mut ChaCha8Rng) -> Chances {
    let mut chance = |often: f64, most: f64| {
        let chance = if random.random_bool(often) { random.random_range(0.0..most) } else { 0.0 };
        Chance::try_from(chance).expect("a chance below 1")
    };
    let (lost_link, late_event, repeated_event) = (chance(0.5, 0.02), chance(0.5, 0.15), chance(0.5, 0.15));
    let (refused_request, vanished_call) = (chance(0.4, 0.1), chance(0.3, 0.02));
    Chances {
        lost_link,
        link_down_ms: random.random_range(200..6_000),
        late_event,
        late_ms: random.random_range(20..2_500),
        reorder: random.random_bool(0.25),
        repeated_event,
        refused_request,
        vanished_call,
    }
}
