//! Why an operation failed, and the Result Reason that each version has for it.

use kmip_types::ProtocolVersion;
use kmip_types::enumerations::{Operation, ResultReason};
use kmip_types::tables::OperationInfo;

/// What a Response Batch Item says of an operation that failed.
///
/// The reason is the one of KMIP 2.1; in an earlier version the server gives the one that stands for it there.
/// The message is for a person and should never hold a value of a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub(crate) reason: ResultReason,
    pub(crate) message: String,
}

impl Failure {
    /// A failure with its reason and message.
    pub fn new(reason: ResultReason, message: impl Into<String>) -> Self {
        Self { reason, message: message.into() }
    }

    /// The Result Reason in a version: one that its table of errors has for the operation, where that has one for what went
    /// wrong. Before KMIP 2.0 there are fewer reasons, and the tables of KMIP 1.4 chapter 11 say for each operation which of
    /// them stands for what.
    pub(crate) fn reason_in(&self, version: ProtocolVersion, operation: Option<Operation>) -> ResultReason {
        let since_2_0 = version.is_at_least(ProtocolVersion::V2_0);
        let reason = if since_2_0 { self.reason } else { before_2_0(self.reason, operation) };
        let edition = operation.and_then(OperationInfo::of).and_then(|info| info.edition(version));
        let table = edition.map(|edition| edition.reasons).unwrap_or_default();
        if let Some(listed) = same(reason).iter().find(|other| table.contains(other))
            && !table.contains(&reason)
        {
            return *listed;
        }
        if reason.is_in(version) || matches!(reason, ResultReason::Other(_)) {
            return reason;
        }
        if since_2_0 { ResultReason::GeneralFailure } else { before_its_time(reason) }
    }
}

/// The reasons that say the same as one: tables of errors have now one, now the other, and some only what says less.
fn same(reason: ResultReason) -> &'static [ResultReason] {
    use ResultReason as R;
    match reason {
        R::AttributeReadOnly => &[R::ReadOnlyAttribute],
        R::ReadOnlyAttribute => &[R::AttributeReadOnly],
        R::InvalidAttribute => &[R::UnsupportedAttribute, R::InvalidField],
        R::UnsupportedAttribute => &[R::InvalidAttribute, R::InvalidField],
        R::ObjectNotFound => &[R::ItemNotFound],
        R::ItemNotFound => &[R::ObjectNotFound],
        R::AttributeInstanceNotFound => &[R::AttributeNotFound, R::ItemNotFound],
        R::BadCryptographicParameters | R::UnsupportedCryptographicParameters => {
            &[R::UnsupportedCryptographicParameters, R::BadCryptographicParameters, R::InvalidField]
        }
        R::InvalidAttributeValue
        | R::InvalidObjectType
        | R::InvalidDataType
        | R::AttributeNotFound
        | R::MissingInitializationVector
        | R::AttributeSingleValued
        | R::MultiValuedAttribute
        | R::NumericRange => &[R::InvalidField],
        _ => &[],
    }
}

fn before_2_0(reason: ResultReason, operation: Option<Operation>) -> ResultReason {
    use Operation as O;
    use ResultReason as R;
    let creates = matches!(
        operation,
        Some(
            O::Create
                | O::CreateKeyPair
                | O::Register
                | O::ReKey
                | O::ReKeyKeyPair
                | O::DeriveKey
                | O::Certify
                | O::ReCertify
                | O::CreateSplitKey
                | O::JoinSplitKey
                | O::Import
        )
    );
    match reason {
        R::ObjectNotFound
        | R::AttributeInstanceNotFound
        | R::InvalidCorrelationValue
        | R::InvalidAsynchronousCorrelationValue => R::ItemNotFound,
        R::AttributeNotFound if operation == Some(O::ModifyAttribute) => R::InvalidField,
        R::AttributeNotFound => R::ItemNotFound,
        R::ObjectDestroyed if operation == Some(O::Get) => R::IllegalOperation,
        R::WrongKeyLifecycleState | R::IncompatibleCryptographicUsageMask
            if operation == Some(O::DeriveKey) =>
        {
            R::InvalidField
        }
        R::WrongKeyLifecycleState
        | R::ObjectDestroyed
        | R::IncompatibleCryptographicUsageMask
        | R::UsageLimitExceeded => R::PermissionDenied,
        R::InvalidObjectType if creates => R::InvalidField,
        R::InvalidObjectType => R::IllegalOperation,
        R::AttributeReadOnly | R::ReadOnlyAttribute if !creates => R::PermissionDenied,
        R::AttributeSingleValued | R::NonUniqueNameAttribute | R::MultiValuedAttribute if !creates => {
            R::IllegalOperation
        }
        R::UnsupportedAttribute | R::InvalidAttribute if operation == Some(O::AddAttribute) => {
            R::PermissionDenied
        }
        R::AttributeReadOnly
        | R::ReadOnlyAttribute
        | R::AttributeSingleValued
        | R::NonUniqueNameAttribute
        | R::MultiValuedAttribute
        | R::InvalidAttribute
        | R::InvalidAttributeValue
        | R::UnsupportedAttribute
        | R::BadCryptographicParameters
        | R::UnsupportedCryptographicParameters
        | R::UnknownEnumeration
        | R::InvalidDataType
        | R::InvalidCsr => R::InvalidField,
        R::MissingInitializationVector | R::CodecError | R::UnsupportedProtocolVersion => R::InvalidMessage,
        R::KeyWrapTypeNotSupported | R::UnknownMessageExtension => R::FeatureNotSupported,
        R::WrappingObjectNotFound => R::ItemNotFound,
        R::WrappingObjectArchived => R::ObjectArchived,
        R::WrappingObjectDestroyed => R::PermissionDenied,
        R::ServerLimitExceeded | R::InternalServerError => R::GeneralFailure,
        other => other,
    }
}

/// The reason for what a minor version of KMIP 1 has no reason of its own for.
fn before_its_time(reason: ResultReason) -> ResultReason {
    match reason {
        ResultReason::Sensitive | ResultReason::NotExtractable => ResultReason::PermissionDenied,
        ResultReason::KeyValueNotPresent => ResultReason::IllegalOperation,
        _ => ResultReason::GeneralFailure,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_one_that_the_version_has() {
        let operations = [None, Some(Operation::Create), Some(Operation::Get), Some(Operation::AddAttribute)];
        for row in kmip_types::enumerations::RESULT_REASON.values {
            // Reasons of the standard's that this server never gives need no form in earlier versions.
            let reason = ResultReason::from(row.value);
            let never = row.since >= ProtocolVersion::V2_0 && before_2_0(reason, None) == reason;
            for version in ProtocolVersion::ALL.iter().filter(|_| !never) {
                for operation in operations {
                    let given = Failure::new(reason, "").reason_in(*version, operation);
                    let info = kmip_types::enumerations::RESULT_REASON.by_value(given.value()).unwrap();
                    let is_2 = version.is_at_least(ProtocolVersion::V2_0);
                    assert!(is_2 || version.is_at_least(info.since), "{reason} is {given} in {version}");
                }
            }
        }
    }
}
