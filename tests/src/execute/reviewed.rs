//! Where a test case needs a server of its own kind, and where no server can do as it says: each with its reason.

use kmip_sdk::server::{GroupDefault, SeedUse, ServerOptions};
use kmip_sdk::testing::execute::Family;

/// What the cases of a family make of the server's options, where the standard leaves the server a choice.
pub(super) fn options(family: &Family, options: ServerOptions) -> ServerOptions {
    let options = family.options(options);
    match family.name() {
        // The server may use a part of a seed, none of it, or refuse it (KMIP 1.4 section 4.36).
        name if name.starts_with("CS-RNG-O-2-") => options.seed_use(SeedUse::AtMost(16)),
        name if name.starts_with("CS-RNG-O-3-") => options.seed_use(SeedUse::Ignored),
        name if name.starts_with("CS-RNG-O-4-") => options.seed_use(SeedUse::Denied),
        // Which object of a group is its default is the server's to say (KMIP 1.4 section 4.9).
        name if name.starts_with("TC-153-") => options.group_default(GroupDefault::ByTurns),
        // That an object is not for who asks may be said or not (KMIP 1.4 section 11.1).
        name if name.starts_with("TC-111-") || name.starts_with("TC-112-") => options.tell_denials(true),
        _ => options,
    }
}

/// Why a case cannot be executed whole as it stands.
pub(super) fn reason(case: &str) -> Option<&'static str> {
    let means = |name: &str| match name.split_once('*') {
        Some((start, end)) => case.starts_with(start) && case.ends_with(end),
        None => case == name,
    };
    REVIEWED.iter().find(|(name, _)| means(name)).map(|(_, reason)| *reason)
}

/// The cases, by their names; a star stands for the versions of one, or for the numbers of several.
const REVIEWED: [(&str, &str); 11] = [
    (
        "OMOS-O-1-14",
        "asks in KMIP 1.4 and wants an answer whose header says 1.3, which is an answer to no such request",
    ),
    (
        "TC-NP-1-*",
        "the server is to push to the client what happens, unasked and without a way to say where to",
    ),
    (
        "TC-NP-2-*",
        "the server is to push to the client what happens, unasked and without a way to say where to",
    ),
    ("TC-Q-S2C-1-*", "is what a client answers that a server asks"),
    ("TC-Q-CAP-1-*", "has what one server says of its own capabilities"),
    (
        "TC-Q-PROF-1-*",
        "has the profiles of one server, one for tape libraries, which no permitted variation is",
    ),
    (
        "TC-SJ-*-12",
        "wants no Object Type of Create Split Key and Join Split Key, whose answers have one in KMIP 1.2 (sections 4.38 and 4.39)",
    ),
    (
        "TC-142-12",
        "wants a key wrapped without encoding that is asked for with an attribute inside, which takes the TTLV encoding",
    ),
    (
        "TC-ECC-2-12",
        "registers a private key that is encrypted with a password nobody says and wants it decrypted, in another format",
    ),
    ("TC-Q-RNGS-1-*", "has the generators of random numbers of one server, which no permitted variation is"),
    ("TC-151-*", "wants a fresh object of the group default that nobody made"),
];
