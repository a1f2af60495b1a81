//! Operations in parts: which part a request is, and keeping what is open (KMIP 1.4 section 4.29, 2.1 section 6.1.17).

use kmip_types::enumerations::{Operation, ResultReason};

use crate::answer::Failure;
use crate::server::context::Context;
use crate::server::streams::{OpenStream, Running, new_correlation_value};

/// Which part of an operation a request is.
pub(super) enum Part {
    /// All of it.
    Only,
    /// The first of several.
    First,
    /// One that goes on from others.
    Next { correlation_value: Vec<u8>, is_last: bool },
}

impl Part {
    /// By the fields of the request.
    pub(super) fn of(
        correlation_value: Option<Vec<u8>>,
        init: Option<bool>,
        last: Option<bool>,
    ) -> Result<Self, Failure> {
        let (init, is_last) = (init.unwrap_or(false), last.unwrap_or(false));
        match correlation_value {
            None if init == is_last => Ok(Self::Only),
            None if init => Ok(Self::First),
            None => {
                let message = "a last part without a Correlation Value goes on from nothing";
                Err(Failure::new(ResultReason::InvalidCorrelationValue, message))
            }
            Some(_) if init => {
                let message = "a first part has no Correlation Value yet";
                Err(Failure::new(ResultReason::InvalidField, message))
            }
            Some(correlation_value) => Ok(Self::Next { correlation_value, is_last }),
        }
    }

    /// Whether nothing follows.
    pub(super) fn is_last(&self) -> bool {
        matches!(self, Self::Only | Self::Next { is_last: true, .. })
    }

    /// Whether nothing came before.
    pub(super) fn is_first(&self) -> bool {
        matches!(self, Self::Only | Self::First)
    }

    /// What works on the parts: what is open, or what is begun now.
    pub(super) fn running(
        &self,
        context: &Context<'_>,
        operation: Operation,
        key: Option<&str>,
        begin: impl FnOnce() -> Result<Running, Failure>,
    ) -> Result<Running, Failure> {
        match self {
            Self::Only | Self::First => begin(),
            Self::Next { correlation_value, .. } => {
                let owner = context.owner();
                Ok(context.shared.streams.take(correlation_value, operation, key, owner.as_deref())?.running)
            }
        }
    }

    /// Refuses to go on from what is not open.
    pub(super) fn check_open(&self, context: &Context<'_>, key: Option<&str>) -> Result<(), Failure> {
        match self {
            Self::Only | Self::First => Ok(()),
            Self::Next { correlation_value, .. } => {
                let owner = context.owner();
                context.shared.streams.check(correlation_value, context.operation, key, owner.as_deref())
            }
        }
    }

    /// Keeps what is open for the next part, and gives its Correlation Value.
    pub(super) fn keep(
        self,
        context: &mut Context<'_>,
        operation: Operation,
        key: Option<&str>,
        running: Running,
    ) -> Result<Option<Vec<u8>>, Failure> {
        let owner = context.owner();
        let stream = OpenStream { operation, key: key.map(str::to_owned), owner, running };
        let (now, options) = (context.now, context.options);
        match self {
            Self::Only => Ok(None),
            Self::First => {
                let owner = stream.owner.as_deref();
                let streams = &context.shared.streams;
                streams.check_room(owner, options.maximum_streams, now, options.stream_idle)?;
                let correlation_value = new_correlation_value()?;
                let name = correlation_value.clone();
                context.effects.push(Box::new(move |shared| shared.streams.put(name, stream, now)));
                Ok(Some(correlation_value))
            }
            Self::Next { correlation_value, .. } => {
                context.shared.streams.put(correlation_value.clone(), stream, now);
                Ok(Some(correlation_value))
            }
        }
    }
}

/// What is open is of another kind than its operation: that cannot be.
pub(super) fn mixed_up() -> Failure {
    Failure::new(ResultReason::InternalServerError, "the parts of two operations were mixed up")
}
