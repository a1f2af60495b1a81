//! Sections of PEM (RFC 7468), by their labels.

use der::pem::{LineEnding, encode_string};
use kmip_types::SecretText;
use rustls_pki_types::PrivatePkcs8KeyDer;
use rustls_pki_types::pem::PemObject;
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
        let Some(label) = line.strip_prefix(BEGIN).and_then(|line| line.strip_suffix(DASHES)) else {
            continue;
        };
        let label = String::from_utf8_lossy(label).into_owned();
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

impl Section {
    /// The library knows other labels, so what is under one is read as it reads what is under a label that it knows.
    fn read(label: String, body: &[&[u8]]) -> Result<Self, KeyError> {
        const KNOWN: (&[u8], &[u8]) = (b"-----BEGIN PRIVATE KEY-----\n", b"-----END PRIVATE KEY-----\n");
        if body.iter().any(|line| line.starts_with(PROC_TYPE) && line.ends_with(b"ENCRYPTED")) {
            return Err(KeyError::TraditionalEncryption);
        }
        // Sized at once, so that no copy of a part is left behind.
        let length: usize = body.iter().map(|line| line.len() + 1).sum();
        let mut text = Zeroizing::new(Vec::with_capacity(length + KNOWN.0.len() + KNOWN.1.len()));
        text.extend_from_slice(KNOWN.0);
        for line in body {
            text.extend_from_slice(line);
            text.push(b'\n');
        }
        text.extend_from_slice(KNOWN.1);
        match PrivatePkcs8KeyDer::from_pem_slice(&text) {
            Ok(read) => Ok(Self { label, der: Zeroizing::new(read.secret_pkcs8_der().to_vec()) }),
            Err(_) => Err(KeyError::MalformedPem { label }),
        }
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
