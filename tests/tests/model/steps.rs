//! What clients do.

use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

/// Something that happens.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// So many seconds pass.
    Wait(u8),
    /// A client sends a message.
    Send {
        /// Which one.
        client: usize,
        /// What it asks.
        acts: Vec<Act>,
        /// What is to be done when something fails.
        option: OnError,
    },
}

/// Batch Error Continuation Option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnError {
    Stop,
    Continue,
    Undo,
}

/// An operation; of the objects that were there before the message, it means the one with this number, counted again from the
/// first where there are fewer.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// A key, with dates so many seconds from now, for so many uses.
    Create {
        activation: Option<i8>,
        deactivation: Option<i8>,
        limit: Option<u8>,
    },
    Activate(usize),
    /// Whether it is compromised.
    Revoke(usize, bool),
    Destroy(usize),
    Encrypt(usize),
    Allocate(usize, u8),
    Archive(usize),
    Recover(usize),
    Get(usize),
}

/// How many clients there are.
pub(crate) const CLIENTS: usize = 3;

pub(crate) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let send = (0..CLIENTS, vec(act(), 1..5), option()).prop_map(|(client, acts, option)| Step::Send {
        client,
        acts,
        option,
    });
    vec(prop_oneof![1 => any::<u8>().prop_map(Step::Wait), 4 => send], 1..24)
}

fn option() -> impl Strategy<Value = OnError> {
    prop_oneof![Just(OnError::Stop), Just(OnError::Continue), Just(OnError::Undo)]
}

fn act() -> impl Strategy<Value = Act> {
    let number = || 0_usize..8;
    let date = || of(any::<i8>());
    prop_oneof![
        4 => (date(), date(), of(0_u8..6)).prop_map(|(activation, deactivation, limit)| {
            Act::Create { activation, deactivation, limit }
        }),
        3 => number().prop_map(Act::Activate),
        2 => (number(), any::<bool>()).prop_map(|(object, compromised)| Act::Revoke(object, compromised)),
        2 => number().prop_map(Act::Destroy),
        4 => number().prop_map(Act::Encrypt),
        2 => (number(), 0_u8..4).prop_map(|(object, count)| Act::Allocate(object, count)),
        1 => number().prop_map(Act::Archive),
        1 => number().prop_map(Act::Recover),
        2 => number().prop_map(Act::Get),
    ]
}
