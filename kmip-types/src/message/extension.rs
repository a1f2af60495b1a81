//! Message Extension.

use kmip_derive::Ttlv;

use crate::RawStructure;

/// What a vendor adds to a batch item (KMIP 1.4 section 6.16, 2.1 section 9.13).
#[derive(Clone, Debug, PartialEq, Ttlv)]
pub struct MessageExtension {
    /// The vendor: letters, digits, `_` and `.`.
    pub vendor_identification: String,
    /// Whether a receiver that does not understand the extension must refuse the message.
    pub criticality_indicator: bool,
    /// The vendor's own fields.
    pub vendor_extension: RawStructure,
}
