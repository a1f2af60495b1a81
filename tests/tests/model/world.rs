//! The server, asked by several clients.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use kmip_sdk::server::{Server, ServerOptions};
use kmip_sdk::types::attribute::{Attribute, Attributes, CryptographicParameters, UsageLimits};
use kmip_sdk::types::enumerations::{
    BatchErrorContinuationOption, BlockCipherMode, CryptographicAlgorithm, ObjectType, ResultReason,
    ResultStatus, RevocationReasonCode, UsageLimitsUnit,
};
use kmip_sdk::types::masks::{CryptographicUsageMask, StorageStatusMask};
use kmip_sdk::types::message::{Message, RequestBatchItem, RequestHeader, RequestMessage, ResponseMessage};
use kmip_sdk::types::operation::{
    ActivateRequest, ArchiveRequest, CreateRequest, DestroyRequest, EncryptRequest, GetAttributesRequest,
    GetRequest, GetUsageAllocationRequest, LocateRequest, RecoverRequest, RequestPayload, ResponsePayload,
    RevokeRequest,
};
use kmip_sdk::types::{DateTime, ProtocolVersion};

use crate::model::Model;
use crate::steps::{Act, CLIENTS, OnError};

const START: i64 = 1_700_000_000;

/// What the server said of an item.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) is_done: bool,
    /// How it calls what was made.
    pub(crate) made: Option<String>,
}

pub(crate) struct World {
    server: Server,
    version: ProtocolVersion,
    clock: Arc<AtomicI64>,
}

impl World {
    pub(crate) fn new(version: ProtocolVersion) -> Self {
        let clock = Arc::new(AtomicI64::new(START));
        let time = Arc::clone(&clock);
        let options =
            ServerOptions::default().clock(move || DateTime::from_seconds(time.load(Ordering::Relaxed)));
        Self { server: Server::new(options), version, clock }
    }

    pub(crate) fn wait(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::Relaxed);
    }

    pub(crate) fn send(&self, client: usize, acts: &[Act], option: OnError, names: &[String]) -> Vec<Said> {
        let option = match option {
            OnError::Stop => BatchErrorContinuationOption::Stop,
            OnError::Continue => BatchErrorContinuationOption::Continue,
            OnError::Undo => BatchErrorContinuationOption::Undo,
        };
        let payloads = acts.iter().map(|act| self.payload(act, names)).collect();
        let said = self.exchange(client, payloads, Some(option)).batch_item.into_iter().map(|item| {
            let is_done = item.result_status == ResultStatus::Success;
            let made = match item.response_payload {
                Some(ResponsePayload::Create(made)) if is_done => Some(made.unique_identifier.to_string()),
                _ => None,
            };
            Said { is_done, made }
        });
        said.collect()
    }

    /// Whether every client sees what the model has, and nothing else.
    pub(crate) fn check(&self, model: &Model) {
        for client in 0..CLIENTS {
            for object in &model.objects {
                let asked = GetAttributesRequest::all(object.name.clone()).into();
                let item = self.exchange(client, vec![asked], None).batch_item.remove(0);
                if client != object.owner {
                    let nothing = [ResultReason::ObjectNotFound, ResultReason::ItemNotFound];
                    assert!(item.result_reason.is_some_and(|reason| nothing.contains(&reason)), "{item:?}");
                    continue;
                }
                let Some(ResponsePayload::GetAttributes(found)) = item.response_payload else {
                    panic!("{object:?}: {item:?}")
                };
                let left = found.attributes.usage_limits().and_then(|limits| limits.usage_limits_count);
                assert_eq!(
                    (found.attributes.state(), left, found.attributes.archive_date().is_some()),
                    (Some(object.state), object.left, object.archived),
                    "{object:?}"
                );
            }
            self.check_located(client, model);
        }
    }

    /// Whether a client finds its objects that are not destroyed, and no other's.
    fn check_located(&self, client: usize, model: &Model) {
        let everywhere = StorageStatusMask::ON_LINE_STORAGE | StorageStatusMask::ARCHIVAL_STORAGE;
        let asked = LocateRequest { storage_status_mask: Some(everywhere), ..LocateRequest::default() };
        let item = self.exchange(client, vec![asked.into()], None).batch_item.remove(0);
        let Some(ResponsePayload::Locate(located)) = item.response_payload else { panic!("{item:?}") };
        let located: HashSet<String> = located.unique_identifier.iter().map(ToString::to_string).collect();
        let own = || model.objects.iter().filter(|object| object.owner == client);
        let all: HashSet<String> = own().map(|object| object.name.clone()).collect();
        assert!(located.is_subset(&all), "more than there is: {located:?}, not {all:?}");
        for object in own().filter(|object| !object.is_destroyed()) {
            assert!(located.contains(&object.name), "{object:?}");
        }
    }

    fn payload(&self, act: &Act, names: &[String]) -> RequestPayload {
        let named = |number: usize| match number.checked_rem(names.len()) {
            Some(number) => names[number].clone(),
            None => "nobody".to_owned(),
        };
        let now = self.clock.load(Ordering::Relaxed);
        let at = |offset: i8| DateTime::from_seconds(now + i64::from(offset));
        match *act {
            Act::Create { activation, deactivation, limit } => {
                let usage = CryptographicUsageMask::ENCRYPT | CryptographicUsageMask::DECRYPT;
                let mut attributes = Attributes::new()
                    .with(Attribute::CryptographicAlgorithm(CryptographicAlgorithm::Aes))
                    .with(Attribute::CryptographicLength(128))
                    .with(Attribute::CryptographicUsageMask(usage));
                attributes.extend(activation.map(|offset| Attribute::ActivationDate(at(offset))));
                attributes.extend(deactivation.map(|offset| Attribute::DeactivationDate(at(offset))));
                attributes.extend(limit.map(|total| {
                    Attribute::UsageLimits(UsageLimits {
                        usage_limits_total: i64::from(total),
                        usage_limits_count: None,
                        usage_limits_unit: UsageLimitsUnit::Object,
                    })
                }));
                CreateRequest::new(ObjectType::SymmetricKey, attributes).into()
            }
            Act::Activate(number) => ActivateRequest::new(named(number)).into(),
            Act::Revoke(number, true) => {
                RevokeRequest::new(named(number), RevocationReasonCode::KeyCompromise).into()
            }
            Act::Revoke(number, false) => {
                RevokeRequest::new(named(number), RevocationReasonCode::CessationOfOperation).into()
            }
            Act::Destroy(number) => DestroyRequest::new(named(number)).into(),
            Act::Encrypt(number) => {
                let parameters = CryptographicParameters {
                    block_cipher_mode: Some(BlockCipherMode::Ecb),
                    ..CryptographicParameters::default()
                };
                EncryptRequest {
                    cryptographic_parameters: Some(Box::new(parameters)),
                    ..EncryptRequest::new(named(number), [7; 16].as_slice())
                }
                .into()
            }
            Act::Allocate(number, count) => GetUsageAllocationRequest {
                unique_identifier: Some(named(number).into()),
                usage_limits_count: i64::from(count),
            }
            .into(),
            Act::Archive(number) => ArchiveRequest { unique_identifier: Some(named(number).into()) }.into(),
            Act::Recover(number) => RecoverRequest { unique_identifier: Some(named(number).into()) }.into(),
            Act::Get(number) => GetRequest::new(named(number)).into(),
        }
    }

    fn exchange(
        &self,
        client: usize,
        payloads: Vec<RequestPayload>,
        option: Option<BatchErrorContinuationOption>,
    ) -> ResponseMessage {
        let count = i32::try_from(payloads.len()).unwrap();
        let items = (0_u32..).zip(payloads).map(|(number, payload)| {
            let mut item = RequestBatchItem::new(payload.operation().unwrap(), payload);
            item.unique_batch_item_id = Some(number.to_be_bytes().to_vec()).filter(|_| count > 1);
            item
        });
        let mut request_header = RequestHeader::new(self.version, count);
        request_header.batch_error_continuation_option = option.filter(|_| count > 1);
        request_header.batch_order_option = Some(true).filter(|_| count > 1);
        let message = RequestMessage { request_header, batch_item: items.collect() };
        let identity = format!("client {client}");
        let answer = self.server.handle_as(&identity, &message.to_ttlv().unwrap());
        ResponseMessage::from_ttlv(&answer).unwrap()
    }
}
