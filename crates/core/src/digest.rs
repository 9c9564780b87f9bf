//! Digests that distinguish a repeated command from a different command with the same ID.

use blake2::{Blake2s256, Digest as _};
use model::{Command, Digest, Verb};

/// The digest of a command: the agent, the interaction, and the verb with its parameters.
///
/// The digest is stored in the journal, so it must not help to guess digits, which are stored nowhere. Only the number
/// of digits is included.
pub(crate) fn of(command: &Command) -> Digest {
    let interaction = command.interaction.map(|id| id.0.into_bytes()).unwrap_or_default();
    let parts: [&[u8]; 3] = [command.agent.as_str().as_bytes(), &interaction, &verb_bytes(&command.verb)];
    let mut hash = Blake2s256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let mut digest = [0; 16];
    digest.copy_from_slice(&hash.finalize()[..16]);
    Digest(digest)
}

/// The verb and its parameters as bytes.
fn verb_bytes(verb: &Verb) -> Vec<u8> {
    if let Verb::SendDigits { digits } = verb {
        return format!("send-digits {}", digits.as_str().len()).into_bytes();
    }
    // The parts of a verb are texts, numbers and lists, so serializing them does not fail.
    serde_json::to_vec(verb).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use model::{AccountName, AgentId, CommandId, Data, Digits, Number, Principal, Role};

    use super::*;

    fn command(agent: &str, verb: Verb) -> Command {
        let by = Principal { account: AccountName::new("a").unwrap(), role: Role::Integration, agent: None };
        let (id, agent) = (CommandId::new("once").unwrap(), AgentId::new(agent).unwrap());
        Command { id, by, agent, interaction: None, verb }
    }

    fn dial(to: &str) -> Verb {
        Verb::Dial { to: Number::new(to).unwrap(), data: Data::new() }
    }

    fn digits(text: &str) -> Verb {
        Verb::SendDigits { digits: Digits::new(text).unwrap() }
    }

    #[test]
    fn whatever_differs_in_a_command_differs_in_its_digest() {
        let once = of(&command("1001", dial("+14155550100")));
        assert_eq!(of(&command("1001", dial("+14155550100"))), once);
        assert_ne!(of(&command("1001", dial("+14155550101"))), once);
        assert_ne!(of(&command("1002", dial("+14155550100"))), once);
        let about = Command {
            interaction: "00000000-0000-7000-8000-000000000001".parse().ok(),
            ..command("1001", dial("+14155550100"))
        };
        assert!(about.interaction.is_some());
        assert_ne!(of(&about), once);
    }

    #[test]
    fn digits_count_by_their_number_alone() {
        let once = of(&command("1001", digits("4111")));
        assert_eq!(of(&command("1001", digits("4222"))), once);
        assert_ne!(of(&command("1001", digits("41111"))), once);
    }
}
