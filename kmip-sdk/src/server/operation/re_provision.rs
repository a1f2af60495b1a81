//! Re-Provision: gives a client another certificate to connect with (KMIP 2.1 section 6.1.48).

use der::asn1::ObjectIdentifier;
use der::oid::AssociatedOid as _;
use kmip_types::attribute::{Attribute, Attributes};
use kmip_types::enumerations::{
    CertificateRequestType, CertificateType, CryptographicAlgorithm, ObjectType, ResultReason, State,
};
use kmip_types::masks::CryptographicUsageMask;
use kmip_types::object::{Certificate, CertificateRequest, ManagedObject};
use kmip_types::operation::{CertificateRequestForm, ReProvisionRequest, ReProvisionResponse};
use x509_cert::ext::ToExtension as _;
use x509_cert::ext::pkix::ExtendedKeyUsage;

use super::certify::{Source, common_name, issue, source};
use super::create_key_pair::{Half, make_pair};
use super::new_object::{NewObject, Origin};
use crate::answer::Failure;
use crate::keys::x509;
use crate::server::context::Context;
use crate::server::crypto::authority;
use crate::server::crypto::cryptographic_failure;
use crate::server::provisioned::Provisioned;

/// The Extended Key Usage of who connects with TLS (RFC 5280 section 4.2.1.12).
const CLIENT_AUTHENTICATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.2");

pub(super) fn re_provision(
    context: &mut Context<'_>,
    request: ReProvisionRequest,
) -> Result<ReProvisionResponse, Failure> {
    let Some(name) = context.caller.connection.clone() else {
        return Err(denied("who asks has not connected with a certificate that could be replaced"));
    };
    check_current(context, &name)?;
    let (certificate, identifier) = match (request.certificate_request, request.certificate) {
        (Some(_), Some(_)) => {
            let message = "there are both a certificate request and a certificate";
            return Err(Failure::new(ResultReason::InvalidMessage, message));
        }
        (Some(form), None) => {
            let certificate = by_request(context, form)?;
            (certificate.clone(), certificate)
        }
        (None, Some(certificate)) => {
            let certificate = kept(context, certificate)?;
            (certificate.clone(), certificate)
        }
        (None, None) => generated(context, &name)?,
    };
    let stored = context.get(&certificate)?;
    let ManagedObject::Certificate(value) = stored.value()? else {
        return Err(cryptographic_failure("reading the certificate"));
    };
    // By its name it is found out whose a connection is, so nobody is to get another's.
    if context.options.identify.identify(&value.certificate_value) != name {
        return Err(invalid("the certificate is not in the name by which the client connects"));
    }
    let given = value.certificate_value.clone();
    // What the client had before holds no longer.
    context.store.put(Provisioned { client: name, certificate: given, identifier: certificate })?;
    context.memory.identifier(&identifier);
    context.memory.place(Some(&identifier));
    Ok(ReProvisionResponse { unique_identifier: Some(identifier.into()) })
}

/// Refuses to replace a certificate that was revoked or compromised, or has expired, as far as the server keeps it.
fn check_current(context: &mut Context<'_>, name: &str) -> Result<(), Failure> {
    let Some(current) = context.store.value::<Provisioned>(name.as_bytes())? else { return Ok(()) };
    let link = authority::Link::new(&current.certificate);
    if !link.is_some_and(|link| link.is_valid_on(context.now)) {
        return Err(denied("the client's certificate has expired"));
    }
    let state = context.store.get(&current.identifier).map(|stored| stored.state());
    match state {
        Ok(State::Deactivated | State::Compromised | State::DestroyedCompromised) => {
            Err(denied("the client's certificate was revoked"))
        }
        _ => Ok(()),
    }
}

/// The certificate that a request asks for, in the name that it says.
fn by_request(context: &mut Context<'_>, form: CertificateRequestForm) -> Result<String, Failure> {
    let request = match form {
        CertificateRequestForm::Object(request) => request,
        CertificateRequestForm::Bytes(bytes) => CertificateRequest::from(bytes),
    };
    let kind: CertificateRequestType = request.certificate_request_type;
    let mut source =
        source(context, None, Some(kind), Some(&request.certificate_request_value)).map_err(|failure| {
            match failure.reason {
                // The reasons that the operation has.
                ResultReason::InvalidCsr => Failure { reason: ResultReason::InvalidField, ..failure },
                _ => failure,
            }
        })?;
    for_connections(&mut source)?;
    issue_active(context, source)
}

/// A certificate of the client's own.
fn kept(context: &mut Context<'_>, certificate: Certificate) -> Result<String, Failure> {
    let link = authority::Link::new(&certificate.certificate_value);
    let link = link.filter(|_| certificate.certificate_type == CertificateType::X509);
    let link = link.ok_or_else(|| invalid("the Certificate is not an X.509 certificate in DER"))?;
    if !link.is_valid_on(context.now) {
        return Err(invalid("the Certificate is not valid now"));
    }
    let known = x509::attributes(CertificateType::X509, &certificate.certificate_value)
        .map_err(|_| invalid("the Certificate is not an X.509 certificate in DER"))?;
    let identifier = context.new_identifier();
    let new = NewObject {
        identifier: identifier.clone(),
        object_type: ObjectType::Certificate,
        object: ManagedObject::Certificate(certificate),
        known,
        requested: Attributes::new().with(Attribute::ActivationDate(context.now)),
        origin: Origin::Registered,
    };
    new.keep(context)?;
    Ok(identifier)
}

/// A new pair of keys, and the certificate of the public one: the identifiers of the certificate and of the private key.
fn generated(context: &mut Context<'_>, name: &str) -> Result<(String, String), Failure> {
    let half = |mask| {
        let requested = Attributes::new()
            .with(Attribute::CryptographicAlgorithm(CryptographicAlgorithm::Ecdsa))
            .with(Attribute::CryptographicLength(256))
            .with(Attribute::CryptographicUsageMask(mask))
            .with(Attribute::ActivationDate(context.now));
        Half { requested, known: Vec::new(), format: None }
    };
    let (private, public) = (half(CryptographicUsageMask::SIGN), half(CryptographicUsageMask::VERIFY));
    let (private, public) = make_pair(context, private, public)?;
    let mut source = source(context, Some(&public.into()), None, None)?;
    source.subject.name = common_name(name)?;
    for_connections(&mut source)?;
    let certificate = issue_active(context, source)?;
    Ok((certificate, private))
}

/// Issues a certificate that is in use at once.
fn issue_active(context: &mut Context<'_>, source: Source) -> Result<String, Failure> {
    let now = context.now;
    let requested = Attributes::new().with(Attribute::ActivationDate(now));
    issue(context, source, requested, Vec::new(), (Some(now), None))
}

/// Has a certificate say that clients connect with it.
fn for_connections(source: &mut Source) -> Result<(), Failure> {
    let usage = ExtendedKeyUsage(vec![CLIENT_AUTHENTICATION]);
    source.subject.extensions.retain(|extension| extension.extn_id != ExtendedKeyUsage::OID);
    let extension = usage.to_extension(&source.subject.name, &source.subject.extensions);
    source.subject.extensions.push(extension.map_err(|_| cryptographic_failure("making the certificate"))?);
    Ok(())
}

fn denied(message: &str) -> Failure {
    Failure::new(ResultReason::PermissionDenied, message)
}

fn invalid(message: &str) -> Failure {
    Failure::new(ResultReason::InvalidField, message)
}
