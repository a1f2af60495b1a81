//! What is told of an input on the standard error: what is beside its messages, and what is wrong with them.

use std::fmt::Display;

use kmip_types::dump::{Dump, DumpMessage, Skipped};

use crate::failure::Name;
use crate::output::Output;

/// How many lines are told of an input; of the rest, how many there are.
const MOST: usize = 200;

/// Tells of an input.
pub(crate) struct Report {
    name: Name,
    /// Whether it has several messages, so that a line says of which it is.
    is_of_several: bool,
    /// The message that is being read, counted from 1.
    number: usize,
    told: usize,
    errors: usize,
}

impl Report {
    pub(crate) fn new(name: &Name, dump: &Dump) -> Self {
        let is_of_several = dump.messages().nth(1).is_some();
        Self { name: name.clone(), is_of_several, number: 0, told: 0, errors: 0 }
    }

    /// Tells of what is no message.
    pub(crate) fn skipped(&mut self, skipped: &Skipped, output: &Output) {
        let text = format!("{}: {skipped}", self.name);
        self.tell(skipped.is_fault(), &text, output);
    }

    /// Goes on to a message, and tells what reading its text tolerated and whether it is cut.
    pub(crate) fn message(&mut self, message: &DumpMessage, output: &Output) {
        self.number += 1;
        for deviation in &message.deviations {
            self.note(deviation, output);
        }
        if !message.is_complete() {
            self.tell(true, &format!("{}: {message}", self.name), output);
        }
    }

    /// Tells what was tolerated of the message.
    pub(crate) fn note(&mut self, note: &dyn Display, output: &Output) {
        self.tell(false, &self.of_message(note), output);
    }

    /// Tells what is wrong with the message.
    pub(crate) fn error(&mut self, error: &dyn Display, output: &Output) {
        self.tell(true, &self.of_message(error), output);
    }

    fn of_message(&self, what: &dyn Display) -> String {
        match self.is_of_several {
            true => format!("{}: message {}: {what}", self.name, self.number),
            false => format!("{}: {what}", self.name),
        }
    }

    fn tell(&mut self, is_error: bool, text: &str, output: &Output) {
        self.told += 1;
        self.errors += usize::from(is_error);
        match is_error {
            _ if self.told > MOST => {}
            true => output.error(&text),
            false => output.note(&text),
        }
    }

    /// Says whether all was right.
    pub(crate) fn finish(&self, output: &Output) -> bool {
        if let Some(more) = self.told.checked_sub(MOST).filter(|more| *more > 0) {
            output.note(&format_args!("{}: and {more} more", self.name));
        }
        self.errors == 0
    }
}
