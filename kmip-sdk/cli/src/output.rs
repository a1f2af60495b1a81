//! Where what is printed goes: the standard output, or a file that is written whole or not at all.

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anstream::{AutoStream, ColorChoice};
use anstyle::Style;
use tempfile::NamedTempFile;
use zeroize::Zeroizing;

use crate::failure::{Failure, Name};
use crate::style::{ERROR, Line, NOTE};

/// Collects what is printed, and writes it at the end.
pub(crate) struct Output {
    file: Option<PathBuf>,
    color: ColorChoice,
    bytes: Zeroizing<Vec<u8>>,
    /// Whether what is printed went to a sink.
    is_streamed: bool,
}

/// Where what is printed goes as it comes: the standard output, or beside a file that is written whole or not at all.
pub(crate) enum Sink {
    Output(io::Stdout),
    File(NamedTempFile, PathBuf),
}

impl Sink {
    /// All was written.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        match self {
            Self::Output(mut output) => output.flush().map_err(Failure::WriteOutput),
            Self::File(file, path) => {
                // Under its name it is whole, also where the machine loses its power then.
                let persisted = file.as_file().sync_all().and_then(|()| Ok(file.persist(&path)?));
                persisted.map(drop).map_err(|error| Failure::WriteFile(Name(path), error))
            }
        }
    }
}

#[cfg(feature = "server")]
impl Sink {
    /// That something could not be written to it.
    pub(crate) fn failed(self, error: io::Error) -> Failure {
        match self {
            Self::Output(_) => Failure::WriteOutput(error),
            Self::File(_, path) => Failure::WriteFile(Name(path), error),
        }
    }
}

impl Write for &mut Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Sink::Output(output) => output.write(bytes),
            Sink::File(file, _) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Sink::Output(output) => output.flush(),
            Sink::File(file, _) => file.flush(),
        }
    }
}

impl Output {
    pub(crate) fn new(file: Option<PathBuf>, color: ColorChoice) -> Self {
        Self { file, color, bytes: Zeroizing::default(), is_streamed: false }
    }

    /// Whether to colour what is printed.
    #[cfg(feature = "server")]
    pub(crate) fn color(&self) -> ColorChoice {
        self.color
    }

    /// Whether what is printed is for somebody at a terminal.
    pub(crate) fn is_terminal(&self) -> bool {
        self.file.is_none() && io::stdout().is_terminal()
    }

    /// What is printed goes here from now on, and nowhere else.
    pub(crate) fn sink(&mut self) -> Result<Sink, Failure> {
        self.is_streamed = true;
        let Some(path) = &self.file else { return Ok(Sink::Output(io::stdout())) };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let file = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")));
        let file = file.map_err(|error| Failure::WriteFile(Name(path.clone()), error))?;
        Ok(Sink::File(file, path.clone()))
    }

    /// What is printed is collected again: nothing went to the sink.
    pub(crate) fn collect(&mut self) {
        self.is_streamed = false;
    }

    /// Adds a text.
    pub(crate) fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    /// Adds a line that is a title.
    pub(crate) fn title(&mut self, title: &str) {
        self.line(title, Line::Title);
    }

    /// Adds lines of one kind.
    pub(crate) fn lines(&mut self, text: &str, kind: Line) {
        let is_colored = self.is_colored();
        for line in text.lines() {
            // A vector takes whatever is written to it.
            let _ = match is_colored {
                true => kind.paint(line, &mut *self.bytes),
                false => self.bytes.write_all(line.as_bytes()),
            };
            self.bytes.push(b'\n');
        }
    }

    /// Adds a line.
    pub(crate) fn line(&mut self, line: &str, kind: Line) {
        self.lines(line, kind);
    }

    /// Whether nothing was added.
    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    fn is_colored(&self) -> bool {
        match self.color {
            ColorChoice::Auto => {
                self.file.is_none() && AutoStream::choice(&io::stdout()) != ColorChoice::Never
            }
            color => color != ColorChoice::Never,
        }
    }

    /// Adds bytes. All is written as it is.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Takes bytes in place of all that was added.
    pub(crate) fn replace(&mut self, bytes: Zeroizing<Vec<u8>>) {
        self.bytes = bytes;
    }

    /// Says what was tolerated, on the standard error.
    pub(crate) fn note(&self, note: &dyn std::fmt::Display) {
        self.say(NOTE, "note", note);
    }

    /// Says what went wrong, on the standard error.
    pub(crate) fn error(&self, error: &dyn std::fmt::Display) {
        self.say(ERROR, "error", error);
    }

    fn say(&self, style: Style, word: &str, what: &dyn std::fmt::Display) {
        // Where this cannot be said, nothing can.
        let _ = writeln!(AutoStream::new(io::stderr(), self.color), "{style}{word}:{style:#} {what}");
    }

    /// Writes to the standard output what there is by now, for who waits for it. A file is written at the end.
    pub(crate) fn flush(&mut self) -> Result<(), Failure> {
        if self.file.is_none() {
            self.finish()?;
            self.bytes.clear();
        }
        Ok(())
    }

    /// Writes all of it.
    pub(crate) fn finish(&self) -> Result<(), Failure> {
        match &self.file {
            _ if self.is_streamed => Ok(()),
            Some(path) => {
                self.write_file(path).map_err(|error| Failure::WriteFile(Name(path.to_owned()), error))
            }
            None => match self.write_to(io::stdout().lock()) {
                // Whoever reads has enough.
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
                written => written.map_err(Failure::WriteOutput),
            },
        }
    }

    fn write_to(&self, mut stream: impl Write) -> io::Result<()> {
        stream.write_all(&self.bytes)?;
        stream.flush()
    }

    /// Writes a file beside the one to write, which it then takes the place of. What is no file, such as a pipe, is
    /// written as it is.
    fn write_file(&self, path: &Path) -> io::Result<()> {
        // A link stays, and what it points to is replaced.
        let path = &path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let existing = path.metadata().ok();
        if existing.as_ref().is_some_and(|existing| !existing.is_file()) {
            return self.write_to(File::options().write(true).open(path)?);
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        // Only its owner may read it: a message may hold secrets.
        let mut file = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
        if let Some(existing) = existing {
            file.as_file().set_permissions(existing.permissions())?;
        }
        self.write_to(file.as_file_mut())?;
        file.persist(path)?;
        Ok(())
    }
}
