//! `kmip diff`: what differs between the messages of two inputs.

use std::path::Path;
use std::process::ExitCode;

use kmip_types::text::{TextCodec, TextMode};
use kmip_types::view::{self, Form, Placeholders, View};
use kmip_types::{DateTime, Item};
use zeroize::Zeroizing;

use crate::arguments::{Compared, Diff};
use crate::command::{codec_of_peer, convert};
use crate::failure::Failure;
use crate::input::Input;
use crate::output::Output;
use crate::style::Line;

/// The exit code where the inputs differ.
const DIFFERENT: u8 = 1;

pub(crate) fn run(arguments: &Diff, output: &mut Output) -> Result<ExitCode, Failure> {
    let codec = codec_of_peer(arguments.peer, false).mode(TextMode::Lenient);
    // The same secret has the same name on both sides, and what varies one of its side.
    let secrets = Placeholders::new();
    let side = |path| Side::read(arguments, path, &codec, &secrets, output);
    let (one, other) = (side(&arguments.one)?, side(&arguments.other)?);
    let count = one.items.len().max(other.items.len());
    let mut is_same = true;
    for index in 0..count {
        let difference = one.view(index).difference(&other.view(index)).map_err(Failure::View)?;
        let difference = Zeroizing::new(difference);
        if difference.is_empty() {
            continue;
        }
        is_same = false;
        if count > 1 {
            output.line(&format!("message {}", index + 1), Line::Title);
        }
        output.lines(&difference, Line::Difference);
    }
    if one.items.len() != other.items.len() {
        is_same = false;
        let counts = [one.count(), other.count()];
        output.note(&format_args!("{} and {} are compared", counts[0], counts[1]));
    }
    if is_same && arguments.verbose {
        output.line(&format!("the same: {}", one.count()), Line::Plain);
    }
    Ok(if is_same { ExitCode::SUCCESS } else { ExitCode::from(DIFFERENT) })
}

/// One of the two.
struct Side<'a> {
    arguments: &'a Diff,
    codec: &'a TextCodec,
    items: Vec<Zeroizing<Item>>,
    names: Placeholders,
    secrets: &'a Placeholders,
    now: Option<DateTime>,
}

impl<'a> Side<'a> {
    fn read(
        arguments: &'a Diff,
        path: &Path,
        codec: &'a TextCodec,
        secrets: &'a Placeholders,
        output: &Output,
    ) -> Result<Self, Failure> {
        let mut items = Vec::new();
        convert::read(&Input::read(path)?, arguments.from, codec, output, |_, item| {
            items.push(item);
            Ok(())
        })?;
        let now = items.iter().find_map(|item| view::present(std::slice::from_ref(&**item)));
        Ok(Self { arguments, codec, items, names: Placeholders::new(), secrets, now })
    }

    /// How many messages it has, in words.
    fn count(&self) -> String {
        match self.items.len() {
            1 => "1 message".to_owned(),
            count => format!("{count} messages"),
        }
    }

    /// The view of a message; of one that is not there, an empty one.
    fn view(&self, index: usize) -> View {
        let items = self.items.get(index).map_or(&[][..], |item| std::slice::from_ref(&**item));
        let Diff { ignore_varying, reveal, .. } = *self.arguments;
        let view = super::view(items, self.codec, ignore_varying, reveal, self.now);
        let view = view.placeholders(&self.names).secret_placeholders(self.secrets);
        view.form(match self.arguments.to {
            Compared::Text => Form::Text,
            Compared::Json => Form::Json,
            Compared::Xml => Form::Xml,
        })
    }
}
