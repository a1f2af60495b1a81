//! The shape of the generated tables: what the standard says, as data.

use core::fmt;

use crate::generated::attributes::ATTRIBUTES;
use crate::generated::enumerations::{ObjectType, Operation, ResultReason, State};
use crate::generated::operations::OPERATIONS;
use crate::generated::sections;
use crate::item_type::ItemTypes;
use crate::tag::Tag;
use crate::version::ProtocolVersion;

/// A section of the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Section {
    /// The version whose document it is of.
    pub version: ProtocolVersion,
    /// Its number, such as `4.13`; of what the standard takes from PKCS#11, the name there.
    pub number: &'static str,
}

impl Section {
    pub(crate) const fn new(version: ProtocolVersion, number: &'static str) -> Self {
        Self { version, number }
    }
}

/// `KMIP 2.1 section 4.13`.
impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What another standard defines is named in full.
        match self.number.starts_with(|first: char| first.is_ascii_digit()) {
            true => write!(f, "KMIP {} section {}", self.version, self.number),
            false => f.write_str(self.number),
        }
    }
}

/// The section beside a key.
fn section<K: PartialEq>(rows: &[(K, Section)], key: K) -> Option<Section> {
    rows.iter().find(|(other, _)| *other == key).map(|(_, section)| *section)
}

/// What the standard says of a tag.
#[derive(Clone, Copy, Debug)]
pub struct TagInfo {
    /// The tag.
    pub tag: Tag,
    /// The name in JSON and XML: `ActivationDate`.
    pub name: &'static str,
    /// The name as the standard spells it: `Activation Date`.
    pub spelled: &'static str,
    /// Wire names that other versions use for the same number.
    pub aliases: &'static [&'static str],
    /// The first version that has it.
    pub since: ProtocolVersion,
    /// The last version that has it, if a later one dropped it.
    pub until: Option<ProtocolVersion>,
    /// The first version that deprecates it.
    pub deprecated: Option<ProtocolVersion>,
    /// The item types that the structure tables of any version allow for it.
    pub types: ItemTypes,
    /// What names its value.
    pub names: Names,
}

impl TagInfo {
    /// Whether a version has the tag.
    pub fn is_in(&self, version: ProtocolVersion) -> bool {
        self.since <= version && self.until.is_none_or(|until| version <= until)
    }

    /// The section of the newest version with the tag that says what it is for, or that of the table of tags.
    pub fn section(&self) -> Option<Section> {
        section(sections::TAGS, self.tag)
    }
}

/// What names the value of a tag in the text encodings.
#[derive(Clone, Copy, Debug)]
pub enum Names {
    /// Nothing: the value is plain.
    None,
    /// The names of an enumeration.
    Enumeration(&'static EnumerationInfo),
    /// The names of a mask's bits.
    Mask(&'static MaskInfo),
    /// The value is the number of a tag.
    Tags,
}

/// An enumeration of the standard.
#[derive(Debug)]
pub struct EnumerationInfo {
    /// The name in wire form: `ObjectType`.
    pub name: &'static str,
    /// The name as the standard spells it.
    pub spelled: &'static str,
    /// The first version that has it.
    pub since: ProtocolVersion,
    /// The last version that has it, if a later one dropped it.
    pub until: Option<ProtocolVersion>,
    /// The values in the order of their numbers.
    pub values: &'static [NameInfo],
}

/// A mask of the standard.
#[derive(Debug)]
pub struct MaskInfo {
    /// The name in wire form: `CryptographicUsageMask`.
    pub name: &'static str,
    /// The name as the standard spells it.
    pub spelled: &'static str,
    /// The first version that has it.
    pub since: ProtocolVersion,
    /// The last version that has it, if a later one dropped it.
    pub until: Option<ProtocolVersion>,
    /// The bits in the order of their numbers.
    pub bits: &'static [NameInfo],
}

/// A named value of an enumeration, or a named bit of a mask.
#[derive(Clone, Copy, Debug)]
pub struct NameInfo {
    /// The number.
    pub value: u32,
    /// The name in JSON and XML: `SymmetricKey`.
    pub name: &'static str,
    /// The name as the standard spells it: `Symmetric Key`.
    pub spelled: &'static str,
    /// Wire names that other versions use for the same number.
    pub aliases: &'static [&'static str],
    /// The first version that has it.
    pub since: ProtocolVersion,
    /// The last version that has it, if a later one dropped it.
    pub until: Option<ProtocolVersion>,
    /// The first version that deprecates it.
    pub deprecated: Option<ProtocolVersion>,
}

impl NameInfo {
    /// The row of a vendor's own value or bit, in every version.
    pub const fn vendor(value: u32, name: &'static str) -> Self {
        let since = FIRST;
        Self { value, name, spelled: name, aliases: &[], since, until: None, deprecated: None }
    }

    /// Whether this is one of the names: wire, spelled out, or an alias.
    pub fn is_called(&self, name: &str) -> bool {
        self.name == name || self.spelled == name || self.aliases.contains(&name)
    }
}

/// What a vendor defines is not bound to a version.
const FIRST: ProtocolVersion = ProtocolVersion::V1_0;

impl EnumerationInfo {
    /// A vendor's enumeration, with its values in the order of their numbers.
    pub const fn vendor(name: &'static str, values: &'static [NameInfo]) -> Self {
        Self { name, spelled: name, since: FIRST, until: None, values }
    }

    /// The wire name of a value, if it is listed.
    pub fn name_of(&self, value: u32) -> Option<&'static str> {
        self.by_value(value).map(|row| row.name)
    }

    /// Writes the wire name of a value or, if it is not listed, its number in hex.
    ///
    /// # Errors
    /// The formatter fails.
    pub fn fmt_value(&self, value: u32, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name_of(value) {
            Some(name) => f.write_str(name),
            None => write!(f, "0x{value:08X}"),
        }
    }

    /// The row of a number.
    pub fn by_value(&self, value: u32) -> Option<&'static NameInfo> {
        self.values.binary_search_by_key(&value, |row| row.value).ok().map(|index| &self.values[index])
    }

    /// The row with this name, wire or spelled out, of any version.
    pub fn by_name(&self, name: &str) -> Option<&'static NameInfo> {
        named(self.values, name)
    }

    /// The section of the newest version with it; none for a vendor's.
    pub fn section(&self) -> Option<Section> {
        section(sections::ENUMERATIONS, self.name)
    }
}

#[cfg(any(feature = "json", feature = "xml"))]
impl EnumerationInfo {
    /// The value of the standard's enumeration that a name spelled otherwise stands for, as
    /// [`TextMode::Lenient`](crate::text::TextMode::Lenient) reads it: in any case, with any marks between words. None, if
    /// it may be several.
    ///
    /// ```
    /// use kmip_types::enumerations::HASHING_ALGORITHM;
    /// assert_eq!(HASHING_ALGORITHM.by_name_like("sha256").map(|row| row.name), Some("SHA_256"));
    /// ```
    pub fn by_name_like(&'static self, name: &str) -> Option<&'static NameInfo> {
        match crate::text::values_like(crate::text::Table::Enumeration(self), name).as_slice() {
            [value] => self.by_value(*value),
            _ => None,
        }
    }
}

#[cfg(any(feature = "json", feature = "xml"))]
impl MaskInfo {
    /// The bit of the standard's mask that a name spelled otherwise stands for, as
    /// [`EnumerationInfo::by_name_like`] finds it.
    pub fn by_name_like(&'static self, name: &str) -> Option<&'static NameInfo> {
        match crate::text::values_like(crate::text::Table::Mask(self), name).as_slice() {
            [value] => self.bits.iter().find(|row| row.value == *value),
            _ => None,
        }
    }
}

impl MaskInfo {
    /// A vendor's mask, with its bits in the order of their numbers.
    pub const fn vendor(name: &'static str, bits: &'static [NameInfo]) -> Self {
        Self { name, spelled: name, since: FIRST, until: None, bits }
    }

    /// The row with this name, wire or spelled out, of any version.
    pub fn by_name(&self, name: &str) -> Option<&'static NameInfo> {
        named(self.bits, name)
    }

    /// The section of the newest version with it; none for a vendor's.
    pub fn section(&self) -> Option<Section> {
        section(sections::MASKS, self.name)
    }
}

/// The row with this name. Its own name comes first, for that is what nearly every name is.
fn named(rows: &'static [NameInfo], name: &str) -> Option<&'static NameInfo> {
    rows.iter().find(|row| row.name == name).or_else(|| rows.iter().find(|row| row.is_called(name)))
}

/// Who may do what with some objects by default (KMIP 1.4 section 3.18.2).
#[derive(Debug)]
#[non_exhaustive]
pub struct OperationPolicy {
    /// The objects that it is for, as the standard calls them.
    pub objects: &'static str,
    /// The sections of its tables.
    pub sections: &'static [Section],
    /// Who may do each operation.
    pub rules: &'static [PolicyRule],
}

/// Who may do an operation.
#[derive(Debug)]
#[non_exhaustive]
pub struct PolicyRule {
    /// The operation; none for every one that names a Template in its Template-Attribute.
    pub operation: Option<Operation>,
    /// Who may do it.
    pub allowed: Allowed,
}

/// Whom an operation policy lets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// Everybody.
    All,
    /// The owner of the object.
    Owner,
    /// Nobody who is a client.
    Nobody,
}

/// What the standard says of an attribute.
#[derive(Debug)]
pub struct AttributeInfo {
    /// The name in wire form: `CryptographicAlgorithm`.
    pub name: &'static str,
    /// The name as the standard spells it, which is also its Attribute Name before KMIP 2.0.
    pub spelled: &'static str,
    /// Spelled-out names that other versions use.
    pub aliases: &'static [&'static str],
    /// The tag, which names the attribute from KMIP 2.0 on.
    pub tag: Option<Tag>,
    /// The item types of its value.
    pub types: ItemTypes,
    /// Whether an object may have several.
    pub multiple: bool,
    /// The first version that has it.
    pub since: ProtocolVersion,
    /// The last version that has it, if a later one dropped it.
    pub until: Option<ProtocolVersion>,
    /// The first version that deprecates it.
    pub deprecated: Option<ProtocolVersion>,
    /// Who sets and changes it, by the newest version that has it.
    pub rules: AttributeRules,
    /// The rules that a later version changed, the oldest first, each with the last version that has them.
    pub earlier: &'static [(ProtocolVersion, AttributeRules)],
}

impl AttributeInfo {
    /// The attributes of every version, in the order of their names.
    pub fn all() -> &'static [Self] {
        ATTRIBUTES
    }

    /// The row of the attribute with a tag; none for a vendor's.
    pub fn of(tag: Tag) -> Option<&'static Self> {
        ATTRIBUTES.iter().find(|info| info.tag == Some(tag))
    }

    /// Whether a version has the attribute.
    pub fn is_in(&self, version: ProtocolVersion) -> bool {
        self.since <= version && self.until.is_none_or(|until| version <= until)
    }

    /// Who sets and changes it, by a version.
    ///
    /// ```
    /// use kmip_types::enumerations::ObjectType;
    /// use kmip_types::tables::AttributeInfo;
    /// use kmip_types::{ProtocolVersion, Tag};
    ///
    /// let start = AttributeInfo::of(Tag::PROCESS_START_DATE).ok_or("not an attribute")?;
    /// assert!(!start.rules_in(ProtocolVersion::V1_4).is_for(ObjectType::SecretData));
    /// assert!(start.rules_in(ProtocolVersion::V2_1).is_for(ObjectType::SecretData));
    /// # Ok::<(), &str>(())
    /// ```
    pub fn rules_in(&self, version: ProtocolVersion) -> &AttributeRules {
        let earlier = self.earlier.iter().find(|(last, _)| version <= *last);
        earlier.map_or(&self.rules, |(_, rules)| rules)
    }

    /// The section of the newest version with it.
    pub fn section(&self) -> Option<Section> {
        section(sections::ATTRIBUTES, self.name)
    }
}

/// Who sets and changes an attribute.
#[derive(Debug)]
pub struct AttributeRules {
    /// Whether an object to which it applies always has it.
    pub always: Rule,
    /// Who may set it first.
    pub initially_set_by: SetBy,
    /// Whether the server may change it unasked.
    pub modifiable_by_server: Rule,
    /// Whether the client may change it.
    pub modifiable_by_client: Rule,
    /// Whether the client may delete it.
    pub deletable_by_client: Rule,
    /// The operations that set it without being asked, in wire form.
    pub implicitly_set_by: &'static [&'static str],
    /// The objects that may have it, as the standard spells them.
    pub applies_to: &'static [&'static str],
    /// The Object Types that these are; empty where they are all.
    pub object_types: &'static [ObjectType],
}

impl AttributeRules {
    /// Whether objects of a type may have the attribute.
    pub fn is_for(&self, object_type: ObjectType) -> bool {
        self.object_types.is_empty() || self.object_types.contains(&object_type)
    }
}

/// An answer of an attribute's rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Yes, without a condition.
    Yes,
    /// No.
    No,
    /// Only under a condition that the standard words.
    Conditional(Condition),
}

/// What of a condition's words is the same for every object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The states in which the answer is yes; empty where the words name none.
    pub states: &'static [State],
    /// What makes it a no for ever, where the words say that.
    pub until: Option<Until>,
}

/// What ends a right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// The date that the attribute is has come.
    Reached,
    /// Use of the object was allocated (Get Usage Allocation).
    Allocated,
}

/// Who may set an attribute first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetBy {
    /// The server may.
    pub server: bool,
    /// The client may.
    pub client: bool,
}

/// What the standard says of an operation.
#[derive(Debug)]
pub struct OperationInfo {
    /// The operation.
    pub operation: Operation,
    /// The name in wire form: `CreateKeyPair`.
    pub name: &'static str,
    /// The name as the standard spells it.
    pub spelled: &'static str,
    /// Who sends the request.
    pub direction: Direction,
    /// The first version that has it.
    pub since: ProtocolVersion,
    /// The last version that has it, if a later one dropped it.
    pub until: Option<ProtocolVersion>,
    /// The first version that deprecates it.
    pub deprecated: Option<ProtocolVersion>,
    /// What each version that defines it says of it, the oldest first.
    pub editions: &'static [OperationEdition],
}

impl OperationInfo {
    /// The row of an operation; none for a vendor's.
    pub fn of(operation: Operation) -> Option<&'static Self> {
        OPERATIONS.iter().find(|info| info.operation == operation)
    }

    /// What a version says of it, if it defines it.
    ///
    /// ```
    /// use kmip_types::ProtocolVersion;
    /// use kmip_types::enumerations::{Operation, ResultReason};
    /// use kmip_types::tables::OperationInfo;
    ///
    /// let create = OperationInfo::of(Operation::Create).ok_or("not of the standard")?;
    /// let edition = create.edition(ProtocolVersion::V1_4).ok_or("not of KMIP 1.4")?;
    /// assert_eq!(edition.section.to_string(), "KMIP 1.4 section 4.1");
    /// assert!(edition.reasons.contains(&ResultReason::IndexOutOfBounds));
    ///
    /// let edition = create.edition(ProtocolVersion::V2_1).ok_or("not of KMIP 2.1")?;
    /// assert_eq!(edition.section.to_string(), "KMIP 2.1 section 6.1.8");
    /// assert!(edition.reasons.contains(&ResultReason::ServerLimitExceeded));
    /// # Ok::<(), &str>(())
    /// ```
    pub fn edition(&self, version: ProtocolVersion) -> Option<&'static OperationEdition> {
        self.editions.iter().find(|edition| edition.section.version == version)
    }

    /// The section of the newest version that defines it.
    pub fn section(&self) -> Option<Section> {
        self.editions.last().map(|edition| edition.section)
    }
}

/// What a version of the standard says of an operation.
#[derive(Debug)]
pub struct OperationEdition {
    /// The section that defines it, and the version.
    pub section: Section,
    /// The Result Reasons that the version names for its failure: its own, then those of all operations. A server may
    /// give others; where the version names none, the list is empty.
    pub reasons: &'static [ResultReason],
}

/// Who sends the request of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The client.
    ClientToServer,
    /// The server.
    ServerToClient,
    /// Either.
    Both,
}

#[cfg(test)]
mod tests {
    use super::OPERATIONS;
    use crate::ProtocolVersion;
    use crate::generated::enumerations::ENUMERATIONS;
    use crate::generated::masks::MASKS;

    #[test]
    fn every_version_with_an_operation_has_an_edition_of_it_with_its_own_reasons() {
        for info in OPERATIONS {
            let having = ProtocolVersion::ALL.iter().filter(|version| info.operation.is_in(**version));
            assert!(having.eq(info.editions.iter().map(|edition| &edition.section.version)), "{}", info.name);
            for edition in info.editions {
                let version = edition.section.version;
                // Ping is the one operation to which the standard gives no table of errors.
                assert_eq!(edition.reasons.is_empty(), info.name == "Ping", "{} {version}", info.name);
                for (index, reason) in edition.reasons.iter().enumerate() {
                    assert!(reason.is_in(version), "{} {version}: {reason:?}", info.name);
                    assert!(
                        !edition.reasons[..index].contains(reason),
                        "{} {version}: {reason:?}",
                        info.name
                    );
                }
            }
        }
    }

    /// So that it makes no difference which of a row's names is looked at first.
    #[test]
    fn no_row_has_another_name_that_is_the_own_name_of_a_second() {
        let lists = ENUMERATIONS.iter().map(|info| info.values).chain(MASKS.iter().map(|info| info.bits));
        for rows in lists {
            for row in rows {
                let called: Vec<u32> =
                    rows.iter().filter(|other| other.is_called(row.name)).map(|other| other.value).collect();
                assert_eq!(called, [row.value], "{}", row.name);
            }
        }
    }
}
