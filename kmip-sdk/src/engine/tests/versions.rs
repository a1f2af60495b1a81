//! One call finds out a server's version, and the others wait for it.

use super::*;

/// A server whose version is to be found out, with room for many connections.
fn unknown(servers: usize) -> Settings {
    Settings { servers, version: None, ..pool(|pool| pool.maximum = 9) }
}

/// A call that finds out the version, and two that wait for it.
fn asking(script: &mut Script) -> [Call; 3] {
    let calls = [script.call(), script.call(), script.call()];
    let told = calls.each_ref().map(|call| script.next(call));
    assert_eq!(told, [Told::Connect(0), Told::Wait(None), Told::Wait(None)]);
    calls
}

#[test]
fn lets_the_others_go_on_once_the_version_is_known() {
    let mut script = Script::new(unknown(1));
    let [asks, first, second] = asking(&mut script);
    script.connected(&asks);
    assert_eq!(script.engine.version(0), Some(ProtocolVersion::V2_1));
    for waiting in [first, second] {
        assert!(waiting.is_woken());
        script.connect(&waiting, 0);
    }
    let late = script.call();
    assert_eq!(script.next(&late), Told::Connect(0));
}

#[test]
fn lets_the_next_ask_if_the_version_is_still_not_known() {
    let mut script = Script::new(unknown(1));
    let [asks, first, second] = asking(&mut script);
    // It has a version of its own.
    script.engine.connected(asks.id, None);
    assert!(first.is_woken());
    assert!(!second.is_woken());
    script.connect(&first, 0);
    assert!(second.is_woken());
}

#[test]
fn lets_the_next_ask_if_the_one_that_asks_ends() {
    let mut script = Script::new(unknown(1));
    let [asks, first, second] = asking(&mut script);
    script.abandon(&asks);
    assert!(first.is_woken());
    // And if it ends before it has begun.
    script.abandon(&first);
    assert!(second.is_woken());
    script.connect(&second, 0);
}

#[test]
fn fails_who_waits_with_the_one_that_asked() {
    let mut script = Script::new(unknown(1));
    let [asks, first, second] = asking(&mut script);
    script.unreachable(&asks, "down");
    assert!(first.is_woken() && second.is_woken());
    for call in [asks, first, second] {
        assert_eq!(script.next(&call), Told::GiveUp(Some("down")));
    }
    assert_eq!(script.engine.servers[0].failures(), 1);
    assert!(script.engine.calls.is_empty());
}

#[test]
fn fails_nobody_else_when_the_one_that_asked_runs_out_of_time() {
    let mut script = Script::new(unknown(1));
    let asks = script.call_within(5);
    let [first, second] = [script.call(), script.call()];
    let told = [&asks, &first, &second].map(|call| script.next(call));
    assert_eq!(told, [Told::Connect(0), Told::Wait(None), Told::Wait(None)]);
    script.pass(5);
    script.unreachable(&asks, "not within 5 ms");
    assert!(first.is_woken());
    assert!(!second.is_woken());
    script.connect(&first, 0);
    assert_eq!(script.next(&asks), Told::GiveUp(Some("not within 5 ms")));
    script.connect(&second, 0);
}

#[test]
fn moves_who_waits_to_the_next_server_with_the_one_that_asked() {
    let mut script = Script::new(unknown(2));
    let [asks, first, second] = asking(&mut script);
    script.unreachable(&asks, "down");
    assert!(first.is_woken() && second.is_woken());
    assert_eq!(script.next(&first), Told::Connect(1));
    assert_eq!(script.next(&asks), Told::Wait(None));
    assert_eq!(script.next(&second), Told::Wait(None));
    script.connected(&first);
    assert_eq!(script.next(&asks), Told::Connect(1));
    assert_eq!(script.next(&second), Told::Connect(1));
}

#[test]
fn asks_on_a_connection_whose_version_is_not_known() {
    let mut script = Script::new(unknown(1));
    let call = script.call();
    assert_eq!(script.next(&call), Told::Connect(0));
    script.engine.connected(call.id, None);
    script.finish(&call, 7);
    let next = script.call();
    assert_eq!(script.next(&next), Told::Use(0, 7));
    script.engine.agreed(0, ProtocolVersion::V1_2);
    assert_eq!(script.engine.version(0), Some(ProtocolVersion::V1_2));
    let late = script.call();
    assert_eq!(script.next(&late), Told::Connect(0));
}

#[test]
fn makes_up_no_minimum_while_the_version_is_found_out() {
    let mut settings = unknown(1);
    settings.pool.minimum = 2;
    let mut script = Script::new(settings);
    asking(&mut script);
    assert!(script.engine.begin_connecting(None, script.now).is_none());
    assert_eq!(script.engine.calls.len(), 3);
}
