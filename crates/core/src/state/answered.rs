//! Commands that were taken, so that one that is repeated gets the first answer again.

use model::{Accepted, AccountName, Code, CommandId, Digest, Origin, Rejection, VerbName};
use serde::{Deserialize, Serialize};

use super::keys::{Bounds, Keys};

/// How many commands are remembered. Ours: an integration that asks 100 times a second is remembered for 100 s, a person for a day.
const BOUNDS: Bounds = Bounds { account_max: 10_000, all_max: 50_000 };

/// Commands that were taken.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Vec<Taken>", into = "Vec<Taken>")]
pub(crate) struct Answered(Keys<Taken>);

/// A command and what was said to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Taken {
    by: AccountName,
    command: CommandId,
    verb: VerbName,
    /// The command as a whole; none when it was taken before digests were kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    digest: Option<Digest>,
    accepted: Accepted,
}

impl Answered {
    /// What was said to a command; a rejection when its id was used for something else.
    pub(crate) fn get(&self, origin: &Origin) -> Result<Option<Accepted>, Rejection> {
        let Some(taken) = self.0.get(&origin.by, &origin.command) else { return Ok(None) };
        expect_same(origin, taken.verb, taken.digest)?;
        Ok(Some(taken.accepted))
    }

    /// Remembers a command by one of its events; the first names the interaction, the last the `seq`.
    pub(crate) fn remember(&mut self, origin: &Origin, accepted: Accepted) {
        let (by, command) = (&origin.by, &origin.command);
        if let Some(taken) = self.0.get_mut(by, command) {
            let interaction = taken.accepted.interaction.or(accepted.interaction);
            taken.accepted = Accepted { interaction, ..accepted };
            return;
        }
        self.0.put(by, command, Taken::new(origin, accepted), BOUNDS);
    }
}

/// Refuses a command whose id was used for another one. Of a command without a digest only the verb is known.
pub(crate) fn expect_same(origin: &Origin, verb: VerbName, digest: Option<Digest>) -> Result<(), Rejection> {
    let (id, was, is) = (&origin.command, verb.word(), origin.verb.word());
    if verb != origin.verb {
        let text = format!("command id {id:?} was used for {was} and cannot be used for {is}");
        return Err(Rejection::new(Code::Conflict, text));
    }
    if digest.zip(origin.digest).is_some_and(|(was, is)| was != is) {
        let text = format!("command id {id:?} was used for {was} with other values and cannot be used again");
        return Err(Rejection::new(Code::Conflict, text));
    }
    Ok(())
}

impl Taken {
    fn new(origin: &Origin, accepted: Accepted) -> Self {
        let Origin { command, by, verb, digest } = origin.clone();
        Self { by, command, verb, digest, accepted }
    }
}

impl From<Vec<Taken>> for Answered {
    fn from(list: Vec<Taken>) -> Self {
        let mut keys = Keys::default();
        for taken in list {
            let (by, command) = (taken.by.clone(), taken.command.clone());
            keys.put(&by, &command, taken, BOUNDS);
        }
        Self(keys)
    }
}

impl From<Answered> for Vec<Taken> {
    fn from(Answered(keys): Answered) -> Self {
        keys.into_values().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_taken_before_digests_were_kept_is_compared_by_its_verb() {
        let written = r#"[{"by":"1001","command":"k","verb":"dial","accepted":{"seq":7}}]"#;
        let answered: Answered = serde_json::from_str(written).unwrap();
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
