//! Subcommands about certificates.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use kmip_sdk::types::DateTime;
use kmip_sdk::types::object::{CertificateRequest, ManagedObject};

use super::new::Described;
use super::{At, Verb, cryptography, family, values};
use crate::failure::Failure;

family! {
    /// What is about certificates.
    Certifying {
        /// Have a certificate made
        #[command(after_help = "Examples:\n  kmip certify PUBLIC-KEY --name app\n  kmip certify --certificate-request request.csr --output id")]
        Certify(Certify),
        /// Have a certificate made that takes the place of another
        #[command(after_help = "Examples:\n  kmip re-certify CERTIFICATE --offset 0")]
        ReCertify(ReCertify),
        /// Check a chain of certificates
        #[command(after_help = "The exit code is 1 if it is not valid.\n\nExamples:\n  kmip validate CERTIFICATE ISSUER\n  kmip validate CERTIFICATE --validity-date 2027-01-01T00:00:00Z")]
        Validate(Validate),
        /// Get a new credential for the connection of the client
        #[command(after_help = "Examples:\n  kmip re-provision --certificate-request request.csr")]
        ReProvision(ReProvision),
    }
}

#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct Certify {
    /// The Unique Identifier of the public key
    #[arg(value_name = "ID", required_unless_present = "certificate_request")]
    id: Option<String>,
    /// The certificate request to go by, in PEM or DER
    #[arg(long, value_name = "FILE", conflicts_with = "id")]
    certificate_request: Option<PathBuf>,
    #[command(flatten)]
    described: Described,
}

fn request(path: &std::path::Path) -> Result<CertificateRequest, Failure> {
    Ok(CertificateRequest::from(values::file(path)?.to_vec()))
}

impl Verb for Certify {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        let call = match (&self.id, &self.certificate_request) {
            (_, Some(path)) => at.client.certify_request(request(path)?),
            (Some(id), None) => at.client.certify(id),
            (None, None) => return Err(Failure::Usage("say for which key".to_owned())),
        };
        let response = self.described.of(call).send()?;
        at.answer(&response)
    }
}

#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct ReCertify {
    /// The Unique Identifier of the certificate
    #[arg(value_name = "ID")]
    id: String,
    /// How long after the old certificate's Initial Date the new one becomes active; 0 is at once
    #[arg(long, value_name = "TIME", value_parser = values::span)]
    offset: Option<Duration>,
    /// The certificate request to go by, in PEM or DER
    #[arg(long, value_name = "FILE")]
    certificate_request: Option<PathBuf>,
    #[command(flatten)]
    described: Described,
}

impl Verb for ReCertify {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        let mut call = at.client.re_certify(&self.id);
        call = self.offset.into_iter().fold(call, |call, value| call.offset(value));
        if let Some(path) = &self.certificate_request {
            call = call.certificate_request(request(path)?);
        }
        let response = self.described.of(call).send()?;
        at.answer(&response)
    }
}

#[derive(Debug, Args)]
pub(crate) struct Validate {
    /// The Unique Identifiers of the certificates
    #[arg(value_name = "ID", required_unless_present = "certificate")]
    ids: Vec<String>,
    /// A certificate that the server does not have, in PEM; may be said more than once
    #[arg(long, value_name = "FILE")]
    certificate: Vec<PathBuf>,
    /// When it is to be valid; now, if it is not said
    #[arg(long, value_name = "DATE", value_parser = values::date)]
    validity_date: Option<DateTime>,
}

impl Verb for Validate {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        let mut call = at.client.validate(&self.ids);
        for path in &self.certificate {
            let material = kmip_sdk::keys::Material::from_pem(&*values::file(path)?)?;
            match material.to_object()? {
                ManagedObject::Certificate(certificate) => call = call.certificate(certificate),
                _ => return Err(Failure::Usage("--certificate wants a certificate".to_owned())),
            }
        }
        self.validity_date.into_iter().fold(call, |call, value| call.validity_date(value)).send()?;
        cryptography::valid(at)
    }
}

#[derive(Debug, Args)]
pub(crate) struct ReProvision {
    /// The certificate request, in PEM or DER
    #[arg(long, value_name = "FILE")]
    certificate_request: Option<PathBuf>,
}

impl Verb for ReProvision {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        let mut call = at.client.re_provision();
        if let Some(path) = &self.certificate_request {
            call = call.certificate_request(request(path)?);
        }
        let response = call.send()?;
        at.answer(&response)
    }
}
