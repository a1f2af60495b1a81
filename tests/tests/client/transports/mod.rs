//! The same calls over every transport and by both drivers, from one table.

mod batches;
mod keys;
mod layers;
mod options;
mod place;
mod pool;
mod versions;

/// Makes a test of each case over each of these transports with each driver.
macro_rules! over {
    ([$($transport:ident)*] $cases:tt) => { $(
        #[allow(non_snake_case, reason = "named as the transports are")]
        mod $transport {
            $crate::transports::each!($transport $cases);
        }
    )* };
}

macro_rules! each {
    ($transport:ident [$($module:ident :: $case:ident)*]) => { $(
        mod $case {
            use crate::transports::$module::$case;
            use crate::transports::place::Transport;

            #[test]
            fn blocking() {
                $case::<kmip_sdk::Blocking>(Transport::$transport);
            }

            #[test]
            fn tokio() {
                $case::<kmip_sdk::tokio::Tokio>(Transport::$transport);
            }
        }
    )* };
}

use each;

over! {
    [Ttlv HttpsTtlv HttpsJson HttpsXml Memory Plain]
    [
        keys::lives_the_life_of_a_key
        keys::types_the_failures_of_the_server
        keys::takes_a_large_object
        batches::finds_the_results_of_a_batch
        batches::knows_what_a_stopped_batch_did_not_do
        options::sends_the_options_of_one_call
        options::ends_a_call_by_its_own_timeout
        options::makes_a_call_in_its_own_version
        options::reports_a_response_that_exceeds_its_maximum
        options::tells_what_is_known_of_an_exchange
        options::exchanges_bytes
        options::shows_messages_to_the_observer
        versions::agrees_on_each_version
        versions::connects_at_the_first_call
        versions::asks_for_capabilities_once
        pool::makes_many_calls_over_one_connection
        pool::shares_four_connections_among_sixty_four_calls
        pool::finds_a_server_that_closed_idle_connections
        layers::counts_refuses_answers_and_delays
    ]
}

over! {
    [Bare]
    [
        keys::lives_the_life_of_a_key
        keys::types_the_failures_of_the_server
        keys::takes_a_large_object
        batches::refuses_a_batch_in_the_bare_form
        options::ends_a_call_by_its_own_timeout
        options::refuses_what_the_bare_form_has_no_place_for
        options::shows_messages_to_the_observer
        versions::connects_at_the_first_call
        versions::asks_for_capabilities_once
        pool::makes_many_calls_over_one_connection
        pool::shares_four_connections_among_sixty_four_calls
        pool::finds_a_server_that_closed_idle_connections
        layers::counts_refuses_answers_and_delays
    ]
}
