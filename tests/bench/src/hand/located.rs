//! The response of Locate.

use super::read::{four, structure, text};
use super::write::{four as write_four, padded, structure as write_structure, text as write_text};
use super::{ENUMERATION, INTEGER, header};

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Located {
    /// Protocol Version.
    pub version: (i32, i32),
    /// Time Stamp, in seconds.
    pub time_stamp: i64,
    /// Unique Identifier.
    pub unique_identifiers: Vec<String>,
}

impl Located {
    /// The response of [`workloads::located`](crate::workloads::located).
    pub fn new(version: kmip_types::ProtocolVersion, count: usize) -> Self {
        Self {
            version: (version.major, version.minor),
            time_stamp: 1_700_000_000,
            unique_identifiers: (0..count)
                .map(|index| format!("1f0c9a52-7e4d-4b7a-9d3e-{index:012}"))
                .collect(),
        }
    }
}

const DATE_TIME: u8 = 9;

/// Appends the message.
pub fn write_located(message: &Located, out: &mut Vec<u8>) {
    let payload: usize = message.unique_identifiers.iter().map(|id| 8 + padded(id.len())).sum::<usize>();
    let total = 80 + 8 + 32 + 8 + payload;
    out.reserve(8 + total);
    write_structure(out, 0x42_007B, total);
    write_structure(out, 0x42_007A, 72);
    write_structure(out, 0x42_0069, 32);
    write_four(out, header(0x42_006A, INTEGER, 4), message.version.0 as u32);
    write_four(out, header(0x42_006B, INTEGER, 4), message.version.1 as u32);
    out.extend_from_slice(&header(0x42_0092, DATE_TIME, 8).to_be_bytes());
    out.extend_from_slice(&message.time_stamp.to_be_bytes());
    write_four(out, header(0x42_000D, INTEGER, 4), 1);
    write_structure(out, 0x42_000F, 32 + 8 + payload);
    write_four(out, header(0x42_005C, ENUMERATION, 4), 8);
    write_four(out, header(0x42_007F, ENUMERATION, 4), 0);
    write_structure(out, 0x42_007C, payload);
    for id in &message.unique_identifiers {
        write_text(out, 0x42_0094, id);
    }
}

/// The message, if the bytes are one.
pub fn read_located(bytes: &[u8]) -> Option<Located> {
    let mut rest = bytes;
    let mut message = structure(&mut rest, 0x42_007B)?;
    let mut head = structure(&mut message, 0x42_007A)?;
    let mut version = structure(&mut head, 0x42_0069)?;
    let major = four(&mut version, header(0x42_006A, INTEGER, 4))? as i32;
    let minor = four(&mut version, header(0x42_006B, INTEGER, 4))? as i32;
    let (stamp, behind) = head.split_first_chunk::<16>()?;
    head = behind;
    let stamp = u128::from_be_bytes(*stamp);
    if (stamp >> 64) as u64 != header(0x42_0092, DATE_TIME, 8) {
        return None;
    }
    four(&mut head, header(0x42_000D, INTEGER, 4))?;
    let mut item = structure(&mut message, 0x42_000F)?;
    four(&mut item, header(0x42_005C, ENUMERATION, 4))?;
    four(&mut item, header(0x42_007F, ENUMERATION, 4))?;
    let mut payload = structure(&mut item, 0x42_007C)?;
    let mut unique_identifiers = Vec::new();
    while !payload.is_empty() {
        unique_identifiers.push(text(&mut payload, 0x42_0094)?.to_owned());
    }
    let is_whole = [rest, message, head, version, item].iter().all(|rest| rest.is_empty());
    is_whole.then_some(Located { version: (major, minor), time_stamp: stamp as i64, unique_identifiers })
}
