//! How the switch is set up.

use model::{DeviceId, QueueId};
use serde::{Deserialize, Serialize};

use crate::{Chances, Outside};

/// Everything about the switch that is known before it runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The phones. The id of each is the number that reaches it.
    pub devices: Vec<DeviceId>,
    /// Which of the phones answer by themselves.
    pub auto_answer: Vec<DeviceId>,
    /// How long a phone that answers by itself rings. Milliseconds.
    pub auto_answer_ms: u64,
    /// The queues. The id of each is the number that reaches it.
    pub queues: Vec<QueueId>,
    /// How other numbers behave.
    pub outside: Outside,
    /// How long a call takes from being dialled to ringing. Milliseconds.
    pub delivery_ms: u64,
    /// What all randomness grows from: the same seed and the same inputs give the same outputs.
    pub seed: u64,
    /// What goes wrong by chance.
    pub faults: Chances,
    /// How many calls there may be at once. Count.
    pub calls_max: usize,
    /// How many calls one phone may have at once: one that talks, others held or ringing. Count.
    pub calls_per_device_max: usize,
    /// How many parties one call may have. Count.
    pub parties_max: usize,
    /// How much data a call may carry, names and values together. Bytes.
    pub data_bytes_max: usize,
    /// How many answers are kept for requests that come twice. Count.
    pub answers_max: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            devices: Vec::new(),
            auto_answer: Vec::new(),
            auto_answer_ms: 1_000,
            queues: Vec::new(),
            outside: Outside::default(),
            delivery_ms: 0,
            seed: 0,
            faults: Chances::default(),
            calls_max: 10_000,
            calls_per_device_max: 8,
            parties_max: 8,
            data_bytes_max: 65_536,
            answers_max: 16_384,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_may_be_left_out_and_none_may_be_misspelt() {
        assert_eq!(serde_json::from_str::<Config>("{}").unwrap(), Config::default());
        let error = serde_json::from_str::<Config>(r#"{"device":["1001"]}"#).unwrap_err().to_string();
        assert!(error.contains("unknown field `device`"), "{error}");
    }

    #[test]
    fn a_configuration_reads_as_it_is_written() {
        let text = r#"{"devices":["1001"],"queues":["7700"],"outside":{"numbers":{"+14155550111":{"busy":true}}},
            "faults":{"late_event":0.25}}"#;
        let config: Config = serde_json::from_str(text).unwrap();
        let written = serde_json::to_string(&config).unwrap();
        assert_eq!(serde_json::from_str::<Config>(&written).unwrap(), config);
    }
}
