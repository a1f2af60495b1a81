//! Random sequences of what several clients ask, against the server and against a small model of the lifecycle, of who
//! owns what and of usage limits: both say the same. A batch that fails under Undo leaves nothing behind.
//!
//! `KMIP_MODEL_CASES` says how many sequences there are.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A panic is how a test fails.

mod model;
mod steps;
mod world;

use kmip_sdk::types::ProtocolVersion;
use proptest::prelude::*;

use model::Model;
use steps::{Step, steps};
use world::World;

/// How many sequences are tried.
fn cases() -> u32 {
    std::env::var("KMIP_MODEL_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(96)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), max_shrink_iters: 4096, ..ProptestConfig::default() })]

    #[test]
    fn the_server_and_the_model_say_the_same(
        version in prop_oneof![Just(ProtocolVersion::V1_4), Just(ProtocolVersion::V2_1)],
        steps in steps(),
    ) {
        run(version, &steps);
    }
}

/// Takes the steps in both, and compares after each.
fn run(version: ProtocolVersion, steps: &[Step]) {
    let (world, mut model) = (World::new(version), Model::default());
    for step in steps {
        match step {
            Step::Wait(seconds) => {
                world.wait(i64::from(*seconds));
                model.wait(i64::from(*seconds));
            }
            Step::Send { client, acts, option } => {
                let names = model.names();
                let said = world.send(*client, acts, *option, &names);
                let expected = model.send(*client, acts, *option, &said);
                let results: Vec<bool> = said.iter().map(|item| item.is_done).collect();
                assert_eq!(results, expected, "{step:?}");
            }
        }
        world.check(&model);
    }
}

/// What is asked again and again in each state, so that no transition is left to chance.
#[test]
fn each_act_is_compared_in_each_state() {
    use steps::Act::{Activate, Allocate, Archive, Create, Destroy, Encrypt, Recover, Revoke};
    use steps::OnError::Continue;
    let made = Create { activation: None, deactivation: None, limit: Some(5) };
    for to_state in [
        vec![Recover(0)],
        vec![Activate(0)],
        vec![Activate(0), Revoke(0, false)],
        vec![Revoke(0, true)],
        vec![Destroy(0)],
        vec![Revoke(0, true), Destroy(0)],
        vec![Archive(0)],
    ] {
        for act in [
            Activate(0),
            Revoke(0, false),
            Revoke(0, true),
            Destroy(0),
            Encrypt(0),
            Allocate(0, 3),
            Archive(0),
            Recover(0),
        ] {
            let send = |client, acts| Step::Send { client, acts, option: Continue };
            let steps = [
                send(0, vec![made.clone()]),
                send(0, to_state.clone()),
                send(1, vec![act.clone()]),
                send(0, vec![act.clone(), act]),
            ];
            for version in [ProtocolVersion::V1_4, ProtocolVersion::V2_1] {
                run(version, &steps);
            }
        }
    }
}
