//! Reads and checks an enum whose variants are numbers: the values of an enumeration, or the bits of a mask.

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Expr, ExprLit, Fields, Lit, LitInt, LitStr, Path, Visibility};

use crate::attributes::{Attributes, Place};
use crate::errors::Errors;
use crate::location;
use crate::parse::refuse_generics;
use crate::shape;

/// What the numbers are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The values of an enumeration.
    Enumeration,
    /// The bits of a mask.
    Mask,
}

/// An enum of numbers.
pub(crate) struct Numbers {
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    pub(crate) krate: Path,
    /// The wire name.
    pub(crate) name: String,
    /// In the order of their values.
    pub(crate) rows: Vec<Row>,
    /// The variant that keeps any other value.
    pub(crate) other: Option<Ident>,
}

/// One variant.
pub(crate) struct Row {
    pub(crate) ident: Ident,
    pub(crate) value: u32,
    /// The wire name.
    pub(crate) name: String,
}

const ENUMERATION: Place = Place { name: "an enumeration", takes: &["name", "crate"] };
const MASK: Place = Place { name: "a mask", takes: &["name", "crate"] };
const VALUE: Place = Place { name: "a value of an enumeration", takes: &["value", "name", "other"] };
const BIT: Place = Place { name: "a bit of a mask", takes: &["value", "name"] };

impl Kind {
    fn derive(self) -> &'static str {
        match self {
            Self::Enumeration => "TtlvEnum",
            Self::Mask => "TtlvMask",
        }
    }

    fn example(self) -> &'static str {
        match self {
            Self::Enumeration => "0x80000001",
            Self::Mask => "0x1",
        }
    }
}

/// Reads the enum, or nothing where it is no enum.
pub(crate) fn parse(input: &DeriveInput, kind: Kind, errors: &mut Errors) -> Option<Numbers> {
    let derive = kind.derive();
    refuse_generics(derive, input, errors);
    let (place, variant_place) = match kind {
        Kind::Enumeration => (&ENUMERATION, &VALUE),
        Kind::Mask => (&MASK, &BIT),
    };
    let attributes = Attributes::read(&input.attrs, place, errors);
    let krate = location::read(&attributes, errors);
    let name = name_of(&input.ident, &attributes, errors);
    let data = match &input.data {
        Data::Enum(data) => data,
        Data::Struct(data) => {
            errors
                .on(data.struct_token, format_args!("`{derive}` is for an enum, whose variants are numbers"));
            return None;
        }
        Data::Union(data) => {
            errors
                .on(data.union_token, format_args!("`{derive}` is for an enum, whose variants are numbers"));
            return None;
        }
    };
    let mut numbers = Numbers {
        ident: input.ident.clone(),
        vis: input.vis.clone(),
        krate: krate?,
        name,
        rows: Vec::new(),
        other: None,
    };
    for variant in &data.variants {
        let before = errors.count();
        let attributes = Attributes::read(&variant.attrs, variant_place, errors);
        attributes.conflict("other", &["value", "name"], errors);
        if let Some(span) = attributes.flag("other", errors) {
            other(variant, span, &mut numbers, errors);
        } else if matches!(variant.fields, Fields::Unit) {
            let name = name_of(&variant.ident, &attributes, errors);
            let faulty = errors.count() > before;
            row(variant, Named { name, attributes, faulty }, kind, &mut numbers, errors);
        } else {
            refuse_fields(variant, kind, errors);
        }
    }
    if kind == Kind::Enumeration && numbers.other.is_none() && errors.is_empty() {
        let message = "a value that is not listed must survive: add a variant `#[ttlv(other)] Other(u32)`";
        errors.at(input.ident.span(), message);
    }
    if kind == Kind::Mask && data.variants.is_empty() {
        errors.at(input.ident.span(), "a mask needs a bit, such as `Fly = 0x1`");
    }
    numbers.rows.sort_by_key(|row| row.value);
    Some(numbers)
}

/// The wire name: the one that is given, or the Rust name.
fn name_of(ident: &Ident, attributes: &Attributes, errors: &mut Errors) -> String {
    let given = attributes.text("name", "\"AcmeThing\"", errors);
    let name = given.map_or_else(|| ident.unraw().to_string(), LitStr::value);
    let mut characters = name.chars();
    let valid = characters.next().is_some_and(|first| first.is_ascii_alphabetic())
        && characters.all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'));
    if !valid {
        let span = given.map_or_else(|| ident.span(), LitStr::span);
        let message = format_args!(
            "`{name}` cannot be a name in JSON and XML: it takes a letter, then letters, digits, `_`, `.` and `-`"
        );
        errors.at(span, message);
    }
    name
}

/// Takes the variant that keeps any other value.
fn other(variant: &syn::Variant, span: Span, numbers: &mut Numbers, errors: &mut Errors) {
    let keeps_number = match &variant.fields {
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => shape::is_named(&fields.unnamed[0].ty, "u32"),
        _ => false,
    };
    let name = &variant.ident;
    if !keeps_number {
        let message = format_args!("the variant for any other value keeps the number: `{name}(u32)`");
        errors.at(name.span(), message);
    } else if numbers.other.is_some() {
        errors.at(span, "an enumeration has one `other`");
    } else {
        numbers.other = Some(name.clone());
    }
}

/// What the attributes of a variant say.
struct Named {
    name: String,
    attributes: Attributes,
    /// There is a mistake in them.
    faulty: bool,
}

/// Takes a variant that is a number.
fn row(variant: &syn::Variant, named: Named, kind: Kind, numbers: &mut Numbers, errors: &mut Errors) {
    let Named { name, attributes, faulty } = named;
    let given = attributes.value("value", kind.example(), errors);
    let discriminant = variant.discriminant.as_ref().map(|(_, value)| value);
    let literal = match (given, discriminant) {
        (Some(value), Some(_)) => {
            errors.on(value, "`value` has no meaning beside a discriminant: leave one out");
            return;
        }
        (Some(Lit::Int(number)), None) => Ok(number),
        (Some(other), None) => Err(other.span()),
        (None, Some(Expr::Lit(ExprLit { lit: Lit::Int(number), .. }))) => Ok(number),
        (None, Some(other)) => Err(other.span()),
        // Of a mistake in the attributes this would only be a consequence.
        (None, None) if faulty || attributes.span("value").is_some() => return,
        (None, None) => {
            errors.at(variant.ident.span(), which_number(&variant.ident, kind));
            return;
        }
    };
    let number = match literal {
        Ok(number) => number,
        Err(span) => {
            let message = format_args!("a number without a sign is due here, such as `{}`", kind.example());
            errors.at(span, message);
            return;
        }
    };
    let Some(value) = value_of(number, kind, errors) else { return };
    if let Some(other) = numbers.rows.iter().find(|row| row.value == value) {
        errors.on(number, format_args!("`{}` has the number 0x{value:X} already", other.ident));
    } else if let Some(other) = numbers.rows.iter().find(|row| row.name == name) {
        let span = attributes.value_span("name").unwrap_or_else(|| variant.ident.span());
        errors.at(span, format_args!("`{}` has the name `{name}` already", other.ident));
    } else {
        numbers.rows.push(Row { ident: variant.ident.clone(), value, name });
    }
}

fn which_number(name: &Ident, kind: Kind) -> String {
    match kind {
        Kind::Enumeration => {
            "which number is this? Add `#[ttlv(value = 0x80000001)]`, or `#[ttlv(other)]` for all that are left"
                .to_owned()
        }
        Kind::Mask => format!("which bit is this? Write `{name} = 0x1`"),
    }
}

fn value_of(number: &LitInt, kind: Kind, errors: &mut Errors) -> Option<u32> {
    let value = number.base10_parse::<u32>().ok();
    match (value, kind) {
        (None, Kind::Enumeration) => {
            errors.on(number, "the values of an enumeration have 32 bits: the largest is 0xFFFFFFFF");
        }
        (None, Kind::Mask) => errors.on(number, "a mask has 32 bits: the highest is 0x80000000"),
        (Some(value), Kind::Mask) if value.count_ones() != 1 => {
            let count = value.count_ones();
            errors.on(number, format_args!("one bit is due here: 0x{value:X} has {count}"));
            return None;
        }
        (Some(_), _) => {}
    }
    value
}

fn refuse_fields(variant: &syn::Variant, kind: Kind, errors: &mut Errors) {
    let name = &variant.ident;
    let message = match kind {
        Kind::Enumeration => format!(
            "a value of an enumeration has no fields: `{name}`; the one that keeps any other value is \
             `#[ttlv(other)] {name}(u32)`, and for a choice derive `Ttlv`"
        ),
        Kind::Mask => format!("a bit of a mask has no fields: `{name} = 0x1`"),
    };
    errors.at(name.span(), message);
}
