//! PKCS#11: calls a function of PKCS#11 on the server. Since KMIP 2.0.

use kmip_derive::Ttlv;

use crate::SecretBytes;
use crate::generated::enumerations::{Pkcs11Function, Pkcs11ReturnCode};
use crate::hex_debug::debug_in_hex;

/// The request of PKCS#11 (KMIP 2.1 section 6.1.37). Since KMIP 2.0.
#[derive(Clone, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct Pkcs11Request {
    /// The interface that has the function; the default one of PKCS#11 3.0, if omitted.
    #[ttlv(tag = "PKCS_11Interface")]
    pub pkcs_11_interface: Option<String>,
    /// The function.
    #[ttlv(tag = "PKCS_11Function")]
    pub pkcs_11_function: Pkcs11FunctionValue,
    /// What an earlier response gave to be sent back.
    pub correlation_value: Option<Vec<u8>>,
    /// What the function gets, as the PKCS#11 profile lays it out.
    #[ttlv(tag = "PKCS_11InputParameters")]
    pub pkcs_11_input_parameters: Option<SecretBytes>,
}

debug_in_hex!(Pkcs11Request {
    pkcs_11_interface,
    pkcs_11_function,
    correlation_value,
    pkcs_11_input_parameters,
});

/// The response of PKCS#11 (KMIP 2.1 section 6.1.37). Since KMIP 2.0.
#[derive(Clone, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct Pkcs11Response {
    /// The interface that has the function; the default one of PKCS#11 3.0, if omitted.
    #[ttlv(tag = "PKCS_11Interface")]
    pub pkcs_11_interface: Option<String>,
    /// The function.
    #[ttlv(tag = "PKCS_11Function")]
    pub pkcs_11_function: Pkcs11FunctionValue,
    /// What the next request must send back.
    pub correlation_value: Option<Vec<u8>>,
    /// What the function gave, as the PKCS#11 profile lays it out.
    #[ttlv(tag = "PKCS_11OutputParameters")]
    pub pkcs_11_output_parameters: Option<SecretBytes>,
    /// What the function returned.
    #[ttlv(tag = "PKCS_11ReturnCode")]
    pub pkcs_11_return_code: Pkcs11ReturnCode,
}

debug_in_hex!(Pkcs11Response {
    pkcs_11_interface,
    pkcs_11_function,
    correlation_value,
    pkcs_11_output_parameters,
    pkcs_11_return_code,
});

/// A function of PKCS#11 (KMIP 2.1 section 6.1.37). Since KMIP 2.0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "PKCS_11Function")]
pub enum Pkcs11FunctionValue {
    /// A function of the PKCS#11 standard.
    Enumeration(Pkcs11Function),
    /// A vendor's function.
    Integer(i32),
}

impl From<Pkcs11Function> for Pkcs11FunctionValue {
    fn from(function: Pkcs11Function) -> Self {
        Self::Enumeration(function)
    }
}

impl From<i32> for Pkcs11FunctionValue {
    fn from(function: i32) -> Self {
        Self::Integer(function)
    }
}
