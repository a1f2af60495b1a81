//! Peers that hang or drip, in each phase of a call.

use std::net::TcpStream;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use kmip_sdk::framing::FramingError;
use kmip_sdk::types::Limits;
use kmip_sdk::types::message::Message;
use kmip_sdk::types::operation::{ActivateRequest, GetRequest, LocateRequest};
use kmip_sdk::{ErrorKind, Phase, PoolOptions, RetryPolicy};
use kmip_tests::patience::{LONG, briefly, eventually, in_time};

use super::{answer, hang, in_phase, may_leave_the_outcome_unknown, serves, took};
use crate::drivers::{Drives, Make, Start, with_both_drivers};
use crate::peer::{
    CERTIFICATES, Stream, builder_of, builder_to, locates_nothing, nothing_located, receive, script, send,
    tcp_peer, tls_peer,
};

with_both_drivers![
    times_out_on_silence,
    times_out_on_bytes_that_drip,
    takes_an_answer_a_byte_at_a_time,
    times_out_on_a_request_that_is_not_taken,
    ends_a_handshake_that_hangs_or_drips,
    ends_a_connection_that_is_not_made,
    ends_a_negotiation_that_hangs,
    ends_a_look_up_within_the_time_to_connect,
    waits_no_longer_for_a_connection_than_it_is_told,
];

const BRIEF: Duration = Duration::from_millis(200);

fn times_out_on_silence<D: Drives>() {
    for overall in [false, true] {
        briefly(|brief| {
            let builder = builder_of::<D>(tls_peer(vec![script(hang), script(locates_nothing)]));
            let builder = if overall { builder.overall_timeout(brief) } else { builder.read_timeout(brief) };
            let client = in_time(builder.start())?;
            let start = Instant::now();
            let error = may_leave_the_outcome_unknown(&client, Phase::Receive)?;
            assert!(error.is_timeout(), "{error}");
            let ErrorKind::Framing(FramingError::TimedOut { done: 0 }) = error.kind() else {
                panic!("{error}")
            };
            took(start, brief);
            Some(())
        });
    }
}

fn times_out_on_bytes_that_drip<D: Drives>() {
    // Each byte in a record of its own, and the bytes of the records one by one.
    let records: fn(&mut Stream, Duration) = |stream, pause| {
        for byte in nothing_located(&receive(stream).unwrap()).to_ttlv().unwrap() {
            thread::sleep(pause);
            send(stream, &[byte]);
        }
    };
    let bytes: fn(&mut Stream, Duration) = |stream, pause| {
        let answer = nothing_located(&receive(stream).unwrap()).to_ttlv().unwrap();
        stream.sock.drip = Some(pause);
        send(stream, &answer);
    };
    for drips in [records, bytes] {
        briefly(|deadline| {
            let drips = script(move |stream| drips(stream, deadline / 5));
            let client = builder_of::<D>(tls_peer(vec![drips, script(locates_nothing)])).start().unwrap();
            let start = Instant::now();
            let error = client.call(ActivateRequest::new("k-1")).timeout(deadline).make().unwrap_err();
            in_phase(&error, Phase::Receive)?;
            assert!(error.is_timeout() && error.is_outcome_unknown(), "{error}");
            took(start, deadline);
            client.call(LocateRequest::default()).make().unwrap();
            Some(())
        });
    }
}

fn takes_an_answer_a_byte_at_a_time<D: Drives>() {
    let drips = script(|stream| {
        let answer = answer(&receive(stream).unwrap());
        stream.sock.drip = Some(Duration::from_millis(1));
        send(stream, &answer);
        stream.sock.drip = None;
        serves(stream);
    });
    let client = builder_of::<D>(tls_peer(vec![drips])).start().unwrap();
    for name in ["k-1", "k-2"] {
        assert_eq!(client.call(GetRequest::new(name)).make().unwrap().unique_identifier, name.into());
    }
    assert_eq!(client.status().opened(), 1);
}

fn times_out_on_a_request_that_is_not_taken<D: Drives>() {
    let (done, wait) = mpsc::channel::<()>();
    let shakes_hands_only = script(move |stream| {
        while stream.conn.is_handshaking() {
            stream.conn.complete_io(&mut stream.sock).unwrap();
        }
        let _ = wait.recv();
    });
    let limits = Limits { size: 64 << 20, ..Limits::default() };
    let address = tls_peer(vec![shakes_hands_only]);
    let client = builder_of::<D>(address).write_timeout(BRIEF).limits(limits).start().unwrap();
    // More than the buffers of two sockets hold.
    let start = Instant::now();
    let error = client.exchange(&vec![0; 16 << 20]).make().unwrap_err();
    assert_eq!(error.phase(), Phase::Send, "{error}");
    assert!(error.is_timeout() && error.is_outcome_unknown(), "{error}");
    took(start, BRIEF);
    drop(done);
}

fn ends_a_handshake_that_hangs_or_drips<D: Drives>() {
    let hangs: Box<dyn FnOnce(TcpStream) + Send> = Box::new(|mut tcp| {
        let _ = std::io::copy(&mut tcp, &mut std::io::sink());
    });
    let drips: Box<dyn FnOnce(TcpStream) + Send> = Box::new(|mut tcp| {
        use std::io::Write;
        // The header of a long handshake record, then the record, a byte at a time.
        let _ = tcp.write_all(&[0x16, 3, 3, 0x3F, 0xFF, 2, 0, 0x3F, 0xFB]);
        while tcp.write_all(&[0]).is_ok() {
            thread::sleep(Duration::from_millis(5));
        }
    });
    for peer in [hangs, drips] {
        let builder = builder_of::<D>(tcp_peer(vec![peer])).tls_timeout(BRIEF).retries(RetryPolicy::NONE);
        let start = Instant::now();
        let error = builder.start().unwrap_err();
        assert_eq!(error.phase(), Phase::Tls, "{error}");
        assert!(error.is_timeout() && error.is_retryable() && !error.is_outcome_unknown(), "{error}");
        took(start, BRIEF);
    }
}

fn ends_a_connection_that_is_not_made<D: Drives>() {
    let late = || D::late(builder_of::<D>(tls_peer(vec![script(serves)])), 2 * LONG);
    let late = || late().retries(RetryPolicy::NONE);
    let start = Instant::now();
    let error = late().connect_timeout(BRIEF).start().unwrap_err();
    assert_eq!(error.phase(), Phase::Connect, "{error}");
    assert!(error.is_timeout() && error.is_retryable() && !error.is_outcome_unknown(), "{error}");
    took(start, BRIEF);
    // By the time of the call, whatever the time to connect is; it is the one that is told.
    for connect in [None, Some(LONG)] {
        let client = late().connect_timeout(connect).start_late().unwrap();
        briefly(|brief| {
            let start = Instant::now();
            let error = client.call(ActivateRequest::new("k-1")).timeout(brief).make().unwrap_err();
            in_phase(&error, Phase::Connect)?;
            assert!(error.is_timeout() && error.is_retryable() && !error.is_outcome_unknown(), "{error}");
            let ErrorKind::TimedOut { timeout } = error.kind() else { panic!("{error}") };
            assert_eq!(*timeout, brief);
            took(start, brief);
            assert_eq!(client.status().in_use(), 0);
            Some(())
        });
    }
}

fn ends_a_negotiation_that_hangs<D: Drives>() {
    for overall in [false, true] {
        briefly(|brief| {
            let client = &CERTIFICATES.client;
            let builder = D::builder()
                .address(tls_peer(vec![script(hang)]).to_string())
                .root_certificates_pem(CERTIFICATES.ca_pem())
                .identity_pem(client.certificate_pem(), client.key_pem())
                .retries(RetryPolicy::NONE);
            let builder = if overall { builder.overall_timeout(brief) } else { builder.read_timeout(brief) };
            let client = builder.start_late().unwrap();
            let start = Instant::now();
            let error = client.call(ActivateRequest::new("k-1")).make().unwrap_err();
            in_phase(&error, Phase::Negotiate)?;
            assert!(error.is_timeout() && error.is_retryable() && !error.is_outcome_unknown(), "{error}");
            took(start, brief);
            assert_eq!((client.status().in_use(), client.status().idle()), (0, 0));
            Some(())
        });
    }
}

fn ends_a_look_up_within_the_time_to_connect<D: Drives>() {
    // Whether the system says at once that there is no such host, or asks for long.
    let builder = builder_to::<D>("no-such-host.invalid".to_owned()).retries(RetryPolicy::NONE);
    let start = Instant::now();
    let error = builder.connect_timeout(BRIEF).start().unwrap_err();
    assert_eq!(error.phase(), Phase::Connect, "{error}");
    assert!(!error.is_outcome_unknown(), "{error}");
    took(start, Duration::ZERO);
}

fn waits_no_longer_for_a_connection_than_it_is_told<D: Drives>() {
    let pool = PoolOptions { maximum: 1, wait: Some(BRIEF), ..PoolOptions::default() };
    let (enough, wait) = mpsc::channel::<()>();
    let closes = script(move |stream| {
        drop(receive(stream));
        let _ = wait.recv();
    });
    let client = builder_of::<D>(tls_peer(vec![closes, script(serves)]))
        .pool(pool)
        .retries(RetryPolicy::NONE)
        .start()
        .unwrap();
    thread::scope(|scope| {
        let holds = scope.spawn(|| client.call(ActivateRequest::new("k-1")).make());
        eventually(|| client.status().in_use() == 1);
        let start = Instant::now();
        let error = client.call(ActivateRequest::new("k-2")).make().unwrap_err();
        assert_eq!(error.phase(), Phase::Wait, "{error}");
        assert!(error.is_timeout() && error.is_retryable() && !error.is_outcome_unknown(), "{error}");
        took(start, BRIEF);
        drop(enough);
        assert_eq!(holds.join().unwrap().unwrap_err().phase(), Phase::Receive);
    });
    client.call(GetRequest::new("k-1")).make().unwrap();
    assert_eq!((client.status().in_use(), client.status().waiting()), (0, 0));
}
