//! Re-Provision: another certificate for a client, which takes the place of the one that it connected with.

use kmip_sdk::server::EmbeddedServer;
use kmip_sdk::types::ProtocolVersion;
use kmip_sdk::types::attribute::{Attribute, Attributes};
use kmip_sdk::types::enumerations::{
    CertificateType, KeyFormatType, LinkType, ObjectType, ResultReason as R, RevocationReasonCode,
};
use kmip_sdk::types::object::{Certificate, CertificateRequest, ManagedObject};
use kmip_sdk::types::operation::{
    CertificateRequestForm, GetAttributesRequest, GetRequest, LocateRequest, ReProvisionRequest,
    RevokeRequest,
};
use kmip_sdk::{Client, Error};
use rcgen::{CertificateParams, DnType, KeyPair};

use crate::support::Peer;

const V2_1: ProtocolVersion = ProtocolVersion::V2_1;

/// What rcgen makes certificates and requests of.
fn params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

fn pem(label: &str, der: &[u8]) -> String {
    der::pem::encode_string(label, der::pem::LineEnding::LF, der).unwrap()
}

fn connect(server: &EmbeddedServer, certificate: &str, key: &str) -> Result<Client, Error> {
    Client::builder()
        .address(server.address().to_string())
        .root_certificates_pem(server.ca_certificate_pem())
        .identity_pem(certificate, key)
        .connect()
}

fn certificate(object: ManagedObject) -> Vec<u8> {
    match object {
        ManagedObject::Certificate(certificate) => certificate.certificate_value,
        other => panic!("{other:?}"),
    }
}

fn by_request(name: &str, key: &KeyPair) -> ReProvisionRequest {
    let request = params(name).serialize_request(key).unwrap().der().to_vec();
    let form = CertificateRequestForm::from(CertificateRequest::from(request));
    ReProvisionRequest { certificate_request: Some(form), certificate: None }
}

fn own(der: Vec<u8>) -> ReProvisionRequest {
    let certificate = Certificate { certificate_type: CertificateType::X509, certificate_value: der };
    ReProvisionRequest { certificate_request: None, certificate: Some(certificate) }
}

/// Gets what the batch is about.
fn placed() -> GetRequest {
    GetRequest { unique_identifier: None, ..GetRequest::new("") }
}

#[test]
fn a_certificate_request_is_answered_with_the_new_credential() {
    let server = EmbeddedServer::start().unwrap();
    let client = Client::builder().embedded(&server).connect().unwrap();
    let kept = client.create_aes(256).send().unwrap().unique_identifier;
    let key = KeyPair::generate().unwrap();
    let (provisioned, got) = client.call_batch((by_request("KMIP client", &key), placed())).send().unwrap();
    let got = got.unwrap();
    assert_eq!(provisioned.unwrap().unique_identifier, Some(got.unique_identifier.clone()));

    // The old one holds no longer, neither on the connection nor on another.
    let refused = Some(R::AuthenticationNotSuccessful);
    assert_eq!(client.locate().send().unwrap_err().reason(), refused);
    let again = Client::builder().embedded(&server).version(V2_1).connect();
    assert_eq!(again.and_then(|client| client.locate().send()).unwrap_err().reason(), refused);
    // With the new one it is the same client.
    let new = connect(&server, &pem("CERTIFICATE", &certificate(got.object)), &key.serialize_pem()).unwrap();
    assert!(new.locate().send().unwrap().unique_identifier.contains(&kept));
    // Others go on.
    let (other, other_key) = server.new_client("other").unwrap();
    let other = connect(&server, &other, &other_key).unwrap();
    assert_eq!(other.locate().send().unwrap().unique_identifier, []);
}

#[test]
fn a_certificate_of_the_clients_own_becomes_its_credential() {
    let server = EmbeddedServer::start().unwrap();
    let client = Client::builder().embedded(&server).connect().unwrap();
    let key = KeyPair::generate().unwrap();
    let made = params("KMIP client").self_signed(&key).unwrap();
    // Nobody has vouched for it yet.
    assert!(connect(&server, &made.pem(), &key.serialize_pem()).is_err());
    let provisioned = client.call(own(made.der().to_vec())).send().unwrap();
    assert!(provisioned.unique_identifier.is_some());
    let new = connect(&server, &made.pem(), &key.serialize_pem()).unwrap();
    let got = new.call(GetRequest::new(provisioned.unique_identifier.unwrap())).send().unwrap();
    assert_eq!(certificate(got.object), made.der().to_vec());
    // Its key is not known to who only has the certificate.
    let wrong = KeyPair::generate().unwrap();
    assert!(connect(&server, &made.pem(), &wrong.serialize_pem()).is_err());
}

#[test]
fn the_server_makes_keys_and_certificate_where_nothing_is_given() {
    let server = EmbeddedServer::start().unwrap();
    let client = Client::builder().embedded(&server).connect().unwrap();
    let key = GetRequest { key_format_type: Some(KeyFormatType::Pkcs8), ..placed() };
    let by_type = Attributes::new().with(Attribute::ObjectType(ObjectType::Certificate));
    let newest = LocateRequest { maximum_items: Some(1), attributes: by_type, ..LocateRequest::default() };
    let batch = (ReProvisionRequest::default(), key, newest, placed());
    let (provisioned, key, _, got) = client.call_batch(batch).send().unwrap();
    let key = key.unwrap();
    assert_eq!(provisioned.unwrap().unique_identifier, Some(key.unique_identifier.clone()));
    let ManagedObject::PrivateKey(private) = &key.object else { panic!("{:?}", key.object_type) };
    let der = private.key_block.key_bytes().unwrap().to_vec();
    let key_pem = pem("PRIVATE KEY", &der);
    let new = connect(&server, &pem("CERTIFICATE", &certificate(got.unwrap().object)), &key_pem).unwrap();
    let attributes = new.call(GetAttributesRequest::all(key.unique_identifier)).send().unwrap().attributes;
    assert!(attributes.links().any(|link| link.link_type == LinkType::PublicKeyLink));
}

#[test]
fn what_is_of_another_name_or_none_is_refused() {
    let peer = Peer::new(V2_1);
    let key = KeyPair::generate().unwrap();
    let other = params("other").self_signed(&key).unwrap().der().to_vec();
    let mut both = own(params("alice").self_signed(&key).unwrap().der().to_vec());
    both.certificate_request = by_request("alice", &key).certificate_request;
    let mut broken = params("alice").serialize_request(&key).unwrap().der().to_vec();
    *broken.last_mut().unwrap() ^= 1;
    let broken = CertificateRequestForm::from(CertificateRequest::from(broken));
    for (request, reason) in [
        (by_request("other", &key), R::InvalidField),
        (own(other), R::InvalidField),
        (own(vec![0x30, 0]), R::InvalidField),
        (both, R::InvalidMessage),
        (ReProvisionRequest { certificate_request: Some(broken), certificate: None }, R::InvalidField),
    ] {
        assert_eq!(peer.call_as("alice", request), Err(reason));
        // Nothing of it stays.
        assert_eq!(peer.call(LocateRequest::default()).unwrap().unique_identifier, []);
    }
    // The application has no connection.
    assert_eq!(peer.call(by_request("alice", &key)), Err(R::PermissionDenied));
    peer.call_as("alice", by_request("alice", &key)).unwrap();
    let before = peer.in_version(ProtocolVersion::V1_4);
    assert_eq!(before.call_as("alice", LocateRequest::default()).unwrap().unique_identifier.len(), 1);
}

#[test]
fn a_certificate_that_was_revoked_or_has_expired_is_not_replaced() {
    let key = KeyPair::generate().unwrap();
    for reason in [RevocationReasonCode::CessationOfOperation, RevocationReasonCode::KeyCompromise] {
        let peer = Peer::new(V2_1);
        let replace = || peer.call_as("alice", by_request("alice", &key));
        replace().unwrap();
        // One that holds is replaced.
        let identifier = replace().unwrap().unique_identifier.unwrap();
        peer.call_as("alice", RevokeRequest::new(identifier, reason)).unwrap();
        assert_eq!(replace(), Err(R::PermissionDenied));
    }
    let peer = Peer::new(V2_1);
    let replace = || peer.call_as("alice", by_request("alice", &key));
    replace().unwrap();
    peer.wait(366 * 86_400);
    assert_eq!(replace(), Err(R::PermissionDenied));
}
