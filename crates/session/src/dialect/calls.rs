//! What each end carries of a call, and the pairs of phones and desks.
//!
//! An end declares the steps that it does not carry, with the reason. A hub carries a step between phones and a desk if both ends carry it.

use model::SwitchFeature;

use super::Dialect;

/// A step of a call that an end can carry between the hub and its peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// An inbound call is announced with the caller.
    Ring,
    /// The data of the call is announced with it.
    Data,
    /// The desk answers a call that rings.
    Answer,
    /// The desk puts the call on hold, and resumes it.
    Hold,
    /// The desk dials a number.
    Dial,
    /// The desk sends the customer to another number without a consultation.
    BlindTransfer,
    /// The desk calls another agent while the customer is on hold.
    Consult,
    /// The desk connects the customer with the consulted agent and leaves.
    WarmTransfer,
    /// The desk merges the customer and the consulted agent into one call.
    Conference,
    /// The desk hangs up.
    HangUp,
}

impl Step {
    /// All steps.
    pub const ALL: [Step; 10] = [
        Self::Ring,
        Self::Data,
        Self::Answer,
        Self::Hold,
        Self::Dial,
        Self::BlindTransfer,
        Self::Consult,
        Self::WarmTransfer,
        Self::Conference,
        Self::HangUp,
    ];

    /// The name in the table of pairs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ring => "ring",
            Self::Data => "data",
            Self::Answer => "answer",
            Self::Hold => "hold",
            Self::Dial => "dial",
            Self::BlindTransfer => "blind transfer",
            Self::Consult => "consult",
            Self::WarmTransfer => "warm transfer",
            Self::Conference => "conference",
            Self::HangUp => "hang up",
        }
    }

    /// The feature that phones need for the step. `None` for what phones announce.
    pub fn feature(self) -> Option<SwitchFeature> {
        match self {
            Self::Ring | Self::Data => None,
            Self::Answer => Some(SwitchFeature::AnswerCall),
            Self::Hold => Some(SwitchFeature::HoldCall),
            Self::Dial => Some(SwitchFeature::MakeCall),
            Self::BlindTransfer => Some(SwitchFeature::SingleStepTransfer),
            Self::Consult => Some(SwitchFeature::ConsultationCall),
            Self::WarmTransfer => Some(SwitchFeature::TransferCall),
            Self::Conference => Some(SwitchFeature::ConferenceCall),
            Self::HangUp => Some(SwitchFeature::ClearConnection),
        }
    }
}

/// Steps that an end does not carry.
#[derive(Debug)]
pub struct Limit {
    /// The steps.
    pub steps: &'static [Step],
    /// The reason, and where the agent does it. One sentence.
    pub why: &'static str,
}

/// The part that an end has in calls.
#[derive(Debug, Clone, Copy)]
pub enum CallPart {
    /// The peer has the phones.
    Phones(CallEnd),
    /// The peer is the desk of an agent.
    Desk(CallEnd),
}

/// What an end carries of calls.
#[derive(Debug, Clone, Copy)]
pub struct CallEnd {
    /// The peer, in a few words.
    pub peer: &'static str,
    /// The steps that the end does not carry.
    pub limits: &'static [Limit],
}

impl CallEnd {
    /// The desk that needs no dialect: the native API, and the web desktop, which uses it.
    pub const NATIVE: Self = Self { peer: "desktop, native API", limits: &[] };

    /// Why the end does not carry a step. `None` if it does.
    pub fn limit(&self, step: Step) -> Option<&'static str> {
        self.limits.iter().find(|limit| limit.steps.contains(&step)).map(|limit| limit.why)
    }
}

/// An end with calls, and its dialect.
#[derive(Debug, Clone, Copy)]
pub struct CallEndOf {
    /// The name of the dialect; empty for the native API.
    pub dialect: &'static str,
    /// The page in `docs/`.
    pub docs: &'static str,
    /// What the end carries.
    pub end: CallEnd,
}

/// The phones and desks of a list of dialects.
#[derive(Debug)]
pub struct Pairs {
    /// The ends whose peers have phones.
    pub phones: Vec<CallEndOf>,
    /// The ends whose peers are desks. The first one is the native API.
    pub desks: Vec<CallEndOf>,
}

impl Pairs {
    /// The phones and desks of `dialects`.
    pub fn new(dialects: &[&Dialect]) -> Self {
        let native = CallEndOf { dialect: "", docs: "desktop.md", end: CallEnd::NATIVE };
        let mut pairs = Self { phones: Vec::new(), desks: vec![native] };
        for dialect in dialects {
            for declaration in dialect.ends {
                let of = |end| CallEndOf { dialect: dialect.name, docs: dialect.docs, end };
                match declaration.calls {
                    Some(CallPart::Phones(end)) => pairs.phones.push(of(end)),
                    Some(CallPart::Desk(end)) => pairs.desks.push(of(end)),
                    None => {}
                }
            }
        }
        pairs
    }

    /// The tables of the documentation: the steps that each end carries, the pairs, and the reasons.
    pub fn markdown(&self) -> String {
        let mut reasons = Reasons::default();
        let mut text = self.ends("phones", &self.phones, &mut reasons);
        text += "\n";
        text += &self.ends("desk", &self.desks, &mut reasons);
        text += "\n";
        text += &self.matrix(&mut reasons);
        text += "\n";
        text += &reasons.list();
        text
    }

    fn ends(&self, title: &str, ends: &[CallEndOf], reasons: &mut Reasons) -> String {
        let mut text =
            row(std::iter::once(title.to_owned()).chain(Step::ALL.map(|step| step.as_str().to_owned())));
        text += &"|---".repeat(Step::ALL.len() + 1);
        text += "|\n";
        for CallEndOf { docs, end, .. } in ends {
            let cell = |step: Step| match end.limit(step) {
                None => "✓".to_owned(),
                Some(why) => format!("– ({})", reasons.number(end.peer, why)),
            };
            let cells = Step::ALL.map(cell);
            text += &row(std::iter::once(format!("[{}]({docs})", end.peer)).chain(cells));
        }
        text
    }

    fn matrix(&self, reasons: &mut Reasons) -> String {
        let heads = self.desks.iter().map(|desk| desk.end.peer.to_owned());
        let mut text = row(std::iter::once("phones \\ desk".to_owned()).chain(heads));
        text += &"|---".repeat(self.desks.len() + 1);
        text += "|\n";
        for phones in &self.phones {
            let cells = self.desks.iter().map(|desk| pair(&phones.end, &desk.end, reasons));
            text += &row(std::iter::once(phones.end.peer.to_owned()).chain(cells));
        }
        text
    }
}

/// What a pair carries.
fn pair(phones: &CallEnd, desk: &CallEnd, reasons: &mut Reasons) -> String {
    let missing = |step: &Step| phones.limit(*step).is_some() || desk.limit(*step).is_some();
    let (missing, carried): (Vec<Step>, Vec<Step>) = Step::ALL.into_iter().partition(missing);
    if missing.is_empty() {
        return "all".to_owned();
    }
    let mut numbers: Vec<usize> = [phones, desk]
        .into_iter()
        .flat_map(|end| missing.iter().filter_map(|step| Some((end.peer, end.limit(*step)?))))
        .map(|(peer, why)| reasons.number(peer, why))
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    let names = |steps: &[Step]| steps.iter().map(|step| step.as_str()).collect::<Vec<_>>().join(", ");
    let numbers: Vec<String> = numbers.iter().map(usize::to_string).collect();
    let what =
        if missing.len() < carried.len() { format!("all but {}", names(&missing)) } else { names(&carried) };
    format!("{what} ({})", numbers.join(", "))
}

fn row(cells: impl Iterator<Item = String>) -> String {
    cells.map(|cell| format!("| {cell} ")).collect::<String>() + "|\n"
}

/// The reasons of a table, numbered in the order of their first use.
#[derive(Debug, Default)]
struct Reasons(Vec<(&'static str, &'static str)>);

impl Reasons {
    fn number(&mut self, peer: &'static str, why: &'static str) -> usize {
        let known = self.0.iter().position(|reason| *reason == (peer, why));
        let index = known.unwrap_or_else(|| {
            self.0.push((peer, why));
            self.0.len() - 1
        });
        index + 1
    }

    fn list(&self) -> String {
        let line = |(index, (peer, why)): (usize, &(&str, &str))| format!("{}. {peer}: {why}\n", index + 1);
        self.0.iter().enumerate().map(line).collect()
    }
}
