//! The HTTP exchanges of a session: requests from its peers and its own requests.

use std::{collections::HashMap, sync::Arc};

use bytes::Bytes;
use http::{Request, Response};
use session::{Exchange, FromHttp, Http, Timeouts, ToHttp};
use tokio::sync::{mpsc, oneshot};

use super::{PeerChannel, ROUND, client::Client, forwarder::Inbound, redact::redacted, tls::ClientTls};

/// How many peer requests a session may hold unanswered. Further requests wait. Our choice.
const EXCHANGES_MAX: usize = 4_096;

/// All HTTP requests of one session.
pub struct Exchanges {
    inbound: mpsc::Receiver<Inbound>,
    came: Vec<Inbound>,
    open: HashMap<Exchange, oneshot::Sender<Response<Bytes>>>,
    last: u64,
    client: Arc<Client>,
    sender: mpsc::UnboundedSender<FromHttp>,
    receiver: mpsc::UnboundedReceiver<FromHttp>,
    /// How many of the session's own requests are unanswered.
    open_requests: usize,
}

impl Exchanges {
    pub(super) fn new(inbound: mpsc::Receiver<Inbound>, tls: Option<ClientTls>) -> Self {
        let (sender, receiver) = mpsc::unbounded_channel();
        let client = Arc::new(Client::new(tls));
        Self {
            inbound,
            came: Vec::new(),
            open: HashMap::new(),
            last: 0,
            client,
            sender,
            receiver,
            open_requests: 0,
        }
    }

    fn take(&mut self, inputs: &mut Vec<FromHttp>) {
        for Inbound { from, request, answer } in self.came.drain(..) {
            tracing::trace!(%from, method = %request.method(), target = redacted(request.uri()),
                bytes = request.body().len(), "request in");
            self.last += 1;
            let exchange = Exchange(self.last);
            self.open.insert(exchange, answer);
            inputs.push(FromHttp::Request { exchange, from, request });
        }
    }

    fn respond(&mut self, exchange: Exchange, response: Response<Bytes>) {
        tracing::trace!(status = response.status().as_u16(), bytes = response.body().len(), "response out");
        match self.open.remove(&exchange) {
            // The peer may have closed the connection.
            Some(answer) => drop(answer.send(response)),
            None => tracing::warn!(exchange = exchange.0, "the session answered a request that is not open"),
        }
    }

    fn request(&mut self, exchange: Exchange, request: Request<Bytes>, timeouts: Timeouts) {
        tracing::trace!(method = %request.method(), target = redacted(request.uri()),
            bytes = request.body().len(), "request out");
        self.open_requests += 1;
        let (client, sender) = (Arc::clone(&self.client), self.sender.clone());
        tokio::spawn(async move {
            let input = match client.send(request, timeouts).await {
                Ok(response) => FromHttp::Response { exchange, response },
                Err(failure) => FromHttp::Failed { exchange, failure },
            };
            // The session may have ended.
            drop(sender.send(input));
        });
    }
}

impl PeerChannel<Http> for Exchanges {
    async fn next(&mut self, inputs: &mut Vec<FromHttp>) {
        let room = EXCHANGES_MAX.saturating_sub(self.open.len()).min(ROUND);
        tokio::select! {
            1.. = self.inbound.recv_many(&mut self.came, room), if room > 0 => self.take(inputs),
            // `self` holds a sender, so the channel is never closed.
            count = self.receiver.recv_many(inputs, ROUND) => self.open_requests = self.open_requests.saturating_sub(count),
        }
    }

    fn send(&mut self, output: ToHttp) {
        match output {
            ToHttp::Response { exchange, response } => self.respond(exchange, response),
            ToHttp::Request { exchange, request, timeouts } => self.request(exchange, request, timeouts),
        }
    }

    fn is_idle(&self) -> bool {
        self.open.is_empty() && self.open_requests == 0
    }
}
