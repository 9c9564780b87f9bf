//! `cordboard phone`: uses a simulated phone.

use anyhow::Result;
use clap::{Args, ValueEnum};
use model::{CallId, DeviceId};
use serde_json::json;
use simulated::{PhoneAction, PhoneView};

use super::{NodeArgs, segment};
use crate::output::Out;

const EXAMPLES: &str = "\
Examples:
  cordboard phone 1001 answer
  cordboard phone 1001 hang-up
  cordboard phone 1001 auto      answer every call automatically";

/// Use a phone of the built-in simulated switch, as a person at the phone would.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Phone {
    /// The phone.
    device: DeviceId,
    /// What to do at the phone.
    action: Action,
    #[command(flatten)]
    at: NodeArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Action {
    /// Answer the ringing call.
    Answer,
    /// Reject the ringing call.
    Reject,
    /// Hang up.
    #[value(alias = "hangup")]
    HangUp,
    /// Put the call on hold.
    Hold,
    /// Resume the call on hold.
    #[value(alias = "retrieve")]
    Resume,
    /// From now on, answer every call automatically.
    Auto,
    /// From now on, ring until somebody answers.
    Manual,
}

impl Phone {
    pub(super) async fn run(self, out: Out) -> Result<()> {
        let path = format!("/api/v1/simulated/phones/{}", segment(self.device.as_str()));
        let action = PhoneAction::from(self.action);
        let phone: PhoneView = self.at.client()?.post(&path, &json!({ "action": action })).await?;
        out.one(&phone, |phone| describe(phone, self.action))?;
        Ok(())
    }
}

impl From<Action> for PhoneAction {
    fn from(action: Action) -> Self {
        match action {
            Action::Answer => Self::Answer,
            Action::Reject => Self::Reject,
            Action::HangUp => Self::HangUp,
            Action::Hold => Self::Hold,
            Action::Resume => Self::Resume,
            Action::Auto => Self::Auto,
            Action::Manual => Self::Manual,
        }
    }
}

fn describe(phone: &PhoneView, action: Action) -> String {
    let done = match action {
        Action::Answer => "answered",
        Action::Reject => "rejected",
        Action::HangUp => "hung up",
        Action::Hold => "on hold",
        Action::Resume => "resumed",
        Action::Auto => "answers automatically",
        Action::Manual => "rings until it is answered",
    };
    let calls: Vec<&str> = phone.calls.iter().map(CallId::as_str).collect();
    let calls = if calls.is_empty() { "no calls".to_owned() } else { format!("calls: {}", calls.join(", ")) };
    format!("phone {}: {done}; {calls}", phone.device)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_output_has_what_was_done() {
        let phone = |calls: &[&str]| PhoneView {
            device: DeviceId::new("1001").unwrap(),
            auto: false,
            calls: calls.iter().map(|call| CallId::new(call).unwrap()).collect(),
        };
        assert_eq!(describe(&phone(&["sim-1"]), Action::Answer), "phone 1001: answered; calls: sim-1");
        assert_eq!(describe(&phone(&[]), Action::HangUp), "phone 1001: hung up; no calls");
    }
}
