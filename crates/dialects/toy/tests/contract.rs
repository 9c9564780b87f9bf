//! The session contract, for all inputs of boards and of the hub.

use bytes::Bytes;
use cordboard_toy::{Board, BoardSettings};
use proptest::{prelude::*, sample::select, test_runner::TestRunner};
use session::suite::{self, Streams};
use uuid::Uuid;

/// Lines of boards, whole and in pieces.
fn pieces() -> impl Strategy<Value = Bytes> {
    let lines = ["1001 demo ready\n", "1001 demo sign-", "in\n", "1002 x dance\r\n", "\n", "\u{e4}", "1001 "];
    let lines = select(lines.to_vec()).prop_map(|line| Bytes::from_static(line.as_bytes()));
    let noise = proptest::collection::vec(any::<u8>(), 0..300).prop_map(Bytes::from);
    prop_oneof![4 => lines, 1 => noise]
}

#[test]
fn the_board_keeps_the_contract() {
    let settings = || BoardSettings { boards_max: 4, ..BoardSettings::default() };
    let make = || Board::new(settings(), Uuid::from_u128(7));
    let run = TestRunner::default().run(&suite::stream_steps(Streams::In, pieces(), 60), |steps| {
        suite::check(make, Board::held, 2_000, &steps);
        Ok(())
    });
    run.unwrap();
}
