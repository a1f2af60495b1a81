//! `kmip encode`: to binary TTLV.

use std::process::ExitCode;

use crate::arguments::{Bytes, Encode};
use crate::command::{codec_of_peer, convert, reading};
use crate::failure::Failure;
use crate::input::Input;
use crate::output::Output;

pub(crate) fn run(arguments: &Encode, output: &mut Output) -> Result<ExitCode, Failure> {
    let codec = reading(codec_of_peer(None, false), arguments.reading);
    let form = arguments.to.unwrap_or(if output.is_terminal() { Bytes::Hex } else { Bytes::Binary });
    convert::convert(&Input::read(&arguments.file)?, arguments.from, form.into(), &codec, output)
}
