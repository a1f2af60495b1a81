//! Messages whose secrets are all one and the same mark.

use kmip_tests::samples::{self, messages};
use kmip_types::attribute::{Attributes, VendorAttribute};
use kmip_types::enumerations::{CredentialType, Operation};
use kmip_types::item::is_secret;
use kmip_types::message::{
    Authentication, Credential, CredentialValue, Message, RequestMessage, ResponseMessage,
};
use kmip_types::object::ManagedObject;
use kmip_types::operation::{RegisterRequest, RequestPayload, ResponsePayload};
use kmip_types::{BigInteger, Item, ProtocolVersion, RawStructure, Tag, Value};
use zeroize::Zeroizing;

/// What stands for every secret: text and bytes alike, and a positive number.
pub(crate) const MARK: &[u8; 24] = b"uN7vQ2mXz9KcT4wLs8RpYb3H";

/// As a text.
pub(crate) fn mark() -> String {
    String::from_utf8(MARK.to_vec()).unwrap()
}

/// A message, in binary.
pub(crate) struct Marked {
    pub(crate) name: String,
    pub(crate) is_request: bool,
    pub(crate) ttlv: Zeroizing<Vec<u8>>,
}

/// The request and the response of every operation that a version has, and whole messages, each with the mark in place
/// of every secret; and what a vendor adds.
pub(crate) fn all(version: ProtocolVersion) -> Vec<Marked> {
    let mut all = Vec::new();
    let mut add = |name: String, is_request: bool, ttlv: Result<Vec<u8>, kmip_types::EncodeError>| {
        // The version lacks the rest.
        if let Ok(ttlv) = ttlv {
            let mut item = Item::from_ttlv(&ttlv).unwrap();
            replace(&mut item, false);
            all.push(Marked { name, is_request, ttlv: item.to_ttlv().unwrap().into() });
        }
    };
    for samples::Sample { request, response } in samples::all(version) {
        let operation = request.operation().unwrap();
        let name = |kind: &str| format!("{kind} of {operation} in {version}");
        add(name("a request"), true, messages::request(version, operation, request).to_ttlv());
        add(name("a response"), false, messages::response(version, operation, response).to_ttlv());
    }
    for (what, message) in messages::all(version) {
        match message {
            messages::AnyMessage::Request(message) => {
                add(format!("{what} of a request in {version}"), true, message.to_ttlv());
            }
            messages::AnyMessage::Response(message) => {
                add(format!("{what} of a response in {version}"), false, message.to_ttlv());
            }
        }
    }
    for (what, message) in vendors(version) {
        add(format!("{what} in {version}"), true, message.to_ttlv());
    }
    let operation = Operation::from(0x8000_0001);
    let response: ResponseMessage =
        messages::response(version, operation, ResponsePayload::Other(anything()));
    add(format!("a response of a vendor's operation in {version}"), false, response.to_ttlv());
    all
}

/// What may hold secrets although its tags do not say so.
fn anything() -> RawStructure {
    let leaves = || {
        vec![
            Item::text_string(Tag::COMMENT, mark()),
            Item::byte_string(Tag::from_raw(0x54_0001), MARK.as_slice()),
            Item::big_integer(Tag::MODULUS, BigInteger::from_unsigned_bytes(MARK)),
        ]
    };
    let mut items = leaves();
    items.push(Item::structure(Tag::from_raw(0x54_0002), leaves()));
    RawStructure { items }
}

/// Requests with what a vendor adds.
fn vendors(version: ProtocolVersion) -> Vec<(&'static str, RequestMessage)> {
    let operation = Operation::from(0x8000_0001);
    let payload = || RequestPayload::Other(anything());
    let mut authenticated = messages::request(version, operation, payload());
    authenticated.request_header.authentication = Some(Authentication {
        credential: vec![Credential {
            credential_type: CredentialType::from(0x8000_0001),
            credential_value: CredentialValue::Other(anything()),
        }],
    });
    let attribute = VendorAttribute {
        vendor_identification: "x".into(),
        attribute_name: "Colour".into(),
        attribute_value: mark().into(),
    };
    let (object_type, object) = objects().remove(0);
    let register = RegisterRequest::new(object_type, Attributes::from_iter([attribute.into()]), object);
    let attributed = messages::request(version, Operation::Register, register.into());
    vec![
        ("a vendor's operation", messages::request(version, operation, payload())),
        ("a vendor's credential", authenticated),
        ("a vendor's attribute", attributed),
    ]
}

/// The objects of the samples.
fn objects() -> Vec<(kmip_types::enumerations::ObjectType, ManagedObject)> {
    samples::all(ProtocolVersion::V2_1)
        .into_iter()
        .filter_map(|sample| match sample.request {
            RequestPayload::Register(request) => Some((request.object_type, request.object?)),
            _ => None,
        })
        .collect()
}

/// Puts the mark in place of every secret that its tag tells, and of all in key material and under unknown tags.
fn replace(item: &mut Item, inside: bool) {
    let inside = inside || item.tag.info().is_none() || item.tag == Tag::KEY_MATERIAL;
    let secret = inside || is_secret(item.tag);
    match &mut item.value {
        Value::Structure(items) => items.iter_mut().for_each(|item| replace(item, inside)),
        Value::TextString(text) if secret => *text = mark(),
        Value::ByteString(bytes) if secret => *bytes = MARK.to_vec(),
        Value::BigInteger(number) if secret => *number = BigInteger::from_unsigned_bytes(MARK),
        _ => {}
    }
}
