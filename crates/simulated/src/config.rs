//! The configuration of the switch.

use model::{DeviceId, QueueId};
use serde::{Deserialize, Serialize};

use crate::{Chances, Outside};

/// The configuration of the switch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The phones. The ID of each is also its number.
    pub devices: Vec<DeviceId>,
    /// The phones that answer by themselves.
    pub auto_answer: Vec<DeviceId>,
    /// How long a phone rings that answers by itself. Milliseconds.
    pub auto_answer_ms: u64,
    /// The queues. The ID of each is also its number.
    pub queues: Vec<QueueId>,
    /// The behavior of other numbers.
    pub outside: Outside,
    /// The time from dialing to ringing. Milliseconds.
    pub delivery_ms: u64,
    /// The seed of all randomness. The same seed and the same inputs give the same outputs.
    pub seed: u64,
    /// The probabilities of faults.
    pub faults: Chances,
    /// The most calls at a time.
    pub calls_max: usize,
    /// The most calls of one phone at a time: one active, others held or ringing.
    pub calls_per_device_max: usize,
    /// The most parties of one call.
    pub parties_max: usize,
    /// The most data of one call, names and values together, in bytes.
    pub data_bytes_max: usize,
    /// How many answers are kept for repeated requests.
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
