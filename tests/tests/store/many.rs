//! Servers in several places on one database, none of which knows of the others.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::thread;

use kmip_sdk::server::store::Store;
use kmip_sdk::server::{EmbeddedServer, GroupDefault, ServerOptions};
use kmip_sdk::types::attribute::{Attribute, CryptographicParameters, UsageLimits};
use kmip_sdk::types::enumerations::{
    AttestationType, BlockCipherMode, ObjectGroupMember, ResultReason, ResultStatus, State, UsageLimitsUnit,
};
use kmip_sdk::types::message::{AttestationCredential, Authentication, Message, Nonce, ResponseMessage};
use kmip_sdk::types::message::{RequestBatchItem, RequestHeader, RequestMessage};
use kmip_sdk::types::object::{CertificateRequest, ManagedObject};
use kmip_sdk::types::operation::{
    ActivateRequest, AddAttributeRequest, CertificateRequestForm, EncryptRequest, GetRequest,
    GetUsageAllocationRequest, LocateRequest, ReProvisionRequest, RequestPayload, ResponsePayload,
};
use kmip_sdk::types::{DateTime, Interval, ProtocolVersion};
use rcgen::{CertificateParams, DnType, KeyPair};

use crate::asked::{Asked, START, create, identifiers, name};
use crate::authority::{Authority, Known};
use crate::database::Schema;
use crate::places::key;

/// How many threads ask each server.
const THREADS: usize = 3;

fn store(schema: &Schema) -> Store {
    Store::open_sealed(&schema.url(), key()).unwrap()
}

/// Two servers with nothing in common but the database.
fn two(schema: &Schema, options: impl Fn(ServerOptions) -> ServerOptions) -> [Asked; 2] {
    [(); 2].map(|()| Asked::with(options(ServerOptions::default().store(store(schema)))))
}

/// Has threads ask both servers at once, each by its number.
fn load(servers: &[Asked; 2], ask: impl Fn(&Asked, usize) + Sync) {
    thread::scope(|scope| {
        for number in 0..2 * THREADS {
            let ask = &ask;
            scope.spawn(move || ask(&servers[number % 2], number));
        }
    });
}

#[test]
fn names_allocations_and_updates_are_neither_given_twice_nor_lost() {
    let Some(schema) = Schema::new() else { return };
    let servers = two(&schema, |options| options);
    let limits = UsageLimits {
        usage_limits_total: 200,
        usage_limits_count: Some(200),
        usage_limits_unit: UsageLimitsUnit::Byte,
    };
    let key = servers[0].create([Attribute::UsageLimits(limits)]);
    servers[1].call(ActivateRequest::new(key.as_str())).unwrap();
    let (named, given) = (AtomicUsize::new(0), AtomicUsize::new(0));
    load(&servers, |asked, thread| {
        for turn in 0..10 {
            match asked.call(create([name(&format!("name {turn}"))])) {
                Ok(_) => drop(named.fetch_add(1, Ordering::SeqCst)),
                Err(reason) => assert_eq!(reason, ResultReason::NonUniqueNameAttribute),
            }
            let request = GetUsageAllocationRequest::new(7).with_unique_identifier(key.as_str());
            if asked.call(request).is_ok() {
                given.fetch_add(7, Ordering::SeqCst);
            }
            let group = Attribute::ObjectGroup(format!("{thread} {turn}"));
            asked.call(AddAttributeRequest::new(key.as_str(), group)).unwrap();
        }
    });
    assert_eq!(named.load(Ordering::SeqCst), 10);
    assert_eq!(given.load(Ordering::SeqCst), 196);
    let attributes = servers[1].attributes(&key);
    assert_eq!(attributes.usage_limits().unwrap().usage_limits_count, Some(4));
    assert_eq!(attributes.object_groups().count(), 2 * THREADS * 10);
    assert_eq!(store(&schema).objects().unwrap().records, 11);
}

/// The highest number of records and versions: how much has been written.
fn written(schema: &Schema) -> u64 {
    schema.execute("SELECT number FROM kmip_last")[0].parse().unwrap()
}

#[test]
fn what_is_due_is_done_once() {
    let Some(schema) = Schema::new() else { return };
    let servers = two(&schema, |options| options);
    let date = |seconds| DateTime::from_seconds(START + seconds);
    let due: Vec<String> =
        (0..50).map(|_| servers[0].create([Attribute::ActivationDate(date(10))])).collect();
    // One with a name cannot be rotated twice, since its name goes to the new one. One without could.
    let rotated: Vec<String> = (0..20)
        .map(|number| {
            let interval = Attribute::RotateInterval(Interval::from_seconds(100));
            let name = (number % 2 == 0).then(|| name(&format!("rotated {number}")));
            servers[1].create([Attribute::RotateAutomatic(true), interval].into_iter().chain(name))
        })
        .collect();
    let before = written(&schema);
    servers.iter().for_each(|asked| asked.wait(10));
    load(&servers, |asked, _| assert_eq!(asked.locate([Attribute::State(State::Active)]).len(), due.len()));
    assert_eq!(written(&schema) - before, due.len() as u64, "each transition is written once");
    servers.iter().for_each(|asked| asked.wait(90));
    load(&servers, |asked, _| drop(asked.locate([])));
    assert_eq!(servers[0].locate([]).len(), due.len() + 2 * rotated.len());
    for (number, key) in rotated.iter().enumerate() {
        let attributes = servers[1].attributes(key);
        let [link] = &attributes.links().collect::<Vec<_>>()[..] else { panic!("{key} is replaced once") };
        let new = link.linked_object_identifier.as_text().unwrap();
        assert_eq!(servers[1].attributes(new).rotate_generation(), Some(1));
        if number % 2 == 0 {
            assert_eq!(servers[0].locate([name(&format!("rotated {number}"))]), [new]);
        }
    }
}

fn attesting(asked: &Asked, nonce: Option<&Nonce>) -> ResponseMessage {
    let payload = RequestPayload::from(LocateRequest::default());
    let mut header = RequestHeader::new(ProtocolVersion::V2_1, 1);
    header.attestation_capable_indicator = Some(true);
    header.authentication = nonce.map(|nonce| {
        let mut attestation = AttestationCredential::new(nonce.clone(), AttestationType::TpmQuote);
        attestation.attestation_measurement = Some(b"sound".to_vec().into());
        Authentication { credential: vec![attestation.into()] }
    });
    let item = RequestBatchItem::new(payload.operation().unwrap(), payload);
    let message = RequestMessage { request_header: header, batch_item: vec![item] };
    ResponseMessage::from_ttlv(&asked.handle(&message.to_ttlv().unwrap())).unwrap()
}

#[test]
fn a_nonce_of_one_server_holds_once_among_both() {
    let Some(schema) = Schema::new() else { return };
    let servers = two(&schema, |options| {
        options.attestation([AttestationType::TpmQuote], |attestation| {
            attestation.attestation_measurement.as_ref().is_some_and(|measured| measured.reveal() == b"sound")
        })
    });
    for turn in 0..4 {
        let nonce = attesting(&servers[turn % 2], None).response_header.nonce.unwrap();
        let taken = AtomicUsize::new(0);
        load(&servers, |asked, _| {
            let is_taken =
                attesting(asked, Some(&nonce)).batch_item[0].result_status == ResultStatus::Success;
            taken.fetch_add(usize::from(is_taken), Ordering::SeqCst);
        });
        assert_eq!(taken.load(Ordering::SeqCst), 1);
    }
}

#[test]
fn the_members_of_a_group_take_turns_among_both() {
    let Some(schema) = Schema::new() else { return };
    let servers = two(&schema, |options| options.group_default(GroupDefault::ByTurns));
    let group = || Attribute::ObjectGroup("group".to_owned());
    let made: Vec<String> = (0..3).map(|_| servers[0].create([group()])).collect();
    let given: Vec<String> = (0..7)
        .map(|turn| {
            let asked = &servers[turn % 2];
            let mut request = LocateRequest::new([group()].into_iter().collect::<_>());
            request.object_group_member = Some(ObjectGroupMember::GroupMemberDefault);
            let [next] = &identifiers(&asked.call(request).unwrap())[..] else { panic!("no turn") };
            asked.call(GetRequest::new(next.as_str())).unwrap();
            next.clone()
        })
        .collect();
    let expected: Vec<String> = made.iter().cycle().take(given.len()).cloned().collect();
    assert_eq!(given, expected);
}

#[test]
fn an_operation_in_parts_stays_with_its_server_and_that_is_said_elsewhere() {
    let Some(schema) = Schema::new() else { return };
    let servers = two(&schema, |options| options);
    let key = servers[0].create([]);
    servers[0].call(ActivateRequest::new(key.as_str())).unwrap();
    let part = |correlation_value: Option<Vec<u8>>| {
        let mut request = EncryptRequest::new(key.as_str(), b"sixteen bytes...".to_vec());
        let mode = CryptographicParameters::default().with_block_cipher_mode(BlockCipherMode::Ecb);
        request.cryptographic_parameters = Some(mode.into());
        request.init_indicator = correlation_value.is_none().then_some(true);
        request.correlation_value = correlation_value;
        request
    };
    let begun = servers[0].send(part(None), |_| {});
    let Some(ResponsePayload::Encrypt(begun)) = begun.response_payload else { panic!("{begun:?}") };
    let elsewhere = servers[1].send(part(begun.correlation_value.clone()), |_| {});
    assert_eq!(elsewhere.result_reason, Some(ResultReason::InvalidCorrelationValue));
    let message = elsewhere.result_message.unwrap();
    assert!(message.contains("another that shares its store"), "{message}");
    assert_eq!(servers[0].send(part(begun.correlation_value), |_| {}).result_status, ResultStatus::Success);
}

/// A server on the database that clients know by an authority.
fn serve(schema: &Schema, known: &Known) -> EmbeddedServer {
    known.start(|| ServerOptions::default().store(store(schema)))
}

#[test]
fn a_certificate_that_one_server_replaced_is_replaced_at_the_other() {
    let Some(schema) = Schema::new() else { return };
    let authority = Authority::new();
    let [one, other] = [(); 2].map(|()| serve(&schema, &authority.known()));
    let (certificate, old_key) = authority.issue("client");
    let [first, second] = [&one, &other]
        .map(|server| authority.client([server.address()], &certificate, &old_key).connect().unwrap());
    let kept = second.create_aes(256).send().unwrap().unique_identifier;
    let new_key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, "client");
    let request = params.serialize_request(&new_key).unwrap().der().to_vec();
    let form = CertificateRequestForm::from(CertificateRequest::from(request));
    let provision = ReProvisionRequest { certificate_request: Some(form), certificate: None };
    let placed = GetRequest { unique_identifier: None, ..GetRequest::new("") };
    let (_, got) = first.call_batch((provision, placed)).send().unwrap();
    let ManagedObject::Certificate(new) = got.unwrap().object else { panic!("no certificate") };
    assert_eq!(second.locate().send().unwrap_err().reason(), Some(ResultReason::AuthenticationNotSuccessful));
    let pem =
        der::pem::encode_string("CERTIFICATE", der::pem::LineEnding::LF, &new.certificate_value).unwrap();
    let again = authority.client([other.address()], &pem, &new_key.serialize_pem()).connect().unwrap();
    assert!(again.locate().send().unwrap().unique_identifier.contains(&kept));
}

#[test]
fn a_client_goes_from_one_server_to_the_other_and_back_without_a_failed_call() {
    let Some(schema) = Schema::new() else { return };
    let authority = Authority::new();
    let mut servers = [(); 2].map(|()| Some(serve(&schema, &authority.known())));
    let (certificate, client_key) = authority.issue("client");
    let both = servers.iter().flatten().map(EmbeddedServer::address);
    let client = authority.client(both, &certificate, &client_key).connect().unwrap();
    let made = client.create_aes(256).send().unwrap().unique_identifier;
    let (is_over, calls) = (AtomicBool::new(false), AtomicU64::new(0));
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while !is_over.load(Ordering::SeqCst) {
                    let got = client.get(&made).send();
                    // Nobody waits for more then.
                    is_over.fetch_or(got.is_err(), Ordering::SeqCst);
                    got.unwrap();
                    calls.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        let some_calls = || {
            let enough = calls.load(Ordering::SeqCst) + 20;
            while calls.load(Ordering::SeqCst) < enough && !is_over.load(Ordering::SeqCst) {
                thread::yield_now();
            }
        };
        for turn in 0..6 {
            some_calls();
            let ended = servers[turn % 2].take().unwrap();
            let port = ended.address().port();
            drop(ended);
            some_calls();
            servers[turn % 2] = Some(serve(&schema, &authority.known().at(port)));
        }
        is_over.store(true, Ordering::SeqCst);
    });
    assert!(calls.load(Ordering::SeqCst) >= 240);
}
