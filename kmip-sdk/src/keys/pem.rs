//! Sections of PEM (RFC 7468), by their labels.

use base64ct::{Base64, Encoding};
use der::pem::{LineEnding, encode_string};
use kmip_types::SecretText;
use zeroize::Zeroizing;

use super::KeyError;

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
const DASHES: &[u8] = b"-----";

/// The header of a section that is encrypted in the traditional form (RFC 1421 section 4.6.1.1).
const PROC_TYPE: &[u8] = b"Proc-Type:";

/// A section of PEM text.
pub(crate) struct Section {
    /// What it says that it is.
    pub(crate) label: String,
    /// What is in it.
    pub(crate) der: Zeroizing<Vec<u8>>,
}

/// The sections of the text, in their order. What is between them does not count.
///
/// # Errors
/// There is none, one is malformed, or one is encrypted in the traditional form.
pub(crate) fn sections(pem: &[u8]) -> Result<Vec<Section>, KeyError> {
    /// How DER of what is wanted here begins: a sequence.
    const SEQUENCE: u8 = 0x30;
    let mut sections = Vec::new();
    let mut lines = pem.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    while let Some(line) = lines.next() {
        let Some(rest) = line.strip_prefix(BEGIN) else { continue };
        let (label, is_whole) = label(rest);
        if !is_whole {
            return Err(KeyError::MalformedPem { label });
        }
        let mut body = Vec::new();
        loop {
            match lines.next() {
                Some(line) if line.starts_with(END) => break,
                Some(line) => body.push(line),
                // It is cut.
                None => return Err(KeyError::MalformedPem { label }),
            }
        }
        sections.push(Section::read(label, &body)?);
    }
    match sections.is_empty() {
        true if pem.first() == Some(&SEQUENCE) => Err(KeyError::IsDer),
        true => Err(KeyError::NoPem),
        false => Ok(sections),
    }
}

/// What a line says behind its beginning, and whether that is all that it says. Where the line breaks of a text were
/// lost, the key is on this line too, and is not to come into the label.
fn label(rest: &[u8]) -> (String, bool) {
    const LONGEST: usize = 64;
    let end = rest.windows(DASHES.len()).position(|bytes| bytes == DASHES);
    let (label, behind) = rest.split_at(end.filter(|end| *end <= LONGEST).unwrap_or_default());
    (String::from_utf8_lossy(label).into_owned(), behind == DASHES)
}

impl Section {
    fn read(label: String, body: &[&[u8]]) -> Result<Self, KeyError> {
        if body.iter().any(|line| line.starts_with(PROC_TYPE) && line.ends_with(b"ENCRYPTED")) {
            return Err(KeyError::TraditionalEncryption);
        }
        // Sized at once, so that no copy of a part is left behind. Readers of PEM that are at hand leave the text.
        let mut base64 = Zeroizing::new(Vec::with_capacity(body.iter().map(|line| line.len()).sum()));
        for line in body {
            base64.extend_from_slice(line);
        }
        let mut der = Zeroizing::new(vec![0; base64.len() / 4 * 3]);
        let Ok(length) = Base64::decode(base64.as_slice(), &mut der).map(<[u8]>::len) else {
            return Err(KeyError::MalformedPem { label });
        };
        der.truncate(length);
        Ok(Self { label, der })
    }
}

/// A section with this label.
///
/// # Errors
/// It is too long.
pub(super) fn write(label: &'static str, der: &[u8]) -> Result<SecretText, KeyError> {
    let text = encode_string(label, LineEnding::LF, der).map_err(|_| KeyError::Cryptography)?;
    Ok(SecretText::from(text))
}

/// Whether these bytes look like PEM text.
pub(crate) fn is_pem(bytes: &[u8]) -> bool {
    bytes.trim_ascii_start().starts_with(BEGIN)
}
