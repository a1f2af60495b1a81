//! What is sealed: no other key opens it.

use std::fs;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use kmip_sdk::Client;
use kmip_sdk::server::store::{
    Backend, Body, Change, Commit, Difference, Key, Kind, MasterKey, MasterKeys, Store, StoreError, Value,
};
use kmip_sdk::server::{EmbeddedServer, ServerOptions};
use kmip_sdk::types::attribute::{Attribute, AttributeReference};
use kmip_sdk::types::enumerations::ResultReason;
use kmip_sdk::types::operation::{AddAttributeRequest, GetRequest};

use crate::asked::Asked;
use crate::places::{Place, key};
use crate::restart::{check, give};

for_every_store!(
    another_key_opens_nothing,
    the_master_key_changes_while_servers_run,
    a_change_that_was_cut_short_is_gone_on_with,
    what_is_not_in_its_place_does_not_open,
);

fn another_key_opens_nothing(place: &Place) {
    let store = place.store();
    Asked::on(store.clone()).create([]);
    drop(store);
    if !place.lasts() {
        return;
    }
    let refused = Store::sealed(place.open(), MasterKey::new([8; 32]));
    assert!(matches!(refused, Err(StoreError::WrongMasterKey)), "{refused:?}");
    assert!(matches!(Store::new(place.open()), Err(StoreError::MasterKey { .. })));
    assert_eq!(Asked::on(place.store()).locate([]).len(), 1);
}

fn the_master_key_changes_while_servers_run(place: &Place) {
    let store = place.store();
    let given = give(store.clone());
    let new = MasterKey::new([8; 32]);
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        let asked = Asked::on(store.clone());
        let stop = &stop;
        scope.spawn(move || {
            let key = asked.create([]);
            while !stop.load(Ordering::SeqCst) {
                let comment = Attribute::Comment("while it changes".to_owned());
                asked.call(AddAttributeRequest::new(key.as_str(), comment)).unwrap();
                let reference = kmip_sdk::types::operation::DeleteAttributeRequest::default()
                    .with_unique_identifier(key.as_str())
                    .with_attribute_reference(AttributeReference::from(kmip_sdk::types::Tag::COMMENT));
                asked.call(reference).unwrap();
            }
        });
        let changed = store.rotate(new.clone());
        stop.store(true, Ordering::SeqCst);
        assert!(!place.lasts() || changed.unwrap() >= 6);
    });
    assert_eq!(store.rotate(new.clone()).unwrap(), 0, "all of them have changed");
    drop(store);
    if place.lasts() {
        assert!(matches!(Store::sealed(place.open(), key()), Err(StoreError::WrongMasterKey)));
        check(Store::sealed(place.open(), new).unwrap(), &given);
    }
}

/// A store whose change was cut short opens with both keys, and with no single one.
fn a_change_that_was_cut_short_is_gone_on_with(place: &Place) {
    if !place.lasts() {
        return;
    }
    let given = give(place.store());
    let new = MasterKey::new([8; 32]);
    // What is written with the new key, while nothing else has been changed yet.
    let store = Store::sealed(place.open(), MasterKeys::from(new.clone()).accepting(key())).unwrap();
    Asked::on(store.clone()).create([]);
    drop(store);
    let store = Store::sealed(place.open(), MasterKeys::from(key()).accepting(new.clone())).unwrap();
    store.rotate(new.clone()).unwrap();
    drop(store);
    check(Store::sealed(place.open(), new).unwrap(), &given);
}

/// Puts a body in the place of a record's.
fn replace(backend: &dyn Backend, key: &Key, body: &[u8]) {
    let record = backend.get(key).unwrap().unwrap();
    let value = Value { body: Body::from_bytes(body), size: body.len() as u64, due: record.due };
    let (terms, names) = (Difference::default(), Difference::default());
    let key = key.clone();
    let change = Change { key, expected: Some(record.version), value: Some(value), terms, names };
    backend.commit(Commit { changes: vec![change], ..Commit::default() }).unwrap();
}

/// A body is that of one record: whoever can write where they are kept makes nothing of it by moving it.
fn what_is_not_in_its_place_does_not_open(place: &Place) {
    if !place.lasts() {
        return;
    }
    let asked = Asked::on(place.store());
    let [one, other] = [(); 2].map(|()| asked.create([]));
    drop(asked);
    let (object, own) =
        (|identifier: &str| Key::new(Kind::OBJECT, identifier), Key::new(Kind::STORE, "store"));
    let backend = place.open();
    let body = |key| backend.get(&key).unwrap().unwrap().body.bytes().to_vec();
    let (of_one, of_other, of_store) = (body(object(&one)), body(object(&other)), body(own.clone()));
    drop(backend);
    // The data key of one before the body of the other.
    let mixed = [&of_one[..69], &of_other[69..]].concat();
    let cut = of_other[..of_other.len() - 1].to_vec();
    let bodies = [of_one.clone(), mixed, cut, of_other[..60].to_vec(), Vec::new(), of_store.clone()];
    for body in bodies {
        replace(&*place.open(), &object(&other), &body);
        let asked = Asked::on(place.store());
        let refused = asked.call(GetRequest::new(other.as_str()));
        assert_eq!(refused.map(drop), Err(ResultReason::InternalServerError));
        assert!(asked.call(GetRequest::new(one.as_str())).is_ok());
    }
    // What names are hidden with is sealed for that, and by it.
    let at = of_store.windows(4).position(|window| window == [0x54, 0x00, 0x11, 0x08]).unwrap() + 8;
    for position in [at, at + 5, at + 30, at + 100] {
        let mut changed = of_store.clone();
        changed[position] ^= 1;
        replace(&*place.open(), &own, &changed);
        let refused = Store::sealed(place.open(), key());
        assert!(
            matches!(refused, Err(StoreError::Corrupt(_) | StoreError::WrongMasterKey)),
            "{position} {refused:?}"
        );
    }
    replace(&*place.open(), &own, &of_store);
    replace(&*place.open(), &object(&other), &of_other);
    assert!(Asked::on(place.store()).call(GetRequest::new(other.as_str())).is_ok());
}

const VARIABLE: &str = "KMIP_TESTS_MASTER_KEY";

#[test]
fn a_master_key_comes_from_the_environment() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let text = "0123456789abcdef".repeat(4);
    fs::write(file.path(), &text).unwrap();
    let place = Place::redb();
    let Place::Redb(directory) = &place else { panic!("no file") };
    drop(Store::sealed(place.open(), MasterKey::from_file(file.path()).unwrap()).unwrap());
    for (value, expected) in [
        (text.as_str(), "it opens"),
        (&format!(" {text}\n"), "it opens"),
        (&text.replace('0', "1"), "the store was sealed with another master key"),
        (&text[1..], "the master key cannot be had: it is not 64 hexadecimal digits"),
        ("", "the master key cannot be had: it is not 64 hexadecimal digits"),
    ] {
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "sealing::opens_with_the_key_of_the_environment", "--ignored", "--nocapture"])
            .env(VARIABLE, value)
            .env("KMIP_TESTS_STORE", directory.path().join("store"))
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(said.contains(&format!("said: {expected}\n")), "{value:?}: {said}");
        assert!(!said.contains(&text[..32]), "nothing of it is shown");
    }
    let missing = MasterKey::from_environment("KMIP_TESTS_NO_SUCH_VARIABLE").unwrap_err();
    assert!(missing.to_string().contains("KMIP_TESTS_NO_SUCH_VARIABLE"), "{missing}");
}

#[test]
#[ignore = "a_master_key_comes_from_the_environment runs it"]
fn opens_with_the_key_of_the_environment() {
    let url = format!("redb:{}", std::env::var("KMIP_TESTS_STORE").unwrap());
    let opened = MasterKey::from_environment(VARIABLE).and_then(|key| Store::open_sealed(&url, key));
    match opened {
        Ok(store) => println!("said: it opens\n{store:?}"),
        Err(error) => println!("said: {error}\n{error:?}"),
    }
}

#[test]
fn a_master_key_comes_from_a_file_or_another_server() {
    let text = "0123456789abcdef".repeat(4);
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), format!("{text}\n")).unwrap();
    let place = Place::redb();
    drop(Store::sealed(place.open(), MasterKey::from_file(file.path()).unwrap()).unwrap());
    drop(Store::sealed(place.open(), MasterKey::from_text(&text).unwrap()).unwrap());
    for wrong in ["", "0123", &"g".repeat(64), &"0".repeat(65)] {
        fs::write(file.path(), wrong).unwrap();
        let refused = MasterKey::from_file(file.path());
        assert!(matches!(refused, Err(StoreError::MasterKey { .. })), "{wrong:?}");
    }
    fs::write(file.path(), [7; 32]).unwrap();
    let place = Place::redb();
    drop(Store::sealed(place.open(), MasterKey::from_file(file.path()).unwrap()).unwrap());
    drop(place.store());
    assert!(MasterKey::from_file("/nowhere").is_err());

    let other = EmbeddedServer::start().unwrap();
    let client = Client::builder().embedded(&other).connect().unwrap();
    let [short, long] = [128, 256].map(|bits| {
        let made = client.create_aes(bits).send().unwrap();
        made.unique_identifier.as_text().unwrap().to_owned()
    });
    let place = Place::redb();
    drop(Store::sealed(place.open(), MasterKey::from_kmip(&client, &long).unwrap()).unwrap());
    drop(Store::sealed(place.open(), MasterKey::from_kmip(&client, &long).unwrap()).unwrap());
    for wrong in [short.as_str(), "none"] {
        assert!(matches!(MasterKey::from_kmip(&client, wrong), Err(StoreError::MasterKey { .. })));
    }
}

#[test]
fn a_store_is_chosen_by_its_url() {
    let Place::Redb(directory) = Place::redb() else { panic!("no file") };
    let url = format!("redb:{}", directory.path().join("store").display());
    let options = ServerOptions::default().store_url(&url, key()).unwrap();
    Asked::with(options).create([]);
    assert_eq!(Store::open_sealed(&url, key()).unwrap().objects().unwrap().records, 1);
    assert!(matches!(
        ServerOptions::default().store_url(&url, MasterKey::new([0; 32])),
        Err(StoreError::WrongMasterKey)
    ));
    assert!(matches!(Store::open(&url), Err(StoreError::MasterKey { .. })));
    assert_eq!(Store::open("memory:").unwrap().objects().unwrap().records, 0);
    for options in ["?", "?cache_size=65536", "?cache_size=0&check_integrity=true", "?check_integrity=false"]
    {
        let store = Store::open_sealed(&format!("{url}{options}"), key()).unwrap();
        assert_eq!(store.objects().unwrap().records, 1, "{options}");
    }
    // A path with a question mark is another.
    let other = Store::open_sealed(&format!("{url}?cache_size=1?"), key()).unwrap();
    assert_eq!(other.objects().unwrap().records, 0);
    assert!(directory.path().join("store?cache_size=1").exists());
    let wrong = [
        "what?cache_size=",
        "what?cache_size=-1",
        "what?cache=1",
        "what?cache_size",
        "what?now",
        "?cache_size=1",
    ];
    let wrong = wrong.map(|rest| format!("redb:{rest}"));
    let wrong = wrong.iter().map(String::as_str);
    for url in wrong.chain(["", "memory", "memory:x", "redb:", "postgrez://user:password@host/database"]) {
        let refused = Store::open_sealed(url, key()).unwrap_err();
        assert!(matches!(refused, StoreError::Url(_)), "{refused}");
        assert!(!refused.to_string().contains("password"), "{refused}");
    }
}
