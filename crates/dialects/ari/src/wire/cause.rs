//! Hang-up causes: the numbers of Q.850 (`include/asterisk/causes.h`).

use model::Cause;

/// The cause for a called party.
pub fn of_called(q850: u32) -> Cause {
    match q850 {
        1..=3 | 28 => Cause::InvalidNumber,
        17 => Cause::Busy,
        16 | 18 | 19 => Cause::NoAnswer,
        21 => Cause::Rejected,
        _ => Cause::Failed,
    }
}

/// The value of ARI's `reason` for a cause.
pub fn reason(cause: Cause) -> &'static str {
    match cause {
        Cause::Busy => "busy",
        Cause::NoAnswer => "no_answer",
        Cause::Rejected => "rejected",
        Cause::InvalidNumber => "unallocated",
        Cause::Failed | Cause::Lost | Cause::Forced => "congestion",
        Cause::Deflected => "answered_elsewhere",
        Cause::Normal | Cause::Abandoned | Cause::Transferred | Cause::Conferenced => "normal",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_of_parties_that_were_called() {
        assert_eq!((of_called(17), of_called(1)), (Cause::Busy, Cause::InvalidNumber));
        assert_eq!(
            (of_called(19), of_called(21), of_called(34)),
            (Cause::NoAnswer, Cause::Rejected, Cause::Failed)
        );
    }
}
