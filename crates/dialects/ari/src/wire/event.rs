//! Asterisk's events and their objects (`rest-api/events.json`, `channels.json`, `bridges.json`).

use compact_str::CompactString;
use model::{Number, PartyKind};
use serde::Deserialize;

/// The events that the session needs. The session requests no others.
pub const WANTED: [&str; 7] = [
    "StasisStart",
    "StasisEnd",
    "ChannelStateChange",
    "ChannelDestroyed",
    "ChannelHold",
    "ChannelUnhold",
    "ApplicationReplaced",
];

/// An event.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "type")]
pub enum Event {
    /// A channel has entered the application: from the dialplan, or because a called channel was answered.
    StasisStart {
        /// The arguments from the dialplan.
        #[serde(default)]
        args: Vec<CompactString>,
        /// The channel.
        channel: Channel,
    },
    /// A channel has left the application, mostly because it was hung up.
    StasisEnd {
        /// The channel.
        channel: Channel,
    },
    /// A channel is ringing or was answered.
    ChannelStateChange {
        /// The channel.
        channel: Channel,
    },
    /// A channel no longer exists.
    ChannelDestroyed {
        /// The cause, a number of Q.850.
        #[serde(default)]
        cause: u32,
        /// The channel.
        channel: Channel,
    },
    /// A phone has put its call on hold.
    ChannelHold {
        /// The channel.
        channel: Channel,
    },
    /// A phone has resumed its call.
    ChannelUnhold {
        /// The channel.
        channel: Channel,
    },
    /// Another program has connected with this application name. This socket gets no further events.
    ApplicationReplaced {},
    /// Any other event.
    #[serde(other)]
    Other,
}

/// A channel: a phone, or a party on a trunk.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Channel {
    /// The channel's ID.
    pub id: CompactString,
    /// The endpoint, a dash and a number.
    #[serde(default)]
    pub name: CompactString,
    /// `Down`, `Ring`, `Ringing`, `Up` and others.
    #[serde(default)]
    pub state: CompactString,
    /// The party at the channel.
    #[serde(default)]
    pub caller: Caller,
    /// The position in the dialplan.
    #[serde(default)]
    pub dialplan: Dialplan,
}

/// The party at a channel.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Caller {
    /// The number, if it is known.
    pub number: CompactString,
}

/// The position of a channel in the dialplan.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Dialplan {
    /// The dialed number.
    pub exten: CompactString,
    /// The running application.
    pub app_name: CompactString,
    /// The arguments of that application.
    pub app_data: CompactString,
}

/// A bridge and its channels.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Bridge {
    /// The bridge's ID.
    pub id: CompactString,
    /// The channels in it.
    #[serde(default)]
    pub channels: Vec<CompactString>,
}

/// A recording in progress (`rest-api/recordings.json`).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct LiveRecording {
    /// `queued`, `recording`, `paused` and others.
    pub state: CompactString,
}

/// A channel variable (`rest-api/channels.json`).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Variable {
    /// The value of the variable.
    pub value: String,
}

impl Channel {
    /// Whether the channel was answered.
    pub fn is_up(&self) -> bool {
        self.state == "Up"
    }

    /// The endpoint of the channel.
    pub fn endpoint(&self) -> &str {
        self.name.rsplit_once('-').map_or(self.name.as_str(), |(endpoint, _)| endpoint)
    }

    /// The party, as a caller.
    pub fn caller(&self) -> PartyKind {
        number(&self.caller.number).map_or(PartyKind::Withheld, PartyKind::Outside)
    }

    /// The arguments with which the dialplan handed the channel over to `app`.
    pub fn args(&self, app: &str) -> Option<Vec<CompactString>> {
        let mut parts = self.dialplan.app_data.split(',');
        let is_ours = self.dialplan.app_name == "Stasis" && parts.next() == Some(app);
        is_ours.then(|| parts.map(CompactString::new).collect())
    }
}

/// The characters of a text that can be dialed, as a number.
pub fn number(text: &str) -> Option<Number> {
    let kept: String = text.chars().filter(|c| c.is_ascii_digit() || "*#+".contains(*c)).collect();
    Number::new(kept).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An event as Asterisk 22 sent it, without fields that are not read.
    const ARRIVAL: &str = r#"{"type":"StasisStart","timestamp":"2026-11-21T04:24:52.034+0000","args":["queue","7700","account=0100"],
        "channel":{"id":"1795235092.0","name":"PJSIP/trunk-00000000","state":"Ring","caller":{"name":"","number":"14155550100"},
        "dialplan":{"context":"from-trunk","exten":"7700","priority":1,"app_name":"Stasis","app_data":"cordboard,queue,7700,account=0100"}}}"#;

    #[test]
    fn an_arrival_is_read() {
        let Event::StasisStart { args, channel } = serde_json::from_str(ARRIVAL).unwrap() else { panic!() };
        assert_eq!(channel.args("cordboard"), Some(args));
        assert_eq!(channel.args("other"), None);
        assert_eq!((channel.endpoint(), channel.is_up()), ("PJSIP/trunk", false));
        assert_eq!(channel.caller(), PartyKind::Outside(Number::new("14155550100").unwrap()));
    }

    #[test]
    fn what_is_not_known_is_no_error() {
        assert_eq!(
            serde_json::from_str::<Event>(r#"{"type":"PeerStatusChange","x":1}"#).unwrap(),
            Event::Other
        );
        assert_eq!(
            serde_json::from_str::<Event>(r#"{"type":"ApplicationReplaced","application":"a"}"#).unwrap(),
            Event::ApplicationReplaced {}
        );
    }

    #[test]
    fn of_a_number_only_what_can_be_dialled_is_left() {
        assert_eq!(number("+1 415)&SIP/9").unwrap().as_str(), "+14159");
        assert_eq!(number("anonymous"), None);
    }
}
