//! Who asks: users, tickets, and whose objects are whose.

use kmip_sdk::server::ServerOptions;
use kmip_sdk::types::attribute::{Attribute, Name, UniqueIdentifier};
use kmip_sdk::types::enumerations::{
    AsynchronousIndicator, CredentialType, EndpointRole, Operation, ResultReason as R, ResultStatus as S,
    TicketType,
};
use kmip_sdk::types::message::{
    Authentication, Credential, CredentialValue, DeviceCredential, Message, RequestBatchItem, RequestHeader,
    RequestMessage, ResponseBatchItem, ResponseMessage, Ticket, TicketCredential,
};
use kmip_sdk::types::operation::{
    ActivateRequest, AddAttributeRequest, DelegatedLoginRequest, DestroyRequest, GetAttributesRequest,
    GetRequest, LeaseTime, LocateRequest, LoginRequest, LogoutRequest, ObjectGroups, Objects, Operations,
    PingRequest, PollRequest, RequestPayload, ResponsePayload, Right, Rights, SetEndpointRoleRequest,
};
use kmip_sdk::types::{Interval, ProtocolVersion};

use crate::support::{Peer, VERSIONS, create_aes, reason};

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

#[test]
fn the_server_stays_the_server() {
    let peer = Peer::new(V2_1);
    let role = |endpoint_role| peer.call(SetEndpointRoleRequest { endpoint_role });
    assert_eq!(role(EndpointRole::Server).unwrap().endpoint_role, EndpointRole::Server);
    assert_eq!(role(EndpointRole::Client), Err(R::FeatureNotSupported));
}
