//! The actions of EBS clients.

use std::collections::BTreeMap;

use rand::RngExt;

use super::{
    Broken,
    actions::Action,
    client::ListenerBehavior,
    network::{Arrival, WAY_MS},
    plan::NUMBERS,
    world::World,
};

impl World {
    /// A client changes its behavior, restarts, or sends a callout.
    pub(super) fn client_acts(&mut self, index: usize) -> Result<(), Broken> {
        match self.random.random_range(0..100) {
            0..4 => {
                self.note(format!("EBS client {index} restarts"));
                self.clients[index].restart();
            }
            4..12 => {
                let behaviors = [
                    ListenerBehavior::Answering,
                    ListenerBehavior::Answering,
                    ListenerBehavior::Refusing,
                    ListenerBehavior::Stalled,
                    ListenerBehavior::Failing,
                ];
                let behavior = self.one_of(&behaviors);
                self.note(format!("EBS client {index} is {behavior:?}"));
                self.clients[index].behavior = behavior;
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

    /// Sends a callout. Sometimes it is sent twice, and sometimes the next one overtakes it.
    fn send_callout(&mut self, index: usize, function: &'static str) {
        let mut with = BTreeMap::new();
        if function == "MakeCall" {
            with.insert("dialString".to_owned(), self.one_of(&NUMBERS).to_owned());
        }
        let request = self.clients[index].ebs.callout(function, &with);
        let twice = self.random.random_bool(0.05);
        for _ in 0..=usize::from(twice) {
            let action = Action::Arrives(Arrival::Callout(index, function, Box::new(request.clone())));
            let ms = if self.random.random_bool(0.1) { 4 * WAY_MS } else { 1 };
            self.after(ms, action);
        }
    }

    /// Handles the answer to a callout.
    pub(super) fn callout_answered(&mut self, client: usize, function: &str, refused: Option<String>) {
        self.note(format!("EBS client {client} sent {function}, refusal: {refused:?}"));
        match (function, refused.as_deref()) {
            ("Login", None) => self.clients[client].logged_in = true,
            (_, Some("NotRegistered" | "NotLoggedIn")) | ("Logout" | "Unregister", None) => {
                self.clients[client].logged_in = false;
            }
            (_, _) => {}
        }
    }

    pub(super) fn check_clients(&mut self) -> Result<(), Broken> {
        for index in 0..self.clients.len() {
            for came in self.clients[index].check()? {
                self.count.posts += 1;
                self.note(format!("EBS client {index} receives {came}"));
            }
        }
        Ok(())
    }
}
