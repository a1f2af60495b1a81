//! TTLV as hex that people can read: an item a line, indented, with its name beside it.

use std::fmt::Write;

use kmip_types::{ItemType, Tag};

/// Bytes of a value in a line.
const WIDTH: usize = 32;

/// The items of a message, each in a line or, if its value is long, in several. What follows `#` is for people.
///
/// # Errors
/// The bytes are no TTLV.
pub fn write(ttlv: &[u8]) -> Result<String, String> {
    let mut text = String::new();
    items(ttlv, 0, &mut text).ok_or("the bytes are no TTLV")?;
    Ok(text)
}

fn items(mut bytes: &[u8], depth: usize, text: &mut String) -> Option<()> {
    while !bytes.is_empty() {
        let (header, rest) = bytes.split_first_chunk::<8>()?;
        let [t0, t1, t2, item_type, length @ ..] = *header;
        let tag = Tag::from_raw(u32::from_be_bytes([0, t0, t1, t2]));
        let item_type = ItemType::from_number(item_type)?;
        let length = usize::try_from(u32::from_be_bytes(length)).ok()?;
        let is_structure = item_type == ItemType::Structure;
        let (value, after) = rest.split_at_checked(length.next_multiple_of(8))?;
        let indent = "  ".repeat(depth);
        let line =
            format!("{indent}{} {} {}", digits(&header[..3]), digits(&header[3..4]), digits(&header[4..]));
        // A string takes whatever is written to it.
        let _ = if is_structure || value.is_empty() {
            writeln!(text, "{line}  # {tag} ({item_type})")
        } else if value.len() <= WIDTH {
            writeln!(text, "{line} {}  # {tag} ({item_type})", digits(value))
        } else {
            writeln!(text, "{line}  # {tag} ({item_type})")
        };
        if is_structure {
            items(value, depth + 1, text)?;
        } else if value.len() > WIDTH {
            for part in value.chunks(WIDTH) {
                let _ = writeln!(text, "{indent}  {}", digits(part));
            }
        }
        bytes = after;
    }
    Some(())
}

fn digits(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
