//! Channels.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// The state of a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Created, not ringing yet.
    Down,
    /// Incoming, not answered.
    Ring,
    /// Outgoing, ringing.
    Ringing,
    /// Answered.
    Up,
}

/// One leg: a phone, or a party on a trunk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// Its endpoint.
    pub endpoint: String,
    /// The state.
    pub state: State,
    /// The channel variables, by name.
    pub variables: BTreeMap<String, String>,
    /// Whether it is muted.
    pub muted: bool,
    /// Whether it hears ringback.
    pub ringing_tone: bool,
    pub(crate) serial: u64,
    /// The caller's number.
    pub(crate) number: String,
    pub(crate) exten: String,
    /// The `Stasis` arguments, while the channel is in the application.
    pub(crate) args: Option<Vec<String>>,
    /// The `Stasis` arguments for when the channel is answered.
    pub(crate) args_later: Option<Vec<String>>,
    /// How long it talks until it hangs up. Milliseconds.
    pub(crate) talk_ms: Option<u64>,
}

impl Channel {
    pub(crate) fn new(endpoint: &str, state: State, serial: u64) -> Self {
        Self {
            endpoint: endpoint.to_owned(),
            state,
            variables: BTreeMap::new(),
            muted: false,
            ringing_tone: false,
            serial,
            number: String::new(),
            exten: String::new(),
            args: None,
            args_later: None,
            talk_ms: None,
        }
    }

    /// Whether it is in the application.
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
