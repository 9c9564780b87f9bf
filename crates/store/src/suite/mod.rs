//! The contract suite: tests that every store must pass.
//!
//! A test file runs the suite with `store::contract_suite!(place())`, where `place()` creates an empty [`StoreLocation`].

#![allow(clippy::unwrap_used, reason = "these are tests: a failure is a panic")]

#[allow(missing_docs, reason = "the name of a case says what it asks for")]
pub mod audit;
#[allow(missing_docs, reason = "the name of a case says what it asks for")]
pub mod directory;
#[allow(missing_docs, reason = "the name of a case says what it asks for")]
pub mod history;
#[allow(missing_docs, reason = "the name of a case says what it asks for")]
pub mod journal;
pub mod sample;

use crate::{Reader, Writer};

/// The location of a store under test.
pub trait StoreLocation {
    /// Opens the store, for the first time or again after the previous writer and reader were dropped.
    fn open(&self) -> (Box<dyn Writer>, Box<dyn Reader>);
}

/// Creates a test for each case of the suite.
#[macro_export]
macro_rules! contract_suite {
    ($place:expr) => {
        $crate::contract_suite! { $place =>
            journal:
                an_empty_store_holds_nothing
                a_journal_has_an_identity_that_stays
                what_was_appended_is_read_in_order
                a_batch_that_does_not_continue_is_refused
                nothing_is_seen_of_a_refused_batch
                an_empty_batch_changes_nothing
                the_newest_snapshot_is_kept
                a_snapshot_of_what_is_not_stored_is_refused
                pruning_stops_at_the_snapshot
                a_journal_that_was_pruned_goes_on
                entries_are_streamed_to_the_end
                a_reader_sees_whole_batches_only
                a_reopened_store_has_everything;
            directory:
                the_floor_is_replaced
                the_accounts_are_replaced
                a_floor_is_kept_with_its_events_or_not_at_all
                a_token_is_kept_until_it_ends_or_is_taken_out
                api_tokens_are_replaced_and_removed_by_name
                second_factors_are_replaced_and_removed_by_account
                a_contact_is_replaced_and_removed
                a_contact_is_found_however_its_number_is_written
                an_ending_finds_nobody
                everybody_who_has_a_number_is_found
                contacts_are_paged_by_name
                contacts_are_searched_by_name_and_number;
            history:
                a_completed_interaction_is_found
                an_interaction_completed_again_is_replaced
                notes_changed_after_completion_amend_the_record
                interactions_are_filtered
                interactions_are_paged_newest_first
                times_of_agents_follow_from_the_journal
                times_of_agents_are_filtered
                waits_follow_from_the_journal
                waits_are_filtered
                history_outlives_the_journal
                no_query_gives_more_than_the_limit;
            audit:
                an_empty_trail_is_valid
                entries_are_numbered_and_chained
                a_reopened_trail_continues
                entries_are_filtered_and_paged
                a_floor_and_its_entry_are_written_together_or_not_at_all
                what_was_pruned_leaves_a_trail_that_can_be_verified
                nothing_is_pruned_that_is_kept;
        }
    };
    ($place:expr => $($part:ident: $($case:ident)*;)*) => {
        $(mod $part {
            use super::*;
            $(#[test] fn $case() { $crate::suite::$part::$case(&$place); })*
        })*
    };
}
