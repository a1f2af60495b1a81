//! No secret is printed without `--reveal`: in no form, and whatever is wrong with the input.

#![allow(clippy::unwrap_used)] // A panic is how a test fails.

mod common;

use common::{Folder, kmip, run};
use kmip_types::text::{JsonOptions, TextCodec, XmlOptions};
use kmip_types::{Item, Tag};

/// The secret, of which no four bytes are anything else.
const TEXT: &str = "zqXjW7vKpYbJ";
/// The same as bytes.
const BYTES: &[u8] = TEXT.as_bytes();
/// What of the input may be shown.
const PUBLIC: &str = "plain-name";

const FORMS: [&str; 6] = ["text", "lines", "json", "xml", "hex", "case"];

/// A request with secrets wherever there may be some.
fn request() -> Vec<u8> {
    let structure = Item::structure;
    let text = |tag| Item::text_string(tag, TEXT);
    let bytes = |tag| Item::byte_string(tag, BYTES.to_vec());
    let vendor = Tag::from_raw(0x0054_0001);
    let version = structure(
        Tag::PROTOCOL_VERSION,
        vec![Item::integer(Tag::PROTOCOL_VERSION_MAJOR, 2), Item::integer(Tag::PROTOCOL_VERSION_MINOR, 1)],
    );
    let credential = structure(
        Tag::CREDENTIAL,
        vec![
            Item::enumeration(Tag::CREDENTIAL_TYPE, 1_u32),
            structure(
                Tag::CREDENTIAL_VALUE,
                vec![Item::text_string(Tag::USERNAME, PUBLIC), text(Tag::PASSWORD)],
            ),
        ],
    );
    let header = structure(
        Tag::REQUEST_HEADER,
        vec![version, structure(Tag::AUTHENTICATION, vec![credential]), Item::integer(Tag::BATCH_COUNT, 4)],
    );
    let key_block = structure(
        Tag::KEY_BLOCK,
        vec![
            Item::enumeration(Tag::KEY_FORMAT_TYPE, 1_u32),
            structure(Tag::KEY_VALUE, vec![bytes(Tag::KEY_MATERIAL)]),
        ],
    );
    let attribute = structure(
        Tag::ATTRIBUTE,
        vec![
            Item::text_string(Tag::VENDOR_IDENTIFICATION, "x"),
            Item::text_string(Tag::ATTRIBUTE_NAME, PUBLIC),
            text(Tag::ATTRIBUTE_VALUE),
        ],
    );
    let register = vec![
        Item::enumeration(Tag::OBJECT_TYPE, 2_u32),
        structure(Tag::ATTRIBUTES, vec![attribute]),
        structure(Tag::SYMMETRIC_KEY, vec![key_block]),
    ];
    let encrypt = vec![bytes(Tag::DATA), text(vendor)];
    let unknown = vec![text(Tag::UNIQUE_IDENTIFIER), structure(vendor, vec![bytes(Tag::IV_COUNTER_NONCE)])];
    let extension = structure(
        Tag::MESSAGE_EXTENSION,
        vec![
            Item::text_string(Tag::VENDOR_IDENTIFICATION, "x"),
            Item::boolean(Tag::CRITICALITY_INDICATOR, false),
            structure(Tag::VENDOR_EXTENSION, vec![text(Tag::NAME_VALUE)]),
        ],
    );
    let mut items = vec![header];
    for (operation, payload) in [(3_u32, register), (0x1F, encrypt), (0x8000_0001, unknown)] {
        let payload = structure(Tag::REQUEST_PAYLOAD, payload);
        let mut fields = vec![Item::enumeration(Tag::OPERATION, operation), payload];
        fields.extend((operation == 3).then(|| extension.clone()));
        items.push(structure(Tag::BATCH_ITEM, fields));
    }
    structure(Tag::REQUEST_MESSAGE, items).to_ttlv().unwrap()
}

/// Asserts that nothing of the secret is in an output, in no encoding.
#[track_caller]
fn has_no_secret(output: &[u8], what: &dyn Fn() -> String) {
    let shown = String::from_utf8_lossy(output);
    let digits: String = shown.chars().filter(|character| !character.is_whitespace()).collect();
    let digits = digits.to_ascii_lowercase();
    for window in BYTES.windows(4) {
        let text = std::str::from_utf8(window).unwrap();
        assert!(!shown.contains(text), "{}: {text:?} in\n{shown}", what());
        let hex = const_hex::encode(window);
        assert!(!digits.contains(&hex), "{}: {hex} in\n{shown}", what());
    }
}

/// Decodes an input in every form, and compares it with itself and another one.
#[track_caller]
fn check(folder: &Folder, input: &[u8], what: &dyn Fn() -> String) {
    for form in FORMS {
        for strict in [&[][..], &["--strict"]] {
            let arguments = [&["decode", "--to", form], strict].concat();
            let output = run(&arguments, input);
            assert!(matches!(output.status.code(), Some(0 | 1)), "{}: {:?}", what(), output.status);
            has_no_secret(&output.stdout, &|| format!("{arguments:?} {}", what()));
            has_no_secret(&output.stderr, &|| format!("{arguments:?} {}", what()));
        }
    }
    let own = folder.file("own", input);
    for form in ["text", "json", "xml"] {
        let output = kmip(&["diff", &folder.file("other", b"42000d02000000040000000100000000"), &own])
            .args(["--to", form, "--ignore-varying"])
            .output()
            .unwrap();
        has_no_secret(&output.stdout, &|| format!("diff {form} {}", what()));
        has_no_secret(&output.stderr, &|| format!("diff {form} {}", what()));
    }
    // These write all that the input holds, but tell nothing of it.
    for arguments in [&["encode", "--to", "hex"][..], &["convert", "--to", "json", "--strict"]] {
        has_no_secret(&run(arguments, input).stderr, &|| format!("{arguments:?} {}", what()));
    }
}

#[test]
fn whole_messages_show_their_secrets_only_if_told_to() {
    let folder = Folder::new("secrets-whole");
    check(&folder, &request(), &|| "binary".to_owned());
    for form in ["hex", "base64", "json", "xml"] {
        let input = run(&["convert", "--to", form], &request()).stdout;
        check(&folder, &input, &|| form.to_owned());
    }
    for form in FORMS {
        let hidden = run(&["decode", "--to", form], &request());
        let errors = String::from_utf8(hidden.stderr).unwrap();
        assert!(
            errors.contains("8 values that are or may be secrets are hidden; --reveal shows them"),
            "{errors}"
        );
        let shown = run(&["decode", "--to", form, "--reveal"], &request());
        assert!(!String::from_utf8(shown.stderr).unwrap().contains("hidden"));
        let shown = String::from_utf8(shown.stdout).unwrap();
        assert!(shown.contains(PUBLIC) || form == "hex");
        assert!(shown.contains(if form == "hex" { "\"zqXjW7vKpYbJ\"" } else { TEXT }), "{form}: {shown}");
    }
}

#[test]
fn secrets_that_differ_are_told_to() {
    let folder = Folder::new("secrets-differ");
    let own = folder.file("own", &request());
    let mut other = request();
    let at = other.windows(BYTES.len()).position(|window| window == BYTES).unwrap();
    other[at] = b'Z';
    let other = folder.file("other", &other);
    let diff = |more: &[&str]| {
        let output = kmip(&["diff", &own, &other]).args(more).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8(output.stdout).unwrap()
    };
    for more in [&[][..], &["--ignore-varying"]] {
        let hidden = diff(more);
        let lines: Vec<&str> = hidden.lines().filter(|line| line.starts_with(['-', '+'])).collect();
        let name =
            "RequestHeader/Authentication/Credential/CredentialValue/Password (TextString): $PASSWORD_";
        assert_eq!(lines, [format!("- {name}0 (12 bytes)"), format!("+ {name}1 (12 bytes)")]);
    }
    assert!(diff(&["--reveal"]).contains(TEXT));
}

#[test]
fn messages_that_are_cut_show_no_secret() {
    let (folder, request) = (Folder::new("secrets-cut"), request());
    for length in (8..request.len()).step_by(37) {
        check(&folder, &request[..length], &|| format!("cut to {length}"));
    }
    for form in ["json", "xml"] {
        let text = run(&["convert", "--to", form, "--compact"], &request).stdout;
        for length in (8..text.len()).step_by(211) {
            check(&folder, &text[..length], &|| format!("{form} cut to {length}"));
        }
    }
}

#[test]
fn messages_that_are_broken_show_no_secret() {
    let (folder, request) = (Folder::new("secrets-broken"), request());
    // A byte of each header in its turn: of the tag, the type and the length.
    for at in (0..request.len()).step_by(8) {
        let is_secret = BYTES.windows(4).any(|window| request[at..].starts_with(window));
        if is_secret {
            continue;
        }
        let mut broken = request.clone();
        let (which, value) = [(0, 0x41), (1, 0x7F), (3, 7), (3, 0x10), (6, 0x40), (7, 1)][at / 8 % 6];
        broken[at + which] = value;
        check(&folder, &broken, &|| format!("byte {} is {value}", at + which));
    }
}

/// As people break it: a character is missing, a word is another one.
#[test]
fn texts_that_are_broken_show_no_secret() {
    let (folder, request) = (Folder::new("secrets-texts"), request());
    let codec = TextCodec::new().json(JsonOptions::new()).xml(XmlOptions::new());
    for text in [codec.to_json(&request).unwrap(), codec.to_xml(&request).unwrap()] {
        for at in (3..text.len()).step_by(97) {
            // A secret that is broken is another one.
            let near = &text[at.saturating_sub(2 * BYTES.len())..(at + 2 * BYTES.len()).min(text.len())];
            if near.contains(&TEXT[..6]) || near.contains("7a71586a") {
                continue;
            }
            let broken = [&text[..at], &text[at + 1..]].concat();
            check(&folder, broken.as_bytes(), &|| format!("without character {at}"));
        }
        for (word, other) in [
            ("TextString", "Enumeration"),
            ("TextString", "Integer"),
            ("TextString", "TextStrin"),
            ("TextString", "DateTime"),
            ("TextString", "ByteString"),
            ("TextString", "Boolean"),
            ("ByteString", "BigInteger"),
            ("ByteString", "Interval"),
            ("Password", "Passwort"),
            ("Password", "CryptographicUsageMask"),
            ("KeyMaterial", "0x42000"),
            ("zqXj", "<zqXj"),
            ("Operation", "operation"),
        ] {
            let broken = text.replace(word, other);
            check(&folder, broken.as_bytes(), &|| format!("{other} for {word}"));
        }
    }
}
