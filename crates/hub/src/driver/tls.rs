//! TLS for byte streams and HTTP. Certificates of listeners can be replaced while they serve.

use std::sync::{Arc, PoisonError, RwLock};

use tokio::net::TcpStream;
use tokio_rustls::{
    TlsAcceptor, TlsConnector, client,
    rustls::{
        ClientConfig, RootCertStore, ServerConfig,
        crypto::{CryptoProvider, ring},
        pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject},
        server::WebPkiClientVerifier,
    },
};

use crate::Error;

/// The TLS settings of a listener. Clones share them.
#[derive(Clone)]
pub struct ServerTls(Arc<RwLock<TlsAcceptor>>);

/// The TLS settings of a client.
#[derive(Clone)]
pub struct ClientTls(pub(super) TlsConnector);

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
        Ok(Self(TlsConnector::from(Arc::new(config))))
    }

    /// Runs the TLS handshake with a server whose certificate names `host`.
    pub(super) async fn encrypt(
        &self,
        host: &str,
        stream: TcpStream,
    ) -> Result<client::TlsStream<TcpStream>, String> {
        let name = ServerName::try_from(host.to_owned()).map_err(|error| error.to_string())?;
        self.0.connect(name, stream).await.map_err(|error| error.to_string())
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
