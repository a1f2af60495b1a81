//! A step that says what a certificate is to say, by a request for one.

use kmip_types::object::CertificateRequest;
use kmip_types::operation::{CertifyRequest, ReCertifyRequest};

use crate::client::{Call, Driver};

macro_rules! certificate_requests {
    ($($request:ident),* $(,)?) => { $(
        impl<D: Driver> Call<'_, D, $request> {
            /// Sets the request for the certificate: PKCS #10 as PEM or DER, or a [`CertificateRequest`] of whichever
            /// type.
            pub fn certificate_request(self, request: impl Into<CertificateRequest>) -> Self {
                let CertificateRequest { certificate_request_type, certificate_request_value } = request.into();
                self.asking(|request| {
                    request
                        .with_certificate_request_type(certificate_request_type)
                        .with_certificate_request_value(certificate_request_value)
                })
            }
        }
    )* };
}

certificate_requests!(CertifyRequest, ReCertifyRequest);
