//! Hash: hashes data (KMIP 1.4 section 4.37, 2.1 section 6.1.24).

use kmip_types::enumerations::{self, Operation, ResultReason};
use kmip_types::operation::{HashRequest, HashResponse};

use super::parts::{Part, mixed_up};
use crate::answer::Failure;
use crate::server::context::Context;
use crate::server::crypto::hash as hashes;
use crate::server::streams::Running;

const OPERATION: Operation = Operation::Hash;

pub(super) fn hash(context: &mut Context<'_>, request: HashRequest) -> Result<HashResponse, Failure> {
    let part = Part::of(request.correlation_value, request.init_indicator, request.final_indicator)?;
    let data = context.data_of_part(request.data.as_ref(), matches!(part, Part::Only))?;
    let running = part.running(context, OPERATION, None, || {
        let algorithm = request.cryptographic_parameters.hashing_algorithm.ok_or_else(|| {
            Failure::new(ResultReason::InvalidField, "the Cryptographic Parameters have no Hashing Algorithm")
        })?;
        // The table of the operation has no reason of its own for what is not supported.
        let started = hashes::start(algorithm);
        started
            .map(Running::Hash)
            .map_err(|failure| Failure { reason: ResultReason::InvalidField, ..failure })
    })?;
    let Running::Hash(mut hash) = running else { return Err(mixed_up()) };
    hash.update(data.reveal());
    if !part.is_last() {
        let correlation_value = part.keep(context, OPERATION, None, Running::Hash(hash))?;
        return Ok(HashResponse { data: None, correlation_value });
    }
    let data = hash.finish().into();
    context.memory.output(enumerations::DataEnumeration::Hash, &data);
    Ok(HashResponse { data: Some(data), correlation_value: None })
}
