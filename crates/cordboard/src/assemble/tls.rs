//! TLS settings from PEM files.

use std::{fs, path::Path, time::Duration};

use anyhow::{Context, Result};
use hub::driver::{ClientTls, ServerTls};
use jiff::Timestamp;
use session::dialect::TlsFiles;

/// The certificates and authorities of all listeners and links, with the files that they come from.
#[derive(Default)]
pub(crate) struct Certificates {
    servers: Vec<(TlsFiles, ServerTls)>,
    clients: Vec<(TlsFiles, ClientTls)>,
}

impl Certificates {
    /// TLS for a listener, if it has a certificate. It is read again by [`Certificates::reload`].
    pub(crate) fn server(&mut self, files: &TlsFiles) -> Result<Option<ServerTls>> {
        let tls = server(files)?;
        self.servers.extend(tls.iter().map(|tls| (files.clone(), tls.clone())));
        Ok(tls)
    }

    /// TLS for a client, if it has an authority to trust. It is read again by [`Certificates::reload`].
    pub(crate) fn client(&mut self, files: &TlsFiles) -> Result<Option<ClientTls>> {
        let tls = client(files)?;
        self.clients.extend(tls.iter().map(|tls| (files.clone(), tls.clone())));
        Ok(tls)
    }

    /// Reads all files again. A listener or link whose files cannot be used keeps what it has.
    pub(super) fn reload(&self) {
        for (files, tls) in &self.servers {
            read_again(files.certificate.as_deref(), server(files), |fresh| tls.replace(fresh));
        }
        for (files, tls) in &self.clients {
            read_again(files.authority.as_deref(), client(files), |fresh| tls.replace(fresh));
        }
    }
}

fn read_again<T>(file: Option<&Path>, fresh: Result<Option<T>>, replace: impl FnOnce(&T)) {
    let file = file.unwrap_or(Path::new("?")).display().to_string();
    match fresh {
        Ok(Some(fresh)) => {
            replace(&fresh);
            tracing::info!(file, "certificate read again");
        }
        Ok(None) => {}
        Err(error) => {
            let error = format!("{error:#}");
            tracing::error!(file, error, "certificate not usable; the earlier one stays");
        }
    }
}

/// How long before its last day a certificate is worth a warning.
const SOON: Duration = Duration::from_secs(14 * 24 * 60 * 60);

/// Problems with PEM files: not usable, expired, expires soon. One line each.
pub(crate) fn warnings(files: &TlsFiles, now: Timestamp) -> Vec<String> {
    let problem = server(files).map(drop).and_then(|()| client(files).map(drop)).err();
    if let Some(error) = problem {
        return vec![format!("TLS files are not usable: {error:#}")];
    }
    let both = [&files.certificate, &files.authority];
    both.into_iter().flatten().filter_map(|file| expiry(file, now)).collect()
}

fn expiry(file: &Path, now: Timestamp) -> Option<String> {
    let until = hub::driver::valid_until(&read(file).ok()?).ok()?;
    let (file, until) = (file.display(), Timestamp::from_second(i64::try_from(until).ok()?).ok()?);
    if until < now {
        return Some(format!("the certificate in {file} expired at {until}; renew it"));
    }
    (until < now + SOON).then(|| format!("the certificate in {file} expires at {until}; renew it"))
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
