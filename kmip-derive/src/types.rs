//! Refuses Rust types that no value in TTLV is, of which the input alone tells.
//!
//! Of any other type only the compiler knows whether it has a form in TTLV. Here there is one message, which says
//! what to write instead.

use syn::Type;

use crate::errors::Errors;
use crate::{item_types, shape};

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
        _ if shape::bits_of(ty).is_some_and(|bits| item_types::is_known(bits) || instead(bits).is_some()) => {
            "the bits of a `Mask<_>` are the variants of an enum that derives `TtlvMask`"
        }
        _ => match instead(ty) {
            Some(instead) => instead,
            None => return,
        },
    };
    let shown = shape::shown(ty);
    errors.on(ty, format_args!("`{shown}` has no form in TTLV: {instead}"));
}

/// What to write instead of a type of Rust's own that has no form in TTLV.
fn instead(ty: &Type) -> Option<&'static str> {
    let path = shape::plain_path(ty)?;
    let row = OTHERS.iter().find(|(names, _)| names.contains(&path.as_str()))?;
    Some(row.1)
}

const OTHERS: [(&[&str], &str); 5] = [
    (
        &["u16", "u32", "u64", "u128", "usize", "i8", "i16", "i128", "isize"],
        "an Integer is `i32`, a Long Integer `i64`, a Big Integer `BigInteger`",
    ),
    (&["u8"], "a Byte String is `Vec<u8>`, an Integer `i32`"),
    (&["f32", "f64"], "it has no fractions; an Integer is `i32`, a Long Integer `i64`"),
    (&["char", "str"], "a Text String is `String`"),
    (
        &["OffsetDateTime", "time::OffsetDateTime", "SystemTime", "std::time::SystemTime"],
        "a Date-Time is `DateTime`",
    ),
];
