//! The systems that a story runs against: one world for each depth.

pub(crate) mod control;
mod core;
mod harmony;
mod hub;
mod node;
mod sockets;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use bytes::Bytes;
use http::Response;
use model::{
    Accepted, AgentId, CallId, Command, Contact, DeviceId, Floor, InteractionSummary, Record, Rejection,
    Snapshot,
};
use serde_json::Value;
use simulated::{Caller, Config, Fault, PhoneAction};

pub use self::{core::CoreWorld, harmony::HarmonyWorld, node::NodeWorld, sockets::SocketWorld};
use crate::{
    ebs::Post,
    story::{Callout, Depth, Network},
};

/// The ID of the switch in every story.
pub const SWITCH: &str = "pbx";

/// The setup of a world.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The floor of the hub.
    pub floor: Floor,
    /// The contacts in the directory.
    pub contacts: Vec<Contact>,
    /// The simulated switch.
    pub switch: Config,
    /// Agents who have an EBS client.
    pub ebs: Vec<AgentId>,
}

/// A sentence that says why an action failed.
pub type ActionError = String;

/// A system that a story runs against. When a method returns, its action is done. Its consequences are visible after [`World::settle`].
pub trait World {
    /// Starts a call from outside.
    fn caller(&mut self, caller: Caller) -> Result<CallId, ActionError>;

    /// Makes the caller of a call hang up.
    fn hang_up(&mut self, call: &CallId) -> Result<(), ActionError>;

    /// Performs an action at a phone, as a person's hand does.
    fn phone(&mut self, device: &DeviceId, action: PhoneAction) -> Result<(), ActionError>;

    /// Causes a fault at the switch.
    fn fault(&mut self, fault: Fault) -> Result<(), ActionError>;

    /// Sends a command and returns the answer.
    fn command(&mut self, command: Command) -> Result<Accepted, Rejection>;

    /// Applies another floor.
    fn floor(&mut self, floor: Floor) -> Result<(), ActionError>;

    /// Lets time pass.
    fn pass(&mut self, span: Duration) -> Result<(), ActionError>;

    /// Sends a callout of an EBS client.
    fn callout(&mut self, callout: &Callout) -> Result<Response<Bytes>, ActionError>;

    /// Opens (`attended`) or closes a desk of an agent.
    fn desk(&mut self, agent: &AgentId, attended: bool) -> Result<(), ActionError>;

    /// Opens or closes the listener of an EBS client.
    fn listener(&mut self, agent: &AgentId, up: bool) -> Result<(), ActionError>;

    /// Cuts the network between two hubs, takes it down or brings it up.
    fn network(&mut self, network: Network) -> Result<(), ActionError>;

    /// Kills the hub and starts it again. With two hubs, it is the one that the story commands.
    fn restart(&mut self) -> Result<(), ActionError>;

    /// Waits until everything that the actions caused has happened.
    fn settle(&mut self) -> Result<(), ActionError>;

    /// Returns the visible state.
    fn observe(&mut self) -> Result<Observation, ActionError>;

    /// How long to wait until an expectation holds.
    fn patience(&self) -> Duration;
}

/// The visible state of a world.
#[derive(Debug, Clone)]
pub struct Observation {
    /// The snapshot of the hub.
    pub snapshot: Snapshot,
    /// All records, in order.
    pub records: Vec<Arc<Record>>,
    /// Completed interactions, the newest first.
    pub history: Vec<InteractionSummary>,
    /// The calls at the switch, each as its control interface shows it.
    pub calls: Vec<Value>,
    /// The posts that each EBS client received, the oldest first.
    pub posts: BTreeMap<AgentId, Vec<Post>>,
    /// The visible state of the hub with the phones, if that is a separate hub.
    pub phones: Option<Box<Observation>>,
}

/// Creates the world of a depth.
pub fn world(depth: Depth, setup: Setup) -> Result<Box<dyn World>, ActionError> {
    Ok(match depth {
        Depth::Core => Box::new(CoreWorld::new(setup)?),
        Depth::Node => Box::new(NodeWorld::new(setup)?),
        Depth::Sockets => Box::new(SocketWorld::new(setup)?),
        Depth::Harmony => Box::new(HarmonyWorld::new(setup)?),
    })
}

/// The error of a world that does not support an action. The story must list the depths at which it can run.
fn cannot<T>(depth: Depth, what: &str) -> Result<T, ActionError> {
    Err(format!("depth {0} has no {what}: remove {0} from the story's `depths`", depth.as_str()))
}

/// Calls as the control interface shows them.
fn shown<T: serde::Serialize>(calls: impl Iterator<Item = T>) -> Result<Vec<Value>, ActionError> {
    calls.map(|call| serde_json::to_value(call).map_err(|error| error.to_string())).collect()
}
