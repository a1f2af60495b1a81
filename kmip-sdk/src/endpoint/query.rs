//! What an endpoint says of itself (Query: KMIP 2.1 section 6.2.4).

use kmip_types::ProtocolVersion;
use kmip_types::attribute::RngParameters;
use kmip_types::enumerations::{OBJECT_TYPE, ObjectType, QueryFunction, ResultReason, RngAlgorithm};
use kmip_types::operation::{CapabilityInformation, QueryRequest, QueryResponse};

use super::Endpoint;
use crate::answer::Failure;

impl Endpoint {
    /// What there is of what is asked for.
    pub(super) fn query(
        &self,
        request: &QueryRequest,
        version: ProtocolVersion,
    ) -> Result<QueryResponse, Failure> {
        if request.query_function.is_empty() {
            return Err(Failure::new(ResultReason::InvalidMessage, "there is no Query Function"));
        }
        let has_1_3 = version.is_at_least(ProtocolVersion::V1_3);
        let mut response = QueryResponse::default();
        for function in &request.query_function {
            match function {
                QueryFunction::QueryOperations => response.operation = self.operations(version),
                // Objects come by Put, which the codec reads with all that the version has.
                QueryFunction::QueryObjects if self.put.is_some() => {
                    let all = OBJECT_TYPE.values.iter().map(|row| ObjectType::from(row.value));
                    response.object_type = all.filter(|kind| kind.is_in(version)).collect();
                }
                QueryFunction::QueryServerInformation => {
                    response.vendor_identification = Some(self.vendor_identification.clone());
                }
                QueryFunction::QueryRngs if has_1_3 => response.rng_parameters = vec![unspecified()],
                QueryFunction::QueryCapabilities if has_1_3 => {
                    response.capability_information = vec![capabilities(version)];
                }
                // Of what the others ask for there is none.
                _ => {}
            }
        }
        Ok(response)
    }
}

/// A random number generator of which no more is known.
fn unspecified() -> RngParameters {
    RngParameters {
        rng_algorithm: RngAlgorithm::Unspecified,
        cryptographic_algorithm: None,
        cryptographic_length: None,
        hashing_algorithm: None,
        drbg_algorithm: None,
        recommended_curve: None,
        fips186_variation: None,
        prediction_resistance: None,
    }
}

fn capabilities(version: ProtocolVersion) -> CapabilityInformation {
    let has_1_4 = version.is_at_least(ProtocolVersion::V1_4);
    CapabilityInformation {
        streaming_capability: Some(false),
        asynchronous_capability: Some(false),
        attestation_capability: Some(false),
        batch_undo_capability: has_1_4.then_some(false),
        batch_continue_capability: has_1_4.then_some(true),
        ..CapabilityInformation::default()
    }
}
