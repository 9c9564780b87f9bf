//! One end of a dialect, for the person at the terminal.
//!
//! Each end runs the same session as a node does, in a small node of its own that keeps nothing: so what is seen here is what
//! a node would do. A [`spy`] writes every message either way; what is typed goes to the node as a desk's or a phone's doing.

mod desk;
mod ear;
pub(crate) mod harmony;
mod lines;
mod spy;
pub(crate) mod talisma;
mod telephony;
mod typist;

use std::{net::SocketAddr, sync::Arc};

use anyhow::{Context, Result};
use compact_str::CompactString;
use hub::{
    Error, Node, NodeConfig, Store,
    driver::{HttpLimits, HttpWay},
    node::FloorChange,
};
use model::{AgentId, AgentPlan, DeviceId, Floor, QueueId, QueuePlan, Role, Secret, SwitchId};
use settings::Address;
use store::{Account, memory::Memory};

pub(crate) use self::{desk::desk, ear::ear, telephony::telephony};

/// How long a call from the queue rings. Milliseconds. Ours: a person has to type the answer.
const RING_MS: u64 = 120_000;

/// The agent whom the person at the terminal plays, or serves.
#[derive(Debug, Clone)]
pub(crate) struct Agent {
    /// The extension: EBS's `telesetNumber`.
    pub(crate) extension: DeviceId,
    /// The id at the ACD: EBS's `agentID`.
    pub(crate) acd_id: CompactString,
    /// The password at the ACD.
    pub(crate) password: Secret,
    /// The queue at the ACD.
    pub(crate) queue: QueueId,
}

/// A node that keeps nothing.
fn bare_node() -> Result<Node> {
    let (writer, reader) = Memory::default().reopen();
    let store = Store { writer: Box::new(writer), reader: Arc::new(reader) };
    Ok(Node::start(NodeConfig::default(), store)?)
}

/// A node that keeps nothing, with a floor of one agent at one switch.
async fn small_node(agent: &Agent, switch: SwitchId) -> Result<Node> {
    let node = bare_node()?;
    let floor = Arc::new(floor_of(agent, switch)?);
    let change = FloorChange { floor, accounts: Some(vec![account_of(agent)?]), contacts: Vec::new() };
    node.handle().put_floor(change).await?;
    Ok(node)
}

/// The one agent is named after the extension.
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

/// Listens where it is told, within the usual limits.
fn at(address: Address) -> HttpWay {
    HttpWay::Listen { address: address.socket(), limits: HttpLimits::default() }
}

/// Where a session listens that was told to; what to try when it cannot.
fn listening(bound: Result<Option<SocketAddr>, Error>, asked: Address) -> Result<SocketAddr> {
    Ok(bound.context("give --listen another address")?.unwrap_or(asked.socket()))
}
