//! Envelopes whose data keys a key of the server's encrypts.

use core::mem;

use kmip_types::attribute::UniqueIdentifier;
use kmip_types::operation::EncryptRequest;
use zeroize::Zeroizing;

use super::encrypt::let_server_choose_iv;
use super::parameters::gcm;
use super::stream::failed;
use super::{Sink, Source};
use crate::client::ask::{Ask, Exchanges};
use crate::client::{Call, Client, Driver};
use crate::error::{Error, ErrorKind, Phase};
use crate::keys::envelope::{DataKey, EnvelopeError, Header, decrypt_request};

/// How much is read at a time, in bytes.
const PIECE: usize = 64 * 1024;

impl<D: Driver> Client<D> {
    /// To seal what is read, into what is written, in an envelope: the data is encrypted here, in bounded memory, by a data
    /// key of its own, and the data key by this AES key of the server's, in one exchange. [`envelope`](crate::keys::envelope)
    /// says what is written.
    ///
    /// ```
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// # let key = client.create_aes(256).activated().send()?;
    /// let mut sealed = Vec::new();
    /// client.seal(&key, &b"attack at dawn"[..], &mut sealed).send()?;
    ///
    /// let mut opened = Vec::new();
    /// client.unseal(&*sealed, &mut opened).send()?;
    /// assert_eq!(opened, b"attack at dawn");
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    ///
    /// # Errors
    /// Of the call: as of [`encrypt`](Self::encrypt); [`ErrorKind::Stream`] where the data cannot be read or written;
    /// [`ErrorKind::Envelope`].
    pub fn seal<From: Source<D>, To: Sink<D>>(
        &self,
        key: impl Into<UniqueIdentifier>,
        from: From,
        to: To,
    ) -> Call<'_, D, Seal<From, To>> {
        Call::new(self, Seal { key: key.into(), from, to })
    }

    /// To unseal an envelope that is read, into what is written: the server decrypts its data key, in one exchange, and the
    /// data is decrypted here. What is written is authentic, but only if the call succeeds is it all.
    ///
    /// # Errors
    /// Of the call: as of [`decrypt`](Self::decrypt); [`ErrorKind::Stream`] where the data cannot be read or written;
    /// [`ErrorKind::Envelope`] where it is no envelope, or was changed or cut.
    pub fn unseal<From: Source<D>, To: Sink<D>>(&self, from: From, to: To) -> Call<'_, D, Unseal<From, To>> {
        Call::new(self, Unseal { from, to })
    }
}

/// Asks for an envelope.
#[derive(Debug)]
pub struct Seal<From, To> {
    key: UniqueIdentifier,
    from: From,
    to: To,
}

impl<D: Driver, From: Source<D>, To: Sink<D>> Ask<D> for Seal<From, To> {
    type Answer = ();

    async fn perform(mut self, exchanges: &mut Exchanges<'_, D>) -> Result<(), Error> {
        let data_key = DataKey::generate().map_err(of_envelope)?;
        let mut request: EncryptRequest = data_key.to_encrypt_request(self.key, gcm());
        let_server_choose_iv(&mut request);
        let response = exchanges.ask(request.clone()).await?;
        let mut sealer = data_key.seal(decrypt_request(&request, response)).map_err(of_envelope)?;
        let mut sealed = sealer.header().to_vec();
        let mut piece = Zeroizing::new(vec![0; PIECE]);
        loop {
            let read = self.from.read(&mut piece).await.map_err(failed)?;
            if read == 0 {
                break;
            }
            sealer.update(piece.get(..read).unwrap_or_default(), &mut sealed).map_err(of_envelope)?;
            self.to.write(&mem::take(&mut sealed)).await.map_err(failed)?;
        }
        sealer.finish(&mut sealed).map_err(of_envelope)?;
        self.to.write(&sealed).await.map_err(failed)?;
        self.to.flush().await.map_err(failed)
    }
}

/// Asks for what is in an envelope.
#[derive(Debug)]
pub struct Unseal<From, To> {
    from: From,
    to: To,
}

impl<D: Driver, From: Source<D>, To: Sink<D>> Ask<D> for Unseal<From, To> {
    type Answer = ();

    async fn perform(mut self, exchanges: &mut Exchanges<'_, D>) -> Result<(), Error> {
        let mut begun = Vec::new();
        let mut piece = vec![0; PIECE];
        let (header, length) = loop {
            if let Some(found) = Header::read(&begun).map_err(of_envelope)? {
                break found;
            }
            let read = self.from.read(&mut piece).await.map_err(failed)?;
            if read == 0 {
                return Err(of_envelope(EnvelopeError::Truncated));
            }
            begun.extend_from_slice(piece.get(..read).unwrap_or_default());
        };
        let response = exchanges.ask(header.decrypt_request().clone()).await?;
        let mut opener = header.open(DataKey::from(response)).map_err(of_envelope)?;
        let mut opened = Zeroizing::new(Vec::with_capacity(2 * PIECE));
        opener.update(begun.get(length..).unwrap_or_default(), &mut opened).map_err(of_envelope)?;
        loop {
            self.to.write(&opened).await.map_err(failed)?;
            opened.clear();
            let read = self.from.read(&mut piece).await.map_err(failed)?;
            if read == 0 {
                break;
            }
            opener.update(piece.get(..read).unwrap_or_default(), &mut opened).map_err(of_envelope)?;
        }
        opener.finish(&mut opened).map_err(of_envelope)?;
        self.to.write(&opened).await.map_err(failed)?;
        self.to.flush().await.map_err(failed)
    }
}

/// What is wrong with an envelope.
fn of_envelope(error: EnvelopeError) -> Error {
    Error::new(Phase::Encode, ErrorKind::Envelope(error))
}
