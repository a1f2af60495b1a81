//! Scaffold: skeletons of what the tables of a version have and the code lacks.
//!
//! A skeleton has everything that the tables say. What they do not say, the words of its documentation and the
//! rules that only the text has, is left to whoever takes it over.

mod skeletons;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};

use crate::audit::{Facts, Registry};
use crate::codegen::Tables;
use crate::codegen::types::TagNames;
use crate::model::{Field, Structure};
use crate::names;
use crate::rust_source::Source;
use crate::versions::{Edition, Version};
use skeletons::Skeletons;

/// Writes the skeletons.
///
/// # Errors
/// When there is no such version, the facts, the sources or the registry cannot be read, or the output cannot be
/// written.
pub(crate) fn run(repository: &Path, version: &str, out: &mut impl Write) -> Result<()> {
    let tables = Tables::load(&repository.join("spec"))?;
    let source = Source::read(&repository.join("kmip-types/src"))?;
    let registry = Registry::load(repository)?;
    let version = Version::parse(version)?;
    let skeletons = Skeletons::new(&tables, &source, &registry, version)?;
    if skeletons.is_empty() {
        writeln!(out, "nothing: the code has all that the tables of KMIP {version} have")?;
    }
    write!(out, "{skeletons}")?;
    Ok(())
}

impl Skeletons {
    /// The skeletons of what a version has and the code lacks.
    ///
    /// # Errors
    /// When there is no such version, or a number cannot be read.
    fn new(tables: &Tables, source: &Source, registry: &Registry, version: Version) -> Result<Self> {
        let edition = tables.editions.iter().find(|edition| edition.version == version);
        let edition = edition.with_context(|| format!("there is no data for version {version}"))?;
        let facts = Facts::new(edition)?;
        let scaffold = Scaffold { tables, edition, types: used_types(source) };
        let lacking = edition
            .spec
            .structures
            .iter()
            .filter(|structure| !registry.structures.iter().any(|entry| facts.is_of(structure, entry)));
        let (mut operations, mut structures) = (BTreeMap::<&str, Vec<&Structure>>::new(), Vec::new());
        for structure in lacking {
            match &structure.operation {
                Some(operation) => operations.entry(operation).or_default().push(structure),
                None => structures.push(structure),
            }
        }
        let mut skeletons = Self::default();
        for (operation, payloads) in &operations {
            scaffold.operation(operation, payloads, &mut skeletons);
        }
        for structure in &structures {
            let mut text = String::new();
            scaffold.structure(structure, &mut text);
            let (tag, name) = (scaffold.constant(&structure.wire), rust_name(structure));
            let module = module(structure);
            skeletons.file(module, &names::rust_module(&name), &structure.name, text);
            let variant = structure.variant.iter().map(|variant| format!(".variant({variant:?})"));
            let variant: String = variant.collect();
            let line = format!("of::<{name}>(Tag::{tag}){variant},");
            skeletons.used("schemas.rs", "", module, &name);
            skeletons.line("schemas.rs", "`STRUCTURES`", line);
        }
        for attribute in &edition.spec.attributes {
            if !facts.tag(&attribute.wire).is_some_and(|tag| registry.attributes.contains(&tag)) {
                let place = format!("KMIP {version} section {}", attribute.section);
                let (name, ty) = (names::rust_type(&attribute.wire), scaffold.ty(&attribute.wire, &[]));
                let text = format!("/// {} ({place}).\n{name}({ty}),", attribute.name);
                skeletons.line("attribute/attribute.rs", "`Attribute`", text);
                skeletons.needs("attribute/attribute.rs", "attribute", ty);
            }
        }
        skeletons.add_uses(source, tables);
        Ok(skeletons)
    }
}

/// What a skeleton is made from.
struct Scaffold<'a> {
    tables: &'a Tables,
    edition: &'a Edition,
    /// The type that the code has most often for a field of a name.
    types: BTreeMap<String, String>,
}

/// For each name of a field, the type that most structs have for it.
fn used_types(source: &Source) -> BTreeMap<String, String> {
    let mut counts: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for field in source.structs.values().flatten() {
        *counts.entry(&field.name).or_default().entry(&field.ty).or_default() += 1;
    }
    let most_used = counts.into_iter().filter_map(|(name, types)| {
        let (ty, _) = types.into_iter().max_by_key(|(_, count)| *count)?;
        Some((name.to_owned(), ty.to_owned()))
    });
    most_used.collect()
}

/// What every type derives. More is left to whoever takes it over.
const DERIVES: &str = "#[derive(Clone, Debug, PartialEq, Ttlv)]\n\
    #[cfg_attr(feature = \"arbitrary\", derive(arbitrary::Arbitrary))]";

/// The module for a structure.
fn module(structure: &Structure) -> &'static str {
    match structure.kind.as_str() {
        "object" | "object-data" => "object",
        "base" | "attribute" | "attribute-data" => "attribute",
        "message" | "message-data" => "message",
        _ => "operation",
    }
}

/// `CreateRequest`, or `TransparentDhPublicKeyKeyMaterial`.
fn rust_name(structure: &Structure) -> String {
    match (&structure.operation, &structure.variant) {
        (Some(operation), _) => {
            let side = if structure.kind == "operation-request" { "Request" } else { "Response" };
            names::rust_type(operation) + side
        }
        (None, Some(variant)) => names::rust_type(variant) + &names::rust_type(&structure.wire),
        (None, None) => names::rust_type(&structure.wire),
    }
}

impl Scaffold<'_> {
    fn operation(&self, wire: &str, payloads: &[&Structure], skeletons: &mut Skeletons) {
        let name = names::rust_type(wire);
        let row = self.edition.spec.operations.iter().find(|operation| operation.wire == wire);
        let spelled = row.map_or(wire, |operation| operation.name.as_str());
        let mut text = String::new();
        for (index, payload) in payloads.iter().enumerate() {
            // An operation that either side asks for has two tables, and one type with the fields of the larger.
            let is_same = |other: &&&Structure| rust_name(other) == rust_name(payload);
            let smaller = payloads[..index]
                .iter()
                .any(|other| is_same(&other) && other.fields.len() >= payload.fields.len())
                || payloads[index + 1..]
                    .iter()
                    .any(|other| is_same(&other) && other.fields.len() > payload.fields.len());
            if !smaller {
                self.structure(payload, &mut text);
            }
        }
        skeletons.file("operation", &names::rust_module(&name), spelled, text);
        let lacks = |kind: &str| payloads.iter().any(|payload| payload.kind == kind);
        if lacks("operation-request") {
            // Writing a request in a version that lacks the operation is refused, even where no field tells.
            let first =
                self.tables.editions.iter().position(|edition| {
                    edition.spec.operations.iter().any(|operation| operation.wire == wire)
                });
            let first = first.filter(|first| *first > 0).map(|first| self.tables.editions[first].version);
            let since = first.map(|first| format!(", since = \"{first}\"")).unwrap_or_default();
            let variant = format!(
                "/// {spelled}.\n#[ttlv(value = \"Operation::{name}\"{since})]\n{name}({name}Request),"
            );
            skeletons.line("operation/request_payload.rs", "`RequestPayload`", variant);
            let link = format!("{name}: {name}Request => {name}Response,");
            skeletons.line("operation/payload.rs", "`operations!`", link);
        }
        if lacks("operation-response") {
            let variant =
                format!("/// {spelled}.\n#[ttlv(value = \"Operation::{name}\")]\n{name}({name}Response),");
            skeletons.line("operation/response_payload.rs", "`ResponsePayload`", variant);
        }
    }

    fn structure(&self, structure: &Structure, text: &mut String) {
        let subject = match structure.operation.as_ref() {
            None => match &structure.variant {
                Some(variant) => format!("{} of {variant}", structure.name),
                None => structure.name.clone(),
            },
            Some(operation) if structure.kind == "operation-request" => format!("The request of {operation}"),
            Some(operation) => format!("The response of {operation}"),
        };
        let Version { major, minor } = self.edition.version;
        let since = self.first(structure, None);
        let since = since.map(|version| format!(" Since KMIP {version}.")).unwrap_or_default();
        let _ = writeln!(
            text,
            "/// {subject} (KMIP {major}.{minor} section {}).{since}\n{DERIVES}\n#[ttlv(tag = {:?})]",
            structure.section, structure.wire
        );
        let fields: Vec<&Field> =
            structure.fields.iter().filter(|field| field.wire != structure.wire).collect();
        if fields.is_empty() {
            let _ = writeln!(text, "pub struct {} {{}}\n", rust_name(structure));
            return;
        }
        let _ = writeln!(text, "pub struct {} {{", rust_name(structure));
        for field in &fields {
            self.field(structure, field, text);
        }
        text.push_str("}\n\n");
        for field in fields.iter().filter(|field| field.any_of.is_none() && field.wire.is_empty()) {
            self.choice(structure, &field.one_of, text);
        }
    }

    /// What a row that lists several tags stands for.
    fn choice(&self, structure: &Structure, tags: &[String], text: &mut String) {
        let name = names::rust_type(&tags.join("Or"));
        let _ = writeln!(
            text,
            "/// What a {} is for.\n{DERIVES}\n#[ttlv(choice = \"tag\")]\npub enum {name} {{",
            structure.name
        );
        for tag in tags {
            let variant = names::rust_type(tag);
            let _ = writeln!(text, "    /// {tag}.\n    {variant}({}),", self.ty(tag, &[]));
        }
        text.push_str("}\n\n");
    }

    fn field(&self, structure: &Structure, field: &Field, text: &mut String) {
        let (name, ty, attribute) = match field.any_of.as_deref() {
            Some("object") => ("object".to_owned(), "ManagedObject".to_owned(), Some("choice")),
            Some("attribute") => ("attribute".to_owned(), "Attribute".to_owned(), Some("choice")),
            Some(_) => ("items".to_owned(), "Item".to_owned(), Some("catch_all")),
            None if field.wire.is_empty() => (
                names::rust_module(&field.one_of.join("Or")),
                names::rust_type(&field.one_of.join("Or")),
                Some("choice"),
            ),
            None => {
                let name = self.constant(&field.wire).to_lowercase();
                let ty = self.types.get(&name).cloned();
                let ty = ty.unwrap_or_else(|| self.ty(&field.wire, &field.encoding.types));
                (name, ty, None)
            }
        };
        let ty = match (field.repeated, field.required.as_str()) {
            (true, _) => format!("Vec<{ty}>"),
            (false, "yes" | "unstated") => ty,
            (false, _) => format!("Option<{ty}>"),
        };
        let since = self.first(structure, Some(field)).map(|version| format!("since = \"{version}\""));
        let required = (field.repeated && field.required == "yes").then(|| "required".to_owned());
        let attributes: Vec<String> =
            attribute.map(str::to_owned).into_iter().chain(since).chain(required).collect();
        let _ = writeln!(text, "    /// {}.", field.name);
        if !attributes.is_empty() {
            let _ = writeln!(text, "    #[ttlv({})]", attributes.join(", "));
        }
        let _ = writeln!(text, "    pub {name}: {ty},");
    }

    /// The first version of a structure, or of a field of it, where a version before lacks it but has the
    /// structure.
    fn first(&self, structure: &Structure, field: Option<&Field>) -> Option<Version> {
        let same = |other: &&Structure| other.path() == structure.path();
        let earlier = self.tables.editions.iter().filter(|edition| edition.version <= self.edition.version);
        let mut lacked = false;
        for edition in earlier {
            let found = edition.spec.structures.iter().find(same);
            let has = match (found, field) {
                (Some(found), Some(field)) => found.fields.iter().any(|other| {
                    (other.wire == field.wire && !field.wire.is_empty())
                        || (field.any_of.is_some() && other.any_of == field.any_of)
                }),
                (Some(_), None) => true,
                // Before there is a structure, it lacks no field.
                (None, Some(_)) => continue,
                (None, None) => false,
            };
            if has {
                return lacked.then_some(edition.version);
            }
            lacked = true;
        }
        None
    }

    /// The name of a tag's constant, by any version's name of the tag.
    fn constant(&self, wire: &str) -> String {
        let tag = self
            .tables
            .tags
            .iter()
            .find(|tag| tag.wire == wire || tag.wire_aliases.iter().any(|alias| alias == wire));
        names::rust_constant(tag.map_or(wire, |tag| &tag.spelled))
    }

    /// The Rust type of a tag whose row says these types, or else of what the tables say of the tag.
    fn ty(&self, wire: &str, types: &[String]) -> String {
        let stated = if types.is_empty() { self.tables.types.types(wire) } else { types.to_vec() };
        let [item_type] = stated.as_slice() else {
            // Several types are a choice of its own, or any at all.
            return if stated.is_empty() { "Value".to_owned() } else { names::rust_type(wire) };
        };
        match (item_type.as_str(), self.tables.types.names(wire)) {
            ("Enumeration", TagNames::Enumeration(table)) | ("Integer", TagNames::Mask(table)) => {
                names::rust_enumeration(&table.wire)
            }
            ("Structure", _) => names::rust_type(wire),
            ("Integer", _) => "i32".to_owned(),
            ("LongInteger", _) => "i64".to_owned(),
            ("Boolean", _) => "bool".to_owned(),
            ("TextString", _) => "String".to_owned(),
            ("ByteString", _) => "Vec<u8>".to_owned(),
            ("Enumeration", _) => "Value".to_owned(),
            (other, _) => other.to_owned(),
        }
    }
}
