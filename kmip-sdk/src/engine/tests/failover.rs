//! Which server is taken, and what becomes of one that fails.

use super::*;

/// The call finds that server unreachable.
fn fails_on(script: &mut Script, call: &Call, server: usize) {
    assert_eq!(script.next(call), Told::Connect(server));
    script.unreachable(call, "down");
}

#[test]
fn takes_the_first_server() {
    let mut script = Script::new(Settings { servers: 2, ..pool(|pool| pool.maximum = 9) });
    for _ in 0..3 {
        script.using(0);
    }
}

#[test]
fn takes_servers_in_turn() {
    let settings = Settings { servers: 3, selection: Selection::RoundRobin, ..pool(|pool| pool.maximum = 9) };
    let mut script = Script::new(settings);
    for server in [0, 1, 2, 0, 1] {
        script.using(server);
    }
}

#[test]
fn fails_over_in_turn() {
    let settings = Settings { servers: 3, selection: Selection::RoundRobin, ..settings() };
    let mut script = Script::new(settings);
    script.using(0);
    let call = script.call();
    fails_on(&mut script, &call, 1);
    script.connect(&call, 2);
    // The one that is left alone is not taken, though it is its turn.
    let [_, _, third] = [script.call(), script.call(), script.call()];
    assert_eq!(script.next(&third), Told::Wait(None));
    assert_eq!(script.counts(2), [1, 0, 1]);
}

#[test]
fn fails_over_to_each_server_once() {
    let mut script = Script::new(servers(3));
    let call = script.call();
    for server in 0..3 {
        fails_on(&mut script, &call, server);
    }
    assert_eq!(script.next(&call), Told::GiveUp(Some("down")));
    assert!(script.engine.calls.is_empty());
}

#[test]
fn leaves_a_failed_server_alone() {
    let mut script = Script::new(Settings { servers: 2, ..pool(|pool| pool.maximum = 9) });
    let call = script.call();
    fails_on(&mut script, &call, 0);
    script.connect(&call, 1);
    script.pass(999);
    script.using(1);
    script.pass(1);
    let (user, connection) = script.using(0);
    // That it takes connections does not say that it answers.
    assert_eq!(script.engine.servers[0].failures(), 1);
    script.finish(&user, connection);
    assert_eq!(script.engine.servers[0].failures(), 0);
}

#[test]
fn leaves_a_server_alone_for_twice_as_long_each_time_up_to_32_times() {
    let mut script = Script::new(Settings { servers: 2, ..pool(|pool| pool.maximum = 99) });
    for alone in [1, 2, 4, 8, 16, 32, 32, 32] {
        let call = script.call();
        fails_on(&mut script, &call, 0);
        script.connect(&call, 1);
        script.pass(alone * 1000 - 1);
        script.using(1);
        script.pass(1);
    }
    script.using(0);
}

#[test]
fn begins_anew_with_a_server_that_came_back() {
    let mut script = Script::new(Settings { servers: 2, ..pool(|pool| pool.maximum = 99) });
    for alone in [1000, 2000] {
        let call = script.call();
        fails_on(&mut script, &call, 0);
        script.pass(alone);
    }
    let (user, _) = script.using(0);
    script.engine.finished_without(user.id, Closed::ByServer);
    let call = script.call();
    fails_on(&mut script, &call, 0);
    script.pass(1000);
    script.using(0);
}

#[test]
fn probes_a_failed_server_by_one_call() {
    let mut script = Script::new(Settings { servers: 2, ..pool(|pool| pool.maximum = 9) });
    let call = script.call();
    fails_on(&mut script, &call, 0);
    script.pass(1000);
    let probe = script.call();
    assert_eq!(script.next(&probe), Told::Connect(0));
    script.using(1);
    script.connected(&probe);
    script.using(0);
}

#[test]
fn tries_the_server_whose_time_is_up_first_where_all_are_left_alone() {
    let mut script = Script::new(servers(3));
    let call = script.call();
    for server in 0..3 {
        fails_on(&mut script, &call, server);
        script.pass(10);
    }
    script.next(&call);
    let calls = [script.call(), script.call()];
    for server in 0..2 {
        fails_on(&mut script, &calls[0], server);
    }
    assert_eq!(script.next(&calls[1]), Told::Connect(2));
}

#[test]
fn comes_back_once_one_of_all_servers_is_back() {
    let mut script = Script::new(servers(2));
    let call = script.call();
    fails_on(&mut script, &call, 0);
    fails_on(&mut script, &call, 1);
    assert_eq!(script.next(&call), Told::GiveUp(Some("down")));
    // Both are left alone, and a call tries them all the same.
    let call = script.call();
    fails_on(&mut script, &call, 0);
    let connection = script.connect(&call, 1);
    script.finish(&call, connection);
    let call = script.call();
    assert_eq!(script.next(&call), Told::Use(1, 0));
}

#[test]
fn fails_over_before_anything_was_sent() {
    let mut script = Script::new(servers(2));
    let (call, _) = script.using(0);
    assert!(script.broken(&call, UNSENT));
    script.connect(&call, 1);
    assert_eq!(script.engine.servers[0].failures(), 1);
}

#[test]
fn replaces_a_connection_that_was_idle_before_it_fails_over() {
    let mut script = Script::new(servers(2));
    script.idle(1);
    let call = script.call();
    assert_eq!(script.next(&call), Told::Use(0, 0));
    assert!(script.broken(&call, STALE));
    script.connect(&call, 0);
    assert!(script.broken(&call, UNSENT));
    script.connect(&call, 1);
}

#[test]
fn fails_over_from_what_does_not_pass() {
    let mut script = Script::new(servers(2));
    script.idle(1);
    let call = script.call();
    assert_eq!(script.next(&call), Told::Use(0, 0));
    assert!(script.broken(&call, Failure { transient: false, ..STALE }));
    script.connect(&call, 1);
}

#[test]
fn does_not_fail_over_after_something_was_sent() {
    let mut script = Script::new(servers(2));
    let (call, _) = script.using(0);
    assert!(!script.broken(&call, CHANGING));
    assert_eq!(script.next(&call), Told::GiveUp(None));
    assert_eq!(script.counts(1), [0, 0, 0]);
}

#[test]
fn asks_the_same_server_again_after_something_was_sent() {
    let mut script = Script::new(Settings { retries: RetryPolicy::default(), ..servers(2) });
    let (call, _) = script.using(0);
    assert!(script.broken(&call, READING));
    script.next(&call);
    script.pass(100);
    assert_eq!(script.next(&call), Told::Connect(0));
    assert_eq!(script.engine.servers[0].failures(), 0);
}

#[test]
fn does_not_wait_for_a_server_that_failed_once_nobody_has_a_connection() {
    let mut script = Script::new(servers(2));
    let (user, waiting) = (script.call(), script.call());
    assert_eq!(script.next(&user), Told::Connect(0));
    assert_eq!(script.next(&waiting), Told::Wait(None));
    script.unreachable(&user, "down");
    assert!(waiting.is_woken());
    assert_eq!(script.next(&waiting), Told::Connect(1));
}

#[test]
fn waits_for_a_connection_of_a_server_that_failed_if_there_is_one() {
    let mut script = Script::new(pool(|pool| pool.maximum = 2));
    let (user, connection) = script.using(0);
    let (fails, waiting) = (script.call(), script.call());
    assert_eq!(script.next(&fails), Told::Connect(0));
    assert_eq!(script.next(&waiting), Told::Wait(None));
    script.unreachable(&fails, "down");
    assert_eq!(script.next(&waiting), Told::Connect(0));
    script.finish(&user, connection);
    assert_eq!(script.counts(0), [2, 1, 0]);
}
