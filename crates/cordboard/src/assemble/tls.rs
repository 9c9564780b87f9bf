//! What is shown to peers over TLS and who is trusted, from files of PEM.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use hub::driver::{ClientTls, ServerTls};

/// A certificate chain and its key; shows nothing when either is missing.
pub(crate) type Shown<'a> = (Option<&'a PathBuf>, Option<&'a PathBuf>);

/// For a listener, if it has something to show; with an authority only its peers get in.
pub(crate) fn server((chain, key): Shown<'_>, client_ca: Option<&PathBuf>) -> Result<Option<ServerTls>> {
    let Some((chain, key)) = chain.zip(key) else { return Ok(None) };
    let client_ca = client_ca.map(|ca| read(ca)).transpose()?;
    Ok(Some(ServerTls::new(&read(chain)?, &read(key)?, client_ca.as_deref())?))
}

/// For whoever calls a peer, if it is known who is trusted.
pub(crate) fn client(ca: Option<&PathBuf>, (chain, key): Shown<'_>) -> Result<Option<ClientTls>> {
    let Some(ca) = ca else { return Ok(None) };
    let own = chain.zip(key).map(|(chain, key)| anyhow::Ok((read(chain)?, read(key)?))).transpose()?;
    let own = own.as_ref().map(|(chain, key)| (chain.as_slice(), key.as_slice()));
    Ok(Some(ClientTls::new(&read(ca)?, own)?))
}

fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("{} cannot be read", file.display()))
}
