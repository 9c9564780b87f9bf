//! Handles commands: checks permission, recognizes repeated commands, and dispatches to the verb.

use model::{Accepted, Code, Command, Digest, Origin, Rejection, Verb, VerbName, authorize};

use crate::{
    agent, digest, interaction,
    state::{
        accepted::expect_same,
        command_map::{CommandMap, Limits},
    },
    turn::Turn,
};

/// How many replies that are not in the journal are remembered. Our choice; at 1,000 such commands a second they last
/// 10 s.
const LIMITS: Limits = Limits { account_max: 2_000, all_max: 10_000 };

/// Recent replies to commands that changed nothing: rejected ones, and ones that found the requested state already in
/// place. A repeated command gets the same reply again. The replies are not in the journal, so a restart forgets them.
#[derive(Debug, Default)]
pub(crate) struct UnrecordedAnswers(CommandMap<UnrecordedAnswer>);

/// A command that changed nothing, and the reply to it.
#[derive(Debug)]
struct UnrecordedAnswer {
    verb: VerbName,
    digest: Option<Digest>,
    answer: Result<Accepted, Rejection>,
}

impl UnrecordedAnswers {
    /// The reply to a repeated command.
    fn get(&self, origin: &Origin) -> Option<Result<Accepted, Rejection>> {
        let recorded = self.0.get(&origin.by, &origin.command)?;
        Some(expect_same(origin, recorded.verb, recorded.digest).and_then(|()| recorded.answer.clone()))
    }

    fn remember(&mut self, origin: &Origin, answer: Result<Accepted, Rejection>) {
        let recorded = UnrecordedAnswer { verb: origin.verb, digest: origin.digest, answer };
        self.0.put(&origin.by, &origin.command, recorded, LIMITS);
    }
}

/// Decides about a command, or repeats the earlier reply.
pub(crate) fn take(
    turn: &mut Turn,
    unrecorded: &mut UnrecordedAnswers,
    command: &Command,
) -> Result<Accepted, Rejection> {
    let origin = origin(command);
    if let Some(before) = turn.state().answered.get(&origin)? {
        return Ok(before);
    }
    if let Some(before) = unrecorded.get(&origin) {
        return before;
    }
    turn.origin = Some(origin.clone());
    let decided =
        authorize(&command.by, command.verb.name(), &command.agent).and_then(|()| decide(turn, command));
    turn.origin = None;
    debug_assert!(
        decided.is_ok() || turn.is_untouched(),
        "{command:?} was rejected after it had changed something"
    );
    let answer = decided.map(|()| turn.accepted());
    if turn.is_untouched() {
        unrecorded.remember(&origin, answer.clone());
    }
    answer
}

fn origin(command: &Command) -> Origin {
    let (id, by) = (command.id.clone(), command.by.account.clone());
    Origin { command: id, by, verb: command.verb.name(), digest: Some(digest::of(command)) }
}

fn decide(turn: &mut Turn, command: &Command) -> Result<(), Rejection> {
    if !turn.state().agents.contains_key(&command.agent) {
        let text = format!("agent {} is not defined in the floor", command.agent);
        return Err(Rejection::new(Code::UnknownAgent, text));
    }
    let agent = &command.agent;
    match &command.verb {
        Verb::SignIn { device, queues } => agent::sign_in(turn, agent, device.as_ref(), queues.as_deref()),
        Verb::SignOut { reason } => agent::sign_out(turn, agent, reason.as_ref()),
        Verb::Ready => agent::ready(turn, agent),
        Verb::NotReady { reason } => agent::not_ready(turn, agent, reason.as_ref()),
        Verb::Dial { to, data } => interaction::dial(turn, agent, to, data),
        Verb::Answer => interaction::answer(turn, command),
        Verb::Reject => interaction::reject(turn, command),
        Verb::HangUp { leg } => interaction::hang_up(turn, command, *leg),
        Verb::ForceEnd => interaction::force_end(turn, command),
        Verb::Hold { leg } => interaction::hold(turn, command, *leg),
        Verb::Resume { leg } => interaction::resume(turn, command, *leg),
        Verb::Mute { on } => interaction::mute(turn, command, *on),
        Verb::Mask { on } => interaction::mask(turn, command, *on),
        Verb::Record => interaction::record(turn, command),
        Verb::SendDigits { digits } => interaction::send_digits(turn, command, digits),
        Verb::Transfer { to } => interaction::transfer(turn, command, to),
        Verb::Consult { to, data } => interaction::consult(turn, command, to, data),
        Verb::Alternate => interaction::alternate(turn, command),
        Verb::CompleteTransfer => interaction::complete_transfer(turn, command),
        Verb::Merge => interaction::merge(turn, command),
        Verb::CancelConsult => interaction::cancel_consult(turn, command),
        Verb::SetData { set, unset } => interaction::set_data(turn, command, set, unset),
        Verb::SetContact { contact } => interaction::set_contact(turn, command, contact.as_ref()),
        Verb::SetCard { card } => interaction::set_card(turn, command, card),
        Verb::Log { subject, text, fields } => interaction::log(turn, command, subject, text, fields),
        Verb::SetNotes { notes, disposition } => {
            interaction::set_notes(turn, command, notes.as_deref(), disposition.as_deref())
        }
        Verb::Complete { disposition, notes } => {
            interaction::complete(turn, command, disposition.as_ref(), notes.as_deref())
        }
        Verb::Notify { pop } => interaction::notify(turn, command, pop),
    }
}
