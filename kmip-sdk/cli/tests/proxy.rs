//! The command as a proxy, and playing either side of what it recorded.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic)] // A panic is how a test fails.

mod common;

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Stdio};

use common::{Folder, kmip, page};
use kmip_sdk::server::EmbeddedServer;
use kmip_sdk::types::object::SecretData;
use kmip_sdk::{Client, Encoding, Error, ProtocolVersion};

/// A command that runs until the test ends.
struct Running {
    child: Child,
    output: BufReader<ChildStdout>,
    line: String,
}

impl Running {
    fn start(arguments: &[&str]) -> Self {
        let mut command = kmip(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        assert!(line.starts_with(&format!("kmip {}: ready address=", arguments[0])), "{line}");
        Self { child, output, line }
    }

    fn word(&self, key: &str) -> Option<&str> {
        let mut words = self.line.split_whitespace();
        words.find_map(|word| word.strip_prefix(key)?.strip_prefix('='))
    }

    /// A client of what listens, by the certificates in a folder.
    fn client(&self, folder: &Folder) -> Client {
        self.client_at(folder, self.word("address").unwrap().to_owned(), Encoding::Ttlv)
    }

    /// The same over HTTPS.
    fn client_over_https(&self, folder: &Folder, encoding: Encoding) -> Client {
        self.client_at(folder, format!("https://{}/kmip", self.word("https").unwrap()), encoding)
    }

    fn client_at(&self, folder: &Folder, address: String, encoding: Encoding) -> Client {
        let at = |name: &str| folder.0.join(name);
        Client::builder()
            .address(address)
            .encoding(encoding)
            .root_certificates_file(at("ca.pem"))
            .identity_files(at("client.pem"), at("client-key.pem"))
            .version(ProtocolVersion::V2_1)
            .connect()
            .unwrap()
    }

    /// Ends it by Ctrl-C, and gives its exit code, what it printed and what it told.
    fn end(mut self) -> (Option<i32>, String, String) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
        let (mut printed, mut told) = (String::new(), String::new());
        self.output.read_to_string(&mut printed).unwrap();
        self.child.stderr.as_mut().unwrap().read_to_string(&mut told).unwrap();
        (self.child.wait().unwrap().code(), printed, told)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What an application does.
fn work(client: &Client) -> Result<(), Error> {
    client.register(SecretData::password("attack at dawn")).name("database").send()?;
    let key = client.create_aes(256).name("app").send()?;
    client.activate(&key).send()?;
    Ok(())
}

/// The server, and what says how it is reached, of which its certificates are in a folder.
fn server(folder: &Folder) -> (EmbeddedServer, Vec<String>) {
    let server = EmbeddedServer::start().unwrap();
    let connection = [
        ("--server", server.address().to_string()),
        ("--root-certificates-file", folder.file("ca.pem", server.ca_certificate_pem().as_bytes())),
        (
            "--identity-certificates-file",
            folder.file("client.pem", server.client_certificate_pem().as_bytes()),
        ),
        ("--identity-private-key-file", folder.file("client-key.pem", server.client_key_pem().as_bytes())),
        ("--protocol-version", "2.1".to_owned()),
    ];
    let words = connection.into_iter().flat_map(|(flag, value)| [flag.to_owned(), value]).collect();
    (server, words)
}

#[test]
fn records_and_plays_back() {
    let (behind, before) = (Folder::new("proxy-behind"), Folder::new("proxy-before"));
    let (own, connection) = server(&behind);
    let connection: Vec<&str> = connection.iter().map(String::as_str).collect();
    let folder = before.0.to_str().unwrap();
    let case = before.0.join("case.xml");
    let case = case.to_str().unwrap();

    let arguments = [&["proxy", "--folder", folder, "--record", case], &connection[..]].concat();
    let proxy = Running::start(&arguments);
    assert!(proxy.word("inspect").unwrap().starts_with("http://127.0.0.1:"), "{}", proxy.line);
    assert_eq!(proxy.word("folder"), Some(folder));
    work(&proxy.client(&before)).unwrap();
    let (code, printed, told) = proxy.end();
    assert_eq!((code, told.as_str()), (Some(0), ""));
    assert!(
        printed.contains("2: KMIP client, connection 0, TTLV, ")
            && printed.contains("Operation (Enumeration): Create")
    );
    let recorded = std::fs::read_to_string(case).unwrap();
    let secret = "61747461636b206174206461776e";
    assert!(recorded.contains("ActivateRequest") || recorded.contains("\"Activate\""), "{recorded}");
    assert!(!printed.contains(secret) && !recorded.contains(secret));

    // The server's side.
    let replay = Running::start(&["replay", case, "--listen", "127.0.0.1:0", "--folder", folder]);
    let client = replay.client(&before);
    work(&client).unwrap();
    assert!(client.destroy("k").send().is_err());
    let (code, _, told) = replay.end();
    assert_eq!(code, Some(0));
    assert!(told.contains("no more requests") && !told.contains("were not made"), "{told}");

    // The client's side, against a server that has none of it yet.
    let (other, connection) = server(&behind);
    let arguments =
        [&["replay", case], &connection.iter().map(String::as_str).collect::<Vec<_>>()[..]].concat();
    let output = kmip(&arguments).output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && printed.starts_with("whole    "), "{printed}");
    // Again, where the names are taken.
    let output = kmip(&arguments).output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.code() == Some(1) && printed.starts_with("failed   "), "{printed}");
    drop((own, other));
}

#[test]
fn stands_between_https_and_https() {
    let (behind, before) = (Folder::new("https-behind"), Folder::new("https-before"));
    let (own, mut connection) = server(&behind);
    connection[1] = format!("https://{}/kmip", own.https_address());
    let connection: Vec<&str> = connection.iter().map(String::as_str).collect();
    let folder = before.0.to_str().unwrap();
    let case = before.0.join("case.xml");
    let case = case.to_str().unwrap();
    let flags = ["proxy", "--folder", folder, "--record", case, "--encoding", "xml"];
    let proxy = Running::start(&[&flags[..], &connection[..]].concat());
    work(&proxy.client_over_https(&before, Encoding::Json)).unwrap();
    proxy.client_over_https(&before, Encoding::Xml).locate().send().unwrap();
    let seen: serde_json::Value =
        serde_json::from_str(&page(proxy.word("inspect").unwrap(), "exchanges")).unwrap();
    assert_eq!(seen[1]["operations"][0], "Create");
    let (code, printed, told) = proxy.end();
    assert_eq!((code, told.as_str()), (Some(0), ""));
    assert!(printed.contains("Operation (Enumeration): Activate"), "{printed}");
    let lines = [", connection 0, JSON over HTTPS, ", ", connection 1, XML over HTTPS, "];
    assert!(lines.iter().all(|line| printed.contains(line)), "{printed}");

    let replay = Running::start(&["replay", case, "--listen", "127.0.0.1:0", "--folder", folder]);
    work(&replay.client_over_https(&before, Encoding::Xml)).unwrap();
    replay.client_over_https(&before, Encoding::Json).locate().send().unwrap();
    let (code, _, told) = replay.end();
    assert_eq!((code, told.as_str()), (Some(0), ""));
}

#[test]
fn shows_and_records_secrets_where_it_is_asked_to() {
    let (behind, before) = (Folder::new("reveal-behind"), Folder::new("reveal-before"));
    let (_own, connection) = server(&behind);
    let folder = before.0.to_str().unwrap();
    let case = before.0.join("case.xml");
    let case = case.to_str().unwrap();
    let flags = ["proxy", "--folder", folder, "--record", case, "--reveal", "--no-inspect", "--show", "text"];
    let arguments = [&flags[..], &connection.iter().map(String::as_str).collect::<Vec<_>>()[..]].concat();
    let proxy = Running::start(&arguments);
    assert_eq!(proxy.word("inspect"), None);
    work(&proxy.client(&before)).unwrap();
    let (_, printed, _) = proxy.end();
    let secret = "61747461636b206174206461776e";
    assert!(printed.contains(secret) && std::fs::read_to_string(case).unwrap().contains(secret), "{printed}");
}

#[test]
fn records_up_to_a_limit_and_goes_on() {
    let (behind, before) = (Folder::new("limit-behind"), Folder::new("limit-before"));
    let (_own, connection) = server(&behind);
    let case = before.0.join("case.xml");
    let case = case.to_str().unwrap();
    let flags = ["proxy", "--folder", before.0.to_str().unwrap(), "--record", case, "--record-limit", "3000"];
    let arguments = [&flags[..], &connection.iter().map(String::as_str).collect::<Vec<_>>()[..]].concat();
    let proxy = Running::start(&arguments);
    let client = proxy.client(&before);
    for _ in 0..20 {
        work(&client).unwrap_or_else(|_| drop(client.locate().send().unwrap()));
    }
    let (code, printed, told) = proxy.end();
    assert_eq!(code, Some(0));
    assert!(told.starts_with("note: the record has come to its --record-limit of 3000 bytes: "), "{told}");
    assert_eq!(told.lines().count(), 1, "{told}");
    let recorded = kmip_sdk::types::case::Case::from_file(case).unwrap().exchanges().unwrap().len();
    let shown = printed.lines().filter(|line| line.contains(": KMIP client, connection ")).count();
    assert!((1..20).contains(&recorded) && shown > 20, "{recorded} of {shown}");
}

#[test]
fn says_why_it_does_not_start() {
    for (arguments, words) in [
        (&["proxy"][..], "address"),
        (&["proxy", "--certificate", "x.pem"], "--private-key"),
        (&["replay", "nowhere.xml", "--listen", "127.0.0.1:0"], "nowhere.xml"),
        (&["replay", "request.json", "--listen", "127.0.0.1:0"], "request.json"),
    ] {
        let output = kmip(arguments).output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && errors.contains(words), "{arguments:?}: {errors}");
    }
}

/// The recorded server says for a Short Unique Identifier, which is 32 bytes, a text, and that no version has a form for.
#[test]
fn shows_an_answer_as_it_came_where_no_version_has_it() {
    let folder = Folder::new("as-it-came");
    let at = folder.0.to_str().unwrap();
    let replay =
        Running::start(&["replay", "short-identifier.xml", "--listen", "127.0.0.1:0", "--folder", at]);
    let output = kmip(&["get-attributes", "k-1", "--protocol-version", "2.1", "--output", "text"])
        .env("KMIP_ADDRESS", replay.word("address").unwrap())
        .env("KMIP_ROOT_CERTIFICATES_FILE", folder.0.join("ca.pem"))
        .env("KMIP_IDENTITY_CERTIFICATES_FILE", folder.0.join("client.pem"))
        .env("KMIP_IDENTITY_PRIVATE_KEY_FILE", folder.0.join("client-key.pem"))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for line in ["ShortUniqueIdentifier (TextString): \"\"\n", "State (Enumeration): PreActive", "256\n"] {
        assert!(printed.contains(line), "{printed}");
    }
}
