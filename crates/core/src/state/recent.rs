//! Calls that went away of late: what they pass on, and how an event that is repeated is told from one that is not.

use std::collections::{BTreeMap, VecDeque};

use model::{CallId, Data, DeviceId, Interaction, Leg, LinkageId, Recording, SwitchId};
use serde::{Deserialize, Serialize};

/// How many calls are remembered. Ours; at 5,000 calls a second they last most of a second, in an ordinary centre an hour.
const CALLS_MAX: usize = 4_096;

/// What is remembered of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Memo {
    /// The linkage that goes on when the call appears somewhere else.
    pub(crate) linkage: LinkageId,
    /// Its data.
    pub(crate) data: Data,
    /// Its recordings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) recordings: Vec<Recording>,
    /// The phones that are out of it.
    pub(crate) left: Vec<DeviceId>,
    /// The phones whose leg was closed by `force-end`, although the switch may still report it.
    #[serde(default)]
    pub(crate) forced: Vec<DeviceId>,
    /// It left a queue.
    pub(crate) unqueued: bool,
}

/// Calls that went away of late, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Vec<(SwitchId, CallId, Memo)>", into = "Vec<(SwitchId, CallId, Memo)>")]
pub(crate) struct Recent {
    by_call: BTreeMap<(SwitchId, CallId), Memo>,
    order: VecDeque<(SwitchId, CallId)>,
}

impl Recent {
    pub(crate) fn get(&self, switch: &SwitchId, call: &CallId) -> Option<&Memo> {
        self.by_call.get(&(switch.clone(), call.clone()))
    }

    /// Remembers that a phone is out of a call.
    pub(crate) fn leave(&mut self, switch: &SwitchId, call: &CallId, one: &Interaction, leg: Leg) {
        let memo = self.memo(switch, call, one.linkage);
        memo.data = one.data.clone();
        if leg == Leg::Primary {
            memo.recordings.clone_from(&one.recordings);
        }
        if !memo.left.contains(&one.device) {
            memo.left.push(one.device.clone());
        }
    }

    /// Remembers that somebody closed a phone's leg at the hub.
    pub(crate) fn force(&mut self, switch: &SwitchId, call: &CallId, device: &DeviceId) {
        let memo = self.by_call.get_mut(&(switch.clone(), call.clone()));
        if let Some(memo) = memo.filter(|memo| !memo.forced.contains(device)) {
            memo.forced.push(device.clone());
        }
    }

    /// Remembers that a call is out of a queue.
    pub(crate) fn unqueue(&mut self, switch: &SwitchId, call: &CallId, linkage: LinkageId, data: &Data) {
        let memo = self.memo(switch, call, linkage);
        memo.data = data.clone();
        memo.unqueued = true;
    }

    /// Forgets that a phone is out of a call: it is sent there again.
    pub(crate) fn expect_at(&mut self, switch: &SwitchId, call: &CallId, device: &DeviceId) {
        if let Some(memo) = self.by_call.get_mut(&(switch.clone(), call.clone())) {
            memo.left.retain(|left| left != device);
            memo.forced.retain(|forced| forced != device);
        }
    }

    fn memo(&mut self, switch: &SwitchId, call: &CallId, linkage: LinkageId) -> &mut Memo {
        let key = (switch.clone(), call.clone());
        if !self.by_call.contains_key(&key) {
            self.order.push_back(key.clone());
            if self.order.len() > CALLS_MAX
                && let Some(oldest) = self.order.pop_front()
            {
                self.by_call.remove(&oldest);
            }
        }
        let memo = || Memo {
            linkage,
            data: Data::new(),
            recordings: Vec::new(),
            left: Vec::new(),
            forced: Vec::new(),
            unqueued: false,
        };
        self.by_call.entry(key).or_insert_with(memo)
    }
}

impl From<Vec<(SwitchId, CallId, Memo)>> for Recent {
    fn from(list: Vec<(SwitchId, CallId, Memo)>) -> Self {
        let order = list.iter().map(|(switch, call, _)| (switch.clone(), call.clone())).collect();
        let by_call = list.into_iter().map(|(switch, call, memo)| ((switch, call), memo)).collect();
        Self { by_call, order }
    }
}

impl From<Recent> for Vec<(SwitchId, CallId, Memo)> {
    fn from(mut recent: Recent) -> Self {
        let order = std::mem::take(&mut recent.order);
        let memos = order.into_iter().filter_map(|key| {
            let memo = recent.by_call.remove(&key)?;
            Some((key.0, key.1, memo))
        });
        memos.collect()
    }
}
