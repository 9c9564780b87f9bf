//! Asterisk's events and what they are about (`rest-api/events.json`, `channels.json`, `bridges.json`).

use compact_str::CompactString;
use model::{Number, PartyKind};
use serde::Deserialize;

/// Events that are asked for; Asterisk is told to leave out all others.
pub const WANTED: [&str; 7] = [
    "StasisStart",
    "StasisEnd",
    "ChannelStateChange",
    "ChannelDestroyed",
    "ChannelHold",
    "ChannelUnhold",
    "ApplicationReplaced",
];

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "type")]
pub enum Event {
    /// A channel is ours: the dialplan handed it over, or one that we made was answered.
    StasisStart {
        /// What the dialplan says of it.
        #[serde(default)]
        args: Vec<CompactString>,
        /// Which.
        channel: Channel,
    },
    /// A channel is ours no longer: mostly it was hung up.
    StasisEnd {
        /// Which.
        channel: Channel,
    },
    /// A channel rings, or was answered.
    ChannelStateChange {
        /// Which.
        channel: Channel,
    },
    /// A channel is no more.
    ChannelDestroyed {
        /// Why: Q.850.
        #[serde(default)]
        cause: u32,
        /// Which.
        channel: Channel,
    },
    /// A phone parked by its own key.
    ChannelHold {
        /// Whose.
        channel: Channel,
    },
    /// A phone took back by its own key.
    ChannelUnhold {
        /// Whose.
        channel: Channel,
    },
    /// Another program connected as our application: this socket will be told nothing more.
    ApplicationReplaced {},
    /// Anything else.
    #[serde(other)]
    Other,
}

/// One leg of Asterisk's: a phone, or somebody on a trunk.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Channel {
    /// Which.
    pub id: CompactString,
    /// Its endpoint, a dash and a number.
    #[serde(default)]
    pub name: CompactString,
    /// `Down`, `Ring`, `Ringing`, `Up` and others.
    #[serde(default)]
    pub state: CompactString,
    /// Who is there.
    #[serde(default)]
    pub caller: Caller,
    /// Where it is in the dialplan.
    #[serde(default)]
    pub dialplan: Dialplan,
}

/// Who is at a channel.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Caller {
    /// The number, where it is told.
    pub number: CompactString,
}

/// Where a channel is in the dialplan.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Dialplan {
    /// What was dialled.
    pub exten: CompactString,
    /// The application that runs.
    pub app_name: CompactString,
    /// What it was given.
    pub app_data: CompactString,
}

/// A bridge and who is in it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Bridge {
    /// Which.
    pub id: CompactString,
    /// The channels in it.
    #[serde(default)]
    pub channels: Vec<CompactString>,
}

/// A recording that runs (`rest-api/recordings.json`).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct LiveRecording {
    /// `queued`, `recording`, `paused` and others.
    pub state: CompactString,
}

/// A channel variable (`rest-api/channels.json`).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Variable {
    /// What it holds.
    pub value: String,
}

impl Channel {
    /// Whether it was answered.
    pub fn is_up(&self) -> bool {
        self.state == "Up"
    }

    /// The endpoint that it is of.
    pub fn endpoint(&self) -> &str {
        self.name.rsplit_once('-').map_or(self.name.as_str(), |(endpoint, _)| endpoint)
    }

    /// Who is there, as a caller.
    pub fn caller(&self) -> PartyKind {
        number(&self.caller.number).map_or(PartyKind::Withheld, PartyKind::Outside)
    }

    /// What the dialplan said when it handed the channel over to `app`.
    pub fn args(&self, app: &str) -> Option<Vec<CompactString>> {
        let mut parts = self.dialplan.app_data.split(',');
        let is_ours = self.dialplan.app_name == "Stasis" && parts.next() == Some(app);
        is_ours.then(|| parts.map(CompactString::new).collect())
    }
}

/// What of a text can be dialled.
pub fn number(text: &str) -> Option<Number> {
    let kept: String = text.chars().filter(|c| c.is_ascii_digit() || "*#+".contains(*c)).collect();
    Number::new(kept).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As Asterisk 22 sent it, without fields that are not read.
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
