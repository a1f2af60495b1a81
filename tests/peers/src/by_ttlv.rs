//! Types of ours for `kmip-ttlv`, in the form of KMIP 1.2: what one writes who uses that library alone.
//!
//! The library takes the tag of what it writes from a type's name, and that of what it reads from a field's. A choice is
//! written by its content, and read by what stands before it.

use kmip_bench::hand::{Create, Creates, Located};
use serde::{Deserialize, Serialize, Serializer};

/// A request of one operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename = "0x420078")]
pub struct RequestMessage<Payload> {
    #[serde(rename = "0x420077")]
    header: RequestHeader,
    #[serde(rename = "0x42000F")]
    items: Vec<RequestItem<Payload>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename = "0x420077")]
struct RequestHeader {
    #[serde(rename = "0x420069")]
    version: ProtocolVersion,
    #[serde(rename = "0x42000D")]
    count: BatchCount,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename = "0x420069")]
struct ProtocolVersion {
    #[serde(rename = "0x42006A")]
    major: Major,
    #[serde(rename = "0x42006B")]
    minor: Minor,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename = "0x42000F")]
struct RequestItem<Payload> {
    #[serde(rename = "0x42005C")]
    operation: Operation,
    #[serde(rename = "0x420079")]
    payload: Payload,
}

/// What Create asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename = "0x420079")]
pub struct CreateRequest {
    #[serde(rename = "0x420057")]
    object_type: ObjectType,
    #[serde(rename = "0x420091")]
    template: TemplateAttribute,
}

/// What Encrypt asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename = "0x420079")]
pub struct EncryptRequest {
    #[serde(rename = "0x420094")]
    identifier: UniqueIdentifier,
    #[serde(rename = "0x4200C2")]
    data: Data,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename = "0x420091")]
struct TemplateAttribute {
    #[serde(rename = "0x420008")]
    attributes: Vec<Attribute>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename = "0x420008")]
struct Attribute {
    #[serde(rename = "0x42000A")]
    name: AttributeName,
    #[serde(rename = "0x42000B")]
    value: AttributeValue,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename(serialize = "Override:0x42000B"))]
enum AttributeValue {
    #[serde(rename(serialize = "Transparent", deserialize = "if 0x42000A==Cryptographic Algorithm"))]
    Algorithm(CryptographicAlgorithm),
    #[serde(rename(serialize = "Transparent", deserialize = "if type==Integer"))]
    Integer(i32),
    #[serde(rename(deserialize = "if 0x42000A==Name"))]
    Name(NameValue, NameType),
}

/// A response of Locate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename = "0x42007B")]
pub struct ResponseMessage {
    #[serde(rename = "0x42007A")]
    header: ResponseHeader,
    #[serde(rename = "0x42000F")]
    items: Vec<ResponseItem>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename = "0x42007A")]
struct ResponseHeader {
    #[serde(rename = "0x420069")]
    version: ProtocolVersion,
    #[serde(rename = "0x420092")]
    time: TimeStamp,
    #[serde(rename = "0x42000D")]
    count: BatchCount,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename = "0x42000F")]
struct ResponseItem {
    #[serde(rename = "0x42005C")]
    operation: Operation,
    #[serde(rename = "0x42007F")]
    status: ResultStatus,
    #[serde(rename = "0x42007C")]
    payload: LocateResponse,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename = "0x42007C")]
struct LocateResponse {
    #[serde(rename = "0x420094")]
    identifiers: Vec<UniqueIdentifier>,
}

/// A type that holds one value and has a tag.
macro_rules! tagged {
    ($($name:ident($type:ty) = $tag:literal $(with $with:literal)?;)*) => {$(
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename = $tag)]
        struct $name($(#[serde(with = $with)])? $type);
    )*};
}

tagged! {
    Major(i32) = "Transparent:0x42006A";
    Minor(i32) = "Transparent:0x42006B";
    BatchCount(i32) = "Transparent:0x42000D";
    AttributeName(String) = "Transparent:0x42000A";
    NameValue(String) = "Transparent:0x420055";
    UniqueIdentifier(String) = "Transparent:0x420094";
    Data(Vec<u8>) = "Transparent:0x4200C2" with "serde_bytes";
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename = "0x42005C")]
enum Operation {
    #[serde(rename = "0x00000001")]
    Create,
    #[serde(rename = "0x00000008")]
    Locate,
    #[serde(rename = "0x0000001F")]
    Encrypt,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename = "0x420057")]
enum ObjectType {
    #[serde(rename = "0x00000002")]
    SymmetricKey,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename = "0x420028")]
enum CryptographicAlgorithm {
    #[serde(rename = "0x00000003")]
    Aes,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename = "0x420054")]
enum NameType {
    #[serde(rename = "0x00000001")]
    UninterpretedTextString,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename = "0x42007F")]
enum ResultStatus {
    #[serde(rename = "0x00000000")]
    Success,
}

/// Seconds: the library writes a Date-Time from what has no sign, and reads it into what has one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename = "Transparent:0x420092")]
struct TimeStamp(#[serde(serialize_with = "date_time")] i64);

fn date_time<S: Serializer>(seconds: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(seconds.cast_unsigned())
}

/// The message that is written by hand as well.
pub fn create(message: &Creates) -> RequestMessage<CreateRequest> {
    let item = |create: &Create| {
        let attribute = |name: &str, value| Attribute { name: AttributeName(name.to_owned()), value };
        let attributes = vec![
            attribute("Cryptographic Algorithm", AttributeValue::Algorithm(CryptographicAlgorithm::Aes)),
            attribute("Cryptographic Length", AttributeValue::Integer(create.length)),
            attribute("Cryptographic Usage Mask", AttributeValue::Integer(create.usage)),
            attribute(
                "Name",
                AttributeValue::Name(NameValue(create.name.clone()), NameType::UninterpretedTextString),
            ),
        ];
        let payload = CreateRequest {
            object_type: ObjectType::SymmetricKey,
            template: TemplateAttribute { attributes },
        };
        RequestItem { operation: Operation::Create, payload }
    };
    request(message.version, message.items.iter().map(item).collect())
}

/// A request to encrypt the data under the key.
pub fn encrypt(version: (i32, i32), identifier: &str, data: Vec<u8>) -> RequestMessage<EncryptRequest> {
    let payload = EncryptRequest { identifier: UniqueIdentifier(identifier.to_owned()), data: Data(data) };
    request(version, vec![RequestItem { operation: Operation::Encrypt, payload }])
}

/// The message that is written by hand as well.
pub fn located(message: &Located) -> ResponseMessage {
    let identifiers = message.unique_identifiers.iter().cloned().map(UniqueIdentifier).collect();
    let item = ResponseItem {
        operation: Operation::Locate,
        status: ResultStatus::Success,
        payload: LocateResponse { identifiers },
    };
    let header = ResponseHeader {
        version: protocol_version(message.version),
        time: TimeStamp(message.time_stamp),
        count: BatchCount(1),
    };
    ResponseMessage { header, items: vec![item] }
}

fn request<Payload>(version: (i32, i32), items: Vec<RequestItem<Payload>>) -> RequestMessage<Payload> {
    let count = BatchCount(i32::try_from(items.len()).unwrap_or(i32::MAX));
    RequestMessage { header: RequestHeader { version: protocol_version(version), count }, items }
}

fn protocol_version((major, minor): (i32, i32)) -> ProtocolVersion {
    ProtocolVersion { major: Major(major), minor: Minor(minor) }
}
