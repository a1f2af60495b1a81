//! The configuration for the next connection: read again when its files have changed.
//!
//! It is looked for when a connection is made, and never during one. A file has changed if its times or its length
//! have; that is asked of the system, and costs little beside a handshake. Files that cannot be used, such as one that
//! is half written, or a new certificate whose key is not there yet, leave the configuration as it was, and are read
//! again for the next connection.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use rustls::ClientConfig;

use super::config::TlsOptions;
use crate::error::ConfigurationError;

/// Gives each new connection its configuration of TLS.
pub(crate) struct TlsConfigs {
    options: Box<TlsOptions>,
    last: Mutex<Read>,
}

/// A configuration, and what its files were like before they were read.
struct Read {
    config: Arc<ClientConfig>,
    stamps: Vec<Option<Stamp>>,
}

/// What tells one state of a file from another.
#[derive(PartialEq)]
struct Stamp {
    length: u64,
    modified: Option<SystemTime>,
    identity: Identity,
}

/// Which file it is, and when the system last noted a change: what was moved here keeps its time of modification.
#[cfg(unix)]
type Identity = (u64, u64, i64, i64);
#[cfg(not(unix))]
type Identity = Option<SystemTime>;

impl TlsConfigs {
    /// Makes the first configuration.
    ///
    /// # Errors
    /// As [`TlsOptions::client_config`].
    pub(crate) fn new(options: TlsOptions) -> Result<Self, ConfigurationError> {
        let last = Mutex::new(Read::new(&options, stamps(&options))?);
        Ok(Self { options: Box::new(options), last })
    }

    /// The configuration for a new connection. Where a file has changed, this reads it, and blocks for as long.
    pub(crate) fn current(&self) -> Arc<ClientConfig> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let stamps = stamps(&self.options);
        if stamps != last.stamps {
            match Read::new(&self.options, stamps) {
                Ok(read) => {
                    tracing::info!("certificate files have changed: read again");
                    *last = read;
                }
                Err(error) => tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "certificate files have changed and cannot be used: what was read before stays in use"
                ),
            }
        }
        Arc::clone(&last.config)
    }
}

impl Read {
    /// The stamps are taken before, so that a change meanwhile is seen next time.
    fn new(options: &TlsOptions, stamps: Vec<Option<Stamp>>) -> Result<Self, ConfigurationError> {
        Ok(Self { config: options.client_config()?, stamps })
    }
}

/// What each file is like now; nothing, if that cannot be told.
fn stamps(options: &TlsOptions) -> Vec<Option<Stamp>> {
    options.files().into_iter().map(stamp).collect()
}

fn stamp(path: &Path) -> Option<Stamp> {
    let metadata = std::fs::metadata(path).ok()?;
    Some(Stamp { length: metadata.len(), modified: metadata.modified().ok(), identity: identity(&metadata) })
}

#[cfg(unix)]
fn identity(metadata: &std::fs::Metadata) -> Identity {
    use std::os::unix::fs::MetadataExt;
    (metadata.dev(), metadata.ino(), metadata.ctime(), metadata.ctime_nsec())
}

#[cfg(not(unix))]
fn identity(metadata: &std::fs::Metadata) -> Identity {
    metadata.created().ok()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Cursor;
    use std::path::Path;
    use std::sync::Arc;

    use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
    use rustls::server::WebPkiClientVerifier;
    use rustls::{ClientConfig, ClientConnection, RootCertStore, ServerConfig, ServerConnection};
    use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName};
    use tempfile::TempDir;

    use super::TlsConfigs;
    use crate::tls::{Identity, PinSource, Root, Source, TlsOptions};

    /// An authority that is renewed: each is of the same name, and has another key.
    struct Authority(CertifiedIssuer<'static, KeyPair>);

    impl Authority {
        fn new() -> Self {
            let mut params = CertificateParams::default();
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
        }

        /// A certificate for `localhost`, and its key.
        fn issue(&self) -> (rcgen::Certificate, KeyPair) {
            let key = KeyPair::generate().unwrap();
            let params = CertificateParams::new(["localhost".to_owned()]).unwrap();
            (params.signed_by(&key, &self.0).unwrap(), key)
        }
    }

    /// Files, and the options that name them.
    struct Files {
        directory: TempDir,
    }

    impl Files {
        fn new(authority: &Authority) -> Self {
            let files = Self { directory: tempfile::tempdir().unwrap() };
            files.write("ca.pem", authority.0.pem());
            files.issue(authority);
            files
        }

        fn write(&self, name: &str, content: impl AsRef<[u8]>) {
            fs::write(self.directory.path().join(name), content).unwrap();
        }

        /// Writes a new certificate and its key.
        fn issue(&self, authority: &Authority) -> CertificateDer<'static> {
            let (certificate, key) = authority.issue();
            self.write("client.pem", certificate.pem());
            self.write("client.key", key.serialize_pem());
            certificate.der().clone()
        }

        fn source(&self, name: &str) -> Source {
            Source::File(self.directory.path().join(name))
        }

        fn options(&self) -> TlsOptions {
            let identity =
                Identity::Pem { certificates: self.source("client.pem"), key: self.source("client.key") };
            TlsOptions {
                roots: vec![Root::Pem(self.source("ca.pem"))],
                identity: Some(identity),
                ..TlsOptions::default()
            }
        }
    }

    /// The certificate that the client shows to a server of this authority, if each trusts the other.
    fn shown(config: Arc<ClientConfig>, authority: &Authority) -> Result<CertificateDer<'static>, String> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut roots = RootCertStore::empty();
        roots.add(authority.0.der().clone()).unwrap();
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
        let (certificate, key) = authority.issue();
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let server = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_client_cert_verifier(verifier.build().unwrap())
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        let mut server = ServerConnection::new(Arc::new(server)).unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        let mut client = ClientConnection::new(config, name).unwrap();
        while client.is_handshaking() || server.is_handshaking() {
            let mut wire = Vec::new();
            while client.wants_write() {
                client.write_tls(&mut wire).unwrap();
            }
            server.read_tls(&mut Cursor::new(wire)).unwrap();
            server.process_new_packets().map_err(|error| error.to_string())?;
            let mut wire = Vec::new();
            while server.wants_write() {
                server.write_tls(&mut wire).unwrap();
            }
            client.read_tls(&mut Cursor::new(wire)).unwrap();
            client.process_new_packets().map_err(|error| error.to_string())?;
        }
        Ok(server.peer_certificates().unwrap()[0].clone().into_owned())
    }

    #[test]
    fn can_be_shared_among_threads() {
        fn check<T: Send + Sync>() {}
        check::<TlsConfigs>();
    }

    #[test]
    fn keeps_the_configuration_while_no_file_changes() {
        let files = Files::new(&Authority::new());
        let configs = TlsConfigs::new(files.options()).unwrap();
        assert!(Arc::ptr_eq(&configs.current(), &configs.current()));
        // A file that is none of them.
        files.write("other.pem", "");
        assert!(Arc::ptr_eq(&configs.current(), &configs.current()));
    }

    #[test]
    fn shows_a_renewed_certificate_on_the_next_connection() {
        let authority = Authority::new();
        let files = Files::new(&authority);
        let configs = TlsConfigs::new(files.options()).unwrap();
        let before = shown(configs.current(), &authority).unwrap();
        let renewed = files.issue(&authority);
        assert_ne!(before, renewed);
        assert_eq!(shown(configs.current(), &authority).unwrap(), renewed);
        assert!(Arc::ptr_eq(&configs.current(), &configs.current()));
    }

    #[test]
    fn trusts_a_renewed_authority_on_the_next_connection() {
        let (old, new) = (Authority::new(), Authority::new());
        let files = Files::new(&old);
        let configs = TlsConfigs::new(files.options()).unwrap();
        shown(configs.current(), &old).unwrap();
        shown(configs.current(), &new).unwrap_err();
        files.write("ca.pem", new.0.pem());
        files.issue(&new);
        shown(configs.current(), &new).unwrap();
        shown(configs.current(), &old).unwrap_err();
    }

    #[test]
    fn goes_on_with_what_it_has_while_a_file_cannot_be_used() {
        let authority = Authority::new();
        let files = Files::new(&authority);
        let configs = TlsConfigs::new(files.options()).unwrap();
        let first = configs.current();
        let (certificate, key) = authority.issue();
        // Half of a file, none, and a certificate whose key is not there yet.
        files.write("client.pem", &certificate.pem()[..100]);
        assert!(Arc::ptr_eq(&configs.current(), &first));
        fs::remove_file(files.directory.path().join("client.pem")).unwrap();
        assert!(Arc::ptr_eq(&configs.current(), &first));
        files.write("client.pem", certificate.pem());
        assert!(Arc::ptr_eq(&configs.current(), &first));
        // It is tried again without a change too: what failed may be something else, such as a right to read.
        assert!(Arc::ptr_eq(&configs.current(), &first));
        files.write("client.key", key.serialize_pem());
        assert_eq!(shown(configs.current(), &authority).unwrap(), *certificate.der());
    }

    #[cfg(unix)]
    #[test]
    fn sees_a_file_of_the_same_length_and_time_in_the_place_of_another() {
        let authority = Authority::new();
        let files = Files::new(&authority);
        let configs = TlsConfigs::new(files.options()).unwrap();
        let first = configs.current();
        let path = |name: &str| files.directory.path().join(name);
        let modified = |path: &Path| fs::metadata(path).unwrap().modified().unwrap();
        let before = modified(&path("ca.pem"));
        fs::copy(path("ca.pem"), path("new.pem")).unwrap();
        fs::File::options().write(true).open(path("new.pem")).unwrap().set_modified(before).unwrap();
        fs::rename(path("new.pem"), path("ca.pem")).unwrap();
        assert_eq!(modified(&path("ca.pem")), before);
        assert!(!Arc::ptr_eq(&configs.current(), &first));
    }

    #[cfg(unix)]
    #[test]
    fn follows_a_link_to_the_files_of_today() {
        // As a container has its secrets.
        let authority = Authority::new();
        let (old, new) = (Files::new(&authority), Files::new(&authority));
        let renewed = new.issue(&authority);
        let directory = tempfile::tempdir().unwrap();
        let link = directory.path().join("data");
        std::os::unix::fs::symlink(old.directory.path(), &link).unwrap();
        let source = |name: &str| Source::File(link.join(name));
        let identity = Identity::Pem { certificates: source("client.pem"), key: source("client.key") };
        let options = TlsOptions {
            roots: vec![Root::Pem(source("ca.pem"))],
            identity: Some(identity),
            ..TlsOptions::default()
        };
        let configs = TlsConfigs::new(options).unwrap();
        assert_ne!(shown(configs.current(), &authority).unwrap(), renewed);
        fs::remove_file(&link).unwrap();
        std::os::unix::fs::symlink(new.directory.path(), &link).unwrap();
        assert_eq!(shown(configs.current(), &authority).unwrap(), renewed);
    }

    #[test]
    fn reads_a_pinned_certificate_again() {
        let (old, new) = (Authority::new(), Authority::new());
        let files = Files::new(&old);
        let pin = Some(PinSource::Pem(files.source("ca.pem")));
        let configs = TlsConfigs::new(TlsOptions { pin, ..TlsOptions::default() }).unwrap();
        let first = configs.current();
        files.write("ca.pem", new.0.pem());
        assert!(!Arc::ptr_eq(&configs.current(), &first));
    }

    #[test]
    fn looks_at_no_file_where_the_whole_configuration_is_given() {
        let authority = Authority::new();
        let files = Files::new(&authority);
        let ready = files.options().client_config().unwrap();
        let options = TlsOptions { ready: Some(Arc::clone(&ready)), ..files.options() };
        let configs = TlsConfigs::new(options).unwrap();
        files.issue(&authority);
        assert!(Arc::ptr_eq(&configs.current(), &ready));
    }
}
