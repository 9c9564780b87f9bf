//! Notices of sessions for agents.

use crate::floor;

use cordboard_core::Input;
use floor::*;
use model::{Code, Event, FloorEvent, InteractionId, Notice, NoticeLevel};
use uuid::Uuid;

fn notice() -> Notice {
    Notice::from_text(NoticeLevel::Warning, Code::Unavailable, "the peer is gone")
}

#[test]
fn a_notice_has_the_interaction_only_while_that_is_there() {
    let mut hub = Hub::new();
    hub.ready("1001");
    hub.queued("a");
    hub.delivered("a", "1001", caller(), None);
    let live = hub.of("1001").id;
    let gone = InteractionId(Uuid::from_u128(77));
    let mut notify = |id: &str, interaction| {
        let input = Input::Notice { agent: agent(id), interaction, notice: notice() };
        hub.input(input).records.iter().map(|record| record.event.clone()).collect::<Vec<_>>()
    };
    let recorded = |interaction| {
        vec![Event::Floor(FloorEvent::NoticeRaised {
            agent: Some(agent("1001")),
            interaction,
            notice: notice(),
        })]
    };
    assert_eq!(notify("1001", Some(live)), recorded(Some(live)));
    assert_eq!(notify("1001", Some(gone)), recorded(None));
    assert_eq!(notify("nobody", Some(live)), []);
}
