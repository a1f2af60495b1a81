//! Data that is read a part at a time.

use core::mem;
use core::ops::ControlFlow;

use zeroize::Zeroizing;

use super::{Progress, Source, failed};
use crate::client::Driver;
use crate::error::{Error, ErrorKind, Phase};

/// Data that is read a part at a time, one part ahead, so that the last is known when it comes.
pub(super) struct Pieces<From> {
    from: From,
    size: usize,
    ahead: Option<Zeroizing<Vec<u8>>>,
    has_begun: bool,
    /// How many bytes were given.
    given: u64,
    progress: Option<Progress>,
}

impl<From> Pieces<From> {
    pub(super) fn new(from: From, size: usize, progress: Option<Progress>) -> Self {
        Self { from, size, ahead: None, has_begun: false, given: 0, progress }
    }

    /// Whether the part that was given last is the last.
    pub(super) fn is_over(&self) -> bool {
        self.ahead.is_none()
    }

    /// The next part. All but the last are of one size, and only that of no data at all is empty.
    ///
    /// # Errors
    /// [`ErrorKind::Stream`]; [`ErrorKind::Aborted`], if whoever is told of the progress wants that.
    pub(super) async fn next<D: Driver>(&mut self) -> Result<Option<Zeroizing<Vec<u8>>>, Error>
    where
        From: Source<D>,
    {
        if !mem::replace(&mut self.has_begun, true) {
            self.ahead = self.read::<D>().await?;
        } else if let Some(progress) = &mut self.progress
            && progress(self.given) == ControlFlow::Break(())
        {
            return Err(Error::new(Phase::Send, ErrorKind::Aborted { bytes: self.given }));
        }
        let Some(part) = self.ahead.take() else { return Ok(None) };
        self.given += part.len() as u64;
        if part.len() == self.size {
            self.ahead = self.read::<D>().await?;
        }
        Ok(Some(part))
    }

    /// Up to the size of a part; nothing at the end.
    async fn read<D: Driver>(&mut self) -> Result<Option<Zeroizing<Vec<u8>>>, Error>
    where
        From: Source<D>,
    {
        let mut part = Zeroizing::new(vec![0; self.size]);
        let mut filled = 0;
        while filled < part.len() {
            match self.from.read(&mut part[filled..]).await {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(failed(error)),
            }
        }
        part.truncate(filled);
        Ok((filled > 0).then_some(part))
    }

    /// All that is left behind the first part, with it.
    ///
    /// # Errors
    /// [`ErrorKind::NoStreams`]: it is more than there is room for; with why the server takes no stream, if it said so.
    pub(super) async fn rest<D: Driver>(
        &mut self,
        first: Zeroizing<Vec<u8>>,
        room: usize,
        refused: Option<Error>,
    ) -> Result<Zeroizing<Vec<u8>>, Error>
    where
        From: Source<D>,
    {
        let mut length = first.len();
        let mut parts = vec![first];
        while let Some(part) = self.next::<D>().await? {
            length += part.len();
            if length > room {
                let refused = refused.map(Box::new);
                return Err(Error::new(Phase::Send, ErrorKind::NoStreams { room, refused }));
            }
            parts.push(part);
        }
        // In one piece of memory from the beginning, so that no copy of it stays behind.
        let mut whole = Zeroizing::new(Vec::with_capacity(length));
        parts.iter().for_each(|part| whole.extend_from_slice(part));
        Ok(whole)
    }
}
