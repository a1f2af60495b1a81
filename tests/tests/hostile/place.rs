//! Where an item is in a message, and the message with other bytes there.

use kmip_tests::wire::structure;
use kmip_types::Item;

/// The offset and the path of the item that these steps lead to: which field of the message it is, then which field of
/// that, and so on.
pub(crate) fn locate(message: &Item, steps: &[usize]) -> (usize, String) {
    let (mut item, mut offset, mut path) = (message, 0, message.tag.to_string());
    for step in steps {
        offset += 8 + size(&item.fields()[..*step]);
        let alike =
            |fields: &[Item], item: &Item| fields.iter().filter(|other| other.tag == item.tag).count();
        let fields = item.fields();
        item = &fields[*step];
        path.push_str(&format!("/{}", item.tag));
        if alike(fields, item) > 1 {
            path.push_str(&format!("[{}]", alike(&fields[..*step], item)));
        }
    }
    (offset, path)
}

/// The item that the steps lead to.
pub(crate) fn at<'m>(message: &'m Item, steps: &[usize]) -> &'m Item {
    steps.iter().fold(message, |item, step| &item.fields()[*step])
}

/// The message with these bytes for the item that the steps lead to. The structures around it are as long as they are
/// then.
pub(crate) fn replace(message: &Item, steps: &[usize], bytes: &[u8]) -> Vec<u8> {
    let Some((step, inner)) = steps.split_first() else { return bytes.to_vec() };
    let fields = message.fields();
    let content: Vec<Vec<u8>> = fields
        .iter()
        .enumerate()
        .map(
            |(index, field)| {
                if index == *step { replace(field, inner, bytes) } else { field.to_ttlv().unwrap() }
            },
        )
        .collect();
    structure(message.tag, &content.concat())
}

/// The bytes that items take.
pub(crate) fn size(items: &[Item]) -> usize {
    items.iter().map(|item| item.to_ttlv().unwrap().len()).sum()
}
