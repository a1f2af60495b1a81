//! When a request is made again, how often, and after which pause.

use super::*;

/// Retries without a budget to speak of.
fn retrying(attempts: u32) -> Settings {
    let retries =
        RetryPolicy { attempts, pause: milliseconds(100), longest_pause: milliseconds(350), budget: 1000 };
    Settings { retries, ..settings() }
}

/// How long the call pauses from now on, in milliseconds.
fn pause(script: &mut Script, call: &Call) -> u64 {
    match script.next(call) {
        Told::Wait(Some(until)) => until - script.since_start(script.now),
        told => panic!("{told:?} rather than a pause"),
    }
}

#[test]
fn makes_as_many_attempts_as_it_may() {
    for attempts in 1..5 {
        let mut script = Script::new(retrying(attempts));
        let call = script.call();
        for attempt in 1..=attempts {
            script.connect(&call, 0);
            assert_eq!(script.broken(&call, READING), attempt < attempts);
            script.pass(350);
        }
        assert!(script.engine.calls.is_empty());
    }
}

#[test]
fn makes_one_attempt_where_none_are_permitted() {
    for policy in [RetryPolicy::NONE, RetryPolicy { attempts: 0, ..RetryPolicy::default() }] {
        let mut script = Script::new(Settings { retries: policy, ..settings() });
        let (call, _) = script.using(0);
        assert!(!script.broken(&call, READING));
    }
}

#[test]
fn pauses_for_twice_as_long_each_time_up_to_the_longest() {
    for seed in 0..100 {
        let mut script = Script::new(Settings { seed, ..retrying(9) });
        let call = script.call();
        for full in [100, 200, 350, 350, 350] {
            script.connect(&call, 0);
            assert!(script.broken(&call, READING));
            let pause = pause(&mut script, &call);
            assert!((full / 2..=full).contains(&pause), "{pause} of {full}");
            // The instant is more exact than milliseconds.
            script.pass(pause + 1);
        }
    }
}

#[test]
fn pauses_differently_each_time() {
    let mut pauses: Vec<_> = (0..20)
        .map(|seed| Settings { seed: seed << 32, ..retrying(9) })
        .map(|settings| {
            let mut script = Script::new(settings);
            let (call, _) = script.using(0);
            script.broken(&call, READING);
            pause(&mut script, &call)
        })
        .collect();
    pauses.sort_unstable();
    pauses.dedup();
    assert!(pauses.len() > 10, "{pauses:?}");
}

#[test]
fn does_not_go_on_before_the_pause_is_over() {
    let mut script = Script::new(retrying(2));
    let (call, _) = script.using(0);
    assert!(script.broken(&call, READING));
    let pause = pause(&mut script, &call);
    script.pass(pause - 1);
    assert!(matches!(script.next(&call), Told::Wait(Some(_))));
    script.pass(1);
    assert!(!call.is_woken());
    // The instant is more exact than milliseconds.
    script.pass(1);
    assert_eq!(script.next(&call), Told::Connect(0));
}

#[test]
fn makes_no_request_again_that_was_sent_and_may_have_changed_something() {
    for failure in [CHANGING, Failure { transient: false, ..READING }, Failure { fresh: true, ..CHANGING }] {
        let mut script = Script::new(retrying(9));
        let (call, _) = script.using(0);
        assert!(!script.broken(&call, failure), "{failure:?}");
        let (call, connection) = script.using(0);
        let now = script.now;
        assert!(!script.engine.refused(call.id, failure, "refused", connection, now, now), "{failure:?}");
        assert_eq!(script.counts(0), [1, 1, 0]);
        assert!(script.engine.calls.is_empty());
    }
}

#[test]
fn makes_a_refused_request_again_over_the_same_connection() {
    let mut script = Script::new(retrying(2));
    let (call, connection) = script.using(0);
    let now = script.now;
    assert!(script.engine.refused(call.id, READING, "refused", connection, now, now));
    script.next(&call);
    script.pass(100);
    assert_eq!(script.next(&call), Told::Use(0, 0));
    assert!(!script.engine.refused(call.id, READING, "refused", connection, now, script.now));
}

#[test]
fn takes_the_failure_of_all_servers_for_one_attempt() {
    let mut script = Script::new(Settings { servers: 2, ..retrying(2) });
    let call = script.call();
    for attempt in 1..=2 {
        for server in 0..2 {
            assert_eq!(script.next(&call), Told::Connect(server));
            script.unreachable(&call, "down");
        }
        if attempt == 1 {
            assert!((50..=100).contains(&pause(&mut script, &call)));
            script.pass(100);
        }
    }
    assert_eq!(script.next(&call), Told::GiveUp(Some("down")));
}

#[test]
fn does_not_try_again_what_cannot_be_reached_for_good() {
    let mut script = Script::new(retrying(9));
    let call = script.call();
    assert_eq!(script.next(&call), Told::Connect(0));
    script.engine.unreachable(call.id, "not trusted", false, script.now);
    assert_eq!(script.next(&call), Told::GiveUp(Some("not trusted")));
}

#[test]
fn fails_at_once_where_the_pause_is_beyond_the_deadline() {
    let mut script = Script::new(retrying(9));
    let call = script.call_within(50);
    script.connect(&call, 0);
    assert!(!script.broken(&call, READING));
    let call = script.call_within(50);
    assert_eq!(script.next(&call), Told::Connect(0));
    script.unreachable(&call, "down");
    assert_eq!(script.next(&call), Told::GiveUp(Some("down")));
    // What was not made is not paid for.
    assert_eq!(script.engine.budget, 10_000);
}

#[test]
fn says_why_it_failed_last_when_its_time_is_over() {
    let mut script = Script::new(retrying(9));
    let call = script.call_within(1000);
    assert_eq!(script.next(&call), Told::Connect(0));
    script.unreachable(&call, "down");
    script.next(&call);
    script.pass(1000);
    assert_eq!(script.next(&call), Told::GiveUp(Some("down")));
}

#[test]
fn stops_when_the_budget_is_used_up() {
    let mut settings = retrying(9);
    settings.retries.budget = 2;
    let mut script = Script::new(settings);
    for goes_on in [true, true, false, false] {
        let (call, _) = script.using(0);
        assert_eq!(script.broken(&call, READING), goes_on);
        script.abandon(&call);
    }
    // Ten calls that succeed pay for one retry.
    for paid in [false, true, false] {
        let (call, _) = script.using(0);
        assert_eq!(script.broken(&call, READING), paid);
        script.abandon(&call);
        for _ in 0..if paid { 0 } else { 5 } {
            let (call, connection) = script.using(0);
            script.finish(&call, connection);
            let call = script.call();
            assert!(matches!(script.next(&call), Told::Use(0, _)));
            script.engine.finished_without(call.id, Closed::ByServer);
        }
    }
}

#[test]
fn saves_no_more_than_the_budget() {
    let mut settings = retrying(9);
    settings.retries.budget = 1;
    let mut script = Script::new(settings);
    for _ in 0..100 {
        let (call, _) = script.using(0);
        script.engine.finished_without(call.id, Closed::ByServer);
    }
    for goes_on in [true, false] {
        let (call, _) = script.using(0);
        assert_eq!(script.broken(&call, READING), goes_on);
        script.abandon(&call);
    }
}

#[test]
fn replaces_a_connection_without_paying_for_it() {
    let mut script = Script::new(settings());
    script.idle(1);
    let call = script.call();
    script.next(&call);
    assert!(script.broken(&call, STALE));
    script.connect(&call, 0);
}
