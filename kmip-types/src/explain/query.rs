//! What is asked for: a name or a number, with what comes before it.

/// A name or a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject<'q> {
    /// A name.
    Name(&'q str),
    /// A number.
    Number(u32),
}

impl<'q> Subject<'q> {
    pub(super) fn of(text: &'q str) -> Self {
        let text = text.trim();
        let hex = |digits: &str| u32::from_str_radix(&digits.replace('_', ""), 16).ok();
        let number = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
            Some(digits) => hex(digits),
            None if is_tag(text) => hex(text),
            None => text.parse().ok(),
        };
        number.map_or(Self::Name(text), Self::Number)
    }
}

/// Whether these are the six hex digits of a tag of the standard or of a vendor.
fn is_tag(text: &str) -> bool {
    let is_hex = text.bytes().all(|digit| digit.is_ascii_hexdigit());
    is_hex && text.len() == 6 && (text.starts_with("42") || text.starts_with("54"))
}

/// The ways to take a text for a qualifier and what it qualifies: a mark or a space is between them.
pub(super) fn splits(query: &str) -> impl Iterator<Item = (&str, &str)> {
    let marks = query.char_indices().filter(|(_, mark)| !mark.is_alphanumeric());
    let parts = marks.map(|(at, mark)| (&query[..at], &query[at + mark.len_utf8()..]));
    parts.filter(|(qualifier, rest)| !fold(qualifier).is_empty() && !fold(rest).is_empty())
}

/// A name without what does not tell it from others: case, and all that is no letter or digit.
pub(super) fn fold(name: &str) -> String {
    folded(name).collect()
}

/// Whether a name is a folded one, when it is folded.
pub(super) fn folds_to(name: &str, other: &str) -> bool {
    folded(name).eq(other.chars())
}

fn folded(name: &str) -> impl Iterator<Item = char> + '_ {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_from_names() {
        for (text, expected) in [
            ("0x420028", Subject::Number(0x42_0028)),
            ("0X0000_0001", Subject::Number(1)),
            ("42000D", Subject::Number(0x42_000D)),
            ("540001", Subject::Number(0x54_0001)),
            ("10", Subject::Number(10)),
            ("DES", Subject::Name("DES")),
            ("3DES", Subject::Name("3DES")),
            ("0xyz", Subject::Name("0xyz")),
            (" State ", Subject::Name("State")),
        ] {
            assert_eq!(Subject::of(text), expected, "{text}");
        }
    }

    #[test]
    fn a_qualifier_ends_at_any_mark() {
        let found: Vec<_> = splits("Object Type.Symmetric-Key").collect();
        assert_eq!(
            found,
            [
                ("Object", "Type.Symmetric-Key"),
                ("Object Type", "Symmetric-Key"),
                ("Object Type.Symmetric", "Key")
            ]
        );
        assert_eq!(splits("State::Active").collect::<Vec<_>>(), [("State", ":Active"), ("State:", "Active")]);
        assert_eq!(splits("State").count(), 0);
    }
}
