//! Names: the standard's wire form of a spelled-out name, and the Rust identifiers made from it.

/// The name on the wire in JSON and XML, by the rule of the encoding document
/// (`kmip-addtl-msg-enc` section 4.1.3): `Cryptographic Usage Mask` → `CryptographicUsageMask`.
pub(crate) fn wire(spelled: &str) -> String {
    wire_words(spelled).concat()
}

/// The words of the wire form, each with its first letter in upper case.
fn wire_words(spelled: &str) -> Vec<String> {
    let characters: Vec<char> =
        spelled.chars().map(|character| if "()".contains(character) { ' ' } else { character }).collect();
    // A separator before a word (two letters, the second in lower case) parts words.
    let mut spaced = String::with_capacity(characters.len());
    for (index, &character) in characters.iter().enumerate() {
        let starts_word = characters.get(index + 1).is_some_and(char::is_ascii_alphabetic)
            && characters.get(index + 2).is_some_and(char::is_ascii_lowercase);
        spaced.push(if !is_word(character) && starts_word { ' ' } else { character });
    }
    let mut words: Vec<String> = spaced
        .split_whitespace()
        .map(|word| word.chars().map(|character| if is_word(character) { character } else { '_' }).collect())
        .collect();
    // A name cannot begin with a digit: those of the first word move to its end.
    if let Some(first) = words.first_mut() {
        let digits = first.len() - first.trim_start_matches(|digit: char| digit.is_ascii_digit()).len();
        *first = format!("{}{}", &first[digits..], &first[..digits]);
    }
    words.iter().map(|word| capitalise(word)).collect()
}

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

fn capitalise(word: &str) -> String {
    let mut characters = word.chars();
    characters
        .next()
        .map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + characters.as_str())
}

/// A Rust type or variant name, from a spelled-out or a wire name: acronyms are words, `RSA` → `Rsa`.
///
/// Numbers that a separator parts stay apart (`SHA-512/256` → `Sha512_256`), except after the `X9` of
/// the ANSI standards (`ANSI X9.31` → `AnsiX931`).
pub(crate) fn rust_type(name: &str) -> String {
    let mut result = String::new();
    let mut previous: Option<String> = None;
    for part in parts(name) {
        if let Some(previous) = &previous
            && previous != "X9"
            && previous.ends_with(|digit: char| digit.is_ascii_digit())
            && part.starts_with(|digit: char| digit.is_ascii_digit())
        {
            result.push('_');
        }
        let mut characters = part.chars();
        if let Some(first) = characters.next() {
            result.push(first.to_ascii_uppercase());
            result.push_str(&characters.as_str().to_ascii_lowercase());
        }
        previous = Some(part);
    }
    if result.starts_with(|digit: char| digit.is_ascii_digit()) || RESERVED.contains(&result.as_str()) {
        result.insert(0, '_');
    }
    result
}

/// The Rust name of an enumeration: that of its type or, where a structure or choice written by hand has that name, the
/// standard's whole title, so that both can be in scope.
pub(crate) fn rust_enumeration(name: &str) -> String {
    const TAKEN: [&str; 3] = ["Data", "ItemType", "UniqueIdentifier"];
    let result = rust_type(name);
    if TAKEN.contains(&result.as_str()) { result + "Enumeration" } else { result }
}

/// A Rust constant name, from a spelled-out or a wire name: `IV/Counter/Nonce` → `IV_COUNTER_NONCE`.
pub(crate) fn rust_constant(name: &str) -> String {
    parts(name).join("_").to_ascii_uppercase()
}

/// A Rust module's name, which is that of its file, from a spelled-out or a Rust name: `Re-key` → `re_key`.
pub(crate) fn rust_module(name: &str) -> String {
    parts(name).join("_").to_ascii_lowercase()
}

/// Words that are no Rust identifiers in the case of a type.
const RESERVED: [&str; 1] = ["Self"];

/// The finest parts of a name: at underscores, and where the case or a digit starts a new word.
fn parts(name: &str) -> Vec<String> {
    let mut parts = Vec::new();
    for word in wire_words(name) {
        for piece in word.split('_').filter(|piece| !piece.is_empty()) {
            split_case(piece, &mut parts);
        }
    }
    parts
}

fn split_case(piece: &str, parts: &mut Vec<String>) {
    let characters: Vec<char> = piece.chars().collect();
    let mut part = String::new();
    for (index, &character) in characters.iter().enumerate() {
        let next = characters.get(index + 1).copied().unwrap_or(' ');
        let after_next = characters.get(index + 2).copied().unwrap_or(' ');
        let boundary = part.chars().last().is_some_and(|last| {
            let last_was_acronym = last.is_ascii_uppercase() && next.is_ascii_lowercase();
            // The plural of an acronym is no new word: `RNGs`.
            let plural = next == 's' && !after_next.is_ascii_lowercase();
            character.is_ascii_uppercase()
                && (last.is_ascii_lowercase()
                    || last.is_ascii_digit()
                    || (last_was_acronym && !plural)
                    // `ANSIX9_31` is ANSI X9.31.
                    || (character == 'X' && next == '9' && after_next == ' '))
        });
        if boundary {
            parts.push(std::mem::take(&mut part));
        }
        part.push(character);
    }
    if !part.is_empty() {
        parts.push(part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wire_names_follow_the_rule() {
        for (spelled, expected) in [
            ("Activation Date", "ActivationDate"),
            ("PKCS#1", "PKCS_1"),
            ("PKCS#12 Friendly Name", "PKCS_12FriendlyName"),
            ("SHA-256", "SHA_256"),
            ("SHA-512/256", "SHA_512_256"),
            ("3DES", "DES3"),
            ("IV/Counter/Nonce", "IVCounterNonce"),
            ("Re-key", "ReKey"),
            ("Re-key Key Pair", "ReKeyKeyPair"),
            ("Template-Attribute", "TemplateAttribute"),
            ("X.509", "X_509"),
            ("X.509 Certificate Issuer", "X_509CertificateIssuer"),
            ("ANSI X9.31", "ANSIX9_31"),
            ("MAC/Signature", "MACSignature"),
            ("Polynomial Sharing GF (2^16)", "PolynomialSharingGF2_16"),
            ("Polynomial Sharing GF(2^16)", "PolynomialSharingGF2_16"),
            ("On-line storage", "OnLineStorage"),
            ("P", "P"),
            ("x-Change Notice", "XChangeNotice"),
            ("", ""),
        ] {
            assert_eq!(wire(spelled), expected, "{spelled}");
        }
    }

    #[test]
    fn types_read_as_rust() {
        for (name, expected) in [
            ("RSA", "Rsa"),
            ("SHA_256", "Sha256"),
            ("SHA-256", "Sha256"),
            ("SHA_512_256", "Sha512_256"),
            ("SHA512256", "Sha512256"),
            ("PKCS_1", "Pkcs1"),
            ("ANSIX9_31", "AnsiX931"),
            ("ANSI X9.31", "AnsiX931"),
            ("X_509", "X509"),
            ("IVCounterNonce", "IvCounterNonce"),
            ("IV/Counter/Nonce", "IvCounterNonce"),
            ("RNGAlgorithm", "RngAlgorithm"),
            ("MACSignature", "MacSignature"),
            ("MAC MAC Data", "MacMacData"),
            ("DES3", "Des3"),
            ("3DES", "Des3"),
            ("P_256", "P256"),
            ("ECDSAWithSHA256", "EcdsaWithSha256"),
            ("SHA3-256 with RSA Encryption", "Sha3_256WithRsaEncryption"),
            ("Polynomial Sharing GF (2^16)", "PolynomialSharingGf2_16"),
            ("Complete Server TLS v1.2", "CompleteServerTlsV1_2"),
            ("ChaCha20Poly1305", "ChaCha20Poly1305"),
            ("ReKey", "ReKey"),
            ("Self", "_Self"),
        ] {
            assert_eq!(rust_type(name), expected, "{name}");
        }
    }

    #[test]
    fn constants_keep_numbers_apart() {
        for (name, expected) in [
            ("ActivationDate", "ACTIVATION_DATE"),
            ("IV/Counter/Nonce", "IV_COUNTER_NONCE"),
            ("PKCS_12FriendlyName", "PKCS_12_FRIENDLY_NAME"),
            ("PKCS#12 Friendly Name", "PKCS_12_FRIENDLY_NAME"),
            ("X.509 Certificate Identifier", "X_509_CERTIFICATE_IDENTIFIER"),
            ("CRT Coefficient", "CRT_COEFFICIENT"),
            ("Q String", "Q_STRING"),
        ] {
            assert_eq!(rust_constant(name), expected, "{name}");
        }
    }
}
