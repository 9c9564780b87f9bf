//! Shared parts of the node's tests: a floor, a store that can be held up, and a node.

use std::{
    sync::{
        Arc, Condvar, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use cordboard_core::Ids;
use cordboard_hub::{Handle, Node, NodeConfig, Store, auth::hash_password, node::FloorChange};
use model::{
    Accepted, AccountName, AgentId, AgentPlan, Command, CommandId, Contact, DeviceId, Floor, Principal,
    QueueId, QueuePlan, Rejection, Role, Secret, Seq, SwitchId, Timestamp, Verb,
};
use store::{Account, DirectoryChange, Entry, Writer, memory::Memory};
use uuid::Uuid;

/// The password of every account.
pub(crate) const PASSWORD: &str = "correct horse";

/// IDs that count from 1.
pub(crate) struct Counted(pub(crate) u128);

impl Ids for Counted {
    fn uuid(&mut self, _: Timestamp) -> Uuid {
        self.0 += 1;
        Uuid::from_u128(self.0)
    }
}

/// A floor of agents 1001, 1002, … with a phone each on switch `pbx`, who take the calls of queue 7700.
pub(crate) fn floor(agents: usize) -> Floor {
    let queue = QueueId::new("7700").unwrap();
    let plan = |index: usize| AgentPlan {
        id: agent(index),
        name: format!("Agent {index}").into(),
        device: DeviceId::new(agent(index).as_str()).unwrap(),
        switch: SwitchId::new("pbx").unwrap(),
        queues: vec![queue.clone()],
        acd_id: None,
        peer_ids: Default::default(),
    };
    let queues = vec![QueuePlan {
        id: queue.clone(),
        name: "Sales".into(),
        priority: 0,
        ring_ms: 20_000,
        wrap_up_ms: 0,
    }];
    let country = model::Country::new("US").ok();
    Floor { country, agents: (1..=agents).map(plan).collect(), queues, ..Floor::default() }
}

pub(crate) fn agent(index: usize) -> AgentId {
    AgentId::new((1_000 + index).to_string()).unwrap()
}

pub(crate) fn principal(role: Role, agent: Option<AgentId>) -> Principal {
    Principal { account: AccountName::new("tester").unwrap(), role, agent }
}

/// A principal that may see and do everything.
pub(crate) fn integration() -> Principal {
    principal(Role::Integration, None)
}

pub(crate) fn account(name: &str, role: Role, agent: Option<AgentId>) -> Account {
    let password_hash = hash_password(&Secret::new(PASSWORD));
    Account { name: AccountName::new(name).unwrap(), role, agent, password_hash }
}

pub(crate) fn open(memory: &Memory) -> Store {
    let (writer, reader) = memory.reopen();
    Store { writer: Box::new(writer), reader: Arc::new(reader) }
}

/// A node with a floor of this many agents.
pub(crate) async fn node(config: NodeConfig, store: Store, agents: usize) -> Node {
    let node = Node::start(config, store).unwrap();
    let change = FloorChange { floor: Arc::new(floor(agents)), accounts: None, contacts: Vec::new() };
    node.handle().put_floor(change).await.unwrap();
    node
}

pub(crate) async fn command(
    handle: &Handle,
    who: AgentId,
    verb: Verb,
    id: &str,
) -> Result<Accepted, Rejection> {
    let id = CommandId::new(id).unwrap();
    handle.command(Command { id, by: integration(), agent: who, interaction: None, verb }).await
}

pub(crate) fn sign_in() -> Verb {
    Verb::SignIn { device: None, queues: None }
}

/// Signs an agent in and changes its state this many times: at least one event each time.
pub(crate) async fn work(handle: &Handle, index: usize, times: usize) -> Seq {
    let who = agent(index);
    let mut seq = command(handle, who.clone(), sign_in(), &format!("{index}-in")).await.unwrap().seq;
    for turn in 0..times {
        let verb = if turn % 2 == 0 { Verb::Ready } else { Verb::NotReady { reason: None } };
        seq = command(handle, who.clone(), verb, &format!("{index}-{turn}")).await.unwrap().seq;
    }
    seq
}

/// Waits for something that must come soon.
pub(crate) async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), what).await.expect("nothing came within 20 s")
}

/// Holds up a writer.
#[derive(Clone, Default)]
pub(crate) struct Gate(Arc<(Mutex<bool>, Condvar, AtomicBool)>);

impl Gate {
    pub(crate) fn shut(&self) {
        *self.0.0.lock().unwrap() = true;
    }

    pub(crate) fn open(&self) {
        *self.0.0.lock().unwrap() = false;
        self.0.1.notify_all();
    }

    /// Waits until a thread waits at the gate while it is shut.
    pub(crate) async fn until_awaited(&self) {
        soon(async {
            while !self.0.2.load(Ordering::Relaxed) {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        })
        .await;
    }

    fn pass(&self) {
        let shut = self.0.0.lock().unwrap();
        self.0.2.store(*shut, Ordering::Relaxed);
        drop(self.0.1.wait_while(shut, |shut| *shut).unwrap());
    }
}

/// A writer behind a gate.
pub(crate) struct Gated<W>(pub(crate) W, pub(crate) Gate);

impl<W: Writer> Writer for Gated<W> {
    fn append_with(&mut self, batch: &[Entry], changes: &[DirectoryChange]) -> store::Result<()> {
        self.1.pass();
        self.0.append_with(batch, changes)
    }

    fn save_snapshot(&mut self, seq: Seq, state: &[u8]) -> store::Result<()> {
        self.0.save_snapshot(seq, state)
    }

    fn prune(&mut self, up_to: Seq) -> store::Result<()> {
        self.0.prune(up_to)
    }

    fn put_floor(&mut self, floor: &Floor) -> store::Result<()> {
        self.0.put_floor(floor)
    }

    fn put_accounts(&mut self, accounts: &[Account]) -> store::Result<()> {
        self.0.put_accounts(accounts)
    }

    fn put_token(&mut self, token: &store::Token, now: model::Timestamp) -> store::Result<()> {
        self.0.put_token(token, now)
    }

    fn remove_token(&mut self, fingerprint: &[u8; 32]) -> store::Result<()> {
        self.0.remove_token(fingerprint)
    }

    fn put_api_token(&mut self, token: &store::ApiToken) -> store::Result<()> {
        self.0.put_api_token(token)
    }

    fn remove_api_token(&mut self, name: &AccountName) -> store::Result<()> {
        self.0.remove_api_token(name)
    }

    fn put_second_factor(&mut self, factor: &store::SecondFactor) -> store::Result<()> {
        self.0.put_second_factor(factor)
    }

    fn remove_second_factor(&mut self, account: &AccountName) -> store::Result<()> {
        self.0.remove_second_factor(account)
    }

    fn put_contacts(&mut self, contacts: &[Contact]) -> store::Result<()> {
        self.0.put_contacts(contacts)
    }

    fn remove_contacts(&mut self, ids: &[String]) -> store::Result<()> {
        self.0.remove_contacts(ids)
    }
    fn append_audit(&mut self, events: &[store::AuditEvent]) -> store::Result<()> {
        self.0.append_audit(events)
    }

    fn prune_audit(&mut self, kept: store::AuditKept, now: model::Timestamp) -> store::Result<()> {
        self.0.prune_audit(kept, now)
    }
}
