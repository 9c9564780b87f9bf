//! TLS at every listener and link, with the certificates of `cordboard dev-ca`.

use crate::{
    operation::{Started, log},
    support::{Desk, Home, free_port, until},
};

use std::{fs, io::Write, net::TcpStream, os::unix::fs::MetadataExt, path::Path};

use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use serde_json::Value;

const ADMIN: &str = "[[accounts]]\nname = \"admin\"\nrole = \"admin\"\npassword = \"demo\"\n";

/// Makes the files of `dev-ca` in a folder of the home.
fn dev_ca(home: &Home, folder: &str) {
    let path = home.path().join(folder);
    let made = home.run(&["dev-ca", "--folder", path.to_str().unwrap()]);
    assert!(made.status.success(), "{made:?}");
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn a_development_authority_is_private_and_never_overwritten() {
    let home = Home::new();
    dev_ca(&home, "tls");
    let folder = home.path().join("tls");
    let files = ["ca.pem", "ca.key", "server.pem", "server.key"].map(|name| folder.join(name));
    let contents = || files.each_ref().map(|path| fs::read_to_string(path).unwrap());
    let before = contents();
    for file in &files {
        assert_eq!(fs::metadata(file).unwrap().mode() & 0o777, 0o600, "{}", file.display());
    }
    fs::remove_file(&files[3]).unwrap();
    let again = home.run(&["dev-ca", "--folder", folder.to_str().unwrap()]);
    assert!(!again.status.success() && text(&again.stderr).contains("ca.pem exists"), "{again:?}");
    assert!(!files[3].exists(), "none is written if one exists");
    fs::write(&files[3], &before[3]).unwrap();
    assert_eq!(contents(), before);
}

#[test]
fn a_development_authority_is_for_the_given_names_and_explains_how_to_trust_it() {
    let home = Home::new();
    let folder = home.path().join("tls");
    let arguments = ["dev-ca", "cti.example.com", "10.0.0.5", "--folder", folder.to_str().unwrap()];
    let made = home.run(&arguments);
    let printed = text(&made.stdout);
    for needed in
        ["curl --cacert", "keytool -importcert", "SSL_CERT_FILE=", "Firefox", "update-ca-certificates"]
    {
        assert!(printed.contains(needed), "{printed}");
    }
    assert!(printed.contains("names: cti.example.com, 10.0.0.5"), "{printed}");
    assert!(printed.contains("https://cti.example.com:8443"), "{printed}");
    let wrong = home.run(&["dev-ca", "ä b", "--folder", home.path().join("other").to_str().unwrap()]);
    assert!(!wrong.status.success() && !home.path().join("other").exists(), "{wrong:?}");
}

/// A node with TLS at its API, and a softphone of its own that it reaches with TLS.
fn configuration(softphone: u16, events: u16, https: u16) -> String {
    let files =
        "tls_certificate = \"tls/server.pem\"\ntls_key = \"tls/server.key\"\ntls_ca = \"tls/ca.pem\"\n";
    format!(
        "floor.file = \"floor.toml\"\n\
         [http.tls]\nlisten = \"127.0.0.1:{https}\"\ncertificate = \"tls/server.pem\"\nkey = \"tls/server.key\"\n\
         [uwq.telephony]\nlisten = \"127.0.0.1:{softphone}\"\n{files}\
         [[uwq.desk]]\nid = \"softphone\"\nurl = \"https://localhost:{softphone}\"\n\
         listener = \"127.0.0.1:{events}\"\nstatus_period = \"5s\"\nstatus_period_down = \"1s\"\n{files}"
    )
}

fn copy(from: &Path, to: &Path, names: &[&str]) {
    for name in names {
        fs::copy(from.join(name), to.join(name)).unwrap();
    }
}

#[test]
fn every_listener_and_link_encrypts_and_explains_why_it_cannot() {
    let home = Home::new();
    dev_ca(&home, "tls");
    dev_ca(&home, "other");
    let (tls, other) = (home.path().join("tls"), home.path().join("other"));
    fs::write(home.path().join("floor.toml"), ADMIN).unwrap();
    let (softphone, events, https) = (free_port(), free_port(), free_port());
    let node = Started::new(&home, ":", &configuration(softphone, events, https));
    node.until_ready();
    let desk = Desk::new(node.at, "admin");
    desk.until_switch("softphone", true);

    let ends = desk.request("GET", "/api/v1/ends", &Value::Null).to_string();
    for port in [softphone, events] {
        assert!(ends.contains(&format!("https://127.0.0.1:{port}")), "{ends}");
    }
    let (url, ca) = (format!("https://localhost:{https}"), tls.join("ca.pem"));
    let status = home.run(&["status", "--url", &url, "--ca", ca.to_str().unwrap()]);
    assert!(!text(&status.stderr).contains("certificate"), "{status:?}");

    // A softphone without TLS.
    TcpStream::connect(("127.0.0.1", events)).unwrap().write_all(b"POST / HTTP/1.1\r\n\r\n").unwrap();
    until("warning", || {
        log(&home).contains("tls handshake failed") && log(&home).contains("does not use TLS")
    });

    // Another authority.
    copy(&other, &tls, &["server.pem", "server.key"]);
    node.signal("-HUP");
    until("reload", || log(&home).matches("certificate read again").count() >= 5);
    desk.until_switch("softphone", false);
    assert!(log(&home).contains("is not signed by the configured authority"), "{}", log(&home));

    // The link trusts it after a reload, without a restart.
    copy(&other, &tls, &["ca.pem"]);
    node.signal("-HUP");
    desk.until_switch("softphone", true);
}

/// Certificates with these last years: expired, and not.
fn self_signed(folder: &Path, year: i32) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    (params.not_before, params.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(year, 1, 1));
    fs::write(folder.join("own.pem"), params.self_signed(&key).unwrap().pem()).unwrap();
    fs::write(folder.join("own.key"), key.serialize_pem()).unwrap();
}

#[test]
fn a_check_warns_of_links_without_tls_and_of_certificates_that_do_not_work() {
    let home = Home::new();
    let file = home.path().join("cordboard.toml");
    let checked = |text: &str| {
        fs::write(&file, text).unwrap();
        String::from_utf8(home.run(&["check", file.to_str().unwrap()]).stdout).unwrap()
    };
    let ari = "[[ari]]\nid = \"asterisk\"\npassword = \"x\"\nserver = \"10.0.0.5:8088\"\n";
    let plain = checked(ari);
    assert!(plain.contains("warning: ari.0.server is 10.0.0.5:8088, without TLS"), "{plain}");
    let softphone = "[[uwq.desk]]\nid = \"softphone\"\nurl = \"http://softphone:3107\"\n";
    let plain = checked(softphone);
    assert!(plain.contains("warning: uwq.desk.0.url is http://softphone:3107, without TLS"), "{plain}");

    let listener = "uwq.telephony = { listen = \"0.0.0.0:3107\", tls_certificate = \"own.pem\", tls_key = \"own.key\" }\n";
    self_signed(home.path(), 2999);
    assert!(!checked(listener).contains("warning"), "{}", checked(listener));
    self_signed(home.path(), 2021);
    let expired = "own.pem expired at 2021-01-01T00:00:00Z; renew it";
    assert!(checked(listener).contains(expired), "{}", checked(listener));
    fs::write(home.path().join("own.pem"), "broken").unwrap();
    let broken = checked(listener);
    assert!(broken.contains("warning: uwq.telephony: TLS files are not usable"), "{broken}");
    let missing = checked(&format!("{ari}tls_ca = \"none.pem\"\n"));
    assert!(missing.contains("warning: ari.0: TLS files are not usable: cannot read"), "{missing}");
    assert!(!missing.contains("without TLS"), "{missing}");
}
