//! Whole calls over streams in memory, whatever servers, streams and clocks do in whatever order.

mod pipe;
mod scenarios;
mod world;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::*;
use crate::engine::{PoolOptions, RetryPolicy, Selection, Settings};
use pipe::{End, How};
use world::World;

/// What happens. Numbers choose among the calls or the streams.
#[derive(Clone, Debug)]
enum Event {
    /// A call begins: whether it changes something, and within how many milliseconds it has to be over.
    Begin(bool, Option<u64>),
    /// A call goes on, as far as that goes without waiting.
    Step(usize),
    /// The stream of a call is opened, or cannot be.
    Open(usize, bool),
    /// The server takes a request from a stream, and answers.
    Answer(usize, How),
    /// The server closes a stream.
    End(usize, End),
    /// A stream takes no more than this many bytes from now on.
    Room(usize, usize),
    /// Milliseconds pass.
    Pass(u64),
    /// A call is dropped.
    Drop(usize),
}

fn all_settings() -> impl Strategy<Value = Settings> {
    let times = |range: core::ops::Range<u64>| range.prop_map(Duration::from_millis);
    let pool = (1_usize..4, option::of(times(1..2000)), option::of(times(1..3000)), times(0..900));
    let version = option::of(Just(ProtocolVersion::V2_1));
    (1_usize..3, any::<bool>(), pool, 1_u32..4, version, any::<u64>()).prop_map(
        |(servers, in_turn, (maximum, idle_timeout, lifetime, check_after), attempts, version, seed)| {
            Settings {
                servers,
                selection: if in_turn { Selection::RoundRobin } else { Selection::Priority },
                pool: PoolOptions { maximum, idle_timeout, lifetime, check_after, ..PoolOptions::default() },
                retries: RetryPolicy { attempts, ..RetryPolicy::default() },
                version,
                seed,
            }
        },
    )
}

fn events() -> impl Strategy<Value = Event> {
    let number = || 0_usize..6;
    let how = prop_oneof![
        6 => Just(How::Well),
        1 => Just(How::Twice),
        1 => Just(How::Refusing),
        1 => Just(How::Partly),
    ];
    let end = prop_oneof![Just(End::Closed), Just(End::Reset), Just(End::Alert)];
    prop_oneof![
        4 => (any::<bool>(), option::of(0_u64..5000)).prop_map(|(changes, within)| Event::Begin(changes, within)),
        9 => number().prop_map(Event::Step),
        5 => (number(), prop::bool::weighted(0.85)).prop_map(|(call, can_be)| Event::Open(call, can_be)),
        6 => (0_usize..20, how).prop_map(|(pipe, how)| Event::Answer(pipe, how)),
        1 => (0_usize..20, end).prop_map(|(pipe, end)| Event::End(pipe, end)),
        1 => (0_usize..20, 0_usize..200).prop_map(|(pipe, room)| Event::Room(pipe, room)),
        1 => (0_u64..1500).prop_map(Event::Pass),
        1 => number().prop_map(Event::Drop),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn changes_nothing_twice_and_mixes_up_no_answers(
        settings in all_settings(),
        happens in vec(events(), 0..150),
    ) {
        let mut world = World::new(settings);
        for event in &happens {
            world.apply(event);
        }
        world.end();
    }
}
