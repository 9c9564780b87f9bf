//! A small EBS client: it sends callouts, and stores the posts to its listener. It shares no code with Cordboard's dialect.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use wire::xml;

/// The limits of an XML document that a client reads.
const XML: xml::Limits = xml::Limits::MESSAGE;

/// An event that was posted to a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// The name of the event.
    pub name: String,
    /// The names and values of its data, in document order.
    pub data: Vec<(String, String)>,
}

impl Post {
    /// Returns the value of a data item.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.data.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// The ID of the call that it is about.
    pub fn source(&self) -> &str {
        self.get("occtSourceID").unwrap_or_default()
    }
}

/// An agent's EBS client.
#[derive(Debug, Clone)]
pub struct Ebs {
    /// The agent's extension.
    pub teleset: String,
    /// The agent's ID at the ACD.
    pub agent: String,
    /// The port of its listener.
    pub port: u16,
    /// Whether it listens.
    pub listens: bool,
    /// All posts, the oldest first.
    pub posts: Vec<Post>,
}

impl Ebs {
    /// Creates a client that listens.
    pub fn new(teleset: &str, agent: &str, port: u16) -> Self {
        let (teleset, agent) = (teleset.to_owned(), agent.to_owned());
        Self { teleset, agent, port, listens: true, posts: Vec::new() }
    }

    /// Returns the callout of a function with the client's own parameters. `with` adds parameters, or replaces them.
    pub fn callout(&self, function: &str, with: &BTreeMap<String, String>) -> Request<Bytes> {
        let mut request = Request::new(Bytes::new());
        let target = format!("/?{}", self.query(function, with));
        // Names are letters and values are encoded, so the text is a valid target.
        *request.uri_mut() = target.parse().expect("a target of plain letters");
        request
    }

    fn query(&self, function: &str, with: &BTreeMap<String, String>) -> String {
        let port = self.port.to_string();
        let line = [("telesetNumber", self.teleset.as_str()), ("agentID", self.agent.as_str())];
        let more: &[(&str, &str)] = match function {
            "Register" => &[("ipAddress", "127.0.0.1"), ("port", &port)],
            "Login" | "Logout" => &[("agentPassword", "demo"), ("agentQueue", "7700")],
            _ => &[],
        };
        let own: &[(&str, &str)] = if function == "CheckStatus" { &[] } else { &line };
        let usual = own.iter().chain(more).filter(|(name, _)| !with.contains_key(*name));
        let others = with.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let mut query = format!("FunctionName={function}");
        for (name, value) in usual.copied().chain(others) {
            query.push_str(&format!("&{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)));
        }
        query
    }

    /// Receives a post to the listener and answers it.
    pub fn post(&mut self, request: &Request<Bytes>) -> Response<Bytes> {
        let posted = (request.method() == Method::POST).then(|| read(request.body())).flatten();
        let mut response = Response::new(Bytes::new());
        match posted {
            Some(posts) => self.posts.extend(posts),
            None => *response.status_mut() = StatusCode::BAD_REQUEST,
        }
        response
    }
}

/// The error token in the response to a callout; `None` if it was accepted.
pub fn refusal(response: &Response<Bytes>) -> Option<String> {
    let errors = read(response.body()).unwrap_or_default();
    let error = errors.iter().find(|event| event.name == "Error");
    let text = error.and_then(|error| error.get("occtErrorMsg"));
    match text {
        Some(text) => Some(text.split(':').next().unwrap_or(text).to_owned()),
        None if response.status().is_success() => None,
        None => Some(response.status().to_string()),
    }
}

/// Reads the events of a document.
fn read(body: &[u8]) -> Option<Vec<Post>> {
    let root = xml::parse(body, &XML).ok().filter(|root| root.name == "CCTSDK")?;
    root.elements().filter(|element| element.name == "event").map(event).collect()
}

fn event(element: &xml::Element) -> Option<Post> {
    let pair =
        |data: &xml::Element| Some((data.attribute("name")?.to_owned(), data.attribute("value")?.to_owned()));
    let data = element.elements().filter(|child| child.name == "data").map(pair);
    Some(Post { name: element.attribute("name")?.to_owned(), data: data.collect::<Option<_>>()? })
}
