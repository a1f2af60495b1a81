//! Prints the typed structures as JSON: what `cargo xtask audit` and `cargo xtask scaffold` hold against the tables.

#![forbid(unsafe_code)]

use std::io::{self, Write};

use kmip_types::attribute::Attribute;
use kmip_types::schemas::{self, Entry};
use kmip_types::ttlv::{Field, Presence, Tagged, Versions};
use kmip_types::{ItemTypes, ProtocolVersion, Tag};
use serde_json::{Value, json};

fn main() -> io::Result<()> {
    let structures: Vec<Value> = schemas::all().map(entry).collect();
    let registry = json!({ "attributes": numbers(Attribute::TAGS), "structures": structures });
    serde_json::to_writer(io::stdout().lock(), &registry)?;
    io::stdout().write_all(b"\n")
}

fn entry(entry: Entry) -> Value {
    json!({
        "tag": entry.tag.value(),
        "operation": entry.operation.map(u32::from),
        "variant": entry.variant,
        "since": version(entry.since),
        "until": version(entry.until),
        "name": entry.schema.name,
        "catch-all": entry.schema.catch_all,
        "fields": entry.schema.fields.iter().map(field).collect::<Vec<_>>(),
    })
}

fn field(field: &Field) -> Value {
    json!({
        "tag": field.tag.value(),
        "other-tags": numbers(field.other_tags),
        "formerly": field.formerly.map(|(tag, renamed)| json!({ "tag": tag.value(), "renamed": version(Some(renamed)) })),
        "since": version(field.since),
        "until": version(field.until),
        "presence": match field.presence {
            Presence::Required => "required",
            Presence::Optional => "optional",
            Presence::Repeated => "repeated",
        },
        "required": field.required.map(versions),
        "once": field.once.map(versions),
        "any": field.types == ItemTypes::ANY,
        "types": field.types.iter().map(|item_type| item_type.name()).collect::<Vec<_>>(),
    })
}

fn numbers(tags: &[Tag]) -> Vec<u32> {
    tags.iter().map(|tag| tag.value()).collect()
}

fn versions(versions: Versions) -> Value {
    json!({ "since": version(versions.since), "until": version(versions.until) })
}

fn version(version: Option<ProtocolVersion>) -> Option<String> {
    version.map(|version| version.to_string())
}
