//! How the node dies and comes back, and how it begins.

use hub::engine::recover;
use model::{AccountName, Principal, Role, Timestamp};
use rand::RngExt;
use session::transport::any::{AnySession, erase};
use simulated::SwitchSession;
use uuid::Uuid;
use uwq::{Telephony, TelephonyConfig};

use super::{
    Broken,
    client::Client,
    deeds::Deed,
    plan::{AGENTS, CLIENTS, agent, asterisk_switch, config, contacts, floor, switch},
    subscriber::Subscriber,
    world::World,
};
use crate::{
    ebs::Ebs,
    node::{Latency, Limits, Node},
};

/// How long a node stays down at most. Milliseconds.
const DOWN_MS_MAX: u64 = 4_000;

/// Few records stay in the journal, so that cursors become too old; little may wait, so that it is too much.
const LIMITS: Limits = Limits { checkpoint_every: 150, journal_kept: 120, waiting_max: 60, requests_max: 3 };

impl World {
    /// Starts the first node, with everybody around it.
    pub(super) fn begin(&mut self) -> Result<(), Broken> {
        let session = self.another_switch()?;
        self.start(session)?;
        if let Some(node) = &mut self.node {
            node.contacts(&contacts()).map_err(|error| error.to_string())?;
            node.floor(floor(&self.site.agents), 0);
        }
        self.clients = (0..CLIENTS).map(client).collect();
        self.subscribers = viewers().into_iter().map(Subscriber::new).collect();
        self.note_deeds();
        Ok(())
    }

    /// The node is killed: what is not durable is lost, the switch goes on.
    pub(super) fn crash(&mut self) {
        let Some(node) = self.node.take() else { return };
        self.note("the node dies");
        self.count.crashes += 1;
        let mut sessions = node.kill();
        self.resting = Some(sessions.swap_remove(self.switch));
        self.site.asterisk.client_dies();
        self.sent.clear();
        self.asked.clear();
        self.subscribers.iter_mut().for_each(Subscriber::cut);
        self.clients.iter_mut().for_each(|client| client.logged_in = false);
        self.after(DOWN_MS_MAX, Deed::Recover);
    }

    /// The node is started with what is durable, beside the switch that went on, or one that was started again too.
    pub(super) fn recover(&mut self) -> Result<(), Broken> {
        let Some(kept) = self.resting.take() else { return Ok(()) };
        let (_, store) = self.memory.reopen();
        self.chronicle.recover(&store)?;
        let (core, _) = recover(&store).map_err(|error| error.to_string())?;
        self.chronicle.replay(core.state())?;
        let restarts = self.storms && self.random.random_bool(0.3);
        let session = if restarts { self.another_switch()? } else { kept };
        self.note(if restarts { "node and switch start" } else { "the node starts" });
        self.start(session)?;
        if !self.storms {
            self.still_the_switch();
        }
        Ok(())
    }

    fn another_switch(&mut self) -> Result<AnySession, Broken> {
        let config = config(&mut self.random, &self.site.agents);
        self.misled |= config.faults.reorder || f64::from(config.faults.vanished_call) > 0.0;
        let session = SwitchSession::new(config).map_err(|error| error.to_string())?;
        Ok(erase(session))
    }

    fn start(&mut self, switch_session: AnySession) -> Result<(), Broken> {
        self.life += 1;
        let latency = Latency::of_seed(self.random.random());
        let seed = self.random.random();
        let started = Node::start(&self.memory, self.now, seed, latency, LIMITS);
        let mut node = started.map_err(|error| error.to_string())?;
        self.now = self.now.max(node.now());
        self.switch = node.attach(Some(switch()), switch_session);
        let telephony = Telephony::new(TelephonyConfig::default(), Uuid::from_u128(u128::from(self.life)));
        self.telephony = node.attach(None, erase(telephony.map_err(|error| error.to_string())?));
        self.site.line = node.attach(Some(asterisk_switch()), self.site.session(self.life)?);
        self.node = Some(node);
        Ok(())
    }

    /// Nothing goes wrong any more: everybody comes back, and stays.
    pub(super) fn calm(&mut self) -> Result<(), Broken> {
        self.storms = false;
        self.clients.iter_mut().for_each(|client| client.mood = super::client::Mood::Well);
        self.still_asterisk();
        if self.node.is_some() {
            self.still_the_switch();
        }
        // A fault that waits for a write would come after the storm: it is let come, and the node comes back.
        self.run_until(Timestamp(self.now.0 + 2 * DOWN_MS_MAX))
    }
}

fn client(index: usize) -> Client {
    let (id, port) = (AGENTS[index], 9_001 + index as u16);
    Client::new(Ebs::new(id, &format!("7{}", &id[1..]), port))
}

/// One of each kind, and an agent of each queue.
fn viewers() -> Vec<Principal> {
    let viewer = |name: &str, role, own: bool| Principal {
        account: AccountName::new(name).expect("a short name"),
        role,
        agent: own.then(|| agent(name)),
    };
    vec![
        viewer("boss", Role::Supervisor, false),
        viewer("crm", Role::Integration, false),
        viewer(AGENTS[0], Role::Agent, true),
        viewer(AGENTS[4], Role::Agent, true),
    ]
}
