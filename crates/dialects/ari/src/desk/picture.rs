//! The whole picture, as the hub is told.

use model::SwitchEvent;

use super::Desk;

impl Desk {
    /// Tells the hub of everything that is known.
    pub(super) fn tell_all(&mut self) {
        let told = self.calls.iter().filter(|(_, call)| call.told);
        let calls = told.map(|(id, call)| call.picture(id)).collect();
        let features = self.features();
        self.tell_now(SwitchEvent::LinkUp { features, calls });
    }
}
