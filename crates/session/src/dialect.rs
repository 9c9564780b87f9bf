//! How a dialect describes itself: its name and its ends, and for each end the settings, the transport and the checks.
//!
//! A dialect declares one [`Dialect`]. The settings of an end are a section ([`settings::section!`]) that implements
//! [`End`]. A program with a list of dialects can read, check, explain and run all of them without code for any
//! particular one.

mod binding;
pub mod calls;

use std::{fmt, sync::Arc};

use model::{Floor, SwitchId};
use settings::{Key, Maybe, Reader, Section, Shown};
use uuid::Uuid;

pub use binding::{
    Bind, Binding, BoundSession, HttpBinding, HttpListener, HttpPath, Listen, PageRelay, PlainLink, Repair,
    StreamBinding, TlsFiles, WebSocketClient,
};

use self::calls::{CallEnd, CallPart, Limit};
use crate::Session;

/// An integration protocol.
#[derive(Debug)]
pub struct Dialect {
    /// The name of its section in the configuration.
    pub name: &'static str,
    /// The product that uses the protocol, in a few words.
    pub product: &'static str,
    /// Its page in `docs/`.
    pub docs: &'static str,
    /// The name of its crate: `env!("CARGO_PKG_NAME")`.
    pub package: &'static str,
    /// Its ends, in the order of the example configuration.
    pub ends: &'static [Declaration],
}

/// The declaration of one end of a dialect in the configuration.
#[derive(Debug)]
pub struct Declaration {
    /// The key of the end within the dialect's section; empty when the dialect's section is the section of the end.
    pub key: &'static str,
    /// The description of the end, line by line.
    pub doc: &'static [&'static str],
    /// The part of the end in calls; `None` when it carries no calls.
    pub calls: Option<CallPart>,
    keys: fn() -> Shown,
    read: ReadEnds,
    example: fn() -> Arc<dyn AnyEnd>,
}

/// Reads the ends at a key, each with its section.
type ReadEnds = fn(&mut Reader<'_>, &'static str) -> Option<Vec<(String, Arc<dyn AnyEnd>)>>;

impl Declaration {
    /// Declares an end that can be configured once.
    pub const fn once<E: End + Section + Default + 'static>(
        key: &'static str,
        doc: &'static [&'static str],
    ) -> Self {
        let read: ReadEnds = |reader, key| {
            let part: Maybe<E> = reader.part(key);
            Some(part?.into_iter().map(|end| (reader.path_of(key), shared(end))).collect())
        };
        Self {
            key,
            doc,
            calls: None,
            keys: || Shown::Part(E::keys()),
            read,
            example: || shared(E::default()),
        }
    }

    /// Declares an end that can be configured any number of times.
    pub const fn repeated<E: End + Section + Default + 'static>(
        key: &'static str,
        doc: &'static [&'static str],
    ) -> Self {
        let read: ReadEnds = |reader, key| {
            let ends = reader.list::<E>(key)?.into_iter().enumerate();
            let path = |index: usize| format!("{}.{index}", reader.path_of(key));
            Some(ends.map(|(index, end)| (path(index), shared(end))).collect())
        };
        Self {
            key,
            doc,
            calls: None,
            keys: || Shown::List(E::keys()),
            read,
            example: || shared(E::default()),
        }
    }

    /// Declares that `peer` has phones, whose calls the end carries within `limits`.
    #[must_use]
    pub const fn phones(self, peer: &'static str, limits: &'static [Limit]) -> Self {
        Self { calls: Some(CallPart::Phones(CallEnd { peer, limits })), ..self }
    }

    /// Declares that `peer` is a desk, to which the end carries calls within `limits`.
    #[must_use]
    pub const fn desk(self, peer: &'static str, limits: &'static [Limit]) -> Self {
        Self { calls: Some(CallPart::Desk(CallEnd { peer, limits })), ..self }
    }

    /// The section of the end in the configuration.
    pub fn section(&self, dialect: &Dialect) -> String {
        match self.key {
            "" => dialect.name.to_owned(),
            key => format!("{}.{key}", dialect.name),
        }
    }

    /// Whether the end can be configured any number of times.
    pub fn is_repeated(&self) -> bool {
        matches!((self.keys)(), Shown::List(_))
    }

    /// The end with its default settings, and examples for settings without a default.
    pub fn example(&self) -> Arc<dyn AnyEnd> {
        (self.example)()
    }
}

fn shared<E: End + 'static>(end: E) -> Arc<dyn AnyEnd> {
    Arc::new(end)
}

impl Dialect {
    /// The part of the dialect in the example configuration.
    pub fn key(&self) -> Key {
        match self.ends {
            [end] if end.key.is_empty() => Key { name: self.name, doc: end.doc, shown: (end.keys)() },
            ends => {
                let keys = ends.iter().map(|end| Key { name: end.key, doc: end.doc, shown: (end.keys)() });
                Key { name: self.name, doc: &[], shown: Shown::Section(keys.collect()) }
            }
        }
    }

    /// Reads the ends that a configuration file defines.
    pub fn read(&'static self, reader: &mut Reader<'_>) -> Option<Vec<Configured>> {
        let configure = |declaration: &'static Declaration, ends: Vec<(String, Arc<dyn AnyEnd>)>| {
            let one = move |(path, end)| Configured { dialect: self, declaration, path, end };
            ends.into_iter().map(one)
        };
        if let [end] = self.ends
            && end.key.is_empty()
        {
            return Some(configure(end, (end.read)(reader, self.name)?).collect());
        }
        reader.nested(self.name, |reader| {
            // Read every end before reporting a missing one, so that all errors are reported together.
            let ends: Vec<_> =
                self.ends.iter().map(|end| Some(configure(end, (end.read)(reader, end.key)?))).collect();
            reader.finish();
            Some(ends.into_iter().collect::<Option<Vec<_>>>()?.into_iter().flatten().collect())
        })
    }
}

/// An end that the configuration defines.
#[derive(Debug, Clone)]
pub struct Configured {
    /// The dialect of the end.
    pub dialect: &'static Dialect,
    /// The declaration of the end.
    pub declaration: &'static Declaration,
    /// The section of the end in the file: `uwq.desk.0`.
    pub path: String,
    /// The settings of the end.
    pub end: Arc<dyn AnyEnd>,
}

impl Configured {
    /// The section without the index of a repeated end: `uwq.desk`.
    pub fn section(&self) -> String {
        self.declaration.section(self.dialect)
    }

    /// The name of the session in logs.
    pub fn name(&self) -> String {
        let usual = || match (self.end.switch(), self.end.binding()) {
            (Some(switch), _) => switch.to_string(),
            (None, Binding::Pages(PageRelay { name, .. })) => name.to_owned(),
            (None, _) => format!("{}-{}", self.dialect.name, self.declaration.key),
        };
        self.end.name().unwrap_or_else(usual)
    }

    /// The full name of a key of the end; the name of the section when the key is empty.
    pub fn key(&self, key: &str) -> String {
        if key.is_empty() { self.path.clone() } else { format!("{}.{key}", self.path) }
    }
}

/// The settings of one end, and the session that they create.
pub trait End: fmt::Debug + Send + Sync {
    /// The session of the end.
    type Session: Session<Transport: Bind> + 'static;

    /// The name of the session in logs, when the end can run several times and is not a switch.
    fn name(&self) -> Option<String> {
        None
    }

    /// The ID of the switch that the end provides; `None` when it is not a switch.
    fn switch(&self) -> Option<&SwitchId> {
        None
    }

    /// How the session and its peers connect.
    fn binding(&self) -> BindingOf<Self::Session>;

    /// Creates the session.
    fn session(&self, context: &Context) -> Result<Self::Session, Finding>;

    /// Problems with settings that do not prevent a session.
    fn check(&self) -> Vec<Finding> {
        Vec::new()
    }

    /// All problems with settings that could be read.
    fn findings(&self) -> Vec<Finding> {
        self.session(&Context::default()).err().into_iter().chain(self.check()).collect()
    }

    /// The peer that the session connects to without TLS, if there is one.
    fn plain_link(&self) -> Option<PlainLink> {
        None
    }

    /// A short description of the end, without its transport.
    fn summary(&self) -> String;
}

/// The binding of a session's transport.
pub type BindingOf<S> = <<S as Session>::Transport as Bind>::Binding;

/// An [`End`] without the type of its session.
pub trait AnyEnd: fmt::Debug + Send + Sync {
    /// See [`End::name`].
    fn name(&self) -> Option<String>;

    /// See [`End::switch`].
    fn switch(&self) -> Option<&SwitchId>;

    /// See [`End::binding`].
    fn binding(&self) -> Binding;

    /// Creates the session and its binding.
    fn bind(&self, context: &Context) -> Result<BoundSession, Finding>;

    /// See [`End::findings`].
    fn findings(&self) -> Vec<Finding>;

    /// See [`End::plain_link`].
    fn plain_link(&self) -> Option<PlainLink>;

    /// See [`End::summary`].
    fn summary(&self) -> String;
}

impl<E: End> AnyEnd for E {
    fn name(&self) -> Option<String> {
        End::name(self)
    }

    fn switch(&self) -> Option<&SwitchId> {
        End::switch(self)
    }

    fn binding(&self) -> Binding {
        End::binding(self).into()
    }

    fn bind(&self, context: &Context) -> Result<BoundSession, Finding> {
        Ok(Bind::bind(End::binding(self), Box::new(self.session(context)?)))
    }

    fn findings(&self) -> Vec<Finding> {
        End::findings(self)
    }

    fn plain_link(&self) -> Option<PlainLink> {
        End::plain_link(self)
    }

    fn summary(&self) -> String {
        End::summary(self)
    }
}

/// Converts the error of a session constructor into a finding about `key`; for [`End::session`].
pub fn made<S>(key: &str, session: Result<S, impl fmt::Display>) -> Result<S, Finding> {
    session.map_err(|error| Finding::new(key, error))
}

/// What a session gets besides its settings.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// A prefix for IDs that the session creates; different for each process and each session.
    pub instance: Uuid,
    /// The floor when the node starts.
    pub floor: Arc<Floor>,
}

/// A problem with the settings of an end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The key within the section of the end; empty when the problem is about the whole section.
    pub key: String,
    /// The problem, one sentence.
    pub text: String,
}

impl Finding {
    /// Creates a finding.
    pub fn new(key: impl Into<String>, text: impl fmt::Display) -> Self {
        Self { key: key.into(), text: text.to_string() }
    }
}
