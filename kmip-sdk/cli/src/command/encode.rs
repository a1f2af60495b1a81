//! `kmip encode`: JSON or XML to binary TTLV.

use crate::arguments::{Bytes, Encode};
use crate::command::convert;
use crate::failure::Failure;
use crate::input::Input;
use crate::output::Output;

pub(crate) fn run(arguments: &Encode, output: &mut Output) -> Result<(), Failure> {
    let codec = convert::codec(None, arguments.reading, true);
    let messages = Input::read(&arguments.file)?.messages(arguments.from.map(Into::into), &codec)?;
    let form = arguments.to.unwrap_or(if output.is_terminal() { Bytes::Hex } else { Bytes::Binary });
    convert::write(&messages, form.into(), &codec, output)
}
