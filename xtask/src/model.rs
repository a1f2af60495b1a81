//! The data of a version of the standard, and its file form.

use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

/// The facts of one version.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Spec {
    /// `1.4`; empty in a file of enumerations that the standard takes from another.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) version: String,
    /// The tag table.
    #[serde(default, rename = "tag")]
    pub(crate) tags: Vec<Named>,
    /// The enumerations.
    #[serde(default, rename = "enumeration")]
    pub(crate) enumerations: Vec<NamedValues>,
    /// The bit masks.
    #[serde(default, rename = "mask")]
    pub(crate) masks: Vec<NamedValues>,
    /// Items whose table is a single row of name and encoding.
    #[serde(default, rename = "item")]
    pub(crate) items: Vec<Item>,
    /// Everything with fields.
    #[serde(default, rename = "structure")]
    pub(crate) structures: Vec<Structure>,
    /// The attributes.
    #[serde(default, rename = "attribute")]
    pub(crate) attributes: Vec<Attribute>,
    /// The operations.
    #[serde(default, rename = "operation")]
    pub(crate) operations: Vec<Operation>,
    /// With what operations fail.
    #[serde(default, rename = "error")]
    pub(crate) errors: Vec<Errors>,
    /// The default operation policies.
    #[serde(default, rename = "policy", skip_serializing_if = "Vec::is_empty")]
    pub(crate) policies: Vec<Policy>,
}

/// A name with its number: a tag, or a value of an enumeration or a mask.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Named {
    /// As the document spells it.
    pub(crate) name: String,
    /// In wire form.
    pub(crate) wire: String,
    /// The number in hex.
    pub(crate) value: String,
    /// The section of its table; empty for a value, which is where its enumeration is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) section: String,
    /// Marked as deprecated.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) deprecated: bool,
    /// The version from which the document says that it is deprecated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) deprecated_since: Option<String>,
}

/// An enumeration or a mask.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct NamedValues {
    /// As the document spells it.
    pub(crate) name: String,
    /// In wire form: the tag's name where it has a tag.
    pub(crate) wire: String,
    /// The section of its table.
    pub(crate) section: String,
    /// Its values, in the order of the table.
    #[serde(default)]
    pub(crate) values: Vec<Named>,
}

/// The item types that a cell allows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Encoding {
    /// Wire names of the item types; empty when the table does not say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) types: Vec<String>,
    /// Any type: the type depends on something else in the message.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) any: bool,
    /// The wire name of the enumeration or mask that the cell names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) enumeration: Option<String>,
    /// The wire name of the structure that the cell names in place of a type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) structure: Option<String>,
}

/// An item that a table of one row describes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Item {
    /// As the document spells it.
    pub(crate) name: String,
    /// In wire form.
    pub(crate) wire: String,
    /// The section of its table.
    pub(crate) section: String,
    /// The item types.
    #[serde(flatten)]
    pub(crate) encoding: Encoding,
}

/// A structure and its fields, in order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Structure {
    /// As the document spells it.
    pub(crate) name: String,
    /// In wire form.
    pub(crate) wire: String,
    /// The section of its table.
    pub(crate) section: String,
    /// What it is for: `object`, `object-data`, `base`, `attribute`, `attribute-data`, `operation-request`,
    /// `operation-response`, `operation-data`, `message`, `message-data`.
    pub(crate) kind: String,
    /// The operation in wire form, for a payload.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) operation: Option<String>,
    /// `server-to-client` for an operation that the server asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) direction: Option<String>,
    /// Which of several structures of that name this is, such as the Key Format Type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) variant: Option<String>,
    /// The fields in order.
    #[serde(default)]
    pub(crate) fields: Vec<Field>,
}

/// A field of a structure.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Field {
    /// As the document spells it.
    pub(crate) name: String,
    /// In wire form.
    pub(crate) wire: String,
    /// The item types.
    #[serde(flatten)]
    pub(crate) encoding: Encoding,
    /// `yes`, `no`, `conditional`, or `unstated` where the table has no such column.
    pub(crate) required: String,
    /// Whether it may stand several times.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) repeated: bool,
    /// Marked as deprecated.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) deprecated: bool,
    /// The row stands for any `object` or any `attribute`; the wire name is then empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) any_of: Option<String>,
    /// The row stands for one of these, in wire form; the wire name is then empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) one_of: Vec<String>,
}

/// An attribute with its rules.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Attribute {
    /// As the document spells it.
    pub(crate) name: String,
    /// In wire form.
    pub(crate) wire: String,
    /// The section that defines it.
    pub(crate) section: String,
    /// Marked as deprecated.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) deprecated: bool,
    /// The item types.
    #[serde(flatten)]
    pub(crate) encoding: Encoding,
    /// Whether an object may have several.
    #[serde(default)]
    pub(crate) multiple: bool,
    /// `yes`, `no` or `conditional`.
    pub(crate) always_has_value: String,
    /// `server` and `client`.
    #[serde(default)]
    pub(crate) initially_set_by: Vec<String>,
    /// `yes`, `no` or `conditional`.
    pub(crate) modifiable_by_server: String,
    /// `yes`, `no` or `conditional`.
    pub(crate) modifiable_by_client: String,
    /// The states in which the client may change it, in wire form, where its condition names some.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) modifiable_by_client_in: Vec<String>,
    /// What ends the client's right to change it, where its condition names that: `reached` or `allocated`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) modifiable_by_client_until: String,
    /// `yes`, `no` or `conditional`.
    pub(crate) deletable_by_client: String,
    /// What ends the client's right to delete it, where its condition names that.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) deletable_by_client_until: String,
    /// The operations that set it unasked, in wire form.
    #[serde(default)]
    pub(crate) implicitly_set_by: Vec<String>,
    /// The objects that may have it.
    #[serde(default)]
    pub(crate) applies_to: Vec<String>,
}

/// An operation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Operation {
    /// As the document spells it.
    pub(crate) name: String,
    /// In wire form.
    pub(crate) wire: String,
    /// The number in hex.
    pub(crate) value: String,
    /// The section that defines it; empty when only its number is listed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) section: String,
    /// `client-to-server`, `server-to-client` or `both`.
    pub(crate) direction: String,
}

/// The Result Reasons of an operation, or of all of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Errors {
    /// The operation in wire form; none when the table is for all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) operation: Option<String>,
    /// The section of its table.
    pub(crate) section: String,
    /// The Result Reasons as the document spells them, in the order of the table.
    pub(crate) reasons: Vec<String>,
}

/// A default operation policy: who may do what with some objects.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Policy {
    /// The objects that it is for, as the title of its table has them.
    pub(crate) objects: String,
    /// The section of its table.
    pub(crate) section: String,
    /// Its rows, in the order of the table.
    #[serde(default)]
    pub(crate) rules: Vec<PolicyRule>,
}

/// Who may do an operation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct PolicyRule {
    /// The operation in wire form; none for every one that names a Template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) operation: Option<String>,
    /// `all`, `owner` or `nobody`.
    pub(crate) allowed: String,
}

fn is_false(value: &bool) -> bool {
    !*value
}

impl Named {
    /// The number.
    ///
    /// # Errors
    /// When it is not `0x` and hex digits.
    pub(crate) fn number(&self) -> Result<u32> {
        number(&self.value).with_context(|| format!("value of {:?}", self.name))
    }
}

/// Reads `0x…`.
///
/// # Errors
/// When it is not `0x` and hex digits.
pub(crate) fn number(hex: &str) -> Result<u32> {
    let digits =
        hex.strip_prefix("0x").with_context(|| format!("expected 0x and hex digits, found {hex:?}"))?;
    u32::from_str_radix(digits, 16).with_context(|| format!("expected 0x and hex digits, found {hex:?}"))
}

impl Structure {
    /// `KeyBlock`, `KeyMaterial/TransparentDSAPublicKey`, `Create/RequestPayload`, or
    /// `Query/RequestPayload/server-to-client`.
    pub(crate) fn path(&self) -> String {
        let parts = self.operation.iter().chain([&self.wire]).chain(&self.variant).chain(&self.direction);
        parts.map(String::as_str).collect::<Vec<_>>().join("/")
    }
}

impl Spec {
    /// Reads a file that `ingest` wrote.
    ///
    /// # Errors
    /// When the file cannot be read, or is not of this form.
    pub(crate) fn load(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
        toml::from_str(&text).with_context(|| format!("reading {}", path.display()))
    }

    /// The file form: a table a heading, and one row a line.
    ///
    /// # Errors
    /// When the data does not fit the file form.
    pub(crate) fn to_text(&self) -> Result<String> {
        let table = toml::Table::try_from(self).context("writing the file form")?;
        let command = match self.version.as_str() {
            "" => "ingest-pkcs11 FILE.h".to_owned(),
            version => format!("ingest FILE.html --version {version}"),
        };
        let mut text = format!(
            "# Written by `cargo xtask {command}`: facts of the standard, as its document has them.\n\
             # Corrections are in errata.toml, never here.\n"
        );
        let mut sections = String::new();
        for (key, value) in &table {
            match value {
                toml::Value::Array(rows) if rows.is_empty() => {}
                toml::Value::Array(rows) if HEADED.contains(&key.as_str()) => {
                    for row in rows.iter().filter_map(toml::Value::as_table) {
                        sections.push_str(&format!("\n[[{key}]]\n"));
                        for (key, value) in row {
                            sections.push_str(&format!("{key} = {}\n", rows_apart(value)));
                        }
                    }
                }
                value => text.push_str(&format!("{key} = {}\n", rows_apart(value))),
            }
        }
        Ok(text + &sections)
    }
}

/// The kinds whose rows are too long for one line: each row stands under a heading of its own.
const HEADED: [&str; 4] = ["enumeration", "mask", "structure", "attribute"];

/// An array of rows, one a line; any other value on one line.
fn rows_apart(value: &toml::Value) -> String {
    match value {
        toml::Value::Array(rows) if rows.first().is_some_and(toml::Value::is_table) => {
            let rows: Vec<String> = rows.iter().map(|row| format!("  {},\n", inline(row))).collect();
            format!("[\n{}]", rows.concat())
        }
        value => inline(value),
    }
}

fn inline(value: &toml::Value) -> String {
    match value {
        toml::Value::Array(values) => {
            format!("[{}]", values.iter().map(inline).collect::<Vec<_>>().join(", "))
        }
        toml::Value::Table(table) => {
            let pairs: Vec<String> =
                table.iter().map(|(key, value)| format!("{key} = {}", inline(value))).collect();
            format!("{{ {} }}", pairs.join(", "))
        }
        value => value.to_string(),
    }
}
