//! How a dialect describes itself: its name, its ends, and of each end the settings, the transport and the checks.
//!
//! A dialect declares one [`Dialect`]. The settings of an end are a section ([`settings::section!`]) that implements [`End`]. A program
//! that has a list of dialects reads, checks, explains and runs them all without a word about any one of them.

mod way;

use std::{fmt, sync::Arc};

use model::{Floor, SwitchId};
use settings::{Key, Maybe, Reader, Section, Shown};
use uuid::Uuid;

pub use way::{
    HttpListener, HttpPath, HttpWay, Listen, PageRelay, Plug, Plugged, Repair, StreamWay, TlsFiles, Way,
    WebSocketClient,
};

use crate::Session;

/// One integration protocol.
#[derive(Debug)]
pub struct Dialect {
    /// Its section in the configuration.
    pub name: &'static str,
    /// The product whose protocol it is, in a few words.
    pub product: &'static str,
    /// Its page in `docs/`.
    pub docs: &'static str,
    /// The crate it is in: `env!("CARGO_PKG_NAME")`.
    pub package: &'static str,
    /// Its ends, in the order of the example.
    pub ends: &'static [Declaration],
}

/// One end of a dialect, as the configuration has it.
#[derive(Debug)]
pub struct Declaration {
    /// Its section within the dialect's; empty when the dialect's section is the end's own.
    pub key: &'static str,
    /// What it is for, line by line.
    pub doc: &'static [&'static str],
    keys: fn() -> Shown,
    read: ReadEnds,
    example: fn() -> Arc<dyn AnyEnd>,
}

/// Reads the ends at a key, each with its section.
type ReadEnds = fn(&mut Reader<'_>, &'static str) -> Option<Vec<(String, Arc<dyn AnyEnd>)>>;

impl Declaration {
    /// An end that may be configured once.
    pub const fn once<E: End + Section + Default + 'static>(
        key: &'static str,
        doc: &'static [&'static str],
    ) -> Self {
        let read: ReadEnds = |reader, key| {
            let part: Maybe<E> = reader.part(key);
            Some(part?.into_iter().map(|end| (reader.path_of(key), shared(end))).collect())
        };
        Self { key, doc, keys: || Shown::Part(E::keys()), read, example: || shared(E::default()) }
    }

    /// An end that may be configured any number of times.
    pub const fn repeated<E: End + Section + Default + 'static>(
        key: &'static str,
        doc: &'static [&'static str],
    ) -> Self {
        let read: ReadEnds = |reader, key| {
            let ends = reader.list::<E>(key)?.into_iter().enumerate();
            let path = |index: usize| format!("{}.{index}", reader.path_of(key));
            Some(ends.map(|(index, end)| (path(index), shared(end))).collect())
        };
        Self { key, doc, keys: || Shown::List(E::keys()), read, example: || shared(E::default()) }
    }

    /// Its section in the configuration.
    pub fn section(&self, dialect: &Dialect) -> String {
        match self.key {
            "" => dialect.name.to_owned(),
            key => format!("{}.{key}", dialect.name),
        }
    }

    /// Whether it may be configured any number of times.
    pub fn is_repeated(&self) -> bool {
        matches!((self.keys)(), Shown::List(_))
    }

    /// The end with its defaults, and examples for what has none.
    pub fn example(&self) -> Arc<dyn AnyEnd> {
        (self.example)()
    }
}

fn shared<E: End + 'static>(end: E) -> Arc<dyn AnyEnd> {
    Arc::new(end)
}

impl Dialect {
    /// Its part of the example.
    pub fn key(&self) -> Key {
        match self.ends {
            [end] if end.key.is_empty() => Key { name: self.name, doc: end.doc, shown: (end.keys)() },
            ends => {
                let keys = ends.iter().map(|end| Key { name: end.key, doc: end.doc, shown: (end.keys)() });
                Key { name: self.name, doc: &[], shown: Shown::Section(keys.collect()) }
            }
        }
    }

    /// The ends that a file asks for.
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
            // Every end is read before any is missed, so that everything wrong is told at once.
            let ends: Vec<_> =
                self.ends.iter().map(|end| Some(configure(end, (end.read)(reader, end.key)?))).collect();
            reader.finish();
            Some(ends.into_iter().collect::<Option<Vec<_>>>()?.into_iter().flatten().collect())
        })
    }
}

/// An end that a configuration asks for.
#[derive(Debug, Clone)]
pub struct Configured {
    /// Its dialect.
    pub dialect: &'static Dialect,
    /// Which end of it.
    pub declaration: &'static Declaration,
    /// Its section in the file: `uwq.desk.0`.
    pub path: String,
    /// Its settings.
    pub end: Arc<dyn AnyEnd>,
}

impl Configured {
    /// The section without the number of a repeated one: `uwq.desk`.
    pub fn section(&self) -> String {
        self.declaration.section(self.dialect)
    }

    /// The name of its session in logs.
    pub fn name(&self) -> String {
        let usual = || match (self.end.switch(), self.end.way()) {
            (Some(switch), _) => switch.to_string(),
            (None, Way::Pages(PageRelay { name, .. })) => name.to_owned(),
            (None, _) => format!("{}-{}", self.dialect.name, self.declaration.key),
        };
        self.end.name().unwrap_or_else(usual)
    }

    /// The name of one of its keys from the top; of the section itself where the key is empty.
    pub fn key(&self, key: &str) -> String {
        if key.is_empty() { self.path.clone() } else { format!("{}.{key}", self.path) }
    }
}

/// The settings of one end, and what they make of it.
pub trait End: fmt::Debug + Send + Sync {
    /// Its session.
    type Session: Session<Transport: Plug> + 'static;

    /// The name of its session in logs, where the end may run several times and is not a switch.
    fn name(&self) -> Option<String> {
        None
    }

    /// The switch that the end is; `None` when it is not a switch.
    fn switch(&self) -> Option<&SwitchId> {
        None
    }

    /// How its peers come in.
    fn way(&self) -> WayOf<Self::Session>;

    /// Makes the session.
    fn session(&self, context: &Context) -> Result<Self::Session, Finding>;

    /// What is wrong although a session can be made.
    fn check(&self) -> Vec<Finding> {
        Vec::new()
    }

    /// What is wrong although every value could be read.
    fn findings(&self) -> Vec<Finding> {
        self.session(&Context::default()).err().into_iter().chain(self.check()).collect()
    }

    /// What a person wants to know about this end beside its transport; a few words.
    fn summary(&self) -> String;
}

/// How the peers of a session come in.
pub type WayOf<S> = <<S as Session>::Transport as Plug>::Way;

/// An [`End`] whose session is no longer in its type.
pub trait AnyEnd: fmt::Debug + Send + Sync {
    /// See [`End::name`].
    fn name(&self) -> Option<String>;

    /// See [`End::switch`].
    fn switch(&self) -> Option<&SwitchId>;

    /// See [`End::way`].
    fn way(&self) -> Way;

    /// Makes the session, and says how its peers come in.
    fn plug(&self, context: &Context) -> Result<Plugged, Finding>;

    /// See [`End::findings`].
    fn findings(&self) -> Vec<Finding>;

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

    fn way(&self) -> Way {
        End::way(self).into()
    }

    fn plug(&self, context: &Context) -> Result<Plugged, Finding> {
        Ok(Plug::plug(End::way(self), Box::new(self.session(context)?)))
    }

    fn findings(&self) -> Vec<Finding> {
        End::findings(self)
    }

    fn summary(&self) -> String {
        End::summary(self)
    }
}

/// A session that was made, or what is wrong with `key` of its settings; for [`End::session`].
pub fn made<S>(key: &str, session: Result<S, impl fmt::Display>) -> Result<S, Finding> {
    session.map_err(|error| Finding::new(key, error))
}

/// What a session is made with beside its settings.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// For ids of the session's own; each process and each session has another one.
    pub instance: Uuid,
    /// The floor with which the node starts.
    pub floor: Arc<Floor>,
}

/// Something wrong with the settings of an end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The key, from the end's section on; empty when it is the section as a whole.
    pub key: String,
    /// A sentence.
    pub text: String,
}

impl Finding {
    /// A finding.
    pub fn new(key: impl Into<String>, text: impl fmt::Display) -> Self {
        Self { key: key.into(), text: text.to_string() }
    }
}
