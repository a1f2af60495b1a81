//! Every typed structure can be made without writing out its fields: by `new` where something is required, by `Default`
//! where nothing is.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use syn::{Attribute, Fields, File, ImplItem, Item, ItemStruct, Type};

/// A typed structure, and how it can be made.
#[derive(Default)]
struct Structure {
    is_typed: bool,
    requires: bool,
    has_new: bool,
    has_default: bool,
}

fn last(path: &syn::Path) -> String {
    path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default()
}

fn derives(attributes: &[Attribute]) -> BTreeSet<String> {
    let mut derived = BTreeSet::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("derive")) {
        attribute
            .parse_nested_meta(|meta| {
                derived.insert(last(&meta.path));
                Ok(())
            })
            .unwrap();
    }
    derived
}

/// Whether one of the `#[ttlv(…)]` has this word with nothing behind it.
fn has_flag(attributes: &[Attribute], word: &str) -> bool {
    let texts = attributes.iter().filter(|attribute| attribute.path().is_ident("ttlv"));
    texts.filter_map(|attribute| attribute.meta.require_list().ok()).any(|list| {
        let text = list.tokens.to_string();
        text.split(',').any(|part| part.trim() == word)
    })
}

fn outermost(ty: &Type) -> String {
    match ty {
        Type::Path(path) => last(&path.path),
        _ => String::new(),
    }
}

fn read_struct(item: &ItemStruct, structure: &mut Structure) {
    let Fields::Named(fields) = &item.fields else { return };
    let derived = derives(&item.attrs);
    structure.is_typed = derived.contains("Ttlv");
    structure.has_default |= derived.contains("Default");
    for field in &fields.named {
        let is_list = outermost(&field.ty) == "Vec";
        let is_bytes =
            matches!(&field.ty, Type::Path(path) if quote::quote!(#path).to_string() == "Vec < u8 >");
        let is_given =
            outermost(&field.ty) != "Option" && (!is_list || is_bytes) && !has_flag(&field.attrs, "default");
        structure.requires |= is_given || has_flag(&field.attrs, "required");
    }
    structure.has_new |= structure.requires && !has_flag(&item.attrs, "no_new");
}

fn read(file: &File, structures: &mut BTreeMap<String, Structure>) {
    for item in &file.items {
        match item {
            Item::Struct(item) => read_struct(item, structures.entry(item.ident.to_string()).or_default()),
            Item::Impl(item) => {
                let structure = structures.entry(outermost(&item.self_ty)).or_default();
                let is_new =
                    |item: &ImplItem| matches!(item, ImplItem::Fn(function) if function.sig.ident == "new");
                match &item.trait_ {
                    None => structure.has_new |= item.items.iter().any(is_new),
                    Some((_, path, _)) => structure.has_default |= last(path) == "Default",
                }
            }
            _ => {}
        }
    }
}

#[test]
fn every_typed_structure_has_new_or_a_default() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../kmip-types/src");
    let mut structures = BTreeMap::new();
    for module in ["attribute", "message", "object", "operation"] {
        for entry in std::fs::read_dir(source.join(module)).unwrap() {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            read(&syn::parse_file(&text).unwrap(), &mut structures);
        }
    }
    structures.retain(|_, structure| structure.is_typed);
    assert!(structures.len() > 150, "{}", structures.len());
    let faults: Vec<String> = structures
        .iter()
        .filter_map(|(name, structure)| match structure {
            Structure { requires: true, has_new: false, .. } => Some(format!("{name} has no `new`")),
            Structure { requires: false, has_default: false, .. } => Some(format!("{name} has no `Default`")),
            _ => None,
        })
        .collect();
    assert_eq!(faults, [""; 0]);
}
