//! TLS settings from PEM files.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use hub::driver::{ClientTls, ServerTls};
use session::dialect::TlsFiles;

/// The certificates of all listeners, with the files that they come from.
#[derive(Default)]
pub(crate) struct Certificates(Vec<(TlsFiles, ServerTls)>);

impl Certificates {
    /// TLS for a listener, if it has a certificate. It is read again by [`Certificates::reload`].
    pub(crate) fn server(&mut self, files: &TlsFiles) -> Result<Option<ServerTls>> {
        let tls = server(files)?;
        self.0.extend(tls.iter().map(|tls| (files.clone(), tls.clone())));
        Ok(tls)
    }

    /// Reads all files again. A listener whose files cannot be used keeps its certificate.
    pub(super) fn reload(&self) {
        for (files, tls) in &self.0 {
            let file = files.certificate.as_deref().unwrap_or(Path::new("?")).display().to_string();
            match server(files) {
                Ok(Some(fresh)) => {
                    tls.replace(&fresh);
                    tracing::info!(file, "certificate read again");
                }
                Ok(None) => {}
                Err(error) => {
                    tracing::error!(
                        file,
                        error = format!("{error:#}"),
                        "certificate not usable; the earlier one stays"
                    );
                }
            }
        }
    }
}

/// TLS for a listener, if it has a certificate. With an authority it accepts only clients with a certificate of that authority.
pub(crate) fn server(files: &TlsFiles) -> Result<Option<ServerTls>> {
    let Some((chain, key)) = files.certificate.as_ref().zip(files.key.as_ref()) else { return Ok(None) };
    let client_ca = files.authority.as_ref().map(|ca| read(ca)).transpose()?;
    Ok(Some(ServerTls::new(&read(chain)?, &read(key)?, client_ca.as_deref())?))
}

/// TLS for a client, if it has an authority to trust.
pub(crate) fn client(files: &TlsFiles) -> Result<Option<ClientTls>> {
    let Some(ca) = &files.authority else { return Ok(None) };
    let own = files.certificate.as_ref().zip(files.key.as_ref());
    let own = own.map(|(chain, key)| anyhow::Ok((read(chain)?, read(key)?))).transpose()?;
    let own = own.as_ref().map(|(chain, key)| (chain.as_slice(), key.as_slice()));
    Ok(Some(ClientTls::new(&read(ca)?, own)?))
}

/// TLS for a client that trusts the authorities of the operating system.
pub(crate) fn of_the_system() -> Result<ClientTls> {
    Ok(ClientTls::trusting(rustls_native_certs::load_native_certs().certs)?)
}

fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("cannot read {}", file.display()))
}
