//! A client of the native API.

mod error;
mod events;
mod node;
mod token;

use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::{
    client::legacy::{self, connect::HttpConnector},
    rt::TokioExecutor,
};
use model::{JournalId, Secret};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

pub(crate) use self::{
    error::Error,
    events::{Cursor, Events, Message, Said},
    node::Node,
    token::TokenFile,
};

/// How long a request may take. Ours: a node answers in milliseconds, a loaded one in a second.
const PATIENCE: Duration = Duration::from_secs(30);

/// The longest answer that is read. Bytes. Ours: a floor of 20,000 agents has about 5 MB.
const ANSWER_BYTES_MAX: usize = 64 * 1024 * 1024;

/// A client of one node, with its credentials.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    node: Node,
    token: Secret,
    /// The token was given, and not found: it is not looked for again.
    given: bool,
    http: legacy::Client<HttpConnector, Full<Bytes>>,
}

/// A page of a list.
#[derive(Debug, Deserialize)]
pub(crate) struct Page<T> {
    /// What is on it.
    pub(crate) items: Vec<T>,
}

/// What a node that is ready says of itself.
#[derive(Debug, Deserialize)]
struct Ready {
    journal: JournalId,
}

impl Client {
    /// A client of `node` with the token from `CORDBOARD_TOKEN`, or else from the file that a node of this machine wrote.
    pub(crate) fn new(node: Node) -> Result<Self, Error> {
        let token = token::find(&node)?;
        Ok(Self { given: false, ..Self::with_token(node, token) })
    }

    /// A client of `node` with a token of its own.
    pub(crate) fn with_token(node: Node, token: Secret) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_connect_timeout(Some(Duration::from_secs(5)));
        let http = legacy::Client::builder(TokioExecutor::new()).build(connector);
        Self { node, token, given: true, http }
    }

    /// Reads something; `path` begins with a slash.
    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Error> {
        self.ask(Method::GET, path, Bytes::new()).await
    }

    /// Reads a list that has no more than one page.
    pub(crate) async fn list<T: DeserializeOwned>(&self, path: &str) -> Result<Vec<T>, Error> {
        Ok(self.get::<Page<T>>(path).await?.items)
    }

    /// Asks for something to be made or done.
    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, Error> {
        self.ask(Method::POST, path, json(body)?).await
    }

    /// Puts something in the place of what is there.
    pub(crate) async fn put<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, Error> {
        self.ask(Method::PUT, path, json(body)?).await
    }

    /// Which journal the node keeps.
    pub(crate) async fn journal(&self) -> Result<JournalId, Error> {
        Ok(self.get::<Ready>("/readyz").await?.journal)
    }

    /// The events from here on, or those after `after`.
    pub(crate) fn events(&self, after: Option<Cursor>) -> Events {
        Events::new(self.node.clone(), self.given.then(|| self.token.clone()), after)
    }

    async fn ask<T: DeserializeOwned>(&self, method: Method, path: &str, body: Bytes) -> Result<T, Error> {
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

/// The header's value.
fn bearer(token: &Secret) -> String {
    format!("Bearer {}", token.reveal())
}
