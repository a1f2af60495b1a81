//! Where a test case needs a server of its own kind, and where no server can do as it says: each with its reason.

use kmip_sdk::server::{Later, SeedUse, ServerOptions};
use kmip_types::enumerations::Operation;

/// What a case makes of the server's options, where the standard leaves the server a choice.
pub(super) fn options(case: &str, options: ServerOptions) -> ServerOptions {
    match case {
        // The server may use a part of a seed, none of it, or refuse it (KMIP 1.4 section 4.36).
        "CS-RNG-O-2-14" => options.seed_use(SeedUse::AtMost(16)),
        "CS-RNG-O-3-14" => options.seed_use(SeedUse::Ignored),
        "CS-RNG-O-4-14" => options.seed_use(SeedUse::Denied),
        // The server may answer at once or later what a client can take later (KMIP 1.4 section 6.7); the case is about later.
        _ if case.starts_with("TC-32-") => options.later(Operation::Locate, Later::Polls(1)),
        _ => options,
    }
}

/// Why a case cannot be executed whole as it stands.
pub(super) fn reason(case: &str) -> Option<&'static str> {
    REVIEWED.iter().find(|(name, _)| *name == case).map(|(_, reason)| *reason)
}

const REVIEWED: [(&str, &str); 1] = [(
    "OMOS-O-1-14",
    "asks in KMIP 1.4 and wants an answer whose header says 1.3, which is an answer to no such request",
)];
