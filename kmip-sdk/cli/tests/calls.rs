//! Calls of the command against an embedded server: what they print, in each form, and their exit codes.

#![allow(clippy::unwrap_used, clippy::panic)] // A panic is how a test fails.

mod common;

use std::path::Path;
use std::process::{Command, Output, Stdio};

use common::{Folder, kmip};
use kmip_sdk::server::{EmbeddedServer, Server, ServerOptions};
use kmip_sdk::types::tables::Direction;
use kmip_sdk::types::{DateTime, enumerations, generated};

/// A server whose identifiers are numbers, with the certificates of a client in a folder.
struct Served {
    server: EmbeddedServer,
    folder: Folder,
}

impl Served {
    fn new(name: &str) -> Self {
        let next = std::sync::atomic::AtomicU64::new(1);
        let options = ServerOptions::default()
            .identifiers(move || next.fetch_add(1, std::sync::atomic::Ordering::Relaxed).to_string())
            .clock(|| DateTime::from_seconds(1_893_456_000))
            .user("ops", "secret password");
        let server = EmbeddedServer::start_with(options).unwrap();
        let folder = Folder::new(name);
        folder.file("ca.pem", server.ca_certificate_pem().as_bytes());
        folder.file("client.pem", server.client_certificate_pem().as_bytes());
        folder.file("client-key.pem", server.client_key_pem().as_bytes());
        Self { server, folder }
    }

    /// The command, with its settings in the environment.
    fn kmip(&self, arguments: &[&str]) -> Command {
        let mut command = kmip(arguments);
        let at = |name: &str| self.folder.0.join(name);
        command
            .env("KMIP_ADDRESS", self.server.address().to_string())
            .env("KMIP_ROOT_CERTIFICATES_FILE", at("ca.pem"))
            .env("KMIP_IDENTITY_CERTIFICATES_FILE", at("client.pem"))
            .env("KMIP_IDENTITY_PRIVATE_KEY_FILE", at("client-key.pem"))
            .env("KMIP_CONFIG", at("profiles.toml"));
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.kmip(arguments).stdin(Stdio::null()).output().unwrap()
    }

    /// What the command prints, which goes well.
    #[track_caller]
    fn prints(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    #[track_caller]
    fn fails(&self, arguments: &[&str], code: i32, words: &str) {
        let output = self.run(arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {errors}");
        assert!(errors.contains(words), "{arguments:?}: {errors}");
    }

    fn path(&self, name: &str) -> String {
        self.folder.0.join(name).to_str().unwrap().to_owned()
    }
}

/// What the command prints, and its exit code.
fn shown(command: &mut Command) -> String {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    format!("{}----- {:?}\n{}", text(output.stdout), output.status.code(), text(output.stderr))
}

#[test]
fn every_operation_of_the_client_has_a_subcommand() {
    let help = String::from_utf8(kmip(&["--help"]).output().unwrap().stdout).unwrap();
    let listed: Vec<&str> =
        help.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next()).collect();
    let facts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src/client/verbs/facts");
    let mut count = 0;
    for file in std::fs::read_dir(facts).unwrap() {
        let path = file.unwrap().path();
        let verb = path.file_stem().unwrap().to_str().unwrap().replace('_', "-");
        // The word is that of what looks at a connection.
        let name = if verb == "check" { "check-object" } else { verb.as_str() };
        assert!(listed.contains(&name), "{name}");
        count += 1;
    }
    // The verbs of the library are those of the standard's table.
    let calls = |direction| direction != Direction::ServerToClient;
    let table = generated::operations::OPERATIONS.iter().filter(|info| calls(info.direction));
    let table = table.filter(|info| {
        !matches!(info.operation, enumerations::Operation::Notify | enumerations::Operation::Put)
    });
    assert_eq!(count, table.count());
}

#[test]
fn a_key_lives_and_ends() {
    let served = Served::new("life");
    assert_eq!(
        served.prints(&["create", "--aes", "256", "--name", "app", "--activate", "--output", "id"]),
        "1\n"
    );
    insta::assert_snapshot!(
        "creates",
        shown(&mut served.kmip(&["create", "--aes", "128", "--name", "other"]))
    );
    insta::assert_snapshot!("locates_long", shown(&mut served.kmip(&["locate", "--name", "app", "--long"])));
    insta::assert_snapshot!(
        "attributes",
        shown(&mut served.kmip(&["attributes", "1", "state", "name", "cryptographic length"]))
    );
    insta::assert_snapshot!(
        "attributes_in_json",
        shown(&mut served.kmip(&["attributes", "1", "state", "--output", "json"]))
    );
    insta::assert_snapshot!(
        "attributes_in_xml",
        shown(&mut served.kmip(&["attributes", "1", "state", "--output", "xml"]))
    );
    insta::assert_snapshot!(
        "attributes_in_text",
        shown(&mut served.kmip(&["attributes", "1", "state", "--output", "text"]))
    );
    insta::assert_snapshot!("gets_without_secrets", shown(&mut served.kmip(&["get", "1"])));
    insta::assert_snapshot!("destroys_nothing_active", shown(&mut served.kmip(&["destroy", "1"])));
    assert_eq!(served.prints(&["locate", "--state", "active", "--output", "id"]), "1\n");
    assert_eq!(served.prints(&["re-key", "1", "--offset", "0", "--output", "id"]), "3\n");
    served.prints(&["revoke", "1", "--reason", "superseded"]);
    assert_eq!(served.prints(&["destroy", "1", "--output", "id"]), "1\n");
    insta::assert_snapshot!("gets_nothing_that_is_not_there", shown(&mut served.kmip(&["get", "77"])));
    insta::assert_snapshot!("locates_nothing", shown(&mut served.kmip(&["locate", "--name", "nobody"])));
}

#[test]
fn an_attribute_is_added_changed_and_deleted() {
    let served = Served::new("attributes");
    served.prints(&["create", "--aes", "256"]);
    served.prints(&["add-attribute", "1", "x-owner=ops"]);
    served.prints(&["set-attribute", "1", "contact information=ops@example.com"]);
    served.prints(&["modify-attribute", "1", "contact-information=dev@example.com"]);
    assert!(served.prints(&["attributes", "1"]).contains("dev@example.com"));
    served.prints(&["delete-attribute", "1", "ContactInformation"]);
    assert!(!served.prints(&["attributes", "1"]).contains("dev@example.com"));
    assert!(served.prints(&["get-attribute-list", "1"]).contains("State"));
    served.fails(&["add-attribute", "1", "Comnent=x"], 2, "did you mean Comment?");
}

#[test]
fn what_is_encrypted_is_decrypted() {
    let served = Served::new("encrypt");
    served.prints(&["create", "--aes", "256", "--activate"]);
    let (small, large) = (b"attack at dawn".to_vec(), vec![7; 300_000]);
    for (name, plaintext) in [("small", small), ("large", large)] {
        let path = served.folder.file(name, &plaintext);
        for preset in ["--aes-gcm", "--aes-cbc", "--aes-ctr"] {
            let (encrypted, decrypted) = (served.path("encrypted"), served.path("decrypted"));
            let arguments = ["encrypt", "1", "--in", &path, preset, "--output-file", &encrypted];
            assert_eq!(served.prints(&arguments), "");
            let read = std::fs::read(&encrypted).unwrap();
            assert!(read.len() > plaintext.len() && !read.windows(14).any(|part| part == &plaintext[..14]));
            served.prints(&["decrypt", "--in", &encrypted, "--output-file", &decrypted]);
            assert!(std::fs::read(&decrypted).unwrap() == plaintext, "{name} {preset}");
        }
        let sealed = served.path("sealed");
        served.prints(&["seal", "1", "--in", &path, "--output-file", &sealed]);
        let unsealed = served.run(&["unseal", "--in", &sealed]);
        assert!(unsealed.stdout == plaintext);
    }
    served.fails(&["decrypt", "--in", "words.txt"], 1, "does not begin as what kmip encrypt prints");
}

#[test]
fn a_tampered_file_is_not_written() {
    let served = Served::new("tampered");
    served.prints(&["create", "--aes", "256", "--activate"]);
    let encrypted = served.path("encrypted");
    served.prints(&["encrypt", "1", "--in", "words.txt", "--output-file", &encrypted]);
    let mut bytes = std::fs::read(&encrypted).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&encrypted, bytes).unwrap();
    let decrypted = served.path("decrypted");
    served.fails(&["decrypt", "--in", &encrypted, "--output-file", &decrypted], 7, "error: ");
    assert!(!Path::new(&decrypted).exists());
}

#[test]
fn a_signature_is_verified_and_another_is_not() {
    let served = Served::new("sign");
    let made =
        served.prints(&["create-key-pair", "--ec", "p-256", "--signing", "--activate", "--output", "id"]);
    let ids: Vec<&str> = made.lines().collect();
    let [private, public] = ids[..] else { panic!("{ids:?}") };
    let signature = served.path("signature");
    served.prints(&["sign", private, "--ecdsa", "sha256", "--in", "words.txt", "--output-file", &signature]);
    let verify = ["signature-verify", public, "--ecdsa", "sha-256", "--signature", &signature, "--in"];
    assert_eq!(served.prints(&[&verify[..], &["words.txt"]].concat()), "ValidityIndicator  Valid\n");
    served.fails(&[&verify[..], &["request.json"]].concat(), 1, "Invalid");
    assert!(served.prints(&["get", public, "--pem"]).starts_with("-----BEGIN PUBLIC KEY-----\n"));
}

#[test]
fn bytes_are_printed_in_a_form() {
    let served = Served::new("bytes");
    let hash = served.prints(&["hash", "sha256", "--in", "empty.txt", "--form", "hex"]);
    assert_eq!(hash, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n");
    assert_eq!(served.prints(&["rng-retrieve", "16", "--form", "base64"]).len(), 25);
    let json = served.prints(&["hash", "sha256", "--in", "empty.txt", "--output", "json"]);
    assert!(json.contains("ResponsePayload"), "{json}");
    served.prints(&["create", "--hmac", "sha256", "--activate"]);
    let code = served.path("code");
    served.prints(&["mac", "1", "--hmac", "sha256", "--in", "words.txt", "--output-file", &code]);
    served.prints(&["mac-verify", "1", "--hmac", "sha256", "--mac", &code, "--in", "words.txt"]);
    served.fails(
        &["mac-verify", "1", "--hmac", "sha256", "--mac", &code, "--in", "request.json"],
        1,
        "Invalid",
    );
}

#[test]
fn a_key_is_registered_and_got_as_it_was() {
    let served = Served::new("register");
    let key = kmip_sdk::keys::Material::generate_rsa(2048).unwrap();
    let pem = served.folder.file("key.pem", key.to_pem().unwrap().reveal().as_bytes());
    assert_eq!(served.prints(&["register", "--pem", &pem, "--usage", "sign", "--output", "id"]), "1\n");
    assert_eq!(served.prints(&["get", "1", "--pem"]), key.to_pem().unwrap().reveal());
    let hidden = served.prints(&["get", "1", "--output", "json"]);
    let shown = served.prints(&["get", "1", "--output", "json", "--reveal"]);
    assert!(hidden.contains("$") && !shown.contains("$") && shown.len() > hidden.len());
    served.fails(&["register", "--pem", "words.txt"], 1, "error: ");
    served.fails(&["register", "--pem", &pem, "--der", &pem], 2, "cannot be used with");
}

#[test]
fn any_operation_is_called_with_a_payload() {
    let served = Served::new("any");
    served.prints(&["create", "--aes", "256"]);
    let json = served
        .folder
        .file("payload.json", br#"[{"tag":"unique-identifier","type":"text-string","value":"1"}]"#);
    insta::assert_snapshot!("calls_any", shown(&mut served.kmip(&["call", "activate", &json])));
    let xml = br#"<RequestPayload><UniqueIdentifier type="TextString" value="1"/></RequestPayload>"#;
    let xml = served.folder.file("payload.xml", xml);
    assert!(served.prints(&["call", "get", &xml, "--protocol-version", "1.2"]).contains("SymmetricKey"));
    served.fails(&["call", "Create", &json], 2, "this is no payload of a request of Create");
    served.fails(&["call", "Nothing", &json], 2, "kmip explain Operation lists them");
}

#[test]
fn a_request_is_shown_and_not_sent() {
    let mut dry = kmip(&["create", "--aes", "256", "--name", "app", "--activate", "--dry-run"]);
    dry.env_clear().env("KMIP_CONFIG", "nowhere.toml").env("KMIP_PROTOCOL_VERSION", "1.4");
    insta::assert_snapshot!("shows_a_request", shown(&mut dry));
}

#[test]
fn a_trace_hides_secrets() {
    let served = Served::new("trace");
    let key = served.folder.file("key.bin", b"0123456789abcdef");
    let register = ["register", "--aes-key", &key, "--usage", "encrypt", "--trace", "--username", "ops"];
    for (reveal, is_shown) in [(None, false), (Some("--reveal"), true)] {
        let arguments: Vec<&str> = register.into_iter().chain(reveal).collect();
        let output = served.kmip(&arguments).env("KMIP_PASSWORD", "secret password").output().unwrap();
        let trace = String::from_utf8(output.stderr).unwrap();
        assert!(
            output.status.success() && trace.contains("Register") && trace.contains("received"),
            "{trace}"
        );
        let hex = "30313233343536373839616263646566";
        assert_eq!(trace.to_lowercase().contains(hex), is_shown, "{trace}");
        assert_eq!(trace.contains("secret password"), is_shown, "{trace}");
    }
}

#[test]
fn exit_codes_tell_what_failed() {
    let served = Served::new("codes");
    let missing = served.path("missing.pem");
    served.fails(&["get", "1", "--root-certificates-file", &missing], 4, "missing.pem");
    served.fails(&["get", "1", "--address", "127.0.0.1:1"], 5, "help: nothing listens there");
    served.fails(&["get", "1", "--server-name", "other.example.com"], 6, "for another name");
    served.fails(&["get", "1"], 7, "help: look whether the identifier is right");
    served.fails(&["get", "1", "--protocol-version", "9.9"], 2, "is no version of KMIP");
    served.fails(&["hash", "sha256", "--in", "nowhere"], 3, "nowhere cannot be read");
    served.fails(&["get", "1", "--profile", "nobody"], 2, "kmip profile add makes one");
    let user = ["get", "1", "--username", "ops", "--password-file", "words.txt"];
    served.fails(&user, 7, "error: ");
}

#[test]
fn what_a_peer_sends_is_escaped() {
    let served = Served::new("hostile");
    let name = "bell\u{7}\u{1b}[31mred\u{202e}";
    served.prints(&["create", "--aes", "256", "--name", name]);
    for arguments in
        [&["attributes", "1"][..], &["locate", "--long"], &["attributes", "1", "--output", "text"]]
    {
        let shown = served.prints(arguments);
        assert!(shown.contains("bell") && shown.contains("red"), "{shown}");
        assert!(!shown.contains(['\u{7}', '\u{1b}', '\u{202e}']), "{shown:?}");
    }
}

#[test]
fn tables_keep_to_the_width_of_a_terminal() {
    let served = Served::new("width");
    served.prints(&["create", "--aes", "256", "--name", &"a long name ".repeat(20)]);
    for arguments in [&["attributes", "1"][..], &["locate", "--long"], &["query"]] {
        let output = served.kmip(arguments).env("COLUMNS", "80").output().unwrap();
        for line in String::from_utf8(output.stdout).unwrap().lines() {
            assert!(line.chars().count() <= 80, "{line}");
        }
    }
}

#[test]
fn a_profile_is_kept_and_used() {
    let served = Served::new("profile");
    let add = served.run(&["profile", "add", "test"]);
    assert!(add.status.success(), "{}", String::from_utf8_lossy(&add.stderr));
    let text = std::fs::read_to_string(served.path("profiles.toml")).unwrap();
    assert!(text.contains("default = \"test\"") && text.contains("[profiles.test]"), "{text}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(served.path("profiles.toml")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let list = served.prints(&["profile", "list"]);
    assert!(list.contains("*  test"), "{list}");
    // The address is that of the profile, as the environment has none.
    let mut ping = served.kmip(&["query", "--profile", "test"]);
    ping.env_remove("KMIP_ADDRESS");
    assert!(ping.output().unwrap().status.success(), "{:?}", ping.output());
    served.fails(&["profile", "use", "nobody"], 2, "there is no profile \"nobody\"; there are: test");
    served.prints(&["profile", "remove", "test"]);
    served.fails(&["profile", "remove", "test"], 2, "there is no profile");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let path = served.path("profiles.toml");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o666)).unwrap();
        served.fails(&["profile", "list"], 2, "may be written by others");
    }
}

#[test]
fn a_connection_is_checked() {
    let served = Served::new("check");
    let shown = served.prints(&["check"]);
    for step in ["TLS 1.3: ", "asked for, given, and taken", "ok    KMIP version\n      2.1", " operations\n"]
    {
        assert!(shown.contains(step), "{step}: {shown}");
    }
    let output = served.run(&["check", "--server-name", "other.example.com"]);
    let shown = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(6));
    assert!(shown.contains("FAIL  certificate"), "{shown}");
    assert_eq!(served.run(&["check", "--address", "127.0.0.1:1"]).status.code(), Some(5));
}

#[test]
fn calls_are_measured() {
    let served = Served::new("bench");
    let shown = served.prints(&[
        "bench",
        "--count",
        "40",
        "--concurrency",
        "4",
        "--operations",
        "encrypt=3,get,create",
    ]);
    assert!(shown.starts_with("40 calls in "), "{shown}");
    assert!(shown.contains("99.9 %") && shown.contains("up to "), "{shown}");
    // What it made is gone.
    assert_eq!(served.prints(&["locate", "--state", "active", "--output", "id"]), "");
}

/// By a client that stays: the test waits for its first calls, then interrupts it.
#[cfg(unix)]
#[test]
fn measuring_ends_with_what_was_done() {
    let served = Served::new("interrupt");
    let mut command = served.kmip(&["bench", "--duration", "1h", "--operations", "create"]);
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let id = child.id().to_string();
    // The key of the measuring is the first, what is measured makes others.
    let asked = || served.run(&["get", "3"]);
    while String::from_utf8_lossy(&asked().stderr).contains("ObjectNotFound") {
        std::thread::yield_now();
    }
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    let (shown, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!((output.status.code(), errors.as_ref()), (Some(130), "error: interrupted\n"), "{shown}");
    assert!(shown.contains(" calls in ") && shown.contains("99.9 %"), "{shown}");
    assert_eq!(served.prints(&["locate", "--state", "active", "--output", "id"]), "");
}

#[test]
fn recorded_cases_are_executed() {
    let served = Served::new("execute");
    let recorder = kmip_sdk::testing::Recorder::new();
    let client = kmip_sdk::Client::builder()
        .service(Server::default())
        .version(kmip_sdk::ProtocolVersion::V2_1)
        .observer(recorder.observer())
        .connect()
        .unwrap();
    let key = client.create_aes(256).send().unwrap();
    client.get_attributes(&key).attribute_references([kmip_sdk::Tag::CRYPTOGRAPHIC_LENGTH]).send().unwrap();
    let case = served.path("case.xml");
    recorder.save(&case).unwrap();
    for server in [None, Some("--server")] {
        let arguments: Vec<&str> = ["execute", &case].into_iter().chain(server).collect();
        assert!(served.prints(&arguments).contains("1 case: 1 whole, 0 differ, 0 failed"));
    }
    let (certificate, key) = (served.path("client.pem"), served.path("client-key.pem"));
    let of_two =
        ["execute", &case, "--server", "--cert", &certificate, "--key", &key, "--cert", &certificate];
    served.fails(&of_two, 2, "each --cert needs its --key");
    let of_two = [&of_two[..], &["--key", &key, "--output", "json"]].concat();
    let report: serde_json::Value = serde_json::from_str(&served.prints(&of_two)).unwrap();
    assert_eq!((&report["whole"], &report["cases"][0]["verdict"]), (&1.into(), &"whole".into()));
    let text = std::fs::read_to_string(&case).unwrap().replace("value=\"256\"", "value=\"128\"");
    // The request asks for another length, and the answer that is due still is the old one.
    let other =
        served.folder.file("other.xml", text.replacen("value=\"128\"", "value=\"256\"", 1).as_bytes());
    let output = served.run(&["execute", &other]);
    let shown = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    // The cause stands with its case, and is counted.
    assert_eq!(shown.matches("/CryptographicLength: ").count(), 2, "{shown}");
    assert!(shown.contains("\n   1 ") && shown.ends_with("1 case: 0 whole, 1 differ, 0 failed\n"), "{shown}");
}
