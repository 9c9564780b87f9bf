//! A node in this process, with the simulated switch and agents who work without a pause.

use std::{
    collections::HashMap,
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use anyhow::{Context, Result};
use axum::body::Body;
use hub::{
    Handle, Node, NodeConfig, Store,
    driver::{HttpForwarder, HttpLimits, HttpTransport},
    engine::{Delivery, everybody},
    node::FloorChange,
};
use model::{
    AccountName, AgentId, Command, CommandId, Event, InteractionEvent, InteractionId, InteractionState,
    Principal, Role, SwitchId, Verb,
};
use simulated::SwitchSession;
use store::sqlite::SqliteReader;

use super::plan;
use crate::floor;

/// A node in this process.
pub(super) struct Local {
    node: Mutex<Option<Node>>,
    pub(super) handle: Handle,
    pub(super) reader: Arc<SqliteReader>,
    forwarder: HttpForwarder,
    commands: Arc<AtomicU64>,
}

/// The work of the agents so far.
#[derive(Debug, Default)]
pub(super) struct Done {
    /// Completed calls.
    pub(super) calls: AtomicU64,
    /// Delivered events.
    pub(super) events: AtomicU64,
}

impl Local {
    /// A node with its agents signed in and ready.
    pub(super) async fn start(folder: &Path, agents: usize) -> Result<Self> {
        let (writer, reader) = store::sqlite::open(&folder.join("cordboard.db"))?;
        let reader = Arc::new(reader);
        let store = Store { writer: Box::new(writer), reader: reader.clone() };
        let node = Node::start(NodeConfig { commands_per_s: u32::MAX, ..NodeConfig::default() }, store)?;
        let handle = node.handle();
        let floor = Arc::new(floor::read("bench floor", &plan::floor(agents, "1h")?, Path::new(""))?.floor);
        handle.put_floor(FloorChange { floor: floor.clone(), accounts: None, contacts: Vec::new() }).await?;
        let forwarder = attach(&node, &floor).await?;
        let local =
            Self { node: Mutex::new(Some(node)), handle, reader, forwarder, commands: Arc::default() };
        for agent in &floor.agents {
            local.command(&agent.id, None, Verb::SignIn { device: None, queues: None }).await?;
            local.command(&agent.id, None, Verb::Ready).await?;
        }
        Ok(local)
    }

    /// Simulates a call to the queue.
    pub(super) async fn call(&self) -> Result<()> {
        let body = format!(r#"{{"from":"+14155550100","to":"{}"}}"#, plan::QUEUE);
        let request = http::Request::post("/calls").body(Body::from(body))?;
        let answer = self.forwarder.call(SocketAddr::from((Ipv4Addr::LOCALHOST, 1)), request).await;
        anyhow::ensure!(answer.status().is_success(), "the switch refused a call: {}", answer.status());
        Ok(())
    }

    /// Stops the node.
    pub(super) async fn stop(&self) -> Result<()> {
        let node = self.node.lock().unwrap_or_else(PoisonError::into_inner).take();
        match node {
            Some(node) => Ok(node.stop().await?),
            None => Ok(()),
        }
    }

    /// Runs the agents. Each answers, hangs up and completes immediately. Each completed call is followed by a new one.
    pub(super) async fn work(self: Arc<Self>, done: Arc<Done>) -> Result<()> {
        let mut events = self.handle.subscribe(everybody(), None).await?;
        let mut agents = HashMap::new();
        while let Some(deliveries) = events.next().await {
            for delivery in deliveries {
                let Delivery::Event { published, .. } = delivery else { continue };
                done.events.fetch_add(1, Ordering::Relaxed);
                self.react(&mut agents, &published.entry.record().event, &done);
            }
        }
        Ok(())
    }

    fn react(self: &Arc<Self>, agents: &mut HashMap<InteractionId, AgentId>, event: &Event, done: &Done) {
        if let Event::Interaction(InteractionEvent::Opened { interaction }) = event {
            agents.insert(interaction.id, interaction.agent.clone());
            self.command_later(interaction.agent.clone(), interaction.id, Verb::Answer);
        } else if let Event::Interaction(InteractionEvent::StateChanged { agent, interaction, to, .. }) =
            event
        {
            match to {
                InteractionState::Started => {
                    self.command_later(agent.clone(), *interaction, Verb::HangUp { leg: None })
                }
                InteractionState::Ended => {
                    self.command_later(
                        agent.clone(),
                        *interaction,
                        Verb::Complete { disposition: None, notes: None },
                    );
                }
                InteractionState::Alerting | InteractionState::Dialing | InteractionState::Completed => {}
            }
        } else if let Event::Interaction(InteractionEvent::Completed { summary, .. }) = event {
            agents.remove(&summary.interaction.id);
            done.calls.fetch_add(1, Ordering::Relaxed);
            let local = Arc::clone(self);
            tokio::spawn(async move { local.call().await });
        }
    }

    fn command_later(self: &Arc<Self>, agent: AgentId, interaction: InteractionId, verb: Verb) {
        let local = Arc::clone(self);
        tokio::spawn(async move { local.command(&agent, Some(interaction), verb).await });
    }

    async fn command(&self, agent: &AgentId, interaction: Option<InteractionId>, verb: Verb) -> Result<()> {
        let number = self.commands.fetch_add(1, Ordering::Relaxed);
        let account = AccountName::new(agent.as_str())?;
        let by = Principal { account, role: Role::Agent, agent: Some(agent.clone()) };
        let id = CommandId::new(format!("bench-{number}"))?;
        self.handle.command(Command { id, by, agent: agent.clone(), interaction, verb }).await?;
        Ok(())
    }
}

async fn attach(node: &Node, floor: &model::Floor) -> Result<HttpForwarder> {
    let config = simulated::Config {
        devices: floor.agents.iter().map(|agent| agent.device.clone()).collect(),
        queues: floor.queues.iter().map(|queue| queue.id.clone()).collect(),
        ..simulated::Config::default()
    };
    let session = SwitchSession::new(config).context("the simulated switch cannot start")?;
    let switch = SwitchId::new("simulated")?;
    let attached = node
        .attach_switch(switch, Box::new(session), HttpTransport::Forwarded(HttpLimits::default()))
        .await?;
    Ok(attached.forwarder)
}
