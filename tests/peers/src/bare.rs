//! A client that knows nothing of KMIP but the length of an answer, over TLS.

#![allow(clippy::unwrap_used)] // A tool of ours: what it measures is known to work.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;

use kmip_sdk::rustls::pki_types::pem::PemObject;
use kmip_sdk::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use kmip_sdk::rustls::{self, ClientConfig, ClientConnection, RootCertStore, StreamOwned};

/// A connection of such a client.
pub type Stream = StreamOwned<ClientConnection, TcpStream>;

/// What does the cryptography of TLS, here and in the SDK.
pub fn provider() -> Arc<rustls::crypto::CryptoProvider> {
    Arc::new(rustls::crypto::aws_lc_rs::default_provider())
}

/// A configuration that trusts the authority, and shows the certificate with its key, if there is one. All are in PEM.
pub fn config(authority: &str, identity: Option<(&str, &str)>) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority.as_bytes()).unwrap()).unwrap();
    let builder = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots);
    Arc::new(match identity {
        None => builder.with_no_client_auth(),
        Some((certificate, key)) => {
            let certificate = CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap();
            let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap();
            builder.with_client_auth_cert(vec![certificate], key).unwrap()
        }
    })
}

/// A connection to a server on the loopback.
pub fn connect(address: SocketAddr, config: &Arc<ClientConfig>) -> Stream {
    let name = ServerName::try_from("127.0.0.1").unwrap();
    let tcp = TcpStream::connect(address).unwrap();
    tcp.set_nodelay(true).unwrap();
    StreamOwned::new(ClientConnection::new(Arc::clone(config), name).unwrap(), tcp)
}

/// One exchange.
pub fn move_bytes(stream: &mut Stream, request: &[u8], answer: &mut Vec<u8>) {
    stream.write_all(request).unwrap();
    stream.flush().unwrap();
    answer.resize(8, 0);
    stream.read_exact(answer).unwrap();
    let length = u32::from_be_bytes(answer[4..].try_into().unwrap()) as usize;
    answer.resize(8 + length, 0);
    stream.read_exact(&mut answer[8..]).unwrap();
}
