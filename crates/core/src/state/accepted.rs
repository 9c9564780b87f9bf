//! Accepted commands, so that a repeated command gets the first reply again.

use model::{Accepted, AccountName, Code, CommandId, Digest, Origin, Rejection, VerbName};
use serde::{Deserialize, Serialize};

use super::command_map::{CommandMap, Limits};

/// How many commands are remembered. Our choice: 100 s for an integration that sends 100 commands a second, a day for a
/// person.
const LIMITS: Limits = Limits { account_max: 10_000, all_max: 50_000 };

/// Accepted commands.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Vec<AcceptedCommand>", into = "Vec<AcceptedCommand>")]
pub(crate) struct AcceptedCommands(CommandMap<AcceptedCommand>);

/// An accepted command and the reply to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct AcceptedCommand {
    by: AccountName,
    command: CommandId,
    verb: VerbName,
    /// The digest of the command; absent for commands from before digests were stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    digest: Option<Digest>,
    accepted: Accepted,
}

impl AcceptedCommands {
    /// The reply to a command; a rejection when its ID was used for a different command.
    pub(crate) fn get(&self, origin: &Origin) -> Result<Option<Accepted>, Rejection> {
        let Some(taken) = self.0.get(&origin.by, &origin.command) else { return Ok(None) };
        expect_same(origin, taken.verb, taken.digest)?;
        Ok(Some(taken.accepted))
    }

    /// Remembers a command by one of its events. The first event sets the interaction, the last one the `seq`.
    pub(crate) fn remember(&mut self, origin: &Origin, accepted: Accepted) {
        let (by, command) = (&origin.by, &origin.command);
        if let Some(taken) = self.0.get_mut(by, command) {
            let interaction = taken.accepted.interaction.or(accepted.interaction);
            taken.accepted = Accepted { interaction, ..accepted };
            return;
        }
        self.0.put(by, command, AcceptedCommand::new(origin, accepted), LIMITS);
    }
}

/// Rejects a command whose ID was used for a different command. Without a digest only the verbs are compared.
pub(crate) fn expect_same(origin: &Origin, verb: VerbName, digest: Option<Digest>) -> Result<(), Rejection> {
    let (id, was, is) = (&origin.command, verb.as_str(), origin.verb.as_str());
    if verb != origin.verb {
        let text =
            format!("command ID {id:?} was already used for {was} and cannot be used for {is}; use a new ID");
        return Err(Rejection::new(Code::Conflict, text));
    }
    if digest.zip(origin.digest).is_some_and(|(was, is)| was != is) {
        let text = format!("command ID {id:?} was already used for {was} with other values; use a new ID");
        return Err(Rejection::new(Code::Conflict, text));
    }
    Ok(())
}

impl AcceptedCommand {
    fn new(origin: &Origin, accepted: Accepted) -> Self {
        let Origin { command, by, verb, digest } = origin.clone();
        Self { by, command, verb, digest, accepted }
    }
}

impl From<Vec<AcceptedCommand>> for AcceptedCommands {
    fn from(list: Vec<AcceptedCommand>) -> Self {
        let mut keys = CommandMap::default();
        for taken in list {
            let (by, command) = (taken.by.clone(), taken.command.clone());
            keys.put(&by, &command, taken, LIMITS);
        }
        Self(keys)
    }
}

impl From<AcceptedCommands> for Vec<AcceptedCommand> {
    fn from(AcceptedCommands(keys): AcceptedCommands) -> Self {
        keys.into_values().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_taken_before_digests_were_kept_is_compared_by_its_verb() {
        let written = r#"[{"by":"1001","command":"k","verb":"dial","accepted":{"seq":7}}]"#;
        let answered: AcceptedCommands = serde_json::from_str(written).unwrap();
        let origin: Origin = serde_json::from_str(
            r#"{"command":"k","by":"1001","verb":"dial","digest":"9f86d081884c7d659a2feaa0c55ad015"}"#,
        )
        .unwrap();
        assert_eq!(answered.get(&origin).unwrap().unwrap().seq, model::Seq(7));
        let other = Origin { verb: VerbName::Ready, ..origin };
        assert_eq!(answered.get(&other).unwrap_err().code, Code::Conflict);
        assert_eq!(serde_json::to_string(&answered).unwrap(), written);
    }
}
