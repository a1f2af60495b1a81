//! Operations that are answered later: what was asked for, and what came of it until the client has got it
//! (KMIP 1.4 section 6.7, 2.1 section 9.2).

use std::fmt;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use kmip_types::enumerations::{CancellationResult, Operation, ProcessingStage, ResultReason, ResultStatus};
use kmip_types::message::{RequestHeader, ResponseBatchItem};
use kmip_types::{DateTime, Interval};
use zeroize::Zeroizing;

use super::access::Caller;
use super::context::BatchMemory;
use super::crypto::random::random;
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
pub(crate) struct Work {
    pub(crate) header: RequestHeader,
    pub(crate) item: Zeroizing<Vec<u8>>,
    pub(crate) caller: Caller,
    pub(crate) memory: BatchMemory,
}

/// An operation that is answered later.
pub(crate) struct Job {
    pub(crate) operation: Operation,
    /// Whose it is.
    pub(crate) owner: Option<String>,
    pub(crate) submitted: DateTime,
    pub(crate) state: State,
}

/// How far an operation is.
pub(crate) enum State {
    Waiting { work: Box<Work>, until: Until },
    Running,
    Finished { response: Box<ResponseBatchItem>, at: DateTime, obtained: bool },
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
    Due(Box<Work>),
    Finished(Box<ResponseBatchItem>),
}

/// All that is answered later.
#[derive(Default)]
pub(crate) struct Jobs {
    jobs: Mutex<Vec<(Vec<u8>, Job)>>,
    finished: Condvar,
}

impl fmt::Debug for Jobs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Jobs").field("jobs", &self.lock().len()).finish()
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

impl Jobs {
    /// Refuses one operation more than a client may have; what was finished long ago is forgotten first.
    pub(crate) fn check_room(
        &self,
        owner: Option<&str>,
        maximum: usize,
        now: DateTime,
        keep: Interval,
    ) -> Result<(), Failure> {
        let mut jobs = self.lock();
        forget(&mut jobs, now, keep);
        if jobs.iter().filter(|(_, job)| job.owner.as_deref() == owner).count() < maximum {
            return Ok(());
        }
        // What the client has got is only kept in case that it did not reach it.
        let oldest = jobs.iter().position(|(_, job)| {
            job.owner.as_deref() == owner && matches!(job.state, State::Finished { obtained: true, .. })
        });
        if let Some(oldest) = oldest {
            jobs.remove(oldest);
            return Ok(());
        }
        let message =
            format!("a client has no more than {maximum} operations here whose results it has to ask for");
        Err(Failure::new(ResultReason::ServerLimitExceeded, message))
    }

    /// Keeps an operation until its time comes.
    pub(crate) fn put(&self, correlation_value: Vec<u8>, job: Job) {
        self.lock().push((correlation_value, job));
    }

    /// What came of an operation so far. Where it runs, this waits until it does not.
    pub(crate) fn poll(
        &self,
        correlation_value: &[u8],
        owner: Option<&str>,
        now: DateTime,
    ) -> Result<Found, Failure> {
        let mut jobs = self.lock();
        loop {
            let job = find(&mut jobs, correlation_value, owner).ok_or_else(unknown)?;
            match &mut job.state {
                State::Running => {
                    jobs = self.finished.wait(jobs).unwrap_or_else(PoisonError::into_inner);
                }
                State::Finished { response, .. } => return Ok(Found::Finished(response.clone())),
                State::Waiting { until: Until::Polls(left @ 1..), .. } => {
                    *left -= 1;
                    return Ok(Found::Pending);
                }
                State::Waiting { until: Until::Time(time), .. } if *time > now => return Ok(Found::Pending),
                State::Waiting { .. } => return Ok(start(job).map_or(Found::Pending, Found::Due)),
            }
        }
    }

    /// Has an operation no longer wait: its result is there when it is asked for.
    pub(crate) fn hurry(&self, correlation_value: &[u8], owner: Option<&str>) -> Result<(), Failure> {
        let mut jobs = self.lock();
        let job = find(&mut jobs, correlation_value, owner).ok_or_else(unknown)?;
        if let State::Waiting { until, .. } = &mut job.state {
            *until = Until::Polls(0);
        }
        Ok(())
    }

    /// Has an operation not be done, if it has not begun.
    pub(crate) fn cancel(
        &self,
        correlation_value: &[u8],
        owner: Option<&str>,
        now: DateTime,
    ) -> CancellationResult {
        let mut jobs = self.lock();
        let Some(job) = find(&mut jobs, correlation_value, owner) else {
            return CancellationResult::Unavailable;
        };
        match &job.state {
            State::Running => CancellationResult::UnableToCancel,
            State::Finished { response, .. } if response.result_status == ResultStatus::Success => {
                CancellationResult::Completed
            }
            State::Finished { .. } => CancellationResult::Failed,
            State::Waiting { .. } => {
                let response = Box::new(cancelled(job.operation));
                // Who cancels an operation knows its result.
                job.state = State::Finished { response, at: now, obtained: true };
                CancellationResult::Canceled
            }
        }
    }

    /// Takes the next operation whose time has come.
    pub(crate) fn next_due(&self, now: DateTime) -> Option<(Vec<u8>, Box<Work>)> {
        let mut jobs = self.lock();
        let is_due = |job: &Job| match &job.state {
            State::Waiting { until: Until::Time(time), .. } => *time <= now,
            State::Waiting { until: Until::Polls(left), .. } => *left == 0,
            _ => false,
        };
        let (correlation_value, job) = jobs.iter_mut().find(|(_, job)| is_due(job))?;
        Some((correlation_value.clone(), start(job)?))
    }

    /// Notes what came of an operation that was taken.
    pub(crate) fn finish(&self, correlation_value: &[u8], response: ResponseBatchItem, now: DateTime) {
        let mut jobs = self.lock();
        if let Some((_, job)) = jobs.iter_mut().find(|(value, _)| value == correlation_value) {
            job.state = State::Finished { response: Box::new(response), at: now, obtained: false };
        }
        drop(jobs);
        self.finished.notify_all();
    }

    /// Notes that the client has got the result.
    pub(crate) fn obtained(&self, correlation_value: &[u8]) {
        let mut jobs = self.lock();
        if let Some((_, Job { state: State::Finished { obtained, .. }, .. })) =
            jobs.iter_mut().find(|(value, _)| value == correlation_value)
        {
            *obtained = true;
        }
    }

    /// What a client has not got the results of, in the order in which it asked.
    pub(crate) fn outstanding(
        &self,
        owner: Option<&str>,
    ) -> Vec<(Vec<u8>, Operation, DateTime, ProcessingStage)> {
        let jobs = self.lock();
        let mine = jobs.iter().filter(|(_, job)| job.owner.as_deref() == owner);
        mine.filter_map(|(value, job)| {
            let stage = match &job.state {
                State::Waiting { .. } => ProcessingStage::Submitted,
                State::Running => ProcessingStage::InProcess,
                State::Finished { obtained: true, .. } => return None,
                State::Finished { .. } => ProcessingStage::Completed,
            };
            Some((value.clone(), job.operation, job.submitted, stage))
        })
        .collect()
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) {
        self.lock().clear();
        self.finished.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(Vec<u8>, Job)>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes what is to be done, which is then under way.
fn start(job: &mut Job) -> Option<Box<Work>> {
    match std::mem::replace(&mut job.state, State::Running) {
        State::Waiting { work, .. } => Some(work),
        other => {
            job.state = other;
            None
        }
    }
}

fn find<'a>(
    jobs: &'a mut [(Vec<u8>, Job)],
    correlation_value: &[u8],
    owner: Option<&str>,
) -> Option<&'a mut Job> {
    let mut mine = jobs.iter_mut().filter(|(_, job)| job.owner.as_deref() == owner);
    mine.find(|(value, _)| value == correlation_value).map(|(_, job)| job)
}

fn forget(jobs: &mut Vec<(Vec<u8>, Job)>, now: DateTime, keep: Interval) {
    let keep = i64::from(keep.seconds());
    let is_recent = |time: DateTime| now.seconds().saturating_sub(time.seconds()) <= keep;
    jobs.retain(|(_, job)| match &job.state {
        State::Finished { at, .. } => is_recent(*at),
        // Nobody asks any more.
        State::Waiting { until: Until::Polls(_), .. } => is_recent(job.submitted),
        _ => true,
    });
}
