//! Why a callout is refused: a token for software, a sentence for people (uwq.md §4.3).

use std::fmt;

use model::{Code, Rejection};

use super::Function;

/// The first word of an error text. Oracle knows the first five; the others are ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    /// No extension was given.
    ExtensionNotSpecified,
    /// No ACD id was given.
    AgentAcdIdNotSpecified,
    /// EBS has no address of a softphone.
    ThirdPartyUrlNotSpecified,
    /// A defect, or not now.
    UnexpectedError,
    /// Wrong password or queue, or the ACD refuses.
    LoginFailed,
    /// The teleset is not registered.
    NotRegistered,
    /// The agent is not logged in.
    NotLoggedIn,
    /// There is no such function.
    UnknownFunction,
    /// A parameter is missing or makes no sense.
    InvalidParameter,
    /// The teleset is registered for another agent.
    AgentMismatch,
    /// Not possible as things stand.
    InvalidState,
    /// The call could not be made.
    CallFailed,
    /// Not from there, not by this agent, not this number.
    NotAllowed,
}

impl Token {
    /// Every token.
    pub const ALL: [Token; 13] = [
        Self::ExtensionNotSpecified,
        Self::AgentAcdIdNotSpecified,
        Self::ThirdPartyUrlNotSpecified,
        Self::UnexpectedError,
        Self::LoginFailed,
        Self::NotRegistered,
        Self::NotLoggedIn,
        Self::UnknownFunction,
        Self::InvalidParameter,
        Self::AgentMismatch,
        Self::InvalidState,
        Self::CallFailed,
        Self::NotAllowed,
    ];

    /// Its word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::ExtensionNotSpecified => "ExtensionNotSpecified",
            Self::AgentAcdIdNotSpecified => "AgentACDIdNotSpecified",
            Self::ThirdPartyUrlNotSpecified => "ThirdPartyUrlNotSpecified",
            Self::UnexpectedError => "UnexpectedError",
            Self::LoginFailed => "LoginFailed",
            Self::NotRegistered => "NotRegistered",
            Self::NotLoggedIn => "NotLoggedIn",
            Self::UnknownFunction => "UnknownFunction",
            Self::InvalidParameter => "InvalidParameter",
            Self::AgentMismatch => "AgentMismatch",
            Self::InvalidState => "InvalidState",
            Self::CallFailed => "CallFailed",
            Self::NotAllowed => "NotAllowed",
        }
    }

    /// The token that an error text begins with.
    pub fn of_text(text: &str) -> Option<Token> {
        let word = text.split(':').next()?.trim();
        Self::ALL.into_iter().find(|token| token.word() == word)
    }

    /// What the hub's "no" is called here.
    fn of_code(code: Code) -> Token {
        match code {
            Code::Internal | Code::Overloaded | Code::Unavailable | Code::Conflict => Self::UnexpectedError,
            Code::Unauthenticated => Self::LoginFailed,
            Code::NotSignedIn => Self::NotLoggedIn,
            Code::Forbidden | Code::NumberRefused => Self::NotAllowed,
            Code::Invalid | Code::UnknownCode | Code::UnknownQueue | Code::UnknownAgent => {
                Self::InvalidParameter
            }
            Code::DeviceInUse
            | Code::WrongState
            | Code::Ambiguous
            | Code::LogRequired
            | Code::NotFound
            | Code::UnknownInteraction
            | Code::TooMany => Self::InvalidState,
            Code::NotSupported | Code::SwitchUnavailable | Code::SwitchRefused => Self::CallFailed,
        }
    }
}

/// A callout that is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// For software.
    pub token: Token,
    /// For people.
    pub text: String,
}

impl Refusal {
    /// Makes one.
    pub fn new(token: Token, text: impl Into<String>) -> Self {
        Self { token, text: text.into() }
    }

    /// What is said to EBS when the hub rejects what a callout asked for. The one place where codes become tokens.
    /// A login that is refused for whatever reason is a failed login.
    pub fn of(function: Function, rejection: &Rejection) -> Self {
        let token = match (function, Token::of_code(rejection.code)) {
            (_, Token::UnexpectedError) => Token::UnexpectedError,
            (Function::Login, _) => Token::LoginFailed,
            (_, token) => token,
        };
        Self::new(token, rejection.text.as_str())
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.token.word(), self.text)
    }
}
