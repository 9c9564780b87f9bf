//! The floor that is measured with: one queue, and agents `a0`, `a1`, … who take its calls.

use std::fmt::Write;

use anyhow::{Result, anyhow};
use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version};

/// The queue.
pub(super) const QUEUE: &str = "7700";
/// Everybody's password.
pub(super) const PASSWORD: &str = "bench";
/// The account that notifies agents.
pub(super) const INTEGRATION: &str = "integration";
/// The id of an agent, and of its phone and account.
pub(super) fn agent(index: usize) -> String {
    format!("a{index}")
}

/// Its id at the ACD.
pub(super) fn acd_id(index: usize) -> String {
    format!("{}", 100_000 + index)
}

/// Its Talisma user id.
pub(super) fn user(index: usize) -> usize {
    index + 2
}

/// A floor file. The passwords are hashed with the least work that argon2 knows: what is measured here is not argon2.
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
