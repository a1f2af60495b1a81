//! Where the server takes what clients of KMIP 1.x in use send, though their version of the standard has it otherwise.

use kmip_types::ProtocolVersion;

/// Which deviations from KMIP 1.x the server tolerates or adds for clients in use. Default: all of them. None is there from
/// KMIP 2.0 on.
///
/// Each that happens is an event of `tracing` at the level `debug`, with the message `deviation` and a field `deviation` that
/// names it as the method here.
///
/// ```
/// use kmip_sdk::server::{Leniency, ServerOptions};
///
/// let options = ServerOptions::default().leniency(Leniency::default().index_zero(false));
/// let strict = ServerOptions::default().leniency(Leniency::NONE);
/// # let _ = (options, strict);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leniency {
    attributes_after_object: bool,
    appended_tag: bool,
    index_zero: bool,
    discover_versions: bool,
    default_operation_policy: bool,
}

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deviation {
    AttributesAfterObject,
    AppendedTag,
    IndexZero,
    DiscoverVersions,
    DefaultOperationPolicy,
}

impl Default for Leniency {
    fn default() -> Self {
        Self {
            attributes_after_object: true,
            appended_tag: true,
            index_zero: true,
            discover_versions: true,
            default_operation_policy: true,
        }
    }
}

impl Leniency {
    /// None of them.
    pub const NONE: Self = Self {
        attributes_after_object: false,
        appended_tag: false,
        index_zero: false,
        discover_versions: false,
        default_operation_policy: false,
    };

    /// Takes a Register whose Template-Attribute stands behind the object. KMIP 1.0 to 1.4 have it before the object (1.4
    /// section 4.3); otherwise such a request is an Invalid Message.
    #[must_use]
    pub fn attributes_after_object(mut self, tolerated: bool) -> Self {
        self.attributes_after_object = tolerated;
        self
    }

    /// Has the tag of an authenticated mode stand behind the encrypted data before KMIP 1.4, whose messages have no field for
    /// it (1.3 section 4.29, where the mode has a name already). Otherwise such a mode is refused there.
    #[must_use]
    pub fn appended_tag(mut self, tolerated: bool) -> Self {
        self.appended_tag = tolerated;
        self
    }

    /// Takes an Add Attribute whose Attribute Index is 0. KMIP 1.0 to 1.4 have it without an index, which is for the server to
    /// give (1.4 sections 4.14 and 11.15); otherwise it is an Invalid Field.
    #[must_use]
    pub fn index_zero(mut self, tolerated: bool) -> Self {
        self.index_zero = tolerated;
        self
    }

    /// Answers Discover Versions in KMIP 1.0, which has no such operation (it comes with 1.1 section 4.26). Otherwise it is
    /// refused there as not supported.
    #[must_use]
    pub fn discover_versions(mut self, tolerated: bool) -> Self {
        self.discover_versions = tolerated;
        self
    }

    /// Gives new objects the Operation Policy Name `default` where the client asks for none, by which everybody may read
    /// certificates and public keys. KMIP 1.0 to 1.2 want such a policy (1.2 section 3.18.2), 1.3 and 1.4 leave it open and
    /// deprecate the attribute; otherwise an object has the policy that the client asks for.
    #[must_use]
    pub fn default_operation_policy(mut self, added: bool) -> Self {
        self.default_operation_policy = added;
        self
    }

    /// Whether a deviation is to be, in a version; that it is, is noted.
    pub(crate) fn takes(self, deviation: Deviation, version: ProtocolVersion) -> bool {
        let (name, is_on) = match deviation {
            Deviation::AttributesAfterObject => ("attributes_after_object", self.attributes_after_object),
            Deviation::AppendedTag => ("appended_tag", self.appended_tag),
            Deviation::IndexZero => ("index_zero", self.index_zero),
            Deviation::DiscoverVersions => ("discover_versions", self.discover_versions),
            Deviation::DefaultOperationPolicy => ("default_operation_policy", self.default_operation_policy),
        };
        let is_taken = is_on && !version.is_at_least(ProtocolVersion::V2_0);
        if is_taken {
            tracing::debug!(deviation = name, %version, "deviation");
        }
        is_taken
    }
}
