//! Validate: says whether a chain of certificates is valid (KMIP 1.4 section 4.24, 2.1 section 6.1.57).

use kmip_types::enumerations::{ResultReason, State, ValidityIndicator};
use kmip_types::object::ManagedObject;
use kmip_types::operation::{ValidateRequest, ValidateResponse};

use super::key_use::wrong_type;
use crate::answer::Failure;
use crate::server::context::Context;
use crate::server::crypto::authority::Link;

/// How many certificates a chain has at most.
const MAXIMUM: usize = 32;

pub(super) fn validate(
    context: &mut Context<'_>,
    request: ValidateRequest,
) -> Result<ValidateResponse, Failure> {
    let invalid = |message: &str| Failure::new(ResultReason::InvalidField, message);
    if request.certificate.len() + request.unique_identifier.len() > MAXIMUM {
        return Err(invalid("the chain has too many certificates"));
    }
    let read = |value: &[u8]| Link::new(value).ok_or_else(|| invalid("a certificate is no X.509 in DER"));
    let mut chain = Vec::new();
    for certificate in &request.certificate {
        chain.push(Certificate {
            link: read(&certificate.certificate_value)?,
            is_kept: false,
            is_revoked: false,
        });
    }
    for identifier in &request.unique_identifier {
        let identifier = context.resolve(Some(identifier))?;
        let stored = context.get(&identifier)?;
        let ManagedObject::Certificate(certificate) = stored.value()? else {
            return Err(wrong_type(&stored));
        };
        let link = read(&certificate.certificate_value)?;
        let is_revoked = matches!(stored.state(), State::Compromised | State::Deactivated);
        chain.push(Certificate { link, is_kept: true, is_revoked });
    }
    if chain.is_empty() {
        return Err(invalid("there is no certificate"));
    }
    let own = context.shared.authority(context.now)?.certificate();
    if let Some(link) = own.as_deref().and_then(Link::new) {
        chain.push(Certificate { link, is_kept: true, is_revoked: false });
    }
    let date = request.validity_date.unwrap_or(context.now);
    Ok(ValidateResponse { validity_indicator: validity(&chain, date) })
}

/// A certificate, and what the server knows of it.
struct Certificate {
    link: Link,
    /// Whether the server has it: one that signed itself is trusted then.
    is_kept: bool,
    is_revoked: bool,
}

/// Whether every certificate but the authority's own, which is last, leads to one that is trusted.
fn validity(chain: &[Certificate], date: kmip_types::DateTime) -> ValidityIndicator {
    let all = chain.len() - 1;
    let mut result = ValidityIndicator::Valid;
    for certificate in &chain[..all] {
        if certificate.is_revoked || !certificate.link.is_valid_on(date) {
            return ValidityIndicator::Invalid;
        }
        let is_root = certificate.link.names(&certificate.link);
        let issuers = chain.iter().filter(|issuer| certificate.link.names(&issuer.link));
        let mut found = None;
        for issuer in issuers {
            match certificate.link.is_by(&issuer.link) {
                Some(true) => found = Some(true),
                Some(false) if found.is_none() => found = Some(false),
                _ => {}
            }
        }
        let is_own = certificate.link.der() == chain[all].link.der();
        match found {
            Some(false) => return ValidityIndicator::Invalid,
            Some(true) if !is_root || certificate.is_kept || is_own => {}
            // Who issued it is not known, or nobody trusts it.
            _ => result = ValidityIndicator::Unknown,
        }
    }
    result
}
