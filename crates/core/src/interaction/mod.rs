//! Interactions: the commands about them, and how they begin and end.

mod answer;
mod can;
mod complete;
mod consult;
mod controls;
mod dial;
mod draft;
mod end;
mod force_end;
mod hang_up;
mod hold;
mod join;
mod lookup;
mod notes;
mod notify;
mod open;
mod parties;
mod reference;
mod transfer;

use model::{Interaction, InteractionState};

pub(crate) use answer::{answer, is_offered, reject};
pub(crate) use can::can;
pub(crate) use complete::{complete, complete_ended, complete_remaining, wrap_up_expired};
pub(crate) use consult::{alternate, cancel_consult, consult};
pub(crate) use controls::{mask, mute, record, send_digits};
pub(crate) use dial::{check as check_dial, dial};
pub(crate) use draft::set_notes;
pub(crate) use end::{close_leg, close_leg_to, drop_unanswered};
pub(crate) use force_end::{RELEASE_MS_MAX, force_end, hang_up_timed_out, overdue};
pub(crate) use hang_up::hang_up;
pub(crate) use hold::{hold, resume};
pub(crate) use join::{complete_transfer, merge};
pub(crate) use lookup::{lookup_timed_out, resolve};
pub(crate) use notes::{log, set_card, set_contact, set_data};
pub(crate) use notify::notify;
pub(crate) use open::{NewInteraction, answered, direction, inherit, open, open_consult, waiter};
pub(crate) use parties::change_parties;
pub(crate) use reference::{customer_name, described, party_name};
pub(crate) use transfer::transfer;

/// Whether the agent has a call in the interaction.
pub(crate) fn is_call(interaction: &Interaction) -> bool {
    interaction.switch.is_some() && interaction.state.is_live()
}

/// Whether the interaction keeps the agent busy: it has a call, or a notification without a call that says so.
pub(crate) fn occupies(interaction: &Interaction) -> bool {
    let is_session = interaction.switch.is_none() && interaction.state.is_live();
    is_call(interaction) || (is_session && interaction.pops.iter().any(|pop| pop.occupies))
}

/// Whether the interaction only needs to be completed.
pub(crate) fn is_over(interaction: &Interaction) -> bool {
    interaction.state == InteractionState::Ended
}
