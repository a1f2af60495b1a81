//! The objects of a server, as the page shows them.

use kmip_types::attribute::Attribute;
use serde_json::{Value, json};

use super::reading;
use crate::server::Server;
use crate::server::store::{StoreError, StoredObject};

/// How many objects are listed.
const MOST: usize = 500;

/// Which part of an object a value is in.
const ATTRIBUTES: &str = "attributes";
const OBJECT: &str = "object";

/// The objects, the newest first.
///
/// # Errors
/// The store fails.
pub(super) fn list(server: &Server) -> Result<Value, StoreError> {
    let (objects, more) = server.look_at_objects(MOST)?;
    let objects: Vec<Value> = objects.iter().map(summary).collect();
    Ok(json!({ "objects": objects, "more": more }))
}

/// An object: its attributes, its links and itself, without secrets.
///
/// # Errors
/// The store fails.
pub(super) fn one(server: &Server, identifier: &str) -> Result<Option<Value>, StoreError> {
    let Some(object) = server.look_at_object(identifier)? else { return Ok(None) };
    let (attributes, value) = object.looked_at()?;
    let mut parts = vec![part(ATTRIBUTES, &attributes)];
    parts.extend(value.map(|value| part(OBJECT, &value)));
    let mut shown = summary(&object);
    shown["parts"] = parts.into();
    Ok(Some(shown))
}

/// One value of an object that is left out.
///
/// # Errors
/// The store fails.
pub(super) fn reveal(
    server: &Server,
    identifier: &str,
    part: &str,
    offset: usize,
) -> Result<Option<Value>, StoreError> {
    let Some(object) = server.look_at_object(identifier)? else { return Ok(None) };
    let (attributes, value) = object.looked_at()?;
    Ok(match (part, value) {
        (ATTRIBUTES, _) => reading::reveal(&attributes, offset),
        (OBJECT, Some(value)) => reading::reveal(&value, offset),
        _ => None,
    })
}

fn part(name: &str, bytes: &[u8]) -> Value {
    let mut lines = reading::lines(name, bytes);
    lines["part"] = name.into();
    lines
}

fn summary(object: &StoredObject) -> Value {
    let links = object.attributes.iter().filter_map(|attribute| match attribute {
        Attribute::Link(link) => Some(json!({
            "type": link.link_type.to_string(),
            "identifier": link.linked_object_identifier.to_string(),
        })),
        _ => None,
    });
    let links: Vec<Value> = links.collect();
    let names: Vec<&str> = object.attributes.names().map(|name| name.name_value.as_str()).collect();
    json!({
        "identifier": object.identifier,
        "type": object.object_type.to_string(),
        "state": object.state().to_string(),
        "names": names,
        "owner": object.owner,
        "isArchived": object.archived,
        "links": links,
    })
}
