//! The media of a call besides speech: tones, muting and recording.

use model::{CallId, Party, switch::CallPicture};
use pbx::{Call, Recording};
use serde::Serialize;

use crate::Switch;

/// A call: its reported state, and its media.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CallView {
    /// The call as reported to the hub.
    #[serde(flatten)]
    pub picture: CallPicture,
    /// The media of each party, in the order of the connections.
    pub media: Vec<Media>,
}

/// The media of one party of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Media {
    /// The party.
    pub party: Party,
    /// Whether the party is muted.
    pub muted: bool,
    /// Whether the call is recorded.
    pub recording: Recording,
    /// The tones that the party has received: the last 256.
    #[serde(rename = "heard")]
    pub tones: String,
}

impl Switch {
    /// A call with its media.
    pub(crate) fn call_view(&self, id: &CallId, call: &Call) -> CallView {
        let reported = call.members.iter().filter(|member| member.state.reported().is_some());
        let media = reported.map(|member| Media {
            party: member.party.clone(),
            muted: member.muted,
            recording: call.recording,
            tones: self.people.get(&member.leg).map(|person| person.tones.clone()).unwrap_or_default(),
        });
        CallView { picture: call.picture(id), media: media.collect() }
    }
}
