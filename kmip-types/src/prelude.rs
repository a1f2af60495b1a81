//! What most programs need, under names that do not clash: for `use kmip_types::prelude::*`.
//!
//! ```
//! use kmip_types::prelude::*;
//!
//! let attributes = Attributes::new()
//!     .with_cryptographic_algorithm(CryptographicAlgorithm::Aes)
//!     .with_cryptographic_length(256)
//!     .with_cryptographic_usage_mask(CryptographicUsageMask::ENCRYPT | CryptographicUsageMask::DECRYPT)
//!     .with_name(Name::text("ledger key"));
//! let payload = CreateRequest::new(ObjectType::SymmetricKey, attributes);
//! let message = RequestMessage {
//!     request_header: RequestHeader::new(ProtocolVersion::V2_1, 1),
//!     batch_item: vec![RequestBatchItem::new(Operation::Create, payload.into())],
//! };
//! assert_eq!(RequestMessage::from_ttlv(&message.to_ttlv()?)?, message);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub use crate::attribute::*;
pub use crate::enumerations::*;
pub use crate::masks::*;
pub use crate::message::*;
pub use crate::object::*;
pub use crate::operation::*;
pub use crate::ttlv::{Decoded, Deviation, DeviationKind};
pub use crate::{
    BigInteger, DateTime, DateTimeExtended, Interval, Item, ItemType, ProtocolVersion, SecretBigInteger,
    SecretBytes, SecretText, Tag, Ttlv, TtlvEnum, TtlvMask, Value,
};
