//! Single calls, step by step.

use super::world::World;
use super::*;
use crate::client::layer::Layer;

/// One server whose version is known.
fn settings() -> Settings {
    Settings {
        servers: 1,
        selection: Selection::Priority,
        pool: PoolOptions { check_after: Duration::ZERO, ..PoolOptions::default() },
        retries: RetryPolicy::default(),
        version: Some(ProtocolVersion::V2_1),
        seed: 1,
    }
}

/// A layer that says the same to every request.
struct Says<F>(F);

impl<F: Fn(&Asked<'_>) -> Next + Send + Sync> Layer for Says<F> {
    fn request(&self, asked: &Asked<'_>) -> Next {
        self.0(asked)
    }
}

/// A world with a layer that says this.
fn with_layer(says: impl Fn(&Asked<'_>) -> Next + Send + Sync + 'static) -> World {
    World::with(settings(), |core| core.layers.push(Arc::new(Says(says))))
}

/// A call that has a new connection, and goes on as far as it can.
fn connected(world: &mut World, changes: bool, within: Option<u64>) {
    world.begin(changes, within);
    world.step(0);
    world.open(0, true);
    world.step(0);
}

fn pass(world: &mut World, time: u64) {
    world.apply(&Event::Pass(time));
}

/// How many connections there are, are idle, and how often the server failed.
fn counts(world: &World) -> [usize; 3] {
    let engine = world.core.engine();
    let server = engine.servers().next().unwrap();
    [server.open(), server.idle(), server.failures() as usize]
}

#[test]
fn makes_a_call() {
    let mut world = World::new(settings());
    connected(&mut world, true, None);
    assert!(world.answer(0, How::Well));
    world.step(0);
    assert!(world.over[0].is_ok());
    assert_eq!(counts(&world), [1, 1, 0]);
}

#[test]
fn makes_no_change_again_that_was_not_answered() {
    for end in [End::Closed, End::Reset, End::Alert] {
        let mut world = World::new(settings());
        connected(&mut world, true, None);
        world.apply(&Event::End(0, end));
        world.step(0);
        let error = world.over[0].as_ref().unwrap_err();
        assert!(error.is_outcome_unknown());
        assert_eq!(counts(&world), [0, 0, 0]);
    }
}

#[test]
fn replaces_a_connection_that_ended_while_it_was_idle() {
    for end in [End::Closed, End::Reset, End::Alert] {
        let mut world = World::new(settings());
        connected(&mut world, true, None);
        world.answer(0, How::Well);
        world.step(0);
        world.apply(&Event::End(0, end));
        connected(&mut world, true, None);
        assert!(world.answer(1, How::Well), "{end:?}");
        world.step(0);
        assert!(world.over[1].is_ok());
        assert_eq!(counts(&world), [1, 1, 0]);
    }
}

#[test]
fn asks_no_server_what_a_layer_has_answered() {
    let mut world = with_layer(|asked| {
        let answer = pipe::response(asked.message, How::Refusing);
        Next::Answer(Box::new(ResponseMessage::from_ttlv(&answer).unwrap()))
    });
    connected(&mut world, false, None);
    let error = world.over[0].as_ref().unwrap_err();
    assert!(error.server().is_some());
    assert_eq!(lock(&world.pipes[0]).written, 0);
    assert_eq!(counts(&world), [1, 1, 0]);
}

#[test]
fn replaces_a_connection_that_ended_while_a_layer_delayed_the_call() {
    let mut world = with_layer(|_| Next::After(Duration::from_secs(2)));
    connected(&mut world, true, None);
    assert_eq!(lock(&world.pipes[0]).written, 0);
    world.apply(&Event::End(0, End::Closed));
    pass(&mut world, 2000);
    world.step(0);
    world.open(0, true);
    world.step(0);
    assert!(world.answer(1, How::Well));
    world.step(0);
    assert!(world.over[0].is_ok());
    assert_eq!(counts(&world), [1, 1, 0]);
}

#[test]
fn blames_no_server_when_a_layer_delays_a_call_for_too_long() {
    let mut world = with_layer(|_| Next::After(Duration::from_secs(2)));
    connected(&mut world, true, Some(1000));
    pass(&mut world, 1000);
    world.step(0);
    let error = world.over[0].as_ref().unwrap_err();
    assert!(error.is_timeout() && !error.is_outcome_unknown());
    assert_eq!(lock(&world.pipes[0]).written, 0);
    assert_eq!(counts(&world), [1, 1, 0]);
}

#[cfg(feature = "https")]
#[test]
fn keeps_no_connection_that_the_server_closes_behind_a_refusal() {
    use crate::link::{Form, Http};

    let mut world = World::with(settings(), |core| {
        let Servers::Remote { targets, .. } = &mut core.servers else { return };
        let http =
            Http::new("kmip-0", "/kmip", Form::Message(crate::http::Encoding::Ttlv), Default::default());
        Arc::get_mut(&mut targets[0]).unwrap().http = Some(Arc::new(http));
    });
    connected(&mut world, true, None);
    {
        let mut pipe = lock(&world.pipes[0]);
        let head = pipe.to_server.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap();
        let request = RequestMessage::from_ttlv(&pipe.to_server[head + 4..]).unwrap();
        let body = pipe::response(&request, How::Refusing);
        let head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/octet-stream";
        pipe.to_client = format!("{head}\r\nContent-Length: {}\r\n\r\n", body.len()).into_bytes();
        pipe.to_client.extend(body);
    }
    world.heard("call-0").refused += 1;
    world.step(0);
    assert!(world.over[0].as_ref().unwrap_err().server().is_some());
    assert_eq!(counts(&world), [0, 0, 0]);
    assert_eq!(world.streams(), 0);
}
