//! The arguments of the command.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use kmip_types::dump::DumpForm;

use crate::style::Line;
use crate::{calls, command};

/// Looks into the Key Management Interoperability Protocol (KMIP): what the standard says, and what messages are
#[derive(Debug, Parser)]
#[command(name = "kmip", version, max_term_width = 80, after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    /// Write to a file, whole or not at all, rather than to the standard output
    #[arg(long, global = true, value_name = "FILE", help_heading = "Output")]
    pub(crate) output_file: Option<PathBuf>,
    /// Whether to colour what is printed; NO_COLOR in the environment turns `auto` off
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", help_heading = "Output")]
    pub(crate) color: Color,
    /// What to do
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What the command does.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Say what the standard has under a name or a number
    Explain(Explain),
    /// Show the messages in whatever was pasted or saved, and what is wrong with them
    Decode(Decode),
    /// Write messages as binary TTLV
    Encode(Encode),
    /// Turn messages from one encoding into another
    Convert(Convert),
    /// Show in which values the messages of two inputs differ
    Diff(Diff),
    #[command(flatten)]
    Making(calls::new::Making),
    #[command(flatten)]
    Finding(calls::objects::Finding),
    #[command(flatten)]
    Using(calls::cryptography::Using),
    #[command(flatten)]
    Describing(calls::attributes::Describing),
    #[command(flatten)]
    Living(calls::lives::Living),
    #[command(flatten)]
    Certifying(calls::certificates::Certifying),
    #[command(flatten)]
    Sessions(calls::sessions::Sessions),
    #[command(flatten)]
    Serving(calls::server::Serving),
    /// Have any operation done, with the payload of its request in JSON or XML
    Call(Box<calls::Call<calls::any::Any>>),
    /// Find out what is wrong with a connection
    Check(Box<command::check::Check>),
    /// Serve, for development and tests
    #[cfg(feature = "server")]
    Serve(Box<command::serve::Serve>),
    /// Say who may ask the servers on a store
    #[cfg(feature = "server")]
    Users(Box<command::users::Users>),
    /// Take out, put back, seal anew and read through what a store has in it
    #[cfg(feature = "server")]
    Store(Box<command::store::Stores>),
    /// Stand between clients and a server, and show what goes by
    #[cfg(feature = "server")]
    Proxy(Box<command::proxy::Proxy>),
    /// Play either side of recorded exchanges
    #[cfg(feature = "server")]
    Replay(Box<command::replay::Replay>),
    /// Execute test cases against a server
    Execute(Box<command::execute::Execute>),
    /// Measure how long calls take
    Bench(Box<command::bench::Bench>),
    /// Keep settings of connections under names
    Profile(command::profile::Profile),
    /// Print what completes this command in a shell
    #[command(after_help = COMPLETIONS)]
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page of this command, or of one of its subcommands
    #[command(after_help = MAN)]
    Man {
        /// The subcommand, and one of its own
        #[arg(value_name = "COMMAND", num_args = 0..=2)]
        command: Vec<String>,
    },
}

/// Arguments of `kmip explain`.
#[derive(Debug, Args)]
#[command(after_help = EXPLAIN)]
pub(crate) struct Explain {
    /// A name of any version, in any case and with any marks between its words, or a number, decimal or hex after 0x;
    /// either may be qualified, as in State.Active or Operation 10
    #[arg(required = true, value_name = "NAME|NUMBER")]
    pub(crate) words: Vec<String>,
}

impl Command {
    /// The exit code where an input is faulty.
    pub(crate) fn faulty(&self) -> u8 {
        // As other commands that compare have it, where 1 is for what differs.
        if matches!(self, Self::Diff(_)) { 2 } else { 1 }
    }
}

/// Arguments of `kmip decode`.
#[derive(Debug, Args)]
#[command(after_help = DECODE)]
pub(crate) struct Decode {
    /// The file to read, or - for the standard input
    #[arg(value_name = "FILE", default_value = "-")]
    pub(crate) file: PathBuf,
    /// The form of the input, if it is not to be found out
    #[arg(long, value_name = "FORM")]
    pub(crate) from: Option<Source>,
    /// How to show the messages
    #[arg(long, value_name = "FORM", default_value = "text")]
    pub(crate) to: Shown,
    /// Show secrets, too. Without it, placeholders such as $KEY_MATERIAL_0 stand for them in JSON, XML and a test case, so
    /// that these do not read back as the same message
    #[arg(long)]
    pub(crate) reveal: bool,
    /// Show placeholders for what varies: identifiers, dates near the present, correlation values, digests
    #[arg(long)]
    pub(crate) redact: bool,
    /// Take an error for whatever is not as the standard has it; by default, what can be read all the same is told of
    #[arg(long)]
    pub(crate) strict: bool,
    /// Write JSON and XML as this server reads it, and read what it writes
    #[arg(long, value_name = "PEER")]
    pub(crate) peer: Option<Peer>,
}

/// Arguments of `kmip diff`.
#[derive(Debug, Args)]
#[command(after_help = DIFF)]
pub(crate) struct Diff {
    /// The one file, or - for the standard input
    #[arg(value_name = "A")]
    pub(crate) one: PathBuf,
    /// The other file, or - for the standard input
    #[arg(value_name = "B")]
    pub(crate) other: PathBuf,
    /// The form of both inputs, if it is not to be found out
    #[arg(long, value_name = "FORM")]
    pub(crate) from: Option<Source>,
    /// How to show what differs
    #[arg(long, value_name = "FORM", default_value = "text")]
    pub(crate) to: Compared,
    /// Do not compare what varies: identifiers, dates near the present, correlation values, digests
    #[arg(long)]
    pub(crate) ignore_varying: bool,
    /// Show secrets, too. Without it, placeholders such as $KEY_MATERIAL_0 stand for them, the same for the same secret
    #[arg(long)]
    pub(crate) reveal: bool,
    /// Say so where nothing differs
    #[arg(long)]
    pub(crate) verbose: bool,
    /// Read and show JSON and XML as this server writes it
    #[arg(long, value_name = "PEER")]
    pub(crate) peer: Option<Peer>,
}

/// Arguments of `kmip encode`.
#[derive(Debug, Args)]
#[command(after_help = ENCODE)]
pub(crate) struct Encode {
    /// The file to read, or - for the standard input
    #[arg(value_name = "FILE", default_value = "-")]
    pub(crate) file: PathBuf,
    /// The form of the input, if it is not to be found out
    #[arg(long, value_name = "FORM")]
    pub(crate) from: Option<Source>,
    /// How to write the bytes; by default binary, but hex on a terminal
    #[arg(long, value_name = "FORM")]
    pub(crate) to: Option<Bytes>,
    /// What to take of texts
    #[command(flatten)]
    pub(crate) reading: Reading,
}

/// Arguments of `kmip convert`.
#[derive(Debug, Args)]
#[command(after_help = CONVERT)]
pub(crate) struct Convert {
    /// The file to read, or - for the standard input
    #[arg(value_name = "FILE", default_value = "-")]
    pub(crate) file: PathBuf,
    /// The form of the input, if it is not to be found out
    #[arg(long, value_name = "FORM")]
    pub(crate) from: Option<Source>,
    /// The encoding to write
    #[arg(long, value_name = "FORM")]
    pub(crate) to: Form,
    /// Write JSON and XML as this server reads it, and read what it writes
    #[arg(long, value_name = "PEER")]
    pub(crate) peer: Option<Peer>,
    /// Write JSON and XML on one line for each message, as is always done for a peer
    #[arg(long)]
    pub(crate) compact: bool,
    /// What to take of texts
    #[command(flatten)]
    pub(crate) reading: Reading,
}

/// What to take of texts: by default names exactly as the standard spells them, and any item type.
#[derive(Clone, Copy, Debug, Args)]
#[group(multiple = false)]
pub(crate) struct Reading {
    /// Take only the item types that the standard gives a tag, and names as it spells them
    #[arg(long)]
    pub(crate) strict: bool,
    /// Take names spelled otherwise, too, and say which
    #[arg(long)]
    pub(crate) lenient: bool,
}

/// A form of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Source {
    /// The standard's JSON
    Json,
    /// The standard's XML
    Xml,
    /// Binary TTLV
    Binary,
    /// Hex digits
    Hex,
    /// Lines of an offset, hex, and characters, as of xxd, tcpdump or Wireshark
    HexDump,
    /// Numbers of a byte each, as in source code
    Numbers,
    /// Characters and escapes, as in string literals
    Escaped,
    /// Base64
    Base64,
}

/// How messages are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shown {
    /// A tree, with what is wrong at its place
    Text,
    /// A value a line, with the path to it
    Lines,
    /// The standard's JSON, an item a line
    Json,
    /// The standard's XML, an element a line
    Xml,
    /// Every byte in hex, with what it is
    Hex,
    /// A test case in XML, as OASIS publishes them
    Case,
}

impl Shown {
    /// The colours of its lines.
    pub(crate) fn line(self) -> Line {
        match self {
            Self::Text | Self::Lines => Line::Text,
            Self::Hex => Line::Hex,
            Self::Json | Self::Xml | Self::Case => Line::Plain,
        }
    }
}

/// How differences are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Compared {
    /// A value a line, with the path to it
    Text,
    /// The standard's JSON, an item a line
    Json,
    /// The standard's XML, an element a line
    Xml,
}

/// A form of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Bytes {
    /// Binary TTLV
    Binary,
    /// Binary TTLV in hex
    Hex,
    /// Binary TTLV in Base64
    Base64,
}

/// An encoding of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// The standard's JSON
    Json,
    /// The standard's XML
    Xml,
    /// Binary TTLV
    Binary,
    /// Binary TTLV in hex
    Hex,
    /// Binary TTLV in Base64
    Base64,
}

/// A server with a JSON and an XML of its own.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Peer {
    /// The Cosmian KMS
    Cosmian,
    /// kmip-go of OVHcloud
    KmipGo,
    /// kmip-go of Thales, formerly of Gemalto
    Gemalto,
}

/// When to colour.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Color {
    pub(crate) fn choice(self) -> anstream::ColorChoice {
        match self {
            Self::Auto => anstream::ColorChoice::Auto,
            Self::Always => anstream::ColorChoice::Always,
            Self::Never => anstream::ColorChoice::Never,
        }
    }
}

impl From<Source> for DumpForm {
    fn from(source: Source) -> Self {
        match source {
            Source::Json => Self::Json,
            Source::Xml => Self::Xml,
            Source::Binary => Self::Binary,
            Source::Hex => Self::Hex,
            Source::HexDump => Self::HexDump,
            Source::Numbers => Self::Numbers,
            Source::Escaped => Self::Escaped,
            Source::Base64 => Self::Base64,
        }
    }
}

impl From<Bytes> for Form {
    fn from(bytes: Bytes) -> Self {
        match bytes {
            Bytes::Binary => Self::Binary,
            Bytes::Hex => Self::Hex,
            Bytes::Base64 => Self::Base64,
        }
    }
}

// The examples are run by a test, in the folder `tests/files`.

const EXIT_CODES: &str = "\
Exit codes:
  0    all went well
  1    the input is faulty, has not what was asked for, or is not valid
  2    the arguments are wrong
  3    a file could not be read or written
  4    the client is not set up: its address, its certificates, its key
  5    the server cannot be reached, or does not answer
  6    TLS fails, or a certificate is not trusted
  7    the server refuses what it was asked for
  8    the answer is none of KMIP, or cannot be understood
  9    it is not known whether the server did what it was asked for
  130  Ctrl-C

The settings of a connection are flags, variables of the environment (KMIP_ADDRESS
for --address, and so on), and profiles, in this order. No secret need be on the
command line: passwords are read from files, from KMIP_PASSWORD and
KMIP_IDENTITY_PASSWORD, or from the terminal.

Examples:
  kmip explain CryptographicAlgorithm
  kmip decode request.hex
  kmip convert request.json --to xml";

const EXPLAIN: &str = "\
Examples:
  kmip explain CryptographicAlgorithm
  kmip explain 0x420028
  kmip explain ObjectType.SymmetricKey
  kmip explain Operation 10
  kmip explain \"unique identifier\"";

const DECODE: &str = "\
The input may be binary, hex, a hex dump with or without packets, numbers or
strings of source code, base64, JSON or XML, with any number of messages. What
is beside them and what is wrong with them is told on the standard error, and
what can be read is shown all the same. The exit code is 1 if a message is
faulty.

Examples:
  kmip decode request.hex
  kmip decode request.json --to hex
  kmip decode two.xml --to lines
  kmip encode request.json | od -A x -t x1 | kmip decode --to json
  kmip decode request.xml --to case --redact";

const DIFF: &str = "\
Exit codes:
  0  nothing differs
  1  something differs
  2  an input is faulty, or the arguments are wrong
  3  a file could not be read or written

Examples:
  kmip diff request.json request.xml --verbose
  kmip convert request.hex --to json | kmip diff request.json - --verbose
  kmip diff request.json changed.json --to json || test $? = 1";

const ENCODE: &str = "\
Examples:
  kmip encode request.json --to hex
  kmip encode --to base64 < request.xml
  kmip encode request.json --output-file request.ttlv";

const CONVERT: &str = "\
Examples:
  kmip convert request.json --to xml
  kmip convert request.hex --to json --compact
  kmip convert request.xml --to json --peer cosmian
  kmip encode request.json | kmip convert --to xml";

const COMPLETIONS: &str = "\
The script asks the command itself what there is: profiles, operations, states,
algorithms and attributes are completed too. It is to be of the same version as
the command, so a shell is best told to ask for it each time that it starts:

  ~/.bashrc                   source <(kmip completions bash)
  ~/.zshrc, after compinit    source <(kmip completions zsh)
  ~/.config/fish/config.fish  kmip completions fish | source
  ~/.config/elvish/rc.elv     eval (kmip completions elvish | slurp)
  $PROFILE of PowerShell      kmip completions powershell | Out-String |
                                Invoke-Expression

Examples:
  kmip completions bash --output-file kmip.bash
  kmip completions zsh";

const MAN: &str = "\
Examples:
  kmip man --output-file kmip.1
  kmip man explain
  kmip man profile add";
