//! The code of `#[derive(Ttlv)]` means the same wherever it stands: names shadowed, no prelude, crate renamed.

#![allow(clippy::unwrap_used)] // In helpers of tests too, a panic is how a test fails.

// Each module holds the same types, of each kind that the derive knows.
macro_rules! types {
    ($($derive:tt)*) => {
        $($derive)*
        pub(super) struct Structure {
            operation: ::kmip_types::enumerations::Operation,
            #[ttlv(select = "operation", since = "1.0", tag = 0x540001)]
            selected: ::std::option::Option<Selected>,
            #[ttlv(choice)]
            tagged: ::std::vec::Vec<Tagged>,
            #[ttlv(default)]
            batch_count: i32,
            #[ttlv(tag = 0x540002)]
            typed: Typed,
            #[ttlv(formerly = "TemplateAttribute", renamed = "2.0")]
            attributes: ::std::option::Option<Empty>,
            #[ttlv(with = "module")]
            module: i32,
            #[ttlv(flatten)]
            flattened: Flattened,
            #[ttlv(catch_all)]
            rest: ::std::vec::Vec<::kmip_types::Item>,
        }

        $($derive)*
        pub(super) struct Flattened {
            #[ttlv(tag = 0x540004)]
            enumeration: Enumeration,
            #[ttlv(tag = 0x540005)]
            mask: ::kmip_types::Mask<Bit>,
            #[ttlv(tag = 0x540006)]
            secrets: ::std::vec::Vec<Secret>,
            comment: ::std::option::Option<::std::string::String>,
        }

        #[::core::prelude::v1::derive(
            ::core::fmt::Debug, ::core::cmp::PartialEq, ::core::clone::Clone, ::kmip_types::TtlvEnum
        )]
        enum Enumeration {
            #[ttlv(value = 0x80000001)]
            One,
            #[ttlv(other)]
            Other(::core::primitive::u32),
        }

        #[::core::prelude::v1::derive(
            ::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy, ::kmip_types::TtlvMask
        )]
        enum Bit {
            One = 0x1,
            Two = 0x2,
        }

        #[::core::prelude::v1::derive(::core::cmp::PartialEq, ::core::clone::Clone, ::kmip_types::Ttlv)]
        struct Secret {
            #[ttlv(tag = 0x540007, secret)]
            secret: ::std::string::String,
        }

        $($derive)*
        #[ttlv(select = "::kmip_types::enumerations::Operation")]
        enum Selected {
            #[ttlv(value = "::kmip_types::enumerations::Operation::Get")]
            Get(Empty),
        }

        $($derive)*
        #[ttlv(choice = "tag")]
        enum Tagged {
            #[ttlv(tag = "Description")]
            Text(NewType),
            #[ttlv(other)]
            Other(::kmip_types::Item),
        }

        $($derive)*
        enum Typed {
            Integer(i32),
            Boolean(bool),
        }

        $($derive)*
        struct NewType(::std::string::String);

        $($derive)*
        #[ttlv(tag = "Attributes")]
        struct Empty {}

        mod module {
            pub(super) const FIELDS: &[::kmip_types::ttlv::Field] =
                &[::kmip_types::ttlv::Field::required(::kmip_types::Tag::from_raw(0x54_0003))];

            pub(super) fn encode(
                value: &i32,
                writer: &mut ::kmip_types::ttlv::Writer,
            ) -> ::core::result::Result<(), ::kmip_types::EncodeError> {
                writer.required(&FIELDS[0], value)
            }

            pub(super) fn decode(
                reader: &mut ::kmip_types::ttlv::Reader<'_>,
            ) -> ::core::result::Result<i32, ::kmip_types::DecodeError> {
                ::core::result::Result::Ok(
                    reader.optional(
                        &FIELDS[0],
                        <super::Structure as ::kmip_types::ttlv::Structure>::SCHEMA,
                    )?.unwrap_or_default(),
                )
            }
        }

        pub(super) fn value() -> Structure {
            Structure {
                operation: ::kmip_types::enumerations::Operation::Get,
                selected: ::core::option::Option::Some(Selected::Get(Empty {})),
                tagged: ::std::iter::FromIterator::from_iter([Tagged::Text(NewType(::std::string::String::new()))]),
                batch_count: 1,
                typed: Typed::Boolean(true),
                attributes: ::core::option::Option::None,
                module: 3,
                flattened: Flattened::new(Enumeration::One, Bit::One | Bit::Two)
                    .with_secrets([Secret::new("a")])
                    .with_comment("text"),
                rest: ::std::vec::Vec::new(),
            }
        }
    };
}

#[no_implicit_prelude]
mod without_prelude {
    types! { #[::core::prelude::v1::derive(
        ::core::fmt::Debug, ::core::cmp::PartialEq, ::core::clone::Clone, ::kmip_types::Ttlv
    )] }
}

#[allow(dead_code, non_camel_case_types, non_upper_case_globals)]
mod with_shadowed_names {
    mod core {}
    mod std {}
    mod kmip_types {}
    mod ttlv {}
    struct Option;
    struct Result;
    struct Some;
    struct None;
    struct Ok;
    struct Err;
    struct Vec;
    struct Box;
    struct String;
    struct Tag;
    struct Field;
    struct Schema;
    struct Reader;
    struct Writer;
    struct u32;
    struct str;
    struct Default;
    trait Into {}
    trait IntoIterator {}
    trait Drop {}
    const SCHEMA: i32 = 0;
    const FIELDS: i32 = 0;
    const INFO: i32 = 0;
    trait From {}
    trait Encode {}
    trait Decode {}
    trait Wire {}
    const reader_: i32 = 0;

    types! { #[derive(Debug, PartialEq, Clone, ::kmip_types::Ttlv)] }
}

mod renamed {
    use ::kmip_types as kmip;

    #[derive(Debug, PartialEq, Clone, ::kmip_types::Ttlv)]
    #[ttlv(crate = "kmip")]
    pub(super) struct ByAlias {
        unique_identifier: String,
    }

    #[derive(Debug, PartialEq, Clone, ::kmip_types::Ttlv)]
    #[ttlv(crate = "crate::facade::types", choice = "tag")]
    pub(super) enum ThroughFacade {
        UniqueIdentifier(String),
    }

    pub(super) fn values() -> (ByAlias, ThroughFacade) {
        (ByAlias { unique_identifier: "a".to_owned() }, ThroughFacade::UniqueIdentifier("a".to_owned()))
    }
}

/// As a crate that gives the types out under a name of its own.
mod facade {
    pub(crate) use kmip_types as types;
}

use kmip_types::ttlv::{self, Decode, Encode};
use kmip_types::{ProtocolVersion, Tag};

#[track_caller]
fn reads_back<T: Encode + Decode + PartialEq + std::fmt::Debug>(tag: Tag, value: T) {
    let bytes = ttlv::encode(tag, &value, ProtocolVersion::V2_1).unwrap();
    assert_eq!(ttlv::decode::<T>(tag, &bytes), Ok(value));
}

#[test]
fn the_code_works_without_the_prelude() {
    reads_back(Tag::OFFSET, without_prelude::value());
}

#[test]
fn the_code_works_where_its_names_mean_something_else() {
    reads_back(Tag::OFFSET, with_shadowed_names::value());
}

#[test]
fn the_code_works_where_the_crate_has_another_name() {
    let (structure, choice) = renamed::values();
    reads_back(Tag::OFFSET, structure);
    reads_back(Tag::UNIQUE_IDENTIFIER, choice);
}

#[test]
fn the_code_works_in_a_function() {
    #[derive(Debug, PartialEq, kmip_types::Ttlv)]
    struct Local {
        unique_identifier: String,
    }
    reads_back(Tag::OFFSET, Local { unique_identifier: "a".to_owned() });
}

#[test]
fn the_code_works_where_a_macro_wrote_the_type() {
    macro_rules! structure {
        ($name:ident { $($field:ident: $type:ty,)* }) => {
            #[derive(Debug, Default, PartialEq, kmip_types::Ttlv)]
            struct $name {
                $($field: $type,)*
            }
        };
    }
    structure! {
        Written {
            unique_identifier: Option<String>,
            object_group: Vec<String>,
            iv_counter_nonce: Vec<u8>,
            mac_data: Option<Vec<u8>>,
        }
    }
    let object_group = vec!["a".to_owned(), "b".to_owned()];
    reads_back(Tag::OFFSET, Written { object_group, mac_data: Some(vec![1]), ..Written::default() });
}
