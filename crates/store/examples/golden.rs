//! Writes a small store in the current format, for `tests/golden`:
//! `cargo run -p cordboard-store --features suite --example golden -- crates/store/tests/golden/format_N.db`.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a person runs this and reads the error")]

use cordboard_store::{Account, Reader, Writer, sqlite, suite::sample};
use model::AgentState;

fn main() {
    let path = std::env::args().nth(1).unwrap();
    let (mut writer, reader) = sqlite::open(std::path::Path::new(&path)).unwrap();
    let floor = serde_json::json!({
        "agents": [{"id": "1001", "name": "Ann Archer", "device": "2001", "switch": "simulated", "queues": ["7700"]}],
        "queues": [{"id": "7700", "name": "support"}],
    });
    writer.put_floor(&serde_json::from_value(floor).unwrap()).unwrap();
    let hash =
        "$argon2id$v=19$m=19456,t=2,p=1$knQhrQvBY8zU8shDpE5WAQ$UYsf5TCP3HHOtIKcQYk1Bh2J4Uh8x4GhUqEsrb4bF3w";
    let account = |name: &str, role: &str, agent: Option<&str>| -> Account {
        serde_json::from_value(
            serde_json::json!({"name": name, "role": role, "agent": agent, "password_hash": hash}),
        )
        .unwrap()
    };
    writer.put_accounts(&[account("admin", "admin", None), account("1001", "agent", Some("1001"))]).unwrap();
    writer.put_contacts(&[sample::contact("C-1", "Carla Customer", &["+14155550100"])]).unwrap();
    writer.append(&sample::notices(1, 3)).unwrap();
    writer
        .append(&sample::story(
            4,
            [
                sample::left("7700", 300),
                sample::answered("7700", "1001", 700),
                sample::completed(sample::summary(1)),
                sample::completed(sample::summary(2)),
                sample::changed("1001", AgentState::Ready, 1, sample::not_ready("lunch")),
            ],
        ))
        .unwrap();
    println!("{:?}", reader.last_seq());
}
