//! Who asks: users, tickets, and whose objects are whose.

use kmip_sdk::server::{OneTimePasswords, ServerOptions};
use kmip_sdk::types::attribute::{Attribute, Name, UniqueIdentifier};
use kmip_sdk::types::enumerations::{
    AsynchronousIndicator, CancellationResult, CredentialType, EndpointRole, HashingAlgorithm,
    InteropFunction, Operation, ResultReason as R, ResultStatus as S, TicketType,
};
use kmip_sdk::types::message::{
    Authentication, Credential, CredentialValue, DeviceCredential, HashedPasswordCredential, Message,
    OneTimePasswordCredential, RequestBatchItem, RequestHeader, RequestMessage, ResponseBatchItem,
    ResponseMessage, Ticket, TicketCredential,
};
use kmip_sdk::types::operation::{
    ActivateRequest, AddAttributeRequest, CancelRequest, DelegatedLoginRequest, DestroyRequest,
    GetAttributesRequest, GetRequest, InteropRequest, LeaseTime, LocateRequest, LoginRequest, LogoutRequest,
    ObjectGroups, Objects, Operations, PingRequest, PollRequest, QueryAsynchronousRequestsRequest,
    RequestPayload, ResponsePayload, Right, Rights, SetDefaultsRequest, SetEndpointRoleRequest,
};
use kmip_sdk::types::{DateTimeExtended, Interval, ProtocolVersion, RawStructure};

use crate::support::{Peer, START, VERSIONS, create_aes, reason};

const V2_1: ProtocolVersion = ProtocolVersion::V2_1;

fn options() -> ServerOptions {
    ServerOptions::default().user("alice", "secret").user("bob", "hidden")
}

fn ask_with(
    peer: &Peer,
    credentials: Vec<Credential>,
    payload: impl Into<RequestPayload>,
) -> ResponseBatchItem {
    let mut response = peer.send(vec![payload.into()], |message| {
        message.request_header.authentication = Some(Authentication { credential: credentials });
    });
    response.batch_item.remove(0)
}

fn alice() -> Credential {
    Credential::username_and_password("alice", "secret".to_owned())
}

fn bob() -> Credential {
    Credential::username_and_password("bob", "hidden".to_owned())
}

fn with_ticket(ticket: &Ticket) -> Credential {
    Credential {
        credential_type: CredentialType::Ticket,
        credential_value: CredentialValue::Ticket(TicketCredential { ticket: ticket.clone() }),
    }
}

fn create(
    peer: &Peer,
    credential: Credential,
    more: impl IntoIterator<Item = Attribute>,
) -> UniqueIdentifier {
    match ask_with(peer, vec![credential], create_aes(more)).response_payload {
        Some(ResponsePayload::Create(created)) => created.unique_identifier,
        other => panic!("{other:?}"),
    }
}

fn located(peer: &Peer, credential: Credential) -> Vec<UniqueIdentifier> {
    match ask_with(peer, vec![credential], LocateRequest::default()).response_payload {
        Some(ResponsePayload::Locate(located)) => located.unique_identifier,
        other => panic!("{other:?}"),
    }
}

fn login(peer: &Peer, request: LoginRequest) -> Ticket {
    match ask_with(peer, vec![alice()], request).response_payload {
        Some(ResponsePayload::Login(login)) => login.ticket,
        other => panic!("{other:?}"),
    }
}

fn delegate(peer: &Peer, rights: Vec<Right>) -> Ticket {
    let request = DelegatedLoginRequest {
        lease_time: None,
        request_count: None,
        usage_limits: None,
        rights: Rights { right: rights },
    };
    match ask_with(peer, vec![alice()], request).response_payload {
        Some(ResponsePayload::DelegatedLogin(login)) => login.ticket,
        other => panic!("{other:?}"),
    }
}

#[test]
fn credentials_that_do_not_hold_are_refused() {
    let device = Credential {
        credential_type: CredentialType::Device,
        credential_value: CredentialValue::Device(DeviceCredential {
            device_identifier: Some("d".to_owned()),
            ..DeviceCredential::default()
        }),
    };
    for version in VERSIONS {
        let peer = Peer::with(version, options());
        for credential in [
            Credential::username_and_password("alice", "hidden".to_owned()),
            Credential::username_and_password("carol", "secret".to_owned()),
            Credential::username_and_password("", String::new()),
        ] {
            let item = ask_with(&peer, vec![credential], create_aes([]));
            assert_eq!(item.result_reason, Some(R::AuthenticationNotSuccessful), "{version}");
            assert_eq!(item.operation, None);
        }
        // One of a type that nobody knows is not passed over, be another one right.
        let vendors = Credential {
            credential_type: CredentialType::from(0x8000_0001),
            credential_value: CredentialValue::Other(RawStructure::default()),
        };
        let together = [vec![vendors.clone()], vec![alice(), vendors]];
        // Before 1.2 a request has one credential.
        for credentials in
            together.into_iter().filter(|all| all.len() == 1 || version >= ProtocolVersion::V1_2)
        {
            let item = ask_with(&peer, credentials, create_aes([]));
            assert_eq!(item.result_reason, Some(R::AuthenticationNotSuccessful), "{version}");
        }
        if version >= ProtocolVersion::V1_2 {
            for credentials in [vec![device.clone()], vec![alice(), bob()], vec![alice(); 5]] {
                let item = ask_with(&peer, credentials, create_aes([]));
                assert_eq!(item.result_reason, Some(R::AuthenticationNotSuccessful), "{version}");
            }
        }
        assert_eq!(peer.call(LocateRequest::default()).unwrap().unique_identifier, []);
        assert_eq!(ask_with(&peer, vec![alice()], create_aes([])).result_status, S::Success);
    }
}

#[test]
fn an_object_is_there_for_who_made_it() {
    for version in VERSIONS {
        let peer = Peer::with(version, options());
        let key = create(&peer, alice(), []);
        let missing = reason(version, R::ObjectNotFound, R::ItemNotFound);
        let requests: [RequestPayload; 4] = [
            GetRequest::new(key.clone()).into(),
            GetAttributesRequest::all(key.clone()).into(),
            ActivateRequest::new(key.clone()).into(),
            DestroyRequest::new(key.clone()).into(),
        ];
        for request in requests {
            let item = ask_with(&peer, vec![bob()], request.clone());
            assert_eq!(item.result_reason, Some(missing), "{version} {request:?}");
            // Nothing tells it from what is not there.
            let nothing = ask_with(&peer, vec![bob()], GetRequest::new("none".to_owned()));
            assert_eq!(item.result_message, nothing.result_message);
        }
        assert_eq!(located(&peer, bob()), []);
        assert_eq!(located(&peer, alice()), std::slice::from_ref(&key));
        assert_eq!(ask_with(&peer, vec![alice()], GetRequest::new(key.clone())).result_status, S::Success);
        // The application sees everything, and what it makes is everybody's.
        assert!(peer.call(GetRequest::new(key)).is_ok());
        let shared = peer.create([]);
        assert_eq!(ask_with(&peer, vec![bob()], GetRequest::new(shared)).result_status, S::Success);
    }
}

#[test]
fn everybody_has_their_own_names() {
    let peer = Peer::with(V2_1, options());
    let name = || [Attribute::Name(Name::text("mine"))];
    let key = create(&peer, alice(), name());
    create(&peer, bob(), name());
    let again = ask_with(&peer, vec![alice()], create_aes(name()));
    assert_eq!(again.result_reason, Some(R::NonUniqueNameAttribute));
    let other = create(&peer, alice(), []);
    let request = AddAttributeRequest::new(other, Attribute::Name(Name::text("mine")));
    assert_eq!(ask_with(&peer, vec![alice()], request).result_reason, Some(R::NonUniqueNameAttribute));
    assert_eq!(ask_with(&peer, vec![alice()], DestroyRequest::new(key)).result_status, S::Success);
    create(&peer, alice(), name());
}

#[test]
fn whose_the_connection_is_counts_where_the_request_does_not_say() {
    let peer = Peer::with(V2_1, options());
    let message = |payload: RequestPayload, credential: Option<Credential>| {
        let mut header = RequestHeader::new(V2_1, 1);
        header.authentication = credential.map(|credential| Authentication { credential: vec![credential] });
        let item = RequestBatchItem::new(payload.operation().unwrap(), payload);
        RequestMessage { request_header: header, batch_item: vec![item] }.to_ttlv().unwrap()
    };
    let count = |identity: &str, credential: Option<Credential>| {
        let response = peer.server.handle_as(identity, &message(LocateRequest::default().into(), credential));
        match ResponseMessage::from_ttlv(&response).unwrap().batch_item.remove(0).response_payload {
            Some(ResponsePayload::Locate(located)) => located.unique_identifier.len(),
            other => panic!("{other:?}"),
        }
    };
    peer.server.handle_as("carol", &message(create_aes([]).into(), None));
    assert_eq!(count("carol", None), 1);
    assert_eq!(count("dave", None), 0);
    assert_eq!(count("carol", Some(bob())), 0);
}

#[test]
fn a_ticket_stands_for_a_login_until_it_holds_no_longer() {
    let peer = Peer::with(V2_1, options());
    let key = create(&peer, alice(), []);
    let get = || GetRequest::new(key.clone());
    let works = |ticket: &Ticket| {
        let item = ask_with(&peer, vec![with_ticket(ticket)], get());
        match item.result_reason {
            None => true,
            Some(R::InvalidTicket) => false,
            other => panic!("{other:?}"),
        }
    };
    let ticket = login(&peer, LoginRequest::default());
    assert!(works(&ticket));
    let request = LogoutRequest { ticket: ticket.clone() };
    // Nobody ends another's login.
    assert_eq!(ask_with(&peer, vec![bob()], request.clone()).result_reason, Some(R::InvalidTicket));
    assert!(works(&ticket));
    assert_eq!(ask_with(&peer, vec![with_ticket(&ticket)], request.clone()).result_status, S::Success);
    assert!(!works(&ticket));
    assert_eq!(ask_with(&peer, vec![alice()], request).result_reason, Some(R::InvalidTicket));

    let twice = login(&peer, LoginRequest { request_count: Some(2), ..LoginRequest::default() });
    assert_eq!([works(&twice), works(&twice), works(&twice)], [true, true, false]);
    let minute = LeaseTime::Interval(Interval::from_seconds(60));
    let short = login(&peer, LoginRequest { lease_time: Some(minute), ..LoginRequest::default() });
    let long = login(&peer, LoginRequest::default());
    peer.wait(60);
    assert_eq!([works(&short), works(&long)], [false, true]);
    peer.wait(3600);
    assert!(!works(&long));
    let made_up = Ticket { ticket_type: TicketType::Login, ticket_value: vec![0; 32].into() };
    assert!(!works(&made_up));
}

#[test]
fn a_ticket_gives_no_other_that_is_good_for_more() {
    let peer = Peer::with(V2_1, options());
    let credentials = |ticket: &Ticket, more: Option<Credential>| {
        [with_ticket(ticket)].into_iter().chain(more).collect::<Vec<_>>()
    };
    let ask = |ticket: &Ticket, more, request: LoginRequest| {
        let item = ask_with(&peer, credentials(ticket, more), request);
        match item.response_payload {
            Some(ResponsePayload::Login(login)) => Ok(login.ticket),
            _ => Err(item.result_reason.unwrap()),
        }
    };
    let counted = LoginRequest { request_count: Some(3), ..LoginRequest::default() };
    let once = login(&peer, counted.clone());
    assert_eq!(ask(&once, None, LoginRequest::default()), Err(R::PermissionDenied));
    // What is answered later is asked for by the same.
    let mut later = peer.send(vec![LoginRequest::default().into()], |message| {
        let header = &mut message.request_header;
        header.asynchronous_indicator = Some(AsynchronousIndicator::Mandatory);
        header.authentication = Some(Authentication { credential: credentials(&once, None) });
    });
    let later = later.batch_item.remove(0);
    assert_eq!(later.result_status, S::OperationPending);
    let poll = PollRequest::new(later.asynchronous_correlation_value.unwrap());
    assert_eq!(ask_with(&peer, vec![alice()], poll).result_reason, Some(R::PermissionDenied));
    // Who says their password as well gets what that is good for.
    assert!(ask(&once, Some(alice()), LoginRequest::default()).is_ok());

    let minute = LeaseTime::Interval(Interval::from_seconds(60));
    let short = login(&peer, LoginRequest { lease_time: Some(minute), ..LoginRequest::default() });
    let of_short = ask(&short, None, LoginRequest::default()).unwrap();
    let get = || ask_with(&peer, vec![with_ticket(&of_short)], LocateRequest::default()).result_reason;
    peer.wait(59);
    assert_eq!(get(), None);
    peer.wait(1);
    assert_eq!(get(), Some(R::InvalidTicket));
}

#[test]
fn a_ticket_that_is_good_for_nothing_is_not_given() {
    let peer = Peer::with(V2_1, options());
    for request in [
        LoginRequest { lease_time: Some(LeaseTime::DateTime(peer.now())), ..LoginRequest::default() },
        LoginRequest { request_count: Some(-1), ..LoginRequest::default() },
    ] {
        assert_eq!(peer.call(request), Err(R::InvalidField));
    }
}

#[test]
fn a_delegated_ticket_allows_what_its_rights_say() {
    let peer = Peer::with(V2_1, options());
    let (one, two) = (create(&peer, alice(), []), create(&peer, alice(), []));
    let grouped = create(&peer, alice(), [Attribute::ObjectGroup("g".to_owned())]);
    let operations = |operations: &[Operation]| Some(Operations { operation: operations.to_vec() });
    let ticket = delegate(
        &peer,
        vec![
            Right {
                operations: operations(&[Operation::Get, Operation::Create, Operation::Locate]),
                objects: Some(Objects { unique_identifier: vec![one.clone()] }),
                ..Right::default()
            },
            Right {
                operations: operations(&[Operation::GetAttributes]),
                object_groups: Some(ObjectGroups { object_group: vec!["g".to_owned()] }),
                ..Right::default()
            },
            Right { operations: operations(&[Operation::Ping]), ..Right::default() },
        ],
    );
    let requests: [(RequestPayload, bool); 11] = [
        (GetRequest::new(one.clone()).into(), true),
        (GetRequest::new(two.clone()).into(), false),
        (GetRequest::new(grouped.clone()).into(), false),
        (GetAttributesRequest::all(one.clone()).into(), false),
        (GetAttributesRequest::all(grouped).into(), true),
        (DestroyRequest::new(one.clone()).into(), false),
        (create_aes([]).into(), false),
        (PingRequest::default().into(), true),
        // A ticket gives no more than it has.
        (LoginRequest::default().into(), false),
        (SetEndpointRoleRequest { endpoint_role: EndpointRole::Server }.into(), false),
        (ActivateRequest::new(one.clone()).into(), false),
    ];
    for (request, is_allowed) in requests {
        let item = ask_with(&peer, vec![with_ticket(&ticket)], request.clone());
        let expected = (!is_allowed).then_some(R::PermissionDenied);
        assert_eq!(item.result_reason, expected, "{request:?}");
    }
    assert_eq!(located(&peer, with_ticket(&ticket)), [one]);
    // What allows every operation allows no further ticket.
    let all = delegate(&peer, vec![Right::default()]);
    assert_eq!(ask_with(&peer, vec![with_ticket(&all)], create_aes([])).result_status, S::Success);
    let item = ask_with(&peer, vec![with_ticket(&all)], LoginRequest::default());
    assert_eq!(item.result_reason, Some(R::PermissionDenied));
}

#[test]
fn what_is_answered_later_is_who_asked_s() {
    let peer = Peer::with(V2_1, options());
    let response = peer.send(vec![create_aes([]).into()], |message| {
        message.request_header.asynchronous_indicator = Some(AsynchronousIndicator::Mandatory);
        message.request_header.authentication = Some(Authentication { credential: vec![alice()] });
    });
    let value = response.batch_item[0].asynchronous_correlation_value.clone().unwrap();
    let poll = PollRequest { asynchronous_correlation_value: value };
    let item = ask_with(&peer, vec![bob()], poll.clone());
    assert_eq!(item.result_reason, Some(R::InvalidAsynchronousCorrelationValue));
    assert_eq!(ask_with(&peer, vec![alice()], poll).result_status, S::Success);
    assert_eq!((located(&peer, alice()).len(), located(&peer, bob()).len()), (1, 0));
}

/// What may be done with one object gives neither the results of what was asked of others, nor what is everybody's.
#[test]
fn a_delegated_ticket_reaches_no_further_by_what_is_no_object() {
    let peer = Peer::with(V2_1, options());
    let (one, two) = (create(&peer, alice(), []), create(&peer, alice(), []));
    let objects = Some(Objects { unique_identifier: vec![one.clone()] });
    let ticket = delegate(&peer, vec![Right { objects, ..Right::default() }]);
    let later = |credential: Credential, key: &UniqueIdentifier| {
        let response = peer.send(vec![GetRequest::new(key.clone()).into()], |message| {
            message.request_header.asynchronous_indicator = Some(AsynchronousIndicator::Mandatory);
            message.request_header.authentication = Some(Authentication { credential: vec![credential] });
        });
        response.batch_item[0].asynchronous_correlation_value.clone().unwrap()
    };
    let (alices, own) = (later(alice(), &two), later(with_ticket(&ticket), &one));
    let outstanding = |credential: Credential| {
        let item = ask_with(&peer, vec![credential], QueryAsynchronousRequestsRequest::default());
        let Some(ResponsePayload::QueryAsynchronousRequests(listed)) = item.response_payload else {
            panic!("{:?}", item.result_reason)
        };
        let listed = listed.asynchronous_request.into_iter();
        listed.map(|request| request.asynchronous_correlation_value).collect::<Vec<_>>()
    };
    assert_eq!(outstanding(with_ticket(&ticket)), std::slice::from_ref(&own));
    assert_eq!(outstanding(alice()), [alices.clone(), own.clone()]);
    let with = |request: RequestPayload| ask_with(&peer, vec![with_ticket(&ticket)], request);
    let poll = |value: &[u8]| PollRequest { asynchronous_correlation_value: value.to_vec() };
    assert_eq!(with(poll(&alices).into()).result_reason, Some(R::InvalidAsynchronousCorrelationValue));
    let cancelled = with(CancelRequest { asynchronous_correlation_value: alices.clone() }.into());
    let Some(ResponsePayload::Cancel(cancelled)) = cancelled.response_payload else { panic!() };
    assert_eq!(cancelled.cancellation_result, CancellationResult::Unavailable);
    assert_eq!(with(poll(&own).into()).result_status, S::Success);
    assert_eq!(ask_with(&peer, vec![alice()], poll(&alices)).result_status, S::Success);

    let reset =
        InteropRequest { interop_function: InteropFunction::Reset, interop_identifier: "case".to_owned() };
    for request in [reset.into(), SetDefaultsRequest::default().into()] {
        assert_eq!(with(request).result_reason, Some(R::PermissionDenied));
    }
    assert_eq!(located(&peer, alice()), [two, one]);
}

#[test]
fn the_server_stays_the_server() {
    let peer = Peer::new(V2_1);
    let role = |endpoint_role| peer.call(SetEndpointRoleRequest { endpoint_role });
    assert_eq!(role(EndpointRole::Server).unwrap().endpoint_role, EndpointRole::Server);
    assert_eq!(role(EndpointRole::Client), Err(R::FeatureNotSupported));
}

/// Hashed Passwords of alice's, and what the server proves with, as another implementation of SHA-2 makes them.
const HASHED: [(Option<HashingAlgorithm>, i64, &str, &str); 2] = [
    (
        None,
        1_700_000_000_000_000,
        "ad5339887fa71d79694f28e51f9854c0b98b2ac66fddee64d9367873b85f9bd1d7e3797855cb8e429515e3b6148c9f403a8ca244d617bc4487ded80b69000241",
        "4c23b25fc112785609157d47a10c485484762ff36d80e48f7f49e77f2249f0d4",
    ),
    (
        Some(HashingAlgorithm::Sha512),
        1_700_000_000_000_001,
        "ada3478e0542583d3f75b3dd5bf06a8f3bf751e794e929a82ebeff66ecb08d5320b5e06d5b855e3c613af0bec3c15edb57ecfe883e13f4626c74a7d17f1e73a562a539f7eebb061a172e47371006db3415f07195a841a2e0811af07c24e51a50beae8233b7f3f163101acc253a66775f5895c12cb9888fac9f9d7db7a7ee6f1f",
        "28b317df1eb8c148e6a45b4b221b468251c68cdced25d8defaa4fa6299e762276a90f4525225767b932e3cf1cfc49cbbe646e0c402797d810e59747433b107e7",
    ),
];

#[test]
fn a_hashed_password_holds_once_and_the_server_proves_that_it_knows_it() {
    let peer = Peer::with(V2_1, options());
    let ask = |algorithm, timestamp, hashed: &[u8]| {
        let credential = Credential {
            credential_type: CredentialType::HashedPassword,
            credential_value: CredentialValue::HashedPassword(HashedPasswordCredential {
                username: "alice".to_owned(),
                timestamp: DateTimeExtended::from_microseconds(timestamp),
                hashing_algorithm: algorithm,
                hashed_password: hashed.to_vec().into(),
            }),
        };
        let mut response = peer.send(vec![PingRequest::default().into()], |message| {
            message.request_header.authentication = Some(Authentication { credential: vec![credential] });
        });
        (response.response_header.server_hashed_password, response.batch_item.remove(0).result_reason)
    };
    let wrong = (None, Some(R::AuthenticationNotSuccessful));
    for (algorithm, timestamp, hashed, proof) in HASHED {
        let hashed = bytes(hashed);
        let proof = bytes(proof);
        assert_eq!(ask(algorithm, timestamp + 1, &hashed), wrong);
        assert_eq!(ask(algorithm, timestamp, &hashed[1..]), wrong);
        assert_eq!(ask(algorithm, timestamp, &hashed), (Some(proof.into()), None));
        assert_eq!(ask(algorithm, timestamp, &hashed), wrong);
    }
    assert_eq!(ask(Some(HashingAlgorithm::Md5), i64::MAX, &[0; 32]), wrong);
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.chars().map(|digit| digit.to_digit(16).unwrap().try_into().unwrap()).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

fn one_time(username: &str, password: Option<&str>, one_time: &str) -> Credential {
    Credential {
        credential_type: CredentialType::OneTimePassword,
        credential_value: CredentialValue::OneTimePassword(OneTimePasswordCredential {
            username: username.to_owned(),
            password: password.map(|password| password.to_owned().into()),
            one_time_password: one_time.to_owned().into(),
        }),
    }
}

#[test]
fn a_one_time_password_holds_once() {
    let secret = b"12345678901234567890".to_vec();
    let options = ServerOptions::default()
        .user("alice", "secret")
        .one_time_passwords("alice", OneTimePasswords::counted(secret.clone()))
        .one_time_passwords("bob", OneTimePasswords::timed(secret));
    let peer = Peer::with(V2_1, options);
    let holds = |credential| {
        let item = ask_with(&peer, vec![credential], PingRequest::default());
        assert!(matches!(item.result_reason, None | Some(R::AuthenticationNotSuccessful)));
        item.result_reason.is_none()
    };
    // RFC 4226 appendix D: the first, the second, the fourth.
    assert!(!holds(one_time("alice", None, "755224")));
    assert!(!holds(one_time("alice", Some("hidden"), "755224")));
    assert!(holds(one_time("alice", Some("secret"), "755224")));
    assert!(!holds(one_time("alice", Some("secret"), "755224")));
    assert!(holds(one_time("alice", Some("secret"), "969429")));
    assert!(!holds(one_time("alice", Some("secret"), "287082")));
    assert!(!holds(one_time("carol", None, "338314")));
    // The password alone does not do any more.
    assert!(!holds(alice()));
    // What RFC 6238 appendix B has for 1,111,111,109, with six digits.
    peer.wait(1_111_111_109 - START);
    assert!(!holds(one_time("bob", None, "081805")));
    assert!(holds(one_time("bob", None, "081804")));
    assert!(!holds(one_time("bob", None, "081804")));
    peer.wait(60);
    assert!(!holds(one_time("bob", None, "081804")));
}

#[test]
fn a_device_is_known_by_what_it_says() {
    let device = |serial: Option<&str>, password: Option<&str>| DeviceCredential {
        device_serial_number: serial.map(str::to_owned),
        network_identifier: Some("n".to_owned()),
        password: password.map(|password| password.to_owned().into()),
        ..DeviceCredential::default()
    };
    for version in VERSIONS {
        let options = ServerOptions::default().device("pump", device(Some("7"), Some("wet")));
        let peer = Peer::with(version, options);
        for (given, is_known) in [
            (device(Some("7"), Some("wet")), true),
            (device(Some("7"), Some("dry")), false),
            (device(Some("7"), None), false),
            (device(Some("8"), Some("wet")), false),
            (device(None, Some("wet")), false),
        ] {
            let credential = Credential {
                credential_type: CredentialType::Device,
                credential_value: CredentialValue::Device(given),
            };
            // Device credentials are there since KMIP 1.1.
            if version >= ProtocolVersion::V1_1 {
                let item = ask_with(&peer, vec![credential], LocateRequest::default());
                let expected = (!is_known).then_some(R::AuthenticationNotSuccessful);
                assert_eq!(item.result_reason, expected, "{version}");
            }
        }
    }
}
