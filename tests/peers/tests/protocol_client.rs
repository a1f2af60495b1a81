//! Every method of the client of `kmip-protocol` against the embedded server, over TLS.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A panic is how a test fails.

use std::net::TcpStream;
use std::sync::Arc;

use kmip_protocol::client::{Client, ClientBuilder, Error};
use kmip_protocol::types::common::{ObjectType, Operation};
use kmip_sdk::rustls::pki_types::pem::PemObject;
use kmip_sdk::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use kmip_sdk::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use kmip_sdk::server::EmbeddedServer;

type Stream = StreamOwned<ClientConnection, TcpStream>;

fn client(server: &EmbeddedServer) -> Client<Stream> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(server.ca_certificate_pem().as_bytes()).unwrap()).unwrap();
    let certificate = CertificateDer::from_pem_slice(server.client_certificate_pem().as_bytes()).unwrap();
    let key = PrivateKeyDer::from_pem_slice(server.client_key_pem().as_bytes()).unwrap();
    let provider = Arc::new(kmip_sdk::rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_client_auth_cert(vec![certificate], key)
        .unwrap();
    let name = ServerName::from(server.address().ip());
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let stream = TcpStream::connect(server.address()).unwrap();
    ClientBuilder::new(StreamOwned::new(connection, stream)).build()
}

#[test]
fn every_method_does_what_it_says() {
    let server = EmbeddedServer::start().unwrap();
    let client = client(&server);

    let query = client.query().unwrap();
    let operations = query.operations.unwrap();
    assert!(operations.contains(&Operation::Sign) && operations.contains(&Operation::RNGRetrieve));
    assert!(query.object_types.unwrap().contains(&ObjectType::PrivateKey));

    assert_eq!(client.rng_retrieve(32).unwrap().data.len(), 32);

    let (private, public) =
        client.create_rsa_key_pair(2048, "private".to_owned(), "public".to_owned()).unwrap();
    assert_ne!(private, public);
    assert!(matches!(client.sign(&private, b"message"), Err(Error::ServerError(_))), "it is not active");
    client.activate_key(&private).unwrap();
    let signed = client.sign(&private, b"message").unwrap();
    assert_eq!(*signed.unique_identifier, private);
    assert_eq!(signed.signature_data.len(), 256);

    let got = client.get_key(&public).unwrap();
    assert_eq!((got.object_type, &*got.unique_identifier), (ObjectType::PublicKey, &public));

    let renamed = client.rename_key(&public, "renamed".to_owned()).unwrap();
    assert_eq!(*renamed.unique_identifier, public);

    assert!(client.destroy_key(&private).is_err(), "it is active");
    client.revoke_key(&private).unwrap();
    client.destroy_key(&private).unwrap();
    client.destroy_key(&public).unwrap();
    assert!(client.get_key(&public).is_err());
}
