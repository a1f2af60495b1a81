//! Reads the Rust item and its attributes, as they are written.

use proc_macro2::{Ident, Span};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{
    Data, DataEnum, DataStruct, DeriveInput, Fields, Lit, LitStr, Member, Pat, Path, Token, Type, Visibility,
};

use crate::attributes::{Attributes, Place, When};
use crate::errors::Errors;
use crate::location;

/// A Rust item with its attributes.
pub(crate) struct Ast<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) vis: &'a Visibility,
    /// Where the types are.
    pub(crate) krate: Path,
    /// The type's natural tag.
    pub(crate) tag: Option<Lit>,
    /// The type whose value decides the form.
    pub(crate) selector: Option<Type>,
    /// The field, or a field of a field, that says in which version's form the value is.
    pub(crate) version: Option<VersionPath>,
    /// The type has a constructor and setters of its own.
    pub(crate) no_new: Option<Span>,
    pub(crate) body: Body<'a>,
}

/// `request_header.protocol_version`.
pub(crate) type VersionPath = Punctuated<Member, Token![.]>;

/// What the item is.
pub(crate) enum Body<'a> {
    /// A struct with named fields.
    Structure(Vec<AstField<'a>>),
    /// A struct with one unnamed field.
    Transparent { ty: &'a Type, secret: Option<Span> },
    /// An enum.
    Choice(AstChoice<'a>),
}

/// A field of a struct.
pub(crate) struct AstField<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) ty: &'a Type,
    pub(crate) tag: Option<Lit>,
    pub(crate) since: Option<LitStr>,
    pub(crate) until: Option<LitStr>,
    pub(crate) formerly: Option<LitStr>,
    pub(crate) renamed: Option<LitStr>,
    pub(crate) select: Option<LitStr>,
    pub(crate) choice: Option<Span>,
    pub(crate) catch_all: Option<Span>,
    pub(crate) default: Option<Span>,
    pub(crate) required: Option<When>,
    pub(crate) once: Option<When>,
    pub(crate) essential: Option<Span>,
    pub(crate) version: Option<Span>,
    pub(crate) flatten: Option<Span>,
    pub(crate) secret: Option<Span>,
    pub(crate) with: Option<Path>,
    /// There is a mistake in the attributes, of which a wrong tag would only be a consequence.
    pub(crate) faulty: bool,
}

/// An enum.
pub(crate) struct AstChoice<'a> {
    pub(crate) by: By,
    pub(crate) variants: Vec<AstVariant<'a>>,
}

/// What decides which variant it is.
#[derive(Clone)]
pub(crate) enum By {
    /// The item type.
    ItemType,
    /// The tag.
    Tag,
    /// A sibling's value, of this type.
    Value(Box<Type>),
}

/// A variant of an enum.
pub(crate) struct AstVariant<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) ty: &'a Type,
    pub(crate) tag: Option<Lit>,
    pub(crate) pattern: Option<Pat>,
    /// The payload takes the selector too.
    pub(crate) select: Option<Span>,
    /// The variant takes what no other does.
    pub(crate) other: Option<Span>,
    /// The payload is a secret.
    pub(crate) secret: Option<Span>,
    /// The first version that has the variant.
    pub(crate) since: Option<LitStr>,
    /// There is a mistake in the attributes, of which a wrong tag would only be a consequence.
    pub(crate) faulty: bool,
}

const STRUCT: Place = Place { name: "a struct", takes: &["tag", "selector", "version", "no_new", "crate"] };
const ENUM: Place = Place { name: "an enum", takes: &["tag", "selector", "choice", "select", "crate"] };
const FIELD: Place = Place {
    name: "a field",
    takes: &[
        "tag",
        "since",
        "until",
        "formerly",
        "renamed",
        "select",
        "choice",
        "catch_all",
        "default",
        "required",
        "once",
        "essential",
        "version",
        "flatten",
        "secret",
        "with",
    ],
};
const UNNAMED_FIELD: Place = Place { name: "an unnamed field", takes: &["secret"] };
const PAYLOAD: Place = Place { name: "the field of a variant", takes: &[] };
const VARIANT: Place =
    Place { name: "a variant", takes: &["tag", "value", "select", "other", "since", "secret"] };

/// Reads the item, or nothing where its kind is not one that can be derived.
pub(crate) fn parse<'a>(input: &'a DeriveInput, errors: &mut Errors) -> Option<Ast<'a>> {
    refuse_generics("Ttlv", input, errors);
    let place = if matches!(input.data, Data::Enum(_)) { &ENUM } else { &STRUCT };
    let attributes = Attributes::read(&input.attrs, place, errors);
    attributes.conflict("select", &["choice", "selector"], errors);
    attributes.conflict("choice", &["tag", "selector"], errors);
    let krate = location::read(&attributes, errors);
    let tag = attributes.value("tag", TAG_EXAMPLE, errors).cloned();
    // Beside `select` it is refused: that nothing takes it is only a consequence.
    let selector = match attributes.span("select") {
        None => attributes.code("selector", "\"KeyFormatType\"", errors),
        Some(_) => None,
    };
    let version = attributes.code_with(
        "version",
        "\"header.protocol_version\"",
        VersionPath::parse_separated_nonempty,
        errors,
    );
    let no_new = attributes.flag("no_new", errors);
    let is_transparent =
        matches!(&input.data, Data::Struct(data) if matches!(data.fields, Fields::Unnamed(_)));
    if let (Some(span), true) = (no_new, is_transparent) {
        errors.at(span, "`no_new` has no meaning here: what has one unnamed field gets no `new`");
    }
    if let (Some(span), None) = (attributes.span("version"), &tag) {
        errors
            .at(span, "`version` is for a type with a natural tag: add `#[ttlv(tag = \"…\")]` to the struct");
    }
    let body = match &input.data {
        Data::Struct(data) => parse_struct(&input.ident, data, errors)?,
        Data::Enum(data) => Body::Choice(parse_enum(&input.ident, &attributes, data, errors)?),
        Data::Union(data) => {
            let message = "`Ttlv` cannot be derived for a union: a choice is an enum, whose variant is known";
            errors.on(data.union_token, message);
            return None;
        }
    };
    Some(Ast { ident: &input.ident, vis: &input.vis, krate: krate?, tag, selector, version, no_new, body })
}

/// Where the types are, as far as that can be read: for the code that stands in where there are mistakes.
pub(crate) fn crate_path(input: &DeriveInput) -> Option<Path> {
    let attributes = Attributes::read(&input.attrs, &ENUM, &mut Errors::default());
    location::read(&attributes, &mut Errors::default())
}

const TAG_EXAMPLE: &str = "\"UniqueIdentifier\"";
const VERSION_EXAMPLE: &str = "\"1.2\"";

/// What the standard defines has one form.
pub(crate) fn refuse_generics(derive: &str, input: &DeriveInput, errors: &mut Errors) {
    if !input.generics.params.is_empty() {
        let message = format_args!(
            "`{derive}` cannot be derived for a type with generics or lifetimes: what the standard defines has \
             one form, and owns its values"
        );
        errors.on(&input.generics, message);
    }
}

fn parse_struct<'a>(ident: &Ident, data: &'a DataStruct, errors: &mut Errors) -> Option<Body<'a>> {
    match &data.fields {
        Fields::Named(fields) => {
            let fields = fields.named.iter().filter_map(|field| parse_field(field, errors));
            Some(Body::Structure(fields.collect()))
        }
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            let field = &fields.unnamed[0];
            let attributes = Attributes::read(&field.attrs, &UNNAMED_FIELD, errors);
            Some(Body::Transparent { ty: &field.ty, secret: attributes.flag("secret", errors) })
        }
        Fields::Unnamed(fields) => {
            let message = "a structure's fields have names: write `{ name: Type }`, or one unnamed field for a \
                           type under a new name";
            errors.on(fields, message);
            None
        }
        Fields::Unit => {
            errors.on(ident, format_args!("a structure without fields is written `struct {ident} {{}}`"));
            None
        }
    }
}

fn parse_field<'a>(field: &'a syn::Field, errors: &mut Errors) -> Option<AstField<'a>> {
    let before = errors.count();
    let attributes = Attributes::read(&field.attrs, &FIELD, errors);
    // Each of these stands for the whole field, of which at most a secret is left to say.
    let mut others: Vec<&str> = FIELD.takes.iter().copied().filter(|name| *name != "secret").collect();
    for whole in ["with", "catch_all", "flatten"] {
        others.retain(|name| *name != whole);
        attributes.conflict(whole, &others, errors);
    }
    attributes.conflict("flatten", &["secret"], errors);
    attributes.conflict("choice", &["tag", "formerly", "renamed", "select"], errors);
    attributes.conflict("default", &["required", "once", "essential"], errors);
    attributes.conflict(
        "version",
        &["select", "choice", "default", "required", "once", "essential", "secret"],
        errors,
    );
    for (one, other) in [("formerly", "renamed"), ("renamed", "formerly")] {
        if let (Some(span), None) = (attributes.span(one), attributes.span(other)) {
            let message = format_args!(
                "`{one}` needs `{other}`: `formerly = \"TemplateAttribute\", renamed = \"2.0\"` is the old tag \
                 and the first version that has the new one"
            );
            errors.at(span, message);
        }
    }
    Some(AstField {
        ident: field.ident.as_ref()?,
        ty: &field.ty,
        tag: attributes.value("tag", TAG_EXAMPLE, errors).cloned(),
        since: attributes.text("since", VERSION_EXAMPLE, errors).cloned(),
        until: attributes.text("until", VERSION_EXAMPLE, errors).cloned(),
        formerly: attributes.text("formerly", "\"TemplateAttribute\"", errors).cloned(),
        renamed: attributes.text("renamed", VERSION_EXAMPLE, errors).cloned(),
        select: attributes.text("select", "\"operation\"", errors).cloned(),
        choice: attributes.flag("choice", errors),
        catch_all: attributes.flag("catch_all", errors),
        default: attributes.flag("default", errors),
        required: attributes.when("required", "\"..=1.2\"", errors),
        once: attributes.when("once", "\"..=1.1\"", errors),
        essential: attributes.flag("essential", errors),
        version: attributes.flag("version", errors),
        flatten: attributes.flag("flatten", errors),
        secret: attributes.flag("secret", errors),
        with: attributes.code("with", "\"module\"", errors),
        faulty: errors.count() > before,
    })
}

fn parse_enum<'a>(
    ident: &Ident,
    attributes: &Attributes,
    data: &'a DataEnum,
    errors: &mut Errors,
) -> Option<AstChoice<'a>> {
    let by = parse_by(attributes, errors);
    if data.variants.is_empty() {
        errors.on(ident, "a choice needs a variant");
    }
    let variants = data.variants.iter().filter_map(|variant| parse_variant(variant, errors)).collect();
    Some(AstChoice { by: by?, variants })
}

fn parse_by(attributes: &Attributes, errors: &mut Errors) -> Option<By> {
    if attributes.span("select").is_some() {
        let selector = attributes.code("select", "\"Operation\"", errors)?;
        return Some(By::Value(Box::new(selector)));
    }
    if attributes.span("choice").is_none() {
        return Some(By::ItemType);
    }
    let text = attributes.text("choice", "\"tag\"", errors)?;
    if text.value() == "tag" {
        return Some(By::Tag);
    }
    let message = format_args!(
        "`{}` is no kind of choice: `choice = \"tag\"` is one by tag, `select = \"Type\"` one by a value, and \
         without either it is one by item type",
        text.value()
    );
    errors.on(text, message);
    None
}

fn parse_variant<'a>(variant: &'a syn::Variant, errors: &mut Errors) -> Option<AstVariant<'a>> {
    let before = errors.count();
    let attributes = Attributes::read(&variant.attrs, &VARIANT, errors);
    attributes.conflict("other", &["tag", "value", "since"], errors);
    let pattern =
        attributes.code_with("value", "\"Operation::Create\"", Pat::parse_multi_with_leading_vert, errors);
    let field = match &variant.fields {
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => &fields.unnamed[0],
        _ => {
            let name = &variant.ident;
            let hint = match &variant.fields {
                Fields::Unit => "; for the values of an enumeration, derive `TtlvEnum`",
                _ => "",
            };
            let message = format_args!("a variant of a choice has one unnamed field: `{name}(Type)`{hint}");
            errors.at(name.span(), message);
            return None;
        }
    };
    Attributes::read(&field.attrs, &PAYLOAD, errors);
    Some(AstVariant {
        ident: &variant.ident,
        ty: &field.ty,
        tag: attributes.value("tag", TAG_EXAMPLE, errors).cloned(),
        pattern,
        select: attributes.flag("select", errors),
        other: attributes.flag("other", errors),
        secret: attributes.flag("secret", errors),
        since: attributes.text("since", VERSION_EXAMPLE, errors).cloned(),
        faulty: errors.count() > before,
    })
}

/// The place of a type's most telling token: the last segment of its path.
pub(crate) fn type_span(ty: &Type) -> Span {
    match ty {
        Type::Path(path) => {
            path.path.segments.last().map_or_else(|| ty.span(), |segment| segment.ident.span())
        }
        Type::Group(group) => type_span(&group.elem),
        _ => ty.span(),
    }
}
