//! Passes HTTP requests to a session.

use std::{net::SocketAddr, sync::Arc};

use axum::body::Body;
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};

use super::serve::{HttpLimits, Service, refusal};

/// How many requests may wait for one session. Further callers wait until there is room. Our choice.
const WAITING_MAX: usize = 1_024;

/// A request that waits for its response.
pub(super) struct Inbound {
    pub(super) from: SocketAddr,
    pub(super) request: Request<Bytes>,
    pub(super) answer: oneshot::Sender<Response<Bytes>>,
}

/// Passes HTTP requests to one session.
#[derive(Debug, Clone)]
pub struct HttpForwarder {
    limits: Arc<HttpLimits>,
    session: mpsc::Sender<Inbound>,
}

impl HttpForwarder {
    pub(super) fn new(limits: HttpLimits) -> (Self, mpsc::Receiver<Inbound>) {
        let (session, inbound) = mpsc::channel(WAITING_MAX);
        (Self { limits: Arc::new(limits), session }, inbound)
    }

    /// Passes a request to the session and returns its response. A request that does not reach the session, or gets no response, gets a
    /// status without a body: 408, 413, 503 or 504.
    pub async fn call(&self, from: SocketAddr, request: Request<Body>) -> Response<Body> {
        let answered = self.try_call(from, request).await;
        answered.map_or_else(refusal, |response| response.map(Body::from))
    }

    pub(super) fn service(&self) -> Service {
        let forwarder = self.clone();
        Arc::new(move |from, request| {
            let forwarder = forwarder.clone();
            Box::pin(async move { forwarder.call(from, request).await })
        })
    }

    async fn try_call(
        &self,
        from: SocketAddr,
        request: Request<Body>,
    ) -> Result<Response<Bytes>, StatusCode> {
        let (head, body) = request.into_parts();
        let body = Limited::new(body, self.limits.body_bytes_max).collect();
        let body = timeout(self.limits.body_within, body).await.map_err(|_| StatusCode::REQUEST_TIMEOUT)?;
        let body = body.map_err(|error| match error.downcast_ref::<LengthLimitError>() {
            Some(_) => StatusCode::PAYLOAD_TOO_LARGE,
            None => StatusCode::BAD_REQUEST,
        })?;
        let (answer, answered) = oneshot::channel();
        let inbound = Inbound { from, request: Request::from_parts(head, body.to_bytes()), answer };
        let answered = async {
            self.session.send(inbound).await.map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
            answered.await.map_err(|_| StatusCode::SERVICE_UNAVAILABLE)
        };
        timeout(self.limits.answer_within, answered).await.unwrap_or(Err(StatusCode::GATEWAY_TIMEOUT))
    }
}
