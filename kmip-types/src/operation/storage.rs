//! Where an object may be kept.

use kmip_derive::Ttlv;

use crate::generated::masks::ProtectionStorageMask;

/// The places where an object may be kept, each of which will do (KMIP 2.1 section 7.33). Since KMIP 2.0.
#[derive(Clone, Debug, Default, PartialEq, Eq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ProtectionStorageMasks")]
pub struct ProtectionStorageMasks {
    /// The places.
    pub protection_storage_mask: Vec<ProtectionStorageMask>,
}

impl<I: IntoIterator<Item = ProtectionStorageMask>> From<I> for ProtectionStorageMasks {
    fn from(protection_storage_mask: I) -> Self {
        Self { protection_storage_mask: protection_storage_mask.into_iter().collect() }
    }
}
