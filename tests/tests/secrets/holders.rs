//! All that holds a secret for a while.

use std::any::Any;

use kmip_sdk::framing::Framing;
use kmip_sdk::session::Session;
use kmip_tests::samples::messages::{request, response};
use kmip_types::attribute::{Attribute, Attributes, Name};
use kmip_types::enumerations::{
    CredentialType, CryptographicAlgorithm, KeyFormatType, ObjectType, Operation,
};
use kmip_types::message::{
    Authentication, Credential, CredentialValue, Message, RequestMessage, ResponseMessage,
    UsernameAndPasswordCredential,
};
use kmip_types::object::{KeyBlock, KeyMaterial, ManagedObject, SymmetricKey};
use kmip_types::operation::{GetRequest, GetResponse, RegisterRequest};
use kmip_types::text::{JsonOptions, TextCodec, XmlOptions};
use kmip_types::ttlv::encode;
use kmip_types::{BigInteger, Item, ProtocolVersion, SecretBigInteger, SecretBytes, SecretText, Tag, Value};
use zeroize::Zeroizing;

use crate::memory::{LENGTH, byte, character};

const V1_0: ProtocolVersion = ProtocolVersion::V1_0;
const V1_4: ProtocolVersion = ProtocolVersion::V1_4;
const V2_1: ProtocolVersion = ProtocolVersion::V2_1;

/// A form that the search must find, and what holds a secret in it until it is dropped.
type Held = (&'static str, fn() -> Box<dyn Any>);

/// What holds secrets and drops them, with so many attributes beside.
type Run = (&'static str, fn(usize));

/// Secrets that are there in a form that the search must find.
pub(crate) const HELD: &[Held] = &[
    ("bytes", || Box::new(Zeroizing::new(bytes()))),
    ("the last text", || Box::new(Zeroizing::new(password()))),
    ("hex", || Box::new(Zeroizing::new(hex("")))),
    ("hex in capitals", || {
        let mut text = hex("");
        text.make_ascii_uppercase();
        Box::new(Zeroizing::new(text))
    }),
];

fn bytes() -> Vec<u8> {
    (0..LENGTH).map(byte).collect()
}

fn password() -> String {
    let mut text = String::with_capacity(LENGTH);
    (0..LENGTH).for_each(|index| text.push(char::from(character(index))));
    text
}

/// The secret bytes in hex, after a prefix.
fn hex(prefix: &str) -> String {
    let mut text = String::with_capacity(prefix.len() + 2 * LENGTH);
    text.push_str(prefix);
    for index in 0..LENGTH {
        for nibble in [byte(index) >> 4, byte(index) & 15] {
            text.push(char::from_digit(nibble.into(), 16).unwrap());
        }
    }
    text
}

fn material() -> KeyMaterial {
    KeyMaterial::Bytes(SecretBytes::from(bytes()))
}

fn key() -> ManagedObject {
    let algorithm = CryptographicAlgorithm::HmacSha256;
    let key_block = KeyBlock::plain(KeyFormatType::Raw, material(), algorithm, 8 * LENGTH as i32);
    ManagedObject::SymmetricKey(SymmetricKey { key_block })
}

fn credential() -> Credential {
    Credential {
        credential_type: CredentialType::UsernameAndPassword,
        credential_value: CredentialValue::UsernameAndPassword(UsernameAndPasswordCredential {
            username: "harbour".to_owned(),
            password: Some(SecretText::from(password())),
        }),
    }
}

fn many_attributes(count: usize) -> Attributes {
    (0..count).map(|index| Attribute::Name(Name::text(format!("name-{index}")))).collect()
}

/// A request with a password first and a key last. There may be so much between them that buffers are outgrown; where
/// there is not, little is allocated afterwards that could hide what is left.
fn registration(version: ProtocolVersion, attributes: usize) -> RequestMessage {
    let payload = RegisterRequest::new(ObjectType::SymmetricKey, many_attributes(attributes), key());
    let mut message = request(version, Operation::Register, payload.into());
    message.request_header.authentication = Some(Authentication { credential: vec![credential()] });
    message
}

fn answer() -> ResponseMessage {
    let payload =
        GetResponse { object_type: ObjectType::SymmetricKey, unique_identifier: "k".into(), object: key() };
    response(V2_1, Operation::Get, payload.into())
}

fn ttlv(message: &impl Message) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(message.to_ttlv().unwrap())
}

/// A message whose last item is broken.
fn broken(attributes: usize) -> Zeroizing<Vec<u8>> {
    let mut bytes = ttlv(&registration(V1_4, attributes));
    // The padding of the last Integer: Cryptographic Length.
    *bytes.last_mut().unwrap() = 1;
    bytes
}

/// A text with the secrets, and what stands in it once more.
fn replaced(text: &str, from: &str, to: &str) -> Zeroizing<String> {
    let (before, after) = text.rsplit_once(from).unwrap_or_else(|| panic!("no {from}"));
    let mut changed = Zeroizing::new(String::with_capacity(text.len() + to.len()));
    changed.push_str(before);
    changed.push_str(to);
    changed.push_str(after);
    changed
}

fn json(attributes: usize) -> Zeroizing<String> {
    Zeroizing::new(TextCodec::new().to_json(&ttlv(&registration(V1_4, attributes))).unwrap())
}

fn xml(attributes: usize) -> Zeroizing<String> {
    Zeroizing::new(TextCodec::new().to_xml(&ttlv(&registration(V1_4, attributes))).unwrap())
}

fn from_json(text: &str) {
    Zeroizing::new(TextCodec::new().from_json(text).unwrap());
}

fn from_xml(text: &str) {
    Zeroizing::new(TextCodec::new().from_xml(text).unwrap());
}

/// What holds secrets until it is dropped, and is dropped.
pub(crate) const RUNS: &[Run] = &[
    ("secret values", |_| {
        drop(SecretBytes::from(bytes()));
        drop(SecretText::from(password()));
        drop(SecretBigInteger::new(BigInteger::from_unsigned_bytes(&Zeroizing::new(bytes()))));
    }),
    ("copies of secret values", |_| {
        let key = key();
        drop((key.clone(), key));
    }),
    ("a typed message", |attributes| drop(registration(V2_1, attributes))),
    ("a typed message in Debug", |attributes| {
        drop(format!("{:?} {:#?}", registration(V2_1, attributes), answer()))
    }),
    ("writing TTLV", |attributes| drop(ttlv(&registration(V2_1, attributes)))),
    ("writing TTLV that a version lacks", |attributes| {
        let mut message = registration(V2_1, attributes);
        message.request_header.authentication.as_mut().unwrap().credential.push(credential());
        message.batch_item[0].ephemeral = Some(true);
        assert!(encode(Tag::REQUEST_MESSAGE, &message, V1_0).is_err());
    }),
    ("writing TTLV whose last attribute a version lacks", |attributes| {
        let mut object = registration(V1_0, attributes);
        let mut lacking = many_attributes(attributes);
        lacking.push(Attribute::Comment("since 1.4".to_owned()));
        let payload = RegisterRequest::new(ObjectType::SymmetricKey, lacking, key());
        object.batch_item[0].request_payload = payload.into();
        assert!(object.to_ttlv().is_err());
    }),
    ("reading TTLV", |attributes| {
        drop(RequestMessage::from_ttlv(&ttlv(&registration(V2_1, attributes))).unwrap())
    }),
    ("reading TTLV leniently", |attributes| {
        drop(RequestMessage::from_ttlv_lenient(&ttlv(&registration(V1_4, attributes))).unwrap());
    }),
    ("reading TTLV that is broken", |attributes| {
        assert!(RequestMessage::from_ttlv(&broken(attributes)).is_err())
    }),
    ("reading TTLV that is broken, leniently", |attributes| {
        drop(RequestMessage::from_ttlv_lenient(&broken(attributes)));
    }),
    ("items", |attributes| {
        drop(Zeroizing::new(Item::from_ttlv(&ttlv(&registration(V2_1, attributes))).unwrap()));
    }),
    ("items in Debug", |attributes| {
        let item = Zeroizing::new(Item::from_ttlv(&ttlv(&registration(V2_1, attributes))).unwrap());
        drop(format!("{:?} {}", *item, *item));
    }),
    ("items of what is broken", |attributes| assert!(Item::from_ttlv(&broken(attributes)).is_err())),
    ("writing JSON", |attributes| drop(json(attributes))),
    ("writing JSON in lines", |attributes| {
        let codec = TextCodec::new().json(JsonOptions::new().pretty(true));
        drop(Zeroizing::new(codec.to_json(&ttlv(&registration(V2_1, attributes))).unwrap()));
    }),
    ("writing XML", |attributes| drop(xml(attributes))),
    ("writing XML in lines", |attributes| {
        let codec = TextCodec::new().xml(XmlOptions::new().pretty(true));
        drop(Zeroizing::new(codec.to_xml(&ttlv(&registration(V2_1, attributes))).unwrap()));
    }),
    ("writing XML of what XML lacks", |_| {
        let mut item = Zeroizing::new(Item::from_ttlv(&ttlv(&answer())).unwrap());
        let Value::Structure(fields) = &mut item.value else { panic!() };
        fields.push(Item::text_string(Tag::NAME_VALUE, "\0"));
        assert!(item.to_xml().is_err());
    }),
    ("writing text", |attributes| {
        drop(TextCodec::new().to_text(&ttlv(&registration(V2_1, attributes))).unwrap())
    }),
    ("writing TTLV that is broken as text", |attributes| {
        let codec = TextCodec::new();
        assert!(codec.to_json(&broken(attributes)).is_err() && codec.to_xml(&broken(attributes)).is_err());
    }),
    ("reading JSON", |attributes| from_json(&json(attributes))),
    ("reading JSON with escapes in the secrets", |attributes| {
        let escaped = r#""value":"\u0041"#;
        let json = replaced(
            &json(attributes),
            r#""tag":"Password","type":"TextString","value":""#,
            r#""tag":"Password","type":"TextString","value":"\n\ud83d\ude00\u00e4"#,
        );
        assert!(!json.contains(escaped));
        from_json(&json);
    }),
    ("reading JSON whose last byte is missing", |attributes| {
        let json = json(attributes);
        assert!(TextCodec::new().from_json(&json[..json.len() - 1]).is_err());
    }),
    ("reading JSON whose last value is none", |attributes| {
        let json =
            replaced(&json(attributes), r#""type":"Integer","value":"#, r#""type":"Integer","value":1"#);
        let json = replaced(&json, r#""type":"Integer","value":"#, r#""type":"Integer","value":99999999999"#);
        assert!(TextCodec::new().from_json(&json).is_err());
    }),
    ("reading JSON whose secret is no hex", |attributes| {
        let json = replaced(
            &json(attributes),
            r#""tag":"KeyMaterial","type":"ByteString","value":""#,
            r#""tag":"KeyMaterial","type":"ByteString","value":"0g"#,
        );
        assert!(TextCodec::new().from_json(&json).is_err());
    }),
    ("reading JSON whose secret ends in an escape of nothing", |attributes| {
        let json = json(attributes);
        let at = json.find(r#""Password","type":"TextString","value":""#).unwrap();
        let end = at + 40 + json[at + 40..].find('"').unwrap();
        let mut broken = Zeroizing::new(String::with_capacity(json.len() + 8));
        broken.push_str(&json[..end]);
        broken.push_str(r"\n\ud800");
        broken.push_str(&json[end..]);
        assert!(TextCodec::new().from_json(&broken).is_err());
    }),
    ("reading XML", |attributes| from_xml(&xml(attributes))),
    ("reading XML with references in the secrets", |attributes| {
        from_xml(&replaced(
            &xml(attributes),
            r#"<Password type="TextString" value=""#,
            r#"<Password type="TextString" value="&#10;&amp;"#,
        ));
    }),
    ("reading XML whose end tag is missing", |attributes| {
        let xml = xml(attributes);
        assert!(TextCodec::new().from_xml(&xml[..xml.len() - 5]).is_err());
    }),
    ("reading XML whose last value is none", |attributes| {
        let xml = replaced(&xml(attributes), r#"type="Integer" value=""#, r#"type="Integer" value="x"#);
        assert!(TextCodec::new().from_xml(&xml).is_err());
    }),
    ("reading XML with a character that XML lacks beside the secret", |attributes| {
        let xml = replaced(
            &xml(attributes),
            r#"<Password type="TextString" value=""#,
            "<Password type=\"TextString\" value=\"&amp;\u{1}",
        );
        assert!(TextCodec::new().from_xml(&xml).is_err());
    }),
    ("reading Big Integers", |_| {
        let number = Zeroizing::new(hex("0x"));
        let mut json = Zeroizing::new(String::with_capacity(256));
        for part in [r#"{"tag":"D","type":"BigInteger","value":""#, number.as_str(), r#""}"#] {
            json.push_str(part);
        }
        from_json(&json);
        let mut xml = Zeroizing::new(String::with_capacity(256));
        for part in [r#"<D type="BigInteger" value=""#, number.as_str(), r#""/>"#] {
            xml.push_str(part);
        }
        from_xml(&xml);
    }),
    ("a session's request", |attributes| {
        let session = Session::new(V2_1);
        let mut batch = kmip_sdk::Batch::new();
        batch.add(RegisterRequest::new(ObjectType::SymmetricKey, many_attributes(attributes), key()));
        drop(session.prepare(batch).unwrap());
    }),
    ("a session's response", |_| {
        let (prepared, handle) = Session::new(V2_1).prepare_one(GetRequest::default()).unwrap();
        let mut results = prepared.complete(&ttlv(&answer())).unwrap();
        drop(results.take(handle).unwrap());
    }),
    ("a session's response that is broken", |_| {
        let (prepared, _) = Session::new(V2_1).prepare_one(GetRequest::default()).unwrap();
        let bytes = ttlv(&answer());
        assert!(prepared.complete(&bytes[..bytes.len() - 8]).is_err());
    }),
    ("a message from a stream", |attributes| {
        let bytes = ttlv(&registration(V2_1, attributes));
        let framing = Framing::new(Tag::REQUEST_MESSAGE);
        drop(framing.read_message(&mut bytes.as_slice()).unwrap());
        assert!(framing.read_message(&mut &bytes[..bytes.len() - 1]).is_err());
    }),
];
