//! The code of one type of each kind, formatted, so that a reviewer sees what the derive writes.

use quote::{ToTokens, quote};
use syn::parse_quote;

/// The code, formatted.
fn formatted(input: &syn::DeriveInput) -> String {
    formatted_by(crate::derive, input)
}

/// The code of one of the derives, formatted. The manifest of this package does not say where the types are.
fn formatted_by(
    derive: fn(&syn::DeriveInput) -> proc_macro2::TokenStream,
    input: &syn::DeriveInput,
) -> String {
    let mut input = input.clone();
    if !input.attrs.iter().any(|attribute| attribute.to_token_stream().to_string().contains("crate")) {
        input.attrs.push(parse_quote!(#[ttlv(crate = "::kmip_types")]));
    }
    prettyplease::unparse(&syn::parse2(derive(&input)).expect("the code parses"))
}

#[test]
fn structure() {
    insta::assert_snapshot!(formatted(&parse_quote! {
        #[ttlv(tag = "RequestPayload")]
        struct GetRequest {
            unique_identifier: Option<UniqueIdentifier>,
            #[ttlv(since = "1.4")]
            key_wrap_type: Option<KeyWrapType>,
            #[ttlv(formerly = "TemplateAttribute", renamed = "2.0")]
            attributes: Attributes,
            #[ttlv(tag = 0x540001)]
            vendor: Vec<i32>,
            #[ttlv(catch_all)]
            rest: Vec<Item>,
        }
    }));
}

#[test]
fn message_that_states_its_version() {
    insta::assert_snapshot!(formatted(&parse_quote! {
        #[ttlv(tag = "RequestMessage", version = "request_header.protocol_version")]
        struct Ping {
            request_header: Header,
        }
    }));
}

#[test]
fn structure_with_a_selector_a_choice_and_a_module() {
    insta::assert_snapshot!(formatted(&parse_quote! {
        #[ttlv(selector = "KeyFormatType", crate = "kmip_sdk::types")]
        struct KeyValue {
            #[ttlv(select = "selector")]
            key_material: KeyMaterial,
            #[ttlv(with = "common")]
            common: Common,
            #[ttlv(choice)]
            attributes: Vec<Attribute>,
            #[ttlv(default)]
            batch_count: i32,
        }
    }));
}

#[test]
fn presence_by_version() {
    insta::assert_snapshot!(formatted(&parse_quote! {
        struct Header {
            #[ttlv(version)]
            protocol_version: ProtocolVersion,
            #[ttlv(required = "..=1.2")]
            data: Option<Vec<u8>>,
            #[ttlv(required, once = "..=1.1", essential)]
            credential: Vec<Credential>,
            #[ttlv(since = "1.4", required = "1.4..=2.0")]
            comment: Option<String>,
        }
    }));
}

#[test]
fn transparent() {
    insta::assert_snapshot!(formatted(&parse_quote! {
        struct UniqueBatchItemId(Vec<u8>);
    }));
}

#[test]
fn choice_by_item_type() {
    insta::assert_snapshot!(formatted(&parse_quote! {
        enum UniqueIdentifier {
            Text(String),
            #[ttlv(since = "2.0")]
            Enumeration(enumerations::UniqueIdentifier),
        }
    }));
}

#[test]
fn choice_by_tag() {
    insta::assert_snapshot!(formatted(&parse_quote! {
        #[ttlv(choice = "tag")]
        enum Object {
            SymmetricKey(SymmetricKey),
            PgpKey(PgpKey),
            #[ttlv(other)]
            Other(Item),
        }
    }));
}

#[test]
fn choice_by_value() {
    insta::assert_snapshot!(formatted(&parse_quote! {
        #[ttlv(select = "Operation")]
        enum RequestPayload {
            #[ttlv(value = "Operation::Create | Operation::Register")]
            Create(CreateRequest),
            #[ttlv(value = "Operation::Get", select)]
            Get(GetRequest),
            #[ttlv(other)]
            Other(Value),
        }
    }));
}

#[test]
fn mistake() {
    insta::assert_snapshot!(formatted(&parse_quote! {
        struct Payload {
            zebra: i32,
        }
    }));
}

#[test]
fn secrets_and_flattened_fields() {
    insta::assert_snapshot!(formatted(&parse_quote! {
        struct Login {
            username: Option<String>,
            #[ttlv(secret)]
            password: String,
            #[ttlv(flatten)]
            common: Common,
        }
    }));
}

#[test]
fn secret_of_a_choice() {
    insta::assert_snapshot!(formatted(&parse_quote! {
        enum Token {
            #[ttlv(secret)]
            Text(String),
            Number(i32),
        }
    }));
}

#[test]
fn enumeration() {
    let input = parse_quote! {
        #[ttlv(name = "AcmeMode")]
        pub enum Mode {
            #[ttlv(value = 0x80000002, name = "very-slow")]
            Slow,
            #[ttlv(value = 0x80000001)]
            Fast,
            #[ttlv(other)]
            Other(u32),
        }
    };
    insta::assert_snapshot!(formatted_by(crate::enumeration, &input));
}

#[test]
fn mask() {
    let input = parse_quote!(
        enum AcmeUse {
            Fly = 0x1,
            #[ttlv(name = "dig.deep")]
            Dig = 0x2,
        }
    );
    insta::assert_snapshot!(formatted_by(crate::mask, &input));
}

/// What is generated for 250 structures has to compile quickly: half of this is the codec, half the setters.
#[test]
fn ten_fields_take_about_200_lines() {
    let fields = [
        "object_type",
        "unique_identifier",
        "state",
        "operation",
        "batch_count",
        "name_value",
        "name_type",
        "object_group",
        "key_format_type",
        "key_role_type",
    ];
    let fields = fields.map(|name| quote::format_ident!("{name}"));
    let types = quote!(SomeType);
    let code = formatted(&parse_quote!(struct Ten { #(#fields: Option<#types>,)* }));
    insta::assert_snapshot!(code);
    assert!(code.lines().count() <= 207, "{} lines:\n{code}", code.lines().count());
}
