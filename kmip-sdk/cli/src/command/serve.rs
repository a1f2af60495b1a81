//! `kmip serve`: the server of the library, or one that answers as a recorded exchange says.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};

use clap::Args;
use kmip_sdk::server::{EmbeddedServer, Listener, Server, ServerOptions};
use kmip_sdk::testing::MockServer;
use kmip_sdk::types::DateTime;
use kmip_sdk::types::case::Case;
use kmip_sdk::{ProtocolVersion, Service};
use tempfile::NamedTempFile;

use crate::failure::{Failure, Name};
use crate::interrupt;
use crate::output::Output;

/// Arguments of `kmip serve`.
#[derive(Debug, Args)]
#[command(
    after_help = "When the server is ready it prints one line, and writes it to --ready-file, if\nthat is given, which is there whole or not at all:\n\n  kmip serve: ready address=HOST:PORT https=HOST:PORT folder=FOLDER\n\nThere may be more words of that kind in it; https= and folder= are there where\nthere is such a thing. Ctrl-C ends it. Objects are gone when it ends: it is\nfor development and tests.\n\nExamples:\n  kmip serve --folder certificates\n  kmip serve --folder certificates --users users.txt --deterministic\n  kmip serve --case a.xml --certificate s.pem --private-key s.key --client-ca ca"
)]
pub(crate) struct Serve {
    /// Write the certificates that it makes to this folder: ca.pem, client.pem, client-key.pem
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
    /// Another client with a certificate of its own, NAME.pem and NAME-key.pem in the folder
    #[arg(long, value_name = "NAME", requires = "folder")]
    client: Vec<String>,
    /// A file with a user a line: NAME:PASSWORD
    #[arg(long, value_name = "FILE")]
    users: Option<PathBuf>,
    /// Take these versions of KMIP only
    #[arg(long, value_name = "VERSION", value_delimiter = ',')]
    versions: Vec<ProtocolVersion>,
    /// Number identifiers from 1, and let the clock stand still, so that each run says the same but for random bytes
    #[arg(long)]
    deterministic: bool,
    /// Keep at most so many objects
    #[arg(long, value_name = "COUNT")]
    maximum_objects: Option<usize>,
    /// Answer as this recorded exchange says, a test case in XML; several follow each other
    #[arg(long, value_name = "FILE", requires_all = ["certificate", "private_key", "client_ca"], conflicts_with_all = ["folder", "users", "versions", "deterministic", "maximum_objects"])]
    case: Vec<PathBuf>,
    /// The certificate to show, in PEM; with --private-key and --client-ca
    #[arg(long, value_name = "FILE", requires_all = ["private_key", "client_ca"], conflicts_with = "folder")]
    certificate: Option<PathBuf>,
    /// The private key of it, in PEM
    #[arg(long, value_name = "FILE", requires = "certificate")]
    private_key: Option<PathBuf>,
    /// The certificates that clients are verified by, in PEM
    #[arg(long, value_name = "FILE", requires = "certificate")]
    client_ca: Option<PathBuf>,
    /// Where to listen, with a certificate that is given; on a port that the system chooses, if it is 0
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:0", requires = "certificate")]
    listen: String,
    /// Write the line that says that it is ready to this file, too
    #[arg(long, value_name = "FILE")]
    ready_file: Option<PathBuf>,
}

/// When the clock of a deterministic server stands still: the beginning of 2030, so that what is activated by a date before
/// now is active.
const STILL: i64 = 1_893_456_000;

/// What listens for as long as it is kept.
enum Listening {
    Embedded(Box<EmbeddedServer>),
    Given(Listener),
}

pub(crate) fn run(arguments: &Serve, output: &mut Output) -> Result<ExitCode, Failure> {
    let interrupted = interrupt::watch()?;
    let (listening, cases) = start(arguments)?;
    let mut line = String::from("kmip serve: ready");
    match &listening {
        Listening::Embedded(server) => {
            line += &format!(" address={} https={}", server.address(), server.https_address());
        }
        Listening::Given(listener) => line += &format!(" address={}", listener.address()),
    }
    if let Some(folder) = &arguments.folder {
        line += &format!(" folder={}", Name(folder.clone()));
    }
    line.push('\n');
    let mut stdout = io::stdout();
    // It is for who waits for it: at once, not at the end.
    stdout.write_all(line.as_bytes()).and_then(|()| stdout.flush()).map_err(Failure::WriteOutput)?;
    if let Some(path) = &arguments.ready_file {
        write(path, line.as_bytes())?;
    }
    // It ends with a signal only.
    let _ = interrupted.recv();
    drop(listening);
    let left: usize = cases.iter().map(MockServer::left).sum();
    if left > 0 {
        output.note(&format_args!("{left} of the requests of the test cases were not made"));
    }
    Ok(ExitCode::SUCCESS)
}

fn start(arguments: &Serve) -> Result<(Listening, Vec<MockServer>), Failure> {
    let failed =
        |error: &dyn std::fmt::Display| Failure::Usage(format!("the server does not start: {error}"));
    if !arguments.case.is_empty() {
        let cases = arguments.case.iter().map(|path| case(path)).collect::<Result<Vec<_>, _>>()?;
        return Ok((listen(arguments, Replayed(cases.clone()))?, cases));
    }
    let options = options(arguments)?;
    if arguments.certificate.is_some() {
        return Ok((listen(arguments, Server::new(options))?, Vec::new()));
    }
    let server = EmbeddedServer::start_with(options).map_err(|error| failed(&error))?;
    if let Some(folder) = &arguments.folder {
        fs::create_dir_all(folder).map_err(|error| Failure::WriteFile(Name(folder.clone()), error))?;
        write(&folder.join("ca.pem"), server.ca_certificate_pem().as_bytes())?;
        write(&folder.join("client.pem"), server.client_certificate_pem().as_bytes())?;
        write(&folder.join("client-key.pem"), server.client_key_pem().as_bytes())?;
        for name in &arguments.client {
            if name.contains(['/', '\\']) {
                return Err(Failure::Usage(format!("{name:?} is no name of a file")));
            }
            let (certificate, key) = server.new_client(name).map_err(|error| failed(&error))?;
            write(&folder.join(format!("{name}.pem")), certificate.as_bytes())?;
            write(&folder.join(format!("{name}-key.pem")), key.as_bytes())?;
        }
    }
    Ok((Listening::Embedded(Box::new(server)), Vec::new()))
}

/// Listens with the certificate that is given.
fn listen<S: Service + 'static>(arguments: &Serve, service: S) -> Result<Listening, Failure> {
    let (Some(certificate), Some(key), Some(ca)) =
        (&arguments.certificate, &arguments.private_key, &arguments.client_ca)
    else {
        return Err(Failure::Usage(
            "say what to show: --certificate, --private-key and --client-ca".to_owned(),
        ));
    };
    let listener = Listener::builder(service).identity_files(certificate, key).root_certificates_file(ca);
    let listener = listener.listen(arguments.listen.as_str());
    let listener = listener.map_err(|error| Failure::Usage(format!("the server does not start: {error}")))?;
    Ok(Listening::Given(listener))
}

fn options(arguments: &Serve) -> Result<ServerOptions, Failure> {
    let mut options = ServerOptions::default();
    if !arguments.versions.is_empty() {
        options = options.versions(arguments.versions.iter().copied());
    }
    if let Some(objects) = arguments.maximum_objects {
        options = options.maximum_objects(objects);
    }
    if arguments.deterministic {
        let next = AtomicU64::new(1);
        options = options
            .clock(|| DateTime::from_seconds(STILL))
            .identifiers(move || next.fetch_add(1, Ordering::Relaxed).to_string());
    }
    let Some(path) = &arguments.users else { return Ok(options) };
    let text = fs::read_to_string(path).map_err(|error| Failure::Read(Name(path.clone()), error))?;
    let text = zeroize::Zeroizing::new(text);
    for (line, number) in text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty()) {
        let Some((name, password)) = line.split_once(':') else {
            return Err(Failure::Faulty(format!(
                "{}: line {number} is not NAME:PASSWORD",
                Name(path.clone())
            )));
        };
        options = options.user(name, password);
    }
    Ok(options)
}

fn case(path: &Path) -> Result<MockServer, Failure> {
    let faulty =
        |error: &dyn std::fmt::Display| Failure::Faulty(format!("{}: {error}", Name(path.to_owned())));
    let case = Case::from_file(path).map_err(|error| faulty(&error))?;
    MockServer::from_case(&case).map_err(|error| faulty(&error))
}

/// Answers by the first case that has requests left. Where it has no such request, the connection is closed, and why is told.
struct Replayed(Vec<MockServer>);

impl Service for Replayed {
    fn exchange(&self, request: &[u8]) -> Vec<u8> {
        let case = self.0.iter().find(|case| case.left() > 0).or(self.0.last());
        case.map_or_else(Vec::new, |case| {
            case.respond(request).unwrap_or_else(|why| {
                anstream::eprintln!("{}", kmip_sdk::types::escape::Escaped(&why));
                Vec::new()
            })
        })
    }
}

/// Writes a file, whole, for its user only.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let failed = |error| Failure::WriteFile(Name(path.to_owned()), error);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut file = NamedTempFile::new_in(folder.unwrap_or(Path::new("."))).map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}
