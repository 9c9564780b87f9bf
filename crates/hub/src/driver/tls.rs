//! TLS for byte streams, HTTP and WebSockets. Certificates can be replaced while connections are open.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

use tokio::net::TcpStream;
use tokio_rustls::{
    TlsAcceptor, TlsConnector, client,
    rustls::{
        self, AlertDescription, CertificateError, ClientConfig, InvalidMessage, RootCertStore, ServerConfig,
        client::{WebPkiServerVerifier, danger::ServerCertVerifier},
        crypto::{CryptoProvider, ring},
        pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime, pem::PemObject},
        server::WebPkiClientVerifier,
    },
};

use crate::{Error, throttle::Throttle};

/// The TLS settings of a listener. Clones share them.
#[derive(Clone)]
pub struct ServerTls(Arc<RwLock<TlsAcceptor>>);

/// The TLS settings of a client. Clones share them.
#[derive(Clone)]
pub struct ClientTls {
    connector: Arc<RwLock<TlsConnector>>,
    throttle: Arc<Throttle>,
}

impl ServerTls {
    /// Reads a certificate chain and its key. With `client_ca`, peers need a certificate from that authority. All are PEM.
    pub fn new(chain: &[u8], key: &[u8], client_ca: Option<&[u8]>) -> Result<Self, Error> {
        let builder = ServerConfig::builder_with_provider(provider()).with_safe_default_protocol_versions();
        let builder = builder.map_err(wrong)?;
        let builder = match client_ca {
            None => builder.with_no_client_auth(),
            Some(pem) => {
                let verifier = WebPkiClientVerifier::builder_with_provider(roots(pem)?.into(), provider());
                builder.with_client_cert_verifier(verifier.build().map_err(wrong)?)
            }
        };
        let key = PrivateKeyDer::from_pem_slice(key).map_err(wrong)?;
        let config = builder.with_single_cert(certificates(chain)?, key).map_err(wrong)?;
        Ok(Self(Arc::new(RwLock::new(TlsAcceptor::from(Arc::new(config))))))
    }

    /// Uses the settings of `fresh` for all later connections.
    pub fn replace(&self, fresh: &Self) {
        let fresh = fresh.acceptor();
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = fresh;
    }

    pub(super) fn acceptor(&self) -> TlsAcceptor {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl ClientTls {
    /// Trusts the authorities of a PEM file. Shows `own`, a chain and its key, to a peer that asks for it.
    pub fn new(ca: &[u8], own: Option<(&[u8], &[u8])>) -> Result<Self, Error> {
        Self::with_roots(roots(ca)?, own)
    }

    /// Trusts these authorities, as the operating system lists them. Those that cannot be read are left out.
    pub fn trusting(authorities: Vec<CertificateDer<'static>>) -> Result<Self, Error> {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(authorities);
        Self::with_roots(roots, None)
    }

    fn with_roots(roots: RootCertStore, own: Option<(&[u8], &[u8])>) -> Result<Self, Error> {
        let builder = ClientConfig::builder_with_provider(provider()).with_safe_default_protocol_versions();
        let builder = builder.map_err(wrong)?.with_root_certificates(roots);
        let config = match own {
            None => builder.with_no_client_auth(),
            Some((chain, key)) => {
                let key = PrivateKeyDer::from_pem_slice(key).map_err(wrong)?;
                builder.with_client_auth_cert(certificates(chain)?, key).map_err(wrong)?
            }
        };
        let connector = Arc::new(RwLock::new(TlsConnector::from(Arc::new(config))));
        Ok(Self { connector, throttle: Arc::default() })
    }

    /// Uses the settings of `fresh` for all later connections.
    pub fn replace(&self, fresh: &Self) {
        let fresh = fresh.connector();
        *self.connector.write().unwrap_or_else(PoisonError::into_inner) = fresh;
    }

    fn connector(&self) -> TlsConnector {
        self.connector.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Runs the TLS handshake with a server whose certificate names `host`. A failure is also logged, at most once a minute: a session can
    /// retry without an error until a person corrects the certificates.
    pub(super) async fn encrypt(
        &self,
        host: &str,
        stream: TcpStream,
    ) -> Result<client::TlsStream<TcpStream>, String> {
        let name = ServerName::try_from(host.to_owned()).map_err(|error| error.to_string())?;
        self.connector().connect(name, stream).await.map_err(|error| {
            let reason = reason(host, &error);
            if let Some(unlogged) = self.throttle.due("tls connection failed", Instant::now()) {
                tracing::warn!(host, unlogged, reason, "tls connection failed");
            }
            reason
        })
    }
}

impl std::fmt::Debug for ServerTls {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("ServerTls")
    }
}

impl std::fmt::Debug for ClientTls {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("ClientTls")
    }
}

/// Until when the first certificate of a PEM chain is valid. Seconds since 1970.
pub fn valid_until(chain: &[u8]) -> Result<u64, Error> {
    /// After the last date that a certificate can have: the year 9999 (RFC 5280, 4.1.2.5).
    const LATER: Duration = Duration::from_secs(1 << 40);
    let chain = certificates(chain)?;
    let mut roots = RootCertStore::empty();
    roots.add(chain[0].clone()).map_err(wrong)?;
    let verifier = WebPkiServerVerifier::builder_with_provider(roots.into(), provider()).build();
    let name = ServerName::try_from("localhost").map_err(wrong)?;
    // The verifier checks the dates before everything else, and its error has the date.
    let time = UnixTime::since_unix_epoch(LATER);
    let verified = verifier.map_err(wrong)?.verify_server_cert(&chain[0], &[], &name, &[], time);
    match verified {
        Err(rustls::Error::InvalidCertificate(CertificateError::ExpiredContext { not_after, .. })) => {
            Ok(not_after.as_secs())
        }
        Ok(_) => Err(wrong("the certificate has no last date")),
        Err(error) => Err(wrong(error)),
    }
}

/// Logs a handshake that a listener could not complete, at most once a minute.
pub(super) fn refused(throttle: &Throttle, from: SocketAddr, error: &io::Error) {
    let reason = reason("the client", error);
    match throttle.due("tls handshake failed", Instant::now()) {
        Some(unlogged) => tracing::warn!(%from, unlogged, reason, "tls handshake failed"),
        None => tracing::debug!(%from, reason, "tls handshake failed"),
    }
}

/// Why a handshake with `peer` failed: in words, and then as the library says it.
fn reason(peer: &str, error: &io::Error) -> String {
    let known = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    match known.and_then(|known| words(peer, known)) {
        Some(words) => format!("{words} ({error})"),
        None => error.to_string(),
    }
}

/// The words for errors that an operator can correct.
#[allow(clippy::wildcard_enum_match_arm, reason = "the library's own text is shown for all others")]
fn words(peer: &str, error: &rustls::Error) -> Option<String> {
    Some(match error {
        rustls::Error::InvalidCertificate(error) => match error {
            CertificateError::ExpiredContext { not_after, .. } => {
                format!("the certificate of {peer} expired at {}", date(*not_after))
            }
            CertificateError::NotValidYetContext { not_before, .. } => format!(
                "the certificate of {peer} is not valid before {}; check the clock of this machine",
                date(*not_before)
            ),
            // The signature does not match when another authority has the same name.
            CertificateError::UnknownIssuer | CertificateError::BadSignature => {
                format!("the certificate of {peer} is not signed by the configured authority")
            }
            CertificateError::NotValidForNameContext { presented, .. } => {
                format!("the certificate of {peer} is for other names: {}", presented.join(", "))
            }
            _ => return None,
        },
        rustls::Error::NoCertificatesPresented => {
            format!("{peer} has presented no certificate, and tls_client_ca requires one")
        }
        rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
            format!("{peer} does not use TLS here")
        }
        rustls::Error::AlertReceived(
            AlertDescription::UnknownCA
            | AlertDescription::BadCertificate
            | AlertDescription::CertificateUnknown
            | AlertDescription::CertificateExpired,
        ) => format!("{peer} does not accept the certificate of this side"),
        _ => return None,
    })
}

fn date(time: UnixTime) -> String {
    let seconds = i64::try_from(time.as_secs()).ok();
    let date = seconds.and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
    date.map_or_else(|| "an invalid date".to_owned(), |date| date.to_string())
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, Error> {
    let chain = CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>().map_err(wrong)?;
    if chain.is_empty() { Err(wrong("the file contains no certificate")) } else { Ok(chain) }
}

fn roots(pem: &[u8]) -> Result<RootCertStore, Error> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(pem)? {
        roots.add(certificate).map_err(wrong)?;
    }
    Ok(roots)
}

fn wrong(error: impl std::fmt::Display) -> Error {
    Error::Tls { error: error.to_string() }
}
