//! A server that is gone, and another on the same store: all is there.

use kmip_sdk::server::store::{Body, Change, Difference, Key};
use kmip_sdk::server::store::{Clear, Commit, Kind, Store, StoreError, Value};
use kmip_sdk::server::{OneTimePasswords, ServerOptions, User};
use kmip_sdk::types::attribute::{Attribute, Attributes, UniqueIdentifier};
use kmip_sdk::types::enumerations::{
    CredentialType, ObjectGroupMember, ObjectType, RecommendedCurve, ResultReason, ResultStatus, State,
    ValidityIndicator,
};
use kmip_sdk::types::masks::CryptographicUsageMask;
use kmip_sdk::types::message::{
    Authentication, Credential, CredentialValue, OneTimePasswordCredential, RequestHeader, ResponseBatchItem,
    Ticket, TicketCredential,
};
use kmip_sdk::types::operation::{
    ActivateRequest, CertifyRequest, Constraint, Constraints, CreateKeyPairRequest, DefaultsInformation,
    GetConstraintsRequest, GetRequest, GetResponse, LocateRequest, LoginRequest, ObjectDefaults,
    ObjectTypeOrTypes, ObjectTypes, PingRequest, PollRequest, ResponsePayload, SetConstraintsRequest,
    SetDefaultsRequest, ValidateRequest,
};

use kmip_sdk::types::Interval;

use crate::asked::{Asked, create, identifiers, name};
use crate::places::{Place, key};

for_every_store!(
    all_is_there_again,
    what_is_due_is_done_by_the_server_that_comes_after,
    what_an_older_library_wrote_is_brought_up_to_date,
    what_a_newer_library_wrote_is_left_alone,
);

fn what_is_due_is_done_by_the_server_that_comes_after(place: &Place) {
    if !place.lasts() {
        return;
    }
    let of_alice = |store| Asked { identity: Some("alice"), ..Asked::on(store) };
    let asked = of_alice(place.store());
    let rotating = [
        Attribute::RotateAutomatic(true),
        Attribute::RotateInterval(Interval::from_seconds(60)),
        name("app"),
    ];
    let key = asked.create(rotating);
    let pending = asked.later(create([name("later")])).asynchronous_correlation_value.unwrap();
    drop(asked);

    let asked = of_alice(place.store());
    asked.wait(59);
    assert_eq!(asked.locate([name("app")]), std::slice::from_ref(&key));
    asked.wait(1);
    let [newest] = asked.locate([name("app")]).try_into().unwrap();
    assert_ne!(newest, key);
    assert_eq!(asked.attributes(&newest).rotate_generation(), Some(1));
    let polled = asked.send(PollRequest { asynchronous_correlation_value: pending.clone() }, |_| {});
    assert_eq!(polled.result_status, ResultStatus::Success);
    let made = asked.locate([name("later")]);
    assert_eq!(made.len(), 1);
    // All of it is hers, and nobody else's.
    let other = Asked { identity: Some("bob"), ..asked };
    assert_eq!(other.locate([]), [""; 0]);
    let polled = other.send(PollRequest { asynchronous_correlation_value: pending }, |_| {});
    assert_eq!(polled.result_reason, Some(ResultReason::InvalidAsynchronousCorrelationValue));
}

/// What a server was given.
pub(crate) struct Given {
    identifiers: Vec<String>,
    attributes: Vec<Attributes>,
    key: GetResponse,
    ticket: Ticket,
    pending: Vec<u8>,
    finished: Vec<u8>,
    certificate: UniqueIdentifier,
    constraints: Constraints,
}

fn options(store: Store) -> ServerOptions {
    let passwords = OneTimePasswords::counted(b"12345678901234567890".to_vec());
    ServerOptions::default().store(store).user("alice", "secret").one_time_passwords("otto", passwords)
}

pub(crate) fn authenticated(credential: Credential) -> impl FnOnce(&mut RequestHeader) {
    |header| header.authentication = Some(Authentication { credential: vec![credential] })
}

pub(crate) fn with_ticket(ticket: &Ticket) -> Credential {
    Credential {
        credential_type: CredentialType::Ticket,
        credential_value: CredentialValue::Ticket(TicketCredential { ticket: ticket.clone() }),
    }
}

/// The passwords of RFC 4226 appendix D.
pub(crate) fn one_time(password: &str) -> Credential {
    Credential {
        credential_type: CredentialType::OneTimePassword,
        credential_value: CredentialValue::OneTimePassword(OneTimePasswordCredential {
            username: "otto".to_owned(),
            password: None,
            one_time_password: password.to_owned().into(),
        }),
    }
}

fn poll(asked: &Asked, value: &[u8]) -> ResponseBatchItem {
    asked.send(PollRequest { asynchronous_correlation_value: value.to_vec() }, |_| {})
}

/// Gives a server something of each kind.
pub(crate) fn give(store: Store) -> Given {
    store.users().add(User::new("carol").password("kept")).unwrap();
    let asked = Asked::with(options(store));
    let group = Attribute::ObjectGroup("group".to_owned());
    let first = asked.create([name("first"), group.clone()]);
    let key = asked.call(GetRequest::new(first.as_str())).unwrap();
    let second = asked.create([name("second"), group, Attribute::Fresh(true)]);
    asked.call(ActivateRequest::new(second.as_str())).unwrap();
    let usage = |mask| Some(Attributes::new().with_cryptographic_usage_mask(mask));
    let domain = kmip_sdk::types::attribute::CryptographicDomainParameters::default()
        .with_recommended_curve(RecommendedCurve::P256);
    let pair = CreateKeyPairRequest {
        common_attributes: Some(
            Attributes::new()
                .with_cryptographic_algorithm(kmip_sdk::types::enumerations::CryptographicAlgorithm::Ecdsa)
                .with(Attribute::CryptographicDomainParameters(domain)),
        ),
        private_key_attributes: usage(CryptographicUsageMask::SIGN),
        public_key_attributes: usage(CryptographicUsageMask::VERIFY),
        ..CreateKeyPairRequest::default()
    };
    let pair = asked.call(pair).unwrap();
    let certify = CertifyRequest {
        unique_identifier: Some(pair.public_key_unique_identifier),
        ..CertifyRequest::default()
    };
    let certificate = asked.call(certify).unwrap().unique_identifier;
    let login = asked.send(
        LoginRequest::default(),
        authenticated(Credential::username_and_password("alice", "secret".to_owned())),
    );
    let Some(ResponsePayload::Login(login)) = login.response_payload else { panic!("{login:?}") };
    let owned = asked.send(create([name("alice's")]), authenticated(with_ticket(&login.ticket)));
    assert_eq!(owned.result_status, ResultStatus::Success);
    assert_eq!(
        asked.send(PingRequest {}, authenticated(one_time("755224"))).result_status,
        ResultStatus::Success
    );
    let [pending, finished] = [(); 2].map(|()| {
        let item = asked.later(create([]));
        item.asynchronous_correlation_value.unwrap()
    });
    assert_eq!(poll(&asked, &finished).result_status, ResultStatus::Success);
    let object_type = ObjectTypeOrTypes::ObjectType(ObjectType::SecretData);
    let attributes = Attributes::new().with(Attribute::Comment("by default".to_owned()));
    let defaults = ObjectDefaults { object_type, attributes: attributes.clone(), object_groups: None };
    let information = DefaultsInformation { object_defaults: vec![defaults] };
    asked.call(SetDefaultsRequest { defaults_information: Some(information) }).unwrap();
    let object_types = Some(ObjectTypes { object_type: vec![ObjectType::SecretData] });
    let constraint = Constraint { object_types, object_groups: None, attributes: Some(attributes) };
    let constraints = Constraints { constraint: vec![constraint] };
    asked.call(SetConstraintsRequest { constraints: constraints.clone() }).unwrap();
    let identifiers = asked.locate([]);
    let attributes = identifiers.iter().map(|identifier| asked.attributes(identifier)).collect();
    Given { identifiers, attributes, key, ticket: login.ticket, pending, finished, certificate, constraints }
}

/// Whether another server has it.
pub(crate) fn check(store: Store, given: &Given) {
    let asked = Asked::with(options(store));
    // In the order in which they were made; what was put off is done when the first request comes.
    let located = asked.locate([]);
    assert_eq!(located[located.len() - given.identifiers.len()..], given.identifiers);
    for (identifier, attributes) in given.identifiers.iter().zip(&given.attributes) {
        assert_eq!(asked.attributes(identifier), *attributes, "{identifier}");
    }
    let first = given.key.unique_identifier.as_text().unwrap();
    assert_eq!(asked.call(GetRequest::new(first)).unwrap(), given.key);
    assert_eq!(asked.locate([name("first")]), [first]);
    let second = asked.locate([name("second")]);
    assert_eq!(asked.call(create([name("second")])), Err(ResultReason::NonUniqueNameAttribute));
    assert_eq!(asked.locate([Attribute::State(State::Active)]).len(), 1);
    let mut fresh =
        LocateRequest::new([Attribute::ObjectGroup("group".to_owned())].into_iter().collect::<_>());
    fresh.object_group_member = Some(ObjectGroupMember::GroupMemberFresh);
    assert_eq!(identifiers(&asked.call(fresh).unwrap()), second);
    let taken = asked.send(create([name("alice's")]), authenticated(with_ticket(&given.ticket)));
    assert_eq!(taken.result_reason, Some(ResultReason::NonUniqueNameAttribute), "the ticket holds");
    let again = asked.send(PingRequest {}, authenticated(one_time("755224")));
    assert_eq!(again.result_reason, Some(ResultReason::AuthenticationNotSuccessful), "it holds once");
    assert_eq!(
        asked.send(PingRequest {}, authenticated(one_time("287082"))).result_status,
        ResultStatus::Success
    );
    let carol = Credential::username_and_password("carol", "kept".to_owned());
    assert_eq!(asked.send(PingRequest {}, authenticated(carol)).result_status, ResultStatus::Success);
    for value in [&given.pending, &given.finished] {
        let item = poll(&asked, value);
        assert_eq!(item.result_status, ResultStatus::Success, "{item:?}");
    }
    let validate =
        ValidateRequest { unique_identifier: vec![given.certificate.clone()], ..ValidateRequest::default() };
    assert_eq!(asked.call(validate).unwrap().validity_indicator, ValidityIndicator::Valid);
    assert_eq!(asked.call(GetConstraintsRequest {}).unwrap().constraints, given.constraints);
}

fn all_is_there_again(place: &Place) {
    if place.lasts() {
        let given = give(place.store());
        check(place.store(), &given);
    }
}

/// Sets the schema version of what is in a place.
pub(crate) fn set_schema(place: &Place, schema: i32) {
    let backend = place.open();
    let record = backend.get(&Key::new(Kind::STORE, "store")).unwrap().unwrap();
    let mut body = record.body.bytes().to_vec();
    let header = [0x54, 0x00, 0x10, 0x02, 0, 0, 0, 4];
    let place = body.windows(8).position(|window| window == header).unwrap() + 8;
    body[place..place + 4].copy_from_slice(&schema.to_be_bytes());
    let value = Value { size: body.len() as u64, body: Body::from_bytes(body), due: None };
    let (terms, names) = (Difference::default(), Difference::default());
    let change = Change { key: record.key, expected: Some(record.version), value: Some(value), terms, names };
    backend.commit(Commit { changes: vec![change], ..Commit::default() }).unwrap();
}

fn what_an_older_library_wrote_is_brought_up_to_date(place: &Place) {
    if !place.lasts() {
        return;
    }
    let given = give(place.store());
    // The first schema had other terms; none of them is one of now.
    place.open().clear(Kind::OBJECT, Clear::Terms).unwrap();
    assert!(Asked::on(place.store()).locate([]).is_empty());
    set_schema(place, 1);
    check(place.store(), &given);
    check_schema(place);
}

/// It is brought up to date once.
fn check_schema(place: &Place) {
    place.open().clear(Kind::OBJECT, Clear::Terms).unwrap();
    assert!(Asked::on(place.store()).locate([]).is_empty());
}

fn what_a_newer_library_wrote_is_left_alone(place: &Place) {
    if !place.lasts() {
        return;
    }
    drop(place.store());
    set_schema(place, 99);
    let refused = Store::sealed(place.open(), key()).unwrap_err();
    assert!(matches!(refused, StoreError::Schema { found: 99, .. }), "{refused}");
}
