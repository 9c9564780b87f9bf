//! `cordboard phone`: a simulated phone.

use anyhow::Result;
use clap::{Args, ValueEnum};
use model::{CallId, DeviceId};
use serde_json::json;
use simulated::{PhoneAction, PhoneView};

use super::{At, segment};
use crate::output::Out;

const EXAMPLES: &str = "\
Examples:
  cordboard phone 1001 answer
  cordboard phone 1001 hangup
  cordboard phone 1001 auto          from here on it answers by itself";

/// Handle a phone of the built-in simulated switch, as the person in front of it would.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Phone {
    /// The phone.
    device: DeviceId,
    /// What to do with it.
    action: Action,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Action {
    /// Pick up what rings.
    Answer,
    /// Refuse what rings.
    Reject,
    /// Hang up.
    Hangup,
    /// Park the call.
    Hold,
    /// Take the parked call back.
    Retrieve,
    /// Answer by itself whatever rings.
    Auto,
    /// Wait to be told.
    Manual,
}

impl Phone {
    pub(super) async fn run(self, at: &At, out: Out) -> Result<()> {
        let path = format!("/api/v1/simulated/phones/{}", segment(self.device.as_str()));
        let action = PhoneAction::from(self.action);
        let phone: PhoneView = at.client()?.post(&path, &json!({ "action": action })).await?;
        out.one(&phone, describe)?;
        Ok(())
    }
}

impl From<Action> for PhoneAction {
    fn from(action: Action) -> Self {
        match action {
            Action::Answer => Self::Answer,
            Action::Reject => Self::Reject,
            Action::Hangup => Self::Hangup,
            Action::Hold => Self::Hold,
            Action::Retrieve => Self::Retrieve,
            Action::Auto => Self::Auto,
            Action::Manual => Self::Manual,
        }
    }
}

fn describe(phone: &PhoneView) -> String {
    let calls: Vec<&str> = phone.calls.iter().map(CallId::as_str).collect();
    let calls = if calls.is_empty() { "no calls".to_owned() } else { calls.join(", ") };
    let answers = if phone.auto { "answers by itself" } else { "waits to be told" };
    format!("phone {}: {calls}; {answers}", phone.device)
}
