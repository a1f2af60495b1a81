//! The same calls over every transport and by both drivers, from one table.

use kmip_sdk::server::EmbeddedServer;
use kmip_sdk::types::operation::{GetRequest, LocateRequest};
use kmip_sdk::{Client, Encoding};

#[test]
fn calls_over_https() {
    let server = EmbeddedServer::start().unwrap();
    for encoding in [Encoding::Ttlv, Encoding::Json, Encoding::Xml] {
        let client = Client::builder()
            .address(format!("https://{}/kmip", server.https_address()))
            .encoding(encoding)
            .root_certificates_pem(server.ca_certificate_pem())
            .identity_pem(server.client_certificate_pem(), server.client_key_pem())
            .connect()
            .unwrap();
        for _ in 0..3 {
            client.call(LocateRequest::default()).send().unwrap();
        }
        let error = client.call(GetRequest::new("nothing")).send().unwrap_err();
        assert!(error.is_not_found(), "{error}");
        assert_eq!(client.status().opened(), 1);
    }
    let bare = Client::builder()
        .address(format!("https://{}/kmip/2_1", server.https_address()))
        .root_certificates_pem(server.ca_certificate_pem())
        .identity_pem(server.client_certificate_pem(), server.client_key_pem())
        .connect()
        .unwrap();
    bare.call(LocateRequest::default()).send().unwrap();
    let error = bare.call(GetRequest::new("nothing")).send().unwrap_err();
    assert!(error.is_not_found(), "{error}");
}
