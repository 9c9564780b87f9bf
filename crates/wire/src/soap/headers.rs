//! The SOAP headers of a message.

use super::{Fault, FaultKind, Security, Version, WSA, WSSE};
use crate::xml::Element;

/// The longest action, message ID or address, in bytes. Our choice.
const TEXT_BYTES_MAX: usize = 2_048;

/// The WS-Addressing headers of a message. An answer to it needs WS-Addressing too.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Addressing {
    /// The message ID, which the answer refers to.
    pub message_id: Option<String>,
}

impl Addressing {
    /// Reads the addressing headers, even when other headers of the message are invalid.
    pub(super) fn find(header: &Element) -> Option<Self> {
        let named = |local| header.elements().find(|head| head.is(WSA, local));
        let id = named("MessageID").map(Element::text);
        let message_id = id.as_deref().map(str::trim).filter(|id| (1..=TEXT_BYTES_MAX).contains(&id.len()));
        let addressed = named("Action").is_some() || message_id.is_some();
        addressed.then(|| Self { message_id: message_id.map(str::to_owned) })
    }
}

/// The values of the headers.
#[derive(Debug, Default)]
pub(super) struct Headers {
    pub(super) action: Option<String>,
    pub(super) message_id: Option<String>,
    pub(super) relates_to: Option<String>,
    pub(super) security: Option<Security>,
}

impl Headers {
    pub(super) fn read(version: Version, header: &Element) -> Result<Self, Fault> {
        let mut heads = Self::default();
        for head in header.elements().filter(|head| is_for_us(version, head)) {
            heads.take(version, head)?;
        }
        Ok(heads)
    }

    fn take(&mut self, version: Version, head: &Element) -> Result<(), Fault> {
        match (head.namespace().unwrap_or_default(), head.local()) {
            (WSA, "Action") => once(&mut self.action, head)?,
            (WSA, "MessageID") => once(&mut self.message_id, head)?,
            (WSA, "RelatesTo") => once(&mut self.relates_to, head)?,
            (WSA, _) => {}
            (WSSE, "Security") if self.security.is_some() => {
                return Err(Fault::new(FaultKind::InvalidSecurity, "there is more than one security header"));
            }
            (WSSE, "Security") => self.security = Some(security(head)?),
            (namespace, local) if must_understand(version, head) => {
                let kind =
                    FaultKind::MustUnderstand { namespace: namespace.to_owned(), local: local.to_owned() };
                let text = format!("the header {local} of namespace {namespace:?} is not understood");
                return Err(Fault::new(kind, text));
            }
            (_, _) => {}
        }
        Ok(())
    }
}

fn security(head: &Element) -> Result<Security, Fault> {
    let read = Security::read(head);
    read.map_err(|error| Fault::new(FaultKind::InvalidSecurity, error.to_string()))
}

/// Sets a value once. A second header of the same name makes the message ambiguous.
/// See WS-Addressing SOAP binding §6.4.1.2.
fn once(place: &mut Option<String>, head: &Element) -> Result<(), Fault> {
    let text = head.text();
    let text = text.trim();
    if place.is_some() || text.len() > TEXT_BYTES_MAX {
        let text =
            format!("the header {} occurs twice or has more than {TEXT_BYTES_MAX} bytes", head.local());
        return Err(Fault::new(FaultKind::InvalidAddressing, text));
    }
    *place = Some(text.to_owned()).filter(|text| !text.is_empty());
    Ok(())
}

fn is_for_us(version: Version, head: &Element) -> bool {
    let role = match version {
        Version::Soap11 => "actor",
        Version::Soap12 => "role",
    };
    version.is_for_us(head.attribute_in(version.namespace(), role).unwrap_or_default().trim())
}

fn must_understand(version: Version, head: &Element) -> bool {
    let value = head.attribute_in(version.namespace(), "mustUnderstand");
    matches!(value.map(str::trim), Some("1" | "true"))
}
