//! Finds where the types are: in `kmip-types` or in `kmip-sdk`, whichever the user's manifest names.

use proc_macro_crate::{Error, FoundCrate, crate_name};
use proc_macro2::{Ident, Span};
use syn::{Path, parse_quote};

use crate::attributes::Attributes;
use crate::errors::Errors;

/// The packages that have the types, and the module in which they have them. The package of the types itself comes
/// first: it is there also in a manifest that names both.
const PACKAGES: [(&str, Option<&str>); 2] = [("kmip-types", None), ("kmip-sdk", Some("types"))];

/// Where the types are by the attribute `crate`, or else by the manifest; nothing, and a mistake, where neither says.
pub(crate) fn read(attributes: &Attributes, errors: &mut Errors) -> Option<Path> {
    let path = attributes.code("crate", "\"kmip_types\"", errors).or_else(|| find(crate_name));
    if path.is_none() {
        let message = "the derive needs `kmip-sdk` or `kmip-types` in the `[dependencies]` of this package: add \
                       one with `cargo add kmip-sdk`, or say where its types are with `#[ttlv(crate = \
                       \"path::to::types\")]`";
        errors.at(Span::call_site(), message);
    }
    path
}

/// Where the types are by the manifest.
fn find(look_up: impl Fn(&str) -> Result<FoundCrate, Error>) -> Option<Path> {
    for (package, module) in PACKAGES {
        let name = match look_up(package) {
            Ok(FoundCrate::Name(name)) => name,
            // The package of the types names itself, so that the path is the same in it, its tests and its examples.
            Ok(FoundCrate::Itself) => package.replace('-', "_"),
            Err(Error::CrateNotFound { .. }) => continue,
            // Another build tool than cargo may have no manifest to look into.
            Err(_) => return Some(parse_quote!(::kmip_types)),
        };
        let name = Ident::new(&name, Span::call_site());
        let module = module.map(|module| Ident::new(module, Span::call_site())).into_iter();
        return Some(parse_quote!(::#name #(::#module)*));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::ToTokens;

    /// A path as it is written.
    fn text(path: Option<Path>) -> Option<String> {
        path.map(|path| path.to_token_stream().to_string().replace(' ', ""))
    }

    /// What is found where the manifest has these packages, under these names.
    fn found(manifest: &[(&str, FoundCrate)]) -> Option<String> {
        text(find(|package| {
            let row = manifest.iter().find(|(name, _)| *name == package);
            let missing =
                || Error::CrateNotFound { crate_name: package.to_owned(), path: "Cargo.toml".into() };
            row.map(|(_, found)| found.clone()).ok_or_else(missing)
        }))
    }

    fn named(name: &str) -> FoundCrate {
        FoundCrate::Name(name.to_owned())
    }

    #[test]
    fn finds_what_the_manifest_names() {
        let types = || ("kmip-types", named("kmip_types"));
        let sdk = || ("kmip-sdk", named("kmip_sdk"));
        let cases: [(&[_], Option<&str>); 7] = [
            (&[types()], Some("::kmip_types")),
            (&[sdk()], Some("::kmip_sdk::types")),
            (&[sdk(), types()], Some("::kmip_types")),
            (&[("kmip-types", named("renamed"))], Some("::renamed")),
            (&[("kmip-sdk", named("renamed"))], Some("::renamed::types")),
            (&[("kmip-types", FoundCrate::Itself)], Some("::kmip_types")),
            (&[], None),
        ];
        for (manifest, path) in cases {
            assert_eq!(found(manifest).as_deref(), path, "{manifest:?}");
        }
    }

    #[test]
    fn takes_the_usual_name_where_there_is_no_manifest() {
        let path = find(|_| Err(Error::CargoManifestDirNotSet));
        assert_eq!(text(path).as_deref(), Some("::kmip_types"));
    }
}
