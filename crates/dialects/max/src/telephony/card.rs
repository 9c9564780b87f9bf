//! `ContactCardData`: sets how the customer of a call is shown (max.md §2.4).

use model::Verb;
use session::{Frame, Page};

use super::TelephonySession;
use crate::wire::Card;

impl TelephonySession {
    pub(super) fn card(&mut self, page: Page, frame: Frame, card: Card) {
        if let Some(why) = card.refused {
            self.warn(page, &format!("ContactCardData refused: {why}."));
        }
        if card.name.is_none() && card.image.is_none() {
            return;
        }
        let Some(open_page) = self.pages.0.get(&page) else { return };
        let view = self.view(&open_page.agent);
        let viewed = view.and_then(|view| match &card.contact {
            Ok(Some(named)) => view.calls.values().find(|viewed| viewed.call.id == *named),
            Ok(None) => self.live(open_page, frame, view, None),
            Err(_) => None,
        });
        let Some(interaction) = viewed.map(|viewed| viewed.interaction) else {
            return self.warn(page, "ContactCardData refused: the call is not known.");
        };
        let (by, agent) = (open_page.by.clone(), open_page.agent.clone());
        let id = self.out.command_id("max", self.instance);
        let card = model::Card { name: card.name, image: card.image };
        self.out.command(id, by, agent, Some(interaction), Verb::SetCard { card });
    }
}
