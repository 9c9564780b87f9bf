//! What passes through a call besides speech: tones, muting and recording.

use model::{CallId, Party, switch::CallPicture};
use pbx::{Call, Recording};
use serde::Serialize;

use crate::Switch;

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
    /// Whether the call is recorded.
    pub recording: Recording,
    /// The tones that the party has heard: the last 256.
    pub heard: String,
}

impl Switch {
    /// A call as it is shown.
    pub(crate) fn call_view(&self, id: &CallId, call: &Call) -> CallView {
        let told = call.members.iter().filter(|member| member.state.told().is_some());
        let media = told.map(|member| Media {
            party: member.party.clone(),
            muted: member.muted,
            recording: call.recording,
            heard: self.people.get(&member.leg).map(|person| person.heard.clone()).unwrap_or_default(),
        });
        CallView { picture: call.picture(id), media: media.collect() }
    }
}
