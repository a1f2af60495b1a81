//! Attributes by name: those of vendors, and the form that all of them have before KMIP 2.0.

use kmip_derive::Ttlv;

use crate::attribute::forms::Form;
use crate::attribute::reference::split_custom;
use crate::attribute::{Attribute, AttributeEntry, Attributes, Name};
use crate::error::{DecodeError, EncodeError, EncodeErrorKind};
use crate::ttlv::{
    Decode, DecodeSelected, Encode, Field, Mode, Reader, Schema, Structure, Tagged, Wire, Writer,
};
use crate::{Item, ItemTypes, Tag, Value};

/// An attribute of a vendor (KMIP 2.1 section 4.60).
///
/// The vendors `x` and `y` stand for the Custom Attributes of KMIP 1.x, whose names start with `x-` or `y-`.
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[ttlv(tag = "Attribute")]
pub struct VendorAttribute {
    /// The vendor: letters, digits, `_` and `.`.
    pub vendor_identification: String,
    /// The vendor's name for the attribute.
    pub attribute_name: String,
    /// The value, of any type.
    pub attribute_value: Value,
}

/// An attribute that KMIP 1.x names and the standard does not know.
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[ttlv(tag = "CustomAttribute")]
pub struct CustomAttribute {
    /// The whole name.
    pub attribute_name: String,
    /// The value, of any type.
    pub attribute_value: Value,
}

const ATTRIBUTE_FIELDS: [Field; 3] = [
    Field::required(Tag::ATTRIBUTE_NAME).of::<String>(),
    Field::optional(Tag::ATTRIBUTE_INDEX).of::<i32>(),
    Field::required(Tag::ATTRIBUTE_VALUE),
];

/// The Attribute structure of KMIP 1.x (1.4 section 2.1.1).
const ATTRIBUTE: &Schema = &Schema { name: "Attribute", fields: &ATTRIBUTE_FIELDS, catch_all: false };

/// The Template-Attribute structures of KMIP 1.x (1.4 section 2.1.8).
pub(crate) const TEMPLATE_ATTRIBUTE: &Schema =
    &Schema { name: "TemplateAttribute", fields: TEMPLATE_FIELDS, catch_all: false };

/// Its fields: the names of templates, and attributes.
pub(crate) const TEMPLATE_FIELDS: &[Field; 2] =
    &[Field::repeated(Tag::NAME).of::<Name>(), Field::repeated(Tag::ATTRIBUTE).of::<AttributeEntry>()];

/// An attribute in the form of KMIP 1.x.
pub(crate) struct NamedAttribute<'a>(pub(crate) &'a AttributeEntry);

impl Encode for NamedAttribute<'_> {
    #[inline]
    fn encode(&self, tag: Tag, writer: &mut Writer) -> Result<(), EncodeError> {
        let AttributeEntry { index, attribute } = self.0;
        let Some(form) = Form::of(attribute) else { return self.encode_unlisted(tag, writer) };
        let [_, index_field, value_field] = &ATTRIBUTE_FIELDS;
        writer.structure(tag, |writer| {
            form.check_version(writer)?;
            writer.item_of(&form.name_item, form.name.len());
            writer.optional(index_field, index)?;
            attribute.encode_as(value_field.tag, writer)
        })
    }
}

impl NamedAttribute<'_> {
    /// Writes an attribute that the standard does not list.
    #[cold]
    fn encode_unlisted(&self, tag: Tag, writer: &mut Writer) -> Result<(), EncodeError> {
        let AttributeEntry { index, attribute } = self.0;
        let [name_field, index_field, value_field] = &ATTRIBUTE_FIELDS;
        let no_equivalent = |what, version| EncodeError::new(EncodeErrorKind::NoEquivalent { what, version });
        writer.structure(tag, |writer| {
            let (name, value) = match attribute {
                Attribute::Vendor(vendor) => {
                    if !matches!(vendor.vendor_identification.as_str(), "x" | "y") {
                        let what = "a vendor's attribute other than x and y";
                        return Err(no_equivalent(what, writer.version()));
                    }
                    let name = format!("{}-{}", vendor.vendor_identification, vendor.attribute_name);
                    (name, &vendor.attribute_value)
                }
                Attribute::Custom(custom) if is_free(&custom.attribute_name) => {
                    (custom.attribute_name.clone(), &custom.attribute_value)
                }
                Attribute::Custom(_) => {
                    let expected = "a name that is neither the standard's nor starts with x- or y-";
                    let error = EncodeError::new(EncodeErrorKind::InvalidValue { expected });
                    return Err(error.within(name_field.tag, None));
                }
                // What is no attribute has no name as one either, though its tag may have a name.
                _ => return Err(no_equivalent("an attribute under an unknown tag", writer.version())),
            };
            writer.text_string(name_field.tag, &name)?;
            writer.optional(index_field, index)?;
            writer.required(value_field, value)
        })
    }
}

impl Wire for AttributeEntry {
    const ITEM_TYPES: ItemTypes = ItemTypes::STRUCTURE;
}

/// The form of KMIP 1.x.
impl Structure for AttributeEntry {
    const SCHEMA: &'static Schema = ATTRIBUTE;
}

/// The form of KMIP 1.x.
impl Structure for Attributes {
    const SCHEMA: &'static Schema = TEMPLATE_ATTRIBUTE;
}

/// Reads the form of KMIP 1.x.
impl Decode for AttributeEntry {
    fn decode(tag: Tag, reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        decode_to(tag, reader, |entry| entry)
    }
}

/// Reads the form of KMIP 1.x, and gives it to `put` where it is made.
#[inline(always)]
pub(crate) fn decode_to<R>(
    tag: Tag,
    reader: &mut Reader<'_>,
    put: impl FnOnce(AttributeEntry) -> R,
) -> Result<R, DecodeError> {
    reader.structure(tag, ATTRIBUTE, |reader| {
        let [name, index, value] = &ATTRIBUTE_FIELDS;
        if let Some(form) = reader.quickly(1, 0, Form::read) {
            form.check_read(reader, reader.structure_start())?;
            let index = reader.optional(index, ATTRIBUTE)?;
            return reader.the_one(value, ATTRIBUTE, |tag, reader| {
                Attribute::decode_to(form.tag, tag, reader, |attribute| {
                    put(AttributeEntry { index, attribute })
                })
            });
        }
        let name = reader.required_text(name, ATTRIBUTE)?;
        let index = reader.optional(index, ATTRIBUTE)?;
        let attribute = reader.the_one(value, ATTRIBUTE, |tag, reader| read_value(name, tag, reader))?;
        Ok(put(AttributeEntry { index, attribute }))
    })
}

/// Reads an Attribute Value by its Attribute Name, within the Attribute. Leniently, one that does not fit its name is
/// kept under that name as the item it is.
pub(crate) fn read_value(name: &str, tag: Tag, reader: &mut Reader<'_>) -> Result<Attribute, DecodeError> {
    if let Some(form) = Form::named(name) {
        form.check_read(reader, reader.structure_start())?;
    }
    let header = match reader.peek_boundary()? {
        Some(header) if reader.mode() == Mode::Lenient => header,
        _ => return Attribute::decode_selected(name, tag, reader),
    };
    let decode = |tag, reader: &mut Reader<'_>| Attribute::decode_selected(name, tag, reader);
    match reader.read_or_set_aside(&header, decode)? {
        Some(attribute) => Ok(attribute),
        None => match reader.tree(&header) {
            Some(Item { value: attribute_value, .. }) => {
                Ok(CustomAttribute { attribute_name: name.to_owned(), attribute_value }.into())
            }
            // No tree has a place for it: the Attribute as a whole is set aside.
            None => Err(reader.invalid_value(&header, "an item")),
        },
    }
}

/// Reads an Attribute Value by its Attribute Name.
impl DecodeSelected<str> for Attribute {
    fn decode_selected(name: &str, tag: Tag, reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        if let Some(form) = Form::named(name) {
            return Self::decode_as(form.tag, tag, reader);
        }
        let attribute_value = Value::decode(tag, reader)?;
        Ok(match split_custom(name) {
            Some((vendor, rest)) => Self::from(VendorAttribute {
                vendor_identification: vendor.to_owned(),
                attribute_name: rest.to_owned(),
                attribute_value,
            }),
            None => Self::from(CustomAttribute { attribute_name: name.to_owned(), attribute_value }),
        })
    }
}

/// Whether an attribute of this name is neither the standard's nor a vendor's: under any other, what is written
/// would not be what is read.
fn is_free(name: &str) -> bool {
    split_custom(name).is_none() && Form::named(name).is_none()
}
