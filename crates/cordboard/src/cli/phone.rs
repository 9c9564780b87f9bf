//! `cordboard phone`: a simulated phone.

use anyhow::Result;
use clap::{Args, ValueEnum};
use model::DeviceId;
use serde_json::{Value, json};

use super::{At, segment};
use crate::output::{Out, word};

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
    #[command(flatten)]
    at: At,
}

#[derive(Debug, Clone, Copy, ValueEnum, serde::Serialize)]
#[serde(rename_all = "lowercase")]
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
    pub(super) async fn run(self, out: Out) -> Result<()> {
        let path = format!("/api/v1/simulated/phones/{}", segment(self.device.as_str()));
        let done: Value = self.at.client()?.post(&path, &json!({ "action": self.action })).await?;
        out.one(&done, |_| format!("phone {}: {}", self.device, word(&self.action)))?;
        Ok(())
    }
}
