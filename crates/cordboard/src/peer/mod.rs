//! One end of a dialect at the terminal.
//!
//! Each end runs the same session as a node does, in a small node without storage. So it behaves exactly as a node would. A recorder
//! writes every message in both directions. What the user types goes to the node as commands of a desk or as actions at a phone.

mod desk;
mod entry;
pub(crate) mod harmony;
mod input;
mod listener;
mod recorder;
pub(crate) mod talisma;
mod telephony;
mod terminal;

use std::{net::SocketAddr, sync::Arc};

use anyhow::{Context, Result};
use compact_str::CompactString;
use hub::{
    Error, Node, NodeConfig, Store,
    driver::{HttpLimits, HttpTransport},
    node::FloorChange,
};
use model::{AgentId, AgentPlan, DeviceId, Floor, QueueId, QueuePlan, Role, Secret, SwitchId};
use settings::Address;
use store::{Account, memory::Memory};

pub(crate) use self::{desk::desk, listener::listener, telephony::telephony};

/// How long a call from the queue rings. Milliseconds. Our choice: a person has to type the answer.
const RING_MS: u64 = 120_000;

/// The agent of the session.
#[derive(Debug, Clone)]
pub(crate) struct Agent {
    /// The extension. EBS calls it `telesetNumber`.
    pub(crate) extension: DeviceId,
    /// The ID at the ACD. EBS calls it `agentID`.
    pub(crate) acd_id: CompactString,
    /// The password at the ACD.
    pub(crate) password: Secret,
    /// The queue at the ACD.
    pub(crate) queue: QueueId,
}

/// A node without storage and without a floor.
fn bare_node() -> Result<Node> {
    let (writer, reader) = Memory::default().reopen();
    let store = Store { writer: Box::new(writer), reader: Arc::new(reader) };
    Ok(Node::start(NodeConfig::default(), store)?)
}

/// A node without storage, with a floor of one agent on one switch.
async fn small_node(agent: &Agent, switch: SwitchId) -> Result<Node> {
    let node = bare_node()?;
    let floor = Arc::new(floor_of(agent, switch)?);
    let change = FloorChange { floor, accounts: Some(vec![account_of(agent)?]), contacts: Vec::new() };
    node.handle().put_floor(change).await?;
    Ok(node)
}

/// The ID of the agent: the extension.
fn agent_id(agent: &Agent) -> Result<AgentId> {
    Ok(AgentId::new(agent.extension.as_str())?)
}

fn floor_of(agent: &Agent, switch: SwitchId) -> Result<Floor> {
    let id = agent_id(agent)?;
    let Agent { extension, acd_id, queue, .. } = agent.clone();
    let plan = AgentPlan {
        name: id.as_str().into(),
        id,
        device: extension,
        switch,
        queues: vec![queue.clone()],
        acd_id: Some(acd_id),
        peer_ids: Default::default(),
    };
    let queue =
        QueuePlan { name: queue.as_str().into(), id: queue, priority: 0, ring_ms: RING_MS, wrap_up_ms: 0 };
    Ok(Floor { agents: vec![plan], queues: vec![queue], ..Floor::default() })
}

fn account_of(agent: &Agent) -> Result<Account> {
    let id = agent_id(agent)?;
    Ok(Account {
        name: id.as_str().parse()?,
        role: Role::Agent,
        agent: Some(id),
        password_hash: hub::auth::hash_password(&agent.password),
    })
}

/// A listener at this address with the default limits.
fn at(address: Address) -> HttpTransport {
    HttpTransport::Listen {
        address: address.socket(),
        limits: HttpLimits::default(),
        tls: None,
        requests: None,
    }
}

/// The address on which a session listens. The error says what to do when it cannot listen.
fn listening(bound: Result<Option<SocketAddr>, Error>, requested: Address) -> Result<SocketAddr> {
    Ok(bound.context("cannot listen; choose another address with --listen")?.unwrap_or(requested.socket()))
}
