//! Envelopes from readers and to writers.

use core::fmt;
use std::io::{self, Read, Write};

use kmip_types::operation::DecryptRequest;
use zeroize::Zeroizing;

use super::{DataKey, EnvelopeError, Header, Opener, Sealer};

/// How much is read at once, in bytes.
const PART: usize = 64 << 10;

/// Encrypts all that a reader has into a writer, in memory that does not grow, by a new data key, which `wrap` is to have
/// encrypted as for [`seal`](super::seal). It gives how many bytes were read.
///
/// # Errors
/// That of `wrap`, of the reader or of the writer; or the system has no random numbers.
pub fn seal_stream<E: From<EnvelopeError> + From<io::Error>>(
    mut plaintext: impl Read,
    sealed: impl Write,
    wrap: impl FnOnce(&DataKey) -> Result<DecryptRequest, E>,
) -> Result<u64, E> {
    let data_key = DataKey::generate()?;
    let request = wrap(&data_key)?;
    let mut writer = SealWriter::new(data_key.seal(request)?, sealed)?;
    let copied = copy(&mut plaintext, &mut writer)?;
    writer.finish()?;
    Ok(copied)
}

/// Decrypts all that a reader has into a writer, in memory that does not grow, by the data key that `unwrap` gets
/// decrypted as for [`open`](super::open). It gives how many bytes were written.
///
/// What was written when it fails is not to be used: it may be part of the whole.
///
/// # Errors
/// That of `unwrap`, of the reader or of the writer; or it is no envelope, the data key is not that of it, or it was
/// changed.
pub fn open_stream<E: From<EnvelopeError> + From<io::Error>>(
    mut sealed: impl Read,
    mut plaintext: impl Write,
    unwrap: impl FnOnce(DecryptRequest) -> Result<DataKey, E>,
) -> Result<u64, E> {
    let header = Header::read_from(&mut sealed)??;
    let data_key = unwrap(header.decrypt_request().clone())?;
    let mut reader = OpenReader::new(header.open(data_key)?, sealed);
    let copied = copy(&mut reader, &mut plaintext).map_err(|error| match envelope_error(&error) {
        Some(envelope) => E::from(envelope),
        None => E::from(error),
    })?;
    plaintext.flush()?;
    Ok(copied)
}

impl Header {
    /// The header that a reader begins with, and no byte more.
    ///
    /// # Errors
    /// That of the reader; and within, that it is none, of another version, malformed or cut off.
    pub fn read_from(reader: &mut impl Read) -> io::Result<Result<Self, EnvelopeError>> {
        let mut bytes = Vec::new();
        loop {
            match Self::read(&bytes) {
                Ok(Some((header, _))) => return Ok(Ok(header)),
                Err(error) => return Ok(Err(error)),
                Ok(None) => {}
            }
            let missing = Self::missing(&bytes);
            let read = reader.by_ref().take(missing as u64).read_to_end(&mut bytes)?;
            if read < missing {
                return Ok(Self::read(&bytes).and_then(|read| match read {
                    Some((header, _)) => Ok(header),
                    None => Err(EnvelopeError::Truncated),
                }));
            }
        }
    }
}

/// A writer that encrypts what is written to it. [`finish`](Self::finish) ends the envelope; one that is dropped instead
/// is cut off, and does not open.
pub struct SealWriter<W> {
    sealer: Sealer,
    /// What is encrypted and not written yet.
    ready: Vec<u8>,
    writer: W,
}

impl<W: Write> SealWriter<W> {
    /// Writes the header.
    ///
    /// # Errors
    /// That of the writer.
    pub fn new(sealer: Sealer, mut writer: W) -> io::Result<Self> {
        writer.write_all(sealer.header())?;
        Ok(Self { sealer, ready: Vec::new(), writer })
    }

    /// Ends the envelope, flushes the writer and gives it back.
    ///
    /// # Errors
    /// That of the writer.
    pub fn finish(self) -> io::Result<W> {
        let Self { sealer, mut ready, mut writer } = self;
        sealer.finish(&mut ready).map_err(io::Error::other)?;
        writer.write_all(&ready)?;
        writer.flush()?;
        Ok(writer)
    }
}

impl<W: Write> Write for SealWriter<W> {
    fn write(&mut self, plaintext: &[u8]) -> io::Result<usize> {
        // No more at once than a chunk or two of memory.
        let part = plaintext.get(..PART).unwrap_or(plaintext);
        self.sealer.update(part, &mut self.ready).map_err(io::Error::other)?;
        self.writer.write_all(&self.ready)?;
        self.ready.clear();
        Ok(part.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// A reader that decrypts what it reads from behind the header of an envelope.
///
/// What it gives is authentic. That it is all is known only when it has come to the end: an envelope that is cut off
/// ends with an error of the kind `InvalidData`, which holds an [`EnvelopeError`].
pub struct OpenReader<R> {
    /// Nothing, behind the end and behind a failure.
    opener: Option<Opener>,
    ready: Zeroizing<Vec<u8>>,
    /// How much of it was given.
    given: usize,
    failure: Option<EnvelopeError>,
    buffer: Vec<u8>,
    reader: R,
}

impl<R: Read> OpenReader<R> {
    /// From a reader whose header was read, as by [`Header::read_from`].
    pub fn new(opener: Opener, reader: R) -> Self {
        let ready = Zeroizing::new(Vec::new());
        Self { opener: Some(opener), ready, given: 0, failure: None, buffer: vec![0; PART], reader }
    }

    /// Decrypts the next part, if there is one.
    fn fill(&mut self) -> io::Result<()> {
        let Some(mut opener) = self.opener.take() else { return Ok(()) };
        let read = match self.reader.read(&mut self.buffer) {
            Ok(read) => read,
            Err(error) => {
                self.opener = Some(opener);
                return Err(error);
            }
        };
        self.ready.clear();
        self.given = 0;
        let result = match self.buffer.get(..read) {
            None | Some([]) => opener.finish(&mut self.ready),
            Some(sealed) => {
                let result = opener.update(sealed, &mut self.ready);
                self.opener = Some(opener);
                result
            }
        };
        if let Err(error) = result {
            self.opener = None;
            self.failure = Some(error);
        }
        Ok(())
    }
}

impl<R: Read> Read for OpenReader<R> {
    fn read(&mut self, output: &mut [u8]) -> io::Result<usize> {
        while self.given == self.ready.len() && !output.is_empty() {
            if let Some(error) = &self.failure {
                return Err(io::Error::new(io::ErrorKind::InvalidData, error.clone()));
            }
            if self.opener.is_none() {
                return Ok(0);
            }
            self.fill()?;
        }
        let ready = self.ready.get(self.given..).unwrap_or_default();
        let length = ready.len().min(output.len());
        let (output, ready) = (&mut output[..length], &ready[..length]);
        output.copy_from_slice(ready);
        self.given += length;
        Ok(length)
    }
}

/// As `io::copy`, by a buffer that is wiped.
fn copy(from: &mut impl Read, to: &mut impl Write) -> io::Result<u64> {
    let mut buffer = Zeroizing::new(vec![0; PART]);
    let mut copied = 0;
    loop {
        match from.read(&mut buffer) {
            Ok(0) => return Ok(copied),
            Ok(read) => {
                to.write_all(buffer.get(..read).unwrap_or_default())?;
                copied += read as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// What an [`OpenReader`] failed with, if that is what it is.
fn envelope_error(error: &io::Error) -> Option<EnvelopeError> {
    error.get_ref()?.downcast_ref::<EnvelopeError>().cloned()
}

impl<W> fmt::Debug for SealWriter<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealWriter").field("sealer", &self.sealer).finish_non_exhaustive()
    }
}

impl<R> fmt::Debug for OpenReader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenReader").field("opener", &self.opener).finish_non_exhaustive()
    }
}
