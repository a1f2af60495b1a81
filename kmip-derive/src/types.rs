//! Refuses Rust types that no value in TTLV is, of which the input alone tells.
//!
//! Of any other type only the compiler knows whether it has a form in TTLV. Here there is one message, which says
//! what to write instead.

use syn::Type;

use crate::errors::Errors;
use crate::shape;

/// Adds a mistake where the type of an item is a part of the language that TTLV has no form for.
pub(crate) fn refuse_type(ty: &Type, errors: &mut Errors) {
    let instead = match ty {
        // Any other lifetime is one of the type, which is refused itself.
        Type::Reference(reference)
            if reference.lifetime.as_ref().is_some_and(|lifetime| lifetime.ident == "static") =>
        {
            "a value owns what it holds, such as a `String` or a `Vec<u8>`"
        }
        Type::Array(_) | Type::Slice(_) => "a Byte String is `Vec<u8>`, and a repeated field `Vec<_>`",
        Type::Tuple(_) => "a structure is a struct that derives `Ttlv`",
        _ => match PRIMITIVES.iter().find(|(names, _)| names.iter().any(|name| is_primitive(ty, name))) {
            Some((_, instead)) => instead,
            None => return,
        },
    };
    let shown = shape::shown(ty);
    errors.on(ty, format_args!("`{shown}` has no form in TTLV: {instead}"));
}

const PRIMITIVES: [(&[&str], &str); 4] = [
    (
        &["u16", "u32", "u64", "u128", "usize", "i8", "i16", "i128", "isize"],
        "an Integer is `i32`, a Long Integer `i64`, a Big Integer `BigInteger`",
    ),
    (&["u8"], "a Byte String is `Vec<u8>`, an Integer `i32`"),
    (&["f32", "f64"], "it has no fractions; an Integer is `i32`, a Long Integer `i64`"),
    (&["char", "str"], "a Text String is `String`"),
];

/// Whether a type is a primitive one by its bare name.
fn is_primitive(ty: &Type, name: &str) -> bool {
    match ty {
        Type::Path(path) => path.qself.is_none() && path.path.is_ident(name),
        Type::Group(group) => is_primitive(&group.elem, name),
        Type::Paren(paren) => is_primitive(&paren.elem, name),
        _ => false,
    }
}
