//! `kmip convert`: from one encoding to another.

use std::process::ExitCode;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use kmip_types::Item;
use kmip_types::dump::Part;
use kmip_types::text::TextCodec;
use zeroize::Zeroizing;

use crate::arguments::{Convert, Form, Source};
use crate::command::{codec_of_peer, reading};
use crate::failure::Failure;
use crate::input::Input;
use crate::output::Output;
use crate::report::Report;

pub(crate) fn run(arguments: &Convert, output: &mut Output) -> Result<ExitCode, Failure> {
    let codec = reading(codec_of_peer(arguments.peer, !arguments.compact), arguments.reading);
    convert(&Input::read(&arguments.file)?, arguments.from, arguments.to, &codec, output)
}

/// Writes the messages of an input, one after the other, if all of them are right.
pub(crate) fn convert(
    input: &Input,
    from: Option<Source>,
    to: Form,
    codec: &TextCodec,
    output: &mut Output,
) -> Result<ExitCode, Failure> {
    let mut written = Zeroizing::new(Vec::new());
    read(input, from, codec, output, |bytes, item| {
        let text = match to {
            Form::Json => codec.item_to_json(&item).map_err(Failure::Write)?,
            Form::Xml => codec.item_to_xml(&item).map_err(Failure::Write)?,
            Form::Binary => {
                written.extend_from_slice(bytes);
                return Ok(());
            }
            Form::Hex => const_hex::encode(bytes),
            Form::Base64 => BASE64_STANDARD.encode(bytes),
        };
        let text = Zeroizing::new(text);
        written.extend_from_slice(text.trim_end_matches('\n').as_bytes());
        written.push(b'\n');
        Ok(())
    })?;
    output.replace(written);
    Ok(ExitCode::SUCCESS)
}

/// Reads the messages of an input, and tells of what is beside them. `take` gets each that is right, with its bytes.
///
/// # Errors
/// There is none, or one is faulty, which is told.
pub(crate) fn read(
    input: &Input,
    from: Option<Source>,
    codec: &TextCodec,
    output: &Output,
    mut take: impl FnMut(&[u8], Zeroizing<Item>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let dump = input.dump(from.map(Into::into), codec).inspect_err(|_| tell_case(input, codec, output))?;
    let mut report = Report::new(&input.name, &dump);
    for part in &dump.parts {
        let message = match part {
            Part::Skipped(skipped) => {
                report.skipped(skipped, output);
                continue;
            }
            Part::Message(message) => message,
        };
        report.message(message, output);
        if message.is_complete() {
            match Item::from_ttlv(message.bytes.reveal()) {
                Ok(item) => take(message.bytes.reveal(), Zeroizing::new(item))?,
                Err(error) => report.error(&error, output),
            }
        }
    }
    if report.finish(output) {
        return Ok(());
    }
    tell_case(input, codec, output);
    Err(Failure::Told)
}

/// Says what to do with a test case, whose placeholders are no values.
fn tell_case(input: &Input, codec: &TextCodec, output: &Output) {
    if let Some(Ok(_)) = input.case(codec) {
        output.note(&format_args!(
            "{} is a test case with placeholders, which are no values: kmip execute runs it, and kmip decode shows it",
            input.name
        ));
    }
}
