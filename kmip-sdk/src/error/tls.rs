//! What a failure of TLS means to a user, and what to do about it.

use core::fmt;

use rustls::{AlertDescription, CertificateError, Error, InvalidMessage, PeerIncompatible, PeerMisbehaved};

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
            Error::PeerIncompatible(reason) => of_incompatibility(reason),
            Error::PeerMisbehaved(reason) => of_misbehaviour(reason),
            Error::InvalidMessage(reason) => of_message(reason),
            Error::NoCertificatesPresented => {
                Some("the server shows no certificate, so that nothing tells who it is: give the server one")
            }
            Error::PeerSentOversizedRecord => Some(NOT_TLS),
            Error::Other(other) if other.0.is::<crate::Error>() => Some(
                "the key server that has the client's own private key gave no signature: the cause says why",
            ),
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
             `root_certificates_pem` (also if the server leaves out a certificate between), or trust exactly this \
             certificate with `pinned_certificate_pem`"
        }
        Certificate::NotValidForName | Certificate::NotValidForNameContext { .. } => {
            "the server's certificate is for another name: connect by a name that is in its subjectAltName, or \
             say which one is with `server_name`"
        }
        Certificate::Revoked => {
            "the server's certificate was revoked by its issuer: the server needs another one"
        }
        Certificate::InvalidPurpose | Certificate::InvalidPurposeContext { .. } => NOT_FOR_SERVERS,
        Certificate::BadEncoding => {
            "the server's certificate, or one that it was issued by, is malformed: the server needs another one"
        }
        Certificate::UnhandledCriticalExtension => {
            "the server's certificate, or one that it was issued by, has a critical extension that is not known: \
             trust exactly this certificate with `pinned_certificate_pem`"
        }
        Certificate::UnsupportedSignatureAlgorithmContext { .. }
        | Certificate::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            "a certificate of the server's is signed by an algorithm that is not taken, such as one with SHA-1 or \
             RSA of less than 2048 bits: give the server a newer one, or trust exactly this certificate with \
             `pinned_certificate_pem`"
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
            // What checks by the system's roots has an error of its own for it, whose type is not public.
            if other.to_string() == "certificate had invalid extensions" {
                return Some(NOT_FOR_SERVERS);
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
        AlertDescription::HandshakeFailure | AlertDescription::InsufficientSecurity => {
            "the server finds nothing in what the client offers that it takes. It may want a certificate of the \
             client's: give one with `identity_pem`. Or there is no common cipher suite: rustls knows only those \
             with ECDHE and AES-GCM or ChaCha20, none with RSA key exchange, DHE, CBC, 3DES or RC4; enable \
             one on the server, or reach it by a TLS of another library, such as OpenSSL, through a stream of your own"
        }
        AlertDescription::ProtocolVersion => OLD_VERSION,
        AlertDescription::CertificateRequired | AlertDescription::NoCertificate => {
            "the server wants a certificate of the client's: give one with `identity_pem`"
        }
        AlertDescription::UnknownCA => {
            "the server does not know who issued the client's certificate: tell the server of the issuer, or give \
             a certificate from one that it knows, followed by those between it and the root"
        }
        AlertDescription::CertificateExpired => {
            "the server takes the client's certificate to have expired: renew it, or set the server's clock"
        }
        AlertDescription::CertificateRevoked => {
            "the server takes the client's certificate to be revoked: give another one"
        }
        AlertDescription::BadCertificate
        | AlertDescription::UnsupportedCertificate
        | AlertDescription::CertificateUnknown => {
            "the server does not accept the client's certificate: see whether it is for clients (extended key usage \
             clientAuth) and of a key that the server takes; the server's log may say more"
        }
        AlertDescription::DecryptError => {
            "the server finds that the client's signature does not fit: see whether certificate and key are what the \
             server takes"
        }
        AlertDescription::AccessDenied => {
            "the server knows the client, and denies it access: let the server's administrator allow it"
        }
        AlertDescription::UnrecognisedName => {
            "the server does not serve the name that it is connected to by: say its name with `server_name`"
        }
        AlertDescription::InternalError => {
            "the server has no room for another connection, or failed before it looked at the client: nothing was done, so \
             try again later, or another server"
        }
        _ => return None,
    })
}

/// What the server lacks.
fn of_incompatibility(reason: &PeerIncompatible) -> Option<&'static str> {
    use PeerIncompatible as Incompatible;
    Some(match reason {
        Incompatible::ServerDoesNotSupportTls12Or13 => OLD_VERSION,
        Incompatible::ServerTlsVersionIsDisabledByOurConfig => {
            "the server has TLS 1.2 and no 1.3: leave out `tls13_only`"
        }
        Incompatible::ExtendedMasterSecretExtensionRequired => {
            "the server lacks the extended master secret (RFC 7627), which is required here: enable it on the server"
        }
        Incompatible::NoCertificateRequestSignatureSchemesInCommon => {
            "the server takes no signature that a key of the client's makes: give a client certificate of another kind \
             of key"
        }
        _ => return None,
    })
}

/// What the server did against the rules.
fn of_misbehaviour(reason: &PeerMisbehaved) -> Option<&'static str> {
    Some(match reason {
        PeerMisbehaved::SelectedUnofferedCipherSuite => {
            "the server insists on a cipher suite that rustls does not have, such as one with RSA key exchange: \
             enable one with ECDHE and AES-GCM on the server"
        }
        _ => return None,
    })
}

/// What is wrong with what the server sent.
fn of_message(reason: &InvalidMessage) -> Option<&'static str> {
    Some(match reason {
        // The first two are seen in the header of a record, where other protocols differ from TLS.
        InvalidMessage::InvalidContentType | InvalidMessage::UnknownProtocolVersion => NOT_TLS,
        _ => return None,
    })
}

/// The certificate is for something else.
const NOT_FOR_SERVERS: &str = "the server's certificate is not for servers: its extended key usage lacks serverAuth; \
    give the server one that has it";

/// The server has older versions of TLS only.
const OLD_VERSION: &str = "the server has none of the versions of TLS that the client offers: it needs TLS 1.3, or \
    TLS 1.2 unless `tls13_only` is said; rustls has neither 1.0 nor 1.1, for which another library, such as OpenSSL, \
    is needed, through a stream of your own";

/// What came is no TLS.
const NOT_TLS: &str =
    "the server does not speak TLS on this port: see whether it is that of KMIP over TTLV, mostly 5696";
