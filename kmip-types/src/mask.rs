//! The names of a mask's bits, joined and split.

use crate::tables::{MaskInfo, NameInfo};

/// A component of a mask that is no name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{mask} has no bit named {name:?}{}", suggestion.map(|near| format!("; did you mean {near}?")).unwrap_or_default())]
pub struct UnknownMaskName {
    /// The mask's wire name.
    pub mask: &'static str,
    /// The name that was given.
    pub name: String,
    /// The nearest known name.
    pub suggestion: Option<&'static str>,
}

impl MaskInfo {
    /// The names of the set bits, in the order of their numbers, and the bits that have no name.
    pub fn names(&self, bits: u32) -> (Vec<&'static str>, u32) {
        let set = |row: &&NameInfo| row.value != 0 && bits & row.value == row.value;
        let rows: Vec<&NameInfo> = self.bits.iter().filter(set).collect();
        let named = rows.iter().fold(0, |all, row| all | row.value);
        (rows.into_iter().map(|row| row.name).collect(), bits & !named)
    }

    /// The names of the set bits with `separator` between them; what has no name is last, in hex.
    pub fn join(&self, bits: u32, separator: &str) -> String {
        let (names, unnamed) = self.names(bits);
        let mut parts: Vec<String> = names.into_iter().map(str::to_owned).collect();
        if unnamed != 0 || parts.is_empty() {
            parts.push(format!("0x{unnamed:08x}"));
        }
        parts.join(separator)
    }

    /// The bits with these names, wire or spelled out.
    ///
    /// # Errors
    /// [`UnknownMaskName`] for the first name that is not one of the mask's.
    pub fn bits_of<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Result<u32, UnknownMaskName> {
        names.into_iter().try_fold(0, |bits, name| match self.by_name(name) {
            Some(row) => Ok(bits | row.value),
            None => {
                let known = self.bits.iter().map(|row| row.name);
                let suggestion = crate::nearest::nearest(name, known);
                Err(UnknownMaskName { mask: self.name, name: name.to_owned(), suggestion })
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::generated::masks::CRYPTOGRAPHIC_USAGE_MASK as MASK;

    #[test]
    fn names_and_bits_are_each_others_inverse() {
        assert_eq!(MASK.bits_of(["Encrypt", "Decrypt"]), Ok(12));
        assert_eq!(MASK.bits_of(["Certificate Sign"]), MASK.bits_of(["CertificateSign"]));
        assert_eq!(MASK.names(12), (vec!["Encrypt", "Decrypt"], 0));
    }

    #[test]
    fn bits_without_a_name_are_kept() {
        assert_eq!(MASK.names(0x8000_0004), (vec!["Encrypt"], 0x8000_0000));
        assert_eq!(MASK.join(0x8000_0004, "|"), "Encrypt|0x80000000");
        assert_eq!(MASK.join(0, "|"), "0x00000000");
    }

    #[test]
    fn an_unknown_name_suggests_a_near_one() {
        let error = MASK.bits_of(["Encrpyt"]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "CryptographicUsageMask has no bit named \"Encrpyt\"; did you mean Encrypt?"
        );
    }
}
