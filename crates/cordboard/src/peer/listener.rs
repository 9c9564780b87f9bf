//! A listener that shows and accepts all events, for a person who sends the callouts by hand.

use std::collections::VecDeque;

use anyhow::Result;
use model::Timestamp;
use session::{FromHttp, Http, Input, Output, Reason, Session, ToHttp};
use settings::Address;
use uwq::{SuccessBody, wire::accepted};

use super::{at, bare_node, listening, recorder::Recorder};
use crate::{assemble::signal, output::Out};

/// Accepts every request.
#[derive(Debug, Default)]
struct EventListener(VecDeque<Output<Http>>);

impl Session for EventListener {
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
pub(crate) async fn listener(listen: Address, out: Out) -> Result<()> {
    let node = bare_node()?;
    let bound = node
        .attach("listener", Box::new(Recorder::new(EventListener::default(), out)), at(listen))
        .await
        .map(|attached| attached.address);
    out.note(&format!("listening for events at {}; quit with Ctrl-C", listening(bound, listen)?))?;
    signal::stop().await?;
    Ok(node.stop().await?)
}
