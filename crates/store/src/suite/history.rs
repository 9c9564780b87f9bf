//! Tests of the history.

use model::{AgentState, InteractionSummary, Seq, Timestamp};

use super::{StoreLocation, sample};
use crate::{
    AgentTime, AgentTimeQuery, InteractionQuery, LIMIT_MAX, Reader, Wait, WaitDetail, WaitQuery, Writer,
};

fn complete(writer: &mut dyn Writer, first: u64, summaries: impl IntoIterator<Item = InteractionSummary>) {
    writer.append(&sample::story(first, summaries.into_iter().map(sample::completed))).unwrap();
}

/// The numbers of the interactions that a query returns.
fn numbers(reader: &dyn Reader, query: InteractionQuery) -> Vec<u64> {
    let query = InteractionQuery { limit: 10, ..query };
    reader.interactions(&query).unwrap().iter().map(|summary| summary.interaction.number).collect()
}

fn seconds(seconds: u64) -> Option<Timestamp> {
    Some(Timestamp(seconds * 1_000))
}

fn parity(seq: u64) -> &'static str {
    if seq.is_multiple_of(2) { "even" } else { "odd" }
}

pub fn a_completed_interaction_is_found(place: &dyn StoreLocation) {
    let (mut writer, reader) = place.open();
    complete(&mut *writer, 1, [sample::summary(7), sample::summary(8)]);
    assert_eq!(reader.interaction(sample::interaction_id(7)), Ok(Some(sample::summary(7))));
    assert_eq!(reader.interaction(sample::interaction_id(9)), Ok(None));
}

pub fn an_interaction_completed_again_is_replaced(place: &dyn StoreLocation) {
    let (mut writer, reader) = place.open();
    let again = InteractionSummary { notes: Some("again".to_owned()), ..sample::summary(7) };
    complete(&mut *writer, 1, [sample::summary(7), again.clone()]);
    assert_eq!(reader.interaction(sample::interaction_id(7)), Ok(Some(again)));
    assert_eq!(numbers(&*reader, InteractionQuery::default()), [7]);
    let mut renumbered = sample::summary(7);
    renumbered.interaction.number = 9;
    complete(&mut *writer, 3, [renumbered, sample::summary(9)]);
    assert_eq!(numbers(&*reader, InteractionQuery::default()), [9]);
    assert_eq!(reader.interaction(sample::interaction_id(7)), Ok(None), "its number is another's");
}

pub fn notes_changed_after_completion_amend_the_record(place: &dyn StoreLocation) {
    let (mut writer, reader) = place.open();
    let story = [
        // A draft, so there is no record yet.
        sample::notes_changed(7, Some("draft"), None),
        sample::completed(sample::summary(7)),
        sample::completed(sample::summary(8)),
        sample::notes_changed(7, Some("late"), Some("call-back")),
        sample::notes_changed(8, None, None),
    ];
    writer.append(&sample::story(1, story)).unwrap();
    let record = |number| reader.interaction(sample::interaction_id(number)).unwrap().unwrap();
    let late = sample::summary(7);
    let disposition = Some(model::DispositionCode::new("call-back").unwrap());
    assert_eq!(record(7), InteractionSummary { notes: Some("late".to_owned()), disposition, ..late });
    assert_eq!(record(8), InteractionSummary { notes: None, disposition: None, ..sample::summary(8) });
    assert_eq!(numbers(&*reader, InteractionQuery::default()), [8, 7]);
}

pub fn interactions_are_filtered(place: &dyn StoreLocation) {
    let (mut writer, reader) = place.open();
    let mut summaries = [1, 2, 3, 4].map(sample::summary);
    summaries[0].interaction.agent = sample::agent("1002");
    summaries[1].interaction.linkage = sample::linkage(1);
    summaries[2].interaction.contact = Some(sample::contact("c", "Cy", &[]));
    summaries[3].interaction.customer.at = model::PartyKind::Outside(sample::number("+12125550199"));
    complete(&mut *writer, 1, summaries);
    let all = InteractionQuery::default;
    let of_agent = InteractionQuery { agent: Some(sample::agent("1001")), ..all() };
    assert_eq!(numbers(&*reader, of_agent.clone()), [4, 3, 2]);
    assert_eq!(numbers(&*reader, InteractionQuery { linkage: Some(sample::linkage(1)), ..all() }), [2, 1]);
    assert_eq!(numbers(&*reader, InteractionQuery { contact: Some("c".to_owned()), ..all() }), [3]);
    let with = |text| InteractionQuery { number: Some(sample::number(text)), ..all() };
    assert_eq!(numbers(&*reader, with("1 212 555 0199")), [4]);
    assert_eq!(numbers(&*reader, with("212 555 0199")), [0; 0]);
    assert_eq!(numbers(&*reader, with("*")), [0; 0]);
    assert_eq!(numbers(&*reader, InteractionQuery { from: seconds(2), until: seconds(4), ..all() }), [3, 2]);
    assert_eq!(numbers(&*reader, InteractionQuery { until: seconds(3), before: Some(9), ..of_agent }), [2]);
}

pub fn interactions_are_paged_newest_first(place: &dyn StoreLocation) {
    let (mut writer, reader) = place.open();
    complete(&mut *writer, 1, [3, 1, 2, 5, 4].map(sample::summary));
    let page = |before| {
        let query = InteractionQuery { before, limit: 2, ..Default::default() };
        let page = reader.interactions(&query).unwrap();
        page.iter().map(|summary| summary.interaction.number).collect::<Vec<_>>()
    };
    assert_eq!((page(None), page(Some(4)), page(Some(2))), (vec![5, 4], vec![3, 2], vec![1]));
}

pub fn times_of_agents_follow_from_the_journal(place: &dyn StoreLocation) {
    let (mut writer, reader) = place.open();
    let story = [
        sample::changed("1001", sample::not_ready("lunch"), 0, AgentState::Ready),
        sample::changed("1001", AgentState::Ready, 1, AgentState::Busy),
        // Only the next state changes; the agent stays busy.
        sample::changed("1001", AgentState::Busy, 2, AgentState::Busy),
        sample::signed_out("1001", AgentState::Busy, 2),
    ];
    writer.append(&sample::story(1, story)).unwrap();
    let time = |state, from: u64, until: u64| AgentTime {
        agent: sample::agent("1001"),
        state,
        from: Timestamp(from * 1_000),
        until: Timestamp(until * 1_000),
    };
    let times = reader.agent_times(&AgentTimeQuery { limit: 10, ..Default::default() });
    let lunch = sample::not_ready("lunch");
    assert_eq!(
        times,
        Ok(vec![time(AgentState::Busy, 2, 4), time(AgentState::Ready, 1, 2), time(lunch, 0, 1)])
    );
}

pub fn times_of_agents_are_filtered(place: &dyn StoreLocation) {
    let (mut writer, reader) = place.open();
    let story = [1, 2, 3, 4]
        .map(|seq: u64| sample::changed(parity(seq), AgentState::Ready, seq - 1, AgentState::WrapUp));
    writer.append(&sample::story(1, story)).unwrap();
    // Each time ends in the second of its entry and began one second earlier.
    let ends = |agent: Option<&str>, from, until, limit| {
        let query = AgentTimeQuery { agent: agent.map(sample::agent), from, until, limit };
        let times = reader.agent_times(&query).unwrap();
        times.iter().map(|time| time.until.0 / 1_000).collect::<Vec<_>>()
    };
    assert_eq!(ends(None, None, None, 10), [4, 3, 2, 1]);
    assert_eq!(ends(None, None, None, 2), [4, 3]);
    assert_eq!(ends(Some("odd"), None, None, 10), [3, 1]);
    assert_eq!(ends(None, seconds(2), None, 10), [4, 3]);
    assert_eq!(ends(None, None, seconds(2), 10), [2, 1]);
    assert_eq!(ends(Some("even"), seconds(1), seconds(3), 10), [2]);
}

pub fn waits_follow_from_the_journal(place: &dyn StoreLocation) {
    let (mut writer, reader) = place.open();
    let story =
        [sample::returned("7700", "1001"), sample::answered("7700", "1002", 1_500), sample::left("7701", 30)];
    writer.append(&sample::story(1, story)).unwrap();
    let detail = |cause: Option<model::Cause>, waiter| WaitDetail {
        switch: Some("lab".parse().unwrap()),
        call: Some("c1".parse().unwrap()),
        cause,
        waiter,
    };
    let wait = |queue, at, waited_ms, by: Option<&str>, detail| Wait {
        queue: sample::queue(queue),
        at: Timestamp(at),
        waited_ms,
        answered_by: by.map(sample::agent),
        detail,
    };
    let lost = wait("7701", 3_000, 30, None, detail(Some(model::Cause::Abandoned), sample::waiter()));
    let answered = wait("7700", 2_000, 1_500, Some("1002"), detail(None, model::WaitingCaller::default()));
    let waits = reader.waits(&WaitQuery { limit: 10, ..Default::default() });
    assert_eq!(waits, Ok(vec![lost, answered]));
}

pub fn waits_are_filtered(place: &dyn StoreLocation) {
    let (mut writer, reader) = place.open();
    let story = [1, 2, 3, 4].map(|seq: u64| sample::left(parity(seq), seq));
    writer.append(&sample::story(1, story)).unwrap();
    let waited = |queue: Option<&str>, from, until, limit| {
        let query = WaitQuery { queue: queue.map(sample::queue), from, until, limit };
        reader.waits(&query).unwrap().iter().map(|wait| wait.waited_ms).collect::<Vec<_>>()
    };
    assert_eq!(waited(None, None, None, 3), [4, 3, 2]);
    assert_eq!(waited(Some("even"), None, None, 10), [4, 2]);
    assert_eq!(waited(None, seconds(2), seconds(4), 10), [3, 2]);
    assert_eq!(waited(Some("odd"), seconds(2), None, 10), [3]);
}

pub fn history_outlives_the_journal(place: &dyn StoreLocation) {
    let (mut writer, reader) = place.open();
    complete(&mut *writer, 1, [sample::summary(1)]);
    writer.append(&sample::story(2, [sample::left("7700", 5)])).unwrap();
    writer.save_snapshot(Seq(2), b"two").unwrap();
    writer.prune(Seq(2)).unwrap();
    assert!(reader.read(Seq(0), 10).unwrap().is_empty());
    assert_eq!(numbers(&*reader, InteractionQuery::default()), [1]);
    assert_eq!(reader.waits(&WaitQuery { limit: 10, ..Default::default() }).unwrap().len(), 1);
}

pub fn no_query_gives_more_than_the_limit(place: &dyn StoreLocation) {
    let (mut writer, reader) = place.open();
    let rows = LIMIT_MAX as u64 + 1;
    complete(&mut *writer, 1, (1..=rows).map(sample::summary));
    let changes = (0..rows).map(|_| sample::changed("1001", AgentState::Ready, 0, AgentState::Busy));
    writer.append(&sample::story(rows + 1, changes)).unwrap();
    writer.append(&sample::story(2 * rows + 1, (0..rows).map(|_| sample::left("7700", 5)))).unwrap();
    let limit = usize::MAX;
    let interactions = InteractionQuery { limit, ..Default::default() };
    assert_eq!(reader.interactions(&interactions).unwrap().len(), LIMIT_MAX);
    let times = AgentTimeQuery { limit, ..Default::default() };
    assert_eq!(reader.agent_times(&times).unwrap().len(), LIMIT_MAX);
    let waits = WaitQuery { limit, ..Default::default() };
    assert_eq!(reader.waits(&waits).unwrap().len(), LIMIT_MAX);
}
