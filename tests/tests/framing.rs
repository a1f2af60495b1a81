//! Framing: one message from a stream and to it, whatever the stream does.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A panic is how a test fails.

use std::io::{self, Read, Write};
use std::time::{Duration, Instant};

use kmip_sdk::Tag;
use kmip_sdk::framing::{Framing, FramingError};

/// A Response Message with this many bytes in it.
fn message(length: usize) -> Vec<u8> {
    let mut message = vec![0x42, 0x00, 0x7B, 0x01];
    message.extend((length as u32).to_be_bytes());
    message.extend((0..length).map(|index| index as u8));
    message
}

fn framing() -> Framing {
    Framing::new(Tag::RESPONSE_MESSAGE)
}

fn read(bytes: &[u8]) -> Result<Option<Vec<u8>>, FramingError> {
    let mut stream = bytes;
    framing().read_message(&mut stream).map(|message| message.map(|message| message.to_vec()))
}

/// Gives one byte a read, with an interruption before each, and counts what it gave.
struct Drip<'a> {
    bytes: &'a [u8],
    interrupted: bool,
    given: usize,
}

impl Read for Drip<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.interrupted = !self.interrupted;
        if self.interrupted {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let Some((first, rest)) = self.bytes.split_first() else { return Ok(0) };
        (buffer[0], self.bytes) = (*first, rest);
        self.given += 1;
        Ok(1)
    }
}

/// Gives some bytes, then fails.
struct Failing<'a>(&'a [u8], io::ErrorKind);

impl Read for Failing<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buffer)? {
            0 => Err(self.1.into()),
            read => Ok(read),
        }
    }
}

#[test]
fn reads_messages_of_any_size_and_not_a_byte_more() {
    for length in [0, 8, 16, (64 << 10) - 8, 64 << 10, (64 << 10) + 8, 300_000] {
        let bytes = [message(length), message(8)].concat();
        let mut stream = bytes.as_slice();
        let first = framing().read_message(&mut stream).unwrap().unwrap();
        assert_eq!(*first, message(length), "{length}");
        assert_eq!(stream.len(), 16, "{length}");
        assert_eq!(*framing().read_message(&mut stream).unwrap().unwrap(), message(8));
        assert!(framing().read_message(&mut stream).unwrap().is_none());
    }
}

#[test]
fn reads_a_message_that_comes_byte_by_byte() {
    let bytes = [message(1024), message(0)].concat();
    let mut stream = Drip { bytes: &bytes, interrupted: false, given: 0 };
    assert_eq!(*framing().read_message(&mut stream).unwrap().unwrap(), message(1024));
    assert_eq!(stream.given, 1032);
}

#[test]
fn tells_the_end_between_messages_from_one_inside() {
    let whole = message(16);
    assert!(read(&[]).unwrap().is_none());
    for cut in 1..whole.len() {
        match read(&whole[..cut]) {
            Err(FramingError::Truncated { read, size }) => {
                assert_eq!(read, cut);
                assert_eq!(size, (cut >= 8).then_some(24), "{cut}");
            }
            other => panic!("{cut}: {other:?}"),
        }
    }
    // A TLS peer that is gone without a word.
    let mut gone = Failing(&[], io::ErrorKind::UnexpectedEof);
    assert!(framing().read_message(&mut gone).unwrap().is_none());
    let mut gone = Failing(&whole[..9], io::ErrorKind::UnexpectedEof);
    let error = framing().read_message(&mut gone).unwrap_err();
    assert!(matches!(error, FramingError::Truncated { read: 9, size: Some(24) }), "{error}");
}

#[test]
fn rejects_headers_that_are_not_of_the_message() {
    for (header, expected) in [
        (*b"HTTP/1.1", "expected ResponseMessage, found the tag 0x485454"),
        ([0x42, 0x00, 0x78, 1, 0, 0, 0, 0], "expected ResponseMessage, found the tag RequestMessage"),
        ([0x42, 0x00, 0x7B, 2, 0, 0, 0, 4], "expected a Structure, found the item type 0x02"),
        ([0x42, 0x00, 0x7B, 0xFF, 0, 0, 0, 8], "expected a Structure, found the item type 0xFF"),
        (
            [0x42, 0x00, 0x7B, 1, 0, 0, 0, 9],
            "a length of 9 is not valid for a Structure, which takes a multiple of 8 bytes",
        ),
        (
            [0x42, 0x00, 0x7B, 1, 0xFF, 0xFF, 0xFF, 0xF8],
            "a message of 4294967296 bytes exceeds the limit of 16777216",
        ),
    ] {
        assert_eq!(read(&header).unwrap_err().to_string(), expected);
        assert_eq!(framing().message_size(&header).unwrap_err().to_string(), expected);
    }
}

#[test]
fn rejects_a_message_beyond_the_limit_before_reading_it() {
    let bytes = message(24);
    for (limit, fits) in [(31, false), (32, true)] {
        let mut stream = bytes.as_slice();
        let read = framing().with_limit(limit).read_message(&mut stream);
        match read {
            Ok(Some(message)) => assert!(fits && *message == bytes),
            Err(FramingError::SizeLimit { size: 32, limit: 31 }) => assert!(!fits && stream.len() == 24),
            other => panic!("{limit}: {other:?}"),
        }
    }
}

#[test]
fn reports_timeouts_and_failures_of_the_stream() {
    let bytes = message(8);
    for kind in [io::ErrorKind::WouldBlock, io::ErrorKind::TimedOut] {
        for there in [0, 5, 8, 12] {
            let error = framing().read_message(&mut Failing(&bytes[..there], kind)).unwrap_err();
            assert!(matches!(error, FramingError::TimedOut { done } if done == there), "{error}");
        }
    }
    let error =
        framing().read_message(&mut Failing(&bytes[..9], io::ErrorKind::ConnectionReset)).unwrap_err();
    let FramingError::Io(error) = error else { panic!("{error}") };
    assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
}

#[test]
fn ends_at_the_deadline_however_slowly_bytes_come() {
    struct Slow;
    impl Read for Slow {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            std::thread::sleep(Duration::from_millis(2));
            buffer[0] = 0;
            Ok(1)
        }
    }
    let header = message(1 << 20);
    let mut stream = header[..8].chain(Slow);
    let start = Instant::now();
    let framing = framing().with_deadline(start + Duration::from_millis(60));
    let error = framing.read_message(&mut stream).unwrap_err();
    assert!(matches!(error, FramingError::TimedOut { done } if done < 1 << 20), "{error}");
    assert!(start.elapsed() >= Duration::from_millis(60));
}

/// Takes at most three bytes a write, up to a limit.
struct Narrow {
    taken: Vec<u8>,
    limit: usize,
    then: Option<io::ErrorKind>,
    flushed: bool,
}

impl Narrow {
    fn new(limit: usize, then: Option<io::ErrorKind>) -> Self {
        Self { taken: Vec::new(), limit, then, flushed: false }
    }
}

impl Write for Narrow {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = bytes.len().min(3).min(self.limit - self.taken.len());
        match self.then {
            Some(kind) if room == 0 => return Err(kind.into()),
            _ => self.taken.extend(&bytes[..room]),
        }
        Ok(room)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.flushed = true;
        Ok(())
    }
}

#[test]
fn writes_the_whole_message_or_says_why_not() {
    let bytes = message(24);
    let mut stream = Narrow::new(usize::MAX, None);
    framing().write_message(&mut stream, &bytes).unwrap();
    assert_eq!(stream.taken, bytes);
    assert!(stream.flushed);

    let error = framing().write_message(&mut Narrow::new(7, None), &bytes).unwrap_err();
    assert!(
        matches!(error, FramingError::Io(ref error) if error.kind() == io::ErrorKind::WriteZero),
        "{error}"
    );
    let full = Some(io::ErrorKind::WouldBlock);
    let error = framing().write_message(&mut Narrow::new(7, full), &bytes).unwrap_err();
    assert!(matches!(error, FramingError::TimedOut { done: 7 }), "{error}");

    let mut stream = Narrow::new(usize::MAX, None);
    let error = framing().with_limit(31).write_message(&mut stream, &bytes).unwrap_err();
    assert!(matches!(error, FramingError::SizeLimit { size: 32, limit: 31 }), "{error}");
    assert!(stream.taken.is_empty());
    let past = framing().with_deadline(Instant::now());
    let error = past.write_message(&mut stream, &bytes).unwrap_err();
    assert!(matches!(error, FramingError::TimedOut { done: 0 }), "{error}");
    assert!(stream.taken.is_empty());
}

/// Records the room that each read is given: what was allocated for the message, as far as it is not filled.
struct Measuring {
    given: usize,
    bytes: usize,
    largest: Vec<(usize, usize)>,
}

impl Read for Measuring {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.largest.push((self.given, buffer.len()));
        let read = buffer.len().min(self.bytes - self.given);
        buffer[..read].fill(0);
        self.given += read;
        Ok(read)
    }
}

#[test]
fn allocates_for_bytes_that_came_not_for_those_declared() {
    let header = message(0)[..4].to_vec();
    let declared = ((16_u32 << 20) - 8).to_be_bytes();
    let mut rest = Measuring { given: 0, bytes: 1 << 20, largest: Vec::new() };
    let start = [&header[..], &declared].concat();
    let error = framing().read_message(&mut start.as_slice().chain(&mut rest)).unwrap_err();
    assert!(matches!(error, FramingError::Truncated { size: Some(16_777_216), .. }), "{error}");
    assert!(rest.largest.len() > 4);
    for (given, room) in rest.largest {
        assert!(room <= (given + 8).max(64 << 10), "{room} bytes of room after {given}");
    }
}
