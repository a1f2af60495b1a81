//! Credentials that are wrong are looked at only so often.

use kmip_sdk::server::{OneTimePasswords, ServerOptions};
use kmip_sdk::types::enumerations::Operation;
use kmip_sdk::types::enumerations::{CredentialType, ResultReason as R, TicketType};
use kmip_sdk::types::message::{
    Authentication, Credential, CredentialValue, Message, OneTimePasswordCredential, RequestBatchItem,
    RequestHeader, RequestMessage, ResponseBatchItem, ResponseMessage, Ticket, TicketCredential,
};
use kmip_sdk::types::operation::PingRequest;
use kmip_sdk::types::{Interval, ProtocolVersion};

use crate::support::Peer;

fn peer(options: ServerOptions) -> Peer {
    let options = options.user("alice", "secret").user("bob", "hidden");
    Peer::with(ProtocolVersion::V2_1, options)
}

/// What a server says to somebody on a connection of this owner's, or in the process.
fn asked(peer: &Peer, owner: Option<&str>, credential: Credential) -> ResponseBatchItem {
    let mut request_header = RequestHeader::new(ProtocolVersion::V2_1, 1);
    request_header.authentication = Some(Authentication { credential: vec![credential] });
    let batch_item = vec![RequestBatchItem::new(Operation::Ping, PingRequest {}.into())];
    let request = RequestMessage { request_header, batch_item }.to_ttlv().unwrap();
    let response = match owner {
        Some(owner) => peer.server.handle_as(owner, &request),
        None => peer.server.handle(&request),
    };
    ResponseMessage::from_ttlv(&response).unwrap().batch_item.remove(0)
}

#[derive(Debug, PartialEq, Eq)]
enum Answer {
    Right,
    Wrong,
    /// It was not looked at.
    Held,
}

fn answer(peer: &Peer, owner: Option<&str>, credential: Credential) -> Answer {
    let item = asked(peer, owner, credential);
    match item.result_reason {
        None => Answer::Right,
        Some(R::AuthenticationNotSuccessful | R::InvalidTicket) => {
            let is_held = item.result_message.unwrap().contains("this one was not looked at");
            if is_held { Answer::Held } else { Answer::Wrong }
        }
        Some(other) => panic!("{other}"),
    }
}

fn password(name: &str, password: &str) -> Credential {
    Credential::username_and_password(name, password.to_owned())
}

#[test]
fn wrong_passwords_are_held_and_the_right_one_too_until_time_passes() {
    let peer = peer(ServerOptions::default().failed_credentials(3, Interval::from_seconds(20)));
    for _ in 0..3 {
        assert_eq!(answer(&peer, None, password("alice", "guess")), Answer::Wrong);
    }
    for _ in 0..10 {
        assert_eq!(answer(&peer, None, password("alice", "secret")), Answer::Held);
    }
    // Another user is none the worse for it, and a name that nobody has is treated as one that somebody has.
    assert_eq!(answer(&peer, None, password("bob", "hidden")), Answer::Right);
    let strange: Vec<_> = (0..4).map(|_| answer(&peer, None, password("carol", "x"))).collect();
    assert_eq!(strange, [Answer::Wrong, Answer::Wrong, Answer::Wrong, Answer::Held]);
    // What was held made it no longer.
    peer.wait(20);
    assert_eq!(answer(&peer, None, password("alice", "secret")), Answer::Right);
    // What was right took nothing of what there is.
    assert_eq!(answer(&peer, None, password("alice", "guess")), Answer::Wrong);
    assert_eq!(answer(&peer, None, password("alice", "secret")), Answer::Held);
}

#[test]
fn one_time_passwords_are_held() {
    let counted = OneTimePasswords::counted(b"12345678901234567890".to_vec());
    let options = ServerOptions::default()
        .one_time_passwords("dora", counted)
        .failed_credentials(5, Interval::from_seconds(1));
    let peer = peer(options);
    let credential = |text: &str| Credential {
        credential_type: CredentialType::OneTimePassword,
        credential_value: CredentialValue::OneTimePassword(OneTimePasswordCredential {
            username: "dora".to_owned(),
            password: None,
            one_time_password: text.to_owned().into(),
        }),
    };
    let guesses: Vec<_> =
        (0..9).map(|guess| answer(&peer, None, credential(&format!("00000{guess}")))).collect();
    assert_eq!(guesses.iter().filter(|answer| **answer == Answer::Wrong).count(), 5);
    // RFC 4226 appendix D.
    assert_eq!(answer(&peer, None, credential("755224")), Answer::Held);
    peer.wait(5);
    assert_eq!(answer(&peer, None, credential("755224")), Answer::Right);
}

#[test]
fn guesses_over_one_connections_certificate_are_held_whoever_they_are_of() {
    let peer = peer(ServerOptions::default().failed_credentials(4, Interval::from_seconds(10)));
    let ticket = |number: u8| Credential {
        credential_type: CredentialType::Ticket,
        credential_value: CredentialValue::Ticket(TicketCredential {
            ticket: Ticket { ticket_type: TicketType::Login, ticket_value: vec![number; 16].into() },
        }),
    };
    for (number, name) in (0_u8..).zip(["a", "b", "c", "d"]) {
        let credential = if number % 2 == 0 { password(name, "x") } else { ticket(number) };
        assert_eq!(answer(&peer, Some("mallory"), credential), Answer::Wrong);
    }
    assert_eq!(answer(&peer, Some("mallory"), password("e", "x")), Answer::Held);
    assert_eq!(answer(&peer, Some("mallory"), ticket(9)), Answer::Held);
    // Their share comes back six times as slowly as a user's.
    peer.wait(59);
    assert_eq!(answer(&peer, Some("mallory"), ticket(9)), Answer::Held);
    peer.wait(1);
    assert_eq!(answer(&peer, Some("mallory"), ticket(9)), Answer::Wrong);
}

#[test]
fn nobody_locks_out_a_user() {
    let peer = peer(ServerOptions::default().failed_credentials(3, Interval::from_seconds(10)));
    assert_eq!(answer(&peer, Some("laptop"), password("alice", "secret")), Answer::Right);
    // A hundred clients guess, for an hour.
    for _ in 0..60 {
        for client in 0..100 {
            answer(&peer, Some(&format!("m-{client}")), password("alice", "guess"));
        }
        assert_eq!(answer(&peer, Some("laptop"), password("alice", "secret")), Answer::Right);
        peer.wait(60);
    }
    // One alone cannot keep her from a place where she never was.
    peer.wait(3600);
    for _ in 0..360 {
        answer(&peer, Some("m-0"), password("alice", "guess"));
        peer.wait(10);
    }
    assert_eq!(answer(&peer, Some("phone"), password("alice", "secret")), Answer::Right);
}
