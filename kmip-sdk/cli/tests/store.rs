//! What a store has in it, taken out, put back and read through, by the command.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic)] // A panic is how a test fails.

mod common;

use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output, Stdio};

use common::database::Schema;
use common::serving::{Serving, client};
use common::{Folder, kmip};
use kmip_sdk::server::store::{Backend, Body, Change, Commit, Difference, Key, Kind, Redb, Value};
use kmip_sdk::types::attribute::UniqueIdentifier;
use kmip_sdk::types::object::{ManagedObject, SecretData};

const KEY: &str = "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f";
const OTHER: &str = "0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e";

/// A folder with keys, and a store in it that a server has filled.
struct Filled {
    folder: Folder,
    store: String,
    key: String,
    other: String,
    made: Vec<(UniqueIdentifier, ManagedObject)>,
}

impl Filled {
    fn new(name: &str) -> Self {
        let folder = Folder::new(name);
        let (key, other) = (folder.file("key", KEY.as_bytes()), folder.file("other", OTHER.as_bytes()));
        let store = format!("redb:{}/store", folder.0.to_str().unwrap());
        let password = folder.file("password", b"secret");
        let user = ["users", "add", "alice", "--password-file", &password];
        let added = kmip(&[&user[..], &["--store", &store, "--master-key-file", &key]].concat()).status();
        assert!(added.unwrap().success());
        let serving = serve(&folder, &store, &key);
        let asking = client(&serving, &folder, "client").connect().unwrap();
        let kept = asking.create_aes(256).name("one").send().unwrap().unique_identifier;
        let active = asking.create_aes(256).name("another").activated().send().unwrap().unique_identifier;
        let secret = SecretData::password("attack at dawn".repeat(20_000));
        let large = asking.register(secret).send().unwrap().unique_identifier;
        let made = [kept, active, large].map(|made| {
            let object = asking.get(&made).send().unwrap().object;
            (made, object)
        });
        assert_eq!(serving.end("-INT").0, Some(0));
        Self { folder, store, key, other, made: made.to_vec() }
    }

    fn path(&self, name: &str) -> String {
        self.folder.0.join(name).to_str().unwrap().to_owned()
    }

    /// What a server on a store has is what was made.
    #[track_caller]
    fn is_in(&self, store: &str, key: &str) {
        let serving = serve(&self.folder, store, key);
        let asking = client(&serving, &self.folder, "client").connect().unwrap();
        for (made, object) in &self.made {
            assert_eq!(asking.get(made).send().unwrap().object, *object);
        }
        assert_eq!(
            asking.locate().name("another").send().unwrap().unique_identifier,
            [self.made[1].0.clone()]
        );
        assert_eq!(serving.end("-INT").0, Some(0));
    }
}

fn serve(folder: &Folder, store: &str, key: &str) -> Serving {
    Serving::start(&["--folder", folder.0.to_str().unwrap(), "--store", store, "--master-key-file", key])
}

fn of_store(arguments: &[&str], store: &str, key: &str) -> Command {
    kmip(&[&["store"], arguments, &["--store", store, "--master-key-file", key]].concat())
}

fn run(arguments: &[&str], store: &str, key: &str) -> Output {
    of_store(arguments, store, key).stdin(Stdio::null()).output().unwrap()
}

/// The exit code, and what was told on the standard error.
fn told(output: &Output) -> (Option<i32>, String) {
    (output.status.code(), String::from_utf8(output.stderr.clone()).unwrap())
}

/// How many records a note says.
#[track_caller]
fn noted(output: &Output, done: &str) -> u64 {
    let (code, told) = told(output);
    let count = told.strip_prefix("note: ").and_then(|told| told.strip_suffix(&format!(" records {done}\n")));
    assert_eq!(code, Some(0), "{told}");
    count.unwrap_or_else(|| panic!("{told}")).parse().unwrap()
}

/// The rows that a check prints.
#[track_caller]
fn checked(store: &str, key: &str) -> Vec<String> {
    let output = run(&["check"], store, key);
    assert_eq!(told(&output), (Some(0), String::new()));
    let rows = String::from_utf8(output.stdout).unwrap();
    rows.lines().map(|row| row.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn goes_through_a_file_into_another_store() {
    let filled = Filled::new("store-export");
    let rows = checked(&filled.store, &filled.key);
    assert_eq!(rows[0], "Records State Count");
    for row in ["Objects PreActive 2", "Objects Active 1", "Users 1"] {
        assert!(rows.iter().any(|found| found == row), "{row} in {rows:?}");
    }
    let all: u64 = rows[1..].iter().map(|row| row.rsplit(' ').next().unwrap().parse::<u64>().unwrap()).sum();

    let file = filled.path("export");
    let exported = noted(&run(&["export", "--output-file", &file], &filled.store, &filled.key), "exported");
    assert!((4..=all).contains(&exported), "{exported} of {rows:?}");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let export = fs::read(&file).unwrap();
    let has = |text: &[u8]| export.windows(text.len()).any(|window| window == text);
    assert!(!has(b"attack at dawn") && !has(b"alice"), "it is sealed");
    let printed = run(&["export"], &filled.store, &filled.key);
    assert_eq!(noted(&printed, "exported"), exported);
    assert!(printed.stdout.len() > 100_000);

    // Into a store that is sealed with another key.
    let anew = format!("redb:{}", filled.path("anew"));
    let import = ["import", &file, "--export-key-file", &filled.key];
    assert_eq!(noted(&run(&import, &anew, &filled.other), "imported"), exported);
    filled.is_in(&anew, &filled.other);
    let again = told(&run(&import, &anew, &filled.other));
    assert_eq!(again, (Some(1), format!("error: {file}: the store is not empty\n")));
    // Through a pipe, sealed with another key than either of the stores.
    let third = filled.folder.file("third", "0d".repeat(32).as_bytes());
    let export = ["export", "--export-key-file", &third];
    let printed = run(&export, &anew, &filled.other);
    let piped = format!("redb:{}", filled.path("piped"));
    let mut import = of_store(&["import", "--export-key-file", &third], &piped, &filled.key);
    import.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut import = import.spawn().unwrap();
    import.stdin.take().unwrap().write_all(&printed.stdout).unwrap();
    noted(&import.wait_with_output().unwrap(), "imported");
    filled.is_in(&piped, &filled.key);
}

#[test]
fn goes_through_a_database() {
    let Some(schema) = Schema::new("store") else { return };
    let filled = Filled::new("store-database");
    let (url, file) = (schema.url(), filled.path("export"));
    let exported = noted(&run(&["export", "--output-file", &file], &filled.store, &filled.key), "exported");
    let import = ["import", &file];
    assert_eq!(noted(&run(&import, &url, &filled.key), "imported"), exported);
    assert!(checked(&url, &filled.key).contains(&"Objects PreActive 2".to_owned()));

    // While it is served.
    let serving = serve(&filled.folder, &url, &filled.key);
    let back = filled.path("back");
    let exported = noted(&run(&["export", "--output-file", &back], &url, &filled.key), "exported");
    assert!(checked(&url, &filled.key).contains(&"Users 1".to_owned()));
    drop(serving);
    let anew = format!("redb:{}", filled.path("anew"));
    assert_eq!(noted(&run(&["import", &back], &anew, &filled.key), "imported"), exported);
    filled.is_in(&anew, &filled.key);
}

#[test]
fn says_why_it_cannot_be_taken_out_or_put_back() {
    let filled = Filled::new("store-refused");
    let file = filled.path("export");
    noted(&run(&["export", "--output-file", &file], &filled.store, &filled.key), "exported");
    let whole = fs::read(&file).unwrap();
    let anew = |name: &str| format!("redb:{}", filled.path(name));
    let left = "; the store may have some of it, and is not to be used\n";

    let cut = filled.folder.file("cut", &whole[..whole.len() - 8]);
    let (code, said) = told(&run(&["import", &cut], &anew("cut-off"), &filled.key));
    assert!(code == Some(1) && said.contains("the export is cut off") && said.ends_with(left), "{said}");
    let mut changed = whole.clone();
    changed[whole.len() / 2] ^= 1;
    let changed = filled.folder.file("changed", &changed);
    let (code, said) = told(&run(&["import", &changed], &anew("changed-one"), &filled.key));
    assert!(code == Some(1) && said.contains("damaged") && said.ends_with(left), "{said}");
    let (code, said) = told(&run(&["import", &file], &anew("wrong"), &filled.other));
    assert_eq!(code, Some(1), "{said}");
    assert!(said.ends_with("the store was sealed with another master key\n"), "{said}");
    assert_eq!(told(&run(&["import", "nowhere"], &anew("nowhere"), &filled.key)).0, Some(3));

    // What cannot be written leaves nothing behind.
    let names = || fs::read_dir(&filled.folder.0).unwrap().count();
    let before = names();
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let mut export = of_store(&["export"], &filled.store, &filled.key);
    let (code, said) = told(&export.stdout(full).stderr(Stdio::piped()).output().unwrap());
    assert_eq!(code, Some(3), "{said}");
    assert!(said.starts_with("error: the standard output cannot be written: "), "{said}");
    let nowhere = run(&["export", "--output-file", "/dev/null/export"], &filled.store, &filled.key);
    assert_eq!(told(&nowhere).0, Some(3));
    assert_eq!(names(), before);

    for arguments in [["store", "export"], ["store", "check"], ["store", "import"], ["store", "rotate"]] {
        let mut command = kmip(&arguments);
        command.env("KMIP_NEW_MASTER_KEY", OTHER).env("KMIP_MASTER_KEY", KEY);
        let (code, said) = told(&command.stdin(Stdio::null()).output().unwrap());
        assert!(code == Some(2) && said.contains("--store"), "{arguments:?}: {said}");
    }
}

#[test]
fn an_import_ends_with_ctrl_c() {
    let filled = Filled::new("store-interrupted");
    let export = run(&["export"], &filled.store, &filled.key).stdout;
    let anew = format!("redb:{}", filled.path("anew"));
    let mut import = of_store(&["import"], &anew, &filled.key);
    import.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut import = import.spawn().unwrap();
    let mut input = import.stdin.take().unwrap();
    // More than a pipe holds, so that it is known to read.
    input.write_all(&export[..150_000]).unwrap();
    assert!(Command::new("kill").args(["-INT", &import.id().to_string()]).status().unwrap().success());
    let mut said = String::new();
    import.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(import.wait().unwrap().code(), Some(130), "{said}");
    assert!(said.starts_with("error: interrupted after ") && said.contains("is not to be used"), "{said}");
    drop(input);
}

#[test]
fn a_check_finds_what_cannot_be_read() {
    let filled = Filled::new("store-check");
    let damaged = filled.made[1].0.to_string();
    {
        let redb = Redb::open(filled.path("store")).unwrap();
        let record = redb.get(&Key::new(Kind::OBJECT, damaged.as_bytes())).unwrap().unwrap();
        let mut body = record.body.bytes().to_vec();
        *body.last_mut().unwrap() ^= 1;
        let value = Value { size: body.len() as u64, body: Body::from_bytes(body), due: record.due };
        let (terms, names) = (Difference::default(), Difference::default());
        let change =
            Change { key: record.key, expected: Some(record.version), value: Some(value), terms, names };
        redb.commit(Commit { changes: vec![change], ..Commit::default() }).unwrap();
    }
    let output = run(&["check"], &filled.store, &filled.key);
    let why = "the store is damaged: a record is not what was sealed";
    let said = format!("error: object {damaged}: {why}\nerror: 1 record cannot be read\n");
    assert_eq!(told(&output), (Some(1), said));
    let rows = String::from_utf8(output.stdout).unwrap();
    assert!(rows.lines().any(|row| row.split_whitespace().eq(["Objects", "PreActive", "2"])), "{rows}");
    assert!(!rows.contains(" Active"), "{rows}");
}

#[test]
fn examples_in_the_help_do_what_they_say() {
    let filled = Filled::new("store-examples");
    filled.folder.file("a", KEY.as_bytes());
    filled.folder.file("b", OTHER.as_bytes());
    for name in ["kmip.store", "s"] {
        fs::copy(filled.path("store"), filled.path(name)).unwrap();
    }
    let program = insta_cmd::get_cargo_bin("kmip");
    let path = std::env::var_os("PATH").unwrap();
    let search = std::iter::once(program.parent().unwrap().to_path_buf()).chain(std::env::split_paths(&path));
    let search = std::env::join_paths(search).unwrap();
    for command in [&["store"][..], &["store", "export"], &["store", "import"], &["store", "rotate"]] {
        let help = kmip(command).arg("--help").output().unwrap();
        let help = String::from_utf8(help.stdout).unwrap();
        let (_, examples) = help.split_once("Examples:\n").unwrap();
        for example in examples.lines() {
            let mut shell = Command::new("sh");
            shell.args(["-c", example]).current_dir(&filled.folder.0).env("PATH", &search);
            let (code, said) = told(&shell.stdin(Stdio::null()).output().unwrap());
            assert!(
                code == Some(0) && said.lines().all(|line| line.starts_with("note: ")),
                "{example}: {said}"
            );
        }
    }
    for (store, key) in
        [("new.store", &filled.key), ("t", &filled.key), ("u", &filled.other), ("s", &filled.other)]
    {
        filled.is_in(&format!("redb:{}", filled.path(store)), key);
    }
}
