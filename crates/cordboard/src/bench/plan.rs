//! The floor of the benchmark: one queue, and agents `a0`, `a1`, … who get its calls.

use std::fmt::Write;

use anyhow::{Result, anyhow};
use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version};

/// The ID of the queue.
pub(super) const QUEUE: &str = "7700";
/// The password of all accounts.
pub(super) const PASSWORD: &str = "bench";
/// The account that sends notifications.
pub(super) const INTEGRATION: &str = "integration";
/// The ID of an agent, of its phone and of its account.
pub(super) fn agent(index: usize) -> String {
    format!("a{index}")
}

/// The ID of an agent at the ACD.
pub(super) fn acd_id(index: usize) -> String {
    format!("{}", 100_000 + index)
}

/// The Talisma user ID of an agent.
pub(super) fn user(index: usize) -> usize {
    index + 2
}

/// A floor file. The passwords are hashed with the lowest cost of argon2, because the benchmark does not measure argon2.
pub(super) fn floor(agents: usize, wrap_up: &str) -> Result<String> {
    let params =
        Params::new(8, 1, 1, None).map_err(|error| anyhow!("argon2 refuses its least work: {error}"))?;
    let hash = Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password(PASSWORD.as_bytes());
    let hash = hash.map_err(|error| anyhow!("a password cannot be hashed: {error}"))?.to_string();
    let mut text = format!(
        "country = \"US\"\n[[queues]]\nid = \"{QUEUE}\"\nname = \"bench\"\nring = \"1m\"\nwrap_up = \"{wrap_up}\"\n"
    );
    // Writing to a string cannot fail.
    let _ = write!(
        text,
        "[[accounts]]\nname = \"{INTEGRATION}\"\nrole = \"integration\"\npassword_hash = \"{hash}\"\n"
    );
    for index in 0..agents {
        let (id, acd_id, user) = (agent(index), acd_id(index), user(index));
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "[[agents]]\nid = \"{id}\"\nname = \"{id}\"\nswitch = \"simulated\"\nqueues = [\"{QUEUE}\"]\nacd_id = \"{acd_id}\"\npeer_ids.talisma = \"{user}\"\npassword_hash = \"{hash}\"\n"
        );
    }
    Ok(text)
}
