//! Reading a test case: placeholders give way to values before the names and types are looked up.

use std::collections::BTreeMap;

use super::{CaseError, CaseMessage};
use crate::text::{Content, Node, TextCodec};
use crate::view::placeholder;

/// The messages of a text.
pub(super) fn read(codec: &TextCodec, text: &str) -> Result<Vec<CaseMessage>, CaseError> {
    let mut all = Vec::new();
    let items = codec.items_from_xml(text, &mut |node| {
        let (mut placeholders, mut place) = (BTreeMap::new(), 0);
        take_out(node, &mut place, &mut placeholders);
        all.push(placeholders);
    })?;
    let message = |(item, placeholders)| Ok(CaseMessage { item: item?, placeholders });
    items.into_iter().zip(all).map(message).collect()
}

/// Takes the placeholders out of an item, and puts in values that can be read.
fn take_out(node: &mut Node<'_>, place: &mut usize, placeholders: &mut BTreeMap<usize, String>) {
    let own = *place;
    *place += 1;
    match &mut node.value.inner {
        Content::Items(items) => items.iter_mut().for_each(|item| take_out(item, place, placeholders)),
        Content::Text(text) => {
            let Some(name) = placeholder(text) else { return };
            placeholders.insert(own, name.to_owned());
            node.value.inner = match node.item_type.as_ref().map(|item_type| &*item_type.inner) {
                None | Some("Structure") => Content::Items(Vec::new()),
                Some("TextString") => return,
                Some("BigInteger") => Content::Text("0000000000000000".into()),
                Some("ByteString") => Content::Text("".into()),
                Some("Boolean") => Content::Text("true".into()),
                Some("DateTime" | "DateTimeExtended") => Content::Text("0x0000000000000000".into()),
                Some("Enumeration") => Content::Text("0x00000000".into()),
                Some(_) => Content::Text("0".into()),
            };
        }
        _ => {}
    }
}
