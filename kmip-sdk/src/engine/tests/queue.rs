//! Who waits for a connection, in which order, for how long, and who is woken.

use super::*;

/// A call that uses the only connection, and two that wait for it.
fn two_waiting(script: &mut Script) -> (Call, u32, Call, Call) {
    let (user, connection) = script.using(0);
    let (first, second) = (script.call(), script.call());
    assert_eq!(script.next(&first), Told::Wait(None));
    assert_eq!(script.next(&second), Told::Wait(None));
    (user, connection, first, second)
}

#[test]
fn serves_calls_in_their_order() {
    let mut script = Script::new(settings());
    let (mut user, connection, first, second) = two_waiting(&mut script);
    for next in [first, second] {
        script.finish(&user, connection);
        assert!(next.is_woken());
        assert_eq!(script.next(&next), Told::Use(0, 0));
        user = next;
    }
}

#[test]
fn lets_no_later_call_overtake() {
    let mut script = Script::new(settings());
    let (user, connection, first, second) = two_waiting(&mut script);
    script.finish(&user, connection);
    // It comes before the first has taken what it was given.
    let late = script.call();
    assert_eq!(script.next(&late), Told::Wait(None));
    assert_eq!(script.next(&second), Told::Wait(None));
    assert_eq!(script.next(&first), Told::Use(0, 0));
    assert!(first.is_woken());
    assert!(!second.is_woken());
    assert!(!late.is_woken());
}

#[test]
fn gives_no_connection_to_two_calls() {
    let mut script = Script::new(pool(|pool| pool.maximum = 2));
    let (one, other) = (script.using(0), script.using(0));
    let (first, second) = (script.call(), script.call());
    script.next(&first);
    script.next(&second);
    script.finish(&one.0, one.1);
    script.finish(&other.0, other.1);
    assert_eq!(script.next(&second), Told::Use(0, 1));
    assert_eq!(script.next(&first), Told::Use(0, 0));
}

#[test]
fn wakes_one_for_each_connection_that_breaks() {
    let mut script = Script::new(settings());
    let (user, _, first, second) = two_waiting(&mut script);
    assert!(!script.broken(&user, CHANGING));
    assert!(first.is_woken());
    assert!(!second.is_woken());
    assert_eq!(script.next(&first), Told::Connect(0));
}

#[test]
fn wakes_one_for_a_connection_that_the_server_closes() {
    let mut script = Script::new(settings());
    let (user, _, first, _) = two_waiting(&mut script);
    script.engine.finished_without(user.id, Closed::ByServer);
    assert!(first.is_woken());
    assert_eq!(script.next(&first), Told::Connect(0));
}

#[test]
fn wakes_one_when_a_refused_call_gives_its_connection_back() {
    let mut script = Script::new(settings());
    let (user, connection, first, _) = two_waiting(&mut script);
    let now = script.now;
    assert!(!script.engine.refused(user.id, CHANGING, "refused", connection, now, now));
    assert!(first.is_woken());
    assert_eq!(script.next(&first), Told::Use(0, 0));
}

/// Ends the first of two that wait, after something has brought it where it is; says what the second is to do.
fn after_the_first_ends(
    bring: impl FnOnce(&mut Script, &Call, u32, &Call),
    end: fn(&mut Script, &Call),
) -> Told {
    let mut script = Script::new(settings());
    let (user, connection, first, second) = two_waiting(&mut script);
    bring(&mut script, &user, connection, &first);
    assert!(!second.is_woken());
    end(&mut script, &first);
    assert!(second.is_woken());
    let told = script.next(&second);
    assert_eq!(script.counts(0), [1, 0, 0]);
    told
}

/// Both ways in which a call ends early. Its deadline is over in the second.
const ENDS: [fn(&mut Script, &Call); 2] = [Script::abandon, |script, call| {
    script.engine.calls.get_mut(&call.id).unwrap().deadline = Some(script.now);
    assert!(matches!(script.next(call), Told::GiveUp(_)));
}];

#[test]
fn passes_on_what_was_given_to_a_call_that_ends() {
    for end in ENDS {
        let told = after_the_first_ends(|script, user, connection, _| script.finish(user, connection), end);
        assert_eq!(told, Told::Use(0, 0));
    }
}

#[test]
fn passes_on_the_leave_of_a_call_that_ends() {
    for end in ENDS {
        let told = after_the_first_ends(|script, user, _, _| script.abandon(user), end);
        assert_eq!(told, Told::Connect(0));
    }
}

#[test]
fn passes_on_the_place_of_a_call_that_ends_while_it_connects() {
    for end in ENDS {
        let bring = |script: &mut Script, user: &Call, _, first: &Call| {
            script.abandon(user);
            assert_eq!(script.next(first), Told::Connect(0));
        };
        assert_eq!(after_the_first_ends(bring, end), Told::Connect(0));
    }
}

#[test]
fn passes_on_the_place_of_a_call_that_ends_while_it_uses_a_connection() {
    for end in ENDS {
        let bring = |script: &mut Script, user: &Call, connection, first: &Call| {
            script.finish(user, connection);
            assert_eq!(script.next(first), Told::Use(0, 0));
        };
        assert_eq!(after_the_first_ends(bring, end), Told::Connect(0));
    }
}

#[test]
fn goes_on_without_a_call_that_ends_in_the_queue() {
    for end in ENDS {
        let mut script = Script::new(settings());
        let (user, connection, first, second) = two_waiting(&mut script);
        end(&mut script, &first);
        assert!(!second.is_woken());
        script.finish(&user, connection);
        assert!(!first.is_woken());
        assert!(second.is_woken());
        assert_eq!(script.next(&second), Told::Use(0, 0));
    }
}

#[test]
fn lets_a_pausing_call_end_without_a_trace() {
    for end in ENDS {
        let mut script = Script::new(Settings { retries: RetryPolicy::default(), ..settings() });
        let (call, _) = script.using(0);
        assert!(script.broken(&call, READING));
        assert!(matches!(script.next(&call), Told::Wait(Some(_))));
        end(&mut script, &call);
        assert_eq!(script.counts(0), [0, 0, 0]);
        assert!(script.engine.calls.is_empty());
    }
}

#[test]
fn gives_up_waiting_for_a_connection_in_time() {
    let mut script = Script::new(pool(|pool| pool.wait = Some(milliseconds(300))));
    let (user, connection) = script.using(0);
    let call = script.call_within(1000);
    script.pass(50);
    assert_eq!(script.next(&call), Told::Wait(Some(350)));
    script.pass(299);
    assert_eq!(script.next(&call), Told::Wait(Some(350)));
    script.pass(1);
    assert_eq!(script.next(&call), Told::GiveUp(None));
    script.finish(&user, connection);
    assert_eq!(script.counts(0), [1, 1, 0]);
}

#[test]
fn gives_up_waiting_for_a_connection_at_the_deadline() {
    let mut script = Script::new(pool(|pool| pool.wait = Some(milliseconds(300))));
    script.using(0);
    let call = script.call_within(200);
    assert_eq!(script.next(&call), Told::Wait(Some(200)));
    script.pass(200);
    assert_eq!(script.next(&call), Told::GiveUp(None));
    assert_eq!(script.counts(0), [1, 0, 0]);
}

#[test]
fn takes_what_came_just_in_time() {
    let mut script = Script::new(pool(|pool| pool.wait = Some(milliseconds(300))));
    let (user, connection) = script.using(0);
    let call = script.call();
    assert_eq!(script.next(&call), Told::Wait(Some(300)));
    script.finish(&user, connection);
    // It was woken in time, and is late itself.
    script.pass(400);
    assert_eq!(script.next(&call), Told::Use(0, 0));
}

#[test]
fn wakes_who_waits_by_its_last_waker() {
    let mut script = Script::new(settings());
    let (user, connection) = script.using(0);
    let call = script.call();
    let moved = Call { id: call.id, woken: Arc::default() };
    script.next(&call);
    script.next(&moved);
    script.finish(&user, connection);
    assert!(!call.is_woken());
    assert!(moved.is_woken());
}
