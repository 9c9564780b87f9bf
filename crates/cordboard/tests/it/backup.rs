//! Backups of a node that works, what is there after a restore, and stores that earlier programs wrote.

use crate::{
    operation::{Started, log},
    support::{Desk, Home, text, until},
};

use std::{
    fs,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
};

use serde_json::{Value, json};

const CONFIGURATION: &str = "floor.file = \"floor.toml\"\nsimulated = {}\n";
const FLOOR: &str = "\
[[agents]]
id = \"1001\"
name = \"Ann\"
switch = \"simulated\"
password = \"demo\"
[[accounts]]
name = \"integration\"
role = \"integration\"
password = \"demo\"
";

/// Adds contacts until it is stopped, and counts those that the node has acknowledged.
fn add_contacts(desk: &Desk, acknowledged: &AtomicUsize, stop: &AtomicBool) {
    for number in 1.. {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let contact =
            json!({ "id": format!("C-{number}"), "name": format!("Customer {number}"), "numbers": [] });
        desk.request("PUT", &format!("/api/v1/contacts/C-{number}"), &contact);
        acknowledged.store(number, Ordering::SeqCst);
    }
}

#[test]
fn a_backup_under_load_has_everything_that_was_acknowledged_before_it() {
    let home = Home::new();
    fs::write(home.path().join("floor.toml"), FLOOR).unwrap();
    let (data, copy) = (home.path().join("data"), home.path().join("copy.db"));
    let (folder, file) = (data.to_str().unwrap(), copy.to_str().unwrap());
    let node = Started::new(&home, ":", CONFIGURATION);
    node.until_ready();
    let desk = Desk::new(node.at, "integration");
    let seq = |desk: &Desk| desk.request("GET", "/api/v1/snapshot", &Value::Null)["seq"].as_u64().unwrap();
    let agent = Desk::new(node.at, "1001");
    agent.command(&json!({ "verb": "sign-in" }));
    let signed_in = seq(&desk);

    let (acknowledged, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let (before, made) = thread::scope(|scope| {
        scope.spawn(|| add_contacts(&desk, &acknowledged, &stop));
        until("contacts", || acknowledged.load(Ordering::SeqCst) >= 50);
        let before = acknowledged.load(Ordering::SeqCst);
        let made = home.run(&["store", "backup", folder, file]);
        stop.store(true, Ordering::Relaxed);
        (before, made)
    });
    assert!(made.status.success(), "{made:?}");
    let checked = home.run(&["store", "check", file]);
    assert_eq!(text(&checked.stdout), "no damage found\n");
    assert!(!home.run(&["store", "backup", folder, file]).status.success(), "nothing is overwritten");
    let running = home.run(&["store", "restore", file, folder]);
    assert!(text(&running.stderr).contains("stop it first"), "{running:?}");

    drop(node);
    fs::remove_dir_all(&data).unwrap();
    let restored = home.run(&["store", "restore", file, folder]);
    assert!(restored.status.success(), "{restored:?}");
    assert!(text(&restored.stdout).contains("\"resync\":true"), "{restored:?}");

    let node = Started::new(&home, ":", CONFIGURATION);
    node.until_ready();
    assert!(!log(&home).contains("ERROR"), "{}", log(&home));
    let desk = Desk::new(node.at, "integration");
    assert!(seq(&desk) >= signed_in);
    let kept = |number: usize| desk.request("GET", &format!("/api/v1/contacts/C-{number}"), &Value::Null);
    for number in [1, before / 2, before] {
        assert_eq!(kept(number)["name"], format!("Customer {number}"));
    }
    let agents = desk.request("GET", "/api/v1/agents", &Value::Null);
    assert_ne!(agents["items"][0]["state"]["name"], "signed-out", "{agents}");
}

#[test]
fn a_restore_needs_consent_to_lose_events() {
    let home = Home::new();
    fs::write(home.path().join("floor.toml"), FLOOR).unwrap();
    let (data, copy) = (home.path().join("data"), home.path().join("copy.db"));
    let (folder, file) = (data.to_str().unwrap(), copy.to_str().unwrap());
    let mut node = Started::new(&home, ":", CONFIGURATION);
    node.until_ready();
    assert!(home.run(&["store", "backup", folder, file]).status.success());
    Desk::new(node.at, "1001").command(&json!({ "verb": "sign-in" }));
    node.signal("-TERM");
    node.child.wait().unwrap();
    let refused = home.run(&["store", "restore", file, folder]);
    assert!(text(&refused.stderr).contains("nothing was changed"), "{refused:?}");
    assert!(text(&refused.stderr).contains("--overwrite"), "{refused:?}");
    let done = home.run(&["store", "restore", file, folder, "--overwrite"]);
    assert!(text(&done.stdout).contains("the replaced database is"), "{done:?}");
    assert!(data.join("cordboard.db.replaced-1").exists());
}

#[test]
fn a_node_starts_with_the_store_of_every_earlier_format() {
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/../store/tests/golden");
    for written in fs::read_dir(golden).unwrap().map(|file| file.unwrap().path()) {
        let home = Home::new();
        let data = home.path().join("data");
        fs::create_dir(&data).unwrap();
        fs::copy(&written, data.join("cordboard.db")).unwrap();
        let node = Started::new(&home, ":", "simulated = {}\n");
        node.until_ready();
        let name = written.display();
        let desk = Desk::new(node.at, "admin");
        let history = desk.request("GET", "/api/v1/history/interactions", &Value::Null);
        assert_eq!(history["items"].as_array().unwrap().len(), 2, "{name}: {history}");
        let agents = desk.request("GET", "/api/v1/agents", &Value::Null);
        assert_eq!(agents["items"][0]["name"], "Ann Archer", "{name}: {agents}");
        let contact = desk.request("GET", "/api/v1/contacts/C-1", &Value::Null);
        assert_eq!(contact["numbers"][0], "+14155550100", "{name}: {contact}");
        assert!(!log(&home).contains("ERROR"), "{name}: {}", log(&home));
    }
}
