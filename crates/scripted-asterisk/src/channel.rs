//! Channels.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// How far a channel has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It was made, and nothing rings yet.
    Down,
    /// It calls us.
    Ring,
    /// It rings.
    Ringing,
    /// It was answered.
    Up,
}

/// One leg: a phone, or somebody on a trunk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// The endpoint that it is of.
    pub endpoint: String,
    /// How far it has come.
    pub state: State,
    /// What is written on it, by name.
    pub variables: BTreeMap<String, String>,
    /// Whether the others can't hear it.
    pub muted: bool,
    /// Whether it hears ringback.
    pub hears_ringing: bool,
    pub(crate) serial: u64,
    /// The number of whoever called.
    pub(crate) number: String,
    pub(crate) exten: String,
    /// What the application was told of it, while it is there.
    pub(crate) args: Option<Vec<String>>,
    /// What the application is told once the channel is answered.
    pub(crate) args_later: Option<Vec<String>>,
    /// How long after its first talk began it hangs up. Milliseconds.
    pub(crate) talk_ms: Option<u64>,
}

impl Channel {
    pub(crate) fn new(endpoint: &str, state: State, serial: u64) -> Self {
        Self {
            endpoint: endpoint.to_owned(),
            state,
            variables: BTreeMap::new(),
            muted: false,
            hears_ringing: false,
            serial,
            number: String::new(),
            exten: String::new(),
            args: None,
            args_later: None,
            talk_ms: None,
        }
    }

    /// Whether the application has it.
    pub fn is_in_app(&self) -> bool {
        self.args.is_some()
    }

    pub(crate) fn json(&self, id: &str, app: &str) -> Value {
        let state = match self.state {
            State::Down => "Down",
            State::Ring => "Ring",
            State::Ringing => "Ringing",
            State::Up => "Up",
        };
        let (runs, data) = match &self.args {
            Some(args) => ("Stasis", [&[app.to_owned()], args.as_slice()].concat().join(",")),
            None => ("AppDial2", "(Outgoing Line)".to_owned()),
        };
        json!({
            "id": id, "name": format!("{}-{:08x}", self.endpoint, self.serial), "state": state,
            "caller": { "name": "", "number": self.number },
            "dialplan": { "context": "from-trunk", "exten": self.exten, "priority": 1, "app_name": runs, "app_data": data },
        })
    }
}
