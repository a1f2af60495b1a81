//! Operations that are answered later: what was asked for, and what came of it until the client has got it
//! (KMIP 1.4 section 6.7, 2.1 section 9.2).

use std::collections::HashSet;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use kmip_types::enumerations::{CancellationResult, Operation, ProcessingStage, ResultReason, ResultStatus};
use kmip_types::message::{RequestHeader, ResponseBatchItem, ResponseHeader, ResponseMessage};
use kmip_types::operation::Right;
use kmip_types::{DateTime, Interval, ProtocolVersion, SecretBytes, Tag, Ttlv};
use zeroize::Zeroizing;

use super::access::Caller;
use super::context::{BatchMemory, MemoryRecord};
use super::crypto::random::random;
use super::options::ServerOptions;
use super::shared::Shared;
use super::shares::term;
use super::store::{
    Indexes, Kind, StoreError, Stored, Transaction, decode_record, decode_under, encode_in, encode_record,
};
use super::tickets::{CallerRecord, RightsRecord};
use crate::answer::Failure;

/// When the server has the result of an operation that it answers later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Later {
    /// Once the client has asked for it so many times in vain.
    Polls(u32),
    /// Once so much time has passed by the server's clock, to the second.
    Time(Interval),
}

/// What is to be done.
#[derive(Clone)]
pub(crate) struct Work {
    pub(crate) header: RequestHeader,
    pub(crate) item: Zeroizing<Vec<u8>>,
    pub(crate) caller: Caller,
    pub(crate) memory: BatchMemory,
}

/// An operation that is answered later.
#[derive(Clone)]
pub(crate) struct Job {
    pub(crate) correlation_value: Vec<u8>,
    pub(crate) operation: Operation,
    /// The version in which it was asked for.
    pub(crate) version: ProtocolVersion,
    /// Whose it is.
    pub(crate) owner: Option<String>,
    /// What who asked for it may do, if not everything.
    pub(crate) rights: Option<Arc<Vec<Right>>>,
    pub(crate) submitted: DateTime,
    /// How long its result is kept.
    pub(crate) keep: Interval,
    pub(crate) state: State,
}

/// How far an operation is.
#[derive(Clone)]
pub(crate) enum State {
    Waiting {
        work: Box<Work>,
        until: Until,
    },
    /// With about how many bytes are kept of it.
    Finished {
        response: Box<ResponseBatchItem>,
        at: DateTime,
        obtained: bool,
        size: usize,
    },
}

/// What an operation waits for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Until {
    Polls(u32),
    Time(DateTime),
}

/// What Poll finds.
pub(crate) enum Found {
    Pending,
    /// It is to be done now, by who asks.
    Due,
    Finished(Box<ResponseBatchItem>),
}

/// What is kept of an operation.
#[derive(Ttlv)]
struct JobRecord {
    #[ttlv(tag = 0x540060)]
    correlation_value: Vec<u8>,
    operation: Operation,
    protocol_version: ProtocolVersion,
    #[ttlv(tag = 0x540061)]
    owner: Option<String>,
    #[ttlv(tag = 0x540062)]
    submitted: DateTime,
    #[ttlv(tag = 0x540063)]
    keep: Interval,
    #[ttlv(tag = 0x540064)]
    waiting: Option<WaitingRecord>,
    #[ttlv(tag = 0x540065)]
    finished: Option<FinishedRecord>,
    #[ttlv(tag = 0x54006F)]
    rights: Option<RightsRecord>,
}

#[derive(Ttlv)]
struct WaitingRecord {
    /// In the form of its own version.
    #[ttlv(tag = 0x540066)]
    header: SecretBytes,
    #[ttlv(tag = 0x540067)]
    item: SecretBytes,
    #[ttlv(tag = 0x540068)]
    caller: CallerRecord,
    #[ttlv(tag = 0x540069)]
    memory: MemoryRecord,
    #[ttlv(tag = 0x54006A)]
    polls: Option<i64>,
    #[ttlv(tag = 0x54006B)]
    time: Option<DateTime>,
}

#[derive(Ttlv)]
struct FinishedRecord {
    /// A message with the result as its one item, in the version in which it was asked for.
    #[ttlv(tag = 0x54006C)]
    response: SecretBytes,
    #[ttlv(tag = 0x54006D)]
    at: DateTime,
    #[ttlv(tag = 0x54006E)]
    obtained: bool,
}

impl Stored for Job {
    const KIND: Kind = Kind::ASYNCHRONOUS;

    fn identifier(&self) -> Vec<u8> {
        self.correlation_value.clone()
    }

    fn indexes(&self) -> Indexes {
        Indexes { terms: vec![term(self.owner.as_deref())], names: Vec::new(), due: Some(self.due()) }
    }

    fn encode(&self) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let Self { correlation_value, operation, version, owner, rights, submitted, keep, state } = self;
        let (waiting, finished) = match state {
            State::Waiting { work, until } => (Some(waiting_record(work, *until)?), None),
            State::Finished { response, at, obtained, size: _ } => {
                let response = response_bytes(response, *version, *at)?;
                (None, Some(FinishedRecord { response, at: *at, obtained: *obtained }))
            }
        };
        encode_record(&JobRecord {
            correlation_value: correlation_value.clone(),
            operation: *operation,
            protocol_version: *version,
            owner: owner.clone(),
            submitted: *submitted,
            keep: *keep,
            waiting,
            finished,
            rights: rights.as_deref().map(RightsRecord::from),
        })
    }

    fn size(&self) -> Result<usize, StoreError> {
        Ok(self.bytes())
    }

    fn decode(bytes: &[u8]) -> Result<Self, StoreError> {
        let record: JobRecord = decode_record(bytes)?;
        let corrupt = || StoreError::Corrupt("an operation that is answered later has no state".to_owned());
        let state = match (record.waiting, record.finished) {
            (Some(waiting), _) => {
                let until = match (waiting.polls, waiting.time) {
                    (_, Some(time)) => Until::Time(time),
                    (polls, None) => Until::Polls(u32::try_from(polls.unwrap_or(0)).unwrap_or(0)),
                };
                let work = Work {
                    header: decode_under(Tag::REQUEST_HEADER, waiting.header.reveal())?,
                    item: waiting.item.into_zeroizing(),
                    caller: waiting.caller.into(),
                    memory: waiting.memory.into(),
                };
                State::Waiting { work: Box::new(work), until }
            }
            (None, Some(finished)) => {
                let size = finished.response.len();
                let message: ResponseMessage =
                    decode_under(Tag::RESPONSE_MESSAGE, finished.response.reveal())?;
                let response = message.batch_item.into_iter().next().ok_or_else(corrupt)?;
                let (at, obtained) = (finished.at, finished.obtained);
                State::Finished { response: Box::new(response), at, obtained, size }
            }
            (None, None) => return Err(corrupt()),
        };
        Ok(Self {
            correlation_value: record.correlation_value,
            operation: record.operation,
            version: record.protocol_version,
            owner: record.owner,
            rights: record.rights.map(Into::into),
            submitted: record.submitted,
            keep: record.keep,
            state,
        })
    }
}

fn waiting_record(work: &Work, until: Until) -> Result<WaitingRecord, StoreError> {
    let Work { header, item, caller, memory } = work;
    let (polls, time) = match until {
        Until::Polls(polls) => (Some(i64::from(polls)), None),
        Until::Time(time) => (None, Some(time)),
    };
    Ok(WaitingRecord {
        header: encode_in(Tag::REQUEST_HEADER, header, header.protocol_version)?.to_vec().into(),
        item: item.to_vec().into(),
        caller: caller.into(),
        memory: memory.into(),
        polls,
        time,
    })
}

fn response_bytes(
    response: &ResponseBatchItem,
    protocol_version: ProtocolVersion,
    time_stamp: DateTime,
) -> Result<SecretBytes, StoreError> {
    let response_header = ResponseHeader {
        protocol_version,
        time_stamp,
        nonce: None,
        server_hashed_password: None,
        attestation_type: Vec::new(),
        client_correlation_value: None,
        server_correlation_value: None,
        batch_count: 1,
    };
    let message = ResponseMessage { response_header, batch_item: vec![response.clone()] };
    Ok(encode_in(Tag::RESPONSE_MESSAGE, &message, protocol_version)?.to_vec().into())
}

impl Job {
    /// Whether it is a client's. Who has some of the client's rights only has what was asked for with these: in the results of
    /// the client's own there may be what these rights do not give.
    fn is_of(&self, caller: &Caller) -> bool {
        self.owner == caller.identity && (caller.rights.is_none() || self.rights == caller.rights)
    }

    /// When it is done or, once nobody asks any more, forgotten.
    pub(crate) fn due(&self) -> i64 {
        let keep = i64::from(self.keep.seconds());
        let after = |time: DateTime| time.seconds().saturating_add(keep).saturating_add(1);
        match &self.state {
            State::Waiting { until: Until::Time(time), .. } => time.seconds(),
            State::Waiting { until: Until::Polls(0), .. } => i64::MIN,
            State::Waiting { until: Until::Polls(_), .. } => after(self.submitted),
            State::Finished { at, .. } => after(*at),
        }
    }

    /// What is to be done now, if its time has come.
    pub(crate) fn is_to_be_done(&self, now: DateTime) -> Option<&Work> {
        match &self.state {
            State::Waiting { work, until: Until::Time(time) } if *time <= now => Some(work),
            State::Waiting { work, until: Until::Polls(0) } => Some(work),
            _ => None,
        }
    }

    /// With its result.
    pub(crate) fn finished(self, response: ResponseBatchItem, at: DateTime) -> Self {
        // What has no form is refused when it is put.
        let size = response_bytes(&response, self.version, at).map_or(0, |bytes| bytes.len());
        let state = State::Finished { response: Box::new(response), at, obtained: false, size };
        Self { state, ..self }
    }

    /// About how many bytes are kept of it.
    fn bytes(&self) -> usize {
        match &self.state {
            State::Waiting { work, .. } => work.item.len().saturating_add(work.memory.size()),
            State::Finished { size, .. } => *size,
        }
    }
}

/// What a client calls an operation by.
pub(crate) fn new_correlation_value() -> Result<Vec<u8>, Failure> {
    Ok(random(16)?.reveal().to_vec())
}

/// What the response of an operation that was cancelled is.
fn cancelled(operation: Operation) -> ResponseBatchItem {
    let reason = ResultReason::OperationCanceledByRequester;
    ResponseBatchItem::failure(Some(operation), reason, "the operation was cancelled")
}

fn unknown() -> Failure {
    let message = "there is no operation with this Asynchronous Correlation Value";
    Failure::new(ResultReason::InvalidAsynchronousCorrelationValue, message)
}

/// Refuses an operation where a client has as many as it may, or as much of them.
pub(crate) fn check_room(
    transaction: &mut Transaction<'_>,
    job: &Job,
    options: &ServerOptions,
) -> Result<(), Failure> {
    if has_room(transaction, job, options.maximum_later, options.later_bytes.0)? {
        return Ok(());
    }
    let (maximum, bytes) = (options.maximum_later, options.later_bytes.0);
    let message = format!(
        "a client has no more than {maximum} operations here whose results it has to ask for, and no more than {bytes} bytes of them"
    );
    Err(Failure::new(ResultReason::ServerLimitExceeded, message))
}

/// Whether a client has room, in so many operations of so many bytes, for another one or for the result of one, once those are
/// forgotten that the client has got: they are only kept in case that they did not reach it.
pub(crate) fn has_room(
    transaction: &mut Transaction<'_>,
    job: &Job,
    maximum: usize,
    most: usize,
) -> Result<bool, StoreError> {
    let mut jobs = transaction.with_term::<Job>(term(job.owner.as_deref()), maximum)?;
    jobs.retain(|other| other.correlation_value != job.correlation_value);
    let mut count = jobs.len();
    let mut bytes = jobs.iter().fold(job.bytes(), |bytes, job| bytes.saturating_add(job.bytes()));
    let is_obtained = |job: &&Arc<Job>| matches!(job.state, State::Finished { obtained: true, .. });
    for oldest in jobs.iter().filter(is_obtained) {
        if count < maximum && bytes <= most {
            break;
        }
        transaction.remove::<Job>(&oldest.correlation_value)?;
        (count, bytes) = (count - 1, bytes.saturating_sub(oldest.bytes()));
    }
    Ok(count < maximum && bytes <= most)
}

/// What came of an operation so far. Where it runs here, this waits until it does not.
pub(crate) fn poll(
    shared: &Shared,
    correlation_value: &[u8],
    caller: &Caller,
    now: DateTime,
) -> Result<Found, Failure> {
    change(shared, correlation_value, caller, now, |job| {
        match &mut job.state {
            State::Finished { response, .. } => return Ok((Found::Finished(response.clone()), false)),
            State::Waiting { until: Until::Polls(left @ 1..), .. } => {
                *left -= 1;
                return Ok((Found::Pending, true));
            }
            State::Waiting { .. } => {}
        }
        let found = if job.is_to_be_done(now).is_some() { Found::Due } else { Found::Pending };
        Ok((found, false))
    })
}

/// Has an operation no longer wait: its result is there when it is asked for.
pub(crate) fn hurry(
    shared: &Shared,
    correlation_value: &[u8],
    caller: &Caller,
    now: DateTime,
) -> Result<(), Failure> {
    change(shared, correlation_value, caller, now, |job| {
        let State::Waiting { until, .. } = &mut job.state else { return Ok(((), false)) };
        *until = Until::Polls(0);
        Ok(((), true))
    })
}

/// Has an operation not be done, if it has not begun.
pub(crate) fn cancel(
    shared: &Shared,
    correlation_value: &[u8],
    caller: &Caller,
    now: DateTime,
) -> Result<CancellationResult, Failure> {
    if shared.running.has(correlation_value) {
        return Ok(CancellationResult::UnableToCancel);
    }
    let result = change(shared, correlation_value, caller, now, |job| match &job.state {
        State::Finished { response, .. } if response.result_status == ResultStatus::Success => {
            Ok((CancellationResult::Completed, false))
        }
        State::Finished { .. } => Ok((CancellationResult::Failed, false)),
        State::Waiting { .. } => {
            let response = Box::new(cancelled(job.operation));
            // Who cancels an operation knows its result.
            job.state = State::Finished { response, at: now, obtained: true, size: 0 };
            Ok((CancellationResult::Canceled, true))
        }
    });
    match result {
        Err(failure) if failure == unknown() => Ok(CancellationResult::Unavailable),
        result => result,
    }
}

/// Changes somebody's operation by itself, if `change` says so.
fn change<T>(
    shared: &Shared,
    correlation_value: &[u8],
    caller: &Caller,
    now: DateTime,
    change: impl Fn(&mut Job) -> Result<(T, bool), Failure>,
) -> Result<T, Failure> {
    loop {
        shared.running.wait(correlation_value);
        let mut transaction = shared.begin(now);
        let job = transaction.value::<Job>(correlation_value)?;
        let job = job.filter(|job| job.is_of(caller)).ok_or_else(unknown)?;
        let mut job = (*job).clone();
        let (result, is_changed) = change(&mut job)?;
        if !is_changed {
            return Ok(result);
        }
        transaction.put(job)?;
        match transaction.commit() {
            Ok(()) => return Ok(result),
            Err(StoreError::Conflict) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Notes that the client has got the result, which is final when the rest of the transaction is.
pub(crate) fn obtained(
    transaction: &mut Transaction<'_>,
    correlation_value: &[u8],
) -> Result<(), StoreError> {
    let Some(job) = transaction.value::<Job>(correlation_value)? else { return Ok(()) };
    let mut job = (*job).clone();
    match &mut job.state {
        State::Finished { obtained, .. } if !*obtained => {
            *obtained = true;
            transaction.put(job)
        }
        _ => Ok(()),
    }
}

/// What a client has not got the results of, in the order in which it asked.
pub(crate) fn outstanding(
    shared: &Shared,
    transaction: &Transaction<'_>,
    caller: &Caller,
) -> Result<Vec<(Arc<Job>, ProcessingStage)>, Failure> {
    let jobs = transaction.with_term::<Job>(term(caller.identity.as_deref()), usize::MAX)?;
    let listed = jobs.into_iter().filter(|job| job.is_of(caller)).filter_map(|job| {
        let stage = match &job.state {
            State::Waiting { .. } if shared.running.has(&job.correlation_value) => ProcessingStage::InProcess,
            State::Waiting { .. } => ProcessingStage::Submitted,
            State::Finished { obtained: true, .. } => return None,
            State::Finished { .. } => ProcessingStage::Completed,
        };
        Some((job, stage))
    });
    Ok(listed.collect())
}

/// What a client's operations are called by, those with results that it has got included: a page of them.
pub(crate) fn all_of(transaction: &Transaction<'_>, owner: &str) -> Result<Vec<Vec<u8>>, StoreError> {
    let jobs = transaction.with_term::<Job>(term(Some(owner)), 256)?;
    let own = jobs.iter().filter(|job| job.owner.as_deref() == Some(owner));
    Ok(own.map(|job| job.correlation_value.clone()).collect())
}

/// The operations that this process does at this moment. That each is done once, the store sees to; this has nobody begin in
/// vain, and has others wait.
#[derive(Debug, Default)]
pub(crate) struct Running {
    running: Mutex<HashSet<Vec<u8>>>,
    finished: Condvar,
}

/// An operation that is done.
pub(crate) struct Run<'a> {
    running: &'a Running,
    correlation_value: Vec<u8>,
}

impl Running {
    /// Begins an operation, unless it has begun.
    pub(crate) fn begin(&self, correlation_value: &[u8]) -> Option<Run<'_>> {
        let correlation_value = correlation_value.to_vec();
        let is_new = self.lock().insert(correlation_value.clone());
        is_new.then_some(Run { running: self, correlation_value })
    }

    /// Waits until an operation is done, if it has begun.
    pub(crate) fn wait(&self, correlation_value: &[u8]) {
        let running = self.lock();
        let is_running = |running: &mut HashSet<Vec<u8>>| running.contains(correlation_value);
        drop(self.finished.wait_while(running, is_running).unwrap_or_else(PoisonError::into_inner));
    }

    fn has(&self, correlation_value: &[u8]) -> bool {
        self.lock().contains(correlation_value)
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<Vec<u8>>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Run<'_> {
    fn drop(&mut self) {
        self.running.lock().remove(&self.correlation_value);
        self.running.finished.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use kmip_types::enumerations::{AsynchronousIndicator, ResultStatus};
    use kmip_types::message::{
        Authentication, Credential, Message as _, RequestBatchItem, RequestMessage, ResponseMessage,
    };
    use kmip_types::operation::PingRequest;

    use super::*;
    use crate::server::Server;

    #[test]
    fn what_waits_keeps_who_asks_and_no_password() {
        let server = Server::new(
            ServerOptions::default().user("alice", "secret").later(Operation::Ping, Later::Polls(3)),
        );
        let mut request_header = RequestHeader::new(ProtocolVersion::V2_1, 1);
        request_header.asynchronous_indicator = Some(AsynchronousIndicator::Optional);
        let credential = vec![Credential::username_and_password("alice", "secret".to_owned())];
        request_header.authentication = Some(Authentication { credential });
        let batch_item = vec![RequestBatchItem::new(Operation::Ping, PingRequest {}.into())];
        let request = RequestMessage { request_header, batch_item }.to_ttlv().unwrap();
        let response = ResponseMessage::from_ttlv(&server.handle(&request)).unwrap();
        assert_eq!(response.batch_item[0].result_status, ResultStatus::OperationPending);
        let transaction = server.shared.begin(DateTime::from_seconds(0));
        let jobs = transaction.with_term::<Job>(term(Some("alice")), 2).unwrap();
        let [job] = jobs.as_slice() else { panic!("there is one") };
        let State::Waiting { work, .. } = &job.state else { panic!("it waits") };
        assert_eq!(work.caller.identity.as_deref(), Some("alice"));
        assert!(work.header.authentication.is_none());
    }
}
