//! Screen pops in the CRM (crm-connector.md §4.7).

use compact_str::CompactString;
use model::{Direction, Interaction, InteractionState, Number, PartyKind};
use session::{Page, PopKey};

use super::TelephonySession;
use crate::wire::{ConnectorMessage, ScreenPop, settings::PopOptions};

/// A record to show now.
struct DuePop {
    key: PopKey,
    /// The customer of the colleague's call, while the colleague consults.
    early: Option<PartyKind>,
    pop: ScreenPop,
}

impl TelephonySession {
    /// Shows the records that are due. For a transferred call, that is when the transfer is complete.
    pub(super) fn show_records(&mut self, page: Page) {
        let Some(connector_page) = self.pages.get(&page).filter(|connector_page| connector_page.is_active())
        else {
            return;
        };
        let options = &connector_page.crm.settings.pop;
        let due: Vec<DuePop> = self
            .projection
            .interactions_of(&connector_page.agent)
            .filter(|interaction| !connector_page.kept.was_shown(interaction) && is_due(interaction, options))
            .filter_map(|interaction| {
                let customer = self.customer(interaction, options)?;
                let early = (*customer != interaction.customer.at).then(|| customer.clone());
                Some(DuePop {
                    key: PopKey::of(interaction),
                    early,
                    pop: screen_pop(interaction, customer, options)?,
                })
            })
            .collect();
        if due.is_empty() {
            return;
        }
        for DuePop { key, early, pop } in due {
            if let Some(connector_page) = self.pages.get_mut(&page) {
                connector_page.kept.show(key);
                if let Some(customer) = early {
                    connector_page.kept.show_early(key.interaction(), customer);
                }
            }
            self.post(page, &ConnectorMessage::RequestPerformInteractionScreenPop(pop));
        }
        self.keep(page);
    }

    /// The customer whose record is to be shown: the caller, or while a colleague consults, the customer of the colleague's call.
    fn customer<'a>(&'a self, interaction: &'a Interaction, options: &PopOptions) -> Option<&'a PartyKind> {
        let behind = |other: &&Interaction| {
            other.id != interaction.id
                && other.linkage == interaction.linkage
                && is_customer(&other.customer.at)
        };
        match &interaction.customer.at {
            PartyKind::Device(_) if options.on_consult => {
                self.projection.interactions().find(behind).map(|other| &other.customer.at)
            }
            PartyKind::Device(_) => None,
            at @ (PartyKind::Outside(_) | PartyKind::Withheld) => Some(at),
        }
    }
}

fn is_customer(at: &PartyKind) -> bool {
    match at {
        PartyKind::Outside(_) | PartyKind::Withheld => true,
        PartyKind::Device(_) => false,
    }
}

fn is_due(interaction: &Interaction, options: &PopOptions) -> bool {
    let comes_in = interaction.direction == Direction::Inbound
        || (interaction.direction == Direction::Internal
            && (interaction.is_incoming() || is_customer(&interaction.customer.at)));
    let far_enough = match interaction.state {
        InteractionState::Alerting => !options.on_answer,
        InteractionState::Started => true,
        InteractionState::Dialing | InteractionState::Ended | InteractionState::Completed => false,
    };
    comes_in && far_enough && !options.suppressed
}

/// The screen pop; `None` if the number is withheld and nothing else can find the record.
fn screen_pop(interaction: &Interaction, customer: &PartyKind, options: &PopOptions) -> Option<ScreenPop> {
    let caller = customer.number().filter(|_| options.ani);
    let dialled = interaction.dialled.as_ref().filter(|_| options.dnis);
    let param = |name: &CompactString| Some((name.clone(), interaction.data.get(name)?.into()));
    let pop = ScreenPop {
        ani: caller.map(|number| spellings(number, options.international)).unwrap_or_default(),
        dnis: dialled.map(Number::as_str).map(CompactString::from).into_iter().collect(),
        params: options.params.iter().filter_map(param).collect(),
        interaction: interaction.id.to_string().into(),
        inbound: true,
    };
    let finds = customer.number().is_some() || !pop.dnis.is_empty() || !pop.params.is_empty();
    finds.then_some(pop)
}

/// The number, then the form that records may have: without the plus, or without the country. Clients look at two numbers.
fn spellings(number: &str, international: bool) -> Vec<CompactString> {
    let Some(digits) = number.strip_prefix('+') else { return vec![number.into()] };
    let national = digits.strip_prefix('1').filter(|rest| rest.len() == 10 && !international);
    vec![number.into(), national.unwrap_or(digits).into()]
}
