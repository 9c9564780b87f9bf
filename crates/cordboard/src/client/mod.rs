//! A client of the native API.

mod connection;
mod error;
mod events;
mod node;
mod token;

use std::{path::Path, time::Duration};

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::{client::legacy, rt::TokioExecutor};
use model::{JournalId, Secret};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use self::connection::NodeConnector;
pub(crate) use self::{
    error::Error,
    events::{Cursor, Events, Message, StreamMessage},
    node::Node,
    token::TokenFile,
};

/// How long a request may take. Our choice: a node answers in milliseconds, a loaded one in a second.
const PATIENCE: Duration = Duration::from_secs(30);

/// The longest answer that is read. Bytes. Our choice: a floor of 20,000 agents has about 5 MB.
const ANSWER_BYTES_MAX: usize = 64 * 1024 * 1024;

/// A client of one node, with its credentials.
#[derive(Clone)]
pub(crate) struct Client {
    node: Node,
    token: Secret,
    /// Whether the caller gave the token. A token that was found is read again before each subscription.
    given: bool,
    connector: NodeConnector,
    http: legacy::Client<NodeConnector, Full<Bytes>>,
}

/// A page of a list.
#[derive(Debug, Deserialize)]
pub(crate) struct Page<T> {
    /// The items of the page.
    pub(crate) items: Vec<T>,
}

/// The answer of `/readyz`.
#[derive(Debug, Deserialize)]
struct Ready {
    journal: JournalId,
}

impl Client {
    /// A client of `node` with the token from `CORDBOARD_TOKEN`, or else from the file that a node on this machine wrote.
    /// `ca` is a PEM file with the certificates to trust; without it those of this machine are trusted.
    pub(crate) fn new(node: Node, ca: Option<&Path>) -> Result<Self, Error> {
        let token = token::find(&node)?;
        let connector = NodeConnector::new(&node, ca)?;
        Ok(Self::with(node, token, false, connector))
    }

    /// A client of `node` with this token, without TLS.
    pub(crate) fn with_token(node: Node, token: Secret) -> Self {
        let connector = NodeConnector::plain(&node);
        Self::with(node, token, true, connector)
    }

    fn with(node: Node, token: Secret, given: bool, connector: NodeConnector) -> Self {
        let http = legacy::Client::builder(TokioExecutor::new()).build(connector.clone());
        Self { node, token, given, connector, http }
    }

    /// Reads a resource; `path` begins with a slash.
    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Error> {
        self.send(Method::GET, path, Bytes::new()).await
    }

    /// Reads a list of one page.
    pub(crate) async fn list<T: DeserializeOwned>(&self, path: &str) -> Result<Vec<T>, Error> {
        Ok(self.get::<Page<T>>(path).await?.items)
    }

    /// Creates a resource or starts an action.
    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, Error> {
        self.send(Method::POST, path, json(body)?).await
    }

    /// Replaces a resource.
    pub(crate) async fn put<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, Error> {
        self.send(Method::PUT, path, json(body)?).await
    }

    /// Deletes a resource.
    pub(crate) async fn delete<T: DeserializeOwned>(&self, path: &str) -> Result<T, Error> {
        self.send(Method::DELETE, path, Bytes::new()).await
    }

    /// The ID of the node's journal.
    pub(crate) async fn journal(&self) -> Result<JournalId, Error> {
        Ok(self.get::<Ready>("/readyz").await?.journal)
    }

    /// The events after `after`, or without it a snapshot and the events after that.
    pub(crate) fn events(&self, after: Option<Cursor>) -> Events {
        let token = self.given.then(|| self.token.clone());
        Events::new(self.node.clone(), self.connector.clone(), token, after)
    }

    async fn send<T: DeserializeOwned>(&self, method: Method, path: &str, body: Bytes) -> Result<T, Error> {
        let request = self.request(method, path, body)?;
        let (status, body) = match tokio::time::timeout(PATIENCE, self.exchange(request)).await {
            Ok(answer) => answer?,
            Err(_) => return Err(Error::Silent { node: self.node.clone(), patience: PATIENCE }),
        };
        if status.is_success() { self.read(&body) } else { Err(Error::refused(status, &body)) }
    }

    fn request(&self, method: Method, path: &str, body: Bytes) -> Result<Request<Full<Bytes>>, Error> {
        let request = Request::builder().method(method).uri(self.node.http(path));
        let request = request.header(header::AUTHORIZATION, bearer(&self.token));
        let request = request.header(header::CONTENT_TYPE, "application/json");
        request.body(Full::new(body)).map_err(|error| Error::Unreadable(error.to_string()))
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> Result<(StatusCode, Bytes), Error> {
        let response: Response<_> =
            self.http.request(request).await.map_err(|error| Error::unreached(&self.node, &error))?;
        let status = response.status();
        let body = Limited::new(response.into_body(), ANSWER_BYTES_MAX).collect().await;
        let body = body.map_err(|error| Error::Unreadable(error.to_string()))?;
        Ok((status, body.to_bytes()))
    }

    /// An answer without a body, such as 204, is read as `null`.
    fn read<T: DeserializeOwned>(&self, body: &[u8]) -> Result<T, Error> {
        let body: &[u8] = if body.is_empty() { b"null" } else { body };
        serde_json::from_slice(body).map_err(|error| Error::Unreadable(error.to_string()))
    }
}

fn json(body: &impl Serialize) -> Result<Bytes, Error> {
    serde_json::to_vec(body).map(Bytes::from).map_err(|error| Error::Unreadable(error.to_string()))
}

/// The value of the `Authorization` header.
fn bearer(token: &Secret) -> String {
    format!("Bearer {}", token.reveal())
}
