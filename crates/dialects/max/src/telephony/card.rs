//! `ContactCardData`: how the customer of a call is to be shown (max.md §2.4).

use model::Verb;
use session::{Frame, Page};

use super::Telephony;
use crate::wire::Card;

impl Telephony {
    pub(super) fn card(&mut self, page: Page, frame: Frame, card: Card) {
        if let Some(why) = card.refused {
            self.warn(page, &format!("Contact card data: {why}."));
        }
        if card.name.is_none() && card.image.is_none() {
            return;
        }
        let Some(desk) = self.desks.0.get(&page) else { return };
        let picture = self.picture(&desk.agent);
        let line = picture.and_then(|picture| match &card.contact {
            Ok(Some(named)) => picture.lines.values().find(|line| line.call.id == *named),
            Ok(None) => self.live(desk, frame, picture, None),
            Err(_) => None,
        });
        let Some(work) = line.map(|line| line.work) else {
            return self.warn(page, "Contact card data: there is no such call.");
        };
        let (by, agent) = (desk.by.clone(), desk.agent.clone());
        let id = self.out.command_id("max", self.instance);
        let card = model::Card { name: card.name, image: card.image };
        self.out.command(id, by, agent, Some(work), Verb::SetCard { card });
    }
}
