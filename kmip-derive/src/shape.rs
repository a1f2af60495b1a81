//! How often a field occurs, read off its Rust type: `Option<T>`, `Vec<T>`, `T`.

use quote::ToTokens;
use syn::{GenericArgument, Path, PathArguments, Type};

/// How often a field occurs, and the type of one occurrence.
pub(crate) enum Shape<'a> {
    /// `T` or `Vec<u8>`: once.
    Required(&'a Type),
    /// `Option<T>`: once or not at all.
    Optional(&'a Type),
    /// `Vec<T>`: any number of times.
    Repeated(&'a Type),
    /// `Option<Vec<T>>`, which has two ways of saying "none".
    OptionalRepeated(&'a Type),
}

impl<'a> Shape<'a> {
    /// The shape of a field's type.
    pub(crate) fn of(ty: &'a Type) -> Self {
        if let Some(inner) = argument(ty, "Option") {
            return match repeated(inner) {
                Some(inner) => Self::OptionalRepeated(inner),
                None => Self::Optional(inner),
            };
        }
        match repeated(ty) {
            Some(inner) => Self::Repeated(inner),
            None => Self::Required(ty),
        }
    }
}

/// The `T` of `Vec<T>`, unless that is the Byte String `Vec<u8>`.
pub(crate) fn repeated(ty: &Type) -> Option<&Type> {
    argument(ty, "Vec").filter(|inner| !is_named(inner, "u8"))
}

/// Whether a type is `Vec<u8>`, a Byte String.
pub(crate) fn is_bytes(ty: &Type) -> bool {
    argument(ty, "Vec").is_some_and(|inner| is_named(inner, "u8"))
}

/// Whether the last segment of a type's path is this name.
pub(crate) fn is_named(ty: &Type, name: &str) -> bool {
    let last = path(ty).and_then(|path| path.segments.last());
    last.is_some_and(|segment| segment.ident == name && segment.arguments.is_none())
}

/// The path of a type that has no arguments, without `::` before it.
pub(crate) fn plain_path(ty: &Type) -> Option<String> {
    let path = path(ty)?;
    if path.segments.iter().any(|segment| !segment.arguments.is_none()) {
        return None;
    }
    Some(path.segments.iter().map(|segment| segment.ident.to_string()).collect::<Vec<_>>().join("::"))
}

/// The `T` of `Mask<T>`.
pub(crate) fn bits_of(ty: &Type) -> Option<&Type> {
    argument(ty, "Mask")
}

/// A type as it is written, for messages.
pub(crate) fn shown(ty: &Type) -> String {
    let text = ty.to_token_stream().to_string();
    text.replace("& ", "&").replace("< ", "<").replace(" <", "<").replace(" >", ">").replace(" ;", ";")
}

/// The only argument of a type whose last path segment has this name.
fn argument<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    let last = path(ty)?.segments.last().filter(|segment| segment.ident == name)?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first() {
        Some(GenericArgument::Type(inner)) if arguments.args.len() == 1 => Some(inner),
        _ => None,
    }
}

fn path(ty: &Type) -> Option<&Path> {
    match ty {
        Type::Path(ty) => Some(&ty.path),
        // A type that came through a `macro_rules!` fragment has an invisible group around it.
        Type::Group(group) => path(&group.elem),
        Type::Paren(paren) => path(&paren.elem),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_how_often_a_field_occurs() {
        for (ty, expected) in [
            ("T", "once T"),
            ("Vec<u8>", "once Vec<u8>"),
            ("Box<Vec<T>>", "once Box<Vec<T>>"),
            ("Option<T>", "optional T"),
            ("::core::option::Option<Vec<u8>>", "optional Vec<u8>"),
            ("(Option<T>)", "optional T"),
            ("std::vec::Vec<T>", "repeated T"),
            ("Vec<Vec<u8>>", "repeated Vec<u8>"),
            ("Option<Vec<T>>", "both T"),
            ("Options<T>", "once Options<T>"),
            ("[u8; 4]", "once [u8;4]"),
        ] {
            let ty = syn::parse_str(ty).expect("a type");
            let (word, inner) = match Shape::of(&ty) {
                Shape::Required(inner) => ("once", inner),
                Shape::Optional(inner) => ("optional", inner),
                Shape::Repeated(inner) => ("repeated", inner),
                Shape::OptionalRepeated(inner) => ("both", inner),
            };
            let inner = quote::quote!(#inner).to_string().replace(' ', "");
            assert_eq!(format!("{word} {inner}"), expected);
        }
    }
}
