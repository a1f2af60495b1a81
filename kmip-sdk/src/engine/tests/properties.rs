//! What is true of the engine, whatever happens in whatever order.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::model::{Ending, Event, Model};
use super::*;

fn times(range: core::ops::RangeInclusive<u64>) -> impl Strategy<Value = Duration> {
    range.prop_map(milliseconds)
}

fn pools() -> impl Strategy<Value = PoolOptions> {
    let kept = (0_usize..4, 0_usize..4, option::of(times(1..=900)), option::of(times(1..=1500)));
    let waits = (times(0..=300), option::of(times(0..=900)), times(0..=900));
    (kept, waits).prop_map(
        |((maximum, minimum, idle_timeout, lifetime), (check_after, wait, leave_alone))| PoolOptions {
            maximum,
            minimum,
            idle_timeout,
            lifetime,
            check_after,
            wait,
            leave_alone,
        },
    )
}

fn policies() -> impl Strategy<Value = RetryPolicy> {
    (0_u32..5, times(0..=200), times(0..=400), 0_u32..4).prop_map(
        |(attempts, pause, longest_pause, budget)| RetryPolicy { attempts, pause, longest_pause, budget },
    )
}

fn all_settings() -> impl Strategy<Value = Settings> {
    let selection = prop_oneof![Just(Selection::Priority), Just(Selection::RoundRobin)];
    let version = option::of(Just(ProtocolVersion::V2_1));
    (1_usize..4, selection, pools(), policies(), version, any::<u64>()).prop_map(
        |(servers, selection, pool, retries, version, seed)| Settings {
            servers,
            selection,
            pool,
            retries,
            version,
            seed,
        },
    )
}

fn failures() -> impl Strategy<Value = Failure> {
    any::<(bool, bool, bool, bool)>().prop_map(|(sent, repeatable, fresh, transient)| Failure {
        sent,
        repeatable,
        fresh,
        transient,
    })
}

fn events() -> impl Strategy<Value = Event> {
    let call = || 0_usize..8;
    prop_oneof![
        4 => option::of(0_u64..2000).prop_map(Event::Begin),
        8 => call().prop_map(Event::Next),
        2 => (0_u64..600).prop_map(Event::Pass),
        3 => (call(), prop::bool::weighted(0.8)).prop_map(|(call, says)| Event::Connected(call, says)),
        2 => (call(), prop::bool::weighted(0.8)).prop_map(|(call, passes)| Event::Unreachable(call, passes)),
        3 => call().prop_map(Event::Finished),
        1 => call().prop_map(Event::FinishedWithout),
        1 => (call(), failures()).prop_map(|(call, failure)| Event::Refused(call, failure)),
        2 => (call(), failures()).prop_map(|(call, failure)| Event::Broken(call, failure)),
        1 => call().prop_map(Event::Abandon),
        1 => Just(Event::Expire),
        1 => Just(Event::Connecting),
    ]
}

fn endings() -> impl Strategy<Value = Ending> {
    prop_oneof![
        Just(Ending::Succeed),
        Just(Ending::Unreachable),
        Just(Ending::BreakUnsent),
        Just(Ending::BreakSent)
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn loses_no_connection_and_no_call(
        settings in all_settings(),
        happens in vec(events(), 0..120),
        ending in endings(),
    ) {
        let mut model = Model::new(settings);
        for event in &happens {
            model.apply(event);
        }
        model.end(ending);
    }
}
