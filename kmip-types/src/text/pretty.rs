//! The text form: an item a line, indented, for people. Secrets are left out unless they are asked for.

use core::fmt;

use crate::item::{Item, Secrecy, Siblings, Value, secret_length};
use crate::tag::Tag;
use crate::text::TextCodec;
use crate::text::names::{ValueNames, attribute_name};
use crate::text::options::DateForm;
use crate::text::values;

/// Writes the item, with a line break after every line but the last.
pub(crate) fn write(codec: &TextCodec, item: &Item, out: &mut dyn fmt::Write) -> fmt::Result {
    let printer = Printer { codec };
    printer.item(item, None, Siblings::NONE.secrecy(item), 0, out)
}

/// The item in the text form.
pub(super) fn to_text(codec: &TextCodec, item: &Item) -> String {
    let mut text = String::new();
    // A string takes whatever is written to it.
    let _ = write(codec, item, &mut text);
    text
}

/// The value of an item that is no structure.
pub(crate) fn value_text(codec: &TextCodec, item: &Item, attribute: Option<&str>) -> String {
    let mut text = String::new();
    // A string takes whatever is written to it.
    let _ = Printer { codec }.value(item, attribute, &mut text);
    text
}

/// Writes parts of the text form.
pub(crate) struct Printer<'c> {
    pub(crate) codec: &'c TextCodec,
}

impl Printer<'_> {
    fn item(
        &self,
        item: &Item,
        attribute: Option<&str>,
        secrecy: Secrecy,
        depth: usize,
        out: &mut dyn fmt::Write,
    ) -> fmt::Result {
        for _ in 0..depth {
            out.write_str("  ")?;
        }
        self.tag(item.tag, out)?;
        write!(out, " ({})", item.item_type())?;
        let Value::Structure(items) = &item.value else {
            out.write_str(": ")?;
            if secrecy != Secrecy::Public && !self.codec.reveal_secrets {
                return self.redacted(&item.value, out);
            }
            return self.value(item, attribute, out);
        };
        if depth >= self.codec.limits.depth {
            return out.write_str(": …");
        }
        let attribute = attribute_name(items);
        let siblings = Siblings::of(items);
        for field in items {
            let within = secrecy.of_field(&siblings, field);
            out.write_str("\n")?;
            self.item(field, attribute, within, depth + 1, out)?;
        }
        Ok(())
    }

    /// The name of a tag, or its number.
    pub(crate) fn tag(&self, tag: Tag, out: &mut dyn fmt::Write) -> fmt::Result {
        match self.codec.vendor.wire_name(tag) {
            Some(name) => out.write_str(name),
            None => write!(out, "0x{:06X}", tag.value()),
        }
    }

    /// A value that is no structure. `attribute` is the Attribute Name beside it.
    pub(crate) fn value(
        &self,
        item: &Item,
        attribute: Option<&str>,
        out: &mut dyn fmt::Write,
    ) -> fmt::Result {
        let names = self.codec.vendor.value_names(item.tag, attribute);
        match (&item.value, names) {
            (Value::Structure(_), _) => Ok(()),
            (Value::Integer(value), ValueNames::Mask(table)) => {
                out.write_str(&table.join(value.cast_unsigned(), "|"))
            }
            (Value::Integer(value), _) => write!(out, "{value}"),
            (Value::LongInteger(value), _) => write!(out, "{value}"),
            (Value::BigInteger(value), _) => {
                out.write_str("0x")?;
                crate::wipe::write_hex(value.padded_bytes(), out)
            }
            (Value::Enumeration(value), ValueNames::Enumeration(table)) => match table.name(*value) {
                Some(name) => write!(out, "{name} (0x{value:08x})"),
                None => write!(out, "0x{value:08x}"),
            },
            (Value::Enumeration(value), _) => write!(out, "0x{value:08x}"),
            (Value::Boolean(value), _) => write!(out, "{value}"),
            // Quoted and escaped: a peer's text must not draw lines of its own.
            (Value::TextString(value), _) => write!(out, "{value:?}"),
            (Value::ByteString(value), _) => crate::wipe::write_hex(value, out),
            (Value::DateTime(value), _) => out.write_str(&values::date_text(*value, DateForm::Iso8601)),
            (Value::Interval(value), _) => write!(out, "{value}"),
            (Value::DateTimeExtended(value), _) => {
                out.write_str(&values::extended_date_text(*value, DateForm::Iso8601))
            }
        }
    }

    /// What may be said of a secret.
    pub(crate) fn redacted(&self, value: &Value, out: &mut dyn fmt::Write) -> fmt::Result {
        match secret_length(value) {
            Some(length) => write!(out, "(secret, {length} bytes)"),
            None => out.write_str("(secret)"),
        }
    }
}
