//! Builds the screen pop of a call: which pairs, their order, cleaning and length (uwq.md §5.4, §7).

use model::{Conversation, ConversationState, Interaction};

use super::calls::Call;
use super::registration::Announced;
use crate::{
    TelephonyConfig,
    config::{AniFormat, Dnis, PopOn},
    wire::{
        Pairs, ScreenPop,
        limits::{ANI_LENGTH_MAX, DNIS_LENGTH_MAX, NAME_BYTES_MAX, PAIR_LENGTH_EXTRA, POP_LENGTH_MAX},
        names,
    },
};

/// The announcements that a call's state requires; `None` if there is none yet.
pub(super) fn due(conversation: &Conversation, pop_on: PopOn) -> Option<Announced> {
    match conversation.state {
        ConversationState::Alerting => (pop_on == PopOn::Ring).then_some(Announced::Popped),
        ConversationState::Dialing => conversation.delivered.then_some(Announced::Popped),
        ConversationState::Talking | ConversationState::Held => Some(Announced::Established),
        ConversationState::Ended => None,
    }
}

/// The screen pop of a call. `again`: EBS has got it before.
pub(super) fn screen_pop(call: Call<'_>, again: bool, config: &TelephonyConfig) -> ScreenPop {
    let source = call.key.to_string();
    let ani = last(&number(call.remote(), config.ani), ANI_LENGTH_MAX);
    let dnis = last(&clean(dialled(call, config.dnis)), DNIS_LENGTH_MAX);
    let mut data = pairs(call.interaction, config);
    if again {
        data.push((names::REANNOUNCE.to_owned(), "true".to_owned()));
    }
    let system = [(names::SOURCE_ID, &source), (names::ANI, &ani), (names::DNIS, &dnis)];
    let used = system.iter().map(|(name, value)| length(name, value)).sum();
    shorten(&mut data, used);
    ScreenPop { source, ani, dnis, data }
}

fn dialled(call: Call<'_>, dnis: Dnis) -> &str {
    match (&call.interaction.dialled, dnis) {
        (Some(dialled), Dnis::Dialled) if call.is_incoming() => dialled.as_str(),
        (_, Dnis::Dialled | Dnis::Extension) => call.interaction.device.as_str(),
    }
}

/// The pairs to send: first those that EBS passes between agents, then those of the mapping in its order.
fn pairs(interaction: &Interaction, config: &TelephonyConfig) -> Pairs {
    let mapped = |name: &str| config.mapping.iter().any(|entry| entry.from == name);
    let carried = interaction.data.iter().filter(|(name, _)| names::is_carried(name) && !mapped(name));
    let mut pairs: Pairs = carried.filter_map(|(name, value)| pair(name, value, config.ani)).collect();
    for entry in &config.mapping {
        if let Some(pair) = interaction.pair(&entry.from).and_then(|value| pair(&entry.to, value, config.ani))
        {
            pairs.retain(|(name, _)| *name != pair.0);
            pairs.push(pair);
        }
    }
    pairs
}

/// One pair, if it may be sent. A value that is too long is left out: a truncated number would find another record.
fn pair(name: &str, value: &str, ani: AniFormat) -> Option<(String, String)> {
    let value = if names::NUMBERS.contains(&name) { number(value, ani) } else { clean(value) };
    let fits = !value.is_empty()
        && name.len() <= NAME_BYTES_MAX
        && value.chars().count() <= names::value_length_max(name);
    fits.then(|| (name.to_owned(), value))
}

/// Removes pairs from the front, the least specific first, until the total is short enough.
fn shorten(data: &mut Pairs, used: usize) {
    let mut total = used;
    let kept = data.iter().rev().take_while(|(name, value)| {
        total += length(name, value);
        total <= POP_LENGTH_MAX
    });
    let dropped = data.len() - kept.count();
    data.drain(..dropped);
}

fn length(name: &str, value: &str) -> usize {
    name.chars().count() + value.chars().count() + PAIR_LENGTH_EXTRA
}

/// The digits of a number. Service Request uses it in a database statement, so no other character may pass.
fn number(text: &str, format: AniFormat) -> String {
    let plus = match format {
        AniFormat::Plus if text.starts_with('+') => "+",
        AniFormat::Plus | AniFormat::Digits => "",
    };
    plus.chars().chain(text.chars().filter(char::is_ascii_digit)).collect()
}

/// Replaces characters that EBS cannot handle: it puts values between quotes without escaping them.
fn clean(text: &str) -> String {
    let allowed = |character: char| match character {
        '"' => '\'',
        character if character.is_control() => ' ',
        character => character,
    };
    text.chars().map(allowed).collect()
}

/// The last characters of a text: telephone numbers are matched by their ends.
fn last(text: &str, length_max: usize) -> String {
    let skipped = text.chars().count().saturating_sub(length_max);
    text.chars().skip(skipped).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_lose_all_but_digits() {
        assert_eq!(number("+1 (415) 555'; drop", AniFormat::Digits), "1415555");
        assert_eq!(number("+1415", AniFormat::Plus), "+1415");
        assert_eq!(number("1415", AniFormat::Plus), "1415");
        assert_eq!(last("123456", 4), "3456");
    }

    #[test]
    fn a_value_is_cleaned_or_left_out_whole() {
        assert_eq!(
            pair("SystemName", "a\"b\nc", AniFormat::Digits),
            Some(("SystemName".into(), "a'b c".into()))
        );
        assert_eq!(
            pair("PhoneNumber", "+1 415", AniFormat::Digits),
            Some(("PhoneNumber".into(), "1415".into()))
        );
        assert_eq!(pair("SystemName", &"x".repeat(241), AniFormat::Digits), None);
        assert_eq!(pair("ServiceRequestNum", &"1".repeat(51), AniFormat::Digits), None);
        assert_eq!(pair("SystemName", "", AniFormat::Digits), None);
    }

    #[test]
    fn the_least_specific_pairs_go_first_when_it_is_too_much() {
        let mut data: Pairs = (0..60).map(|index| (format!("name{index:02}"), "x".repeat(40))).collect();
        shorten(&mut data, 100);
        let total: usize = data.iter().map(|(name, value)| length(name, value)).sum();
        assert!(total + 100 <= POP_LENGTH_MAX && total + 100 + 50 > POP_LENGTH_MAX, "{total}");
        assert_eq!(data.last().unwrap().0, "name59");
    }
}
