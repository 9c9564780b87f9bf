//! What a story is played against: one world for each depth.

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

/// The switch of every story.
pub const SWITCH: &str = "pbx";

/// What a world is made of.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The floor.
    pub floor: Floor,
    /// Whom the directory knows.
    pub contacts: Vec<Contact>,
    /// The simulated switch.
    pub switch: Config,
    /// Agents who have an EBS client.
    pub ebs: Vec<AgentId>,
}

/// Why something in a world did not go as it should: a sentence.
pub type Trouble = String;

/// What a story is played against. Everything that is done is done when the method returns; what comes of it is there after
/// [`World::settle`].
pub trait World {
    /// Somebody outside calls.
    fn caller(&mut self, caller: Caller) -> Result<CallId, Trouble>;

    /// The caller of a call hangs up.
    fn hang_up(&mut self, call: &CallId) -> Result<(), Trouble>;

    /// A hand at a phone.
    fn phone(&mut self, device: &DeviceId, action: PhoneAction) -> Result<(), Trouble>;

    /// Something goes wrong at the switch.
    fn fault(&mut self, fault: Fault) -> Result<(), Trouble>;

    /// A command, and what is said to it.
    fn command(&mut self, command: Command) -> Result<Accepted, Rejection>;

    /// Another floor.
    fn floor(&mut self, floor: Floor) -> Result<(), Trouble>;

    /// Time passes.
    fn pass(&mut self, span: Duration) -> Result<(), Trouble>;

    /// An EBS client sends a callout.
    fn callout(&mut self, callout: &Callout) -> Result<Response<Bytes>, Trouble>;

    /// A desk of an agent is there, or gone.
    fn desk(&mut self, agent: &AgentId, attended: bool) -> Result<(), Trouble>;

    /// An EBS client opens or closes its listener.
    fn listener(&mut self, agent: &AgentId, up: bool) -> Result<(), Trouble>;

    /// The network between two hubs is cut, goes down or comes up.
    fn network(&mut self, network: Network) -> Result<(), Trouble>;

    /// The hub is killed and started again. With two hubs it is the one that the story commands.
    fn restart(&mut self) -> Result<(), Trouble>;

    /// Waits until nothing more comes of what was done.
    fn settle(&mut self) -> Result<(), Trouble>;

    /// What can be seen.
    fn look(&mut self) -> Result<Look, Trouble>;

    /// How long to wait for something to be seen.
    fn patience(&self) -> Duration;
}

/// What can be seen.
#[derive(Debug, Clone)]
pub struct Look {
    /// The state of things.
    pub snapshot: Snapshot,
    /// Everything that happened, in order.
    pub records: Vec<Arc<Record>>,
    /// What is completed, the newest first.
    pub history: Vec<InteractionSummary>,
    /// The calls at the switch, each as its control interface shows it.
    pub calls: Vec<Value>,
    /// What EBS clients were told, the oldest first.
    pub posts: BTreeMap<AgentId, Vec<Post>>,
    /// What can be seen at the hub with the phones, when it is another one.
    pub phones: Option<Box<Look>>,
}

/// A world of a depth.
pub fn world(depth: Depth, setup: Setup) -> Result<Box<dyn World>, Trouble> {
    Ok(match depth {
        Depth::Core => Box::new(CoreWorld::new(setup)?),
        Depth::Node => Box::new(NodeWorld::new(setup)?),
        Depth::Sockets => Box::new(SocketWorld::new(setup)?),
        Depth::Harmony => Box::new(HarmonyWorld::new(setup)?),
    })
}

/// A world cannot do something: the story has to say at which depths it can be played.
fn cannot<T>(depth: Depth, what: &str) -> Result<T, Trouble> {
    Err(format!("at depth {} there is no {what}: name the story's depths", depth.word()))
}

/// Calls as the control interface shows them.
fn shown<T: serde::Serialize>(calls: impl Iterator<Item = T>) -> Result<Vec<Value>, Trouble> {
    calls.map(|call| serde_json::to_value(call).map_err(|error| error.to_string())).collect()
}
