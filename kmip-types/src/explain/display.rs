//! What was found, as text for people.

use core::fmt;

use super::fields::{Row, rows};
use super::layout::{labelled, table};
use super::{
    BitMeaning, Explanation, Meaning, ObjectMeaning, OperationMeaning, TagMeaning, Unlisted, ValueMeaning,
};
use crate::generated::enumerations::{ENUMERATIONS, RESULT_REASON};
use crate::item_type::{ItemType, ItemTypes};
use crate::schemas::Entry;
use crate::tables::{AttributeInfo, Direction, NameInfo, Names, Rule, Section, TagInfo};
use crate::tag::Tag;
use crate::version::ProtocolVersion;

/// More meanings than these are told in a line each.
const MOST: usize = 8;

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.meanings.len() > MOST {
            for meaning in &self.meanings {
                writeln!(f, "{}", meaning.title())?;
            }
            return Ok(());
        }
        for (index, meaning) in self.meanings.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{meaning}")?;
        }
        Ok(())
    }
}

/// Several lines, the [title](Meaning::title) first.
impl fmt::Display for Meaning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut page = format!("{}\n", self.title());
        match self {
            Self::Tag(meaning) => of_tag(&mut page, meaning),
            Self::Enumeration(meaning) => {
                let info = meaning.info;
                lines(&mut page, info.spelled, &[], info.since, info.until, None, info.section());
                of_table(&mut page, &meaning.tags, &meaning.attributes, &meaning.used_in);
                of_rows(&mut page, "values", info.values);
            }
            Self::Mask(meaning) => {
                let info = meaning.info;
                lines(&mut page, info.spelled, &[], info.since, info.until, None, info.section());
                of_table(&mut page, &meaning.tags, &meaning.attributes, &meaning.used_in);
                of_rows(&mut page, "bits", info.bits);
            }
            Self::Attribute(info) => of_attribute(&mut page, info),
            Self::Operation(meaning) => of_operation(&mut page, meaning),
            Self::Object(ObjectMeaning { object_type, tag }) => {
                let section = tag.and_then(TagInfo::section);
                of_name(&mut page, object_type, section);
                labelled(&mut page, "tag", &tag.map_or_else(String::new, |info| numbered(info.tag)));
            }
            Self::Value(ValueMeaning { enumeration, value }) => {
                of_name(&mut page, value, enumeration.section());
                let tags = named_by(
                    |names| matches!(names, Names::Enumeration(info) if info.name == enumeration.name),
                );
                labelled(&mut page, "value of", &tags);
            }
            Self::Bit(BitMeaning { mask, bit }) => {
                of_name(&mut page, bit, mask.section());
                let tags = named_by(|names| matches!(names, Names::Mask(info) if info.name == mask.name));
                labelled(&mut page, "bit of", &tags);
            }
            Self::Unlisted(unlisted) => labelled(&mut page, "reserved", of_unlisted(unlisted)),
        }
        f.write_str(&page)
    }
}

impl Meaning {
    /// What it is, in one line: `State.Active: value 0x00000002`.
    pub fn title(&self) -> String {
        match self {
            Self::Tag(TagMeaning { info, .. }) => format!("{}: tag 0x{:06X}", info.name, info.tag.value()),
            Self::Enumeration(meaning) => format!("{}: enumeration", meaning.info.name),
            Self::Mask(meaning) => format!("{}: bit mask", meaning.info.name),
            Self::Attribute(info) => format!("{}: attribute", info.name),
            Self::Operation(OperationMeaning { info, .. }) => {
                format!("{}: operation 0x{:08X}", info.name, info.operation.value())
            }
            Self::Object(ObjectMeaning { object_type, .. }) => {
                format!("{}: object, ObjectType 0x{:08X}", object_type.name, object_type.value)
            }
            Self::Value(ValueMeaning { enumeration, value }) => {
                let kind = if enumeration.name == RESULT_REASON.name { "result reason" } else { "value" };
                format!("{}.{}: {kind} 0x{:08X}", enumeration.name, value.name, value.value)
            }
            Self::Bit(BitMeaning { mask, bit }) => {
                format!("{}.{}: bit 0x{:08X}", mask.name, bit.name, bit.value)
            }
            Self::Unlisted(Unlisted::Tag(tag) | Unlisted::VendorTag(tag)) => {
                format!("0x{:06X}: tag", tag.value())
            }
            Self::Unlisted(Unlisted::VendorValue(value)) => format!("0x{value:08X}: value of an enumeration"),
            Self::Unlisted(Unlisted::Bits(mask, bits)) => {
                format!("0x{bits:08X}: bits of the mask {}", mask.name)
            }
        }
    }
}

fn of_unlisted(unlisted: &Unlisted) -> &'static str {
    match unlisted {
        Unlisted::VendorTag(_) => "for vendors: 0x540000 to 0x54FFFF. The standard gives it no name.",
        Unlisted::Tag(_) => "for the standard, but no version up to the newest known here has it.",
        Unlisted::VendorValue(_) => "for vendors: 0x80000000 and above. The standard gives it no name.",
        Unlisted::Bits(..) => "No version of the standard names these bits.",
    }
}

/// What all rows have.
fn lines(
    page: &mut String,
    spelled: &str,
    aliases: &[&str],
    since: ProtocolVersion,
    until: Option<ProtocolVersion>,
    deprecated: Option<ProtocolVersion>,
    section: Option<Section>,
) {
    labelled(page, "spelled", spelled);
    labelled(page, "also", &aliases.join(", "));
    labelled(page, "versions", &format!("KMIP {}", versions(since, until, deprecated)));
    labelled(page, "section", &section.map_or_else(String::new, |section| section.to_string()));
}

fn of_name(page: &mut String, row: &NameInfo, section: Option<Section>) {
    lines(page, row.spelled, row.aliases, row.since, row.until, row.deprecated, section);
}

/// `1.0 on`, `1.0-1.4, deprecated from 1.3`.
fn versions(
    since: ProtocolVersion,
    until: Option<ProtocolVersion>,
    deprecated: Option<ProtocolVersion>,
) -> String {
    let mut text = match until {
        None => format!("{since} on"),
        Some(until) if until == since => since.to_string(),
        Some(until) => format!("{since}-{until}"),
    };
    if let Some(deprecated) = deprecated {
        text.push_str(&format!(", deprecated from {deprecated}"));
    }
    text
}

fn of_tag(page: &mut String, meaning: &TagMeaning) {
    let TagMeaning { info, forms, used_in } = meaning;
    lines(page, info.spelled, info.aliases, info.since, info.until, info.deprecated, info.section());
    labelled(page, "item types", &types(info.types));
    let values = match info.names {
        Names::None => String::new(),
        Names::Enumeration(named) => format!("of the enumeration {}", named.name),
        Names::Mask(named) => format!("bits of the mask {}", named.name),
        Names::Tags => "numbers of tags".to_owned(),
    };
    labelled(page, "values", &values);
    of_uses(page, used_in);
    // What has the fields of the structure's common form is not told again.
    let is_told = |form: &&Entry| {
        let common = forms.iter().find(|other| other.variant.is_none());
        form.variant.is_none() || common.is_none_or(|common| !core::ptr::eq(common.schema, form.schema))
    };
    for form in forms.iter().filter(is_told) {
        let label = match form.variant {
            Some(variant) => format!("fields of {variant}"),
            None => "fields".to_owned(),
        };
        of_fields(page, &label, form, |version| info.is_in(version));
    }
}

fn types(types: ItemTypes) -> String {
    if types == ItemTypes::ANY {
        return "any".to_owned();
    }
    let types: Vec<&str> = ItemType::ALL
        .into_iter()
        .filter(|item_type| types.contains(*item_type))
        .map(ItemType::name)
        .collect();
    types.join(", ")
}

/// What has the values of an enumeration or the bits of a mask.
fn of_table(page: &mut String, tags: &[&TagInfo], attributes: &[&AttributeInfo], used_in: &[Entry]) {
    let names: Vec<&str> = tags.iter().map(|info| info.name).collect();
    labelled(page, "tags", &names.join(", "));
    let names: Vec<&str> = attributes.iter().map(|info| info.name).collect();
    labelled(page, "attributes", &names.join(", "));
    of_uses(page, used_in);
}

/// The structures and payloads that have a field.
fn of_uses(page: &mut String, used_in: &[Entry]) {
    let mut structures: Vec<(Tag, Vec<&str>)> = Vec::new();
    for entry in used_in.iter().filter(|entry| entry.operation.is_none()) {
        if structures.last().is_none_or(|(tag, _)| *tag != entry.tag) {
            structures.push((entry.tag, Vec::new()));
        }
        if let Some((_, variants)) = structures.last_mut() {
            variants.extend(entry.variant);
        }
    }
    let structure = |(tag, variants): &(Tag, Vec<&str>)| match variants.is_empty() {
        true => tag.to_string(),
        false => format!("{tag} ({})", variants.join(", ")),
    };
    let structures: Vec<String> = structures.iter().map(structure).collect();
    labelled(page, "field of", &structures.join(", "));
    for (label, tag) in [("requests", Tag::REQUEST_PAYLOAD), ("responses", Tag::RESPONSE_PAYLOAD)] {
        let entries = used_in.iter().filter(|entry| entry.tag == tag);
        let operations: Vec<String> =
            entries.filter_map(|entry| entry.operation).map(|operation| operation.to_string()).collect();
        labelled(page, label, &operations.join(", "));
    }
}

fn of_fields(page: &mut String, label: &str, entry: &Entry, owner: impl Fn(ProtocolVersion) -> bool) {
    page.push_str(&format!("  {label}\n"));
    let row = |row: Row| [row.number, row.name, row.versions, row.presence];
    let mut fields: Vec<[String; 4]> = rows(entry, owner).into_iter().map(row).collect();
    if entry.schema.catch_all {
        fields.push(["", "any other item", "", "repeated"].map(str::to_owned));
    }
    match fields.is_empty() {
        true => page.push_str("    none\n"),
        false => table(page, 4, &fields),
    }
}

/// The values of an enumeration or the bits of a mask.
fn of_rows(page: &mut String, label: &str, rows: &[NameInfo]) {
    page.push_str(&format!("  {label}\n"));
    let row = |row: &NameInfo| {
        let versions = versions(row.since, row.until, row.deprecated);
        [format!("0x{:08X}", row.value), row.name.to_owned(), versions]
    };
    table(page, 4, &rows.iter().map(row).collect::<Vec<_>>());
}

fn of_operation(page: &mut String, meaning: &OperationMeaning) {
    let OperationMeaning { info, request, response } = meaning;
    let value = ENUMERATIONS.iter().find(|table| table.name == "Operation");
    let aliases =
        value.and_then(|table| table.by_value(info.operation.value())).map_or(&[][..], |row| row.aliases);
    lines(page, info.spelled, aliases, info.since, info.until, info.deprecated, info.section());
    let asked_by = match info.direction {
        Direction::ClientToServer => "the client",
        Direction::ServerToClient => "the server",
        Direction::Both => "the client or the server",
    };
    labelled(page, "asked by", asked_by);
    let is_in = |version| info.since <= version && info.until.is_none_or(|until| version <= until);
    for (label, entry) in [("request", request), ("response", response)] {
        match entry {
            Some(entry) => of_fields(page, label, entry, is_in),
            None => labelled(page, label, "that of the operation that it asks after"),
        }
    }
}

fn of_attribute(page: &mut String, info: &AttributeInfo) {
    lines(page, info.spelled, info.aliases, info.since, info.until, info.deprecated, info.section());
    labelled(page, "tag", &info.tag.map_or_else(String::new, numbered));
    labelled(page, "item types", &types(info.types));
    let names = info.tag.and_then(Tag::info).map_or(Names::None, |info| info.names);
    match names {
        Names::Enumeration(named) => labelled(page, "values", &format!("of the enumeration {}", named.name)),
        Names::Mask(named) => labelled(page, "values", &format!("bits of the mask {}", named.name)),
        Names::None | Names::Tags => {}
    }
    let rules = &info.rules;
    labelled(page, "several", if info.multiple { "yes" } else { "no" });
    labelled(page, "always there", rule(rules.always));
    let set_by = [("server", rules.initially_set_by.server), ("client", rules.initially_set_by.client)];
    let set_by: Vec<&str> = set_by.into_iter().filter(|(_, may)| *may).map(|(who, _)| who).collect();
    labelled(page, "first set by", &set_by.join(", "));
    labelled(page, "server changes", rule(rules.modifiable_by_server));
    labelled(page, "client changes", rule(rules.modifiable_by_client));
    labelled(page, "client deletes", rule(rules.deletable_by_client));
    labelled(page, "set unasked by", &rules.implicitly_set_by.join(", "));
    labelled(page, "applies to", &rules.applies_to.join(", "));
}

fn rule(rule: Rule) -> &'static str {
    match rule {
        Rule::Yes => "yes",
        Rule::No => "no",
        Rule::Conditional(_) => "under a condition",
    }
}

/// `SymmetricKey (0x42008F)`.
fn numbered(tag: Tag) -> String {
    format!("{tag} (0x{:06X})", tag.value())
}

/// The tags whose values are named so.
fn named_by(is_so: impl Fn(&Names) -> bool) -> String {
    let tags = crate::generated::tags::TAGS.iter().filter(|info| is_so(&info.names));
    tags.map(|info| info.name).collect::<Vec<_>>().join(", ")
}
