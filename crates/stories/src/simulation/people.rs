//! Agents and programs that send commands: mostly commands that are possible now, sometimes any command, sometimes an earlier one again.

use model::{
    Accepted, AccountName, AgentId, AgentView, Card, Command, CommandId, Digits, Interaction, InteractionId,
    InteractionView, Leg, Number, Pop, Principal, Rejection, Role, Verb, VerbName,
};
use rand::RngExt;

use super::{
    Broken,
    hub::{Answer, Hub, Side},
    plan::{AGENTS, LOBBY, NUMBERS, QUEUES, device, number, queue},
    world::World,
};

impl World {
    /// Sends a command to a hub.
    pub(super) fn command_any(&mut self, side: Side) -> Result<(), Broken> {
        if self.hubs[side].node.is_none() {
            return Ok(());
        }
        let known = self.hubs[side].commands.len();
        let command = if known > 0 && self.random.random_bool(0.08) {
            let index = self.random.random_range(known.saturating_sub(40)..known);
            self.hubs[side].commands[index].clone()
        } else {
            self.invent(side)
        };
        self.send(side, command);
        Ok(())
    }

    /// Sends an agent's command about one of the agent's interactions.
    pub(super) fn command_about(&mut self, side: Side, one: &Interaction, verb: VerbName) {
        let command = self.command(side, &one.agent, Some(one.id), verb);
        self.send(side, command);
    }

    /// Sends an agent's command that is not about an interaction.
    pub(super) fn command_for(&mut self, side: Side, agent: &AgentId, verb: VerbName) {
        let command = self.command(side, agent, None, verb);
        self.send(side, command);
    }

    fn command(
        &mut self,
        side: Side,
        agent: &AgentId,
        interaction: Option<InteractionId>,
        verb: VerbName,
    ) -> Command {
        let (by, verb) = (own(agent), self.verb(side, verb));
        self.hubs[side].number(by, agent.clone(), interaction, verb)
    }

    pub(super) fn send(&mut self, side: Side, command: Command) {
        self.note(format!(
            "{} asks {} {:?} for {} ({})",
            command.by.account,
            side.name(),
            command.verb.name(),
            command.agent,
            command.id
        ));
        self.numbers += 1;
        let hub = &mut self.hubs[side];
        hub.unanswered.insert(self.numbers, command.clone());
        if let Some(node) = &mut hub.node {
            node.command(command, self.numbers);
        }
    }

    /// Handles the answer to a command. If the hub accepted it, it must be durable. A repeated command must get the same answer.
    pub(super) fn answered(
        &mut self,
        side: Side,
        requester: u64,
        result: Result<Accepted, Rejection>,
    ) -> Result<(), Broken> {
        let Some(command) = self.hubs[side].unanswered.remove(&requester) else { return Ok(()) };
        self.count.commands += 1;
        let answer = result.map_err(|rejection| rejection.code);
        self.note(format!("the answer to {} is {answer:?}", command.id));
        let hub = &mut self.hubs[side];
        if let Ok(accepted) = &answer {
            hub.journal.acknowledged(accepted)?;
        }
        let key = (command.by.account.clone(), command.id.clone());
        let is_kept = hub.journal.decided(&command);
        match hub.answers.get(&key) {
            Some(before) if before.result != answer && (before.life == hub.life || before.is_kept) => Err(
                format!("the answer to {key:?} is {answer:?}, the earlier answer was {:?}", before.result),
            ),
            Some(_) | None => {
                hub.answers.insert(key, Answer { life: hub.life, result: answer, is_kept });
                Ok(())
            }
        }
    }

    fn invent(&mut self, side: Side) -> Command {
        let (views, interactions) = self.see(side);
        let agent = self.some_agent();
        let own: Vec<&InteractionView> =
            interactions.iter().filter(|view| view.interaction.agent == agent).collect();
        let view = views.iter().find(|view| view.id == agent);
        let (name, about) = if self.random.random_bool(0.85) {
            self.possible(view, &own)
        } else {
            (self.one_of(&VerbName::ALL), None)
        };
        let interaction = about.or_else(|| {
            let any = own.first().map(|view| view.interaction.id);
            any.filter(|_| self.random.random_bool(0.1))
        });
        // A forced end sends no request to the switch: the call may continue there, and the hub gets no more events about it.
        let name = if side == Side::Desks && name == VerbName::ForceEnd { VerbName::HangUp } else { name };
        let (agent, interaction) = self.amends(side, name).unwrap_or((agent, interaction));
        let by = self.somebody(&agent, name);
        let verb = self.verb(side, name);
        self.hubs[side].number(by, agent, interaction, verb)
    }

    /// Sometimes chooses a completed interaction whose notes change after completion.
    fn amends(&mut self, side: Side, name: VerbName) -> Option<(AgentId, Option<InteractionId>)> {
        let is_late = name == VerbName::SetNotes && self.random.random_bool(0.3);
        let (agent, interaction) = self.hubs[side].journal.last_completed().filter(|_| is_late)?;
        Some((agent, Some(interaction)))
    }

    fn see(&self, side: Side) -> (Vec<AgentView>, Vec<InteractionView>) {
        match self.hubs[side].snapshot(self.now) {
            Ok(snapshot) => (snapshot.agents, snapshot.interactions),
            Err(_) => (Vec::new(), Vec::new()),
        }
    }

    /// Chooses something that the agent can do now. Signing in and becoming ready are chosen more often than signing out.
    fn possible(
        &mut self,
        view: Option<&AgentView>,
        own: &[&InteractionView],
    ) -> (VerbName, Option<InteractionId>) {
        let of_agent = view.map(|view| view.can.as_slice()).unwrap_or_default();
        if !own.is_empty() && self.random.random_bool(0.75) {
            let one = own[self.random.random_range(0..own.len())];
            if !one.can.is_empty() {
                let about = self.random.random_bool(0.5).then_some(one.interaction.id);
                return (self.one_of(&one.can), about);
            }
        }
        for wanted in [VerbName::SignIn, VerbName::Ready] {
            if of_agent.contains(&wanted) && self.random.random_bool(0.6) {
                return (wanted, None);
            }
        }
        if of_agent.is_empty() { (VerbName::SignIn, None) } else { (self.one_of(of_agent), None) }
    }

    fn somebody(&mut self, agent: &AgentId, verb: VerbName) -> Principal {
        let name = |name: &str| AccountName::new(name).expect("a short name");
        let crm = Principal { account: name("crm"), role: Role::Integration, agent: None };
        if verb == VerbName::Notify {
            return crm;
        }
        match self.random.random_range(0..20) {
            0 => crm,
            1 => Principal { account: name("boss"), role: Role::Supervisor, agent: None },
            2 => own(&super::plan::agent(AGENTS[0])),
            _ => own(agent),
        }
    }

    fn verb(&mut self, side: Side, name: VerbName) -> Verb {
        match name {
            // The telephony ends identify an agent of the other hub by the phone that the floor gives the agent.
            VerbName::SignIn if side == Side::Desks => Verb::SignIn { device: None, queues: None },
            VerbName::SignIn => self.sign_in(),
            VerbName::SignOut => Verb::SignOut { reason: None },
            VerbName::Ready => Verb::Ready,
            VerbName::NotReady => Verb::NotReady { reason: None },
            VerbName::Dial => Verb::Dial { to: self.somewhere(), data: Default::default() },
            VerbName::Answer => Verb::Answer,
            VerbName::Reject => Verb::Reject,
            VerbName::HangUp => Verb::HangUp { leg: self.some_leg() },
            VerbName::ForceEnd => Verb::ForceEnd,
            VerbName::Hold => Verb::Hold { leg: self.some_leg() },
            VerbName::Resume => Verb::Resume { leg: self.some_leg() },
            VerbName::Mute => Verb::Mute { on: self.random.random() },
            VerbName::Mask => Verb::Mask { on: self.random.random() },
            VerbName::Record => Verb::Record,
            VerbName::SendDigits => Verb::SendDigits { digits: Digits::new("12#").expect("three tones") },
            VerbName::Transfer => Verb::Transfer { to: self.somewhere() },
            VerbName::Consult => Verb::Consult { to: self.somewhere(), data: Default::default() },
            VerbName::Alternate => Verb::Alternate,
            VerbName::CompleteTransfer => Verb::CompleteTransfer,
            VerbName::Merge => Verb::Merge,
            VerbName::CancelConsult => Verb::CancelConsult,
            VerbName::SetData => {
                let value = self.random.random_range(0..9).to_string();
                Verb::SetData { set: [("k", value)].into_iter().collect(), unset: vec!["gone".into()] }
            }
            VerbName::SetContact => Verb::SetContact { contact: None },
            VerbName::SetCard => Verb::SetCard { card: Card { name: Some("Vip".into()), image: None } },
            VerbName::Log => Verb::Log { subject: "s".into(), text: "t".into(), fields: Default::default() },
            VerbName::SetNotes => self.set_notes(),
            VerbName::Complete => {
                Verb::Complete { disposition: None, notes: self.one_of(&[None, Some("n")]).map(Into::into) }
            }
            VerbName::Notify => self.notify(),
        }
    }

    fn set_notes(&mut self) -> Verb {
        let notes = self.random.random_range(0..9).to_string();
        let notes = self.one_of(&[None, Some(""), Some(&notes)]).map(str::to_owned);
        let disposition = self.one_of(&[None, Some(""), Some("call-back"), Some("unheard-of")]);
        Verb::SetNotes { notes, disposition: disposition.map(Into::into) }
    }

    fn sign_in(&mut self) -> Verb {
        let device = self.random.random_bool(0.1).then(|| device(self.one_of(&AGENTS)));
        let queues = self.random.random_bool(0.1).then(|| vec![queue(self.one_of(&QUEUES))]);
        Verb::SignIn { device, queues }
    }

    fn notify(&mut self) -> Verb {
        let ani = self.random.random_bool(0.7).then(|| number(self.one_of(&NUMBERS)));
        let log_required = self.random.random_bool(0.2);
        Verb::Notify { pop: Box::new(Pop { ani, log_required, ..Pop::default() }) }
    }

    fn some_leg(&mut self) -> Option<Leg> {
        self.one_of(&[None, None, None, Some(Leg::Primary), Some(Leg::Consult)])
    }

    fn somewhere(&mut self) -> Number {
        let (agent, outside, queue) = (self.one_of(&AGENTS), self.one_of(&NUMBERS), self.one_of(&QUEUES));
        number(self.one_of(&[agent, agent, outside, outside, queue, LOBBY, "999"]))
    }
}

impl Hub {
    /// Creates a command with the next number.
    pub(super) fn number(
        &mut self,
        by: Principal,
        agent: AgentId,
        interaction: Option<InteractionId>,
        verb: Verb,
    ) -> Command {
        let id = CommandId::new(format!("c-{}", self.commands.len())).expect("a short id");
        let command = Command { id, by, agent, interaction, verb };
        self.commands.push(command.clone());
        command
    }
}

/// The principal of an agent's own account.
pub(super) fn own(agent: &AgentId) -> Principal {
    let account = AccountName::new(agent.as_str()).expect("a short name");
    Principal { account, role: Role::Agent, agent: Some(agent.clone()) }
}
