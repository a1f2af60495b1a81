//! The structures that are built: ten fields of the same kinds, as each library has them.

/// A library and what a structure is with it.
pub struct Shape {
    /// The name of its package.
    pub name: &'static str,
    /// What it is called in the table.
    pub title: &'static str,
    /// Lines of its manifest; `TYPES` is the folder of `kmip-types`.
    pub dependencies: &'static str,
    /// What the source starts with.
    pub head: &'static str,
    /// One structure; `#` is its number, `@` a number sign.
    pub structure: &'static str,
}

pub const SHAPES: &[Shape] = &[
    Shape {
        name: "none",
        title: "no codec: `Clone`, `Debug`, `PartialEq` alone",
        dependencies: "",
        head: "@![allow(dead_code)]\n",
        structure: r"
@[derive(Clone, Debug, PartialEq)]
pub struct Structure# {
    pub object_type: u32,
    pub unique_identifier: String,
    pub batch_count: i32,
    pub certificate_length: Option<i32>,
    pub description: Option<String>,
    pub comment: Option<String>,
    pub mac_data: Option<Vec<u8>>,
    pub fresh: Option<bool>,
    pub activation_date: Option<i64>,
    pub object_group: Vec<String>,
}
",
    },
    Shape {
        name: "ttlv",
        title: "`Ttlv`",
        dependencies: "kmip-types = { path = \"TYPES\" }\n",
        head: "use kmip_types::enumerations::ObjectType;\n\
               use kmip_types::{DateTime, DecodeError, EncodeError, ProtocolVersion, Tag, Ttlv, ttlv};\n",
        structure: r"
@[derive(Clone, Debug, PartialEq, Ttlv)]
pub struct Structure# {
    pub object_type: ObjectType,
    pub unique_identifier: String,
    pub batch_count: i32,
    pub certificate_length: Option<i32>,
    pub description: Option<String>,
    pub comment: Option<String>,
    pub mac_data: Option<Vec<u8>>,
    pub fresh: Option<bool>,
    pub activation_date: Option<DateTime>,
    pub object_group: Vec<String>,
}

pub fn encode#(value: &Structure#) -> Result<Vec<u8>, EncodeError> {
    ttlv::encode(Tag::REQUEST_PAYLOAD, value, ProtocolVersion::V2_1)
}

pub fn decode#(bytes: &[u8]) -> Result<Structure#, DecodeError> {
    ttlv::decode(Tag::REQUEST_PAYLOAD, bytes)
}
",
    },
    Shape {
        name: "prost",
        title: "`prost::Message`",
        dependencies: "prost = \"0.14\"\n",
        head: "use prost::{DecodeError, Message};\n\n\
               @[derive(Clone, Copy, Debug, PartialEq, Eq, prost::Enumeration)]\n@[repr(i32)]\n\
               pub enum ObjectType {\n    Certificate = 1,\n    SymmetricKey = 2,\n}\n",
        structure: r#"
@[derive(Clone, PartialEq, Message)]
pub struct Structure# {
    @[prost(enumeration = "ObjectType", tag = "1")]
    pub object_type: i32,
    @[prost(string, tag = "2")]
    pub unique_identifier: String,
    @[prost(int32, tag = "3")]
    pub batch_count: i32,
    @[prost(int32, optional, tag = "4")]
    pub certificate_length: Option<i32>,
    @[prost(string, optional, tag = "5")]
    pub description: Option<String>,
    @[prost(string, optional, tag = "6")]
    pub comment: Option<String>,
    @[prost(bytes = "vec", optional, tag = "7")]
    pub mac_data: Option<Vec<u8>>,
    @[prost(bool, optional, tag = "8")]
    pub fresh: Option<bool>,
    @[prost(int64, optional, tag = "9")]
    pub activation_date: Option<i64>,
    @[prost(string, repeated, tag = "10")]
    pub object_group: Vec<String>,
}

pub fn encode#(value: &Structure#) -> Vec<u8> {
    value.encode_to_vec()
}

pub fn decode#(bytes: &[u8]) -> Result<Structure#, DecodeError> {
    Structure#::decode(bytes)
}
"#,
    },
    Shape {
        name: "der",
        title: "`der::Sequence`",
        dependencies: "der = { version = \"0.8\", features = [\"alloc\", \"derive\", \"std\"] }\n",
        head: "use der::asn1::{GeneralizedTime, OctetString};\nuse der::{Decode, Encode, Enumerated, Error, Sequence};\n\n\
               @[derive(Clone, Copy, Debug, PartialEq, Eq, Enumerated)]\n@[repr(u32)]\n\
               pub enum ObjectType {\n    Certificate = 1,\n    SymmetricKey = 2,\n}\n",
        structure: r#"
@[derive(Clone, Debug, PartialEq, Sequence)]
pub struct Structure# {
    pub object_type: ObjectType,
    pub unique_identifier: String,
    pub batch_count: i32,
    @[asn1(context_specific = "0", optional = "true")]
    pub certificate_length: Option<i32>,
    @[asn1(context_specific = "1", optional = "true")]
    pub description: Option<String>,
    @[asn1(context_specific = "2", optional = "true")]
    pub comment: Option<String>,
    @[asn1(context_specific = "3", optional = "true")]
    pub mac_data: Option<OctetString>,
    @[asn1(context_specific = "4", optional = "true")]
    pub fresh: Option<bool>,
    @[asn1(context_specific = "5", optional = "true")]
    pub activation_date: Option<GeneralizedTime>,
    pub object_group: Vec<String>,
}

pub fn encode#(value: &Structure#) -> Result<Vec<u8>, Error> {
    value.to_der()
}

pub fn decode#(bytes: &[u8]) -> Result<Structure#, Error> {
    Structure#::from_der(bytes)
}
"#,
    },
];
