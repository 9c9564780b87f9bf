//! The sample CRM of the demo: a list of contacts, with the connector in a frame. It has its own origin, as a real CRM has.

use std::net::{Ipv4Addr, SocketAddr};

use anyhow::{Context, Result};
use axum::{Json, routing::get};
use model::{Contact, WebAddress};
use serde_json::json;
use tokio::{net::TcpListener, task::JoinHandle};

use super::url;
use crate::web;

/// The listener of the sample CRM. It is opened first, because the floor has to contain its origin.
pub(crate) struct Crm {
    listener: TcpListener,
    /// The address of the listener.
    pub(crate) address: SocketAddr,
}

impl Crm {
    /// Listens on this port; 0 chooses a free one.
    pub(crate) async fn bind(port: u16) -> Result<Self> {
        let wanted = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let bound = TcpListener::bind(wanted).await;
        let listener = bound.with_context(|| {
            format!(
                "cannot listen on {wanted} for the sample CRM; choose another port with --crm-port or --port-base"
            )
        })?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }

    /// The origins under which a browser on this machine can open the CRM.
    pub(crate) fn origins(&self) -> Result<Vec<WebAddress>> {
        let localhost = format!("http://localhost:{}", self.address.port());
        [url(self.address), localhost].map(|origin| Ok(WebAddress::new(origin)?)).into_iter().collect()
    }

    /// Serves the pages and the contacts until the program ends.
    pub(crate) fn serve(self, hub: SocketAddr, contacts: Vec<Contact>) -> JoinHandle<()> {
        let answer = json!({ "connector": url(hub), "contacts": contacts });
        let answer = move || std::future::ready(Json(answer.clone()));
        let router = web::demo_crm(url(hub)).route("/crm.json", get(answer));
        tokio::spawn(async move {
            if let Err(error) = axum::serve(self.listener, router).await {
                tracing::error!(%error, "the sample CRM has stopped");
            }
        })
    }
}
