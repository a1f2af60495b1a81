//! PKCS#11: what begins and ends a use of Cryptoki, and what the server says of itself.

use kmip_sdk::types::ProtocolVersion;
use kmip_sdk::types::enumerations::{Pkcs11Function as F, Pkcs11ReturnCode as C, ResultReason as R};
use kmip_sdk::types::operation::{Pkcs11FunctionValue, Pkcs11Request, Pkcs11Response};

use crate::support::Peer;

fn request(function: F, value: Option<&Vec<u8>>) -> Pkcs11Request {
    Pkcs11Request {
        pkcs_11_interface: None,
        pkcs_11_function: Pkcs11FunctionValue::Enumeration(function),
        correlation_value: value.cloned(),
        pkcs_11_input_parameters: None,
    }
}

#[test]
fn a_use_begins_and_ends() {
    for version in [ProtocolVersion::V2_0, ProtocolVersion::V2_1] {
        let peer = Peer::new(version);
        let call = |function, value| -> Pkcs11Response { peer.call(request(function, value)).unwrap() };
        assert_eq!(call(F::CGetInfo, None).pkcs_11_return_code, C::CryptokiNotInitialized);
        let begun = call(F::CInitialize, None);
        assert_eq!(begun.pkcs_11_return_code, C::Ok);
        let value = begun.correlation_value;
        assert!(value.is_some());
        assert_eq!(call(F::CInitialize, value.as_ref()).pkcs_11_return_code, C::CryptokiAlreadyInitialized);
        for _ in 0..2 {
            let response = call(F::CGetInfo, value.as_ref());
            assert_eq!(response.pkcs_11_return_code, C::Ok);
            let info = response.pkcs_11_output_parameters.unwrap();
            let info = info.reveal();
            assert_eq!((info.len(), &info[..2]), (76, &[3, 0][..]));
            assert_eq!(&info[2..34], format!("{:32}", "kmip-sdk").as_bytes());
        }
        assert_eq!(call(F::CGetSlotList, value.as_ref()).pkcs_11_return_code, C::FunctionNotSupported);
        let other = vec![1];
        assert_eq!(call(F::CFinalize, Some(&other)).pkcs_11_return_code, C::CryptokiNotInitialized);
        assert_eq!(call(F::CFinalize, value.as_ref()).pkcs_11_return_code, C::Ok);
        assert_eq!(call(F::CGetInfo, value.as_ref()).pkcs_11_return_code, C::CryptokiNotInitialized);
    }
}

#[test]
fn what_the_interface_lacks_is_refused() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let named = |name: &str| Pkcs11Request {
        pkcs_11_interface: Some(name.to_owned()),
        ..request(F::CInitialize, None)
    };
    assert_eq!(peer.call(named("PKCS 11")).unwrap().pkcs_11_return_code, C::Ok);
    assert_eq!(peer.call(named("Vendor")), Err(R::Pkcs11InvalidInterface));
    let own =
        Pkcs11Request { pkcs_11_function: Pkcs11FunctionValue::Integer(1), ..request(F::CInitialize, None) };
    assert_eq!(peer.call(own), Err(R::Pkcs11InvalidFunction));
}
