//! PKCS#11: calls a function of PKCS#11 on the server.

use kmip_types::SecretBytes;
use kmip_types::operation::{Pkcs11FunctionValue, Pkcs11Request};

use super::steps;
use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To call this function of PKCS #11 on the server, with the parameters that a step gives in the form of the
    /// standard's profile of PKCS #11. Since KMIP 2.0.
    ///
    /// ```
    /// use kmip_sdk::types::enumerations::{Pkcs11Function, Pkcs11ReturnCode};
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// let initialized = client.pkcs_11(Pkcs11Function::CInitialize).send()?;
    /// assert_eq!(initialized.pkcs_11_return_code, Pkcs11ReturnCode::Ok);
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/pkcs_11.md")]
    pub fn pkcs_11(&self, function: impl Into<Pkcs11FunctionValue>) -> Call<'_, D, Pkcs11Request> {
        Call::new(self, Pkcs11Request::new(function.into()))
    }
}

steps! { Pkcs11Request {
    /// Sets the PKCS#11 Interface: its name, PKCS 11 unless it is said.
    pkcs_11_interface: String,
    /// Sets the Correlation Value, which the server gave with an earlier answer and takes the call for the same session
    /// by.
    correlation_value: Vec<u8>,
    /// Sets the PKCS#11 Input Parameters.
    pkcs_11_input_parameters: SecretBytes,
} }
