//! Straight-line code for the Create request and the response of Locate alone, as one would write it by hand: what the codec is measured by.
//!
//! It checks what it must to read untrusted bytes (tags, types, lengths, padding, bounds) and knows nothing else.

mod located;
mod read;
mod write;

pub use located::{Located, read_located, write_located};
pub use read::read;
pub use write::write;

/// A request to create keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Creates {
    /// Protocol Version.
    pub version: (i32, i32),
    /// What is asked for.
    pub items: Vec<Create>,
}

/// One key to create.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Create {
    /// Object Type.
    pub object_type: u32,
    /// Cryptographic Algorithm.
    pub algorithm: u32,
    /// Cryptographic Length.
    pub length: i32,
    /// Cryptographic Usage Mask.
    pub usage: i32,
    /// Name Value.
    pub name: String,
    /// Name Type.
    pub name_type: u32,
}

impl Creates {
    /// The request of [`workloads::create`](crate::workloads::create).
    pub fn new(version: kmip_types::ProtocolVersion, count: usize) -> Self {
        let create = Create {
            object_type: 2,
            algorithm: 3,
            length: 256,
            usage: 12,
            name: crate::workloads::NAME.to_owned(),
            name_type: 1,
        };
        Self { version: (version.major, version.minor), items: vec![create; count] }
    }
}

const STRUCTURE: u8 = 1;
const INTEGER: u8 = 2;
const ENUMERATION: u8 = 5;
const TEXT: u8 = 7;

/// The first eight bytes of an item.
const fn header(tag: u32, item_type: u8, length: u32) -> u64 {
    ((tag as u64) << 40) | ((item_type as u64) << 32) | length as u64
}
