//! What `kmip serve`, `kmip proxy` and `kmip replay` have in common: ports, certificates, the page, and the line that they are ready.

use std::io::{self, Write as _};
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::{Path, PathBuf};

use clap::Args;
use kmip_sdk::inspect::Inspector;
use kmip_sdk::server::StartError;
use tempfile::NamedTempFile;
use zeroize::Zeroizing;

use crate::connection;
use crate::failure::{Failure, Name, in_flags, in_full};

/// What is shown to clients, and what they are verified by.
#[derive(Debug, Args)]
pub(crate) struct Shown {
    /// Write the certificates that it makes to this folder: ca.pem, client.pem, client-key.pem
    #[arg(long, value_name = "FOLDER")]
    pub(crate) folder: Option<PathBuf>,
    /// The certificate to show, in PEM, rather than one that it makes
    #[arg(long, value_name = "FILE", requires = "private_key")]
    pub(crate) certificate: Option<PathBuf>,
    /// The private key of it, in PEM
    #[arg(long, value_name = "FILE", requires = "certificate")]
    pub(crate) private_key: Option<PathBuf>,
    /// A file with the password of the private key
    #[arg(long, value_name = "FILE", requires = "private_key")]
    pub(crate) private_key_password_file: Option<PathBuf>,
    /// The certificates that clients are verified by, in PEM
    #[arg(long, value_name = "FILE")]
    pub(crate) client_ca: Option<PathBuf>,
}

impl Shown {
    /// The password of the private key, if one is given.
    pub(crate) fn password(&self) -> Result<Option<Zeroizing<String>>, Failure> {
        let secret = |file: &PathBuf| connection::secret(Some(file), "");
        self.private_key_password_file.as_ref().map(secret).transpose().map(Option::flatten)
    }
}

/// Writes the certificates that were made to a folder.
pub(crate) fn write_certificates(folder: &Path, ca: &str, client: &str, key: &str) -> Result<(), Failure> {
    std::fs::create_dir_all(folder).map_err(|error| Failure::WriteFile(Name(folder.to_owned()), error))?;
    write(&folder.join("ca.pem"), ca.as_bytes())?;
    write(&folder.join("client.pem"), client.as_bytes())?;
    write(&folder.join("client-key.pem"), key.as_bytes())
}

/// What the line that something is ready says.
pub(crate) struct Ready<'a> {
    /// The name of the command.
    pub(crate) command: &'a str,
    pub(crate) address: SocketAddr,
    pub(crate) https: Option<SocketAddr>,
    pub(crate) folder: Option<&'a PathBuf>,
    pub(crate) inspector: Option<&'a Inspector>,
}

impl Ready<'_> {
    /// The line, with its end.
    pub(crate) fn line(&self) -> String {
        let mut line = format!("kmip {}: ready address={}", self.command, self.address);
        if let Some(https) = self.https {
            line += &format!(" https={https}");
        }
        if let Some(folder) = self.folder {
            line += &format!(" folder={}", Name(folder.clone()));
        }
        if let Some(inspector) = self.inspector {
            line += &format!(" inspect={}", inspector.url());
        }
        line.push('\n');
        line
    }

    /// Prints the line at once: it is for who waits for it.
    pub(crate) fn say(&self) -> Result<(), Failure> {
        let mut stdout = io::stdout();
        let written = stdout.write_all(self.line().as_bytes()).and_then(|()| stdout.flush());
        written.map_err(Failure::WriteOutput)
    }
}

/// Where to listen for binary TTLV, and where for HTTPS: on the same address, unless it is said.
pub(crate) fn ports(listen: &str, https: Option<&str>) -> Result<(SocketAddr, SocketAddr), Failure> {
    let ttlv = port("listen", listen)?;
    let https = https.map(|https| port("https", https)).transpose()?;
    Ok((ttlv, https.unwrap_or_else(|| SocketAddr::new(ttlv.ip(), 0))))
}

fn port(flag: &str, text: &str) -> Result<SocketAddr, Failure> {
    let mut found = text.to_socket_addrs().map_err(|error| {
        Failure::Usage(format!("--{flag} {text} is no HOST:PORT of this machine: {error}"))
    })?;
    found.next().ok_or_else(|| Failure::Usage(format!("--{flag} {text} has no address")))
}

/// The page on loopback, unless it is not wanted.
pub(crate) fn inspector(is_off: bool) -> Result<Option<Inspector>, Failure> {
    let start =
        || Inspector::start().map_err(|error| Failure::Usage(format!("the page does not start: {error}")));
    if is_off { Ok(None) } else { start().map(Some) }
}

/// That something does not start, with all that led to it.
pub(crate) fn not_started(what: &str, error: &StartError) -> Failure {
    let text = format!("the {what} does not start: {}", in_full(error));
    Failure::Usage(in_flags(&text, FLAGS))
}

/// What the methods of the library's builders that its errors name are called here.
const FLAGS: &[(&str, &str)] = &[
    ("root_certificates_pem", "--client-ca"),
    ("identity_pem", "--certificate and --private-key"),
    ("identity_files", "--certificate and --private-key"),
    ("identity_password", "--private-key-password-file"),
];

/// Writes a file, whole, for its user only.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let failed = |error| Failure::WriteFile(Name(path.to_owned()), error);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut file = NamedTempFile::new_in(folder.unwrap_or(Path::new("."))).map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}
