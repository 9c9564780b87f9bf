//! What is said to a message that is not taken.

use super::{Addressed, Version, WSA, WSSE, envelope::Head, write};
use crate::xml::{self, Element, Writer};

/// Faults of WCF's dispatcher (talisma.md §4).
const DISPATCHER: &str = "http://schemas.microsoft.com/net/2005/12/windowscommunicationfoundation/dispatcher";
/// Where WCF's addressing faults are when there is no addressing (talisma.md §4).
const ADDRESSING_NONE: &str = "http://schemas.microsoft.com/ws/2005/05/addressing/none";
/// The action of a fault of WS-Addressing.
const ADDRESSING_FAULT: &str = "http://www.w3.org/2005/08/addressing/fault";
/// The action of any other fault.
const SOAP_FAULT: &str = "http://www.w3.org/2005/08/addressing/soap/fault";
/// The action of a fault of WCF's dispatcher.
const DISPATCHER_FAULT: &str =
    "http://schemas.microsoft.com/net/2005/12/windowscommunicationfoundation/dispatcher/fault";

/// Why a message is not even looked at, or what is said to it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// More than may be sent. HTTP 413.
    #[error("the message is too large")]
    TooLarge,
    /// The content type is none of SOAP's, or of the other version. HTTP 415.
    #[error("the content type is {0:?}, expected text/xml or application/soap+xml in utf-8, not compressed")]
    ContentType(String),
    /// Not XML. HTTP 400.
    #[error(transparent)]
    NotXml(xml::Error),
    /// XML, but no envelope of the version that the content type names. HTTP 400.
    #[error("the document is no envelope of the version that its content type names")]
    NotEnvelope,
    /// An envelope. HTTP 500, with an envelope.
    #[error("{fault}")]
    Fault {
        /// What is said to it.
        fault: Fault,
        /// How it is addressed, if it is.
        addressed: Option<Addressed>,
    },
}

impl Refusal {
    /// The HTTP status that it is said with.
    pub fn status(&self) -> u16 {
        match self {
            Self::TooLarge => 413,
            Self::ContentType(_) => 415,
            Self::NotXml(_) | Self::NotEnvelope => 400,
            Self::Fault { .. } => 500,
        }
    }
}

/// A fault: its kind and a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Fault {
    /// What kind.
    pub trouble: Trouble,
    /// The sentence.
    pub reason: String,
}

/// Kinds of faults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// No operation has this action.
    ActionNotSupported,
    /// An addressing header cannot be.
    InvalidAddressing,
    /// The body cannot be read.
    DeserializationFailed,
    /// A defect of the server's, or the server cannot take it now.
    InternalServiceFault,
    /// A header that has to be understood is not.
    MustUnderstand {
        /// The header's namespace.
        namespace: String,
        /// Its name.
        local: String,
    },
    /// Wrong user name or password.
    FailedAuthentication,
    /// The security header is missing, cannot be read, or is stale.
    InvalidSecurity,
    /// Any other, from a peer: the namespace and the name of the most exact code.
    Other {
        /// The code's namespace.
        namespace: String,
        /// The code's name.
        local: String,
    },
}

impl Trouble {
    /// The code beside the version's own one; `MustUnderstand` has none.
    fn code(&self, version: Version) -> Option<(&str, &str)> {
        match self {
            Self::ActionNotSupported => Some((addressing(version), "ActionNotSupported")),
            Self::InvalidAddressing => Some((addressing(version), "InvalidAddressingHeader")),
            Self::DeserializationFailed => Some((DISPATCHER, "DeserializationFailed")),
            Self::InternalServiceFault => Some((DISPATCHER, "InternalServiceFault")),
            Self::FailedAuthentication => Some((WSSE, "FailedAuthentication")),
            Self::InvalidSecurity => Some((WSSE, "InvalidSecurity")),
            Self::MustUnderstand { .. } => None,
            Self::Other { namespace, local } => Some((namespace, local)),
        }
    }

    /// The version's own code; SOAP 1.2 has it beside the exact one.
    fn class(&self, version: Version) -> &'static str {
        match (self, version) {
            (Self::MustUnderstand { .. }, _) => "s:MustUnderstand",
            (Self::InternalServiceFault, Version::Soap11) => "s:Server",
            (Self::InternalServiceFault, Version::Soap12) => "s:Receiver",
            (_, Version::Soap11) => "s:Client",
            (_, Version::Soap12) => "s:Sender",
        }
    }

    fn action(&self) -> &'static str {
        match self {
            Self::ActionNotSupported | Self::InvalidAddressing => ADDRESSING_FAULT,
            Self::DeserializationFailed | Self::InternalServiceFault => DISPATCHER_FAULT,
            Self::MustUnderstand { .. }
            | Self::FailedAuthentication
            | Self::InvalidSecurity
            | Self::Other { .. } => SOAP_FAULT,
        }
    }
}

fn addressing(version: Version) -> &'static str {
    match version {
        Version::Soap11 => ADDRESSING_NONE,
        Version::Soap12 => WSA,
    }
}

impl Fault {
    /// Makes one.
    pub fn new(trouble: Trouble, reason: impl Into<String>) -> Self {
        Self { trouble, reason: reason.into() }
    }

    /// Writes the whole message. The action of `head` is replaced by the fault's own where there is one.
    pub fn write(&self, head: &Head<'_>) -> String {
        let action = head.action.map(|_| self.trouble.action());
        let head = Head { action, not_understood: self.not_understood(head.version), ..*head };
        write(&head, |xml| {
            xml.open("s:Fault", &[]);
            match head.version {
                Version::Soap11 => self.write_11(xml),
                Version::Soap12 => self.write_12(xml),
            }
        })
    }

    fn not_understood(&self, version: Version) -> Option<(&str, &str)> {
        match (&self.trouble, version) {
            (Trouble::MustUnderstand { namespace, local }, Version::Soap12) => Some((namespace, local)),
            (_, _) => None,
        }
    }

    /// The exact code takes the place of the version's own (talisma.md §4).
    fn write_11(&self, xml: &mut Writer) {
        match self.trouble.code(Version::Soap11) {
            Some((namespace, local)) => {
                xml.leaf("faultcode", &[("xmlns:f", namespace)], &format!("f:{local}"));
            }
            None => xml.leaf("faultcode", &[], self.trouble.class(Version::Soap11)),
        }
        xml.leaf("faultstring", &[("xml:lang", "en-US")], &self.reason);
    }

    fn write_12(&self, xml: &mut Writer) {
        xml.open("s:Code", &[]);
        xml.leaf("s:Value", &[], self.trouble.class(Version::Soap12));
        if let Some((namespace, local)) = self.trouble.code(Version::Soap12) {
            xml.open("s:Subcode", &[]);
            xml.leaf("s:Value", &[("xmlns:f", namespace)], &format!("f:{local}"));
            xml.close();
        }
        xml.close();
        xml.open("s:Reason", &[]);
        xml.leaf("s:Text", &[("xml:lang", "en-US")], &self.reason);
        xml.close();
    }

    /// Reads the element `Fault`. What it leaves out is empty.
    pub(super) fn read(version: Version, fault: &Element) -> Self {
        let (code, reason) = match version {
            Version::Soap11 => (fault.first("faultcode"), fault.first("faultstring")),
            Version::Soap12 => {
                let code = fault.first("Code");
                let subcode =
                    code.and_then(|code| code.first("Subcode")).and_then(|code| code.first("Value"));
                let value = subcode.or_else(|| code?.first("Value"));
                (value, fault.first("Reason").and_then(|reason| reason.first("Text")))
            }
        };
        let trouble = code.map_or_else(Trouble::unknown, |code| Trouble::read(version, code));
        Self { trouble, reason: reason.map(Element::text).unwrap_or_default() }
    }
}

impl Trouble {
    fn unknown() -> Self {
        Self::Other { namespace: String::new(), local: String::new() }
    }

    fn read(version: Version, code: &Element) -> Self {
        let text = code.text();
        let Some((namespace, local)) = code.resolve(&text) else { return Self::unknown() };
        let namespace = namespace.unwrap_or_default();
        let known = [
            Self::ActionNotSupported,
            Self::InvalidAddressing,
            Self::DeserializationFailed,
            Self::InternalServiceFault,
            Self::FailedAuthentication,
            Self::InvalidSecurity,
        ];
        let found = known.into_iter().find(|known| known.code(version) == Some((namespace, local)));
        found.unwrap_or_else(|| Self::Other { namespace: namespace.to_owned(), local: local.to_owned() })
    }
}
