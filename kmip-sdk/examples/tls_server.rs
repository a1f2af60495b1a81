//! A TLS server whose private key never leaves the key server: makes the key there, its certificate by rcgen, and takes a
//! connection by rustls.
#![allow(clippy::print_stdout, clippy::unwrap_used)] // An example prints, and shows failures.

use std::error::Error;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use kmip_sdk::Client;
use kmip_sdk::rustls::crypto::aws_lc_rs::default_provider;
use kmip_sdk::rustls::{
    ClientConfig, ClientConnection, RootCertStore, ServerConfig, ServerConnection, StreamOwned,
};
use kmip_sdk::server::EmbeddedServer;
use kmip_sdk::types::enumerations::RecommendedCurve;

fn main() -> Result<(), Box<dyn Error>> {
    let key_server = EmbeddedServer::start()?;
    let client = Client::builder().embedded(&key_server).connect()?;

    // The key pair is made in the key server; the public key alone comes here.
    let pair = client.create_ec(RecommendedCurve::P256).signing().activated().send()?;
    let key = client.remote_key(&pair.private_key_unique_identifier).send()?;

    // A certificate of its own, or a request for an authority, is signed by the key server.
    let signer = key.certificate_signer(key.schemes()[0])?;
    let certificate = rcgen::CertificateParams::new(["localhost".to_owned()])?.self_signed(&signer)?;

    // So is each handshake.
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_cert_resolver(key.tls_identity([certificate.der().clone()])?);
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let server = thread::spawn(move || {
        let (tcp, _) = listener.accept().unwrap();
        let mut tls = StreamOwned::new(ServerConnection::new(Arc::new(config)).unwrap(), tcp);
        tls.write_all(b"signed by a key that is not here\n").unwrap();
        tls.conn.send_close_notify();
        tls.flush().unwrap();
    });

    let mut roots = RootCertStore::empty();
    roots.add(certificate.der().clone())?;
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connection = ClientConnection::new(Arc::new(config), "localhost".try_into()?)?;
    let mut line = String::new();
    BufReader::new(StreamOwned::new(connection, TcpStream::connect(address)?)).read_line(&mut line)?;
    print!("{line}");
    server.join().unwrap();
    Ok(())
}
