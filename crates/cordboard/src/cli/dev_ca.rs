//! `cordboard dev-ca`: makes certificates for development.

use std::{
    fs::{self, File},
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use base64::{Engine, prelude::BASE64_STANDARD};
use clap::Args;
use jiff::{Timestamp, tz::TimeZone};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use serde::Serialize;

use crate::output::Out;

const EXAMPLES: &str = "\
Examples:
  cordboard dev-ca
      certificates for localhost, 127.0.0.1 and ::1
  cordboard dev-ca cti.example.com 10.0.0.5 --folder certificates
      certificates for a name and an address";

/// The names of a certificate for which no names are given.
const LOCAL: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// How long the authority is valid.
const AUTHORITY_LIFE: Duration = Duration::from_secs(10 * 365 * 24 * 60 * 60);

/// How long the certificate is valid. Apple's systems refuse more than 825 days, also from private authorities
/// (https://support.apple.com/103769).
const CERTIFICATE_LIFE: Duration = Duration::from_secs(820 * 24 * 60 * 60);

/// Make a certificate authority and a server certificate for development.
///
/// Writes ca.pem, ca.key, server.pem and server.key, readable by you only, and
/// prints how to use and to trust them. Existing files are not overwritten.
/// Anyone who gets ca.key can make certificates that your machines trust: do
/// not use it in production.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct DevCa {
    /// The names and IP addresses of the server [default: localhost, 127.0.0.1, ::1].
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// The folder for the files. It is created if necessary.
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    folder: PathBuf,
}

/// The files of the result, for output.
#[derive(Serialize)]
struct Made {
    names: Vec<String>,
    authority: PathBuf,
    authority_key: PathBuf,
    certificate: PathBuf,
    key: PathBuf,
}

impl DevCa {
    pub(super) fn run(self, out: Out) -> Result<()> {
        let names = if self.names.is_empty() { LOCAL.map(str::to_owned).to_vec() } else { self.names };
        let pems = Pems::new(&names, Timestamp::now())?;
        let path = |name: &str| self.folder.join(name);
        let made = Made {
            authority: path("ca.pem"),
            authority_key: path("ca.key"),
            certificate: path("server.pem"),
            key: path("server.key"),
            names,
        };
        made.write(&self.folder, &pems)?;
        out.one(&made, Made::text)?;
        Ok(())
    }
}

/// The contents of the files.
struct Pems {
    authority: String,
    authority_key: String,
    certificate: String,
    key: String,
}

impl Pems {
    fn new(names: &[String], now: Timestamp) -> Result<Self> {
        let (authority_key, key) = (KeyPair::generate()?, KeyPair::generate()?);
        let mut params = between(CertificateParams::default(), now, AUTHORITY_LIFE)?;
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        // A name of its own: with the name of an earlier authority, clients that trust that one report a wrong signature.
        let name = format!("Cordboard development CA {}", now.strftime("%Y-%m-%d %H:%M:%S"));
        params.distinguished_name.push(DnType::CommonName, name);
        let authority = pem("CERTIFICATE", params.self_signed(&authority_key)?.der());
        let authority_pem = pem("PRIVATE KEY", &authority_key.serialize_der());
        let issuer = Issuer::new(params, authority_key);
        let certificate = server(names, now)?.signed_by(&key, &issuer)?;
        Ok(Self {
            authority,
            authority_key: authority_pem,
            certificate: pem("CERTIFICATE", certificate.der()),
            key: pem("PRIVATE KEY", &key.serialize_der()),
        })
    }
}

/// A PEM file with one entry (RFC 7468).
fn pem(label: &str, der: &[u8]) -> String {
    let text = BASE64_STANDARD.encode(der);
    let mut lines = vec![format!("-----BEGIN {label}-----")];
    lines.extend(text.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line).into_owned()));
    lines.push(format!("-----END {label}-----\n"));
    lines.join("\n")
}

/// A certificate that a server presents, and a client that the server asks for one.
fn server(names: &[String], now: Timestamp) -> Result<CertificateParams> {
    let params = CertificateParams::new(names.to_vec());
    let params = params.with_context(|| format!("{} are not names or IP addresses", names.join(", ")))?;
    let mut params = between(params, now, CERTIFICATE_LIFE)?;
    if let Some(name) = names.first() {
        params.distinguished_name.push(DnType::CommonName, name.as_str());
    }
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages =
        vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

/// Valid from the day before `now`, because clocks differ.
fn between(mut params: CertificateParams, now: Timestamp, life: Duration) -> Result<CertificateParams> {
    let day = |at: Timestamp| {
        let date = at.to_zoned(TimeZone::UTC).date();
        let (month, day) = (u8::try_from(date.month())?, u8::try_from(date.day())?);
        anyhow::Ok(date_time_ymd(date.year().into(), month, day))
    };
    params.not_before = day(now - Duration::from_secs(24 * 60 * 60))?;
    params.not_after = day(now + life)?;
    Ok(params)
}

impl Made {
    /// Writes all files, or none if one of them exists.
    fn write(&self, folder: &Path, pems: &Pems) -> Result<()> {
        let files = [
            (&self.authority, &pems.authority),
            (&self.authority_key, &pems.authority_key),
            (&self.certificate, &pems.certificate),
            (&self.key, &pems.key),
        ];
        if let Some((path, _)) = files.iter().find(|(path, _)| path.exists()) {
            bail!("{} exists; delete it, or choose another folder with --folder", path.display());
        }
        fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
        files.into_iter().try_for_each(|(path, pem)| {
            let file = File::options().write(true).create_new(true).mode(0o600).open(path);
            let written = file.and_then(|mut file| file.write_all(pem.as_bytes()));
            written.with_context(|| format!("cannot write {}", path.display()))
        })
    }

    fn text(&self) -> String {
        let (ca, certificate, key) =
            (self.authority.display(), self.certificate.display(), self.key.display());
        let host = self.names.first().map_or("localhost", String::as_str);
        let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
        format!(
            "\
made {ca}, {ca_key}, {certificate}, {key}
names: {names}

Use the certificate in cordboard.toml:
  [http.tls]
  listen = \"0.0.0.0:8443\"
  certificate = \"{certificate}\"
  key = \"{key}\"

Trust the authority, {ca}:
  cordboard  cordboard status --url https://{host}:8443 --ca {ca}
  curl       curl --cacert {ca} https://{host}:8443/readyz
  Python     SSL_CERT_FILE={ca} python3 client.py
  Java       keytool -importcert -noprompt -alias cordboard-dev -file {ca} \\
               -keystore \"$JAVA_HOME/lib/security/cacerts\" -storepass changeit
  Firefox    Settings, Privacy & Security, View Certificates, Authorities, Import
  Chrome     Settings, Privacy and security, Security, Manage certificates, Import
  Debian     cp {ca} /usr/local/share/ca-certificates/cordboard-dev.crt
             update-ca-certificates

Keep {ca_key} secret, and remove the authority when you no longer need it.",
            ca_key = self.authority_key.display(),
            names = self.names.join(", "),
        )
    }
}
