//! The pictures in the guide.

use std::path::Path;

/// Base64 of bytes (RFC 4648 section 4).
fn base64(bytes: &[u8]) -> String {
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |group: &[u8]| -> String {
        let bits =
            group.iter().fold(0_u32, |bits, byte| (bits << 8) | u32::from(*byte)) << (8 * (3 - group.len()));
        let digit = |at: usize| char::from(digits[(bits >> (18 - 6 * at)) as usize & 63]);
        (0..4).map(|at| if at <= group.len() { digit(at) } else { '=' }).collect()
    };
    bytes.chunks(3).map(group).collect()
}

#[test]
fn are_the_same_in_the_documentation() {
    assert_eq!((base64(b"fo"), base64(b"foobar")), ("Zm8=".to_owned(), "Zm9vYmFy".to_owned()));
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../kmip-sdk/src/guide");
    for name in ["inspector-light.png", "inspector-dark.png"] {
        let picture = std::fs::read(guide.join(name)).unwrap();
        let embedded = std::fs::read_to_string(guide.join(name).with_extension("png.base64")).unwrap();
        assert!(embedded == base64(&picture), "{name}.base64 is not that of {name}");
        assert!(picture.len() < 40_000, "{name} has {} bytes", picture.len());
    }
}
