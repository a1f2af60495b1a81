//! What the server says of itself: one slot with one token, whose objects are those that the client may see.

use kmip_types::SecretBytes;

use super::encoding::Output;
use super::mechanisms;

/// The version of Cryptoki that has the interface of the standard.
const CRYPTOKI: [u8; 2] = [3, 0];

/// The one slot.
pub(super) const SLOT: u64 = 1;

/// CKF_TOKEN_PRESENT.
const TOKEN_PRESENT: u64 = 0x1;

/// CKF_RNG and CKF_TOKEN_INITIALIZED. Nobody logs in: who asks, the connection or the request says.
const TOKEN_FLAGS: u64 = 0x1 | 0x400;

/// CK_UNAVAILABLE_INFORMATION.
const UNAVAILABLE: u64 = u64::MAX;

const MANUFACTURER: &str = env!("CARGO_PKG_NAME");

const NAME: &str = "embedded server";

fn version() -> [u8; 2] {
    let number = |text: &str| text.parse().unwrap_or(0);
    [number(env!("CARGO_PKG_VERSION_MAJOR")), number(env!("CARGO_PKG_VERSION_MINOR"))]
}

/// A CK_INFO.
pub(super) fn info() -> SecretBytes {
    let output = Output::default().bytes_as_they_are(&CRYPTOKI).text(MANUFACTURER, 32).number(0);
    output.text(NAME, 32).bytes_as_they_are(&version()).finish()
}

/// A CK_SLOT_INFO.
pub(super) fn slot_info() -> SecretBytes {
    let output = Output::default().text(NAME, 64).text(MANUFACTURER, 32).number(TOKEN_PRESENT);
    output.bytes_as_they_are(&[0, 0]).bytes_as_they_are(&version()).finish()
}

/// A CK_TOKEN_INFO. Its numbers of sessions and lengths of PINs count, so they have 4 bytes; its amounts of memory have 8.
pub(super) fn token_info(maximum_sessions: usize, sessions: usize) -> SecretBytes {
    let mut output = Output::default().text(NAME, 32).text(MANUFACTURER, 32).text(NAME, 16).text("1", 16);
    output = output.number(TOKEN_FLAGS);
    // As many of both kinds, which are the same.
    for _ in 0..2 {
        output = output.count(maximum_sessions).count(sessions);
    }
    // No PINs.
    output = output.count(0).count(0);
    for _ in 0..4 {
        output = output.number(UNAVAILABLE);
    }
    // The clock is not one of the token's.
    output.bytes_as_they_are(&[0, 0]).bytes_as_they_are(&version()).text("", 16).finish()
}

/// A CK_MECHANISM_INFO: the lengths of keys, which count nothing, and flags.
pub(super) fn mechanism_info(number: u64) -> Option<SecretBytes> {
    let known = mechanisms::find(number)?;
    Some(Output::default().number(known.keys.0).number(known.keys.1).number(known.flags).finish())
}

/// What is filled with counted numbers, if there is room for them: whether they are there, how many there are, and they.
pub(super) fn list(numbers: &[u64], room: Option<usize>) -> (SecretBytes, bool) {
    let is_given = room.is_some_and(|room| room >= numbers.len());
    let output = Output::default().flag(is_given).count(numbers.len());
    let given = if is_given { numbers } else { &[] };
    let output = given.iter().fold(output, |output, number| output.number(*number));
    (output.finish(), is_given || room.is_none())
}
