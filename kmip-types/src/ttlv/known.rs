//! What the code of the derives asks of the type of a field or a variant: one trait for each way of reading it.
//!
//! All that the code does with the type goes through that one trait. So a type that lacks it is one error of the
//! compiler's, which says what to do, rather than one for each thing that is done with it.

use crate::item_type::ItemTypes;
use crate::tables::Names;
use crate::tag::Tag;
use crate::ttlv::compile_time::assert_type;
use crate::ttlv::derived::{Read, Written};
use crate::ttlv::{Decode, DecodeSelected, Encode, Field, Reader, Schema, Tagged, Wire, Writer};

/// What a type is on the wire, as [`Wire`] and [`Tagged`] have it.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// The item types that a value can have.
    pub types: ItemTypes,
    /// The enumeration or the mask that it is, if it is one.
    pub names: Names,
    /// Whether a value is under a tag of its own, which a field of a given tag cannot have.
    pub brings_tag: bool,
    /// The tags that a choice by tag can have.
    pub tags: &'static [Tag],
    /// Whether it can have any tag of a vendor besides.
    pub open: bool,
}

impl Form {
    /// That of a type.
    pub const fn of<T: Wire>() -> Self {
        Self { types: T::ITEM_TYPES, names: T::NAMES, brings_tag: T::BRINGS_TAG, tags: &[], open: false }
    }

    /// That of a choice by tag, for a field of any of its tags.
    pub const fn of_choice<T: Wire + Tagged>() -> Self {
        Self { brings_tag: false, tags: T::TAGS, open: T::OPEN, ..Self::of::<T>() }
    }

    /// A field that occurs once.
    #[track_caller]
    pub const fn required(self, tag: Tag) -> Field {
        Field::required(tag).in_form(self)
    }

    /// A field that occurs once or not at all.
    #[track_caller]
    pub const fn optional(self, tag: Tag) -> Field {
        Field::optional(tag).in_form(self)
    }

    /// A field that occurs any number of times.
    #[track_caller]
    pub const fn repeated(self, tag: Tag) -> Field {
        Field::repeated(tag).in_form(self)
    }

    /// Refuses at compile time what the standard does not allow under a tag, or under one of several.
    #[track_caller]
    pub const fn check(self, tags: &[Tag]) {
        assert_type(self, tags);
    }
}

/// A trait, and what has it. Its name, then the traits that it stands for, what it is on the wire, and the functions
/// by which a value is written and read: one item, a field that occurs once, at most once, any number of times.
macro_rules! known {
    (
        $(#[$attribute:meta])*
        $name:ident $(<$selector:ident>)? for $($bound:path),+;
        form $form:ident;
        write $write_required:ident, $write_optional:ident, $write_repeated:ident;
        read $decode:ident, $read_required:ident, $read_optional:ident, $read_repeated:ident $(with $by:ident)?
    ) => {
        $(#[$attribute])*
        pub trait $name $(<$selector>)?: Sized {
            /// What it is on the wire.
            const FORM: Form;

            /// Writes an item.
            fn write(&self, tag: Tag, writer: &mut Writer) -> Written;

            /// Writes a field that occurs once.
            fn write_required(&self, field: &Field, writer: &mut Writer) -> Written;

            /// Writes a field that occurs once or not at all.
            fn write_optional(value: &Option<Self>, field: &Field, writer: &mut Writer) -> Written;

            /// Writes a field that occurs any number of times.
            fn write_repeated(values: &[Self], field: &Field, writer: &mut Writer) -> Written;

            /// Reads an item.
            fn read($($by: &$selector,)? tag: Tag, reader: &mut Reader<'_>) -> Read<Self>;

            /// Reads a field that occurs once.
            fn read_required(
                $($by: &$selector,)?
                field: &Field,
                schema: &'static Schema,
                reader: &mut Reader<'_>,
            ) -> Read<Self>;

            /// Reads a field that occurs once or not at all.
            fn read_optional(
                $($by: &$selector,)?
                field: &Field,
                schema: &'static Schema,
                reader: &mut Reader<'_>,
            ) -> Read<Option<Self>>;

            /// Reads a field that occurs any number of times.
            fn read_repeated(
                $($by: &$selector,)?
                field: &Field,
                schema: &'static Schema,
                reader: &mut Reader<'_>,
            ) -> Read<Vec<Self>>;
        }

        // The compiler then says that this trait is missing, not which of those that it stands for.
        #[diagnostic::do_not_recommend]
        impl<$($selector,)? T: $($bound +)+> $name $(<$selector>)? for T {
            const FORM: Form = Form::$form::<T>();

            #[inline(always)]
            fn write(&self, tag: Tag, writer: &mut Writer) -> Written {
                self.encode(tag, writer)
            }

            #[inline(always)]
            fn write_required(&self, field: &Field, writer: &mut Writer) -> Written {
                writer.$write_required(field, self)
            }

            #[inline(always)]
            fn write_optional(value: &Option<Self>, field: &Field, writer: &mut Writer) -> Written {
                writer.$write_optional(field, value)
            }

            #[inline(always)]
            fn write_repeated(values: &[Self], field: &Field, writer: &mut Writer) -> Written {
                writer.$write_repeated(field, values)
            }

            #[inline(always)]
            fn read($($by: &$selector,)? tag: Tag, reader: &mut Reader<'_>) -> Read<Self> {
                T::$decode($($by,)? tag, reader)
            }

            #[inline(always)]
            fn read_required(
                $($by: &$selector,)?
                field: &Field,
                schema: &'static Schema,
                reader: &mut Reader<'_>,
            ) -> Read<Self> {
                reader.$read_required(field, schema $(, $by)?)
            }

            #[inline(always)]
            fn read_optional(
                $($by: &$selector,)?
                field: &Field,
                schema: &'static Schema,
                reader: &mut Reader<'_>,
            ) -> Read<Option<Self>> {
                reader.$read_optional(field, schema $(, $by)?)
            }

            #[inline(always)]
            fn read_repeated(
                $($by: &$selector,)?
                field: &Field,
                schema: &'static Schema,
                reader: &mut Reader<'_>,
            ) -> Read<Vec<Self>> {
                reader.$read_repeated(field, schema $(, $by)?)
            }
        }
    };
}

known! {
    /// A type whose values are written and read by themselves.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` has no form in TTLV by itself",
        label = "not a type that TTLV knows by itself",
        note = "derive `Ttlv` for a structure or a choice, `TtlvEnum` for an enumeration; an Integer is `i32`, a Long \
                Integer `i64`, a Text String `String`, a Byte String `Vec<u8>`, a vendor's mask `Mask<_>` of an enum \
                that derives `TtlvMask`",
        note = "where another field decides the form, name it: `#[ttlv(select = \"operation\")]`"
    )]
    Known for Wire, Encode, Decode;
    form of;
    write required, optional, repeated;
    read decode, required, optional, repeated
}

known! {
    /// A type whose values are read in the form that a value of type `S` decides.
    #[diagnostic::on_unimplemented(
        message = "`{S}` does not decide the form of `{Self}`",
        label = "its form is not decided by a value of that type",
        note = "on an enum, `#[ttlv(select = \"Type\")]` says whose value decides; on a struct, `selector = \"Type\"`"
    )]
    Selected<S> for Wire, Encode, DecodeSelected<S>;
    form of;
    write required, optional, repeated;
    read decode_selected, required_selected, optional_selected, repeated_selected with selector
}

known! {
    /// A choice by tag, whose values bring their own tags.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` does not bring its own tag",
        label = "not a choice by tag",
        note = "`#[ttlv(choice)]` is for a type that derives `Ttlv` with `#[ttlv(choice = \"tag\")]`"
    )]
    BringsTag for Wire, Encode, Decode, Tagged;
    form of_choice;
    write tagged, tagged_optional, tagged_repeated;
    read decode, required, optional, repeated
}
