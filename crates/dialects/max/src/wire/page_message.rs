//! Messages from a page to MAX (max.md §2).

use compact_str::CompactString;
use serde_json::{Map, Value, json};

use super::{
    ContactId, Kind, Kinds,
    ack::Refusal,
    id::NoId,
    limits::{CARD_IMAGE_BYTES_MAX, CARD_NAME_CHARS_MAX, ISSUER_CHARS_MAX},
    text::clipped,
};

/// A message from a page to MAX.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PageMessage {
    /// `RegisterForClientEvents`.
    Register(Register),
    /// `UnregisterFromClientEvents`.
    Unregister,
    /// `ContactCardData`.
    Card(Card),
    /// One of the seven call commands.
    Press {
        /// The button.
        button: Button,
        /// The contact, if the page names one.
        contact: Option<ContactId>,
    },
}

/// A registration, valid or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Register {
    /// The name of the page.
    pub issuer: CompactString,
    /// The contact that the page names; an error if it is invalid.
    pub contact: Result<Option<ContactId>, NoId>,
    /// The valid types.
    pub kinds: Kinds,
    /// The invalid types.
    pub unknown: Vec<CompactString>,
}

impl Register {
    /// Checks the registration: the contact before the types (max.md §4).
    pub fn check(&self) -> Result<Option<&ContactId>, Refusal> {
        let contact = self.contact.as_ref().map_err(|NoId| Refusal::InvalidContactId)?;
        if self.kinds.is_empty() { Err(Refusal::InvalidSubscriptionTypes) } else { Ok(contact.as_ref()) }
    }
}

/// How the customer of a contact is shown. A missing value stays as it is, an empty one is reset (max.md §2.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// The contact, if the page names one; an error if it is invalid.
    pub contact: Result<Option<ContactId>, NoId>,
    /// The customer's name.
    pub name: Option<CompactString>,
    /// The address of the customer's picture.
    pub image: Option<CompactString>,
    /// Why a part of it cannot be shown.
    pub refused: Option<&'static str>,
}

/// A main button of MAX, as a command (max.md §2.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Button {
    /// `AnswerEvent`.
    Answer,
    /// `RefuseEvent`.
    Refuse,
    /// `HoldEvent`: turns hold on and off.
    Hold,
    /// `MuteEvent`: turns mute on and off.
    Mute,
    /// `MaskEvent`: turns masking on and off.
    Mask,
    /// `RecordEvent`: turns recording on, never off.
    Record,
    /// `HangupEvent`.
    Hangup,
}

impl Button {
    /// All buttons.
    pub const ALL: [Self; 7] =
        [Self::Answer, Self::Refuse, Self::Hold, Self::Mute, Self::Mask, Self::Record, Self::Hangup];

    /// The command of the button.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Answer => "AnswerEvent",
            Self::Refuse => "RefuseEvent",
            Self::Hold => "HoldEvent",
            Self::Mute => "MuteEvent",
            Self::Mask => "MaskEvent",
            Self::Record => "RecordEvent",
            Self::Hangup => "HangupEvent",
        }
    }
}

const REGISTER: &str = "RegisterForClientEvents";
const UNREGISTER: &str = "UnregisterFromClientEvents";
const CARD: &str = "ContactCardData";

impl PageMessage {
    /// Parses a message. `None` if it is not for MAX; then it is ignored (max.md §2.1). Keys and `messageType` are case-sensitive.
    pub fn parse(message: &Value) -> Option<Self> {
        let members = message.as_object()?;
        match members.get("messageType")?.as_str()? {
            REGISTER => Some(Self::Register(register(members))),
            UNREGISTER => Some(Self::Unregister),
            CARD => Some(Self::Card(card(members))),
            word => {
                let button = Button::ALL.into_iter().find(|button| button.as_str() == word)?;
                let contact = ContactId::given(members.get("contactId")).ok().flatten();
                Some(Self::Press { button, contact })
            }
        }
    }

    /// Prints the message as the page `issuer` sends it.
    pub fn to_value(&self, issuer: &str) -> Value {
        match self {
            Self::Register(register) => {
                let kinds: Vec<&str> = register.kinds.iter().map(Kind::as_str).collect();
                let mut message =
                    json!({"messageType": REGISTER, "issuer": register.issuer, "subscriptionTypes": kinds});
                if let Ok(Some(contact)) = &register.contact {
                    message["contactId"] = contact.to_value();
                }
                message
            }
            Self::Unregister => json!({"messageType": UNREGISTER, "issuer": issuer}),
            Self::Card(card) => {
                let mut data = Map::new();
                data.extend(card.name.as_ref().map(|name| ("name".to_owned(), name.as_str().into())));
                data.extend(card.image.as_ref().map(|image| ("userImg".to_owned(), image.as_str().into())));
                let mut message = json!({"messageType": CARD, "issuer": issuer, "contactCardData": data});
                if let Ok(Some(contact)) = &card.contact {
                    message["contactId"] = contact.to_value();
                }
                message
            }
            Self::Press { button, contact } => {
                let mut message = json!({"messageType": button.as_str(), "issuer": issuer});
                if let Some(contact) = contact {
                    message["contactId"] = contact.to_value();
                }
                message
            }
        }
    }
}

fn register(members: &Map<String, Value>) -> Register {
    let issuer = members.get("issuer").and_then(Value::as_str).unwrap_or_default();
    let types = members.get("subscriptionTypes").and_then(Value::as_array);
    let words: Vec<&str> = types.into_iter().flatten().filter_map(Value::as_str).collect();
    let unknown = words.iter().filter(|word| Kind::parse(word).is_none());
    Register {
        issuer: clipped(issuer, ISSUER_CHARS_MAX).into(),
        contact: ContactId::given(members.get("contactId")),
        kinds: words.iter().filter_map(|word| Kind::parse(word)).collect(),
        unknown: unknown.map(|word| clipped(word, ISSUER_CHARS_MAX).into()).collect(),
    }
}

fn card(members: &Map<String, Value>) -> Card {
    let contact = ContactId::given(members.get("contactId"));
    let data = members.get("contactCardData");
    let part = |name: &str| data.and_then(|data| data.get(name)?.as_str());
    let mut card = Card { contact, name: None, image: None, refused: None };
    match part("name") {
        Some(name) if name.chars().nth(CARD_NAME_CHARS_MAX).is_some() => {
            card.refused = Some("the name is too long")
        }
        name => card.name = name.map(Into::into),
    }
    match part("userImg") {
        Some(image) if !is_picture(image) => {
            card.refused = Some("the picture must be an https: or data:image/ address and not too long")
        }
        image => card.image = image.map(Into::into),
    }
    card
}

/// Whether an address may be shown as a picture: empty, an https address, or a data URL with an image.
fn is_picture(address: &str) -> bool {
    let fits = address.starts_with("https://") || address.starts_with("data:image/");
    address.is_empty() || (fits && address.len() <= CARD_IMAGE_BYTES_MAX)
}
