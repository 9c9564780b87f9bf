//! TLS settings from PEM files.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use hub::driver::{ClientTls, ServerTls};
use session::dialect::TlsFiles;

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

fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("cannot read {}", file.display()))
}
