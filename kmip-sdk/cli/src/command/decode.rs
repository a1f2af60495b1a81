//! `kmip decode`: shows what is in an input, whatever it is.

use std::process::ExitCode;

use kmip_types::case::{self, Case};
use kmip_types::dump::{Dump, DumpMessage, Outline, OutlineProblem, Part, Skipped};
use kmip_types::escape::Escaped;
use kmip_types::message;
use kmip_types::text::{TextCodec, TextMode};
use kmip_types::ttlv::Mode;
use kmip_types::view::{self, Form, Placeholders, View};
use kmip_types::{DateTime, Item};
use zeroize::Zeroizing;

use crate::arguments::{Decode, Shown};
use crate::command::codec_of_peer;
use crate::failure::{Failure, Name};
use crate::input::Input;
use crate::output::Output;
use crate::report::Report;
use crate::style::Line;

pub(crate) fn run(arguments: &Decode, output: &mut Output) -> Result<ExitCode, Failure> {
    if arguments.redact && arguments.to == Shown::Hex {
        return Err(Failure::RedactedHex);
    }
    let (mode, text_mode) = match arguments.strict {
        true => (Mode::Strict, TextMode::Strict),
        false => (Mode::Lenient, TextMode::Lenient),
    };
    let codec = codec_of_peer(arguments.peer, false).mode(text_mode).reveal_secrets(arguments.reveal);
    let input = Input::read(&arguments.file)?;
    let dump = input.dump(arguments.from.map(Into::into), &codec);
    // Placeholders are no values, so that it is read as a test case where it cannot be read without.
    let is_faulty = dump.as_ref().map_or(true, |dump| dump.skipped().any(Skipped::is_fault));
    let has_message = |dump: &Dump| dump.parts.iter().any(|part| matches!(part, Part::Message(_)));
    match is_faulty.then(|| input.case(&codec)).flatten() {
        Some(Ok(case)) => return show_case(arguments, &input.name, &case, &codec, output),
        Some(Err(error)) if !dump.as_ref().is_ok_and(has_message) => {
            return Err(Failure::Faulty(format!(
                "{}, as a test case with placeholders: {error}",
                input.name
            )));
        }
        _ => {}
    }
    let dump = dump?;
    let report = Report::new(&input.name, &dump);
    drop(input);
    let is_lone = matches!(dump.parts[..], [_]);
    let names = Placeholders::new();
    let all = Zeroizing::new(Vec::new());
    let mut decoding =
        Decoding { arguments, mode, codec: &codec, is_lone, names, now: None, all, report, hidden: 0 };
    for part in &dump.parts {
        match part {
            Part::Skipped(skipped) => decoding.report.skipped(skipped, output),
            Part::Message(message) => decoding.message(message, output),
        }
    }
    decoding.finish(output)
}

/// Shows the messages of a test case, with its placeholders where they stand.
fn show_case(
    arguments: &Decode,
    name: &Name,
    case: &Case,
    codec: &TextCodec,
    output: &mut Output,
) -> Result<ExitCode, Failure> {
    let form = match arguments.to {
        Shown::Text => Form::Tree,
        Shown::Lines => Form::Text,
        Shown::Json => Form::Json,
        Shown::Xml => Form::Xml,
        Shown::Hex | Shown::Case => {
            return Err(Failure::Faulty(format!(
                "{name} is a test case with placeholders, which have no bytes: kmip execute runs it, and kmip \
                 decode shows it as text, lines, json or xml"
            )));
        }
    };
    for (message, number) in case.messages().iter().zip(1..) {
        if matches!(form, Form::Tree | Form::Text) {
            if number > 1 {
                output.text("\n");
            }
            for remark in message.remarks() {
                output.line(&format!("# {}", Escaped(remark)), Line::Faint);
            }
            output.title(&format!("message {number}: {}", message.item().tag));
        }
        let view = View::of(message).codec(codec.clone()).form(form);
        let view = if arguments.reveal { view.reveal() } else { view };
        let text = Zeroizing::new(view.render().map_err(Failure::View)?);
        output.lines(&text, if form == Form::Tree { Line::Text } else { arguments.to.line() });
    }
    output.note(&format_args!(
        "{name} is a test case: what begins with $ stands for a value; kmip execute runs it"
    ));
    Ok(ExitCode::SUCCESS)
}

struct Decoding<'a> {
    arguments: &'a Decode,
    mode: Mode,
    codec: &'a TextCodec,
    /// Whether there is nothing in the input but one message.
    is_lone: bool,
    names: Placeholders,
    now: Option<DateTime>,
    /// The messages of a test case.
    all: Zeroizing<Vec<Item>>,
    report: Report,
    hidden: usize,
}

impl Decoding<'_> {
    fn message(&mut self, message: &DumpMessage, output: &mut Output) {
        self.report.message(message, output);
        let bytes = message.bytes.reveal();
        let mut outline = Outline::read(bytes, self.codec);
        for (path, item, problem) in outline.located_problems() {
            // That a message is cut has been said.
            let is_said = item.offset == 0 && matches!(problem, OutlineProblem::Cut { .. });
            if message.is_complete() || !is_said {
                self.report.error(&format_args!("{path} (offset {}): {problem}", item.offset), output);
            }
        }
        if message.is_complete() && outline.problems().next().is_none() {
            match message::check(bytes, self.mode) {
                Ok(deviations) => {
                    for deviation in deviations {
                        self.report.note(&deviation, output);
                        outline.note(deviation.offset, deviation.kind.to_string());
                    }
                }
                Err(error) => {
                    self.report.error(&error, output);
                    outline.note(error.offset(), error.kind().to_string());
                }
            }
        }
        self.hidden += outline.hidden();
        self.show(message, &outline, output);
    }

    fn show(&mut self, message: &DumpMessage, outline: &Outline<'_>, output: &mut Output) {
        let to = self.arguments.to;
        if !self.is_lone && matches!(to, Shown::Text | Shown::Lines | Shown::Hex) {
            if !output.is_empty() {
                output.text("\n");
            }
            output.line(&message.to_string(), Line::Title);
        }
        let form = match to {
            Shown::Text if self.arguments.redact => Form::Tree,
            Shown::Text => return output.lines(outline.to_text().as_str(), Line::Text),
            Shown::Hex => return output.lines(outline.to_annotated().as_str(), Line::Hex),
            Shown::Lines => Form::Text,
            Shown::Json => Form::Json,
            Shown::Xml => Form::Xml,
            Shown::Case => return self.all.extend(outline.readable()),
        };
        let items = Zeroizing::new(outline.readable());
        if items.is_empty() {
            return;
        }
        self.now = self.now.or_else(|| view::present(&items));
        match self.view(&items).form(form).render().map(Zeroizing::new) {
            Ok(text) => output.lines(&text, if form == Form::Tree { Line::Text } else { to.line() }),
            Err(error) => self.report.error(&error, output),
        }
    }

    /// A view as the arguments ask for it.
    fn view(&self, items: &[Item]) -> View {
        let Decode { redact, reveal, .. } = *self.arguments;
        super::view(items, self.codec, redact, reveal, self.now).placeholders(&self.names)
    }

    fn finish(mut self, output: &mut Output) -> Result<ExitCode, Failure> {
        if self.arguments.to == Shown::Case && !self.all.is_empty() {
            match case::to_xml(&self.view(&self.all)).map(Zeroizing::new) {
                Ok(text) => output.lines(text.trim_end(), Line::Plain),
                Err(error) => self.report.error(&error, output),
            }
        }
        if self.hidden > 0 && !self.arguments.reveal {
            let reads_back = !matches!(self.arguments.to, Shown::Json | Shown::Xml | Shown::Case);
            output.note(&format_args!(
                "{}{}",
                hidden_values(self.hidden),
                if reads_back { "" } else { "; what stands for them does not read back as the same message" }
            ));
        }
        Ok(if self.report.finish(output) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

fn hidden_values(count: usize) -> String {
    match count {
        1 => "1 value that is or may be a secret is hidden; --reveal shows it".to_owned(),
        _ => format!("{count} values that are or may be secrets are hidden; --reveal shows them"),
    }
}
