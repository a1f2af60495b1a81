//! Which connections are used, made, kept and closed.

use super::*;

#[test]
fn uses_the_connection_that_was_used_last() {
    let mut script = Script::new(pool(|pool| pool.maximum = 3));
    let (first, second, third) = (script.using(0), script.using(0), script.using(0));
    script.finish(&first.0, first.1);
    script.finish(&third.0, third.1);
    script.finish(&second.0, second.1);
    let calls = [script.call(), script.call(), script.call()];
    let told = calls.each_ref().map(|call| script.next(call));
    assert_eq!(told, [Told::Use(0, 1), Told::Use(0, 2), Told::Use(0, 0)]);
}

#[test]
fn makes_a_connection_as_long_as_there_are_fewer_than_the_maximum() {
    let mut script = Script::new(pool(|pool| pool.maximum = 2));
    script.using(0);
    script.using(0);
    let third = script.call();
    assert_eq!(script.next(&third), Told::Wait(None));
    assert_eq!(script.counts(0), [2, 0, 1]);
}

#[test]
fn takes_a_maximum_of_none_for_one() {
    let mut script = Script::new(pool(|pool| pool.maximum = 0));
    let (first, connection) = script.using(0);
    let second = script.call();
    assert_eq!(script.next(&second), Told::Wait(None));
    script.finish(&first, connection);
    assert_eq!(script.next(&second), Told::Use(0, 0));
}

#[test]
fn looks_at_a_connection_that_was_idle_for_long() {
    for (idle, told) in [(999, Told::Use(0, 0)), (1000, Told::Check(0, 0))] {
        let mut script = Script::new(settings());
        script.idle(1);
        script.pass(idle);
        let call = script.call();
        assert_eq!(script.next(&call), told, "idle for {idle} ms");
    }
}

#[test]
fn looks_at_idle_connections_once_one_of_them_broke() {
    let mut script = Script::new(pool(|pool| pool.maximum = 3));
    script.idle(3);
    let call = script.call();
    assert_eq!(script.next(&call), Told::Use(0, 2));
    let lost = Failure { sent: true, repeatable: false, fresh: false, transient: true };
    assert!(!script.broken(&call, lost));
    // A look was enough.
    let call = script.call();
    assert_eq!(script.next(&call), Told::Check(0, 1));
    script.finish(&call, 1);
    let call = script.call();
    assert_eq!(script.next(&call), Told::Use(0, 1));
    // That a new connection broke says nothing of those that were there.
    let mut script = Script::new(pool(|pool| pool.maximum = 3));
    let (first, connection) = script.using(0);
    let (second, _) = script.using(0);
    script.finish(&first, connection);
    assert!(!script.broken(&second, Failure { fresh: true, ..lost }));
    let call = script.call();
    assert_eq!(script.next(&call), Told::Use(0, connection));
}

#[test]
fn comes_by_again_for_what_is_in_use_now() {
    let mut script = Script::new(pool(|pool| pool.idle_timeout = Some(milliseconds(500))));
    assert_eq!(script.engine.next_look(script.now), None);
    let (call, connection) = script.using(0);
    script.pass(100);
    assert_eq!(script.engine.next_look(script.now).map(|at| script.since_start(at)), Some(600));
    script.finish(&call, connection);
    script.pass(100);
    assert_eq!(script.engine.next_look(script.now).map(|at| script.since_start(at)), Some(600));
}

#[test]
fn closes_what_was_idle_for_too_long() {
    let mut script = Script::new(pool(|pool| {
        pool.maximum = 2;
        pool.idle_timeout = Some(milliseconds(500));
    }));
    let (first, second) = (script.using(0), script.using(0));
    script.finish(&first.0, first.1);
    script.pass(100);
    script.finish(&second.0, second.1);
    assert_eq!(script.engine.next_expiry().map(|at| script.since_start(at)), Some(500));
    script.pass(399);
    script.engine.expire(script.now);
    assert!(script.engine.take_closed().is_empty());
    script.pass(1);
    script.engine.expire(script.now);
    assert_eq!(script.engine.take_closed(), [0]);
    assert_eq!(script.engine.next_expiry().map(|at| script.since_start(at)), Some(600));
    // Asking for the next step closes too.
    script.pass(100);
    let call = script.call();
    assert_eq!(script.next(&call), Told::Connect(0));
    assert_eq!(script.engine.take_closed(), [1]);
    assert_eq!(script.closed(Closed::Idle), 2);
    assert_eq!(script.engine.next_expiry(), None);
}

#[test]
fn closes_what_is_too_old_once_nobody_uses_it() {
    let mut script = Script::new(pool(|pool| pool.lifetime = Some(milliseconds(500))));
    let opened = script.now;
    let (call, connection) = script.using(0);
    script.pass(600);
    script.engine.expire(script.now);
    assert!(script.engine.take_closed().is_empty());
    let waiting = script.call();
    script.next(&waiting);
    script.engine.finished(call.id, connection, opened, script.now);
    assert_eq!(script.engine.take_closed(), [0]);
    assert_eq!(script.closed(Closed::Lifetime), 1);
    // Its place goes to whoever waits.
    assert!(waiting.is_woken());
    assert_eq!(script.next(&waiting), Told::Connect(0));
}

#[test]
fn closes_what_became_too_old_while_it_was_idle() {
    let mut script = Script::new(pool(|pool| {
        pool.minimum = 1;
        pool.lifetime = Some(milliseconds(500));
    }));
    script.idle(1);
    assert_eq!(script.engine.next_expiry().map(|at| script.since_start(at)), Some(500));
    script.pass(500);
    script.engine.expire(script.now);
    assert_eq!(script.engine.take_closed(), [0]);
    assert_eq!(script.engine.missing(script.now), 1);
}

#[test]
fn keeps_the_minimum_though_it_is_idle_for_long() {
    let mut script = Script::new(pool(|pool| {
        pool.maximum = 3;
        pool.minimum = 2;
        pool.idle_timeout = Some(milliseconds(500));
    }));
    script.idle(3);
    script.pass(5000);
    script.engine.expire(script.now);
    assert_eq!(script.engine.take_closed(), [0]);
    assert_eq!(script.counts(0), [2, 2, 0]);
    assert_eq!(script.engine.next_expiry(), None);
}

#[test]
fn makes_up_the_minimum() {
    let mut script = Script::new(pool(|pool| {
        pool.maximum = 2;
        pool.minimum = 3;
    }));
    for number in 0..2 {
        assert_eq!(script.engine.missing(script.now), 2 - number);
        let (id, step) = script.engine.begin_connecting(None, script.now).unwrap();
        assert!(matches!(step, Step::Connect { server: 0 }));
        let call = Call { id, woken: Arc::default() };
        let connection = script.connected(&call);
        script.finish(&call, connection);
    }
    assert_eq!(script.engine.missing(script.now), 0);
    assert!(script.engine.begin_connecting(None, script.now).is_none());
    assert_eq!(script.counts(0), [2, 2, 0]);
    assert!(script.engine.calls.is_empty());
}

#[test]
fn makes_up_the_minimum_of_the_server_that_can_be_reached() {
    let mut script = Script::new(Settings { servers: 2, ..pool(|pool| pool.minimum = 1) });
    let (id, _) = script.engine.begin_connecting(None, script.now).unwrap();
    let call = Call { id, woken: Arc::default() };
    script.unreachable(&call, "down");
    script.abandon(&call);
    assert_eq!(script.engine.missing(script.now), 1);
    let (_, step) = script.engine.begin_connecting(None, script.now).unwrap();
    assert!(matches!(step, Step::Connect { server: 1 }));
    assert_eq!(script.engine.missing(script.now), 0);
    // The first is missed again, once it is not left alone any more.
    script.pass(1000);
    assert_eq!(script.engine.missing(script.now), 1);
}

#[test]
fn makes_up_the_minimum_of_every_server_that_takes_turns() {
    let mut script = Script::new(Settings {
        servers: 2,
        selection: Selection::RoundRobin,
        ..pool(|pool| {
            pool.maximum = 2;
            pool.minimum = 1;
        })
    });
    // A call goes to the first server, so that it would be the turn of the second.
    script.using(0);
    assert_eq!(script.engine.missing(script.now), 1);
    let (_, step) = script.engine.begin_connecting(None, script.now).unwrap();
    assert!(matches!(step, Step::Connect { server: 1 }));
    assert_eq!(script.engine.missing(script.now), 0);
    // What makes up the minimum takes no turn.
    script.using(1);
}

#[test]
fn replaces_every_stale_connection_without_an_error() {
    let mut script = Script::new(pool(|pool| pool.maximum = 20));
    script.idle(20);
    script.pass(5000);
    let call = script.call();
    for stale in (0..20).rev() {
        assert_eq!(script.next(&call), Told::Check(0, stale));
        assert!(script.engine.broken(call.id, STALE, "stale", Closed::ByServer, script.now));
    }
    script.connect(&call, 0);
    assert_eq!(script.counts(0), [1, 0, 0]);
    assert_eq!(script.closed(Closed::ByServer), 20);
    assert_eq!(script.engine.servers[0].failures(), 0);
}

#[test]
fn counts_what_becomes_of_connections() {
    let mut script = Script::new(settings());
    let (call, _) = script.using(0);
    script.engine.finished_without(call.id, Closed::ByServer);
    let (call, _) = script.using(0);
    script.abandon(&call);
    let (call, _) = script.using(0);
    script.engine.finished_without(call.id, Closed::Turned);
    let (call, _) = script.using(0);
    assert!(!script.broken(&call, CHANGING));
    assert_eq!(script.engine.servers[0].opened(), 4);
    let counted = Closed::ALL.map(|why| script.closed(why));
    assert_eq!(counted, [0, 0, 1, 1, 1, 1]);
    assert_eq!(script.counts(0), [0, 0, 0]);
    assert!(script.engine.calls.is_empty());
}

#[test]
fn takes_the_connection_of_a_call_that_lost_it() {
    let mut script = Script::new(settings());
    let (call, _) = script.using(0);
    // It did not say what became of its connection.
    assert_eq!(script.next(&call), Told::Connect(0));
    assert_eq!(script.closed(Closed::Dropped), 1);
    assert_eq!(script.counts(0), [1, 0, 0]);
}
