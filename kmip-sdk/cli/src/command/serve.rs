//! `kmip serve`: the server of the library, or one that answers as a recorded exchange says.

mod options;
mod rotation;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use kmip_sdk::Service;
use kmip_sdk::server::layer::{Incoming, Next, Outcome};
use kmip_sdk::server::{EmbeddedServer, EmbeddedServerBuilder, ServerOptions};

use super::listening::{self, Ready, not_started, ports, write};
use super::replay;
use super::stored::Stored;
use crate::connection;
use crate::failure::{Failure, Name};
use crate::interrupt::{self, Signal};
use crate::output::Output;
use options::Kept;
use rotation::Rotation;

/// Arguments of `kmip serve`.
#[derive(Debug, Args)]
#[command(
    after_help = HELP
)]
pub(crate) struct Serve {
    #[command(flatten)]
    listening: Listening,
    #[command(flatten)]
    certificates: Certificates,
    #[command(flatten)]
    stored: Stored,
    #[command(flatten)]
    kept: Kept,
    /// Answer as this recorded exchange says, a test case in XML; several follow each other
    #[arg(long, value_name = "FILE", conflicts_with_all = ["kept", "stored"], help_heading = "Server")]
    case: Vec<PathBuf>,
}

const HELP: &str = "\
When the server is ready it prints one line, and writes it to --ready-file, if
that is given, which is there whole or not at all:

  kmip serve: ready address=HOST:PORT https=HOST:PORT folder=FOLDER inspect=URL

There may be more words of that kind in it; folder= is there where there is one.
The page at inspect= is for this machine, shows what goes by and what is kept,
and has secrets hidden; its address is the right to see it.
Ctrl-C ends it when what was asked is answered, and at once the second time.

It is for development and tests. Without --store, objects are gone when it ends.
What it keeps in a file is sealed with a master key of 256 bits: 64 hexadecimal
digits in --master-key-file or in KMIP_MASTER_KEY, or a key of another server.

Where it keeps what is sealed, SIGHUP has it read the master key and those of
--accept-master-key-file again, and where the master key is another one, change
the store to that while it serves; how that went is told on the standard error.
Where it is cut short, the next start needs both keys, and goes on with it:

  kmip serve --store redb:kmip.store --master-key-file new \\
    --accept-master-key-file old

Where many servers share a store, first all of them accept the new key, then
one after the other has it as its master key, and accepts the old one still.

Examples:
  kmip serve --folder certificates
  kmip serve --folder certificates --listen 127.0.0.1:5696 --deterministic
  kmip serve --folder certificates --store redb:kmip.store --master-key-file key
  kmip serve --case exchange.xml --folder certificates";

/// Where it listens.
#[derive(Debug, Args)]
#[command(next_help_heading = "Listening")]
struct Listening {
    /// Where to listen for binary TTLV; on a port that the system chooses, if it is 0
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:0")]
    listen: String,
    /// Where to listen for HTTPS; without it, on a port that the system chooses, where --listen is
    #[arg(long, value_name = "HOST:PORT")]
    https: Option<String>,
    /// Write the line that says that it is ready to this file, too
    #[arg(long, value_name = "FILE")]
    ready_file: Option<PathBuf>,
    /// Show no page of what goes by and what it keeps
    #[arg(long)]
    no_inspect: bool,
}

/// What it shows, and whom it takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Certificates")]
struct Certificates {
    /// Write the certificates that it makes to this folder: ca.pem, client.pem, client-key.pem
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
    /// Another client with a certificate of its own, NAME.pem and NAME-key.pem in the folder
    #[arg(long, value_name = "NAME", requires = "folder", conflicts_with = "client_ca")]
    client: Vec<String>,
    /// Another name or address that the certificate which it makes is for, beside localhost and 127.0.0.1
    #[arg(long, value_name = "NAME", conflicts_with = "certificate")]
    server_name: Vec<String>,
    /// The certificate to show in place of one that it makes, in PEM
    #[arg(long, value_name = "FILE", requires = "private_key")]
    certificate: Option<PathBuf>,
    /// The private key of it, in PEM
    #[arg(long, value_name = "FILE", requires = "certificate")]
    private_key: Option<PathBuf>,
    /// A file with the password of the private key
    #[arg(long, value_name = "FILE", requires = "private_key")]
    private_key_password_file: Option<PathBuf>,
    /// The certificates that clients are verified by, in PEM, in place of those that it makes
    #[arg(long, value_name = "FILE")]
    client_ca: Option<PathBuf>,
}

/// How long what was asked may take when it ends.
const LAST: Duration = Duration::from_secs(10);

pub(crate) fn run(arguments: &Serve, output: &mut Output) -> Result<ExitCode, Failure> {
    let told = interrupt::watch_and(arguments.stored.lasts())?;
    let cases = replay::read(&arguments.case)?;
    let replayed = match cases.is_empty() {
        true => None,
        false => Some(Arc::new(replay::replayed(&arguments.case, &cases)?)),
    };
    let inspector = listening::inspector(arguments.listening.no_inspect)?;
    let store = arguments.stored.open()?;
    let options = match replayed {
        Some(_) => ServerOptions::default(),
        None => arguments.kept.options(store.clone())?,
    };
    // The page sees what is in front of all else.
    let options = match &inspector {
        Some(inspector) => options.layer(inspector.layer()),
        None => options,
    };
    let options = match replayed.clone() {
        Some(replayed) => options.layer(move |incoming: &Incoming<'_>, _: Next<'_>| {
            Outcome::answer(replayed.exchange(incoming.bytes()))
        }),
        None => options,
    };
    let builder = EmbeddedServer::builder().options(options);
    let builder = arguments.certificates.put_in(arguments.listening.put_in(builder)?)?;
    let server = builder.start().map_err(|error| not_started("server", &error))?;
    arguments.certificates.write(&server)?;

    if let Some(inspector) = &inspector {
        inspector.look_at(&server);
    }
    let (address, https) = (server.address(), Some(server.https_address()));
    let (folder, inspector) = (arguments.certificates.folder.as_ref(), inspector.as_ref());
    let ready = Ready { command: "serve", address, https, folder, inspector };
    ready.say()?;
    if let Some(path) = &arguments.listening.ready_file {
        write(path, ready.line().as_bytes())?;
    }
    let rotation = match store.filter(|_| arguments.stored.lasts()) {
        Some(store) => Some(Rotation::start(store, arguments.stored.clone(), output.color())?),
        None => None,
    };
    // It ends with a signal only.
    while let Ok(Signal::HangUp) = told.recv() {
        rotation.iter().for_each(Rotation::ask);
    }
    if !server.shutdown(LAST) {
        output.note(&format_args!("not all was answered within {} s", LAST.as_secs()));
    }
    if rotation.is_some_and(|rotation| rotation.is_under_way()) {
        output.note(&rotation::UNFINISHED);
    }
    if let Some(replayed) = &replayed {
        replay::tell_left(replayed, output);
    }
    Ok(ExitCode::SUCCESS)
}

impl Listening {
    fn put_in(&self, builder: EmbeddedServerBuilder) -> Result<EmbeddedServerBuilder, Failure> {
        let (ttlv, https) = ports(&self.listen, self.https.as_deref())?;
        let builder = builder.bind_address(ttlv.ip()).port(ttlv.port());
        Ok(builder.https_bind_address(https.ip()).https_port(https.port()))
    }
}

impl Certificates {
    fn put_in(&self, mut builder: EmbeddedServerBuilder) -> Result<EmbeddedServerBuilder, Failure> {
        builder = self.server_name.iter().fold(builder, EmbeddedServerBuilder::server_name);
        if let (Some(certificate), Some(key)) = (&self.certificate, &self.private_key) {
            let key = zeroize::Zeroizing::new(read(key)?);
            builder = builder.identity_pem(read(certificate)?, &*key);
        }
        if let Some(file) = &self.private_key_password_file
            && let Some(password) = connection::secret(Some(file), "")?
        {
            builder = builder.identity_password(password.as_str());
        }
        if let Some(file) = &self.client_ca {
            builder = builder.client_root_certificates_pem(read(file)?);
        }
        Ok(builder)
    }

    /// Writes what the server made: not what was given in place of it.
    fn write(&self, server: &EmbeddedServer) -> Result<(), Failure> {
        let Some(folder) = &self.folder else { return Ok(()) };
        fs::create_dir_all(folder).map_err(|error| Failure::WriteFile(Name(folder.clone()), error))?;
        if self.certificate.is_none() {
            write(&folder.join("ca.pem"), server.ca_certificate_pem().as_bytes())?;
        }
        if self.client_ca.is_some() {
            return Ok(());
        }
        write(&folder.join("client.pem"), server.client_certificate_pem().as_bytes())?;
        write(&folder.join("client-key.pem"), server.client_key_pem().as_bytes())?;
        for name in &self.client {
            if name.contains(['/', '\\']) {
                return Err(Failure::Usage(format!("{name:?} is no name of a file")));
            }
            let (certificate, key) =
                server.new_client(name).map_err(|error| not_started("server", &error))?;
            write(&folder.join(format!("{name}.pem")), certificate.as_bytes())?;
            write(&folder.join(format!("{name}-key.pem")), key.as_bytes())?;
        }
        Ok(())
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|error| Failure::Read(Name(path.to_owned()), error))
}
