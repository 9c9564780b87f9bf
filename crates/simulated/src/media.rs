//! What passes through a call besides speech: tones, muting and recording.

use model::{CallId, Party, switch::CallPicture};
use serde::Serialize;

use crate::switch::{Call, Recording};

/// A call as it is shown: what the hub is told, and what goes on in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CallView {
    /// What the hub is told.
    #[serde(flatten)]
    pub picture: CallPicture,
    /// What goes on at each party, in the order of the connections.
    pub media: Vec<Media>,
}

/// What goes on at one party of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Media {
    /// Who.
    pub party: Party,
    /// The others do not hear the party.
    pub muted: bool,
    /// Whether the party's side is recorded.
    pub recording: Recording,
    /// The tones that the party has heard: the last 256.
    pub heard: String,
}

impl Call {
    /// The call as it is shown.
    pub(crate) fn view(&self, id: &CallId) -> CallView {
        let told = self.connections.iter().filter(|connection| connection.state.told().is_some());
        let media = told.map(|connection| Media {
            party: connection.party.clone(),
            muted: connection.muted,
            recording: connection.recording,
            heard: connection.heard.clone(),
        });
        CallView { picture: self.picture(id), media: media.collect() }
    }
}
