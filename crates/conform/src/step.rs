//! Steps that something outside of the protocol does at the tested end, such as a customer's call.

use std::{
    collections::BTreeMap,
    process::{Child, Command, Stdio},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use crate::Terms;

/// What somebody does at the tested end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// A customer calls, so that the agent's phone rings.
    Ring,
    /// A customer calls, and hangs up before the agent answers.
    GiveUp,
    /// The agent answers at the phone.
    Answer,
    /// The agent's phone hangs up.
    HangUp,
    /// The agent signs in at the desk.
    SignIn,
    /// The agent becomes ready at the desk.
    Ready,
    /// The agent becomes not ready at the desk.
    NotReady,
    /// The agent dials at the desk.
    Dial,
    /// The agent rejects a ringing call at the desk.
    Refuse,
    /// The agent holds the call at the desk.
    Hold,
    /// The agent resumes the held call at the desk.
    Resume,
    /// The agent mutes the call at the desk.
    Mute,
    /// The agent starts the recording at the desk.
    Record,
    /// The agent masks the recording at the desk.
    Mask,
    /// The agent signs out at the desk.
    SignOut,
}

impl Step {
    /// Every step.
    pub const ALL: [Self; 15] = [
        Self::Ring,
        Self::GiveUp,
        Self::Answer,
        Self::HangUp,
        Self::SignIn,
        Self::Ready,
        Self::NotReady,
        Self::Dial,
        Self::Refuse,
        Self::Hold,
        Self::Resume,
        Self::Mute,
        Self::Record,
        Self::Mask,
        Self::SignOut,
    ];

    /// The name in the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ring => "ring",
            Self::GiveUp => "give-up",
            Self::Answer => "answer",
            Self::HangUp => "hang-up",
            Self::SignIn => "sign-in",
            Self::Ready => "ready",
            Self::NotReady => "not-ready",
            Self::Dial => "dial",
            Self::Refuse => "refuse",
            Self::Hold => "hold",
            Self::Resume => "resume",
            Self::Mute => "mute",
            Self::Record => "record",
            Self::Mask => "mask",
            Self::SignOut => "sign-out",
        }
    }

    /// What a person is asked to do.
    pub fn instruction(self) -> &'static str {
        match self {
            Self::Ring => "Call the agent as a customer. Do not answer the agent's phone.",
            Self::GiveUp => "Call the agent as a customer, and hang up before the agent answers.",
            Self::Answer => "Answer the call at the agent's phone.",
            Self::HangUp => "Hang up at the agent's phone, or end the call.",
            Self::SignIn => "Sign in the agent at the desk.",
            Self::Ready => "Make the agent ready at the desk.",
            Self::NotReady => "Make the agent not ready at the desk.",
            Self::Dial => "Dial a number at the desk.",
            Self::Refuse => "Reject the ringing call at the desk.",
            Self::Hold => "Hold the call at the desk.",
            Self::Resume => "Resume the call at the desk.",
            Self::Mute => "Mute the call at the desk.",
            Self::Record => "Start the recording at the desk.",
            Self::Mask => "Mask the recording at the desk.",
            Self::SignOut => "Sign out the agent at the desk.",
        }
    }

    /// The step with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.name() == name)
    }
}

/// How a step is done. The error says why it was not.
#[derive(Clone)]
pub struct Action(Arc<dyn Fn(Duration) -> Result<(), String> + Send + Sync>);

impl Action {
    /// A function that does the step.
    pub fn new(action: impl Fn() -> Result<(), String> + Send + Sync + 'static) -> Self {
        Self(Arc::new(move |_| action()))
    }

    /// A command of the shell that does the step and ends with 0.
    pub fn command(line: String) -> Self {
        Self(Arc::new(move |timeout| run(&line, timeout)))
    }
}

impl std::fmt::Debug for Action {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Action")
    }
}

/// The steps that can be done.
#[derive(Debug, Default)]
pub struct Steps(BTreeMap<Step, Action>);

impl Steps {
    /// Sets how a step is done.
    #[must_use]
    pub fn with(mut self, step: Step, action: Action) -> Self {
        self.0.insert(step, action);
        self
    }

    /// Whether nobody has said how this step is done.
    pub fn lacks(&self, step: Step) -> bool {
        !self.0.contains_key(&step)
    }

    /// Does a step, while the script can continue.
    pub(crate) fn take(
        &self,
        step: Step,
        terms: &Terms,
    ) -> impl Future<Output = Result<(), String>> + 'static {
        let (name, action, timeout) = (step.name(), self.0.get(&step).cloned(), terms.timeout);
        async move {
            let Some(action) = action else {
                return Err(format!("needs the step {name}: give --do {name}=COMMAND, or --ask"));
            };
            let done = tokio::task::spawn_blocking(move || action.0(timeout)).await;
            let done = done.unwrap_or_else(|_| Err("it panicked".to_owned()));
            done.map_err(|why| format!("the step {name} failed: {why}"))
        }
    }
}

/// Runs a command until it ends, at most for this time.
fn run(line: &str, timeout: Duration) -> Result<(), String> {
    let mut command = Command::new("sh");
    command.args(["-c", line]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let child = command.spawn().map_err(|error| format!("sh cannot be started: {error}"))?;
    ended(child, timeout)
}

fn ended(mut child: Child, timeout: Duration) -> Result<(), String> {
    let began = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(_)) => break,
            Ok(None) if began.elapsed() < timeout => thread::sleep(Duration::from_millis(10)),
            Ok(None) => {
                // It may have ended in the meantime.
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("the command did not end within {timeout:?}"));
            }
            Err(error) => return Err(error.to_string()),
        }
    }
    let output = child.wait_with_output().map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stderr);
    Err(format!("{}: {}", output.status, text.lines().next().unwrap_or("no message")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_done_fails_or_is_ended() {
        let second = Duration::from_secs(10);
        assert_eq!(run("true", second), Ok(()));
        assert_eq!(run("echo no phone >&2; exit 3", second), Err("exit status: 3: no phone".to_owned()));
        let late = run("exec sleep 60", Duration::from_millis(50)).unwrap_err();
        assert!(late.contains("did not end within 50ms"), "{late}");
    }

    #[test]
    fn steps_have_names() {
        assert!(Step::ALL.into_iter().all(|step| Step::named(step.name()) == Some(step)));
        assert_eq!(Step::named("dance"), None);
    }
}
