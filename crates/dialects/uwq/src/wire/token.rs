//! Refusals of callouts: a token for software and a sentence for people (uwq.md §4.3).

use std::fmt;

use model::{Code, Rejection};

use super::Function;

/// The first word of an error text. Oracle defines the first five; the others are our choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    /// The callout has no extension.
    ExtensionNotSpecified,
    /// The callout has no ACD ID.
    AgentAcdIdNotSpecified,
    /// EBS has no address of a softphone.
    ThirdPartyUrlNotSpecified,
    /// An internal error, or temporarily unavailable.
    UnexpectedError,
    /// The password or the queue is wrong, or the ACD refuses the login.
    LoginFailed,
    /// The teleset is not registered.
    NotRegistered,
    /// The agent is not logged in.
    NotLoggedIn,
    /// The function is not known.
    UnknownFunction,
    /// A parameter is missing or invalid.
    InvalidParameter,
    /// The teleset is registered for another agent.
    AgentMismatch,
    /// Not possible in the current state.
    InvalidState,
    /// The call could not be made.
    CallFailed,
    /// Not allowed from this address, for this agent or for this number.
    NotAllowed,
}

impl Token {
    /// All tokens.
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

    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
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

    /// The token at the beginning of an error text.
    pub fn of_text(text: &str) -> Option<Token> {
        let word = text.split(':').next()?.trim();
        Self::ALL.into_iter().find(|token| token.as_str() == word)
    }

    /// The token for a code of the hub.
    fn of_code(code: Code) -> Token {
        match code {
            Code::Internal | Code::Overloaded | Code::Unavailable | Code::Conflict => Self::UnexpectedError,
            Code::Unauthenticated | Code::SecondFactorRequired => Self::LoginFailed,
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

/// The refusal of a callout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The token, for software.
    pub token: Token,
    /// The sentence, for people.
    pub text: String,
}

impl Refusal {
    /// Creates a refusal.
    pub fn new(token: Token, text: impl Into<String>) -> Self {
        Self { token, text: text.into() }
    }

    /// The refusal for a rejection by the hub. The only place that maps codes to tokens.
    /// A login that is refused for any reason is a failed login.
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
        write!(out, "{}: {}", self.token.as_str(), self.text)
    }
}
