//! A listener that writes the events that come and says yes to each: for whoever sends the callouts by hand.

use std::collections::VecDeque;

use anyhow::Result;
use model::Timestamp;
use session::{FromHttp, Http, Input, Output, Reason, Session, ToHttp};
use settings::Address;
use uwq::{SuccessBody, wire::accepted};

use super::{at, bare_node, listening, spy::Spy};
use crate::{assemble::signal, output::Out};

/// Answers every request with yes.
#[derive(Debug, Default)]
struct Ear(VecDeque<Output<Http>>);

impl Session for Ear {
    type Transport = Http;

    fn handle(&mut self, _now: Timestamp, input: Input<Http>) {
        if let Input::Peer(FromHttp::Request { exchange, .. }) = input {
            let response = accepted(SuccessBody::Empty, false);
            self.0.push_back(Output::Peer(ToHttp::Response { exchange, response }));
        }
    }

    fn poll(&mut self) -> Option<Output<Http>> {
        self.0.pop_front()
    }

    fn deadline(&self) -> Option<(Timestamp, Reason)> {
        None
    }
}

/// Listens until a signal ends it.
pub(crate) async fn ear(listen: Address, out: Out) -> Result<()> {
    let node = bare_node()?;
    let bound = node
        .attach("ear", Box::new(Spy::new(Ear::default(), out)), at(listen))
        .await
        .map(|attached| attached.address);
    out.say(&format!("listening at {}; Ctrl-C ends it", listening(bound, listen)?))?;
    signal::stop().await?;
    Ok(node.stop().await?)
}
