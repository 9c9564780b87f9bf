//! Runs a story against a world.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    time::{Duration, Instant},
};

use model::{
    Accepted, AccountName, AgentId, CallId, Code, Command, CommandId, DeviceId, Floor, Principal, Rejection,
    Role, Verb,
};
use serde_json::Value;
use simulated::{Config, Fault, Outside};

use crate::{
    check::{StepStart, check, interactions},
    depth::{ActionError, Observation, Setup, World, world},
    ebs,
    story::{Act, By, Callout, Depth, Do, Given, InitialState, Step, Story},
};

/// How long to wait before an expectation that does not hold yet is checked again.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Runs a story at one depth, and returns the visible state at its end. `stories` is the folder that contains `floors`.
pub fn play(story: &Story, depth: Depth, stories: &Path) -> Result<Observation, ActionError> {
    let floor = floor(&story.given, stories)?;
    let world = world(depth, setup(&story.given, &floor))?;
    let mut player = Player { world, floor, calls: BTreeMap::new(), answers: BTreeMap::new(), commands: 0 };
    player.begin(&story.given).map_err(|trouble| format!("given: {trouble}"))?;
    for (index, step) in story.steps.iter().enumerate() {
        player.step(step).map_err(|trouble| format!("step {}, {trouble}", index + 1))?;
    }
    player.world.observe()
}

fn floor(given: &Given, stories: &Path) -> Result<Floor, ActionError> {
    let name = given.floor.as_deref().unwrap_or("small");
    let file = stories.join("floors").join(format!("{name}.yaml"));
    let text = std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let mut floor: Value =
        serde_norway::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))?;
    patch(&mut floor, &given.floor_but);
    serde_json::from_value(floor).map_err(|error| format!("floor {name}: {error}"))
}

/// Merges a patch into a value (RFC 7396). A patch that is not an object changes nothing.
fn patch(value: &mut Value, with: &Value) {
    let Value::Object(fields) = with else { return };
    for (name, change) in fields {
        if change.is_null() {
            value.as_object_mut().map(|object| object.remove(name));
        } else if change.is_object() && value[name].is_object() {
            patch(&mut value[name], change);
        } else {
            value[name] = change.clone();
        }
    }
}

fn setup(given: &Given, floor: &Floor) -> Setup {
    let devices: BTreeSet<DeviceId> = floor.agents.iter().map(|agent| agent.device.clone()).collect();
    let outside = Outside { numbers: given.outside.clone(), ..Outside::default() };
    let switch = Config {
        devices: devices.into_iter().collect(),
        auto_answer: given.auto_answer.clone(),
        auto_answer_ms: 50,
        queues: floor.queues.iter().map(|queue| queue.id.clone()).collect(),
        outside,
        ..Config::default()
    };
    Setup { floor: floor.clone(), contacts: given.contacts.clone(), switch, ebs: given.ebs.clone() }
}

struct Player {
    world: Box<dyn World>,
    floor: Floor,
    calls: BTreeMap<String, CallId>,
    /// The answer to each idempotency key.
    answers: BTreeMap<String, Result<Accepted, Code>>,
    commands: u64,
}

impl Player {
    fn begin(&mut self, given: &Given) -> Result<(), ActionError> {
        for agent in &given.ebs {
            self.callout(&callout_of(agent, "Register"))?;
            self.callout(&callout_of(agent, "Login"))?;
        }
        for (agent, standing) in &given.agents {
            match (given.ebs.contains(agent), standing) {
                (true, InitialState::SignedIn) => {}
                (true, InitialState::Ready) => self.callout(&callout_of(agent, "Ready"))?,
                (false, InitialState::SignedIn) => self.sign_in(agent)?,
                (false, InitialState::Ready) => {
                    self.sign_in(agent)?;
                    self.do_as(agent, Verb::Ready)?;
                }
            }
            self.world.settle()?;
        }
        Ok(())
    }

    fn sign_in(&mut self, agent: &AgentId) -> Result<(), ActionError> {
        self.do_as(agent, Verb::SignIn { device: None, queues: None })
    }

    fn do_as(&mut self, agent: &AgentId, verb: Verb) -> Result<(), ActionError> {
        let (by, key, about, refused) = (By::Own, None, None, None);
        self.command(&Do { agent: agent.clone(), by, key, about, refused, verb })
    }

    fn step(&mut self, step: &Step) -> Result<(), ActionError> {
        self.world.settle()?;
        let mark = StepStart::after(&self.world.observe()?);
        for (index, act) in step.when.iter().enumerate() {
            let done = self.act(act).and_then(|()| self.world.settle());
            done.map_err(|trouble| format!("when {}: {trouble}", index + 1))?;
        }
        for (index, expected) in step.then.iter().enumerate() {
            let seen = self.see(|observed| check(expected, observed, &mark));
            seen.map_err(|trouble| format!("then {}: {trouble}", index + 1))?;
        }
        Ok(())
    }

    /// Waits until an expectation holds, or until the world's patience has passed.
    fn see(&mut self, is_seen: impl Fn(&Observation) -> Result<(), String>) -> Result<(), ActionError> {
        let until = Instant::now() + self.world.patience();
        loop {
            match is_seen(&self.world.observe()?) {
                Ok(()) => return Ok(()),
                Err(trouble) if Instant::now() >= until => return Err(trouble),
                Err(_) => std::thread::sleep(LOOK_EVERY),
            }
        }
    }

    fn act(&mut self, act: &Act) -> Result<(), ActionError> {
        match act {
            Act::Call(called) => {
                let call = self.world.caller(called.caller.clone())?;
                self.calls.extend(called.name.clone().map(|name| (name, call)));
                Ok(())
            }
            Act::HangsUp(name) => {
                let call = self.call(name)?;
                self.world.hang_up(&call)
            }
            Act::Vanish(name) => {
                let call = self.call(name)?;
                self.world.fault(Fault::VanishedCall { call })
            }
            Act::Do(what) => self.command(what),
            Act::Phone { device, action } => self.world.phone(device, *action),
            Act::Pass(span) => self.world.pass(span.0),
            Act::Fault(fault) => self.world.fault(fault.clone()),
            Act::Ebs(callout) => self.callout(callout),
            Act::Listener { agent, up } => self.world.listener(agent, *up),
            Act::Desk { agent, attended } => self.world.desk(agent, *attended),
            Act::Network(network) => self.world.network(*network),
            Act::Restart {} => self.world.restart(),
            Act::Floor(change) => self.change_floor(change),
        }
    }

    fn call(&self, name: &str) -> Result<CallId, ActionError> {
        self.calls.get(name).cloned().ok_or_else(|| format!("no call has the name {name}"))
    }

    fn change_floor(&mut self, change: &Value) -> Result<(), ActionError> {
        let mut floor = serde_json::to_value(&self.floor).map_err(|error| error.to_string())?;
        patch(&mut floor, change);
        self.floor = serde_json::from_value(floor).map_err(|error| error.to_string())?;
        self.world.floor(self.floor.clone())
    }

    fn callout(&mut self, callout: &Callout) -> Result<(), ActionError> {
        let refused = ebs::refusal(&self.world.callout(callout)?);
        match refused == callout.refused {
            true => Ok(()),
            false => Err(format!(
                "{} was answered with {refused:?}, expected {:?}",
                callout.function, callout.refused
            )),
        }
    }

    fn command(&mut self, what: &Do) -> Result<(), ActionError> {
        let command = self.as_command(what)?;
        let answer = self.world.command(command);
        self.compare_with_before(what, &answer)?;
        match (&what.refused, answer) {
            (None, Ok(_)) => Ok(()),
            (Some(wanted), Err(refused)) if refused.code == *wanted => Ok(()),
            (None, Err(refused)) => Err(format!("refused as {}: {}", refused.code.as_str(), refused.text)),
            (Some(wanted), Ok(_)) => Err(format!("was accepted, expected a refusal as {}", wanted.as_str())),
            (Some(wanted), Err(refused)) => Err(format!(
                "refused as {} ({}), expected {}",
                refused.code.as_str(),
                refused.text,
                wanted.as_str()
            )),
        }
    }

    /// Checks that the answer to a repeated key is the same as before.
    fn compare_with_before(
        &mut self,
        what: &Do,
        answer: &Result<Accepted, Rejection>,
    ) -> Result<(), ActionError> {
        let Some(key) = &what.key else { return Ok(()) };
        let answer = answer.as_ref().map(|accepted| *accepted).map_err(|refused| refused.code);
        let before = self.answers.entry(key.clone()).or_insert(answer);
        // A key that is used for a different command is refused, whatever the first answer was.
        if *before == answer || answer == Err(Code::Conflict) {
            return Ok(());
        }
        Err(format!("the answer to key {key} is {answer:?}, it was {before:?}"))
    }

    fn as_command(&mut self, what: &Do) -> Result<Command, ActionError> {
        self.commands += 1;
        let id = what.key.clone().unwrap_or_else(|| format!("story-{}", self.commands));
        let interaction = match what.about {
            None => None,
            Some(nth) => {
                let all = interactions(&self.world.observe()?, &what.agent);
                let found = all.get(nth.wrapping_sub(1)).map(|(id, _)| *id);
                Some(found.ok_or_else(|| format!("agent {} has no interaction {nth}", what.agent))?)
            }
        };
        Ok(Command {
            id: CommandId::new(id).map_err(|error| error.to_string())?,
            by: principal(&what.by, &what.agent)?,
            agent: what.agent.clone(),
            interaction,
            verb: what.verb.clone(),
        })
    }
}

fn principal(by: &By, own: &AgentId) -> Result<Principal, ActionError> {
    let (name, role, agent) = match by {
        By::Own => (own.as_str(), Role::Agent, Some(own.clone())),
        By::Agent(agent) => (agent.as_str(), Role::Agent, Some(agent.clone())),
        By::Supervisor => ("supervisor", Role::Supervisor, None),
        By::Admin => ("admin", Role::Admin, None),
        By::Integration => ("integration", Role::Integration, None),
    };
    let account = AccountName::new(name).map_err(|error| error.to_string())?;
    Ok(Principal { account, role, agent })
}

fn callout_of(agent: &AgentId, function: &str) -> Callout {
    let (function, with, refused) = (function.to_owned(), BTreeMap::new(), None);
    Callout { agent: agent.clone(), function, with, refused }
}
