//! Responses of late, to be given again when the bridge repeats a request (harmony.md §2.3).

use std::collections::{BTreeMap, VecDeque};

use compact_str::CompactString;

use crate::wire::{Envelope, limits::RESPONSES_REMEMBERED_MAX};

/// Responses of late.
#[derive(Debug, Default)]
pub(super) struct Replies {
    by_id: BTreeMap<CompactString, Envelope>,
    order: VecDeque<CompactString>,
}

impl Replies {
    pub(super) fn get(&self, id: &str) -> Option<&Envelope> {
        self.by_id.get(id)
    }

    pub(super) fn remember(&mut self, id: CompactString, response: Envelope) {
        if self.by_id.insert(id.clone(), response).is_none() {
            self.order.push_back(id);
        }
        if self.order.len() > RESPONSES_REMEMBERED_MAX
            && let Some(oldest) = self.order.pop_front()
        {
            self.by_id.remove(&oldest);
        }
    }

    pub(super) fn len(&self) -> usize {
        self.order.len()
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }
}
