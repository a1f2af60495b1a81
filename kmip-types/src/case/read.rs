//! Reading a test case: placeholders give way to values before the names and types are looked up.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{CaseError, CaseMessage};
use crate::item::Item;
use crate::text::{Content, Node, TextCodec, TextError};
use crate::view::placeholder;

/// The messages of a text.
pub(super) fn read(codec: &TextCodec, text: &str) -> Result<Vec<CaseMessage>, CaseError> {
    let mut all = Vec::new();
    let items = codec.items_from_xml(text, &mut |node| {
        let (mut placeholders, mut place) = (BTreeMap::new(), 0);
        take_out(node, &mut place, &mut placeholders);
        all.push(placeholders);
    })?;
    let mut end = 0;
    let message = |((range, item), placeholders): ((Range<usize>, Result<Item, TextError>), _)| {
        let before = text.get(end..range.start).unwrap_or_default();
        end = range.end;
        Ok(CaseMessage { item: item?, placeholders, remarks: remarks(before) })
    };
    items.into_iter().zip(all).map(message).collect()
}

/// The remarks in a text between messages.
fn remarks(text: &str) -> Vec<String> {
    let lines = text.lines().filter_map(|line| line.trim().strip_prefix('#'));
    let lines = lines.map(|line| line.trim_start_matches('#').trim().to_owned());
    lines.filter(|line| !line.is_empty()).collect()
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
