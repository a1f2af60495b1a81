//! The command as a server: its line, its files, and its end.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic)] // A panic is how a test fails.

mod common;

use std::process::Stdio;
use std::time::{Duration, Instant};

use common::serving::{Serving, client};
use common::{Folder, kmip, page};
use kmip_sdk::server::Server;
use kmip_sdk::testing::Recorder;
use kmip_sdk::types::enumerations::RevocationReasonCode;
use kmip_sdk::types::message::{Credential, DeviceCredential};
use kmip_sdk::{Client, ProtocolVersion};

#[test]
fn serves_until_it_is_interrupted() {
    let folder = Folder::new("serve");
    let (path, ready) = (folder.0.to_str().unwrap(), folder.0.join("ready"));
    let users = folder.file("users.txt", b"ops:secret\n");
    let serving = Serving::start(&[
        "--folder",
        path,
        "--client",
        "other",
        "--users",
        &users,
        "--deterministic",
        "--ready-file",
        ready.to_str().unwrap(),
    ]);
    assert_eq!(serving.word("folder"), path);
    assert_eq!(client(&serving, &folder, "client").connect().unwrap().version(), Some(ProtocolVersion::V2_1));
    let other = client(&serving, &folder, "other").connect().unwrap();
    let made = other.create_aes(256).send().unwrap().unique_identifier;
    let https = serving.word("https").to_owned();
    let https = client(&serving, &folder, "client").address(format!("https://{https}/kmip"));
    https.connect().unwrap();
    // It is written behind the line.
    let begun = Instant::now();
    while std::fs::read_to_string(&ready).unwrap_or_default() != serving.line {
        assert!(begun.elapsed() < Duration::from_secs(60), "{}", serving.line);
        std::thread::yield_now();
    }
    let mode = std::os::unix::fs::PermissionsExt::mode(
        &std::fs::metadata(folder.0.join("client-key.pem")).unwrap().permissions(),
    );
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(serving.end("-INT"), (Some(0), String::new()));

    // Another run with the same seed answers the same requests the same; one with another seed does not.
    for (seed, is_same) in [("--deterministic=1", true), ("--deterministic=2", false)] {
        let serving = Serving::start(&["--folder", path, "--client", "other", seed]);
        client(&serving, &folder, "client").connect().unwrap();
        let other = client(&serving, &folder, "other").connect().unwrap();
        assert_eq!(other.create_aes(256).send().unwrap().unique_identifier == made, is_same);
    }
}

#[test]
fn keeps_what_it_is_given_in_a_file() {
    let folder = Folder::new("serve-store");
    let path = folder.0.to_str().unwrap();
    let store = format!("redb:{path}/store");
    let key = folder.file("master.key", "0f".repeat(32).as_bytes());
    let group =
        |client: &Client| client.create_aes(256).object_group("shared").send().unwrap().unique_identifier;
    let arguments = ["--folder", path, "--client", "other", "--store", &store, "--share-group", "shared"];
    let with_key = [&arguments[..], &["--master-key-file", &key]].concat();
    let serving = Serving::start(&with_key);
    let made = client(&serving, &folder, "client").connect().unwrap();
    let (shared, own) = (group(&made), made.create_aes(256).send().unwrap().unique_identifier);
    assert_eq!(serving.end("-INT").0, Some(0));

    let more = ["--without", "destroy", "--versions", "1.4", "--object-cache", "0"];
    let serving = Serving::start(&[&with_key[..], &more].concat());
    let other = client(&serving, &folder, "other").connect().unwrap();
    assert_eq!(other.version(), Some(ProtocolVersion::V1_4));
    other.get(&shared).send().unwrap();
    assert!(
        other.get(&own).send().is_err()
            && other.revoke(&shared, RevocationReasonCode::Superseded).send().is_err()
    );
    let owner = client(&serving, &folder, "client").connect().unwrap();
    owner.get(&own).send().unwrap();
    assert!(owner.destroy(&own).send().unwrap_err().to_string().contains("Operation"));
    drop(serving);

    // Sealed with another key, or with none that is said, it does not open.
    let wrong = folder.file("wrong.key", "0e".repeat(32).as_bytes());
    for (arguments, words) in [
        ([&arguments[..], &["--master-key-file", &wrong]].concat(), "master key"),
        (arguments.to_vec(), "--master-key-file"),
    ] {
        let output = kmip(&["serve"]).args(&arguments).env_remove("KMIP_MASTER_KEY").output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(2) && errors.contains(words), "{arguments:?}: {errors}");
    }
    let arguments = [&arguments[..], &["--ready-file", "/dev/null/none"]].concat();
    let output = kmip(&["serve"]).args(&arguments).env("KMIP_MASTER_KEY", "0f".repeat(32)).output().unwrap();
    // The key was right: it started, and then could not say so.
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("kmip serve: ready"));
}

#[test]
fn listens_where_it_is_told() {
    let folder = Folder::new("serve-listen");
    let path = folder.0.to_str().unwrap();
    let serving = Serving::start(&[
        "--folder",
        path,
        "--listen",
        "127.0.0.1:0",
        "--https",
        "127.0.0.2:0",
        "--server-name",
        "kms.example",
    ]);
    let (address, https) = (serving.word("address").to_owned(), serving.word("https").to_owned());
    assert!(address.starts_with("127.0.0.1:") && https.starts_with("127.0.0.2:"));
    let named =
        |address: String| client(&serving, &folder, "client").address(address).server_name("kms.example");
    named(format!("https://{https}/kmip")).connect().unwrap();
    client(&serving, &folder, "client").server_name("kms.example").connect().unwrap();
    assert!(client(&serving, &folder, "client").server_name("other.example").connect().is_err());
}

#[test]
fn answers_as_a_recorded_exchange_says() {
    let folder = Folder::new("serve-case");
    let recorder = Recorder::new();
    let recorded = Client::builder()
        .service(Server::default())
        .version(ProtocolVersion::V2_1)
        .observer(recorder.observer())
        .connect()
        .unwrap();
    let made = recorded.create_aes(256).send().unwrap();
    recorded.activate(&made).send().unwrap();
    let case = folder.0.join("case.xml");
    recorder.save(&case).unwrap();

    let mut authority = rcgen::CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let key = rcgen::KeyPair::generate().unwrap();
    let authority = rcgen::CertifiedIssuer::self_signed(authority, key).unwrap();
    folder.file("ca.pem", authority.pem().as_bytes());
    for (name, for_host) in [("server", "127.0.0.1"), ("client", "client")] {
        let key = rcgen::KeyPair::generate().unwrap();
        let params = rcgen::CertificateParams::new([for_host.to_owned()]).unwrap();
        folder.file(&format!("{name}.pem"), params.signed_by(&key, &authority).unwrap().pem().as_bytes());
        folder.file(&format!("{name}-key.pem"), key.serialize_pem().as_bytes());
    }
    let at = |name: &str| folder.0.join(name).to_str().unwrap().to_owned();
    let (case, certificate, key, ca) = (at("case.xml"), at("server.pem"), at("server-key.pem"), at("ca.pem"));
    let given = ["--case", &case, "--certificate", &certificate, "--private-key", &key, "--client-ca", &ca];

    let serving = Serving::start(&given);
    let caller = client(&serving, &folder, "client").version(ProtocolVersion::V2_1).connect().unwrap();
    let made = caller.create_aes(256).send().unwrap();
    caller.activate(&made).send().unwrap();
    assert_eq!(serving.end("-TERM"), (Some(0), String::new()));

    // With certificates of its own, over HTTPS.
    let own = Folder::new("serve-case-own");
    let serving = Serving::start(&["--case", &case, "--folder", own.0.to_str().unwrap()]);
    let https = format!("https://{}/kmip", serving.word("https"));
    let caller = client(&serving, &own, "client").address(https).version(ProtocolVersion::V2_1);
    let caller = caller.connect().unwrap();
    let made = caller.create_aes(256).send().unwrap();
    caller.activate(&made).send().unwrap();
    // The page shows what was recorded as it goes by.
    let seen: serde_json::Value = serde_json::from_str(&page(serving.word("inspect"), "exchanges")).unwrap();
    let operations: Vec<&str> =
        seen.as_array().unwrap().iter().map(|seen| seen["operations"][0].as_str().unwrap()).collect();
    assert_eq!(operations, ["Create", "Activate"]);
    let shown = page(serving.word("inspect"), "exchange?number=2");
    assert!(shown.contains("ActivationDate") || shown.contains("Activate (0x00000012)"), "{shown}");
    drop(serving);

    let serving = Serving::start(&given);
    let caller = client(&serving, &folder, "client").version(ProtocolVersion::V2_1).connect().unwrap();
    assert!(caller.create_aes(128).send().is_err());
    let (code, said) = serving.end("-INT");
    assert_eq!(code, Some(0));
    assert!(
        said.contains("CryptographicLength") && said.contains("2 of the requests of the test cases"),
        "{said}"
    );
}

#[test]
fn says_why_it_does_not_start() {
    for (arguments, words) in [
        (&["--users", "words.txt"][..], "is not NAME:PASSWORD"),
        (&["--case", "nowhere.xml"], "nowhere.xml"),
        (&["--case", "rotation.xml", "--users", "words.txt"], "cannot be used with"),
        (&["--store", "postgres://nobody"], "postgres:"),
        (&["--listen", "nowhere"], "--listen nowhere"),
        (&["--certificate", "words.txt", "--private-key", "words.txt"], "certificates that were given"),
        (&["--folder", "/dev/null/folder"], "cannot be written"),
    ] {
        let output = kmip(&["serve"]).args(arguments).output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && errors.contains(words), "{arguments:?}: {errors}");
    }
    // A password may stand in the address of a database.
    let output = kmip(&["serve", "--store", "postgres://nobody:hunter2@localhost/kmip"]).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && !errors.contains("hunter2"), "{errors}");
}

#[test]
fn users_are_added_to_a_store_and_removed() {
    let folder = Folder::new("users");
    let path = folder.0.to_str().unwrap();
    let store = format!("redb:{path}/store");
    let key = folder.file("master.key", "0f".repeat(32).as_bytes());
    let password = folder.file("password", b"secret\n");
    let secret = folder.file("secret", b"3132333435363738393031323334353637383930");
    let at = ["--store", &store, "--master-key-file", &key];
    let run = |arguments: &[&str]| {
        let output = kmip(&[&["users"], arguments, &at].concat()).stdin(Stdio::null()).output().unwrap();
        let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
        (output.status.code(), said)
    };
    let nothing = || [String::new(), String::new()];
    assert_eq!(run(&["add", "alice", "--password-file", &password]), (Some(0), nothing()));
    let one_time =
        ["add", "otto", "--no-password", "--one-time-secret-file", &secret, "--one-time", "counter"];
    assert_eq!(run(&one_time), (Some(0), nothing()));
    let device = "serial-number=7,network=AC:DE:48:00:11:22";
    let with_device =
        ["change", "otto", "--no-password", "--device", device, "--device-password-file", &password];
    assert_eq!(run(&with_device), (Some(0), nothing()));
    for (device, why) in [
        ("serial-number", "is not FIELD=TEXT"),
        ("serial=7", "is none of serial-number, device,"),
        ("media=7,media=8", "media is said twice"),
    ] {
        let (code, [_, refused]) = run(&["add", "nobody", "--no-password", "--device", device]);
        assert!(code == Some(2) && refused.contains(why), "{refused}");
    }
    let (code, [_, refused]) = run(&["add", "alice", "--no-password"]);
    assert_eq!(code, Some(1), "{refused}");
    assert!(refused.contains("alice: there is a user with this name"), "{refused}");
    let (_, [listed, _]) = run(&["list"]);
    let rows: Vec<Vec<&str>> = listed.lines().skip(1).map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(rows, [["alice", "yes", "no", "0"], ["otto", "no", "yes", "1"]], "{listed}");

    let serve = [&["--folder", path], &at[..]].concat();
    let asks = |serving: &Serving, password: &str| {
        let client = client(serving, &folder, "client")
            .credential(Credential::username_and_password("alice", password.to_owned()));
        client.connect().and_then(|client| client.create_aes(256).send()).is_ok()
    };
    let serving = Serving::start(&serve);
    assert!(asks(&serving, "secret") && !asks(&serving, "another"));
    for (password, is_right) in [("secret", true), ("another", false)] {
        let device = DeviceCredential {
            device_serial_number: Some("7".to_owned()),
            network_identifier: Some("AC:DE:48:00:11:22".to_owned()),
            password: Some(password.into()),
            ..DeviceCredential::default()
        };
        let asking = client(&serving, &folder, "client").credential(Credential::from(device));
        assert_eq!(asking.connect().and_then(|asking| asking.create_aes(256).send()).is_ok(), is_right);
    }
    assert_eq!(serving.end("-INT").0, Some(0));
    let another = folder.file("password", b"another");
    assert_eq!(run(&["change", "alice", "--password-file", &another]).0, Some(0));
    let serving = Serving::start(&serve);
    assert!(!asks(&serving, "secret") && asks(&serving, "another"));
    assert_eq!(serving.end("-INT").0, Some(0));
    assert_eq!(run(&["remove", "alice"]), (Some(0), nothing()));
    assert_eq!(run(&["remove", "alice"]).0, Some(1));
    assert!(!asks(&Serving::start(&serve), "another"));
    // It is not said whose.
    let (code, [_, refused]) = {
        let output = kmip(&["users", "list"]).output().unwrap();
        (output.status.code(), [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()))
    };
    assert!(code == Some(2) && refused.contains("--store"), "{refused}");
}
