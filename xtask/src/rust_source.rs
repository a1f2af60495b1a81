//! What the hand-written Rust holds: read as text, for it need not compile.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use quote::ToTokens;
use syn::{Attribute, Fields, Item, LitStr, Type, Variant, Visibility};

/// The types that derive `Ttlv`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Source {
    /// The structs with named fields.
    pub(crate) structs: BTreeMap<String, Vec<RustField>>,
    /// The enums.
    pub(crate) enums: BTreeMap<String, Vec<RustVariant>>,
    /// The module from which each public type is used, by its name, whether it derives `Ttlv` or not: `attribute`,
    /// or nothing where the crate itself has it.
    pub(crate) modules: BTreeMap<String, String>,
}

/// The modules whose types are used from there. All others are used from the crate itself.
const MODULES: [&str; 4] = ["attribute", "message", "object", "operation"];

/// A field of a struct.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RustField {
    /// Its name.
    pub(crate) name: String,
    /// The wire name of its tag, where it is given.
    pub(crate) tag: Option<String>,
    /// Its type, without an `Option`, `Vec` or `Box` around it.
    pub(crate) ty: String,
}

/// A variant of an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RustVariant {
    /// Its name.
    pub(crate) name: String,
    /// The wire name of its tag, where it is given.
    pub(crate) tag: Option<String>,
    /// The type that it holds, without a `Box` around it; empty for none.
    pub(crate) ty: String,
}

impl Source {
    /// Reads every file of Rust in a folder and those below it, the generated ones apart.
    ///
    /// # Errors
    /// When a file cannot be read, or is not Rust.
    pub(crate) fn read(folder: &Path) -> Result<Self> {
        let mut source = Self::default();
        source.read_folder(folder, "")?;
        Ok(source)
    }

    fn read_folder(&mut self, folder: &Path, module: &str) -> Result<()> {
        let entries = std::fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                if !path.ends_with("generated") {
                    let below = MODULES.iter().find(|module| path.ends_with(module));
                    self.read_folder(&path, below.copied().unwrap_or(module))?;
                }
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text =
                    std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
                self.read_file(&text, module).with_context(|| format!("reading {}", path.display()))?;
            }
        }
        Ok(())
    }

    fn read_file(&mut self, text: &str, module: &str) -> Result<()> {
        let file = syn::parse_file(text)?;
        self.read_items(&file.items);
        let names = file.items.iter().filter_map(|item| match item {
            Item::Struct(item) if matches!(item.vis, Visibility::Public(_)) => Some(&item.ident),
            Item::Enum(item) if matches!(item.vis, Visibility::Public(_)) => Some(&item.ident),
            Item::Type(item) if matches!(item.vis, Visibility::Public(_)) => Some(&item.ident),
            _ => None,
        });
        self.modules.extend(names.map(|name| (name.to_string(), module.to_owned())));
        Ok(())
    }

    /// Reads one file's text.
    ///
    /// # Errors
    /// When it is not Rust.
    pub(crate) fn read_text(&mut self, text: &str) -> Result<()> {
        self.read_items(&syn::parse_file(text)?.items);
        Ok(())
    }

    fn read_items(&mut self, items: &[Item]) {
        for item in items {
            match item {
                Item::Mod(module)
                    if !module.attrs.iter().any(|attribute| attribute.path().is_ident("cfg")) =>
                {
                    if let Some((_, items)) = &module.content {
                        self.read_items(items);
                    }
                }
                Item::Struct(item) if derives(&item.attrs) => {
                    if let Fields::Named(fields) = &item.fields {
                        let fields = fields.named.iter().filter_map(|field| {
                            let name = field.ident.as_ref()?.to_string();
                            Some(RustField { name, tag: tag(&field.attrs), ty: inner(&field.ty) })
                        });
                        self.structs.insert(item.ident.to_string(), fields.collect());
                    }
                }
                Item::Enum(item) if derives(&item.attrs) => {
                    self.enums.insert(item.ident.to_string(), item.variants.iter().map(variant).collect());
                }
                _ => {}
            }
        }
    }
}

fn variant(variant: &Variant) -> RustVariant {
    let ty = variant.fields.iter().next().map(|field| inner(&field.ty)).unwrap_or_default();
    RustVariant { name: variant.ident.to_string(), tag: tag(&variant.attrs), ty }
}

/// Whether `Ttlv` is among the derives.
fn derives(attributes: &[Attribute]) -> bool {
    attributes.iter().filter(|attribute| attribute.path().is_ident("derive")).any(|attribute| {
        let mut found = false;
        // What is no list of paths is none that derives `Ttlv`.
        let _ = attribute.parse_nested_meta(|meta| {
            found |= meta.path.segments.last().is_some_and(|segment| segment.ident == "Ttlv");
            Ok(())
        });
        found
    })
}

/// The text of `tag = "…"`.
fn tag(attributes: &[Attribute]) -> Option<String> {
    let mut tag = None;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("ttlv")) {
        // The derive says what is wrong with an attribute that cannot be read.
        let _ = attribute.parse_nested_meta(|meta| {
            if let Ok(value) = meta.value() {
                let literal: syn::Lit = value.parse()?;
                if let (true, syn::Lit::Str(text)) = (meta.path.is_ident("tag"), literal) {
                    tag = Some(LitStr::value(&text));
                }
            }
            Ok(())
        });
    }
    tag
}

/// A type without an `Option`, `Vec` or `Box` around it; `Vec<u8>` is one type.
fn inner(ty: &Type) -> String {
    if let Type::Path(path) = ty
        && let Some(last) = path.path.segments.last()
        && ["Option", "Vec", "Box"].iter().any(|wrapper| last.ident == wrapper)
        && let syn::PathArguments::AngleBracketed(arguments) = &last.arguments
        && let Some(syn::GenericArgument::Type(argument)) = arguments.args.first()
    {
        let inside = inner(argument);
        return if inside == "u8" { "Vec<u8>".to_owned() } else { inside };
    }
    ty.to_token_stream().to_string().replace(' ', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_derives_ttlv() {
        let text = r#"
            #[derive(Clone, kmip_derive::Ttlv)]
            pub struct Payload {
                pub unique_identifier: Option<UniqueIdentifier>,
                #[ttlv(since = "1.3", tag = "RNGParameters")]
                pub rng_parameters: Vec<Box<RngParameters>>,
                pub data: Option<Vec<u8>>,
            }
            #[derive(Clone)]
            pub struct Plain { pub a: u8 }
            #[derive(Ttlv)]
            pub struct Transparent(String);
            mod inside {
                #[derive(Ttlv)]
                #[ttlv(choice = "tag")]
                enum Choice { #[ttlv(tag = "PGPKey")] Pgp(Box<PgpKey>), Other(Item) }
            }
            #[cfg(test)]
            mod tests {
                #[derive(Ttlv)]
                struct OfATest { a: String }
            }
        "#;
        let mut source = Source::default();
        source.read_text(text).unwrap();
        let field = |name: &str, tag: Option<&str>, ty: &str| RustField {
            name: name.into(),
            tag: tag.map(Into::into),
            ty: ty.into(),
        };
        assert_eq!(source.structs.keys().collect::<Vec<_>>(), ["Payload"]);
        assert_eq!(
            source.structs["Payload"],
            [
                field("unique_identifier", None, "UniqueIdentifier"),
                field("rng_parameters", Some("RNGParameters"), "RngParameters"),
                field("data", None, "Vec<u8>"),
            ]
        );
        let variants = &source.enums["Choice"];
        assert_eq!((variants[0].tag.as_deref(), variants[0].ty.as_str()), (Some("PGPKey"), "PgpKey"));
        assert_eq!(variants[1].name, "Other");
    }

    #[test]
    fn rejects_what_is_no_rust() {
        assert!(Source::default().read_text("struct").is_err());
    }
}
