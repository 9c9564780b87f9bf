//! How the nodes start, die and recover.

use hub::engine::recover;
use model::{AccountName, Principal, Role, Timestamp};
use rand::RngExt;
use session::transport::any::{AnySession, erase};
use simulated::SwitchSession;

use super::{
    Broken,
    actions::Action,
    client::Client,
    hub::Side,
    plan::{AGENTS, CLIENTS, agent, asterisk_switch, config, contacts, desk_floor, floor, switch},
    subscriber::Subscriber,
    world::World,
};
use crate::{
    ebs::Ebs,
    node::{Latency, Limits, Node},
};

/// The longest time that a node is down. Milliseconds.
const DOWN_MS_MAX: u64 = 4_000;

/// The journal keeps few records, so that cursors become too old. Buffers are small, so that they overflow.
const LIMITS: Limits = Limits { checkpoint_every: 150, journal_kept: 120, waiting_max: 60, requests_max: 3 };

impl World {
    /// Starts the first nodes, with their subscribers and clients.
    pub(super) fn begin(&mut self) -> Result<(), Broken> {
        self.note(format!("{:?}", self.ends));
        self.resting = Some(self.another_switch()?);
        Side::TWO.into_iter().try_for_each(|side| self.start(side))?;
        let floors = [floor(&self.site.agents, &self.ends), desk_floor(Side::Desks, &self.ends)];
        for (side, floor) in Side::TWO.into_iter().zip(floors) {
            let hub = &mut self.hubs[side];
            if let Some(node) = &mut hub.node {
                node.contacts(&contacts()).map_err(|error| error.to_string())?;
                node.floor(floor, 0);
            }
            hub.subscribers = viewers().into_iter().map(Subscriber::new).collect();
        }
        self.clients = (0..CLIENTS).map(client).collect();
        self.note_actions();
        Ok(())
    }

    /// Kills a node. What is not durable is lost; the switch continues to run.
    pub(super) fn crash(&mut self, side: Side) {
        let hub = &mut self.hubs[side];
        let Some(node) = hub.node.take() else { return };
        hub.unanswered.clear();
        hub.subscribers.iter_mut().for_each(Subscriber::cut);
        let mut sessions = node.kill();
        if side == Side::Phones {
            self.resting = Some(sessions.swap_remove(self.switch));
            self.site.asterisk.client_dies();
            self.clients.iter_mut().for_each(|client| client.logged_in = false);
        }
        self.note(format!("node {} dies", side.name()));
        self.count.crashes += 1;
        self.peers_lose(side);
        self.after(DOWN_MS_MAX, Action::Recover(side));
    }

    /// Starts a node from its durable state. The switch is still running, or restarts too.
    pub(super) fn recover(&mut self, side: Side) -> Result<(), Broken> {
        let hub = &mut self.hubs[side];
        if hub.node.is_some() {
            return Ok(());
        }
        let (_, store) = hub.memory.reopen();
        hub.journal.recover(&store)?;
        let (core, _) = recover(&store).map_err(|error| error.to_string())?;
        hub.journal.replay(core.state())?;
        if side == Side::Phones && self.storms && self.random.random_bool(0.3) {
            self.note("the switch starts");
            self.resting = Some(self.another_switch()?);
        }
        self.note(format!("node {} starts", side.name()));
        self.start(side)?;
        if !self.storms {
            self.still_the_switch();
        }
        Ok(())
    }

    pub(super) fn another_switch(&mut self) -> Result<AnySession, Broken> {
        let config = config(&mut self.random, &self.site.agents);
        self.misled |= config.faults.reorder || f64::from(config.faults.vanished_call) > 0.0;
        let session = SwitchSession::new(config).map_err(|error| error.to_string())?;
        Ok(erase(session))
    }

    pub(super) fn start(&mut self, side: Side) -> Result<(), Broken> {
        let latency = Latency::of_seed(self.random.random());
        let (seed, hub) = (self.random.random(), &mut self.hubs[side]);
        hub.life += 1;
        let started = Node::start(&hub.memory, self.now, seed, latency, LIMITS);
        let mut node = started.map_err(|error| error.to_string())?;
        self.now = self.now.max(node.now());
        if let Some(session) = self.resting.take_if(|_| side == Side::Phones) {
            self.switch = node.attach(Some(switch()), session);
            let asterisk = self.site.session(self.hubs[side].life)?;
            self.site.line = node.attach(Some(asterisk_switch()), asterisk);
        }
        self.attach_ends(side, &mut node)?;
        self.hubs[side].node = Some(node);
        Ok(())
    }

    /// Ends all faults. Everything recovers and stays up.
    pub(super) fn calm(&mut self) -> Result<(), Broken> {
        self.storms = false;
        self.clients
            .iter_mut()
            .for_each(|client| client.behavior = super::client::ListenerBehavior::Answering);
        self.still_asterisk();
        self.network.still();
        self.open_windows();
        self.still_the_switch();
        // A pending store fault would fail a later write. This time lets it happen now and lets the node recover.
        self.run_until(Timestamp(self.now.0 + 2 * DOWN_MS_MAX))
    }
}

fn client(index: usize) -> Client {
    let (id, port) = (AGENTS[index], 9_001 + index as u16);
    Client::new(Ebs::new(id, &format!("7{}", &id[1..]), port))
}

/// The principals of the subscribers: one of each kind, and an agent of each queue.
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
