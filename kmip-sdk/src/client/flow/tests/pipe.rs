//! A stream in memory, and the server at its other end.

use std::io::{self, Read, Write};
use std::sync::{Arc, Mutex};

use kmip_types::enumerations::{Operation, ResultReason, ResultStatus};
use kmip_types::message::{
    Message as _, RequestBatchItem, RequestMessage, ResponseBatchItem, ResponseHeader, ResponseMessage,
};
use kmip_types::operation::{ActivateResponse, CheckResponse, DiscoverVersionsResponse, RequestPayload};
use kmip_types::{DateTime, ProtocolVersion};

use super::super::{Carrier, lock};
use crate::link::Io;

/// How the server answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    Well,
    /// Twice, so that the second is late to the next request.
    Twice,
    /// With a refusal that names no operation, as it cannot do it at this time.
    Refusing,
    /// With the first bytes.
    Partly,
}

/// What the server was asked.
pub(super) struct Asked {
    /// The name of the call, unless it asks for the version.
    pub(super) name: Option<String>,
}

/// How a stream ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Closed,
    Reset,
    /// With an alert of TLS, as far as that goes without TLS.
    Alert,
}

/// One stream, and what is on it.
#[derive(Default)]
pub(super) struct Pipe {
    pub(super) to_server: Vec<u8>,
    pub(super) to_client: Vec<u8>,
    /// How many bytes the client wrote.
    pub(super) written: usize,
    /// How many bytes it may still write, if that is limited.
    pub(super) room: Option<usize>,
    pub(super) end: Option<End>,
    pub(super) is_dropped: bool,
}

pub(super) struct Wire(pub(super) Arc<Mutex<Pipe>>);

impl Read for Wire {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut pipe = lock(&self.0);
        let count = buffer.len().min(pipe.to_client.len());
        match pipe.end {
            Some(End::Reset) => Err(io::ErrorKind::ConnectionReset.into()),
            Some(End::Alert) => {
                Err(io::Error::other(rustls::Error::AlertReceived(rustls::AlertDescription::InternalError)))
            }
            None if count == 0 => Err(io::ErrorKind::WouldBlock.into()),
            _ => {
                buffer[..count].copy_from_slice(&pipe.to_client[..count]);
                pipe.to_client.drain(..count);
                Ok(count)
            }
        }
    }
}

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut pipe = lock(&self.0);
        let count = bytes.len().min(pipe.room.unwrap_or(usize::MAX));
        match pipe.end {
            Some(End::Reset) => Err(io::ErrorKind::BrokenPipe.into()),
            _ if count == 0 => Err(io::ErrorKind::WouldBlock.into()),
            // The system takes bytes that the server will never see.
            _ => {
                pipe.to_server.extend(&bytes[..count]);
                pipe.written += count;
                pipe.room = pipe.room.map(|room| room - count);
                Ok(count)
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        lock(&self.0).is_dropped = true;
    }
}

impl Carrier for Wire {
    fn without_waiting<R>(&mut self, use_it: impl FnOnce(&mut dyn Io) -> R) -> Option<R> {
        Some(use_it(self))
    }
}

impl Pipe {
    /// The server takes a whole request, if there is one, and answers it.
    pub(super) fn answer(&mut self, how: How) -> Option<Asked> {
        let header = self.to_server.first_chunk::<8>()?;
        let length = 8 + u32::from_be_bytes([header[4], header[5], header[6], header[7]]) as usize;
        if self.to_server.len() < length || self.end.is_some() {
            return None;
        }
        let request: Vec<u8> = self.to_server.drain(..length).collect();
        let request = RequestMessage::from_ttlv(&request).unwrap();
        let response = response(&request, how);
        match how {
            How::Well | How::Refusing => self.to_client.extend(response),
            How::Twice => self.to_client.extend([response.clone(), response].concat()),
            How::Partly => self.to_client.extend(&response[..response.len() / 2]),
        }
        Some(Asked { name: name_of(&request.batch_item[0]) })
    }
}

/// The response to a request.
pub(super) fn response(request: &RequestMessage, how: How) -> Vec<u8> {
    let version = request.request_header.protocol_version;
    let mut item = answer_to(&request.batch_item[0]);
    if how == How::Refusing {
        item =
            ResponseBatchItem { operation: None, unique_batch_item_id: None, response_payload: None, ..item };
        item.result_status = ResultStatus::OperationFailed;
        // The one that may pass is of KMIP 2.0.
        let is_old = !version.is_at_least(ProtocolVersion::V2_0);
        item.result_reason =
            Some(if is_old { ResultReason::GeneralFailure } else { ResultReason::InternalServerError });
    }
    let header = ResponseHeader::new(version, DateTime::now(), 1);
    ResponseMessage { response_header: header, batch_item: vec![item] }.to_ttlv().unwrap()
}

/// The name of the call that a request is of, unless it asks for the version.
fn name_of(asked: &RequestBatchItem) -> Option<String> {
    let identifier = match &asked.request_payload {
        RequestPayload::Activate(request) => request.unique_identifier.as_ref(),
        RequestPayload::Check(request) => request.unique_identifier.as_ref(),
        _ => None,
    };
    identifier.map(ToString::to_string)
}

fn answer_to(asked: &RequestBatchItem) -> ResponseBatchItem {
    let name = name_of(asked).unwrap_or_default();
    let payload = match asked.operation {
        Operation::Activate => ActivateResponse { unique_identifier: name.into() }.into(),
        Operation::Check => {
            CheckResponse { unique_identifier: Some(name.into()), ..CheckResponse::default() }.into()
        }
        _ => DiscoverVersionsResponse { protocol_version: vec![ProtocolVersion::V2_1] }.into(),
    };
    let unique_batch_item_id = asked.unique_batch_item_id.clone();
    ResponseBatchItem { unique_batch_item_id, ..ResponseBatchItem::success(asked.operation, payload) }
}
