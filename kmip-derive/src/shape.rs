//! How often a field occurs, read off its Rust type: `Option<T>`, `Vec<T>`, `T`.

use syn::{GenericArgument, PathArguments, Type};

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

fn is_named(ty: &Type, name: &str) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|segment| segment.ident == name))
}

/// The only argument of a type whose last path segment has this name.
fn argument<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    let ty = match ty {
        // A type that came through a `macro_rules!` fragment has an invisible group around it.
        Type::Group(group) => return argument(&group.elem, name),
        Type::Paren(paren) => return argument(&paren.elem, name),
        Type::Path(ty) => ty,
        _ => return None,
    };
    let last = ty.path.segments.last().filter(|segment| segment.ident == name)?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first() {
        Some(GenericArgument::Type(inner)) if arguments.args.len() == 1 => Some(inner),
        _ => None,
    }
}
