//! Binary TTLV: the canonical encoding (KMIP 1.4 section 9.1, 2.1 section 10.1).

mod choice;
mod codec;
mod compile_time;
#[doc(hidden)] // For the code of the derives.
pub mod derived;
mod deviation;
mod faults;
mod fields;
pub(crate) mod header;
mod kept;
mod known;
mod lenient;
mod primitives;
mod reader;
mod schema;
mod versions;
mod writer;

pub use choice::{DecodeSelected, Tagged};
pub use codec::{Decode, Encode, decode, decode_lenient, decode_with, encode};
pub use deviation::{Decoded, Deviation, DeviationKind};
#[cfg(feature = "dump")]
pub(crate) use faults::invalid_length;
pub use header::Header;
pub use kept::KeptItem;
pub use reader::{End, Mode, Reader};
pub use schema::{Field, Fields, Presence, Root, Schema, Structure, Versions, Wire};
pub use writer::Writer;
