//! What a failure of TLS means to a user, and what to do about it.

use core::fmt;

use rustls::{AlertDescription, CertificateError, Error};

/// The end-entity certificate is not the pinned one.
#[derive(Debug, thiserror::Error)]
#[error("the certificate is not the pinned one")]
pub(crate) struct NotPinned;

/// What a failure means, after a colon; nothing where rustls's own words do.
pub(super) struct Words<'a>(pub(super) &'a Error);

impl fmt::Display for Words<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match self.0 {
            Error::InvalidCertificate(error) => of_certificate(error),
            Error::AlertReceived(alert) => of_alert(*alert),
            _ => None,
        };
        words.map_or(Ok(()), |words| write!(f, ": {words}"))
    }
}

/// What is wrong with the server's certificate.
fn of_certificate(error: &CertificateError) -> Option<&'static str> {
    use CertificateError as Certificate;
    Some(match error {
        Certificate::Expired | Certificate::ExpiredContext { .. } => {
            "the server's certificate, or one that it was issued by, has expired: renew it, or set this machine's clock"
        }
        Certificate::NotValidYet | Certificate::NotValidYetContext { .. } => {
            "the server's certificate, or one that it was issued by, is not valid yet: set this machine's clock, \
             or wait"
        }
        Certificate::UnknownIssuer => {
            "no root certificate that was given issued the server's certificate: give that of its issuer with \
             `root_certificates_pem`, or trust exactly this certificate with `pinned_certificate_pem`"
        }
        Certificate::NotValidForName | Certificate::NotValidForNameContext { .. } => {
            "the server's certificate is for another name: connect by a name that is in its subjectAltName, or \
             say which one is with `server_name`"
        }
        Certificate::Revoked => {
            "the server's certificate was revoked by its issuer: the server needs another one"
        }
        Certificate::InvalidPurpose | Certificate::InvalidPurposeContext { .. } => {
            "the server's certificate is not for servers: its extended key usage lacks serverAuth"
        }
        Certificate::BadSignature => {
            "a signature does not fit: the server has not the key of its certificate, or a root certificate of \
             the same name has another key"
        }
        Certificate::Other(other) => {
            if other.0.is::<NotPinned>() {
                return Some(
                    "the server's certificate is not the pinned one: another server answers, or it has a new \
                     certificate, which is then to be pinned",
                );
            }
            match other.0.downcast_ref::<webpki::Error>()? {
                webpki::Error::CaUsedAsEndEntity => {
                    "the server's own certificate is one of an authority (CA:TRUE), as self-signed ones often \
                     are: trust exactly this certificate with `pinned_certificate_pem`, or give the server one \
                     that an authority issued"
                }
                webpki::Error::UnsupportedCertVersion => {
                    "the server's certificate, or one that it was issued by, is of X.509 version 1, which has \
                     no names and no restrictions to check: trust exactly this certificate with \
                     `pinned_certificate_pem`, or give the server one of version 3"
                }
                _ => return None,
            }
        }
        _ => return None,
    })
}

/// Why the server refuses the client.
fn of_alert(alert: AlertDescription) -> Option<&'static str> {
    Some(match alert {
        AlertDescription::CertificateRequired | AlertDescription::NoCertificate => {
            "the server wants a certificate of the client's: give one with `identity_pem`"
        }
        AlertDescription::UnknownCA => "the server does not know who issued the client's certificate",
        AlertDescription::CertificateExpired => "the server takes the client's certificate to have expired",
        AlertDescription::CertificateRevoked => "the server takes the client's certificate to be revoked",
        AlertDescription::BadCertificate
        | AlertDescription::UnsupportedCertificate
        | AlertDescription::CertificateUnknown => "the server does not accept the client's certificate",
        AlertDescription::AccessDenied => "the server knows the client, and denies it access",
        AlertDescription::ProtocolVersion => {
            "the server has none of the versions of TLS that the client offers"
        }
        _ => return None,
    })
}
