//! Connections to a node, with TLS where the address says `https`.

use std::{
    fs, io,
    path::Path,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use http::Uri;
use hyper_util::{
    client::legacy::connect::{Connected, Connection},
    rt::TokioIo,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{
        ClientConfig, RootCertStore,
        crypto::ring,
        pki_types::{CertificateDer, ServerName, pem::PemObject},
    },
};
use tower::Service;

use super::{Error, Node};

/// How long a TCP connection may take, and again how long the TLS handshake may take. Our choice.
const CONNECT_MAX: Duration = Duration::from_secs(5);

/// Opens connections to one node.
#[derive(Clone)]
pub(super) struct NodeConnector {
    node: Node,
    tls: Option<TlsConnector>,
}

impl NodeConnector {
    /// Connects to `node`. A TLS connection trusts the certificates in the PEM file `ca`, or without one those of this machine.
    pub(super) fn new(node: &Node, ca: Option<&Path>) -> Result<Self, Error> {
        let tls = node.uses_tls().then(|| tls(ca)).transpose()?;
        Ok(Self { node: node.clone(), tls })
    }

    /// Connects without TLS.
    pub(super) fn plain(node: &Node) -> Self {
        Self { node: node.clone(), tls: None }
    }

    /// Opens a connection.
    pub(super) async fn connect(&self) -> io::Result<Stream> {
        let stream = within(TcpStream::connect(self.node.authority())).await?;
        stream.set_nodelay(true)?;
        let Some(tls) = &self.tls else { return Ok(Stream(Box::new(stream))) };
        let name = ServerName::try_from(self.node.host().to_owned()).map_err(io::Error::other)?;
        Ok(Stream(Box::new(within(tls.connect(name, stream)).await?)))
    }
}

async fn within<T>(step: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    match tokio::time::timeout(CONNECT_MAX, step).await {
        Ok(result) => result,
        Err(_) => Err(io::Error::new(io::ErrorKind::TimedOut, "connection timed out")),
    }
}

fn tls(ca: Option<&Path>) -> Result<TlsConnector, Error> {
    let roots = match ca {
        Some(file) => roots_of(file)?,
        None => roots_of_this_machine()?,
    };
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = builder.map_err(|error| Error::Tls(error.to_string()))?;
    let config = builder.with_root_certificates(roots).with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

fn roots_of(file: &Path) -> Result<RootCertStore, Error> {
    let bad = |why: String| Error::BadCa { file: file.to_owned(), why };
    let pem = fs::read(file).map_err(|error| bad(format!("cannot be read: {error}")))?;
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    let mut roots = RootCertStore::empty();
    for certificate in certificates.map_err(|error| bad(format!("is not a PEM file: {error}")))? {
        roots.add(certificate).map_err(|error| bad(format!("has an unusable certificate: {error}")))?;
    }
    if roots.is_empty() { Err(bad("contains no certificate".to_owned())) } else { Ok(roots) }
}

fn roots_of_this_machine() -> Result<RootCertStore, Error> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        return Err(Error::Tls(
            "this machine has no list of trusted certificates; install the package ca-certificates, or name a file \
             with --ca"
                .to_owned(),
        ));
    }
    Ok(roots)
}

/// A stream of bytes in both directions.
trait Duplex: AsyncRead + AsyncWrite + Unpin + Send + Sync {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send + Sync> Duplex for T {}

/// An open connection.
pub(super) struct Stream(Box<dyn Duplex>);

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}

impl Connection for Stream {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

/// How the HTTP client opens connections.
impl Service<Uri> for NodeConnector {
    type Response = TokioIo<Stream>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<TokioIo<Stream>>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        let connector = self.clone();
        Box::pin(async move { connector.connect().await.map(TokioIo::new) })
    }
}
