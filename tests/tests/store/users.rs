//! Users whom the store keeps, for every server on it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use kmip_sdk::server::store::{Store, StoreError};
use kmip_sdk::server::{OneTimePasswords, ServerOptions, User};
use kmip_sdk::types::enumerations::{ResultReason, ResultStatus};
use kmip_sdk::types::message::{
    Authentication, Credential, DeviceCredential, OneTimePasswordCredential, RequestHeader,
};
use kmip_sdk::types::operation::PingRequest;
use kmip_tests::watched::{Call, Counts, Watched};

use crate::asked::{Asked, create};
use crate::places::Place;

for_every_backend!(
    users_are_known_to_every_server_at_once,
    a_user_of_the_options_counts_and_not_the_stores,
    a_one_time_password_holds_once_for_two_servers,
    other_one_time_passwords_begin_anew,
    a_device_is_one_users,
    users_that_two_add_are_added_once,
);

/// Two servers, each with a store of its own where the backend may be open twice.
fn two(place: &Place) -> [(Store, Asked); 2] {
    let store = place.store();
    let other = if place.is_shared() { place.store() } else { store.clone() };
    [store, other].map(|store| (store.clone(), Asked::on(store)))
}

fn authenticated(credential: Credential) -> impl FnOnce(&mut RequestHeader) {
    |header| header.authentication = Some(Authentication { credential: vec![credential] })
}

fn holds(asked: &Asked, credential: impl Into<Credential>) -> bool {
    let item = asked.send(PingRequest {}, authenticated(credential.into()));
    assert!(matches!(item.result_reason, None | Some(ResultReason::AuthenticationNotSuccessful)));
    item.result_reason.is_none()
}

fn password(name: &str, password: &str) -> Credential {
    Credential::username_and_password(name, password.to_owned())
}

fn one_time(one_time_password: &str) -> OneTimePasswordCredential {
    OneTimePasswordCredential {
        username: "otto".to_owned(),
        password: None,
        one_time_password: one_time_password.to_owned().into(),
    }
}

/// The secret of RFC 4226 appendix D.
fn counted() -> OneTimePasswords {
    OneTimePasswords::counted(b"12345678901234567890".to_vec())
}

fn names(store: &Store) -> Vec<String> {
    store.users().list().unwrap().iter().map(|user| user.name().to_owned()).collect()
}

fn users_are_known_to_every_server_at_once(place: &Place) {
    let [(one, asked), (other, asked_there)] = two(place);
    let both = |credential: &Credential| [&asked, &asked_there].map(|asked| holds(asked, credential.clone()));
    assert_eq!(both(&password("alice", "secret")), [false; 2]);
    one.users().add(User::new("bob").password("hidden")).unwrap();
    one.users().add(User::new("alice").password("secret")).unwrap();
    assert_eq!(both(&password("alice", "secret")), [true; 2]);
    assert_eq!(names(&other), ["alice", "bob"]);
    let again = other.users().add(User::new("alice").password("mine"));
    assert!(matches!(again, Err(StoreError::UserTaken)), "{again:?}");
    // What she makes is hers.
    let made = asked.send(create([]), authenticated(password("alice", "secret")));
    assert_eq!(made.result_status, ResultStatus::Success);
    assert_eq!(Asked { identity: Some("bob"), ..Asked::on(one.clone()) }.locate([]), [""; 0]);
    assert_eq!(Asked { identity: Some("alice"), ..Asked::on(one.clone()) }.locate([]).len(), 1);
    other.users().change("alice", |user| user.password("another")).unwrap();
    assert_eq!(both(&password("alice", "secret")), [false; 2]);
    assert_eq!(both(&password("alice", "another")), [true; 2]);
    one.users().remove("alice").unwrap();
    assert_eq!(both(&password("alice", "another")), [false; 2]);
    assert_eq!(both(&password("bob", "hidden")), [true; 2]);
    for refused in [other.users().remove("alice"), other.users().change("alice", |user| user.password("x"))] {
        assert!(matches!(refused, Err(StoreError::NoUser)), "{refused:?}");
    }
    let shown = format!("{:?}", one.users().list().unwrap());
    assert_eq!(shown, r#"[User { name: "bob", .. }]"#);
    drop((one, asked, other, asked_there));
    if place.lasts() {
        assert!(holds(&Asked::on(place.store()), password("bob", "hidden")));
    }
}

fn a_user_of_the_options_counts_and_not_the_stores(place: &Place) {
    let store = place.store();
    let device = DeviceCredential { device_identifier: Some("d".to_owned()), ..DeviceCredential::default() };
    store.users().add(User::new("alice").password("of the store").device(device.clone())).unwrap();
    let options = ServerOptions::default().store(store.clone()).user("alice", "of the options");
    let asked = Asked::with(options);
    assert!(holds(&asked, password("alice", "of the options")));
    assert!(!holds(&asked, password("alice", "of the store")));
    assert!(!holds(&asked, device.clone()));
    assert!(holds(&Asked::on(store), device));
}

fn a_one_time_password_holds_once_for_two_servers(place: &Place) {
    let servers = two(place);
    servers[0].0.users().add(User::new("otto").one_time_passwords(counted())).unwrap();
    // RFC 4226 appendix D.
    for one_time_password in ["755224", "287082", "359152", "969429", "338314"] {
        let held = AtomicUsize::new(0);
        thread::scope(|scope| {
            for (_, asked) in &servers {
                scope.spawn(|| {
                    held.fetch_add(usize::from(holds(asked, one_time(one_time_password))), Ordering::SeqCst)
                });
            }
        });
        assert_eq!(held.load(Ordering::SeqCst), 1, "{one_time_password}");
    }
}

fn other_one_time_passwords_begin_anew(place: &Place) {
    let [(one, asked), (other, asked_there)] = two(place);
    let users = one.users();
    users.add(User::new("otto").one_time_passwords(counted())).unwrap();
    assert!(holds(&asked, one_time("287082")));
    // Those of a secret that was used before go on from there, also where the user was gone.
    other.users().remove("otto").unwrap();
    users.add(User::new("otto").one_time_passwords(counted())).unwrap();
    assert!(!holds(&asked_there, one_time("287082")) && holds(&asked_there, one_time("359152")));
    // The first with this secret, computed by another program.
    let others = OneTimePasswords::counted(b"09876543210987654321".to_vec());
    users.change("otto", |user| user.one_time_passwords(others.clone())).unwrap();
    assert!(!holds(&asked, one_time("969429")));
    assert!(holds(&asked, one_time(FIRST_OF_OTHERS)));
    assert!(!holds(&asked_there, one_time(FIRST_OF_OTHERS)));
}

const FIRST_OF_OTHERS: &str = "963258";

fn a_device_is_one_users(place: &Place) {
    let [(one, asked), (other, _)] = two(place);
    let device = |serial: &str, password: Option<&str>| DeviceCredential {
        device_serial_number: Some(serial.to_owned()),
        password: password.map(|password| password.to_owned().into()),
        ..DeviceCredential::default()
    };
    one.users().add(User::new("pump").device(device("7", Some("wet"))).device(device("8", None))).unwrap();
    for (given, is_known) in [
        (device("7", Some("wet")), true),
        (device("7", Some("dry")), false),
        (device("7", None), false),
        (device("8", None), true),
        (device("9", None), false),
    ] {
        assert_eq!(holds(&asked, given.clone()), is_known, "{given:?}");
    }
    let taken = other.users().add(User::new("drill").device(device("7", None)));
    assert!(matches!(taken, Err(StoreError::UserTaken)), "{taken:?}");
    other.users().add(User::new("drill").device(device("9", None))).unwrap();
    let taken = one.users().change("drill", |user| user.device(device("8", None)));
    assert!(matches!(taken, Err(StoreError::UserTaken)), "{taken:?}");
    one.users().remove("pump").unwrap();
    other.users().change("drill", |user| user.device(device("7", None))).unwrap();
    assert!(holds(&asked, device("7", None)) && !holds(&asked, device("8", None)));
}

fn users_that_two_add_are_added_once(place: &Place) {
    let servers = two(place);
    let added = AtomicUsize::new(0);
    thread::scope(|scope| {
        for number in 0..4 {
            let (store, added) = (&servers[number % 2].0, &added);
            scope.spawn(move || {
                for name in 0..10 {
                    match store.users().add(User::new(format!("user {name}"))) {
                        Ok(()) => drop(added.fetch_add(1, Ordering::SeqCst)),
                        Err(error) => assert!(matches!(error, StoreError::UserTaken), "{error:?}"),
                    }
                }
            });
        }
    });
    assert_eq!(added.load(Ordering::SeqCst), 10);
    assert_eq!(names(&servers[1].0).len(), 10);
}

#[test]
fn who_guesses_does_not_learn_by_the_store_who_there_is() {
    let counts = Counts::default();
    let store = Store::new(Box::new(Watched::new(counts.clone()))).unwrap();
    store.users().add(User::new("otto").password("secret").one_time_passwords(counted())).unwrap();
    let asked = Asked::on(store);
    let costs = |name: &str, password: Option<&str>| {
        counts.begin();
        let password = password.map(|password| password.to_owned().into());
        let credential = OneTimePasswordCredential { username: name.to_owned(), password, ..one_time("1") };
        assert!(!holds(&asked, credential));
        counts.calls(&[Call::Get])
    };
    let known = costs("otto", Some("secret"));
    for (name, password) in
        [("otto", None), ("otto", Some("guess")), ("nobody", Some("guess")), ("nobody", None)]
    {
        assert_eq!(costs(name, password), known, "{name} {password:?}");
    }
}
