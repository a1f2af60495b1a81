//! `kmip convert`: from one encoding to another.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use kmip_types::text::{JsonOptions, TextCodec, TextMode, TextOptions, XmlOptions};
use zeroize::Zeroizing;

use crate::arguments::{Convert, Form, Peer, Reading};
use crate::failure::Failure;
use crate::input::{Input, Messages};
use crate::output::Output;

pub(crate) fn run(arguments: &Convert, output: &mut Output) -> Result<(), Failure> {
    let codec = codec(arguments.peer, arguments.reading, arguments.compact);
    let messages = Input::read(&arguments.file)?.messages(arguments.from, &codec)?;
    write(&messages, arguments.to, &codec, output)
}

/// The codec that the arguments ask for.
pub(crate) fn codec(peer: Option<Peer>, reading: Reading, compact: bool) -> TextCodec {
    let codec = match peer {
        Some(Peer::Cosmian) => TextCodec::new().options(TextOptions::cosmian()),
        Some(Peer::KmipGo) => TextCodec::new().options(TextOptions::kmip_go()),
        Some(Peer::Gemalto) => TextCodec::new().options(TextOptions::gemalto()),
        None => {
            let (json, xml) = (JsonOptions::new().pretty(!compact), XmlOptions::new().pretty(!compact));
            TextCodec::new().json(json).xml(xml)
        }
    };
    match reading {
        Reading { strict: true, .. } => codec.mode(TextMode::Strict),
        Reading { lenient: true, .. } => codec.mode(TextMode::Lenient),
        _ => codec,
    }
}

/// Writes messages, one after the other.
pub(crate) fn write(
    messages: &Messages,
    form: Form,
    codec: &TextCodec,
    output: &mut Output,
) -> Result<(), Failure> {
    for deviation in &messages.deviations {
        output.note(deviation);
    }
    for item in &messages.items {
        let text = match form {
            Form::Json => codec.item_to_json(item).map_err(Failure::Write)?,
            Form::Xml => codec.item_to_xml(item).map_err(Failure::Write)?,
            Form::Binary => {
                output.bytes(&Zeroizing::new(item.to_ttlv().map_err(Failure::Encode)?));
                continue;
            }
            Form::Hex => const_hex::encode(Zeroizing::new(item.to_ttlv().map_err(Failure::Encode)?)),
            Form::Base64 => BASE64_STANDARD.encode(Zeroizing::new(item.to_ttlv().map_err(Failure::Encode)?)),
        };
        let text = Zeroizing::new(text);
        output.text(text.trim_end_matches('\n'));
        output.text("\n");
    }
    Ok(())
}
