//! A message in binary TTLV, of which the length is in its header.

use std::io::{self, Read};

use kmip_types::Tag;
use zeroize::Zeroizing;

use crate::error::ErrorKind;
use crate::framing::{Framing, Incoming};
use crate::tls::spoken;

/// What every tag of KMIP begins with.
const KMIP: u8 = 0x42;

/// Takes in one message, and not a byte more.
pub(super) struct Receiver {
    incoming: Option<Incoming>,
    received: usize,
    /// What became of it.
    answer: Option<Result<Zeroizing<Vec<u8>>, ErrorKind>>,
}

impl Receiver {
    /// A receiver of a message with this tag, of `limit` bytes at most.
    pub(super) fn new(tag: Tag, limit: usize) -> Self {
        let framing = Framing::new(tag).with_limit(limit);
        Self { incoming: Some(Incoming::new(framing)), received: 0, answer: None }
    }

    /// Takes in what there is; whatever else is wrong with the stream shows where it is read from.
    pub(super) fn take_in(&mut self, plain: &mut dyn Read) {
        while let Ok(1..) = self.read(plain) {}
    }

    /// Reads once from a stream; nothing, if the message is complete.
    pub(super) fn read(&mut self, plain: &mut dyn Read) -> io::Result<usize> {
        let Some(incoming) = &mut self.incoming else { return Ok(0) };
        let read = plain.read(incoming.room())?;
        if read > 0 {
            let complete = incoming.filled(read);
            self.received = incoming.read();
            match complete {
                Ok(false) => {}
                Ok(true) => self.answer = self.incoming.take().map(|incoming| Ok(incoming.into_message())),
                Err(error) => {
                    // A message that is not wanted is not another protocol.
                    let is_kmip = incoming.header().first() == Some(&KMIP);
                    let kind = match spoken(incoming.header()).filter(|_| !is_kmip) {
                        Some(spoken) => ErrorKind::OtherProtocol { spoken, expected: "KMIP" },
                        None => ErrorKind::Framing(error),
                    };
                    self.incoming = None;
                    self.answer = Some(Err(kind));
                }
            }
        }
        Ok(read)
    }

    /// The message, or what is wrong with what came instead, once that is known.
    pub(super) fn answer(&mut self) -> Option<Result<Zeroizing<Vec<u8>>, ErrorKind>> {
        self.answer.take()
    }

    /// How many bytes of the message came.
    pub(super) fn received(&self) -> usize {
        self.received
    }

    /// What it means that the stream ended.
    pub(super) fn ended(&self) -> ErrorKind {
        match self.incoming.as_ref().map_or(Ok(()), Incoming::ended) {
            Ok(()) => ErrorKind::Closed,
            Err(error) => ErrorKind::Framing(error),
        }
    }
}
