//! Request Batch Item and Response Batch Item.

use kmip_derive::Ttlv;

use crate::generated::enumerations::{Operation, ResultReason, ResultStatus};
use crate::hex_debug::debug_in_hex;
use crate::message::MessageExtension;
use crate::operation::{RequestPayload, ResponsePayload};

/// One operation that is asked for (KMIP 1.4 section 7.2, 2.1 section 8.3).
#[derive(Clone, PartialEq, Ttlv)]
#[ttlv(tag = "BatchItem")]
pub struct RequestBatchItem {
    /// The operation.
    pub operation: Operation,
    /// Whether the data that the operation yields is kept from the response.
    #[ttlv(since = "2.0")]
    pub ephemeral: Option<bool>,
    /// Names the item in a batch of several; the response repeats it.
    #[ttlv(tag = "UniqueBatchItemID")]
    pub unique_batch_item_id: Option<Vec<u8>>,
    /// What the operation needs.
    #[ttlv(select = "operation")]
    pub request_payload: RequestPayload,
    /// What a vendor adds.
    #[ttlv(once = "..=1.4")]
    pub message_extension: Vec<MessageExtension>,
}

debug_in_hex!(RequestBatchItem {
    operation,
    ephemeral,
    unique_batch_item_id,
    request_payload,
    message_extension,
});

/// The result of one operation (KMIP 1.4 section 7.2, 2.1 section 8.6).
#[derive(Clone, PartialEq, Ttlv)]
#[ttlv(tag = "BatchItem")]
pub struct ResponseBatchItem {
    /// The operation, if the request item had one.
    pub operation: Option<Operation>,
    /// The name of the request item, if it had one.
    #[ttlv(tag = "UniqueBatchItemID")]
    pub unique_batch_item_id: Option<Vec<u8>>,
    /// Whether the operation succeeded.
    pub result_status: ResultStatus,
    /// Why it failed, if it did.
    pub result_reason: Option<ResultReason>,
    /// Why it failed, in words.
    pub result_message: Option<String>,
    /// What to ask for the result with, if it is pending.
    pub asynchronous_correlation_value: Option<Vec<u8>>,
    /// What the operation yielded, if it succeeded.
    #[ttlv(select = "operation")]
    pub response_payload: Option<ResponsePayload>,
    /// What a vendor adds.
    pub message_extension: Vec<MessageExtension>,
}

debug_in_hex!(ResponseBatchItem {
    operation,
    unique_batch_item_id,
    result_status,
    result_reason,
    result_message,
    asynchronous_correlation_value,
    response_payload,
    message_extension,
});

impl ResponseBatchItem {
    /// The item of an operation that succeeded.
    pub fn success(operation: Operation, response_payload: ResponsePayload) -> Self {
        Self {
            operation: Some(operation),
            unique_batch_item_id: None,
            result_status: ResultStatus::Success,
            result_reason: None,
            result_message: None,
            asynchronous_correlation_value: None,
            response_payload: Some(response_payload),
            message_extension: Vec::new(),
        }
    }

    /// The item of an operation that failed.
    pub fn failure(operation: Option<Operation>, reason: ResultReason, message: impl Into<String>) -> Self {
        Self {
            operation,
            unique_batch_item_id: None,
            result_status: ResultStatus::OperationFailed,
            result_reason: Some(reason),
            result_message: Some(message.into()),
            asynchronous_correlation_value: None,
            response_payload: None,
            message_extension: Vec::new(),
        }
    }
}
