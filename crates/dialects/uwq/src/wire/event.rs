//! Events: messages from a softphone to EBS, as XML (uwq.md §5).

use wire::xml::{self, Element, Writer};

use super::{limits, names};
use crate::Error;

/// Names and values in document order.
pub type Pairs = Vec<(String, String)>;

/// An event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A call is announced: EBS shows the customer's record.
    ScreenPop(ScreenPop),
    /// The call was answered. Contains its source ID.
    CallEstablished(String),
    /// The call has ended. Contains its source ID.
    CallReleased(String),
    /// An error. Contains its text.
    Error(String),
    /// An event that is not known. Kept as it came.
    Other {
        /// The name of the event.
        name: String,
        /// The pairs of the event.
        data: Pairs,
    },
}

/// The announcement of a call. Its `Debug` output contains no numbers or data of the customer.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct ScreenPop {
    /// `occtSourceID`: the ID of the call, 1 to 64 of `A-Z a-z 0-9 . _ : -`.
    pub source: String,
    /// `occtANI`: the number of the other end. Empty if withheld.
    pub ani: String,
    /// `occtDNIS`: the agent's extension, or the dialed number.
    pub dnis: String,
    /// All other pairs.
    pub data: Pairs,
}

impl std::fmt::Debug for ScreenPop {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self.data.iter().map(|(name, _)| name.as_str()).collect();
        write!(out, "ScreenPop({}, {names:?})", self.source)
    }
}

impl Event {
    /// Parses a document. It usually has one event; several are handled in order.
    pub fn parse(document: &[u8]) -> Result<Vec<Event>, Error> {
        let root = xml::parse(document, &limits::XML)?;
        if root.name != "CCTSDK" {
            return Err(Error::Root { found: root.name.into() });
        }
        root.elements().filter(|element| element.name == "event").map(Self::of).collect()
    }

    /// Writes a document with this event, without XML declaration and white space (uwq.md §5.1).
    pub fn print(&self) -> String {
        let mut xml = Writer::new();
        xml.open("CCTSDK", &[]);
        xml.open("event", &[("name", self.name())]);
        match self {
            Self::ScreenPop(pop) => pop.print(&mut xml),
            Self::CallEstablished(source) | Self::CallReleased(source) => {
                pair(&mut xml, names::SOURCE_ID, source)
            }
            Self::Error(text) => pair(&mut xml, names::ERROR_MESSAGE, text),
            Self::Other { data, .. } => data.iter().for_each(|(name, value)| pair(&mut xml, name, value)),
        }
        xml.finish()
    }

    /// The name on the wire. Known (uwq.md §5.3).
    pub fn name(&self) -> &str {
        match self {
            Self::ScreenPop(_) => "ScreenPop",
            Self::CallEstablished(_) => "CallEstablished",
            Self::CallReleased(_) => "CallReleased",
            Self::Error(_) => "Error",
            Self::Other { name, .. } => name,
        }
    }

    fn of(element: &Element) -> Result<Event, Error> {
        let name = element.attribute("name").ok_or(Error::NoEventName)?;
        let mut data = pairs(element)?;
        match name {
            "ScreenPop" => Ok(Self::ScreenPop(ScreenPop {
                source: source(name, &mut data)?,
                ani: take(&mut data, names::ANI).unwrap_or_default(),
                dnis: take(&mut data, names::DNIS).unwrap_or_default(),
                data,
            })),
            "CallEstablished" => source(name, &mut data).map(Self::CallEstablished),
            "CallReleased" => source(name, &mut data).map(Self::CallReleased),
            "Error" => Ok(Self::Error(take(&mut data, names::ERROR_MESSAGE).unwrap_or_default())),
            name => Ok(Self::Other { name: name.to_owned(), data }),
        }
    }
}

impl ScreenPop {
    fn print(&self, xml: &mut Writer) {
        pair(xml, names::SOURCE_ID, &self.source);
        pair(xml, names::ANI, &self.ani);
        pair(xml, names::DNIS, &self.dnis);
        self.data.iter().for_each(|(name, value)| pair(xml, name, value));
    }
}

fn pair(xml: &mut Writer, name: &str, value: &str) {
    xml.empty("data", &[("name", name), ("value", value)]);
}

/// The pairs of an event. The last one of a name wins and keeps the first one's place (uwq.md §5.2).
fn pairs(event: &Element) -> Result<Pairs, Error> {
    let mut pairs = Pairs::new();
    for data in event.elements().filter(|element| element.name == "data") {
        let name = data.attribute("name").filter(|name| !name.is_empty()).ok_or(Error::NoDataName)?;
        let value = data.attribute("value").unwrap_or_default().to_owned();
        match pairs.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => *known = value,
            None => pairs.push((name.to_owned(), value)),
        }
    }
    Ok(pairs)
}

fn source(event: &str, data: &mut Pairs) -> Result<String, Error> {
    let found = take(data, names::SOURCE_ID).map(|source| source.trim().to_owned());
    found.filter(|source| !source.is_empty()).ok_or_else(|| Error::NoSource { event: event.to_owned() })
}

fn take(data: &mut Pairs, name: &str) -> Option<String> {
    let at = data.iter().position(|(found, _)| found == name)?;
    Some(data.remove(at).1)
}
