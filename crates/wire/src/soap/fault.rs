//! Errors and faults for messages that are not accepted.

use super::{Addressing, Version, WSA, WSSE, envelope::Head, write};
use crate::xml::{self, Element, Writer};

/// The namespace of faults of WCF's dispatcher (talisma.md §4).
const DISPATCHER: &str = "http://schemas.microsoft.com/net/2005/12/windowscommunicationfoundation/dispatcher";
/// The namespace of WCF's addressing faults without WS-Addressing (talisma.md §4).
const ADDRESSING_NONE: &str = "http://schemas.microsoft.com/ws/2005/05/addressing/none";
/// The action of a WS-Addressing fault.
const ADDRESSING_FAULT: &str = "http://www.w3.org/2005/08/addressing/fault";
/// The action of any other fault.
const SOAP_FAULT: &str = "http://www.w3.org/2005/08/addressing/soap/fault";
/// The action of a fault of WCF's dispatcher.
const DISPATCHER_FAULT: &str =
    "http://schemas.microsoft.com/net/2005/12/windowscommunicationfoundation/dispatcher/fault";

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The message is too large. HTTP 413.
    #[error("the message is too large")]
    TooLarge,
    /// The content type is not one of SOAP, or is that of the other version. HTTP 415.
    #[error("the content type is {0:?}; expected text/xml or application/soap+xml in utf-8, not compressed")]
    ContentType(String),
    /// The body is not XML. HTTP 400.
    #[error(transparent)]
    NotXml(xml::Error),
    /// The XML is not an envelope of the version that the content type names. HTTP 400.
    #[error("the document is not an envelope of the SOAP version that its content type names")]
    NotEnvelope,
    /// The message is an envelope, but not acceptable. HTTP 500, with a fault.
    #[error("{fault}")]
    Fault {
        /// The fault to send.
        fault: Fault,
        /// The WS-Addressing headers of the request; `None` when there are none.
        addressed: Option<Addressing>,
    },
}

impl Refusal {
    /// The HTTP status of the response.
    pub fn status(&self) -> u16 {
        match self {
            Self::TooLarge => 413,
            Self::ContentType(_) => 415,
            Self::NotXml(_) | Self::NotEnvelope => 400,
            Self::Fault { .. } => 500,
        }
    }
}

/// A SOAP fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Fault {
    /// The kind of fault.
    pub kind: FaultKind,
    /// The reason, one sentence.
    pub reason: String,
}

/// The kind of a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultKind {
    /// No operation has this action.
    ActionNotSupported,
    /// An addressing header is invalid.
    InvalidAddressing,
    /// The body cannot be parsed.
    DeserializationFailed,
    /// An internal error, or the server cannot accept the message now.
    InternalServiceFault,
    /// A header with `mustUnderstand` is not supported.
    MustUnderstand {
        /// The namespace of the header.
        namespace: String,
        /// The name of the header.
        local: String,
    },
    /// The user name or password is wrong.
    FailedAuthentication,
    /// The security header is missing, malformed or expired.
    InvalidSecurity,
    /// Any other fault from a peer: the namespace and the name of its most specific code.
    Other {
        /// The namespace of the code.
        namespace: String,
        /// The name of the code.
        local: String,
    },
}

impl FaultKind {
    /// The specific code, besides the general code of the SOAP version; `None` for `MustUnderstand`.
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

    /// The general code of the SOAP version. SOAP 1.2 sends it together with the specific one.
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
    /// Creates a fault.
    pub fn new(kind: FaultKind, reason: impl Into<String>) -> Self {
        Self { kind, reason: reason.into() }
    }

    /// Writes the complete message. The fault's action replaces the action of `head`.
    pub fn write(&self, head: &Head<'_>) -> String {
        let action = head.action.map(|_| self.kind.action());
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
        match (&self.kind, version) {
            (FaultKind::MustUnderstand { namespace, local }, Version::Soap12) => Some((namespace, local)),
            (_, _) => None,
        }
    }

    /// Writes a SOAP 1.1 fault, where the specific code replaces the general one (talisma.md §4).
    fn write_11(&self, xml: &mut Writer) {
        match self.kind.code(Version::Soap11) {
            Some((namespace, local)) => {
                xml.leaf("faultcode", &[("xmlns:f", namespace)], &format!("f:{local}"));
            }
            None => xml.leaf("faultcode", &[], self.kind.class(Version::Soap11)),
        }
        xml.leaf("faultstring", &[("xml:lang", "en-US")], &self.reason);
    }

    fn write_12(&self, xml: &mut Writer) {
        xml.open("s:Code", &[]);
        xml.leaf("s:Value", &[], self.kind.class(Version::Soap12));
        if let Some((namespace, local)) = self.kind.code(Version::Soap12) {
            xml.open("s:Subcode", &[]);
            xml.leaf("s:Value", &[("xmlns:f", namespace)], &format!("f:{local}"));
            xml.close();
        }
        xml.close();
        xml.open("s:Reason", &[]);
        xml.leaf("s:Text", &[("xml:lang", "en-US")], &self.reason);
        xml.close();
    }

    /// Reads a `Fault` element. Missing parts are empty.
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
        let kind = code.map_or_else(FaultKind::unknown, |code| FaultKind::read(version, code));
        Self { kind, reason: reason.map(Element::text).unwrap_or_default() }
    }
}

impl FaultKind {
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
