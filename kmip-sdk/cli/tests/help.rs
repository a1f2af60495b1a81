//! The help of every command: its width, and that its examples do what they should.

#![allow(clippy::unwrap_used, clippy::panic)] // A panic is how a test fails.

#[cfg(unix)]
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
#[cfg(unix)]
use std::process::Stdio;

use insta_cmd::get_cargo_bin;
#[cfg(unix)]
use kmip_sdk::types::enumerations::RecommendedCurve;

fn help_of(command: &[&str]) -> String {
    let output = Command::new(get_cargo_bin("kmip")).args(command).arg("--help").output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

/// The subcommands that have subcommands, with those.
const NESTED: [(&str, &[&str]); 3] = [
    ("profile", &["add", "list", "use", "remove"]),
    ("users", &["add", "change", "list", "remove"]),
    ("store", &["export", "import", "rotate", "check"]),
];

/// The help of the whole, and of each subcommand that it lists.
fn all_help() -> Vec<String> {
    let whole = help_of(&[]);
    let listed = whole.lines().skip_while(|line| *line != "Messages:").take_while(|line| *line != "Options:");
    let names = listed.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names = names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help");
    let mut help: Vec<String> = names.map(|name| help_of(&[name])).collect();
    assert!(help.len() >= 60, "{whole}");
    let nested =
        NESTED.iter().flat_map(|(command, names)| names.iter().map(|name| help_of(&[command, name])));
    help.extend(nested);
    help.push(whole);
    help
}

#[test]
fn help_is_80_columns_wide() {
    for line in all_help().iter().flat_map(|help| help.lines()) {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

/// As `man` shows them, where it is there: no line is wider, and no command is broken into two lines.
#[cfg(unix)]
#[test]
fn manual_pages_are_80_columns_wide() {
    let shown = |page: &[u8]| {
        let mut man = Command::new("man");
        man.args(["-P", "cat", "-l", "-"]).env("MANWIDTH", "80").env("LC_ALL", "C");
        let child = man.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut child = child.ok()?;
        child.stdin.take().unwrap().write_all(page).ok()?;
        let output = child.wait_with_output().unwrap();
        (output.status.success() && !output.stdout.is_empty())
            .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    };
    for arguments in [
        &[][..],
        &["serve"],
        &["completions"],
        &["locate"],
        &["profile"],
        &["profile", "add"],
        &["store"],
        &["store", "rotate"],
    ] {
        let page = Command::new(get_cargo_bin("kmip")).arg("man").args(arguments).output().unwrap();
        assert!(page.status.success() && page.stdout.starts_with(b".ie"), "{arguments:?}");
        let Some(shown) = shown(&page.stdout) else { continue };
        for line in shown.lines() {
            assert!(line.chars().count() <= 80, "{arguments:?}: {line}");
        }
        if arguments == ["serve"] {
            let whole = "kmip serve --folder certificates --listen 127.0.0.1:5696 --deterministic";
            assert!(shown.lines().any(|line| line.trim() == whole), "{shown}");
        }
    }
}

/// What calls read that cannot be in the repository, or is said shorter so.
#[cfg(unix)]
fn make_files(folder: &Path) {
    let key = kmip_sdk::keys::Material::generate_aes(256).unwrap().to_bytes().unwrap();
    let pem = kmip_sdk::keys::Material::generate_on_curve(RecommendedCurve::P256).unwrap().to_pem().unwrap();
    let encrypted = kmip_sdk::Encrypted::new("1", b"ciphertext".to_vec()).to_bytes().unwrap();
    let request = rcgen::CertificateParams::new(["app.example.com".to_owned()]).unwrap();
    let request = request.serialize_request(&rcgen::KeyPair::generate().unwrap()).unwrap().pem().unwrap();
    let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build().unwrap();
    let sealing = client.create_aes(256).activated().send().unwrap();
    let mut sealed = Vec::new();
    client.seal(&sealing, &b"words"[..], &mut sealed).send().unwrap();
    let files: [(&str, &[u8]); 11] = [
        ("key.bin", key.reveal()),
        ("key.pem", pem.reveal().as_bytes()),
        ("password.txt", b"secret"),
        ("words.encrypted", &encrypted),
        ("words.sealed", &sealed),
        ("request.csr", request.as_bytes()),
        ("payload.json", br#"[{"tag":"UniqueIdentifier","type":"TextString","value":"1"}]"#),
        ("rights.json", br#"[{"tag":"Right","value":[]}]"#),
        ("constraints.json", br#"[{"tag":"Constraint","value":[]}]"#),
        (
            "defaults.json",
            br#"[{"tag":"ObjectDefaults","value":[{"tag":"ObjectType","type":"Enumeration","value":"SymmetricKey"},
                {"tag":"Attributes","value":[]}]}]"#,
        ),
        (
            "ticket.json",
            br#"[{"tag":"TicketType","type":"Enumeration","value":"Login"},
                {"tag":"TicketValue","type":"ByteString","value":"00"}]"#,
        ),
    ];
    for (name, bytes) in files {
        std::fs::write(folder.join(name), bytes).unwrap();
    }
}

/// What needs a server that goes on, or changes the user's own files: other tests run these.
#[cfg(unix)]
const ELSEWHERE: [&str; 9] = [
    "kmip serve",
    "kmip users",
    "kmip store",
    "kmip proxy",
    "kmip replay",
    "kmip check",
    "kmip execute",
    "kmip bench",
    "kmip profile",
];

/// By the shell, without a server: calls print their requests, and send nothing. In a copy of the folder of the files.
#[cfg(unix)]
#[test]
fn examples_in_the_help_run() {
    let files = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files");
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("examples-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    for file in std::fs::read_dir(files).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), folder.join(file.file_name())).unwrap();
    }
    make_files(&folder);
    let program = get_cargo_bin("kmip");
    let path = std::env::var_os("PATH").unwrap();
    let search = [program.parent().unwrap().to_path_buf()];
    let search = search.into_iter().chain(std::env::split_paths(&path));
    let search = std::env::join_paths(search).unwrap();
    for help in all_help() {
        if ["profile", "users"].iter().any(|command| help.contains(&format!("Usage: kmip {command} "))) {
            continue;
        }
        let (_, examples) =
            help.split_once("Examples:\n").unwrap_or_else(|| panic!("no examples in\n{help}"));
        let is_here = |example: &&str| {
            let names_one = |name: &&str| {
                example.trim_start().strip_prefix(*name).is_some_and(|rest| !rest.starts_with('-'))
            };
            !ELSEWHERE.iter().any(names_one)
        };
        for example in examples.lines().filter(is_here) {
            let mut shell = Command::new("sh");
            shell.args(["-c", example]).current_dir(&folder).env("PATH", &search).env("KMIP_DRY_RUN", "true");
            let output = shell.output().unwrap();
            let errors = String::from_utf8_lossy(&output.stderr);
            let is_well = output.status.success() && errors.lines().all(|line| line.starts_with("note:"));
            assert!(is_well, "{example}: {errors}");
            assert!(
                !output.stdout.is_empty() || example.contains("--output-file") || example.contains('>'),
                "{example}: nothing printed"
            );
        }
    }
    std::fs::remove_dir_all(&folder).unwrap();
}
