//! What holds a secret never shows it: `Debug`, the form for people, and what is said of faults.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use kmip_types::item::is_secret;
use kmip_types::text::TextCodec;
use kmip_types::ttlv::Schema;
use kmip_types::view::{Redactions, View};
use kmip_types::{DecodeError, Item, ItemType, ItemTypes, Tag, Value};

thread_local! {
    /// How many secrets were looked for, and in how many faulty messages and texts.
    pub(crate) static LOOKED: Cell<(usize, usize)> = const { Cell::new((0, 0)) };
    /// The tags of the secrets that were looked for.
    static TAGS: RefCell<BTreeSet<Tag>> = const { RefCell::new(BTreeSet::new()) };
}

/// A value in a message, with what it looks like where it is shown.
struct Leaf {
    tag: Tag,
    /// Whether it is left out of the form for people.
    secret: bool,
    /// Whether it is one of the numbers of a key that anyone may know, which a type can tell.
    public: bool,
    shown: Vec<String>,
}

/// What `Debug` of a type does not show, although it is no secret: a value of which nothing says what it is, and a name
/// that the type stands for.
const UNSHOWN: [Tag; 3] = [Tag::ADJUSTMENT_VALUE, Tag::ATTRIBUTE_VALUE, Tag::ATTRIBUTE_NAME];

/// Looks for the secrets that the bytes hold in what is shown of the value, of the bytes, and of faults in them.
pub(crate) fn check_secrets(
    debug: &[String],
    ttlv: &[u8],
    read: impl Fn(&[u8]) -> Result<(), DecodeError>,
) -> Result<(), String> {
    let item = Item::from_ttlv(ttlv).map_err(|error| error.to_string())?;
    let leaves = leaves(&item);
    let codec = TextCodec::new();
    let text = codec.to_text(ttlv).map_err(|error| error.to_string())?;
    let shown = [item.to_string(), format!("{item:?} {:?} {item:#?}", item.value), text];
    for leaf in leaves.iter().filter(|leaf| !leaf.public) {
        let in_type = debug.iter().any(|shown| leaf.is_in(shown));
        let in_item = shown.iter().any(|shown| leaf.is_in(shown));
        match leaf.secret {
            true if in_type => {
                return Err(format!("Debug shows {} {:?}", leaf.tag, leaf.shown));
            }
            true if in_item => return Err(format!("an item shows {} {:?}", leaf.tag, leaf.shown)),
            false if !in_type && in_item && !UNSHOWN.contains(&leaf.tag) => {
                return Err(format!("{} is a secret for its type, but not for the text forms", leaf.tag));
            }
            _ => {}
        }
    }
    let secrets: Vec<&Leaf> = leaves.iter().filter(|leaf| leaf.secret && !leaf.public).collect();
    if secrets.is_empty() {
        return Ok(());
    }
    for (what, shown) in written_unasked(&item) {
        if let Some(leaf) = secrets.iter().find(|leaf| leaf.is_in(&shown)) {
            return Err(format!("{what} shows {} {:?}", leaf.tag, leaf.shown));
        }
    }
    let (looked, faults) = LOOKED.get();
    let said = faults_of(&item, ttlv, read);
    LOOKED.set((looked + secrets.len(), faults + said.len()));
    TAGS.with_borrow_mut(|tags| tags.extend(secrets.iter().map(|leaf| leaf.tag)));
    for leaf in secrets {
        if let Some(said) = said.iter().find(|said| leaf.is_in(said)) {
            return Err(format!("an error shows {} {:?}: {said}", leaf.tag, leaf.shown));
        }
    }
    Ok(())
}

/// The item as serde, a view and a test case write it, unless they are asked for the secrets.
fn written_unasked(item: &Item) -> Vec<(&'static str, String)> {
    let view = |view: View| view.render().unwrap_or_default();
    vec![
        ("serde", serde_json::to_string(item).unwrap_or_default()),
        ("a view", view(View::of(item).redact(Redactions::none()))),
        ("a view in JSON", view(View::of(item).json().redact(Redactions::none()))),
        ("a test case", kmip_types::case::to_xml(&View::of(item)).unwrap_or_default()),
    ]
}

/// Every secret that one of these structures has was looked for by now, in this thread. Says how many there are.
#[track_caller]
pub(crate) fn assert_all_looked_for(schemas: impl Iterator<Item = &'static Schema>) -> usize {
    let has_content = |types: ItemTypes| {
        [ItemType::TextString, ItemType::ByteString, ItemType::BigInteger]
            .into_iter()
            .any(|item_type| types.contains(item_type))
    };
    let due: BTreeSet<Tag> = schemas
        .flat_map(|schema| schema.fields)
        .filter(|field| has_content(field.types) && is_secret(field.tag) && !PUBLIC.contains(&field.tag))
        .map(|field| field.tag)
        .collect();
    let tags = TAGS.with_borrow(BTreeSet::clone);
    let missing: Vec<&Tag> = due.difference(&tags).collect();
    assert!(missing.is_empty(), "never looked for: {missing:?}");
    due.len()
}

impl Leaf {
    fn is_in(&self, shown: &str) -> bool {
        self.shown.iter().any(|form| shown.contains(form))
    }
}

/// The values that can be told from all others: long enough, and there only once.
fn leaves(item: &Item) -> Vec<Leaf> {
    let mut found = Vec::new();
    collect(item, false, false, &mut found);
    let mut times: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    for leaf in &found {
        *times.entry(leaf.shown.clone()).or_default() += 1;
    }
    found.retain(|leaf| times.get(&leaf.shown) == Some(&1));
    found
}

/// The numbers of a key that are in its public half too.
const PUBLIC: [Tag; 6] = [Tag::G, Tag::J, Tag::MODULUS, Tag::PUBLIC_EXPONENT, Tag::Q_STRING, Tag::Y];

/// `inside` key material everything is left out; with a generator `g` beside them, `p` and `q` are no factors.
fn collect(item: &Item, inside: bool, with_g: bool, found: &mut Vec<Leaf>) {
    let inside = inside || item.tag == Tag::KEY_MATERIAL;
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let (content, shown) = match &item.value {
        Value::Structure(fields) => {
            let with_g = fields.iter().any(|field| field.tag == Tag::G);
            return fields.iter().for_each(|field| collect(field, inside, with_g, found));
        }
        Value::TextString(text) => {
            let quoted = format!("{text:?}");
            (text.as_bytes(), vec![text.clone(), quoted[1..quoted.len() - 1].to_owned()])
        }
        Value::ByteString(bytes) => {
            let list = format!("{bytes:?}");
            (bytes.as_slice(), vec![hex(bytes), hex(bytes).to_uppercase(), list])
        }
        Value::BigInteger(number) => {
            let digits = hex(number.padded_bytes());
            (number.padded_bytes(), vec![digits.to_uppercase(), digits])
        }
        _ => return,
    };
    let mut kinds = content.to_vec();
    kinds.sort_unstable();
    kinds.dedup();
    if content.len() >= 6 && kinds.len() >= 5 {
        let secret = inside || is_secret(item.tag);
        let public = PUBLIC.contains(&item.tag) || with_g && [Tag::P, Tag::Q].contains(&item.tag);
        found.push(Leaf { tag: item.tag, secret, public, shown });
    }
}

/// In how many places a message or a text is damaged, or somewhat more.
const PLACES: usize = 16;

/// What errors say where the message is damaged: each of its items in turn as another type or cut short, and its texts
/// where a quote is lost.
fn faults_of(item: &Item, ttlv: &[u8], read: impl Fn(&[u8]) -> Result<(), DecodeError>) -> Vec<String> {
    let mut said = Vec::new();
    let mut say = |error: &dyn std::fmt::Debug, shown: String| said.push(format!("{shown} {error:?}"));
    for at in (0..ttlv.len()).step_by(8 * (1 + ttlv.len() / 8 / PLACES)) {
        let mut damaged = ttlv.to_vec();
        damaged[at + 3] = if damaged[at + 3] == 7 { 8 } else { 7 };
        for bytes in [&damaged[..], &ttlv[..at]] {
            if let Err(error) = read(bytes) {
                say(&error, error.to_string());
            }
        }
    }
    let codec = TextCodec::new();
    let texts = [item.to_json().ok(), item.to_xml().ok()];
    for (text, is_json) in texts.into_iter().zip([true, false]) {
        let Some(text) = text else { continue };
        let quotes: Vec<usize> = text.match_indices('"').map(|(at, _)| at).collect();
        // By an odd step, which meets those of tags, types and values alike.
        for at in quotes.iter().step_by(quotes.len() / PLACES / 2 * 2 + 1).copied() {
            let damaged = [&text[..at], &text[at + 1..]].concat();
            let result = if is_json { codec.from_json(&damaged) } else { codec.from_xml(&damaged) };
            if let Err(error) = result {
                say(&error, error.to_string());
            }
            if is_json && let Err(error) = serde_json::from_str::<Item>(&damaged) {
                say(&error, error.to_string());
            }
        }
    }
    said
}

#[test]
fn what_is_looked_for_is_found() {
    let item = Item::structure(
        Tag::CREDENTIAL_VALUE,
        vec![Item::text_string(Tag::USERNAME, "harbour"), Item::text_string(Tag::PASSWORD, "hunter2")],
    );
    let ttlv = item.to_ttlv().unwrap();
    let check = |debug: &str| check_secrets(&[debug.to_owned()], &ttlv, |_| Ok(()));
    assert_eq!(check("harbour"), Ok(()));
    assert!(check("harbour hunter2").unwrap_err().starts_with("Debug shows Password"));
    assert!(check("").unwrap_err().starts_with("Username is a secret for its type"));
}
