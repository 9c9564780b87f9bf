//! Asterisk, over its REST interface.

use ari::{Answer, DeskConfig, Error, Template};
use compact_str::CompactString;
use model::{Number, Secret, SwitchId};
use serde::{Deserialize, Serialize};

use settings::{Span, section};

/// "You are currently caller number … waiting to speak with a representative", in Asterisk's core sounds.
const POSITION: [&str; 3] = ["sound:queue-thereare", "number:{position}", "sound:queue-callswaiting"];

section! {
    /// Asterisk: its phones and trunks are a switch of ours.
    pub(crate) Ari {
        /// Its name on the floor, as a switch.
        id: SwitchId = required("\"asterisk\""),
        /// Where it serves ARI, in plain HTTP: keep it on this machine, or on a network of its own.
        server: CompactString = default("127.0.0.1:8088".into()),
        /// The user of ari.conf.
        user: CompactString = default("cordboard".into()),
        /// The password of ari.conf.
        password: Secret = secret("\"…\""),
        /// The Stasis application to which the dialplan hands calls.
        application: CompactString = default("cordboard".into()),
        /// An agent's phone as an endpoint; {device} is the phone's name on the floor.
        phone: String = default("PJSIP/{device}".to_owned()),
        /// A number outside as an endpoint; without it nobody can be called outside.
        trunk: String = option("\"PJSIP/{number}@trunk\""),
        /// The number that those outside see when an agent calls.
        caller_id: Number = option("\"+14155550199\""),
        /// Names of data that the dialplan may attach to a call.
        data: Vec<CompactString> = default(Vec::new()),
        /// Where agents answer: "at-phone", or "from-desk" where phones answer by themselves when told so.
        answer: Answering = default(Answering::AtPhone),
        /// How long anybody may ring who is called through no queue.
        ring: Span = default(Span::s(45)),
        /// The format of recordings.
        recording_format: CompactString = default("wav".into()),
        /// How often callers are told their place in the queue; 0s: never.
        position_every: Span = default(Span::s(0)),
        /// What is played to them then: ARI's media URIs, {position} is the place. The sounds have to be installed.
        position: Vec<CompactString> = default(POSITION.map(CompactString::const_new).to_vec()),
    }
}

/// Where agents answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Answering {
    /// The phone rings and is picked up by hand.
    AtPhone,
    /// The desk rings, and its answer calls the phone.
    FromDesk,
}

impl Ari {
    /// As the session takes it.
    pub(crate) fn session(&self) -> Result<DeskConfig, Error> {
        // A configuration without one is refused before it gets here.
        let password = self.password.clone().unwrap_or_else(|| Secret::new(""));
        let trunk = self.trunk.as_deref().map(|trunk| Template::new(trunk, "{number}")).transpose()?;
        Ok(DeskConfig {
            user: self.user.clone(),
            app: self.application.clone(),
            phone: Template::new(&self.phone, "{device}")?,
            trunk,
            caller_id: self.caller_id.clone(),
            data: self.data.clone(),
            answer: match self.answer {
                Answering::AtPhone => Answer::AtPhone,
                Answering::FromDesk => Answer::FromDesk,
            },
            ring: self.ring.duration(),
            recording_format: self.recording_format.clone(),
            position_every: self.position_every.duration(),
            position: self.position.clone(),
            ..DeskConfig::new(&self.server, password)
        })
    }
}
