//! One EBS client, which checks the order of its events: for each call at most one screen pop, then at most one establishment, then at most
//! one release.

use std::collections::{BTreeMap, BTreeSet};

use super::Broken;
use crate::ebs::{Ebs, Post};

/// How the listener of a client behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ListenerBehavior {
    /// It answers.
    Answering,
    /// It refuses every connection.
    Refusing,
    /// It receives the event and never answers.
    Stalled,
    /// It answers with an error.
    Failing,
}

/// The last event that the client received for a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum LastPost {
    Popped,
    Established,
    Released,
}

/// One EBS client.
#[derive(Debug)]
pub(super) struct Client {
    pub(super) ebs: Ebs,
    pub(super) behavior: ListenerBehavior,
    /// Whether the client has registered and logged in since the client or the hub was last started.
    pub(super) logged_in: bool,
    posts: BTreeMap<String, LastPost>,
    /// Calls that were announced again after the client registered again.
    again: BTreeSet<String>,
    checked: usize,
}

impl Client {
    pub(super) fn new(ebs: Ebs) -> Self {
        Self {
            ebs,
            behavior: ListenerBehavior::Answering,
            logged_in: false,
            posts: BTreeMap::new(),
            again: BTreeSet::new(),
            checked: 0,
        }
    }

    /// Restarts the client: it has no state and listens at another port.
    pub(super) fn restart(&mut self) {
        let Ebs { teleset, agent, port, .. } = &self.ebs;
        *self = Self::new(Ebs::new(teleset, agent, port + 10));
    }

    /// Checks the events that were posted since the last check, and returns a description of each.
    pub(super) fn check(&mut self) -> Result<Vec<String>, Broken> {
        let mut came = Vec::new();
        while let Some(post) = self.ebs.posts.get(self.checked).cloned() {
            self.checked += 1;
            self.check_post(&post)?;
            came.push(format!("{} {}", post.name, post.source()));
        }
        Ok(came)
    }

    fn check_post(&mut self, post: &Post) -> Result<(), Broken> {
        let before = self.posts.get(post.source()).copied();
        // The client registered again: its live calls are announced again, and earlier events may still arrive after that.
        if post.get("reannounce").is_some() {
            self.again.insert(post.source().to_owned());
        }
        let again = self.again.contains(post.source());
        let posts = match (post.name.as_str(), before) {
            ("ScreenPop", None) => LastPost::Popped,
            // An event that was not answered in time may not have been read. It is not sent again, and the later ones are.
            ("CallEstablished", None | Some(LastPost::Popped)) => LastPost::Established,
            ("CallReleased", None | Some(LastPost::Popped | LastPost::Established)) => LastPost::Released,
            ("ScreenPop" | "CallEstablished", Some(LastPost::Popped | LastPost::Established)) if again => {
                return Ok(());
            }
            _ => {
                let agent = &self.ebs.agent;
                return Err(format!("EBS client {agent}: {} came after {before:?}", post.name));
            }
        };
        self.posts.insert(post.source().to_owned(), posts);
        Ok(())
    }
}
