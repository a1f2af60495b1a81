//! Reads the cell that says how an item is encoded.

/// The item types as the standard spells them, longest first where one starts another.
pub(crate) const ITEM_TYPES: &[(&str, &str)] = &[
    ("structure", "Structure"),
    ("long integer", "LongInteger"),
    ("big integer", "BigInteger"),
    ("integer", "Integer"),
    ("enumeration", "Enumeration"),
    ("boolean", "Boolean"),
    ("text string", "TextString"),
    ("byte string", "ByteString"),
    ("date-time extended", "DateTimeExtended"),
    ("date time extended", "DateTimeExtended"),
    ("date-time", "DateTime"),
    ("date time", "DateTime"),
    ("interval", "Interval"),
];

/// Whether a cell starts with the name of an item type.
pub(crate) fn is_encoding(text: &str) -> bool {
    let text = text.to_lowercase();
    ITEM_TYPES.iter().any(|(spelled, _)| text.starts_with(spelled))
}
