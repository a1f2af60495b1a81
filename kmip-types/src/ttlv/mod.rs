//! Binary TTLV: the canonical encoding (KMIP 1.4 section 9.1, 2.1 section 10.1).

mod choice;
mod codec;
mod compile_time;
mod deviation;
mod faults;
mod fields;
mod header;
mod lenient;
mod primitives;
mod reader;
mod schema;
mod writer;

pub use choice::{DecodeSelected, Tagged};
pub use codec::{Decode, Encode, decode, decode_lenient, decode_with, encode};
#[doc(hidden)] // For the code of the derive.
pub use compile_time::{assert_disjoint, assert_type, only_enumeration, splice_fields};
pub use deviation::{Decoded, Deviation, DeviationKind};
pub use header::Header;
pub use reader::{Mode, Reader};
pub use schema::{Field, Presence, Root, Schema, Structure, Wire};
pub use writer::Writer;
