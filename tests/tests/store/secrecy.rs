//! Nothing secret stands where a sealed store keeps what it was given, in what the database logs, in what the server traces, or
//! in the labels of what it counts: not of what was done, of what was asked for wrongly, nor of what failed.

use std::collections::BTreeSet;
use std::fs;

use kmip_sdk::server::store::{Backend, Body, Change, Commit, Difference, Key, Kind, Store, Value};
use kmip_sdk::server::{OneTimePasswords, ServerOptions, User};
use kmip_sdk::types::attribute::{
    ApplicationSpecificInformation, Attribute, Attributes, CryptographicParameters, VendorAttribute,
};
use kmip_sdk::types::enumerations::{BlockCipherMode, ObjectType, ResultReason, ResultStatus, State};
use kmip_sdk::types::masks::CryptographicUsageMask;
use kmip_sdk::types::message::Credential;
use kmip_sdk::types::object::{KeyBlock, KeyMaterial, KeyValue, ManagedObject};
use kmip_sdk::types::operation::{
    ActivateRequest, DecryptRequest, EncryptRequest, GetRequest, LoginRequest, PingRequest, RegisterRequest,
    ResponsePayload,
};
use kmip_sdk::types::{Item, ProtocolVersion, item};
use kmip_tests::counts::Counts;
use kmip_tests::samples::objects;
use kmip_tests::traced::{Log, dense, forms};

use crate::asked::{Asked, create, message, name};
use crate::database::{log_since, logged};
use crate::places::{Place, key};
use crate::restart::{authenticated, one_time, with_ticket};

const PASSWORD: &str = "password-of-a-user";
const WRONG_PASSWORD: &str = "mistyped-password-of-a-user";
const ONE_TIME: &[u8] = b"one-time-secret-of-a-user";
const PLAINTEXT: &[u8] = b"plaintext of 32 bytes, in blocks";

/// What attributes say.
const NAMES: [&str; 8] = [
    "name-of-a-key",
    "name-of-another",
    "name-put-off",
    "group-of-a-key",
    "comment-on-a-key",
    "data-of-an-application",
    "value-of-a-vendor",
    "name-of-nothing",
];

/// Who uses the server: who that is may be traced.
const USERS: [&str; 2] = ["name-of-a-user", "name-of-one-in-the-store"];

/// What is not to be found, and something that is.
struct Given {
    secrets: BTreeSet<Vec<u8>>,
    identifier: String,
}

#[test]
fn nothing_secret_stands_in_the_file() {
    let place = Place::redb();
    let Place::Redb(directory) = &place else { panic!("no file") };
    nothing_secret_stands_in(&place, || {
        vec![("the file", fs::read(directory.path().join("store")).unwrap())]
    });
}

#[test]
fn nothing_secret_stands_in_the_database() {
    let Some(Place::Postgres(schema)) = Place::postgres() else { return };
    let place = Place::Postgres(schema.that_logs_all());
    let Place::Postgres(schema) = &place else { panic!("no schema") };
    let (segment, length) = (schema.log_position(), logged());
    nothing_secret_stands_in(&place, || {
        let log = log_since(length);
        for said in [&b"arameters: $1 = "[..], b"kmip_commit_1", b"Failing row contains"] {
            assert!(contains(&log, said), "the database does not log {}", shown(said));
        }
        vec![
            ("the log", with_bytes(log)),
            ("a dump", with_bytes(schema.dump())),
            ("the files and the write-ahead log", schema.files(&segment)),
        ]
    });
}

/// A text, and behind it the bytes that stand in it in hex.
fn with_bytes(mut text: Vec<u8>) -> Vec<u8> {
    let number = |digit: u8| char::from(digit).to_digit(16).unwrap() as u8;
    let digits = text.split(|byte| !byte.is_ascii_hexdigit());
    let bytes: Vec<u8> = digits
        .flat_map(|digits| digits.chunks_exact(2).map(|pair| number(pair[0]) << 4 | number(pair[1])))
        .collect();
    text.extend(bytes);
    text
}

/// Gives a server what is secret, and looks for it where it is kept, traced and counted.
fn nothing_secret_stands_in(place: &Place, kept: impl Fn() -> Vec<(&'static str, Vec<u8>)>) {
    let (log, counts) = (Log::default(), Counts::default());
    let given = tracing::subscriber::with_default(log.clone(), || {
        metrics::with_local_recorder(&counts, || {
            let given = give(place);
            fail(place, &given.identifier);
            given
        })
    });
    let all: Vec<&[u8]> = given.secrets.iter().map(Vec::as_slice).collect();
    let clear: Vec<&[u8]> = NAMES.iter().chain(&USERS).map(|text| text.as_bytes()).collect();
    for (what, kept) in kept() {
        let found: Vec<_> = find(&kept, &[&all[..], &clear[..]].concat()).into_iter().map(shown).collect();
        assert!(found.is_empty(), "in {what} stand {found:?}");
        assert!(contains(&kept, given.identifier.as_bytes()), "the search finds what is in {what}");
    }
    let (log, labels) = (log.text(), counts.names().join("\n"));
    for said in ["kmip_request", "answered", "refused", "the store has failed", "operation = Some(Register)"]
    {
        assert!(log.contains(said), "{said:?} is not in what was traced:\n{log}");
    }
    for said in [
        "kmip_server_calls_total operation=Register",
        "kmip_server_messages_refused_total",
        "operation=commit",
    ] {
        assert!(labels.contains(said), "{said:?} is not in what was counted:\n{labels}");
    }
    let texts = [dense(&log), dense(&labels)];
    for secret in all.into_iter().chain(NAMES.iter().map(|text| text.as_bytes())) {
        let is_found = forms(secret).into_iter().any(|form| texts.iter().any(|text| text.contains(&form)));
        assert!(!is_found, "{} was traced or counted:\n{log}\n{labels}", shown(secret));
    }
}

fn shown(secret: &[u8]) -> String {
    String::from_utf8_lossy(secret).into_owned()
}

/// Which of these stand somewhere.
fn find<'a>(kept: &[u8], wanted: &[&'a [u8]]) -> Vec<&'a [u8]> {
    let place = |bytes: &[u8]| usize::from(bytes[0]) << 8 | usize::from(bytes[1]);
    let mut by_start = vec![Vec::new(); 1 << 16];
    for bytes in wanted {
        by_start[place(bytes)].push(*bytes);
    }
    let mut found = BTreeSet::new();
    for (position, pair) in kept.windows(2).enumerate() {
        let starting = by_start[place(pair)].iter();
        found.extend(starting.filter(|bytes| kept[position..].starts_with(bytes)).copied());
    }
    found.into_iter().collect()
}

fn contains(kept: &[u8], wanted: &[u8]) -> bool {
    !find(kept, &[wanted]).is_empty()
}

/// All bytes and large numbers of an object, public ones too.
fn bytes_of(object: &ManagedObject) -> Vec<Vec<u8>> {
    let request = RegisterRequest::new(object.object_type().unwrap(), Attributes::new(), object.clone());
    let request = Item::from_ttlv(&message(request, |_| {})).unwrap();
    let values = request.walk().filter_map(|item| match &item.value {
        item::Value::ByteString(bytes) => Some(bytes.clone()),
        item::Value::BigInteger(number) => number.to_unsigned_bytes().map(<[u8]>::to_vec),
        _ => None,
    });
    values.filter(|bytes| bytes.len() >= 12).collect()
}

fn register(object: &ManagedObject) -> RegisterRequest {
    let mask = CryptographicUsageMask::ENCRYPT | CryptographicUsageMask::DECRYPT;
    let attributes = Attributes::new().with_cryptographic_usage_mask(mask);
    RegisterRequest::new(object.object_type().unwrap(), attributes, object.clone())
}

/// Has a server keep something of each kind, and asks it for it, rightly and wrongly.
fn give(place: &Place) -> Given {
    let store = place.store();
    let one_time_passwords = OneTimePasswords::counted(ONE_TIME.to_vec());
    store
        .users()
        .add(User::new(USERS[1]).password("password-of-one").one_time_passwords(one_time_passwords))
        .unwrap();
    let otto = OneTimePasswords::counted(b"12345678901234567890".to_vec());
    let options = ServerOptions::default().store(store).user(USERS[0], PASSWORD);
    let asked = Asked::with(options.one_time_passwords("otto", otto));
    let mut secrets: BTreeSet<Vec<u8>> =
        [PASSWORD.as_bytes(), WRONG_PASSWORD.as_bytes(), b"password-of-one", ONE_TIME, PLAINTEXT]
            .map(<[u8]>::to_vec)
            .into();
    secrets.insert(b"12345678901234567890".to_vec());
    // The master key of the tests.
    secrets.insert(vec![7; 32]);

    let mut registered = BTreeSet::new();
    let samples = objects::all().into_iter().filter(|sample| sample.newest == ProtocolVersion::V2_1);
    let mut last = None;
    for sample in samples {
        secrets.extend(bytes_of(&sample.object));
        // What the server does not take is asked for wrongly.
        if let Ok(response) = asked.call(register(&sample.object)) {
            registered.insert(sample.object.object_type().unwrap().value());
            let got = asked.call(GetRequest::new(response.unique_identifier.clone())).unwrap();
            assert_eq!(got.object, sample.object, "{}", sample.name);
            last = Some(sample.object);
        }
    }
    for object_type in [
        ObjectType::Certificate,
        ObjectType::CertificateRequest,
        ObjectType::OpaqueObject,
        ObjectType::PgpKey,
        ObjectType::PrivateKey,
        ObjectType::PublicKey,
        ObjectType::SecretData,
        ObjectType::SplitKey,
        ObjectType::SymmetricKey,
    ] {
        assert!(registered.contains(&object_type.value()), "no {object_type} was registered");
    }

    let identifier = use_keys(&asked, &mut secrets);
    log_in(&asked, &mut secrets);
    ask_wrongly(&asked, &last.unwrap());
    Given { secrets, identifier }
}

fn described(text: &str) -> [Attribute; 5] {
    let application = ApplicationSpecificInformation {
        application_namespace: "space".to_owned(),
        application_data: Some(NAMES[5].to_owned()),
    };
    let of_vendor = VendorAttribute {
        vendor_identification: "x".to_owned(),
        attribute_name: "stage".to_owned(),
        attribute_value: item::Value::TextString(NAMES[6].to_owned()),
    };
    [
        name(text),
        Attribute::ObjectGroup(NAMES[3].to_owned()),
        Attribute::Comment(NAMES[4].to_owned()),
        Attribute::ApplicationSpecificInformation(application),
        Attribute::Vendor(Box::new(of_vendor)),
    ]
}

/// Makes keys, looks for them by what they are described with, and uses them.
fn use_keys(asked: &Asked, secrets: &mut BTreeSet<Vec<u8>>) -> String {
    let key = asked.create(described(NAMES[0]));
    for attribute in described(NAMES[0]) {
        assert_eq!(asked.locate([attribute]), [key.as_str()]);
    }
    for attribute in [name(NAMES[7]), Attribute::Comment(NAMES[7].to_owned())] {
        assert!(asked.locate([attribute]).is_empty());
    }
    secrets.insert(material(asked, &key));
    let parameters = CryptographicParameters::default().with_block_cipher_mode(BlockCipherMode::Ecb);
    let mut encrypt = EncryptRequest::new(key.as_str(), PLAINTEXT.to_vec());
    encrypt.cryptographic_parameters = Some(parameters.clone().into());
    asked.call(encrypt.clone()).expect_err("it is not active");
    asked.call(ActivateRequest::new(key.as_str())).unwrap();
    let encrypted = asked.call(encrypt).unwrap().data.unwrap();
    let mut decrypt = DecryptRequest::new(key.as_str(), encrypted.reveal().to_vec());
    decrypt.cryptographic_parameters = Some(parameters.into());
    assert_eq!(asked.call(decrypt.clone()).unwrap().data.unwrap().reveal(), PLAINTEXT);
    decrypt.data = Some(PLAINTEXT[1..].to_vec().into());
    asked.call(decrypt).expect_err("no number of blocks");
    let pending = asked.later(create([name(NAMES[2])]));
    assert!(pending.asynchronous_correlation_value.is_some());
    key
}

fn material(asked: &Asked, key: &str) -> Vec<u8> {
    let got = asked.call(GetRequest::new(key)).unwrap();
    let Some(KeyBlock { key_value: Some(KeyValue::Plain(value)), .. }) = got.object.key_block() else {
        panic!("no key")
    };
    let KeyMaterial::Bytes(bytes) = &value.key_material else { panic!("no bytes") };
    bytes.reveal().to_vec()
}

/// Shows credentials of every kind, right and wrong ones.
fn log_in(asked: &Asked, secrets: &mut BTreeSet<Vec<u8>>) {
    let password = |password: &str| Credential::username_and_password(USERS[0], password.to_owned());
    let login = asked.send(LoginRequest::default(), authenticated(password(PASSWORD)));
    let Some(ResponsePayload::Login(login)) = login.response_payload else { panic!("{login:?}") };
    secrets.insert(login.ticket.ticket_value.reveal().to_vec());
    let created = asked.send(create(described(NAMES[1])), authenticated(with_ticket(&login.ticket)));
    let Some(ResponsePayload::Create(created)) = created.response_payload else { panic!("{created:?}") };
    secrets.insert(material(asked, created.unique_identifier.as_text().unwrap()));
    let proved = asked.send(PingRequest {}, authenticated(one_time("755224")));
    assert_eq!(proved.result_status, ResultStatus::Success, "{:?}", proved.result_message);
    let mut ticket = login.ticket;
    let mut value = ticket.ticket_value.reveal().to_vec();
    value[0] ^= 1;
    secrets.insert(value.clone());
    ticket.ticket_value = value.into();
    for wrong in [password(WRONG_PASSWORD), one_time("755224"), with_ticket(&ticket)] {
        let refused = asked.send(PingRequest {}, authenticated(wrong));
        assert_eq!(refused.result_status, ResultStatus::OperationFailed);
    }
}

/// Sends what contradicts itself, and what is damaged or cut off anywhere.
fn ask_wrongly(asked: &Asked, object: &ManagedObject) {
    assert_eq!(asked.call(create([name(NAMES[0])])), Err(ResultReason::NonUniqueNameAttribute));
    for sample in objects::all().into_iter().filter(|sample| sample.newest == ProtocolVersion::V2_1) {
        let mut wrong = register(&sample.object);
        let other = wrong.object_type == ObjectType::SymmetricKey;
        wrong.object_type = if other { ObjectType::SecretData } else { ObjectType::SymmetricKey };
        asked.call(wrong).expect_err("it is of another type");
        let mut without = register(&sample.object);
        without.attributes = Attributes::new().with(Attribute::State(State::Active));
        asked.call(without).expect_err("the server says what state it is in");
    }
    let mut whole = register(object);
    whole.attributes.extend(described("damaged"));
    let whole = message(whole, |_| {});
    let mut refused = 0;
    for position in 0..whole.len() {
        let mut damaged = whole.clone();
        // What stands in a name or a key may be anything.
        damaged[position] ^= 0x81;
        refused += usize::from(asked.handle(&damaged).len() < 400);
        if position % 8 == 0 {
            asked.handle(&whole[..position]);
        }
    }
    assert!(refused > 100);
}

/// Has the store fail: what is kept is damaged; and a database refuses what it is given.
fn fail(place: &Place, identifier: &str) {
    damage(&*place.open(), identifier);
    let asked = Asked::on(Store::sealed(place.open(), key()).unwrap().cache(0));
    asked.call(GetRequest::new(identifier)).expect_err("it is damaged");
    let Place::Postgres(schema) = place else { return };
    for table in ["kmip_records", "kmip_terms", "kmip_names"] {
        schema.execute(&format!("ALTER TABLE {table} ADD CONSTRAINT refused CHECK (false) NOT VALID"));
        assert_eq!(asked.call(create(described("refused"))), Err(ResultReason::GeneralFailure));
        schema.execute(&format!("ALTER TABLE {table} DROP CONSTRAINT refused"));
    }
}

/// Changes a byte in the middle of an object.
fn damage(backend: &dyn Backend, identifier: &str) {
    let record = backend.get(&Key::new(Kind::OBJECT, identifier)).unwrap().unwrap();
    let mut body = record.body.bytes().to_vec();
    let middle = body.len() / 2;
    body[middle] ^= 1;
    let value = Value { size: body.len() as u64, body: Body::from_bytes(body), due: record.due };
    let (terms, names) = (Difference::default(), Difference::default());
    let change = Change { key: record.key, expected: Some(record.version), value: Some(value), terms, names };
    backend.commit(Commit { changes: vec![change], ..Commit::default() }).unwrap();
}
