//! Credentials that take some computing; [`Credential`] makes the others by itself.

use aws_lc_rs::digest::{SHA256, digest};
use kmip_types::DateTimeExtended;
use kmip_types::message::Credential;
use zeroize::Zeroizing;

/// The credential Hashed Password, with SHA-256 (KMIP 2.1 section 9.11): the server learns that the client knows the
/// password, but not the password. The time stamp, which is hashed as its eight bytes on the wire, must be later than that
/// of every earlier one. Since KMIP 2.0.
///
/// ```
/// use kmip_sdk::credentials::hashed_password;
/// use kmip_sdk::types::DateTimeExtended;
/// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
/// let alice = hashed_password("alice", "secret", DateTimeExtended::now());
/// let call = client.call(kmip_sdk::types::operation::PingRequest {}).credential(alice);
/// # let _ = call;
/// # Ok::<(), kmip_sdk::Error>(())
/// ```
pub fn hashed_password(username: &str, password: &str, timestamp: DateTimeExtended) -> Credential {
    Credential::hashed_password(username, timestamp, hash(username, password, timestamp))
}

/// The Hashed Password of a user at a time.
pub(crate) fn hash(username: &str, password: &str, timestamp: DateTimeExtended) -> Vec<u8> {
    let hash = |parts: [&[u8]; 2]| digest(&SHA256, &Zeroizing::new(parts.concat()));
    let first = hash([username.as_bytes(), password.as_bytes()]);
    let second = hash([password.as_bytes(), username.as_bytes()]);
    let stamped = hash([first.as_ref(), &timestamp.microseconds().to_be_bytes()]);
    [stamped.as_ref(), second.as_ref()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_as_the_standard_says() {
        // Computed step by step with another program.
        let hashed = hash("alice", "secret", DateTimeExtended::from_microseconds(1_700_000_000_000_000));
        let hex: String = hashed.iter().map(|byte| format!("{byte:02x}")).collect();
        let expected = "ad5339887fa71d79694f28e51f9854c0b98b2ac66fddee64d9367873b85f9bd1\
            d7e3797855cb8e429515e3b6148c9f403a8ca244d617bc4487ded80b69000241";
        assert_eq!(hex, expected);
    }
}
