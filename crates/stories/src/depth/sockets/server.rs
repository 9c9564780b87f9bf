//! The node itself, on its own runtime.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
};

use hub::{
    Node, NodeConfig, Store,
    auth::hash_password,
    driver::{HttpLimits, HttpTransport},
    http::{HttpConfig, Mount},
    node::FloorChange,
};
use model::{AccountName, AgentId, Role, Secret, SwitchId};
use simulated::SwitchSession;
use store::Account;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use uuid::Uuid;
use uwq::{TelephonyConfig, TelephonySession};

use super::ActionError;
use crate::depth::{SWITCH, Setup};

/// The password of every account.
pub(super) const PASSWORD: &str = "demo";

/// The path of the simulated switch's control interface.
pub(super) const SIMULATED: &str = "/api/v1/simulated";

/// The roles that may use the control interface.
const SIMULATED_ROLES: &[Role] = &[Role::Admin, Role::Supervisor, Role::Integration];

/// A running node.
pub(super) struct Server {
    node: Option<Node>,
    runtime: Runtime,
    /// The address of the API.
    pub(super) api: SocketAddr,
    /// The address at which callouts are received.
    pub(super) telephony: SocketAddr,
    /// The folder of the data, deleted together with the server.
    _folder: TempDir,
}

impl Server {
    pub(super) fn start(setup: Setup) -> Result<Self, ActionError> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.map_err(|error| error.to_string())?;
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let (writer, reader) =
            store::sqlite::open(&folder.path().join("story.db")).map_err(|error| error.to_string())?;
        let store = Store { writer: Box::new(writer), reader: Arc::new(reader) };
        let (node, api, telephony) = runtime.block_on(assemble(store, setup))?;
        Ok(Self { node: Some(node), runtime, api, telephony, _folder: folder })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(node) = self.node.take() {
            // A node that does not stop in time does not fail the story. The runtime ends its tasks.
            drop(self.runtime.block_on(node.stop()));
        }
    }
}

async fn assemble(store: Store, setup: Setup) -> Result<(Node, SocketAddr, SocketAddr), ActionError> {
    let text = |error: hub::Error| error.to_string();
    let node = Node::start(NodeConfig::default(), store).map_err(text)?;
    let change = FloorChange {
        accounts: Some(accounts(&setup)?),
        contacts: setup.contacts,
        floor: Arc::new(setup.floor),
    };
    node.handle().put_floor(change).await.map_err(|refused| refused.text.to_string())?;
    let switch = SwitchSession::new(setup.switch).map_err(|error| error.to_string())?;
    let id = SwitchId::new(SWITCH).map_err(|error| error.to_string())?;
    let transport = HttpTransport::Forwarded(HttpLimits::default());
    let forwarder = node.attach_switch(id, Box::new(switch), transport).await.map_err(text)?.forwarder;
    let instance = Uuid::from_u128(u128::from(std::process::id()));
    let telephony =
        TelephonySession::new(TelephonyConfig::default(), instance).map_err(|error| error.to_string())?;
    let free = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let listen =
        HttpTransport::Listen { address: free, limits: HttpLimits::default(), tls: None, requests: None };
    let attached = node.attach("uwq-telephony", Box::new(telephony), listen).await.map_err(text)?;
    let mount = Mount { path: SIMULATED, any_case: false, roles: Some(SIMULATED_ROLES), forwarder };
    let config = HttpConfig { mounts: vec![mount], ..HttpConfig::default() };
    let api = node.serve_http(free, config).await.map_err(text)?;
    Ok((node, api, attached.address.ok_or("the telephony end has no listener")?))
}

/// The accounts of a story: one for each agent, and one for each other role.
fn accounts(setup: &Setup) -> Result<Vec<Account>, ActionError> {
    let password_hash = hash_password(&Secret::new(PASSWORD));
    let account = |name: &str, role, agent: Option<AgentId>| {
        let name = AccountName::new(name).map_err(|error| error.to_string())?;
        Ok(Account { name, role, agent, password_hash: password_hash.clone() })
    };
    let agents = setup.floor.agents.iter().map(|plan| &plan.id);
    let agents = agents.map(|id| account(id.as_str(), Role::Agent, Some(id.clone())));
    let others =
        [("supervisor", Role::Supervisor), ("admin", Role::Admin), ("integration", Role::Integration)];
    agents.chain(others.map(|(name, role)| account(name, role, None))).collect()
}
