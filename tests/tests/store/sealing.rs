//! What is sealed: no other key opens it.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use kmip_sdk::Client;
use kmip_sdk::server::store::{MasterKey, MasterKeys, Store, StoreError};
use kmip_sdk::server::{EmbeddedServer, ServerOptions};
use kmip_sdk::types::attribute::{Attribute, AttributeReference};
use kmip_sdk::types::operation::AddAttributeRequest;

use crate::asked::Asked;
use crate::places::{Place, key};
use crate::restart::{check, give};

for_every_store!(
    another_key_opens_nothing,
    the_master_key_changes_while_servers_run,
    a_change_that_was_cut_short_is_gone_on_with,
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

#[test]
fn a_master_key_comes_from_a_file_the_environment_or_another_server() {
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
    assert!(MasterKey::from_environment("KMIP_TESTS_NO_SUCH_VARIABLE").is_err());

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
    for url in ["", "memory", "memory:x", "redb:", "postgrez://user:password@host/database"] {
        let refused = Store::open_sealed(url, key()).unwrap_err();
        assert!(matches!(refused, StoreError::Url(_)), "{refused}");
        assert!(!refused.to_string().contains("password"), "{refused}");
    }
}
