//! Callouts: requests from EBS to a softphone, in the query of a GET (uwq.md §4).

use std::{
    borrow::Cow,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

use compact_str::CompactString;
use model::Secret;

use super::{
    Refusal, Token,
    query::{self, Parameters},
};

/// The functions of callouts. Names known (uwq.md §4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each variant is the callout of the same name")]
pub enum Function {
    Register,
    Unregister,
    Login,
    Logout,
    Ready,
    NotReady,
    MakeCall,
    DialCanonical,
    CheckStatus,
}

impl Function {
    /// All functions.
    pub const ALL: [Function; 9] = [
        Self::Register,
        Self::Unregister,
        Self::Login,
        Self::Logout,
        Self::Ready,
        Self::NotReady,
        Self::MakeCall,
        Self::DialCanonical,
        Self::CheckStatus,
    ];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Register => "Register",
            Self::Unregister => "Unregister",
            Self::Login => "Login",
            Self::Logout => "Logout",
            Self::Ready => "Ready",
            Self::NotReady => "NotReady",
            Self::MakeCall => "MakeCall",
            Self::DialCanonical => "DialCanonical",
            Self::CheckStatus => "CheckStatus",
        }
    }
}

/// A line: a phone and the agent at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentLine {
    /// `telesetNumber`: the agent's extension.
    pub teleset: CompactString,
    /// `agentID`: the agent's ID at the ACD.
    pub agent: CompactString,
}

/// A callout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Callout {
    /// Registers a phone and the listener for its events.
    Register {
        /// The phone and the agent.
        line: AgentLine,
        /// `ipAddress` and `port`: the address for events.
        listener: SocketAddr,
    },
    /// Removes the registration of a phone.
    Unregister(AgentLine),
    /// Logs the agent in.
    Login {
        /// The phone and the agent.
        line: AgentLine,
        /// `agentPassword`.
        password: Secret,
        /// `agentQueue`.
        queue: Option<CompactString>,
    },
    /// Logs the agent out. Its password is ignored.
    Logout {
        /// The phone and the agent.
        line: AgentLine,
        /// `agentPassword`.
        password: Option<Secret>,
        /// `agentQueue`.
        queue: Option<CompactString>,
    },
    /// Makes the agent ready.
    Ready(AgentLine),
    /// Makes the agent not ready.
    NotReady(AgentLine),
    /// Makes a call.
    MakeCall {
        /// The phone and the agent.
        line: AgentLine,
        /// `dialString`: the number as typed.
        dial_string: String,
    },
    /// Makes a call to a number in international form.
    DialCanonical {
        /// The phone and the agent.
        line: AgentLine,
        /// The number with a leading `+`.
        number: String,
    },
    /// Asks whether the softphone is running and has a registration from this EBS client.
    CheckStatus,
}

impl Callout {
    /// Parses the query of a request.
    pub fn parse(query: &str) -> Result<Callout, Refusal> {
        let parameters = Parameters::split(query);
        let name = required(&parameters, "FunctionName", Token::UnknownFunction)?;
        let known =
            Function::ALL.into_iter().find(|function| function.as_str().eq_ignore_ascii_case(name.trim()));
        match known.ok_or_else(|| unknown(&name))? {
            Function::CheckStatus => Ok(Self::CheckStatus),
            Function::Register => Self::register(&parameters),
            Function::Unregister => line(&parameters).map(Self::Unregister),
            Function::Login => Self::login(&parameters),
            Function::Logout => Self::logout(&parameters),
            Function::Ready => line(&parameters).map(Self::Ready),
            Function::NotReady => line(&parameters).map(Self::NotReady),
            Function::MakeCall => Self::make_call(&parameters),
            Function::DialCanonical => Self::dial_canonical(&parameters),
        }
    }

    /// The function of the callout.
    pub fn function(&self) -> Function {
        match self {
            Self::Register { .. } => Function::Register,
            Self::Unregister(_) => Function::Unregister,
            Self::Login { .. } => Function::Login,
            Self::Logout { .. } => Function::Logout,
            Self::Ready(_) => Function::Ready,
            Self::NotReady(_) => Function::NotReady,
            Self::MakeCall { .. } => Function::MakeCall,
            Self::DialCanonical { .. } => Function::DialCanonical,
            Self::CheckStatus => Function::CheckStatus,
        }
    }

    /// The request target, `/?FunctionName=…`, with parameters in Oracle's order. It contains the password of a login.
    pub fn target(&self) -> String {
        let mut target = format!("/?FunctionName={}", self.function().as_str());
        if let Some(line) = self.line() {
            query::push(&mut target, "telesetNumber", &line.teleset);
            query::push(&mut target, "agentID", &line.agent);
        }
        match self {
            Self::Register { listener, .. } => {
                query::push(&mut target, "ipAddress", &listener.ip().to_string());
                query::push(&mut target, "port", &listener.port().to_string());
            }
            Self::Login { password, queue, .. } => {
                push_credentials(&mut target, Some(password), queue.as_deref())
            }
            Self::Logout { password, queue, .. } => {
                push_credentials(&mut target, password.as_ref(), queue.as_deref());
            }
            Self::MakeCall { dial_string, .. } => query::push(&mut target, "dialString", dial_string),
            Self::DialCanonical { number, .. } => query::push(&mut target, "dialString", number),
            Self::Unregister(_) | Self::Ready(_) | Self::NotReady(_) | Self::CheckStatus => {}
        }
        target
    }

    fn line(&self) -> Option<&AgentLine> {
        match self {
            Self::Register { line, .. }
            | Self::Unregister(line)
            | Self::Login { line, .. }
            | Self::Logout { line, .. }
            | Self::Ready(line)
            | Self::NotReady(line)
            | Self::MakeCall { line, .. }
            | Self::DialCanonical { line, .. } => Some(line),
            Self::CheckStatus => None,
        }
    }

    fn register(parameters: &Parameters<'_>) -> Result<Callout, Refusal> {
        let line = line(parameters)?;
        let address = required(parameters, "ipAddress", Token::InvalidParameter)?;
        let port = required(parameters, "port", Token::InvalidParameter)?;
        Ok(Self::Register { line, listener: SocketAddr::new(ip(&address)?, port_number(&port)?) })
    }

    fn login(parameters: &Parameters<'_>) -> Result<Callout, Refusal> {
        let line = line(parameters)?;
        let password = required(parameters, "agentPassword", Token::LoginFailed)?;
        let queue = get(parameters, "agentQueue")?.map(CompactString::from);
        Ok(Self::Login { line, password: Secret::new(password), queue })
    }

    fn logout(parameters: &Parameters<'_>) -> Result<Callout, Refusal> {
        let line = line(parameters)?;
        let password = get(parameters, "agentPassword")?.map(Secret::new);
        let queue = get(parameters, "agentQueue")?.map(CompactString::from);
        Ok(Self::Logout { line, password, queue })
    }

    fn make_call(parameters: &Parameters<'_>) -> Result<Callout, Refusal> {
        let line = line(parameters)?;
        let dial_string = required(parameters, "dialString", Token::InvalidParameter)?.into_owned();
        Ok(Self::MakeCall { line, dial_string })
    }

    /// Reads one string, or the three parts in which EBS stores a number (uwq.md §4.2). Restores a `+` that arrived as a space.
    fn dial_canonical(parameters: &Parameters<'_>) -> Result<Callout, Refusal> {
        let line = line(parameters)?;
        let written = match get(parameters, "dialString")? {
            Some(whole) => whole.into_owned(),
            None => {
                let country = required(parameters, "countryCode", Token::InvalidParameter)?;
                let area = get(parameters, "areaCode")?.unwrap_or_default();
                let rest = required(parameters, "phoneNumber", Token::InvalidParameter)?;
                format!("{country}{area}{rest}")
            }
        };
        Ok(Self::DialCanonical { line, number: format!("+{}", written.trim().trim_start_matches('+')) })
    }
}

fn line(parameters: &Parameters<'_>) -> Result<AgentLine, Refusal> {
    let teleset = required(parameters, "telesetNumber", Token::ExtensionNotSpecified)?;
    let agent = required(parameters, "agentID", Token::AgentAcdIdNotSpecified)?;
    Ok(AgentLine { teleset: teleset.trim().into(), agent: agent.trim().into() })
}

fn required<'a>(parameters: &Parameters<'a>, name: &str, token: Token) -> Result<Cow<'a, str>, Refusal> {
    get(parameters, name)?.ok_or_else(|| Refusal::new(token, format!("{name} is missing")))
}

fn get<'a>(parameters: &Parameters<'a>, name: &str) -> Result<Option<Cow<'a, str>>, Refusal> {
    let not_utf8 = |_| Refusal::new(Token::InvalidParameter, format!("{name} is not utf-8"));
    parameters.get(name).map_err(not_utf8)
}

fn ip(text: &str) -> Result<IpAddr, Refusal> {
    let text = text.trim();
    if text.eq_ignore_ascii_case("localhost") {
        return Ok(Ipv4Addr::LOCALHOST.into());
    }
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    bare.parse().map_err(|_| Refusal::new(Token::InvalidParameter, "ipAddress is not an IP address"))
}

/// Reads the leading digits. In one printed sample, a space and another parameter follow the port (uwq.md §4.1).
fn port_number(text: &str) -> Result<u16, Refusal> {
    let text = text.trim_start();
    let digits = text.find(|character: char| !character.is_ascii_digit()).map_or(text, |end| &text[..end]);
    match digits.parse() {
        Ok(0) | Err(_) => Err(Refusal::new(Token::InvalidParameter, "port is not a number from 1 to 65535")),
        Ok(port) => Ok(port),
    }
}

fn push_credentials(target: &mut String, password: Option<&Secret>, queue: Option<&str>) {
    query::push(target, "agentPassword", password.map_or("", Secret::reveal));
    query::push(target, "agentQueue", queue.unwrap_or(""));
}

fn unknown(name: &str) -> Refusal {
    let shown: String = name.chars().filter(|character| !character.is_control()).take(40).collect();
    Refusal::new(Token::UnknownFunction, format!("function {shown} is not known"))
}
