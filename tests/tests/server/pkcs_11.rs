//! PKCS#11: calls of Cryptoki, whose parameters are written out here as section 5.18.1 of the profiles lays them out.

use kmip_sdk::server::{ServerOptions, Verdict};
use kmip_sdk::types::attribute::{Attribute, Attributes, Name};
use kmip_sdk::types::enumerations::{
    AttestationType, CryptographicAlgorithm as A, KeyFormatType, ObjectType, Operation, Pkcs11Function as F,
    Pkcs11ReturnCode as C, ResultReason as R,
};
use kmip_sdk::types::masks::CryptographicUsageMask as Mask;
use kmip_sdk::types::object::{KeyBlock, KeyMaterial, ManagedObject, SymmetricKey};
use kmip_sdk::types::operation::{
    CreateKeyPairRequest, Pkcs11FunctionValue, Pkcs11Request, Pkcs11Response, RegisterRequest,
};
use kmip_sdk::types::{DateTime, ProtocolVersion};

use crate::support::{Peer, START};

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
        assert_eq!(call(F::CWaitForSlotEvent, value.as_ref()).pkcs_11_return_code, C::FunctionNotSupported);
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

fn hex(digits: &str) -> Vec<u8> {
    let digits: String = digits.split_whitespace().collect();
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect()
}

/// A use with a session, whose handle is 1.
struct Use<'a> {
    peer: &'a Peer,
    value: Option<Vec<u8>>,
}

impl<'a> Use<'a> {
    fn begin(peer: &'a Peer) -> Self {
        let value = peer.call(request(F::CInitialize, None)).unwrap().correlation_value;
        let begun = Self { peer, value };
        // The slot, and CKF_SERIAL_SESSION with CKF_RW_SESSION.
        let opened = begun.call(F::COpenSession, "0000000000000001 0000000000000006");
        assert_eq!(opened, (C::Ok, hex(SESSION)));
        begun
    }

    fn send(&self, function: F, input: &str) -> Result<Pkcs11Response, R> {
        self.peer.call(Pkcs11Request {
            pkcs_11_input_parameters: Some(hex(input).into()),
            ..request(function, self.value.as_ref())
        })
    }

    fn call(&self, function: F, input: &str) -> (C, Vec<u8>) {
        let response = self.send(function, input).unwrap();
        let output = response.pkcs_11_output_parameters.map(|output| output.reveal().to_vec());
        (response.pkcs_11_return_code, output.unwrap_or_default())
    }

    /// As [`call`](Self::call), in the session.
    fn within(&self, function: F, input: &str) -> (C, Vec<u8>) {
        self.call(function, &format!("{SESSION} {input}"))
    }

    /// The handles of the objects with this label.
    fn find(&self, label: &str) -> Vec<u8> {
        let label: String = label.bytes().map(|byte| format!("{byte:02x}")).collect();
        let template = format!("00000001 0000000000000003 01 01 {:08x} {label}", label.len() / 2);
        assert_eq!(self.within(F::CFindObjectsInit, &template).0, C::Ok);
        assert_eq!(self.within(F::CFindObjectsInit, &template).0, C::OperationActive);
        let (code, found) = self.within(F::CFindObjects, "0000000a");
        assert_eq!(code, C::Ok);
        assert_eq!(self.within(F::CFindObjects, "0000000a"), (C::Ok, hex("00000000")));
        assert_eq!(self.within(F::CFindObjectsFinal, "").0, C::Ok);
        assert_eq!(self.within(F::CFindObjects, "0000000a").0, C::OperationNotInitialized);
        found
    }
}

const SESSION: &str = "0000000000000001";

/// One object, whose handle is 1.
const ONE: &str = "00000001 0000000000000001";

fn register(peer: &Peer, label: &str, algorithm: A, key: &str, mask: Mask, more: &[Attribute]) {
    let bytes = hex(key);
    let bits = i32::try_from(bytes.len() * 8).unwrap();
    let key_block = KeyBlock::plain(KeyFormatType::Raw, KeyMaterial::bytes(bytes), algorithm, bits);
    let mut attributes = Attributes::new()
        .with(Attribute::CryptographicUsageMask(mask))
        .with(Attribute::Name(Name::text(label)))
        .with(Attribute::ActivationDate(DateTime::from_seconds(START)));
    attributes.extend(more.iter().cloned());
    let object = ManagedObject::SymmetricKey(SymmetricKey { key_block });
    peer.call(RegisterRequest::new(ObjectType::SymmetricKey, attributes, object)).unwrap();
}

/// The example of section 5.18.2.1, with the one slot that the server has.
#[test]
fn says_what_slot_token_and_mechanisms_it_has() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let used = Use::begin(&peer);
    let slots = hex("01 00000001 0000000000000001");
    assert_eq!(used.call(F::CGetSlotList, "01 01 00000040"), (C::Ok, slots));
    assert_eq!(used.call(F::CGetSlotList, "01 00"), (C::Ok, hex("00 00000001")), "the length only");
    assert_eq!(used.call(F::CGetSlotList, "01 00 00000000"), (C::Ok, hex("00 00000001")));
    assert_eq!(used.call(F::CGetSlotList, "00 01 00000000"), (C::BufferTooSmall, hex("00 00000001")));
    let (code, info) = used.call(F::CGetSlotInfo, "0000000000000001");
    assert_eq!((code, info.len()), (C::Ok, 64 + 32 + 8 + 2 + 2));
    assert_eq!(info[96..104], hex("0000000000000001"), "CKF_TOKEN_PRESENT");
    let (code, info) = used.call(F::CGetTokenInfo, "0000000000000001");
    assert_eq!((code, info.len()), (C::Ok, 32 + 32 + 16 + 16 + 8 + 6 * 4 + 4 * 8 + 2 + 2 + 16));
    assert_eq!(info[104..112], hex("00000040 00000001"), "64 sessions, of which one is open");
    assert_eq!(used.call(F::CGetSlotInfo, "0000000000000002").0, C::SlotIdInvalid);
    let (code, mechanisms) = used.call(F::CGetMechanismList, "0000000000000001 01 00000100");
    assert_eq!(code, C::Ok);
    let count = mechanisms[4];
    assert_eq!((mechanisms[0], mechanisms.len()), (1, 5 + 8 * usize::from(count)));
    for mechanism in mechanisms[5..].chunks(8) {
        let number: String = mechanism.iter().map(|byte| format!("{byte:02x}")).collect();
        let (code, info) = used.call(F::CGetMechanismInfo, &format!("0000000000000001 {number}"));
        assert_eq!((code, info.len()), (C::Ok, 24), "{number}");
    }
    let unknown = used.call(F::CGetMechanismInfo, "0000000000000001 00000000ffffffff");
    assert_eq!(unknown, (C::MechanismInvalid, Vec::new()));
}

#[test]
fn sessions_open_and_close() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let used = Use::begin(&peer);
    let info = hex("0000000000000001 0000000000000002 0000000000000006 0000000000000000");
    assert_eq!(used.within(F::CGetSessionInfo, ""), (C::Ok, info));
    // CKU_USER, with a PIN of four bytes: the token has none.
    assert_eq!(used.within(F::CLogin, "0000000000000001 00000004 31323334").0, C::UserPinNotInitialized);
    assert_eq!(used.within(F::CLogout, "").0, C::UserNotLoggedIn);
    let parallel = used.call(F::COpenSession, "0000000000000001 0000000000000002");
    assert_eq!(parallel.0, C::SessionParallelNotSupported);
    for number in 2..=64 {
        let opened = used.call(F::COpenSession, "0000000000000001 0000000000000004");
        assert_eq!(opened, (C::Ok, hex(&format!("{number:016x}"))));
    }
    assert_eq!(used.call(F::COpenSession, "0000000000000001 0000000000000004").0, C::SessionCount);
    assert_eq!(used.within(F::CCloseSession, "").0, C::Ok);
    assert_eq!(used.within(F::CGetSessionInfo, "").0, C::SessionHandleInvalid);
    assert_eq!(used.call(F::CCloseAllSessions, "0000000000000001").0, C::Ok);
    assert_eq!(used.call(F::CCloseSession, "0000000000000002").0, C::SessionHandleInvalid);
    for broken in ["", "00", "00000000000000"] {
        assert_eq!(used.send(F::CCloseSession, broken).unwrap_err(), R::Pkcs11CodecError, "{broken}");
    }
    let wrong =
        Pkcs11Request { pkcs_11_input_parameters: Some(vec![2].into()), ..request(F::CInitialize, None) };
    assert_eq!(peer.call(wrong), Err(R::Pkcs11CodecError), "another version of the encoding");
}

/// SP 800-38A F.2.1, RFC 4231 test case 2, SP 800-38B D.1 and FIPS 180-4.
#[test]
fn keys_are_found_and_give_the_known_answers() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let mask = Mask::ENCRYPT | Mask::DECRYPT | Mask::MAC_GENERATE | Mask::MAC_VERIFY;
    register(&peer, "aes", A::Aes, "2b7e151628aed2a6abf7158809cf4f3c", mask, &[]);
    register(&peer, "jefe", A::HmacSha256, "4a656665", mask, &[]);
    let used = Use::begin(&peer);
    assert_eq!(used.find("aes"), hex(ONE));
    assert_eq!(used.find("jefe"), hex("00000001 0000000000000002"));
    assert_eq!(used.find("nobody"), hex("00000000"));
    let (aes, jefe) = ("0000000000000001", "0000000000000002");
    // A vector has its own count in the parameter, which has one too.
    let cbc = "0000000000001082 01 00000014 00000010 000102030405060708090a0b0c0d0e0f";
    let plain = "00000010 6bc1bee22e409f96e93d7e117393172a";
    let encrypted = "00000010 7649abac8119b246cee98e9b12e9197d";
    assert_eq!(used.within(F::CEncrypt, &format!("{plain} 01 00000010")).0, C::OperationNotInitialized);
    assert_eq!(used.within(F::CEncryptInit, &format!("{cbc} {aes}")).0, C::Ok);
    assert_eq!(used.within(F::CEncryptInit, &format!("{cbc} {aes}")).0, C::OperationActive);
    assert_eq!(used.within(F::CEncrypt, &format!("{plain} 00")), (C::Ok, hex("00000010")), "the length only");
    let small = used.within(F::CEncrypt, &format!("{plain} 01 0000000f"));
    assert_eq!(small, (C::BufferTooSmall, hex("00000010")));
    assert_eq!(used.within(F::CEncrypt, &format!("{plain} 01 00000010")), (C::Ok, hex(encrypted)));
    assert_eq!(used.within(F::CEncrypt, &format!("{plain} 01 00000010")).0, C::OperationNotInitialized);
    assert_eq!(used.within(F::CDecryptInit, &format!("{cbc} {aes}")).0, C::Ok);
    assert_eq!(used.within(F::CDecrypt, &format!("{encrypted} 01 00000010")), (C::Ok, hex(plain)));
    // With padding, there is a block more.
    let padded = cbc.replace("1082", "1085");
    assert_eq!(used.within(F::CEncryptInit, &format!("{padded} {aes}")).0, C::Ok);
    let (code, made) = used.within(F::CEncrypt, &format!("{plain} 01 00000020"));
    assert_eq!((code, made.len()), (C::Ok, 4 + 32));
    let made: String = made.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(used.within(F::CDecryptInit, &format!("{padded} {aes}")).0, C::Ok);
    assert_eq!(used.within(F::CDecrypt, &format!("{made} 01 00000010")), (C::Ok, hex(plain)));
    assert_eq!(used.within(F::CDecryptInit, &format!("{padded} {aes}")).0, C::Ok);
    assert_eq!(used.within(F::CDecrypt, &format!("{encrypted} 01 00000010")).0, C::DataInvalid);

    let data = "0000001c 7768617420646f2079612077616e7420666f72206e6f7468696e673f";
    let code_of = "00000020 5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    let hmac = "0000000000000251 00";
    assert_eq!(used.within(F::CSignInit, &format!("{hmac} {jefe}")).0, C::Ok);
    assert_eq!(used.within(F::CSign, &format!("{data} 01 00000040")), (C::Ok, hex(code_of)));
    for (code, expected) in [(code_of.to_owned(), C::Ok), (code_of.replace("43", "44"), C::SignatureInvalid)]
    {
        assert_eq!(used.within(F::CVerifyInit, &format!("{hmac} {jefe}")).0, C::Ok);
        assert_eq!(used.within(F::CVerify, &format!("{data} {code}")).0, expected);
    }
    assert_eq!(used.within(F::CSignInit, &format!("000000000000108a 00 {aes}")).0, C::Ok);
    let cmac = used.within(F::CSign, &format!("{plain} 01 00000010"));
    assert_eq!(cmac, (C::Ok, hex("00000010 070a16b46b4d4144f79bdd9dd04a287c")));

    assert_eq!(used.within(F::CDigestInit, "0000000000000220 00").0, C::Ok);
    let digest = used.within(F::CDigest, "00000003 616263 01 00000014");
    assert_eq!(digest, (C::Ok, hex("00000014 a9993e364706816aba3e25717850c26c9cd0d89d")));

    for (function, input, expected) in [
        (F::CEncryptInit, format!("00000000ffffffff 00 {aes}"), C::MechanismInvalid),
        (F::CEncryptInit, format!("0000000000000251 00 {jefe}"), C::MechanismInvalid),
        (F::CEncryptInit, format!("0000000000001082 00 {aes}"), C::MechanismParamInvalid),
        (F::CEncryptInit, "0000000000001081 00 0000000000000009".to_owned(), C::KeyHandleInvalid),
        (F::CEncryptUpdate, String::new(), C::FunctionNotSupported),
    ] {
        assert_eq!(used.within(function, &input).0, expected, "{function}");
    }
}

#[test]
fn rsa_keys_sign_and_encrypt() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let mask = |mask| Some(Attributes::new().with(Attribute::CryptographicUsageMask(mask)));
    let named = |attributes: Option<Attributes>, name: &str| {
        attributes.map(|attributes| attributes.with(Attribute::Name(Name::text(name))))
    };
    let common = Attributes::new()
        .with(Attribute::CryptographicAlgorithm(A::Rsa))
        .with(Attribute::CryptographicLength(2048))
        .with(Attribute::ActivationDate(DateTime::from_seconds(START)));
    peer.call(CreateKeyPairRequest {
        common_attributes: Some(common),
        private_key_attributes: named(mask(Mask::SIGN | Mask::DECRYPT), "private"),
        public_key_attributes: named(mask(Mask::VERIFY | Mask::ENCRYPT), "public"),
        ..CreateKeyPairRequest::default()
    })
    .unwrap();
    let used = Use::begin(&peer);
    assert_eq!(used.find("private"), hex(ONE));
    assert_eq!(used.find("public"), hex("00000001 0000000000000002"));
    let (private, public) = ("0000000000000001", "0000000000000002");
    let text = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    // CKM_SHA256_RSA_PKCS.
    assert_eq!(used.within(F::CSignInit, &format!("0000000000000040 00 {private}")).0, C::Ok);
    assert_eq!(used.within(F::CSign, "00000001 07 00"), (C::Ok, hex("00000100")));
    let (code, signature) = used.within(F::CSign, "00000001 07 01 00000100");
    assert_eq!((code, signature.len()), (C::Ok, 260));
    for (data, expected) in [("07", C::Ok), ("08", C::SignatureInvalid)] {
        assert_eq!(used.within(F::CVerifyInit, &format!("0000000000000040 00 {public}")).0, C::Ok);
        let verified = used.within(F::CVerify, &format!("00000001 {data} {}", text(&signature)));
        assert_eq!(verified.0, expected, "{data}");
    }
    // CKM_RSA_PKCS.
    assert_eq!(used.within(F::CEncryptInit, &format!("0000000000000001 00 {public}")).0, C::Ok);
    let (code, encrypted) = used.within(F::CEncrypt, "00000001 07 01 00000100");
    assert_eq!((code, encrypted.len()), (C::Ok, 260));
    assert_eq!(used.within(F::CDecryptInit, &format!("0000000000000001 00 {private}")).0, C::Ok);
    let decrypted = used.within(F::CDecrypt, &format!("{} 01 00000100", text(&encrypted)));
    assert_eq!(decrypted, (C::Ok, hex("00000001 07")));
    // The private key does not encrypt.
    assert_eq!(used.within(F::CEncryptInit, &format!("0000000000000001 00 {private}")).0, C::Ok);
    let refused = used.within(F::CEncrypt, "00000001 07 01 00000100");
    assert_eq!(refused.0, C::KeyFunctionNotPermitted);
}

/// Section 5.18.2.3 has how attributes are asked for and given.
#[test]
fn keys_are_made_described_and_destroyed() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let used = Use::begin(&peer);
    // CKM_AES_KEY_GEN; CKA_VALUE_LEN 32, CKA_LABEL "new", CKA_ENCRYPT and, set to false, CKA_SENSITIVE.
    let template = "00000004 0000000000000161 01 01 0000000000000020 0000000000000003 01 01 00000003 6e6577 \
        0000000000000104 01 01 01 0000000000000103 01 01 00";
    let made = used.within(F::CGenerateKey, &format!("0000000000001080 00 {template}"));
    assert_eq!(made, (C::Ok, hex("0000000000000001")));
    assert_eq!(used.find("new"), hex(ONE));
    let key = "0000000000000001";
    let asked = "00000006 0000000000000000 00 01 0000000000000100 00 01 0000000000000104 00 01 \
        0000000000000105 00 00 0000000000000003 00 01 00000010 0000000000000011 00 00";
    let due = "00000006 0000000000000000 01 01 0000000000000004 0000000000000100 01 01 000000000000001f \
        0000000000000104 01 01 01 0000000000000105 00 01 0000000000000003 01 01 00000003 6e6577 \
        0000000000000011 00 01 00000020";
    let given = used.within(F::CGetAttributeValue, &format!("{key} {asked}"));
    assert_eq!(given, (C::Ok, hex(due)));
    let small =
        used.within(F::CGetAttributeValue, &format!("{key} 00000001 0000000000000003 00 01 00000002"));
    assert_eq!(small, (C::BufferTooSmall, hex("00000001 0000000000000003 00 00")));
    let many = format!("{SESSION} {key} 00000101 {}", "0000000000000011 00 01 00000100".repeat(257));
    assert_eq!(used.send(F::CGetAttributeValue, &many).unwrap_err(), R::Pkcs11CodecError);
    let modulus = used.within(F::CGetAttributeValue, &format!("{key} 00000001 0000000000000120 00 00"));
    assert_eq!(modulus, (C::AttributeTypeInvalid, hex("00000001 0000000000000120 00 00")));
    register(&peer, "secret", A::Aes, &"07".repeat(16), Mask::ENCRYPT, &[Attribute::Sensitive(true)]);
    assert_eq!(used.find("secret"), hex("00000001 0000000000000002"));
    let value =
        used.within(F::CGetAttributeValue, "0000000000000002 00000001 0000000000000011 00 01 00000100");
    assert_eq!(value, (C::AttributeSensitive, hex("00000001 0000000000000011 00 00")));
    assert_eq!(used.within(F::CGenerateKey, "0000000000001080 00 00000000").0, C::TemplateIncomplete);

    let (code, random) = used.within(F::CGenerateRandom, "00000010");
    assert_eq!((code, random.len()), (C::Ok, 20));
    assert_eq!(used.within(F::CSeedRandom, "00000002 0102").0, C::Ok);
    assert_eq!(used.within(F::CGenerateRandom, "ffffffff").0, C::ArgumentsBad);
    // What is in use is taken from it first.
    assert_eq!(used.within(F::CDestroyObject, "0000000000000009").0, C::ObjectHandleInvalid);
    assert_eq!(used.within(F::CDestroyObject, key).0, C::Ok);
    assert_eq!(used.find("new"), hex("00000000"));
    assert_eq!(used.within(F::CDestroyObject, key).0, C::ObjectHandleInvalid);
    for broken in
        ["ffffffff", "00000001 00000000ffffffff 01 01 00", "00000001 0000000000000003 01 01 ffffffff 00"]
    {
        let refused = used.send(F::CFindObjectsInit, &format!("{SESSION} {broken}"));
        assert_eq!(refused.unwrap_err(), R::Pkcs11CodecError, "{broken}");
    }
}

#[test]
fn a_call_is_no_way_around_what_the_server_lacks() {
    let options = ServerOptions::default().without_operation(Operation::Encrypt);
    let peer = Peer::with(ProtocolVersion::V2_1, options);
    register(&peer, "aes", A::Aes, &"07".repeat(16), Mask::ENCRYPT, &[]);
    let used = Use::begin(&peer);
    assert_eq!(used.find("aes"), hex(ONE));
    assert_eq!(used.within(F::CEncryptInit, "0000000000001081 00 0000000000000001").0, C::Ok);
    let plain = format!("00000010 {} 01 00000010", "07".repeat(16));
    assert_eq!(used.within(F::CEncrypt, &plain).0, C::FunctionNotSupported);
}

/// Who may read the attributes of a key need not be let have it.
#[test]
fn the_value_of_a_key_is_given_to_whom_get_gives_it() {
    let value = "00000001 0000000000000011 00 01 000000ff";
    let not_given = (C::AttributeSensitive, hex("00000001 0000000000000011 00 00"));
    let key = |peer: &Peer| {
        register(peer, "key", A::Aes, &"07".repeat(16), Mask::ENCRYPT, &[]);
        let used = Use::begin(peer);
        assert_eq!(used.find("key"), hex(ONE));
        used.within(F::CGetAttributeValue, &format!("0000000000000001 {value}"))
    };
    let given = (C::Ok, hex(&format!("00000001 0000000000000011 01 01 00000010 {}", "07".repeat(16))));
    assert_eq!(key(&Peer::new(ProtocolVersion::V2_1)), given);
    let without = ServerOptions::default().without_operation(Operation::Get);
    let refuses = ServerOptions::default().policy(|access| match access.operation() {
        Operation::Get => Verdict::Deny,
        _ => Verdict::Usual,
    });
    let attests = ServerOptions::default()
        .attestation([AttestationType::TpmQuote], |_| true)
        .attested_operations([Operation::Get]);
    for options in [without, refuses, attests] {
        assert_eq!(key(&Peer::with(ProtocolVersion::V2_1, options)), not_given);
    }
}
