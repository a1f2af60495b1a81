//! `kmip proxy`: stands between clients and a server, and shows, records and inspects what goes by.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Mutex;

use clap::{Args, ValueEnum};
use kmip_sdk::Encoding;
use kmip_sdk::server::layer::Exchanged;
use kmip_sdk::testing::Recorder;
use kmip_sdk::types::case;
use kmip_sdk::types::escape::Escaped;
use kmip_sdk::types::view::View;
use kmip_types::TextCodec;
use kmip_types::dump::Outline;
use zeroize::Zeroizing;

use super::listening::{Ready, Shown, inspector, not_started, ports, write, write_certificates};
use crate::connection::Connection;
use crate::failure::Failure;
use crate::interrupt;
use crate::output::Output;
use crate::style::Line;

/// Arguments of `kmip proxy`.
#[derive(Debug, Args)]
#[command(
    after_help = "The server is reached as the settings of the connection say, with the certificate in\nthem. When the proxy is ready it prints one line:\n\n  kmip proxy: ready address=HOST:PORT https=HOST:PORT folder=FOLDER inspect=URL\n\nAt https= messages are posted to /kmip, in binary TTLV, JSON or XML, whatever is\nspoken to the server: that is said by its address and by --encoding. Clients\ntrust ca.pem and show client.pem, or what is given by --certificate,\n--private-key and --client-ca. Ctrl-C ends it, and writes the record.\n\nExamples:\n  kmip proxy --server kms.example.com --folder certificates\n  kmip proxy --listen 127.0.0.1:5697 --folder c --record case.xml --show none"
)]
pub(crate) struct Proxy {
    /// Where to listen for binary TTLV; on a port that the system chooses, if it is 0
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:0")]
    listen: String,
    /// Where to listen for HTTPS; without it, on a port that the system chooses, where --listen is
    #[arg(long, value_name = "HOST:PORT")]
    https: Option<String>,
    /// Where the server is, in place of --address
    #[arg(long, value_name = "ADDRESS")]
    server: Option<String>,
    /// Write what was said to this file when it ends, as a test case in XML
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// Record no more than so many bytes of messages, which are kept in memory until then
    #[arg(long, value_name = "BYTES", default_value_t = RECORD_LIMIT, requires = "record")]
    record_limit: u64,
    /// Show secrets, and record them; without it, placeholders stand for them in the record
    #[arg(long)]
    reveal: bool,
    /// How to show the exchanges
    #[arg(long, value_name = "FORM", default_value = "text")]
    show: Show,
    /// Serve no page on loopback that shows them
    #[arg(long)]
    no_inspect: bool,
    #[command(flatten)]
    shown: Shown,
    #[command(flatten)]
    connection: Connection,
}

/// How many bytes of messages are recorded, if nothing else is said: 64 MiB, which become several times as much in XML.
const RECORD_LIMIT: u64 = 64 << 20;

/// How exchanges are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Show {
    /// A tree, with what is wrong at its place
    Text,
    /// Every byte, with what it is
    Hex,
    /// A line each
    Line,
    /// Not at all
    None,
}

pub(crate) fn run(arguments: &Proxy, output: &mut Output) -> Result<ExitCode, Failure> {
    let interrupted = interrupt::watch()?;
    let mut settings = arguments.connection.settings()?;
    if let Some(server) = &arguments.server {
        settings.address = vec![server.clone()];
    }
    let client = settings.builder()?.build()?;
    let (ttlv, https) = ports(&arguments.listen, arguments.https.as_deref())?;
    let mut proxy = kmip_sdk::server::Proxy::builder(client).https_address(https);
    let Shown { folder, certificate, private_key, client_ca, .. } = &arguments.shown;
    if let (Some(certificate), Some(key)) = (certificate, private_key) {
        proxy = proxy.identity_files(certificate, key);
    }
    if let Some(password) = arguments.shown.password()? {
        proxy = proxy.identity_password(password.as_str());
    }
    if let Some(ca) = client_ca {
        proxy = proxy.client_root_certificates_file(ca);
    }
    let recorder = Recorder::new();
    if arguments.record.is_some() {
        let (recorder, limit) = (recorder.clone(), arguments.record_limit);
        let (left, output) = (Mutex::new(Some(limit)), Output::new(None, output.color()));
        proxy = proxy.watch(move |exchanged| {
            let mut left = left.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let Some(room) = *left else { return };
            let size = exchanged.request.len() as u64 + exchanged.response.len() as u64;
            *left = room.checked_sub(size);
            match *left {
                Some(_) => recorder.add(exchanged.request, exchanged.response),
                None => output.note(&format_args!(
                    "the record has come to its --record-limit of {limit} bytes: nothing is recorded any more, and the proxy goes on"
                )),
            }
        });
    }
    let inspector = inspector(arguments.no_inspect)?;
    if let Some(inspector) = &inspector {
        proxy = proxy.watch(inspector.watcher());
    }
    if arguments.show != Show::None {
        let (show, reveal, color) = (arguments.show, arguments.reveal, output.color());
        let number = Mutex::new(0_u64);
        proxy = proxy.watch(move |exchanged| {
            // One at a time, so that their lines stay together.
            let mut number = number.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            *number += 1;
            let mut output = Output::new(None, color);
            print(*number, exchanged, show, reveal, &mut output);
            // Where nobody reads it any more, it goes on.
            let _ = output.finish();
        });
    }
    let proxy = proxy.listen(ttlv).map_err(|error| not_started("proxy", &error))?;
    if let Some(folder) = folder {
        write_certificates(
            folder,
            proxy.ca_certificate_pem(),
            proxy.client_certificate_pem(),
            proxy.client_key_pem(),
        )?;
    }
    let (address, https) = (proxy.address(), proxy.https_address());
    let ready =
        Ready { command: "proxy", address, https, folder: folder.as_ref(), inspector: inspector.as_ref() };
    ready.say()?;
    // It ends with a signal only.
    let _ = interrupted.recv();
    drop(proxy);
    if let Some(path) = &arguments.record {
        let view = View::of(&recorder);
        let view = if arguments.reveal { view.reveal() } else { view };
        let xml = Zeroizing::new(case::to_xml(&view).map_err(Failure::View)?);
        write(path, xml.as_bytes())?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints an exchange.
fn print(number: u64, exchanged: &Exchanged<'_>, show: Show, reveal: bool, output: &mut Output) {
    let who = exchanged.client.map_or_else(|| "nobody".to_owned(), |who| Escaped(who).to_string());
    let milliseconds = exchanged.took.as_secs_f64() * 1e3;
    let connection = exchanged.connection.unwrap_or_default();
    let spoken = match exchanged.encoding {
        None => "TTLV",
        Some(Encoding::Ttlv) => "TTLV over HTTPS",
        Some(Encoding::Json) => "JSON over HTTPS",
        Some(Encoding::Xml) => "XML over HTTPS",
        Some(other) => other.content_type(),
    };
    output.title(&format!("{number}: {who}, connection {connection}, {spoken}, {milliseconds:.1} ms"));
    let codec = TextCodec::new().reveal_secrets(reveal);
    for (what, bytes) in [("request", exchanged.request), ("response", exchanged.response)] {
        if bytes.is_empty() {
            let why = exchanged.failure.unwrap_or("nothing was sent");
            output.line(&format!("no {what}: {}", Escaped(why)), Line::Failed);
            continue;
        }
        match show {
            Show::Text => output.lines(Outline::read(bytes, &codec).to_text().as_str(), Line::Text),
            Show::Hex => output.lines(Outline::read(bytes, &codec).to_annotated().as_str(), Line::Hex),
            Show::Line | Show::None => output.line(&format!("{what} of {} bytes", bytes.len()), Line::Plain),
        }
    }
    output.text("\n");
}
