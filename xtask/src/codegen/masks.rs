//! Generates the bit masks.

use anyhow::Result;

use super::emit;
use super::enumerations::{identifiers, row};
use super::merge::MergedValues;
use crate::names;

/// The text of the file.
///
/// # Errors
/// When two bits of a mask would have one Rust name.
pub(crate) fn generate(masks: &[MergedValues]) -> Result<String> {
    let mut text = String::from("//! The bit masks of the standard.\n\nuse crate::tables::MaskInfo;\n");
    for mask in masks {
        let MergedValues { spelled, wire, span, sections, values } = mask;
        text.push_str(&format!(
            "\nbit_mask! {{\n    /// {spelled} (`{wire}`), {}: {}.\n    pub struct {}, info {}, name {wire:?}, \
             spelled {spelled:?}, since {}, until {};\n",
            emit::lifetime(*span, None),
            emit::sections(sections),
            names::rust_type(spelled),
            names::rust_constant(spelled),
            span.since.constant(),
            emit::optional(span.until),
        ));
        for (value, identifier) in values.iter().zip(identifiers(wire, values, names::rust_constant)?) {
            text.push_str(&row(value, &identifier));
        }
        text.push_str("}\n");
    }
    text.push_str("\n/// Every mask of the standard, by name.\npub static MASKS: &[&MaskInfo] = &[\n");
    for mask in masks {
        text.push_str(&format!("&{},\n", names::rust_constant(&mask.spelled)));
    }
    text.push_str("];\n");
    Ok(text)
}
