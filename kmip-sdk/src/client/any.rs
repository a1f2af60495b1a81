//! A call of an operation that is known only when the program runs.

use kmip_types::enumerations::Operation;
use kmip_types::message::RequestBatchItem;
use kmip_types::operation::{RequestPayload, ResponsePayload};
use kmip_types::ttlv::{Decode, Mode, Reader};
use kmip_types::{DecodeError, Item, Limits, ProtocolVersion, Tag};
use zeroize::Zeroizing;

use super::ask::{Ask, Exchanges, lost};
use super::flow::Work;
use super::{Call, Client, Driver};
use crate::error::{Error, ErrorKind, Phase};
use crate::session::Batch;

impl<D: Driver> Client<D> {
    /// To have an operation done that is known only when the program runs, with the payload of its request as an item, such as
    /// one that was read from JSON or XML. It may be in the form of any version, and is sent in that which was agreed on. The
    /// call yields the payload of the response, if there is one.
    ///
    /// ```
    /// use kmip_sdk::types::Item;
    /// use kmip_sdk::types::enumerations::Operation;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// let payload = Item::from_json(
    ///     r#"{"tag":"RequestPayload","value":[{"tag":"QueryFunction","type":"Enumeration","value":"QueryObjects"}]}"#,
    /// )?;
    /// let answered = client.call_any(Operation::Query, &payload).send()?;
    /// assert!(answered.is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Of the call: [`ErrorKind::NoPayload`]; as of [`call`](Self::call).
    pub fn call_any(&self, operation: Operation, payload: &Item) -> Call<'_, D, Any> {
        let read = read(operation, payload);
        Call::new(self, Any { operation, payload: None }).trying(|any| {
            any.payload = Some(
                read.map_err(|error| Error::new(Phase::Encode, ErrorKind::NoPayload { operation, error }))?,
            );
            Ok(())
        })
    }
}

/// Asks for an operation that is known only when the program runs.
#[derive(Clone, Debug)]
pub struct Any {
    operation: Operation,
    payload: Option<RequestPayload>,
}

impl<D: Driver> Ask<D> for Any {
    type Answer = Option<ResponsePayload>;

    async fn perform(self, exchanges: &mut Exchanges<'_, D>) -> Result<Self::Answer, Error> {
        let mut batch = Batch::new();
        batch.add_any(self.operation, self.payload.ok_or_else(lost)?);
        let mut results = exchanges.exchange(Work::Batch(batch)).await?.results.ok_or_else(lost)?;
        results.take_any().map_err(|error| error.with_deviations(results.deviations().to_vec()))
    }
}

/// The payload, in the form of the newest version that it is one in.
fn read(operation: Operation, payload: &Item) -> Result<RequestPayload, DecodeError> {
    // Beside its operation, as that says what a payload holds.
    let fields = payload.as_structure().unwrap_or_default().to_vec();
    let payload = Item::structure(Tag::REQUEST_PAYLOAD, fields);
    let operation = Item::enumeration(Tag::OPERATION, operation);
    let item = Zeroizing::new(Item::structure(Tag::BATCH_ITEM, vec![operation, payload]));
    // What cannot be written is no item, as reading nothing says.
    let bytes = Zeroizing::new(item.to_ttlv().unwrap_or_default());
    let in_version = |version| {
        let mut reader = Reader::new(&bytes, Mode::Strict, Limits::default())?.in_version(version);
        RequestBatchItem::decode(Tag::BATCH_ITEM, &mut reader).map(|item| item.request_payload)
    };
    let newest = in_version(ProtocolVersion::NEWEST);
    let older = ProtocolVersion::ALL.iter().rev().skip(1);
    older.fold(newest, |read, version| read.or_else(|error| in_version(*version).map_err(|_| error)))
}
