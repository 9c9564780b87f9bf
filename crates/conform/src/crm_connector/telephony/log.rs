//! The log of an interaction.

use super::{Script, calls::same_number, r};
use crate::page::Message;

impl Script<'_> {
    /// Checks a log of an answered call from this customer, or to this number.
    pub(super) fn judge_log(&mut self, log: &Message, from: Option<&str>, to: Option<&str>) {
        let body = log.at("/data/message/body");
        let (data, interaction) = (&body["interactionData"], &body["interactionData"]["interaction"]);
        let (details, intrinsics) = (&data["logDetails"], &interaction["intrinsics"]);
        let whole = body["interactionId"].as_str().is_some_and(|id| !id.is_empty())
            && interaction.is_object()
            && details.is_object();
        let expected = "message.body with interactionId, interactionData.interaction and .logDetails";
        self.talk.check(r::LOG_IDS, whole, expected, log);
        let [caller, called] = ["updatedOriginatingAddress", "updatedDestinationAddress"]
            .map(|key| data[key].as_str().unwrap_or_default());
        let right = !caller.is_empty()
            && !called.is_empty()
            && from.is_none_or(|from| same_number(caller, from))
            && to.is_none_or(|to| same_number(called, to));
        let expected = format!("from {} to {}", from.unwrap_or("a number"), to.unwrap_or("a number"));
        self.talk.check(r::ADDRESSES, right, &expected, log);
        let time = intrinsics["START_TIME"].as_str().unwrap_or_default();
        self.talk.check(r::START_TIME, is_time(time), "HH:MM:SS, then anything in parentheses", log);
        let texts = intrinsics["START_DATE"].is_string() && interaction["topic"].is_string();
        self.talk.check(r::START_DATE, texts, "START_DATE and topic", log);
        let fields = details["customFields"].as_array();
        let named = fields.is_some_and(|fields| {
            fields.iter().all(|field| field["logFieldName"].is_string() && !field["currentValue"].is_null())
        });
        let texts = details["subject"].is_string() && details["comments"].is_string();
        let expected = "subject, comments, and customFields as a list of {logFieldName, currentValue}";
        self.talk.check(r::DETAILS, named && texts, expected, log);
        let keys = interaction["id"] == body["interactionId"]
            && ["channelType", "direction"].iter().all(|key| interaction[*key].is_string())
            && ["startTimestamp", "endTimestamp"].iter().all(|key| interaction[*key].is_u64())
            && interaction["answered"].is_boolean();
        let expected = "id, channelType, direction, startTimestamp, endTimestamp and answered";
        self.talk.check(r::LOG_KEYS, keys, expected, log);
    }
}

/// Whether a text is `HH:MM:SS`, then nothing or something in parentheses.
fn is_time(text: &str) -> bool {
    let (time, rest) = text.split_at_checked(8).unwrap_or_default();
    let digits = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    time.split(':').filter(|part| digits(part)).count() == 3
        && (rest.is_empty() || (rest.trim_start().starts_with('(') && rest.ends_with(')')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_three_parts() {
        assert!(is_time("00:13:25") && is_time("00:13:25(GMT+02:00)"));
        assert!(!is_time("0:13:25") && !is_time("00:13") && !is_time("00:13:25 AM"));
    }
}
