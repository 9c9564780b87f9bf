//! Records are to be shown (crm-connector.md §4.7).

use compact_str::CompactString;
use model::{Direction, Interaction, InteractionId, InteractionState, Number, PartyKind};
use session::Page;

use super::Telephony;
use crate::wire::{ConnectorMessage, ScreenPop, settings::PopOptions};

impl Telephony {
    /// Has the record shown of each interaction whose time has come. A call that was passed on shows its customer's when the
    /// transfer is complete.
    pub(super) fn show_records(&mut self, page: Page) {
        let Some(booth) = self.booths.get(&page).filter(|booth| booth.is_active()) else { return };
        let options = &booth.crm.settings.pop;
        let due: Vec<(InteractionId, ScreenPop)> = self
            .projection
            .works(&booth.agent)
            .filter(|work| !booth.memo.was_shown(work.id) && is_due(work, options))
            .map(|work| (work.id, screen_pop(work, options)))
            .collect();
        if due.is_empty() {
            return;
        }
        for (id, pop) in due {
            if let Some(booth) = self.booths.get_mut(&page) {
                booth.memo.show(id);
            }
            self.post(page, &ConnectorMessage::RequestPerformInteractionScreenPop(pop));
        }
        self.keep(page);
    }
}

fn is_due(work: &Interaction, options: &PopOptions) -> bool {
    let comes_in = work.direction != Direction::Outbound && matches!(work.customer.at, PartyKind::Outside(_));
    let far_enough = match work.state {
        InteractionState::Alerting => !options.on_answer,
        InteractionState::Started => true,
        InteractionState::Dialing | InteractionState::Ended | InteractionState::Completed => false,
    };
    comes_in && far_enough && !options.suppressed
}

fn screen_pop(work: &Interaction, options: &PopOptions) -> ScreenPop {
    let caller = work.customer.at.number().filter(|_| options.ani);
    let dialled = work.dialled.as_ref().filter(|_| options.dnis);
    let param = |name: &CompactString| Some((name.clone(), work.data.get(name)?.into()));
    ScreenPop {
        ani: caller.map(|number| spellings(number, options.international)).unwrap_or_default(),
        dnis: dialled.map(Number::as_str).map(CompactString::from).into_iter().collect(),
        params: options.params.iter().filter_map(param).collect(),
        interaction: work.id.to_string().into(),
        inbound: true,
    }
}

/// The number as it is, then as records may have it: without the plus, or without the country too. Clients look at two.
fn spellings(number: &str, international: bool) -> Vec<CompactString> {
    let Some(digits) = number.strip_prefix('+') else { return vec![number.into()] };
    let national = digits.strip_prefix('1').filter(|rest| rest.len() == 10 && !international);
    vec![number.into(), national.unwrap_or(digits).into()]
}
