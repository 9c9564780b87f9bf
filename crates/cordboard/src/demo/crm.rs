//! The demo's CRM: a list of contacts at an origin of its own, which hosts the connector.

use std::net::{Ipv4Addr, SocketAddr};

use anyhow::{Context, Result};
use axum::{Json, routing::get};
use model::{Contact, WebAddress};
use serde_json::json;
use tokio::{net::TcpListener, task::JoinHandle};

use super::url;
use crate::web;

/// The CRM's port, taken before anything is served: the floor has to name it.
pub(crate) struct Crm {
    listener: TcpListener,
    /// Where it listens.
    pub(crate) address: SocketAddr,
}

impl Crm {
    /// Takes the port, or with 0 any.
    pub(crate) async fn bind(port: u16) -> Result<Self> {
        let wanted = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let bound = TcpListener::bind(wanted).await;
        let listener = bound.with_context(|| {
            format!(
                "{wanted} cannot be listened at; give the demo's CRM another port (--crm-port or --port-base)"
            )
        })?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }

    /// Under what a browser on this machine may have found it.
    pub(crate) fn origins(&self) -> Result<Vec<WebAddress>> {
        let localhost = format!("http://localhost:{}", self.address.port());
        [url(self.address), localhost].map(|origin| Ok(WebAddress::new(origin)?)).into_iter().collect()
    }

    /// Serves the pages, and who there is to be called, until the program ends.
    pub(crate) fn serve(self, hub: SocketAddr, contacts: Vec<Contact>) -> JoinHandle<()> {
        let said = json!({ "connector": url(hub), "contacts": contacts });
        let say = move || std::future::ready(Json(said.clone()));
        let router = web::demo_crm(url(hub)).route("/crm.json", get(say));
        tokio::spawn(async move {
            if let Err(error) = axum::serve(self.listener, router).await {
                tracing::error!(%error, "the demo's CRM is gone");
            }
        })
    }
}
