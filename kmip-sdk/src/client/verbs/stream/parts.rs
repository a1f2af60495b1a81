//! Requests that can be made in parts.

use kmip_types::SecretBytes;
use kmip_types::attribute::{CryptographicParameters, UniqueIdentifier};
use kmip_types::enumerations::ValidityIndicator;
use kmip_types::operation::{
    DecryptRequest, DecryptResponse, EncryptRequest, EncryptResponse, HashRequest, HashResponse, MacRequest,
    MacResponse, MacVerifyRequest, MacVerifyResponse, Request, SignRequest, SignResponse,
    SignatureVerifyRequest, SignatureVerifyResponse,
};
use zeroize::Zeroizing;

use super::super::encrypt::let_server_choose_iv;
use super::super::{Encrypted, valid, yielded};
use crate::error::Error;

/// A request that can be made in parts.
pub trait Parts: Request + Clone {
    /// What all of the parts yield.
    type Answer: Send;

    /// How the key is to be used, if that is said.
    #[doc(hidden)]
    fn parameters(&mut self) -> Option<&mut CryptographicParameters>;

    /// Says what was left open.
    #[doc(hidden)]
    fn prepare(&mut self) {}

    /// The request for all of the data.
    #[doc(hidden)]
    fn whole(self, data: Zeroizing<Vec<u8>>) -> Self;

    /// The request for the first part.
    #[doc(hidden)]
    fn first(self, data: Zeroizing<Vec<u8>>) -> Self;

    /// The request for a later part.
    #[doc(hidden)]
    fn later(self, data: Zeroizing<Vec<u8>>, correlation_value: Vec<u8>, is_last: bool) -> Self;

    /// Takes what a part yields, and gives its output.
    #[doc(hidden)]
    fn taken(response: Self::Response, ends: &mut Ends) -> Option<SecretBytes>;

    /// What all of the parts yield.
    #[doc(hidden)]
    fn end(self, ends: Ends) -> Result<Self::Answer, Error>;
}

/// What parts have yielded beside their output.
#[derive(Debug, Default)]
pub struct Ends {
    pub(super) correlation_value: Option<Vec<u8>>,
    unique_identifier: Option<UniqueIdentifier>,
    iv_counter_nonce: Option<Vec<u8>>,
    authenticated_encryption_tag: Option<Vec<u8>>,
    /// A signature, a message authentication code, or a hash.
    result: Option<Vec<u8>>,
    validity_indicator: Option<ValidityIndicator>,
}

/// The steps that all of the requests take, with the fields that are said in the first part and in the last one only.
macro_rules! parts {
    (first: $($first:ident),*; last: $($last:ident),*) => {
        fn whole(mut self, data: Zeroizing<Vec<u8>>) -> Self {
            self.data = Some(data.into());
            self
        }

        fn first(mut self, data: Zeroizing<Vec<u8>>) -> Self {
            $(self.$last = None;)*
            self.init_indicator = Some(true);
            self.whole(data)
        }

        fn later(mut self, data: Zeroizing<Vec<u8>>, correlation_value: Vec<u8>, is_last: bool) -> Self {
            $(self.$first = None;)*
            if !is_last {
                $(self.$last = None;)*
            }
            self.correlation_value = Some(correlation_value);
            self.final_indicator = is_last.then_some(true);
            self.whole(data)
        }
    };
    (boxed) => {
        fn parameters(&mut self) -> Option<&mut CryptographicParameters> {
            self.cryptographic_parameters.as_deref_mut()
        }
    };
}

impl Parts for EncryptRequest {
    type Answer = Encrypted;

    parts!(boxed);
    parts!(first: iv_counter_nonce, authenticated_encryption_additional_data; last:);

    fn prepare(&mut self) {
        let_server_choose_iv(self);
    }

    fn taken(response: EncryptResponse, ends: &mut Ends) -> Option<SecretBytes> {
        ends.correlation_value = response.correlation_value;
        ends.unique_identifier = Some(response.unique_identifier);
        ends.iv_counter_nonce = ends.iv_counter_nonce.take().or(response.iv_counter_nonce);
        ends.authenticated_encryption_tag = response.authenticated_encryption_tag;
        response.data
    }

    fn end(self, ends: Ends) -> Result<Encrypted, Error> {
        let key = yielded(ends.unique_identifier, Self::OPERATION, "Unique Identifier")?;
        Ok(Encrypted {
            cryptographic_parameters: self.cryptographic_parameters.map(|parameters| *parameters),
            iv_counter_nonce: ends.iv_counter_nonce.or(self.iv_counter_nonce),
            authenticated_encryption_additional_data: self.authenticated_encryption_additional_data,
            authenticated_encryption_tag: ends.authenticated_encryption_tag,
            ..Encrypted::new(key, Vec::new())
        })
    }
}

impl Parts for DecryptRequest {
    type Answer = ();

    parts!(boxed);
    parts!(
        first: iv_counter_nonce, authenticated_encryption_additional_data;
        last: authenticated_encryption_tag
    );

    fn taken(response: DecryptResponse, ends: &mut Ends) -> Option<SecretBytes> {
        ends.correlation_value = response.correlation_value;
        response.data
    }

    fn end(self, _: Ends) -> Result<(), Error> {
        Ok(())
    }
}

impl Parts for SignRequest {
    type Answer = Vec<u8>;

    parts!(boxed);
    parts!(first:; last:);

    fn taken(response: SignResponse, ends: &mut Ends) -> Option<SecretBytes> {
        ends.correlation_value = response.correlation_value;
        ends.result = response.signature_data;
        None
    }

    fn end(self, ends: Ends) -> Result<Vec<u8>, Error> {
        yielded(ends.result, Self::OPERATION, "Signature Data")
    }
}

impl Parts for SignatureVerifyRequest {
    type Answer = ();

    parts!(boxed);
    parts!(first:; last: signature_data);

    fn taken(response: SignatureVerifyResponse, ends: &mut Ends) -> Option<SecretBytes> {
        ends.correlation_value = response.correlation_value;
        ends.validity_indicator = response.validity_indicator;
        None
    }

    fn end(self, ends: Ends) -> Result<(), Error> {
        valid(ends.validity_indicator, Self::OPERATION)
    }
}

impl Parts for MacRequest {
    type Answer = Vec<u8>;

    parts!(boxed);
    parts!(first:; last:);

    fn taken(response: MacResponse, ends: &mut Ends) -> Option<SecretBytes> {
        ends.correlation_value = response.correlation_value;
        ends.result = response.mac_data.map(SecretBytes::into_revealed);
        None
    }

    fn end(self, ends: Ends) -> Result<Vec<u8>, Error> {
        yielded(ends.result, Self::OPERATION, "MAC Data")
    }
}

impl Parts for MacVerifyRequest {
    type Answer = ();

    parts!(boxed);
    parts!(first:; last: mac_data);

    fn taken(response: MacVerifyResponse, ends: &mut Ends) -> Option<SecretBytes> {
        ends.correlation_value = response.correlation_value;
        ends.validity_indicator = response.validity_indicator;
        None
    }

    fn end(self, ends: Ends) -> Result<(), Error> {
        valid(ends.validity_indicator, Self::OPERATION)
    }
}

impl Parts for HashRequest {
    type Answer = Vec<u8>;

    parts!(first:; last:);

    fn parameters(&mut self) -> Option<&mut CryptographicParameters> {
        Some(&mut self.cryptographic_parameters)
    }

    fn taken(response: HashResponse, ends: &mut Ends) -> Option<SecretBytes> {
        ends.correlation_value = response.correlation_value;
        ends.result = response.data.map(SecretBytes::into_revealed);
        None
    }

    fn end(self, ends: Ends) -> Result<Vec<u8>, Error> {
        yielded(ends.result, Self::OPERATION, "Data")
    }
}
