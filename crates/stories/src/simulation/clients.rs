//! What EBS clients do, and the network between them and the node.

use std::{collections::BTreeMap, time::Duration};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use rand::RngExt;
use session::{Exchange, Failure, FromHttp, Patience};

use super::{
    Broken,
    client::Mood,
    deeds::{Deed, InFlight},
    plan::NUMBERS,
    world::{Sent, World},
};
use crate::{depth::control, ebs, node::LineId};

/// How long a message is on its way at most. Milliseconds.
const WAY_MS: u64 = 30;

impl World {
    /// A client changes its mood, dies, or sends a callout.
    pub(super) fn client_acts(&mut self, index: usize) -> Result<(), Broken> {
        match self.random.random_range(0..100) {
            0..4 => {
                self.note(format!("EBS client {index} is started again"));
                self.clients[index].restart();
            }
            4..12 => {
                let moods = [Mood::Well, Mood::Well, Mood::Deaf, Mood::Stalled, Mood::Failing];
                let mood = self.one_of(&moods);
                self.note(format!("EBS client {index} is {mood:?}"));
                self.clients[index].mood = mood;
            }
            _ if !self.clients[index].logged_in => {
                self.send_callout(index, "Register");
                self.send_callout(index, "Login");
                self.send_callout(index, "Ready");
            }
            12..60 => self.send_callout(index, "Ready"),
            60..70 => self.send_callout(index, "NotReady"),
            70..80 => self.send_callout(index, "MakeCall"),
            80..92 => self.send_callout(index, "CheckStatus"),
            92..94 => self.send_callout(index, "Logout"),
            94..96 => self.send_callout(index, "Unregister"),
            _ => {
                self.send_callout(index, "Ready");
                self.send_callout(index, "NotReady");
                self.send_callout(index, "Ready");
            }
        }
        Ok(())
    }

    /// A callout goes on its way: now and then twice, now and then overtaken by the next.
    fn send_callout(&mut self, index: usize, function: &'static str) {
        let mut with = BTreeMap::new();
        if function == "MakeCall" {
            with.insert("dialString".to_owned(), self.one_of(&NUMBERS).to_owned());
        }
        let request = self.clients[index].ebs.callout(function, &with);
        let twice = self.random.random_bool(0.05);
        for _ in 0..=usize::from(twice) {
            let deed = Deed::Callout(index, function, Box::new(request.clone()));
            let ms = if self.random.random_bool(0.1) { 4 * WAY_MS } else { 1 };
            self.after(ms, deed);
        }
    }

    /// Has a session take an HTTP request. One to a node that is down is lost.
    pub(super) fn request(&mut self, line: LineId, request: Request<Bytes>, what: Sent) {
        let Some(node) = &mut self.node else { return };
        self.numbers += 1;
        let exchange = Exchange(self.numbers);
        self.sent.insert((line, exchange), what);
        let from = ([127, 0, 0, 1], 50_000).into();
        node.say(line, FromHttp::Request { exchange, from, request });
    }

    /// A session has answered an HTTP request.
    pub(super) fn responded(
        &mut self,
        line: LineId,
        exchange: Exchange,
        response: &Response<Bytes>,
    ) -> Result<(), Broken> {
        match self.sent.remove(&(line, exchange)) {
            None => Err(format!("session {line} answered {exchange:?}, which nobody waits for")),
            Some(Sent::Control) => Ok(()),
            Some(Sent::Question) => {
                self.told = Some(control::body(response)?);
                Ok(())
            }
            Some(Sent::Callout(client, function)) => {
                let refused = ebs::refusal(response);
                self.note(format!("EBS client {client} said {function}: {refused:?}"));
                match (function, refused.as_deref()) {
                    ("Login", None) => self.clients[client].logged_in = true,
                    (_, Some("NotRegistered" | "NotLoggedIn")) | ("Logout" | "Unregister", None) => {
                        self.clients[client].logged_in = false;
                    }
                    (_, _) => {}
                }
                Ok(())
            }
        }
    }

    /// A post goes on its way.
    pub(super) fn send_post(
        &mut self,
        line: LineId,
        exchange: Exchange,
        request: Request<Bytes>,
        patience: Patience,
    ) {
        let post = InFlight { life: self.life, line, exchange, request, patience };
        self.after(WAY_MS, Deed::Post(Box::new(post)));
    }

    /// A post arrives at a listener, or where none is.
    pub(super) fn post_arrives(&mut self, post: InFlight) -> Result<(), Broken> {
        let InFlight { life, line, exchange, request, patience } = post;
        let port = request.uri().port_u16();
        let client = self.clients.iter_mut().find(|client| Some(client.ebs.port) == port);
        let refused = || FromHttp::Failed { exchange, failure: Failure::NotSent("refused".to_owned()) };
        let (said, wait) = match client {
            None => (refused(), Duration::ZERO),
            Some(client) => match client.mood {
                Mood::Deaf => (refused(), Duration::ZERO),
                Mood::Stalled => {
                    drop(client.ebs.hear(&request));
                    let failure = Failure::NoAnswer("stalled".to_owned());
                    (FromHttp::Failed { exchange, failure }, patience.answer)
                }
                Mood::Failing => {
                    let mut response = Response::new(Bytes::new());
                    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
                    (FromHttp::Response { exchange, response }, Duration::ZERO)
                }
                Mood::Well => {
                    (FromHttp::Response { exchange, response: client.ebs.hear(&request) }, Duration::ZERO)
                }
            },
        };
        self.agenda.note(self.now + wait, Deed::Back { life, line, said: Box::new(said) });
        self.check_clients()
    }

    fn check_clients(&mut self) -> Result<(), Broken> {
        for index in 0..self.clients.len() {
            for came in self.clients[index].check()? {
                self.count.posts += 1;
                self.note(format!("EBS client {index} hears {came}"));
            }
        }
        Ok(())
    }
}
