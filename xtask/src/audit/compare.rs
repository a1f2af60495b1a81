//! Compares a typed structure with the table of a version.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use super::registry::{Entry, Field, Registry};
use super::{Difference, Findings};
use crate::model::{self, Encoding, Spec, Structure};
use crate::versions::{Edition, Version};

/// The facts of a version, by name and by number.
pub(crate) struct Facts<'a> {
    version: Version,
    spec: &'a Spec,
    tags: BTreeMap<&'a str, u32>,
    names: BTreeMap<u32, &'a str>,
    operations: BTreeMap<&'a str, u32>,
    /// What the tables of single items and attributes say of the types of a tag.
    types: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

/// A row of a table, with its names resolved.
struct Row<'a> {
    /// In wire form; `any object` or `ObjectType|ObjectTypes` where it stands for several.
    name: String,
    tags: Vec<u32>,
    /// The row stands for fields that the standard leaves to vendors.
    vendor: bool,
    /// Nothing where the table does not say, or where the tag decides.
    types: Option<Types<'a>>,
    row: &'a model::Field,
}

/// The item types that a table allows.
enum Types<'a> {
    Any,
    These(BTreeSet<&'a str>),
}

impl<'a> Facts<'a> {
    /// Indexes the facts.
    ///
    /// # Errors
    /// When a number cannot be read.
    pub(crate) fn new(edition: &'a Edition) -> Result<Self> {
        let spec = &edition.spec;
        let mut facts = Self {
            version: edition.version,
            spec,
            tags: BTreeMap::new(),
            names: BTreeMap::new(),
            operations: BTreeMap::new(),
            types: BTreeMap::new(),
        };
        for tag in &spec.tags {
            facts.tags.insert(&tag.wire, tag.number()?);
            facts.names.insert(tag.number()?, &tag.wire);
        }
        for operation in &spec.operations {
            facts.operations.insert(&operation.wire, model::number(&operation.value)?);
        }
        facts.collect_types();
        Ok(facts)
    }

    fn collect_types(&mut self) {
        let spec = self.spec;
        let items = spec.items.iter().map(|item| (item.wire.as_str(), &item.encoding));
        let attributes =
            spec.attributes.iter().map(|attribute| (attribute.wire.as_str(), &attribute.encoding));
        for (wire, encoding) in items.chain(attributes) {
            self.types.entry(wire).or_default().extend(encoding.types.iter().map(String::as_str));
        }
        for structure in &spec.structures {
            self.types.entry(&structure.wire).or_default().insert("Structure");
        }
        for (tables, item_type) in [(&spec.enumerations, "Enumeration"), (&spec.masks, "Integer")] {
            for table in tables {
                let types = self.types.entry(&table.wire).or_default();
                if types.is_empty() {
                    types.insert(item_type);
                }
            }
        }
        self.types.retain(|_, types| !types.is_empty());
    }

    /// The number of a tag.
    pub(crate) fn tag(&self, wire: &str) -> Option<u32> {
        self.tags.get(wire).copied()
    }

    /// Whether some table is that of the typed structure.
    pub(crate) fn describes(&self, entry: &Entry) -> bool {
        self.spec.structures.iter().any(|structure| self.is_of(structure, entry))
    }

    /// Whether a table is that of a typed structure.
    pub(crate) fn is_of(&self, structure: &Structure, entry: &Entry) -> bool {
        let operation = structure.operation.as_ref();
        entry.is_in(self.version)
            && self.tags.get(structure.wire.as_str()) == Some(&entry.tag)
            && operation.and_then(|operation| self.operations.get(operation.as_str())).copied()
                == entry.operation
            && structure.variant == entry.variant
    }

    /// The name of a tag in this version.
    fn name(&self, tag: u32) -> String {
        self.names.get(&tag).map_or_else(|| format!("0x{tag:06X}"), |name| (*name).to_owned())
    }

    fn names(&self, tags: impl IntoIterator<Item = u32>) -> String {
        tags.into_iter().map(|tag| self.name(tag)).collect::<Vec<_>>().join(", ")
    }

    /// The rows of a table without that of the structure itself.
    fn rows(&self, structure: &'a Structure) -> Vec<Row<'a>> {
        let rows = structure.fields.iter().filter(|row| row.wire != structure.wire);
        rows.map(|row| self.row(row)).collect()
    }

    fn row(&self, row: &'a model::Field) -> Row<'a> {
        let name = match &row.any_of {
            Some(kind) => format!("any {kind}"),
            None if row.wire.is_empty() => row.one_of.join("|"),
            None => row.wire.clone(),
        };
        let wires: Vec<&str> = match row.any_of.as_deref() {
            _ if !row.one_of.is_empty() => row.one_of.iter().map(String::as_str).collect(),
            Some("object") => {
                let objects = self.spec.structures.iter().filter(|structure| structure.kind == "object");
                objects.map(|object| object.wire.as_str()).collect()
            }
            Some("attribute") => {
                self.spec.attributes.iter().map(|attribute| attribute.wire.as_str()).collect()
            }
            Some(_) => Vec::new(),
            None => vec![&row.wire],
        };
        let types = if row.wire.is_empty() { None } else { self.types(&row.wire, &row.encoding) };
        let tags = wires.iter().filter_map(|wire| self.tags.get(wire).copied()).collect();
        Row { name, tags, vendor: row.any_of.as_deref() == Some("vendor"), types, row }
    }

    /// What a row says of the types, or else what the version says of the tag.
    fn types(&self, wire: &str, encoding: &'a Encoding) -> Option<Types<'a>> {
        if encoding.any {
            return Some(Types::Any);
        }
        if !encoding.types.is_empty() {
            return Some(Types::These(encoding.types.iter().map(String::as_str).collect()));
        }
        self.types.get(wire).cloned().map(Types::These)
    }
}

/// Compares all that a version has.
pub(super) fn version(facts: &Facts<'_>, registry: &Registry, findings: &mut Findings) {
    for structure in &facts.spec.structures {
        let found = registry.structures.iter().find(|entry| facts.is_of(structure, entry));
        let Some(entry) = found else {
            findings.differences.push(difference(facts, structure, None, "not typed".to_owned()));
            continue;
        };
        findings.structures += 1;
        findings.fields += facts.rows(structure).len();
        fields(facts, structure, entry, &mut findings.differences);
    }
    for attribute in &facts.spec.attributes {
        if !facts.tag(&attribute.wire).is_some_and(|tag| registry.attributes.contains(&tag)) {
            findings.differences.push(Difference {
                version: facts.version,
                structure: format!("attribute {}", attribute.wire),
                field: None,
                what: "not typed".to_owned(),
                section: attribute.section.clone(),
                is_of_all_versions: false,
            });
        }
    }
}

fn difference(facts: &Facts<'_>, structure: &Structure, field: Option<&str>, what: String) -> Difference {
    Difference {
        version: facts.version,
        structure: structure.path(),
        field: field.map(str::to_owned),
        what,
        section: structure.section.clone(),
        is_of_all_versions: false,
    }
}

/// Compares the fields of one structure.
fn fields(facts: &Facts<'_>, structure: &Structure, entry: &Entry, differences: &mut Vec<Difference>) {
    let coded = coded(facts, entry);
    let mut order: Vec<usize> = Vec::new();
    for row in facts.rows(structure) {
        let mut report = |what: String| {
            differences.push(difference(facts, structure, Some(&row.name), what));
        };
        if row.vendor {
            if !entry.catch_all {
                report("table allows fields of vendors, code refuses them".to_owned());
            }
            continue;
        }
        let Some(index) = coded.iter().position(|(tags, _)| shares(tags, &row.tags)) else {
            report(match row.tags.as_slice() {
                [] => "no tag has this name".to_owned(),
                _ => "table has it, code does not".to_owned(),
            });
            continue;
        };
        order.push(index);
        let (tags, field) = &coded[index];
        let missing: Vec<u32> = row.tags.iter().copied().filter(|tag| !tags.contains(tag)).collect();
        if !missing.is_empty() {
            report(format!("code lacks {}", facts.names(missing)));
        }
        let presence = presence(row.row, field, facts.version);
        presence.into_iter().chain(types(row.types.as_ref(), field)).for_each(report);
    }
    for (index, (tags, _)) in coded.iter().enumerate() {
        if !order.contains(&index) {
            let name = facts.name(tags[0]);
            let what = "code has it, table does not".to_owned();
            differences.push(difference(facts, structure, Some(&name), what));
        }
    }
    if !order.is_sorted() {
        let names = |order: &[usize]| facts.names(order.iter().map(|index| coded[*index].0[0]));
        let table = names(&order);
        order.sort_unstable();
        let what = format!("table has the order {table}, code has {}", names(&order));
        differences.push(difference(facts, structure, None, what));
    }
}

/// The fields that the code has in a version, with their tags.
fn coded<'a>(facts: &Facts<'_>, entry: &'a Entry) -> Vec<(Vec<u32>, &'a Field)> {
    let fields = entry.fields.iter().filter(|field| field.is_in(facts.version));
    fields.map(|field| (field.tags(facts.version), field)).collect()
}

fn shares(tags: &[u32], others: &[u32]) -> bool {
    tags.iter().any(|tag| others.contains(tag))
}

/// A requirement under a condition is one that the type cannot have, and where the table says nothing, the code may say
/// either.
fn presence(row: &model::Field, code: &Field, version: Version) -> Option<String> {
    let (required, repeated) = (code.is_required_in(version), code.is_repeated_in(version));
    let (fits, table) = match row.required.as_str() {
        "yes" => (required, "required"),
        "no" => (!required, "optional"),
        "conditional" => (!required, "required under a condition"),
        _ => (true, ""),
    };
    if fits && repeated == row.repeated {
        return None;
    }
    let code = if required { "required" } else { "optional" };
    Some(format!("table says {}, code says {}", often(table, row.repeated), often(code, repeated)))
}

/// How often a field occurs, in the words of a report.
fn often(required: &str, repeated: bool) -> String {
    let number = if repeated { "repeated" } else { "once" };
    match required {
        "" => number.to_owned(),
        _ if repeated => format!("{required} and {number}"),
        _ => required.to_owned(),
    }
}

/// The code must have every type that the table allows.
fn types(table: Option<&Types<'_>>, code: &Field) -> Option<String> {
    let shown = |types: &mut dyn Iterator<Item = &str>| types.collect::<Vec<_>>().join(" or ");
    let table = match table? {
        Types::Any if code.any => return None,
        Types::Any => "any type".to_owned(),
        Types::These(types) if types.iter().all(|name| code.types.iter().any(|other| other == name)) => {
            return None;
        }
        Types::These(types) => shown(&mut types.iter().copied()),
    };
    Some(format!("table says {table}, code says {}", shown(&mut code.types.iter().map(String::as_str))))
}

/// The code may have no type that no version's table allows. One type stands for the field in all versions,
/// so this is no question of a single one.
pub(super) fn types_over_versions(all: &[Facts<'_>], registry: &Registry, findings: &mut Findings) {
    for entry in &registry.structures {
        for field in &entry.fields {
            let mut allowed: BTreeSet<&str> = BTreeSet::new();
            let mut newest = None;
            for facts in all.iter().filter(|facts| field.is_in(facts.version)) {
                let tags = field.tags(facts.version);
                for structure in facts.spec.structures.iter().filter(|other| facts.is_of(other, entry)) {
                    let rows = facts.rows(structure);
                    let Some(row) = rows.iter().find(|row| shares(&row.tags, &tags)) else { continue };
                    newest = Some((facts, structure, row.name.clone()));
                    match &row.types {
                        Some(Types::These(types)) => allowed.extend(types),
                        // Where a table leaves it open, so does the code.
                        Some(Types::Any) | None => allowed.extend(field.types.iter().map(String::as_str)),
                    }
                }
            }
            let beyond: Vec<&str> =
                field.types.iter().map(String::as_str).filter(|name| !allowed.contains(name)).collect();
            if let Some((facts, structure, name)) = newest.filter(|_| !beyond.is_empty()) {
                let what = format!("no version's table allows {}, code does", beyond.join(" or "));
                let difference = difference(facts, structure, Some(&name), what);
                findings.differences.push(Difference { is_of_all_versions: true, ..difference });
            }
        }
    }
}
