//! Agents and programs that ask for something: mostly for what they can, now and then for anything, now and then for the same again.

use hub::engine::everybody;
use model::{
    Accepted, AccountName, AgentId, AgentView, Card, Command, CommandId, Digits, Interaction, InteractionId,
    InteractionView, Leg, Number, Pop, Principal, Rejection, Role, Verb, VerbName,
};
use rand::RngExt;

use super::{
    Broken,
    plan::{AGENTS, LOBBY, NUMBERS, QUEUES, device, number, queue},
    world::{Answer, World},
};

impl World {
    /// Somebody asks for something.
    pub(super) fn ask(&mut self) -> Result<(), Broken> {
        if self.node.is_none() {
            return Ok(());
        }
        let command = if !self.commands.is_empty() && self.random.random_bool(0.08) {
            let index = self.random.random_range(self.commands.len().saturating_sub(40)..self.commands.len());
            self.commands[index].clone()
        } else {
            self.invent()
        };
        self.send(command);
        Ok(())
    }

    /// An agent asks for something about one of its interactions.
    pub(super) fn ask_about(&mut self, one: &Interaction, verb: VerbName) {
        let id = CommandId::new(format!("c-{}", self.commands.len())).expect("a short id");
        let (by, verb) = (self.own(&one.agent), self.verb(verb));
        let command = Command { id, by, agent: one.agent.clone(), interaction: Some(one.id), verb };
        self.commands.push(command.clone());
        self.send(command);
    }

    fn send(&mut self, command: Command) {
        self.note(format!(
            "{} asks {:?} for {} ({})",
            command.by.account,
            command.verb.name(),
            command.agent,
            command.id
        ));
        self.numbers += 1;
        self.asked.insert(self.numbers, command.clone());
        if let Some(node) = &mut self.node {
            node.command(command, self.numbers);
        }
    }

    /// A command was answered: durable if it was taken, and the same as before if it was asked before.
    pub(super) fn answered(&mut self, asker: u64, result: Result<Accepted, Rejection>) -> Result<(), Broken> {
        let Some(command) = self.asked.remove(&asker) else { return Ok(()) };
        self.count.commands += 1;
        if let Ok(accepted) = &result {
            self.chronicle.acknowledged(accepted)?;
        }
        let said = result.map_err(|rejection| rejection.code);
        self.note(format!("{} was told {said:?}", command.id));
        let key = (command.by.account.clone(), command.id.clone());
        let is_kept = self.chronicle.decided(&command);
        match self.answers.get(&key) {
            Some(before) if before.said != said && (before.life == self.life || before.is_kept) => {
                Err(format!("{key:?} was told {said:?}, before it was told {:?}", before.said))
            }
            Some(_) | None => {
                self.answers.insert(key, Answer { life: self.life, said, is_kept });
                Ok(())
            }
        }
    }

    fn invent(&mut self) -> Command {
        let (views, interactions) = self.see();
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
        let (agent, interaction) = self.amends(name).unwrap_or((agent, interaction));
        let by = self.somebody(&agent, name);
        let verb = self.verb(name);
        let id = CommandId::new(format!("c-{}", self.commands.len())).expect("a short id");
        let command = Command { id, by, agent, interaction, verb };
        self.commands.push(command.clone());
        command
    }

    /// Whose record is amended after completion, now and then.
    fn amends(&mut self, name: VerbName) -> Option<(AgentId, Option<InteractionId>)> {
        let is_late = name == VerbName::SetNotes && self.random.random_bool(0.3);
        let (agent, interaction) = self.chronicle.last_completed().filter(|_| is_late)?;
        Some((agent, Some(interaction)))
    }

    fn see(&self) -> (Vec<AgentView>, Vec<InteractionView>) {
        let Some(node) = &self.node else { return (Vec::new(), Vec::new()) };
        let snapshot = node.core().snapshot(self.now, &everybody());
        (snapshot.agents, snapshot.interactions)
    }

    /// Something that the agent can do now. Who could only come to work or make ready does so more often than leave.
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
            2 => self.own(&AgentId::new(AGENTS[0]).expect("a short id")),
            _ => self.own(agent),
        }
    }

    fn own(&self, agent: &AgentId) -> Principal {
        let account = AccountName::new(agent.as_str()).expect("a short name");
        Principal { account, role: Role::Agent, agent: Some(agent.clone()) }
    }

    fn verb(&mut self, name: VerbName) -> Verb {
        match name {
            VerbName::SignIn => self.sign_in(),
            VerbName::SignOut => Verb::SignOut { reason: None },
            VerbName::Ready => Verb::Ready,
            VerbName::NotReady => Verb::NotReady { reason: None },
            VerbName::Dial => Verb::Dial { to: self.somewhere(), data: Default::default() },
            VerbName::Answer => Verb::Answer,
            VerbName::Reject => Verb::Reject,
            VerbName::Release => Verb::Release { leg: self.some_leg() },
            VerbName::ForceEnd => Verb::ForceEnd,
            VerbName::Hold => Verb::Hold { leg: self.some_leg() },
            VerbName::Retrieve => Verb::Retrieve { leg: self.some_leg() },
            VerbName::Mute => Verb::Mute { on: self.random.random() },
            VerbName::Mask => Verb::Mask { on: self.random.random() },
            VerbName::Record => Verb::Record,
            VerbName::SendDigits => Verb::SendDigits { digits: Digits::new("12#").expect("three tones") },
            VerbName::Transfer => Verb::Transfer { to: self.somewhere() },
            VerbName::Consult => Verb::Consult { to: self.somewhere(), data: Default::default() },
            VerbName::Alternate => Verb::Alternate,
            VerbName::CompleteTransfer => Verb::CompleteTransfer,
            VerbName::CompleteConference => Verb::CompleteConference,
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
