//! `cordboard call`: a simulated caller.

use anyhow::Result;
use clap::Args;
use compact_str::CompactString;
use model::{CallId, Data, Number};
use serde::{Deserialize, Serialize};
use settings::Span;
use simulated::Caller;

use super::At;
use crate::output::Out;

const EXAMPLES: &str = "\
Examples:
  cordboard call --from +14155550100 --to 7700
  cordboard call --from +14155550100 --to 7700 --data AccountCode=A-100 --data ServiceRequestNum=24531
  cordboard call --to 7700 --patience 1m --talk 10s       number withheld; waits a minute, talks ten seconds";

/// Let somebody call: a caller of the built-in simulated switch.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Call {
    /// The caller's number; withheld when not given.
    #[arg(long, value_name = "NUMBER")]
    from: Option<Number>,
    /// The number that is dialled: a queue's or a phone's.
    #[arg(long, value_name = "NUMBER")]
    to: Number,
    /// The name that the switch shows.
    #[arg(long)]
    name: Option<CompactString>,
    /// A pair of data that comes with the call, such as what an IVR found out.
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
    data: Vec<(String, String)>,
    /// How long the caller waits for an answer before hanging up.
    #[arg(long, value_name = "SPAN", default_value = "30s")]
    patience: Span,
    /// How long the caller talks before hanging up; until the other end does when not given.
    #[arg(long, value_name = "SPAN")]
    talk: Option<Span>,
}

#[derive(Serialize, Deserialize)]
struct Made {
    call: CallId,
}

impl Call {
    pub(super) async fn run(self, at: &At, out: Out) -> Result<()> {
        let mut data = Data::new();
        self.data.iter().try_for_each(|(name, value)| data.set(name, value))?;
        let (patience_ms, talk_ms) = (Some(self.patience.as_ms()), self.talk.map(Span::as_ms));
        let Self { from, to, name, .. } = self;
        let caller = Caller { from, to, name, data, patience_ms, talk_ms, answer_after_ms: None };
        let made: Made = at.client()?.post("/api/v1/simulated/calls", &caller).await?;
        let from = caller.from.as_ref().map_or("a withheld number", Number::as_str);
        out.one(&made, |made| format!("call {} from {from} to {}", made.call, caller.to))?;
        Ok(())
    }
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it as KEY=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}
