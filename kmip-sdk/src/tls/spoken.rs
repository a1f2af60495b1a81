//! What a peer speaks that does not speak TLS.

/// The tag of a message from a server, with the type of a structure: how KMIP begins.
const RESPONSE_MESSAGE: &[u8] = &[0x42, 0x00, 0x7B, 0x01];

/// The tag of a message to a server, which one that sends back what it gets would begin with.
const REQUEST_MESSAGE: &[u8] = &[0x42, 0x00, 0x78, 0x01];

/// What the first bytes from a peer look like, if they are not TLS and known. A few are enough: eight tell all of
/// them apart.
pub(crate) fn spoken(first_bytes: &[u8]) -> Option<&'static str> {
    let begins = |with: &[u8]| first_bytes.starts_with(with);
    Some(match () {
        () if begins(b"HTTP/") => "HTTP",
        // A proxy, or a web page that is sent without asking.
        () if begins(b"<!DOC") || begins(b"<html") || begins(b"<HTML") => "HTML",
        () if begins(b"SSH-") => "SSH",
        () if begins(RESPONSE_MESSAGE) || begins(REQUEST_MESSAGE) => "KMIP without TLS",
        () if begins(b"220 ") || begins(b"220-") => "SMTP or FTP",
        () if begins(b"* OK") || begins(b"+OK ") => "IMAP or POP3",
        () => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::spoken;

    #[test]
    fn names_what_the_first_bytes_look_like() {
        for (bytes, expected) in [
            (&b"HTTP/1.1 400 Bad Request\r\n"[..], Some("HTTP")),
            (b"HTTP/1.0", Some("HTTP")),
            (b"<!DOCTYPE html>", Some("HTML")),
            (b"SSH-2.0-OpenSSH_9.9\r\n", Some("SSH")),
            (&[0x42, 0x00, 0x7B, 0x01, 0, 0, 0, 0x90], Some("KMIP without TLS")),
            (&[0x42, 0x00, 0x78, 0x01, 0, 0, 0, 0x90], Some("KMIP without TLS")),
            (b"220 mail.example.com ESMTP\r\n", Some("SMTP or FTP")),
            (b"220-Welcome\r\n", Some("SMTP or FTP")),
            (b"* OK IMAP4rev1", Some("IMAP or POP3")),
            (b"+OK POP3 ready", Some("IMAP or POP3")),
        ] {
            assert_eq!(spoken(bytes), expected, "{bytes:?}");
        }
    }

    #[test]
    fn names_nothing_that_may_be_tls_or_is_unknown() {
        for bytes in [
            &b""[..],
            // Too short to tell.
            b"H",
            b"HTTP",
            b"220",
            &[0x42, 0x00, 0x7B],
            // A handshake, an alert, data; and a structure of another tag.
            &[0x16, 3, 3, 0, 0x7A],
            &[0x15, 3, 3, 0, 2, 2, 40],
            &[0x17, 3, 3, 0, 1],
            &[0x42, 0x00, 0x0F, 0x01],
            b"2200 ",
            b"hello",
        ] {
            assert_eq!(spoken(bytes), None, "{bytes:?}");
        }
    }
}
