//! Phone sessions whose sender gave them a number: the notifications for each, and the interaction that shows it.

use std::collections::BTreeSet;

use model::{Accepted, AccountName, CommandId, InteractionId, Number, Pop, Seq, Snapshot, Timestamp};
use session::{Recent, fingerprint};

/// How many sessions are remembered. Our choice; at one call a second they last more than an hour.
const SESSIONS_MAX: usize = 4_096;
/// How many notifications of one session are remembered. Our choice: as many as one interaction shows.
const CONTENTS_MAX: usize = 50;

/// What identifies a session: the account that sent it, the Talisma user, and the number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) account: AccountName,
    pub(super) user: i32,
    pub(super) number: i32,
}

/// The id and the target of the command for a notification. A repeated notification gets the same one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PlannedCommand {
    pub(super) id: CommandId,
    /// The interaction that the command names.
    pub(super) interaction: Option<InteractionId>,
    /// When the notification came first.
    pub(super) at: Timestamp,
}

/// What is remembered of a session.
#[derive(Debug, Default)]
struct PhoneSession {
    /// The calling number in the first notification.
    ani: Option<Number>,
    /// The hub has named the interaction that shows the session.
    answered: bool,
    /// That interaction, until it is completed.
    shown: Option<InteractionId>,
    /// The commands so far, by the fingerprint of the notification's content.
    contents: Vec<(u128, PlannedCommand)>,
}

/// Recent sessions, the oldest first.
#[derive(Debug)]
pub(super) struct PhoneSessions {
    by_key: Recent<Key, PhoneSession>,
    /// The last event that a snapshot covers.
    since: Seq,
}

impl PhoneSessions {
    /// The command for a notification. The same content gives the same command, so the hub repeats its first answer. Other content
    /// gives another command, for the interaction that shows the session. A number that is used again for another caller is another
    /// session and joins no interaction by its number.
    pub(super) fn command(&mut self, key: &Key, pop: &Pop, now: Timestamp) -> PlannedCommand {
        let session = self.by_key.entry(key);
        let content = content(pop);
        if let Some((_, known)) = session.contents.iter().find(|(before, _)| *before == content) {
            return known.clone();
        }
        if session.contents.is_empty() {
            session.ani.clone_from(&pop.ani);
        }
        let is_update = pop.ani.is_none() || pop.ani == session.ani;
        let interaction = session.shown.filter(|_| is_update);
        let known = PlannedCommand { id: id(key, content, interaction), interaction, at: now };
        if session.contents.len() >= CONTENTS_MAX {
            session.contents.remove(0);
        }
        session.contents.push((content, known.clone()));
        known
    }

    /// The hub accepted a notification. The first answer names the interaction that shows the session. It does not count when it is older
    /// than the snapshot, because that interaction may be completed.
    pub(super) fn answered(&mut self, command: &CommandId, accepted: &Accepted) {
        let is_new = accepted.seq > self.since;
        let has = |session: &PhoneSession| session.contents.iter().any(|(_, known)| known.id == *command);
        let waiting = self.by_key.values_mut().find(|session| !session.answered && has(session));
        if let Some(session) = waiting {
            (session.answered, session.shown) = (true, accepted.interaction.filter(|_| is_new));
        }
    }

    /// Replaces the events up to a snapshot: an interaction that is not in it is completed.
    pub(super) fn resync(&mut self, snapshot: &Snapshot) {
        let live: BTreeSet<_> = snapshot.interactions.iter().map(|view| view.interaction.id).collect();
        self.by_key.values_mut().for_each(|one| one.shown = one.shown.filter(|id| live.contains(id)));
        self.since = snapshot.seq;
    }

    /// An interaction is completed: it shows no session any more.
    pub(super) fn completed(&mut self, id: InteractionId) {
        self.by_key.values_mut().filter(|session| session.shown == Some(id)).for_each(|one| one.shown = None);
    }
}

impl Default for PhoneSessions {
    fn default() -> Self {
        Self { by_key: Recent::new(SESSIONS_MAX), since: Seq::default() }
    }
}

/// The fingerprint of the content to show.
fn content(pop: &Pop) -> u128 {
    let text = serde_json::to_vec(pop).unwrap_or_else(|_| unreachable!("all keys of a pop are text"));
    fingerprint(&text)
}

/// The command id. It also depends on the interaction to show the record in: one id is one command, in every process. An account name
/// has at most 64 characters, a number 11 and the fingerprint 32, so they fit into a command id.
fn id(key: &Key, content: u128, shown: Option<InteractionId>) -> CommandId {
    let Key { account, user, number } = key;
    let content = shown.map_or(content, |id| content ^ fingerprint(id.0.as_bytes()));
    let id = format!("talisma-{account}-{user}-{number}-{content:032x}");
    CommandId::new(&id).unwrap_or_else(|_| unreachable!("an account name fits into a command id: {id}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    const NOW: Timestamp = Timestamp(1_000);

    fn key(number: i32) -> Key {
        Key { account: AccountName::new("a".repeat(64)).unwrap(), user: i32::MIN, number }
    }

    fn pop(script: &str) -> Pop {
        Pop { script: Some(script.into()), ..Pop::default() }
    }

    #[test]
    fn the_longest_names_have_room_and_the_oldest_is_forgotten() {
        let mut sessions = PhoneSessions::default();
        for number in 0..i32::try_from(SESSIONS_MAX).unwrap() + 10 {
            sessions.command(&key(i32::MAX - number), &pop("a"), NOW);
        }
        assert_eq!(sessions.by_key.len(), SESSIONS_MAX);
    }

    #[test]
    fn an_update_names_where_the_session_is_shown_while_that_is_there() {
        let mut sessions = PhoneSessions::default();
        let first = sessions.command(&key(1), &pop("a"), NOW);
        assert_eq!(first.interaction, None);
        let at = InteractionId(uuid::Uuid::from_u128(5));
        sessions.answered(&first.id, &Accepted { seq: Seq(9), interaction: Some(at) });
        let second = sessions.command(&key(1), &pop("b"), NOW);
        assert_eq!(second.interaction, Some(at));
        assert_ne!(second.id, first.id);
        let later = Timestamp(NOW.0 + 5_000);
        assert_eq!(sessions.command(&key(1), &pop("a"), later), first, "a repeat is the same command");
        assert_eq!(sessions.command(&key(2), &pop("b"), NOW).interaction, None, "another session");
        sessions.completed(at);
        assert_eq!(sessions.command(&key(1), &pop("b"), NOW), second, "a repeat is the same command");
        sessions.answered(&first.id, &Accepted { seq: Seq(9), interaction: Some(at) });
        assert_eq!(sessions.command(&key(1), &pop("c"), NOW).interaction, None);
    }

    #[test]
    fn what_was_answered_before_we_were_there_is_not_where_an_update_goes() {
        let mut sessions = PhoneSessions { since: Seq(20), ..PhoneSessions::default() };
        let first = sessions.command(&key(1), &pop("a"), NOW);
        let at = InteractionId(uuid::Uuid::from_u128(5));
        sessions.answered(&first.id, &Accepted { seq: Seq(9), interaction: Some(at) });
        assert_eq!(sessions.command(&key(1), &pop("b"), NOW).interaction, None);
    }
}
