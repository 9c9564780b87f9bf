//! Recently ended calls: the data that they pass on, and how repeated events are recognized.

use std::collections::{BTreeMap, VecDeque};

use model::{CallId, Data, DeviceId, Interaction, Leg, LinkageId, Recording, SwitchId};
use serde::{Deserialize, Serialize};

/// How many calls are remembered. Our choice: an hour in an ordinary contact center, most of a second at 5,000 calls a
/// second.
const CALLS_MAX: usize = 4_096;

/// The remembered data of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RecentCall {
    /// The linkage, which continues when the call appears elsewhere.
    pub(crate) linkage: LinkageId,
    /// The call data.
    pub(crate) data: Data,
    /// The recordings of the call.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) recordings: Vec<Recording>,
    /// The phones that have left the call.
    pub(crate) left: Vec<DeviceId>,
    /// The phones whose leg was closed by `force-end` although the switch may still report it.
    #[serde(default)]
    pub(crate) forced: Vec<DeviceId>,
    /// Whether the call left a queue.
    pub(crate) unqueued: bool,
}

/// Recently ended calls, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Vec<(SwitchId, CallId, RecentCall)>", into = "Vec<(SwitchId, CallId, RecentCall)>")]
pub(crate) struct RecentCalls {
    by_call: BTreeMap<(SwitchId, CallId), RecentCall>,
    order: VecDeque<(SwitchId, CallId)>,
}

impl RecentCalls {
    pub(crate) fn get(&self, switch: &SwitchId, call: &CallId) -> Option<&RecentCall> {
        self.by_call.get(&(switch.clone(), call.clone()))
    }

    /// Remembers that a phone left a call.
    pub(crate) fn leave(&mut self, switch: &SwitchId, call: &CallId, one: &Interaction, leg: Leg) {
        let recent_call = self.recent_call(switch, call, one.linkage);
        recent_call.data = one.data.clone();
        if leg == Leg::Primary {
            recent_call.recordings.clone_from(&one.recordings);
        }
        if !recent_call.left.contains(&one.device) {
            recent_call.left.push(one.device.clone());
        }
    }

    /// Remembers that the leg of a phone was closed by `force-end`.
    pub(crate) fn force(&mut self, switch: &SwitchId, call: &CallId, device: &DeviceId) {
        let recent_call = self.by_call.get_mut(&(switch.clone(), call.clone()));
        if let Some(recent_call) = recent_call.filter(|recent_call| !recent_call.forced.contains(device)) {
            recent_call.forced.push(device.clone());
        }
    }

    /// Remembers that a call left a queue.
    pub(crate) fn unqueue(&mut self, switch: &SwitchId, call: &CallId, linkage: LinkageId, data: &Data) {
        let recent_call = self.recent_call(switch, call, linkage);
        recent_call.data = data.clone();
        recent_call.unqueued = true;
    }

    /// Forgets that a phone left a call, because the call is sent there again.
    pub(crate) fn expect_at(&mut self, switch: &SwitchId, call: &CallId, device: &DeviceId) {
        if let Some(recent_call) = self.by_call.get_mut(&(switch.clone(), call.clone())) {
            recent_call.left.retain(|left| left != device);
            recent_call.forced.retain(|forced| forced != device);
        }
    }

    fn recent_call(&mut self, switch: &SwitchId, call: &CallId, linkage: LinkageId) -> &mut RecentCall {
        let key = (switch.clone(), call.clone());
        if !self.by_call.contains_key(&key) {
            self.order.push_back(key.clone());
            if self.order.len() > CALLS_MAX
                && let Some(oldest) = self.order.pop_front()
            {
                self.by_call.remove(&oldest);
            }
        }
        let recent_call = || RecentCall {
            linkage,
            data: Data::new(),
            recordings: Vec::new(),
            left: Vec::new(),
            forced: Vec::new(),
            unqueued: false,
        };
        self.by_call.entry(key).or_insert_with(recent_call)
    }
}

impl From<Vec<(SwitchId, CallId, RecentCall)>> for RecentCalls {
    fn from(list: Vec<(SwitchId, CallId, RecentCall)>) -> Self {
        let order = list.iter().map(|(switch, call, _)| (switch.clone(), call.clone())).collect();
        let by_call =
            list.into_iter().map(|(switch, call, recent_call)| ((switch, call), recent_call)).collect();
        Self { by_call, order }
    }
}

impl From<RecentCalls> for Vec<(SwitchId, CallId, RecentCall)> {
    fn from(mut recent: RecentCalls) -> Self {
        let order = std::mem::take(&mut recent.order);
        let memos = order.into_iter().filter_map(|key| {
            let recent_call = recent.by_call.remove(&key)?;
            Some((key.0, key.1, recent_call))
        });
        memos.collect()
    }
}
