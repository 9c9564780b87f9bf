//! Commands that were taken, so that one that is repeated gets the first answer again.

use std::collections::{BTreeMap, VecDeque};

use model::{Accepted, AccountName, Code, CommandId, Origin, Rejection, VerbName};
use serde::{Deserialize, Serialize};

/// How many commands are remembered. Ours; at 1,000 commands a second they last 20 s, in an ordinary centre hours.
const COMMANDS_MAX: usize = 20_000;

/// Commands that were taken, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Vec<Taken>", into = "Vec<Taken>")]
pub(crate) struct Answered {
    by_id: BTreeMap<(AccountName, CommandId), Taken>,
    order: VecDeque<(AccountName, CommandId)>,
}

/// A command and what was said to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Taken {
    by: AccountName,
    command: CommandId,
    verb: VerbName,
    accepted: Accepted,
}

impl Answered {
    /// What was said to a command; a rejection when its id was used for something else.
    pub(crate) fn get(&self, origin: &Origin) -> Result<Option<Accepted>, Rejection> {
        let Some(taken) = self.by_id.get(&(origin.by.clone(), origin.command.clone())) else {
            return Ok(None);
        };
        if taken.verb == origin.verb {
            return Ok(Some(taken.accepted));
        }
        let (id, was, is) = (&origin.command, taken.verb.word(), origin.verb.word());
        let text = format!("command id {id:?} was used for {was} and cannot be used for {is}");
        Err(Rejection::new(Code::Conflict, text))
    }

    /// Remembers a command by one of its events; the first names the interaction, the last the `seq`.
    pub(crate) fn remember(&mut self, origin: &Origin, accepted: Accepted) {
        let key = (origin.by.clone(), origin.command.clone());
        if let Some(taken) = self.by_id.get_mut(&key) {
            let interaction = taken.accepted.interaction.or(accepted.interaction);
            taken.accepted = Accepted { interaction, ..accepted };
            return;
        }
        if self.order.len() >= COMMANDS_MAX
            && let Some(oldest) = self.order.pop_front()
        {
            self.by_id.remove(&oldest);
        }
        let (by, command) = key.clone();
        self.order.push_back(key.clone());
        self.by_id.insert(key, Taken { by, command, verb: origin.verb, accepted });
    }
}

impl From<Vec<Taken>> for Answered {
    fn from(list: Vec<Taken>) -> Self {
        let order = list.iter().map(|taken| (taken.by.clone(), taken.command.clone())).collect();
        let keyed = list.into_iter().map(|taken| ((taken.by.clone(), taken.command.clone()), taken));
        Self { by_id: keyed.collect(), order }
    }
}

impl From<Answered> for Vec<Taken> {
    fn from(mut answered: Answered) -> Self {
        let order = std::mem::take(&mut answered.order);
        order.into_iter().filter_map(|key| answered.by_id.remove(&key)).collect()
    }
}
