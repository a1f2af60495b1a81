//! The master key of a server's store is changed while it serves, and a change that was cut short is gone on with.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic)] // A panic is how a test fails.

mod common;

use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use common::database::Schema;
use common::serving::{Serving, client};
use common::{Folder, kmip};
use kmip_sdk::Client;
use kmip_sdk::server::store::{Backend, MasterKey, Redb, Store, StoreError};
use kmip_sdk::types::attribute::UniqueIdentifier;
use kmip_sdk::types::object::ManagedObject;
use kmip_tests::watched::{Beside, Call, Watched};

const OLD: &str = "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f";
const NEW: &str = "0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e";

/// Objects, and what they were when they were made.
struct Made(Vec<(UniqueIdentifier, ManagedObject)>);

impl Made {
    fn by(client: &Client, count: usize) -> Self {
        let make = |_| {
            let made = client.create_aes(256).send().unwrap().unique_identifier;
            let object = client.get(&made).send().unwrap().object;
            (made, object)
        };
        Self((0..count).map(make).collect())
    }

    #[track_caller]
    fn are_as_they_were(&self, client: &Client) {
        for (made, object) in &self.0 {
            assert_eq!(client.get(made).send().unwrap().object, *object);
        }
    }
}

fn connect(serving: &Serving, folder: &Folder) -> Client {
    client(serving, folder, "client").connect().unwrap()
}

/// How many records a line says that were sealed anew.
#[track_caller]
fn changed(line: &str) -> usize {
    let count = line.strip_prefix("note: the master key is changed: ").unwrap_or_else(|| panic!("{line}"));
    count.split(' ').next().unwrap().parse().unwrap()
}

#[track_caller]
fn is_being_changed(serving: &mut Serving) {
    assert_eq!(serving.told(), "note: the master key is being changed, while the server goes on");
}

/// What a server says that does not start.
#[track_caller]
fn refused(arguments: &[&str]) -> String {
    let output = kmip(&["serve"]).args(arguments).stdin(Stdio::null()).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn the_master_key_is_read_again_at_sighup() {
    let folder = Folder::new("sighup");
    let path = folder.0.to_str().unwrap();
    let store = format!("redb:{path}/store");
    let key = folder.file("key", OLD.as_bytes());
    let arguments = ["--folder", path, "--store", &store, "--master-key-file", &key];
    let mut serving = Serving::start(&arguments);
    let asking = connect(&serving, &folder);
    let made = Made::by(&asking, 3);

    serving.signal("-HUP");
    assert_eq!(serving.told(), "note: the master key is the same as before");
    let goes_on = "error: the server goes on with the master key that it has: --master-key-file ";
    for (text, why) in [("0f0f", "64 hexadecimal digits"), ("", "64 hexadecimal digits")] {
        folder.file("key", text.as_bytes());
        serving.signal("-HUP");
        let told = serving.told();
        assert!(told.starts_with(goes_on) && told.contains(why) && !told.contains("0f0f"), "{told}");
    }
    std::fs::remove_file(&key).unwrap();
    serving.signal("-HUP");
    let told = serving.told();
    assert!(told.starts_with(goes_on) && told.contains("No such file"), "{told}");
    made.are_as_they_were(&asking);

    folder.file("key", NEW.as_bytes());
    serving.signal("-HUP");
    is_being_changed(&mut serving);
    // The objects, and the authority of the server's certificates if that is kept.
    assert!(changed(&serving.told()) >= 3);
    made.are_as_they_were(&asking);
    let after = Made::by(&asking, 1);
    assert_eq!(serving.end("-TERM"), (Some(0), String::new()));

    let old = folder.file("old", OLD.as_bytes());
    let told = refused(&["--folder", path, "--store", &store, "--master-key-file", &old]);
    assert!(told.contains("another master key") && told.contains("--accept-master-key-file"), "{told}");
    let serving = Serving::start(&arguments);
    let asking = connect(&serving, &folder);
    made.are_as_they_were(&asking);
    after.are_as_they_were(&asking);
    assert_eq!(serving.end("-INT"), (Some(0), String::new()));
}

#[test]
fn a_key_that_cannot_change_is_told_of() {
    let folder = Folder::new("sighup-environment");
    let path = folder.0.to_str().unwrap();
    let store = format!("redb:{path}/store");
    let other = folder.file("other", NEW.as_bytes());
    let arguments = ["--folder", path, "--store", &store, "--accept-master-key-file", &other];
    let mut serving = Serving::start_with(&arguments, &[("KMIP_MASTER_KEY", OLD)]);
    serving.signal("-HUP");
    let told = serving.told();
    assert!(told.starts_with("note: the master key is that of KMIP_MASTER_KEY"), "{told}");
    assert!(told.ends_with(", and another is accepted"), "{told}");
    assert_eq!(serving.end("-TERM").0, Some(0));
    // Where nothing is sealed, it is the end, as of other programs.
    assert_eq!(Serving::start(&[]).end("-HUP"), (Some(0), String::new()));
}

/// Has all commits fail after so many.
#[derive(Debug)]
struct Failing(AtomicUsize);

impl Beside for Failing {
    fn before(&self, call: Call) -> Result<(), StoreError> {
        if call != Call::Commit {
            return Ok(());
        }
        let left = self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        left.map(drop).map_err(|_| StoreError::Unavailable("the power is gone".into()))
    }
}

/// Begins to change the key of a store, which ends once the store has noted it.
fn cut_short(path: &std::path::Path) {
    let redb: Arc<dyn Backend> = Arc::new(Redb::open(path).unwrap());
    let backend = Watched::over(redb, Failing(AtomicUsize::new(1)));
    let store = Store::sealed(Box::new(backend), MasterKey::from_text(OLD).unwrap()).unwrap();
    store.rotate(MasterKey::from_text(NEW).unwrap()).unwrap_err();
}

#[test]
fn a_change_that_was_cut_short_is_gone_on_with() {
    let folder = Folder::new("cut-short");
    let (path, file) = (folder.0.to_str().unwrap(), folder.0.join("store"));
    let store = format!("redb:{path}/store");
    let (old, new) = (folder.file("old", OLD.as_bytes()), folder.file("new", NEW.as_bytes()));
    let at = |key| ["--folder", path, "--store", &store, "--master-key-file", key];
    let serving = Serving::start(&at(&old));
    let made = Made::by(&connect(&serving, &folder), 3);
    assert_eq!(serving.end("-INT").0, Some(0));

    cut_short(&file);
    let copy = folder.0.join("copy");
    std::fs::copy(&file, &copy).unwrap();
    for key in [&old, &new] {
        let told = refused(&at(key));
        assert!(told.contains("another master key") && told.contains("--accept-master-key-file"), "{told}");
    }
    let with_new = [&at(&new)[..], &["--accept-master-key-file", &old]].concat();
    let mut serving = Serving::start(&with_new);
    is_being_changed(&mut serving);
    assert!(changed(&serving.told()) >= 3);
    made.are_as_they_were(&connect(&serving, &folder));
    assert_eq!(serving.end("-INT"), (Some(0), String::new()));

    let serving = Serving::start(&at(&new));
    made.are_as_they_were(&connect(&serving, &folder));
    assert_eq!(serving.end("-INT"), (Some(0), String::new()));

    // Who is given the former key still serves as well, and does not change it back when it is told to look again.
    let copy = format!("redb:{}", copy.to_str().unwrap());
    let with_old = ["--folder", path, "--store", &copy, "--master-key-file", &old];
    let mut serving = Serving::start(&[&with_old[..], &["--accept-master-key-file", &new]].concat());
    made.are_as_they_were(&connect(&serving, &folder));
    serving.signal("-HUP");
    assert!(!serving.told().is_empty());
    assert_eq!(serving.end("-INT").0, Some(0));
    let told = refused(&with_old);
    assert!(told.contains("another master key"), "{told}");
}

/// However far it was when the process was killed, it starts with both keys.
#[test]
fn a_server_that_was_killed_meanwhile_starts_with_both_keys() {
    let folder = Folder::new("killed");
    let path = folder.0.to_str().unwrap();
    let store = format!("redb:{path}/store");
    let (key, old) = (folder.file("key", OLD.as_bytes()), folder.file("old", OLD.as_bytes()));
    let arguments =
        ["--folder", path, "--store", &store, "--master-key-file", &key, "--accept-master-key-file", &old];
    let mut serving = Serving::start(&arguments);
    let made = Made::by(&connect(&serving, &folder), 40);
    folder.file("key", NEW.as_bytes());
    serving.signal("-HUP");
    is_being_changed(&mut serving);
    assert_eq!(serving.end("-KILL").0, None);

    let serving = Serving::start(&arguments);
    made.are_as_they_were(&connect(&serving, &folder));
    assert_eq!(serving.end("-INT").0, Some(0));
}

#[test]
fn the_command_changes_it_where_nobody_serves() {
    let folder = Folder::new("rotate");
    let (path, file) = (folder.0.to_str().unwrap(), folder.0.join("store"));
    let store = format!("redb:{path}/store");
    let (old, new) = (folder.file("old", OLD.as_bytes()), folder.file("new", NEW.as_bytes()));
    let serving = Serving::start(&["--folder", path, "--store", &store, "--master-key-file", &old]);
    let made = Made::by(&connect(&serving, &folder), 3);
    let rotate = |more: &[&str], variables: &[(&str, &str)]| {
        let mut command = kmip(&["store", "rotate", "--store", &store, "--master-key-file", &old]);
        let output = command.args(more).envs(variables.iter().copied()).output().unwrap();
        assert!(output.stdout.is_empty());
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, told) = rotate(&["--new-master-key-file", &new], &[]);
    assert!(code == Some(2) && told.contains("the store cannot be reached"), "another has it open: {told}");
    assert_eq!(serving.end("-INT").0, Some(0));

    let (code, told) = rotate(&[], &[]);
    assert!(code == Some(2) && told.contains("--new-master-key-file"), "{told}");
    let (code, told) = rotate(&["--new-master-key-file", "nowhere"], &[]);
    assert!(code == Some(2) && told.contains("--new-master-key-file nowhere: "), "{told}");
    cut_short(&file);
    // It goes on with what was begun, and has nothing to do then.
    let (code, told) = rotate(&[], &[("KMIP_NEW_MASTER_KEY", NEW)]);
    assert!(code == Some(0) && told.ends_with(" records sealed with the new master key\n"), "{told}");
    let (code, told) = rotate(&["--new-master-key-file", &new], &[]);
    assert_eq!((code, told.as_str()), (Some(0), "note: 0 records sealed with the new master key\n"));
    let serving = Serving::start(&["--folder", path, "--store", &store, "--master-key-file", &new]);
    made.are_as_they_were(&connect(&serving, &folder));
}

/// All accept the new key, and change to it one after the other; each reads what the other writes meanwhile.
#[test]
fn servers_on_one_database_change_it_one_after_the_other() {
    let Some(schema) = Schema::new("rotation") else { return };
    let folders = [Folder::new("rotation-one"), Folder::new("rotation-other")];
    let url = schema.url();
    for folder in &folders {
        folder.file("key", OLD.as_bytes());
        folder.file("other", OLD.as_bytes());
    }
    let mut serving = folders.each_ref().map(|folder| {
        let path = folder.0.to_str().unwrap();
        let at = |name: &str| folder.0.join(name).to_str().unwrap().to_owned();
        let (key, other) = (at("key"), at("other"));
        Serving::start(&[
            "--folder",
            path,
            "--store",
            &url,
            "--master-key-file",
            &key,
            "--accept-master-key-file",
            &other,
        ])
    });
    let asking = [0, 1].map(|place| connect(&serving[place], &folders[place]));
    let mut made = vec![Made::by(&asking[0], 2), Made::by(&asking[1], 2)];
    let both_read = |made: &mut Vec<Made>| {
        made.extend(asking.iter().map(|asking| Made::by(asking, 1)));
        for asking in &asking {
            made.iter().for_each(|made| made.are_as_they_were(asking));
        }
    };
    for (serving, folder) in serving.iter_mut().zip(&folders) {
        folder.file("other", NEW.as_bytes());
        serving.signal("-HUP");
        assert_eq!(serving.told(), "note: the master key is the same as before, and another is accepted");
    }
    for (serving, folder) in serving.iter_mut().zip(&folders) {
        both_read(&mut made);
        folder.file("key", NEW.as_bytes());
        folder.file("other", OLD.as_bytes());
        serving.signal("-HUP");
        // Whoever comes later may find it changed.
        let told = serving.told();
        let is_changed =
            told == "note: the store is sealed with the new master key already, and another is accepted";
        assert!(is_changed || serving.told().starts_with("note: the master key is changed: "), "{told}");
        both_read(&mut made);
    }
    for serving in serving {
        assert_eq!(serving.end("-INT"), (Some(0), String::new()));
    }
    Store::open_sealed(&url, MasterKey::from_text(NEW).unwrap()).unwrap();
}
