//! What is asked, as bytes, and what is to be answered.

use kmip_sdk::prelude::*;
use kmip_sdk::types::attribute::CryptographicParameters;
use kmip_sdk::types::enumerations::{
    BatchErrorContinuationOption, BlockCipherMode, Operation, PaddingMethod, ResultStatus, State,
};
use kmip_sdk::types::message::{Message, RequestBatchItem, RequestHeader, RequestMessage, ResponseMessage};
use kmip_sdk::types::operation::{
    ActivateRequest, EncryptRequest, GetAttributesRequest, RequestPayload, ResponsePayload,
};
use kmip_sdk::types::{DateTime, ProtocolVersion};

/// What PyKMIP's server speaks too.
const VERSION: ProtocolVersion = ProtocolVersion::V1_2;

/// How many objects a group has.
const GROUP: usize = 10;

/// How many objects Locate is to give at most.
const MAXIMUM: i32 = 10;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    Get,
    FirstGet,
    GetAttributes,
    GetAttributesOfAny,
    LocateByIdentifier,
    LocateByName,
    LocateByGroup,
    LocateByState,
    Encrypt,
    Create,
    Activate,
}

impl What {
    pub(crate) const ALL: [Self; 11] = [
        Self::Get,
        Self::GetAttributes,
        Self::GetAttributesOfAny,
        Self::LocateByIdentifier,
        Self::LocateByName,
        Self::LocateByGroup,
        Self::LocateByState,
        Self::Encrypt,
        Self::Create,
        Self::Activate,
        Self::FirstGet,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Get => "Get",
            Self::FirstGet => "Get for the first time",
            Self::GetAttributes => "Get Attributes",
            Self::GetAttributesOfAny => "Get Attributes, of other objects each time",
            Self::LocateByIdentifier => "Locate by identifier",
            Self::LocateByName => "Locate by name",
            Self::LocateByGroup => "Locate by group, 10 of 10",
            Self::LocateByState => "Locate by state and type, 10 at most",
            Self::Encrypt => "Encrypt 1 KiB",
            Self::Create => "Create",
            Self::Activate => "Activate",
        }
    }

    /// Whether it is committed.
    pub(crate) fn is_write(self) -> bool {
        matches!(self, Self::Create | Self::Activate | Self::FirstGet)
    }

    /// The request that asks for it, of an object by its number and by its identifier.
    pub(crate) fn request(self, number: usize, identifier: &str) -> Vec<u8> {
        let payload: RequestPayload = match self {
            Self::Get | Self::FirstGet => GetRequest::new(identifier).into(),
            Self::GetAttributes | Self::GetAttributesOfAny => {
                GetAttributesRequest::new(identifier, Vec::<&str>::new()).into()
            }
            Self::LocateByIdentifier => locate(Attributes::new().with_unique_identifier(identifier)),
            Self::LocateByName => locate(Attributes::new().with_name(Name::text(key_name(number)))),
            Self::LocateByGroup => locate(Attributes::new().with_object_group(group(number))),
            Self::LocateByState => {
                locate(Attributes::new().with_state(State::Active).with_object_type(ObjectType::SymmetricKey))
            }
            Self::Encrypt => {
                let parameters = CryptographicParameters {
                    block_cipher_mode: Some(BlockCipherMode::Cbc),
                    padding_method: Some(PaddingMethod::Pkcs5),
                    cryptographic_algorithm: Some(CryptographicAlgorithm::Aes),
                    ..CryptographicParameters::default()
                };
                let mut request = EncryptRequest::new(identifier, vec![7_u8; 1024]);
                request.cryptographic_parameters = Some(Box::new(parameters));
                request.iv_counter_nonce = Some(vec![9; 16]);
                request.into()
            }
            Self::Create => create(format!("new {number}"), None, false).into(),
            Self::Activate => ActivateRequest::new(identifier).into(),
        };
        message(vec![payload])
    }
}

fn locate(attributes: Attributes) -> RequestPayload {
    let mut request = LocateRequest::new(attributes);
    request.maximum_items = Some(MAXIMUM);
    request.into()
}

fn key_name(number: usize) -> String {
    format!("key {number}")
}

fn group(number: usize) -> String {
    format!("group {}", number / GROUP)
}

fn create(name: String, group: Option<String>, is_active: bool) -> CreateRequest {
    let mut attributes = Attributes::new()
        .with_cryptographic_algorithm(CryptographicAlgorithm::Aes)
        .with_cryptographic_length(256)
        .with_cryptographic_usage_mask(CryptographicUsageMask::ENCRYPT | CryptographicUsageMask::DECRYPT)
        .with_name(Name::text(name));
    if let Some(group) = group {
        attributes = attributes.with_object_group(group);
    }
    if is_active {
        attributes = attributes.with_activation_date(DateTime::from_seconds(1_000_000_000));
    }
    CreateRequest::new(ObjectType::SymmetricKey, attributes)
}

/// Makes the objects with these numbers, half of which are active.
pub(crate) fn fill(numbers: std::ops::Range<usize>) -> Vec<u8> {
    let create =
        |number: usize| create(key_name(number), Some(group(number)), number.is_multiple_of(2)).into();
    message(numbers.map(create).collect())
}

/// The same for a server that gives keys no groups and no dates.
pub(crate) fn fill_plainly(number: usize) -> Vec<u8> {
    message(vec![create(key_name(number), None, false).into()])
}

fn message(payloads: Vec<RequestPayload>) -> Vec<u8> {
    let count = payloads.len();
    let mut request_header = RequestHeader::new(VERSION, i32::try_from(count).unwrap());
    if count > 1 {
        request_header.batch_error_continuation_option = Some(BatchErrorContinuationOption::Stop);
    }
    let item = |(number, payload): (usize, RequestPayload)| {
        let operation = match &payload {
            RequestPayload::Get(_) => Operation::Get,
            RequestPayload::GetAttributes(_) => Operation::GetAttributes,
            RequestPayload::Locate(_) => Operation::Locate,
            RequestPayload::Encrypt(_) => Operation::Encrypt,
            RequestPayload::Create(_) => Operation::Create,
            RequestPayload::Activate(_) => Operation::Activate,
            _ => panic!("nothing else is asked for"),
        };
        let mut item = RequestBatchItem::new(operation, payload);
        item.unique_batch_item_id = (count > 1).then(|| number.to_be_bytes().to_vec());
        item
    };
    let batch_item = payloads.into_iter().enumerate().map(item).collect();
    RequestMessage { request_header, batch_item }.to_ttlv().unwrap()
}

/// Looks at an answer, and gives the identifiers of what was made, or how many were found.
pub(crate) fn read(answer: &[u8]) -> Vec<String> {
    let message = ResponseMessage::from_ttlv(answer).unwrap();
    let mut identifiers = Vec::new();
    for item in message.batch_item {
        assert_eq!(item.result_status, ResultStatus::Success, "{:?}", item.result_message);
        let text = |identifier: &UniqueIdentifier| identifier.as_text().unwrap().to_owned();
        match item.response_payload {
            Some(ResponsePayload::Create(response)) => identifiers.push(text(&response.unique_identifier)),
            Some(ResponsePayload::Locate(response)) => {
                assert!(!response.unique_identifier.is_empty(), "something is to be found");
                identifiers.extend(response.unique_identifier.iter().map(text));
            }
            _ => {}
        }
    }
    identifiers
}

/// Whether an answer with one item says that it succeeded.
pub(crate) fn is_success(answer: &[u8]) -> bool {
    const STATUS: [u8; 12] = [0x42, 0x00, 0x7F, 0x05, 0, 0, 0, 4, 0, 0, 0, 0];
    answer.chunks_exact(8).zip(0_usize..).any(|(_, place)| answer[place * 8..].starts_with(&STATUS))
}
