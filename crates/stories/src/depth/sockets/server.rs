//! The node itself, on a runtime of its own.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
};

use hub::{
    Node, NodeConfig, Store,
    auth::hash_password,
    driver::{HttpLimits, HttpWay},
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

use super::Trouble;
use crate::depth::{SWITCH, Setup};

/// The password of every account.
pub(super) const PASSWORD: &str = "demo";

/// Where the simulated switch's control interface is.
pub(super) const SIMULATED: &str = "/api/v1/simulated";

/// Who may use it.
const SIMULATED_ROLES: &[Role] = &[Role::Admin, Role::Supervisor, Role::Integration];

/// A running node.
pub(super) struct Server {
    node: Option<Node>,
    runtime: Runtime,
    /// Where the API is.
    pub(super) api: SocketAddr,
    /// Where callouts are taken.
    pub(super) telephony: SocketAddr,
    /// Where the data is; gone with the server.
    _folder: TempDir,
}

impl Server {
    pub(super) fn start(setup: Setup) -> Result<Self, Trouble> {
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
            // A node that does not end in time fails no story; the runtime ends its tasks.
            drop(self.runtime.block_on(node.stop()));
        }
    }
}

async fn assemble(store: Store, setup: Setup) -> Result<(Node, SocketAddr, SocketAddr), Trouble> {
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
    let transport = HttpWay::Inlet(HttpLimits::default());
    let inlet = node.attach_switch(id, Box::new(switch), transport).await.map_err(text)?.inlet;
    let instance = Uuid::from_u128(u128::from(std::process::id()));
    let telephony =
        TelephonySession::new(TelephonyConfig::default(), instance).map_err(|error| error.to_string())?;
    let free = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let listen = HttpWay::Listen { address: free, limits: HttpLimits::default() };
    let attached = node.attach("uwq-telephony", Box::new(telephony), listen).await.map_err(text)?;
    let mount = Mount { path: SIMULATED, roles: Some(SIMULATED_ROLES), inlet };
    let config = HttpConfig { mounts: vec![mount], ..HttpConfig::default() };
    let api = node.serve_http(free, config).await.map_err(text)?;
    Ok((node, api, attached.address.ok_or("the telephony end listens nowhere")?))
}

/// Everybody who may ask in a story: each agent, and one of each other role.
fn accounts(setup: &Setup) -> Result<Vec<Account>, Trouble> {
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
