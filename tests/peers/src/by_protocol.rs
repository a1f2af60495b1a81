//! Messages of `kmip-protocol`, which writes requests and reads responses: neither the other way round, and no Encrypt.

use kmip_bench::hand::{Create, Creates};
use kmip_protocol::types::common::{
    AttributeName, AttributeValue, CryptographicAlgorithm, NameType, NameValue, ObjectType, Operation,
};
use kmip_protocol::types::request::{
    Attribute, BatchCount, BatchItem, ProtocolVersion, ProtocolVersionMajor, ProtocolVersionMinor,
    RequestHeader, RequestMessage, RequestPayload, TemplateAttribute,
};

/// The message that is written by hand as well.
pub fn create(message: &Creates) -> RequestMessage {
    let item = |create: &Create| {
        let attribute = |name: &str, value| Attribute(AttributeName(name.to_owned()), None, value);
        let attributes = vec![
            attribute(
                "Cryptographic Algorithm",
                AttributeValue::CryptographicAlgorithm(CryptographicAlgorithm::AES),
            ),
            attribute("Cryptographic Length", AttributeValue::Integer(create.length)),
            attribute("Cryptographic Usage Mask", AttributeValue::Integer(create.usage)),
            attribute(
                "Name",
                AttributeValue::Name(NameValue(create.name.clone()), NameType::UninterpretedTextString),
            ),
        ];
        let template = TemplateAttribute::unnamed(attributes);
        BatchItem(Operation::Create, None, RequestPayload::Create(ObjectType::SymmetricKey, template))
    };
    let version =
        ProtocolVersion(ProtocolVersionMajor(message.version.0), ProtocolVersionMinor(message.version.1));
    let count = BatchCount(i32::try_from(message.items.len()).unwrap_or(i32::MAX));
    RequestMessage(RequestHeader(version, None, None, count), message.items.iter().map(item).collect())
}
