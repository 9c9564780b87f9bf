//! Expectations about the calls that the switch itself reports.

use serde_json::Value;

use super::expect;
use crate::{
    depth::Observation,
    story::{CallsAtSwitch, PhoneHas, Tones},
};

pub(super) fn count(wanted: &CallsAtSwitch, observed: &Observation) -> Result<(), String> {
    expect("the count of calls at the switch", observed.calls.len(), wanted.count)
}

pub(super) fn phone(wanted: &PhoneHas, observed: &Observation) -> Result<(), String> {
    let sides: Vec<&Value> =
        observed.calls.iter().filter_map(|call| side(call, wanted.device.as_str())).collect();
    expect(&format!("the count of calls at phone {}", wanted.device), sides.len(), wanted.calls)?;
    if let Some(muted) = wanted.muted {
        expect("whether the phone is muted", sides.iter().any(|side| side["muted"] == true), muted)?;
    }
    if let Some(recording) = &wanted.recording {
        let is = sides.last().and_then(|side| side["recording"].as_str()).unwrap_or("none");
        expect("how the phone is recorded", is, recording)?;
    }
    Ok(())
}

pub(super) fn tones(wanted: &Tones, observed: &Observation) -> Result<(), String> {
    let sides = observed.calls.iter().filter_map(|call| side(call, &wanted.by));
    let tones: String = sides.filter_map(|side| side["heard"].as_str()).collect();
    expect(&format!("the tones that {} has received", wanted.by), tones.as_str(), wanted.digits.as_str())
}

/// The media of one party of a call, found by its number.
fn side<'a>(call: &'a Value, number: &str) -> Option<&'a Value> {
    let media = call["media"].as_array()?;
    let is = |at: &Value| at["device"] == number || at["outside"] == number;
    media.iter().find(|side| is(&side["party"]["at"]))
}
