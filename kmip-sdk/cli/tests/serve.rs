//! The command as a server: its line, its files, and its end.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic)] // A panic is how a test fails.

mod common;

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

use common::{Folder, kmip};
use kmip_sdk::server::Server;
use kmip_sdk::testing::Recorder;
use kmip_sdk::{Client, ClientBuilder, ProtocolVersion};

/// A server that runs until the test ends.
struct Serving {
    child: Child,
    line: String,
}

impl Serving {
    fn start(arguments: &[&str]) -> Self {
        let mut command = kmip(&["serve"]);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        assert!(line.starts_with("kmip serve: ready address="), "{line}");
        Self { child, line }
    }

    fn word(&self, key: &str) -> &str {
        let mut words = self.line.split_whitespace();
        words.find_map(|word| word.strip_prefix(key)?.strip_prefix('=')).unwrap()
    }

    /// Ends it by this signal, and gives its exit code and what it said.
    fn end(mut self, signal: &str) -> (Option<i32>, String) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        let code = self.child.wait().unwrap().code();
        let mut said = String::new();
        self.child.stderr.as_mut().unwrap().read_to_string(&mut said).unwrap();
        (code, said)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn client(serving: &Serving, folder: &Folder, name: &str) -> ClientBuilder {
    let at = |name: &str| folder.0.join(name);
    Client::builder()
        .address(serving.word("address"))
        .root_certificates_file(at("ca.pem"))
        .identity_files(at(&format!("{name}.pem")), at(&format!("{name}-key.pem")))
}

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
    assert_eq!(other.create_aes(256).send().unwrap().unique_identifier, "1".into());
    let https = serving.word("https").to_owned();
    let https = client(&serving, &folder, "client").address(format!("https://{https}/kmip"));
    https.connect().unwrap();
    assert_eq!(std::fs::read_to_string(ready).unwrap(), serving.line);
    let mode = std::os::unix::fs::PermissionsExt::mode(
        &std::fs::metadata(folder.0.join("client-key.pem")).unwrap().permissions(),
    );
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(serving.end("-INT"), (Some(0), String::new()));
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
        (&["--case", "nowhere.xml"], "--certificate"),
        (&["--folder", "/dev/null/folder"], "cannot be written"),
    ] {
        let output = kmip(&["serve"]).args(arguments).output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && errors.contains(words), "{arguments:?}: {errors}");
    }
}
