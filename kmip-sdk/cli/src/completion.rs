//! What completes the command in a shell: a script for the shell, which asks the command itself what there is, so that profiles
//! and the names of the standard are completed too.

use std::any::TypeId;
use std::ffi::OsStr;
use std::path::PathBuf;

use clap::{Arg, Command, CommandFactory};
use clap_complete::Shell;
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use clap_complete::env::{CompleteEnv, Shells};
use kmip_sdk::ProtocolVersion;
use kmip_sdk::types::attribute::{Attribute, AttributeReference};
use kmip_sdk::types::enumerations::{
    AdjustmentType, BlockCipherMode, CryptographicAlgorithm, DerivationMethod, DigitalSignatureAlgorithm,
    EndpointRole, HashingAlgorithm, InteropFunction, KeyFormatType, ObjectType, Operation, PaddingMethod,
    Pkcs11Function, QueryFunction, RecommendedCurve, RevocationReasonCode, SecretDataType, SplitKeyMethod,
    State,
};
use kmip_sdk::types::masks::CryptographicUsageMask;
use kmip_sdk::types::tables::{AttributeInfo, Names};
use kmip_sdk::types::ttlv::Wire;

use crate::arguments::Arguments;
use crate::failure::Failure;
use crate::output::Output;
use crate::profile;

/// The variable of the environment by which the script of a shell asks the command.
const VARIABLE: &str = "KMIP_COMPLETE";

/// What is there to complete a value, by what was typed of it.
type Completer = fn(&OsStr) -> Vec<CompletionCandidate>;

/// Answers the script of a shell, and ends the program, if it is that which asks.
pub(crate) fn answer() {
    CompleteEnv::with_factory(|| completed(Arguments::command())).var(VARIABLE).complete();
}

/// The script that completes the command in a shell.
pub(crate) fn script(shell: Shell, output: &mut Output) -> Result<(), Failure> {
    let shells = Shells::builtins();
    let unknown = || Failure::Usage(format!("there is no script for {shell}"));
    let script = shells.completer(&shell.to_string()).ok_or_else(unknown)?;
    let mut text = Vec::new();
    script
        .write_registration(VARIABLE, "kmip", "kmip", &program(), &mut text)
        .map_err(Failure::WriteOutput)?;
    output.bytes(&text);
    Ok(())
}

/// As what the script calls this program: as it was called now, in every folder.
fn program() -> String {
    let called = PathBuf::from(std::env::args_os().next().unwrap_or_else(|| "kmip".into()));
    let is_path = called.components().count() > 1;
    let called = if is_path { std::path::absolute(&called).unwrap_or(called) } else { called };
    called.to_string_lossy().into_owned()
}

/// The arguments, each with what completes it.
fn completed(command: Command) -> Command {
    let name = command.get_name().to_owned();
    let command = command.mut_args(|arg| match completer(&name, &arg) {
        Some(completer) => arg.add(ArgValueCompleter::new(completer)),
        None => arg,
    });
    command.mut_subcommands(completed)
}

/// What completes an argument: by the type of its value or, where that does not say it, by its name.
fn completer(command: &str, arg: &Arg) -> Option<Completer> {
    let enumerations: [(TypeId, Completer); 19] = [
        of::<AdjustmentType>(),
        of::<BlockCipherMode>(),
        of::<CryptographicAlgorithm>(),
        of::<DerivationMethod>(),
        of::<DigitalSignatureAlgorithm>(),
        of::<EndpointRole>(),
        of::<HashingAlgorithm>(),
        of::<InteropFunction>(),
        of::<KeyFormatType>(),
        of::<ObjectType>(),
        of::<Operation>(),
        of::<PaddingMethod>(),
        of::<Pkcs11Function>(),
        of::<QueryFunction>(),
        of::<RecommendedCurve>(),
        of::<RevocationReasonCode>(),
        of::<SecretDataType>(),
        of::<SplitKeyMethod>(),
        of::<State>(),
    ];
    let others: [(TypeId, Completer); 4] = [
        (TypeId::of::<CryptographicUsageMask>(), usage),
        (TypeId::of::<AttributeReference>(), |typed| attributes(typed, "")),
        (TypeId::of::<Attribute>(), |typed| attributes(typed, "=")),
        (TypeId::of::<ProtocolVersion>(), versions),
    ];
    let parsed = arg.get_value_parser().type_id();
    let found = enumerations.into_iter().chain(others).find(|(value, _)| parsed == *value);
    found.map(|(_, completer)| completer).or_else(|| by_name(command, arg.get_id().as_str()))
}

/// What completes an argument with a name, of a subcommand.
fn by_name(command: &str, name: &str) -> Option<Completer> {
    Some(match (command, name) {
        (_, "profile" | "master_key_profile" | "new_master_key_profile") | ("use" | "remove", "name") => {
            profiles
        }
        (_, "protocol_version") => versions,
        (_, "aes") => |typed| beginning(typed, ["128", "192", "256"]),
        (_, "rsa") => |typed| beginning(typed, ["2048", "3072", "4096"]),
        ("man", "command") => |typed| {
            let command = Arguments::command();
            let names = command.get_subcommands().map(|command| command.get_name().to_owned());
            beginning(typed, names.collect::<Vec<_>>())
        },
        _ => return None,
    })
}

/// The names of an enumeration.
fn of<T: Wire + 'static>() -> (TypeId, Completer) {
    (TypeId::of::<T>(), names::<T>)
}

fn names<T: Wire>(typed: &OsStr) -> Vec<CompletionCandidate> {
    let Names::Enumeration(info) = T::NAMES else { return Vec::new() };
    let rows = info.values.iter().map(|row| (row.name, row.spelled));
    let is_read = |name: &str, typed: &str| info.by_name_like(typed).is_some_and(|row| row.name == name);
    beginning(typed, rows.map(|(name, spelled)| as_typed(typed, name, spelled, &is_read)))
}

/// The names of the Cryptographic Usage Mask, behind those that are there already.
fn usage(typed: &OsStr) -> Vec<CompletionCandidate> {
    let (Names::Mask(info), Some(typed)) = (CryptographicUsageMask::NAMES, typed.to_str()) else {
        return Vec::new();
    };
    let (before, last) = typed.split_at(typed.rfind([',', '|']).map_or(0, |at| at + 1));
    let rows = info.bits.iter().map(|row| (row.name, row.spelled));
    let is_read = |name: &str, typed: &str| info.by_name_like(typed).is_some_and(|row| row.name == name);
    let names = rows.map(|(name, spelled)| as_typed(OsStr::new(last), name, spelled, &is_read));
    beginning(OsStr::new(typed), names.map(|name| format!("{before}{name}")))
}

/// The names of attributes, with what stands behind each.
fn attributes(typed: &OsStr, behind: &str) -> Vec<CompletionCandidate> {
    let is_read = |name: &str, typed: &str| {
        let [read, named] = [typed, name].map(|name| AttributeReference::from_text(name).ok());
        read.is_some() && read == named
    };
    let names = AttributeInfo::all().iter().map(|info| as_typed(typed, info.name, info.spelled, &is_read));
    beginning(typed, names.map(|name| name + behind))
}

fn versions(typed: &OsStr) -> Vec<CompletionCandidate> {
    beginning(typed, ProtocolVersion::ALL.iter().map(ToString::to_string))
}

/// The profiles. Where they cannot be read, there are none to choose from.
fn profiles(typed: &OsStr) -> Vec<CompletionCandidate> {
    let read = profile::path().and_then(|path| profile::Profiles::read(&path));
    beginning(typed, read.map(|read| read.profiles.into_keys().collect::<Vec<_>>()).unwrap_or_default())
}

/// A name in small letters with hyphens, as most people type it, if it is read so; as the standard has it, if not, or if a
/// capital letter was typed.
fn as_typed(typed: &OsStr, name: &str, spelled: &str, is_read: &dyn Fn(&str, &str) -> bool) -> String {
    let is_capital = typed.to_string_lossy().starts_with(char::is_uppercase);
    let words = spelled.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let plain = words.collect::<Vec<_>>().join("-").to_ascii_lowercase();
    if is_capital || !is_read(name, &plain) { name.to_owned() } else { plain }
}

/// Those that begin with what was typed.
fn beginning<T: Into<String>>(
    typed: &OsStr,
    candidates: impl IntoIterator<Item = T>,
) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy();
    let candidates = candidates.into_iter().map(Into::into);
    candidates.filter(|candidate| candidate.starts_with(&*typed)).map(CompletionCandidate::new).collect()
}
