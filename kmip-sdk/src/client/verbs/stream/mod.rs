//! Cryptographic operations on data that is not in memory: in parts, from what can be read to what can be written.

mod parts;
mod pieces;

use core::ops::ControlFlow;
use std::future::Future;
use std::io;

use kmip_types::attribute::UniqueIdentifier;
use kmip_types::enumerations::{HashingAlgorithm, ResultReason};
use kmip_types::operation::{
    DecryptRequest, EncryptRequest, HashRequest, MacRequest, MacVerifyRequest, SignRequest,
    SignatureVerifyRequest,
};
use kmip_types::{ProtocolVersion, SecretBytes};
use zeroize::Zeroizing;

use super::parameters::suit;
use super::{Encrypted, Refine};
use crate::client::ask::{Ask, Exchanges};
use crate::client::{Call, Client, Driver};
use crate::error::{Error, ErrorKind, Phase};
pub use parts::{Ends, Parts};
use pieces::Pieces;

/// How many bytes a part has, unless it is said.
const PART: usize = 64 * 1024;

/// What a message has beside the data of a request, in bytes, at most: attributes, identifiers, headers.
const AROUND: usize = 64 * 1024;

/// What data is read from: anything that can be read, `std::io::Read` with the blocking client, `AsyncRead` with that of
/// `kmip_sdk::tokio`.
pub trait Source<D: Driver>: Send {
    /// Reads some bytes; none at the end.
    #[doc(hidden)]
    fn read(&mut self, into: &mut [u8]) -> impl Future<Output = io::Result<usize>> + Send;
}

/// What data is written to: anything that can be written, `std::io::Write` with the blocking client, `AsyncWrite` with that
/// of `kmip_sdk::tokio`.
pub trait Sink<D: Driver>: Send {
    /// Writes all of the bytes.
    #[doc(hidden)]
    fn write(&mut self, bytes: &[u8]) -> impl Future<Output = io::Result<()>> + Send;

    /// Sees to it that nothing is left in between.
    #[doc(hidden)]
    fn flush(&mut self) -> impl Future<Output = io::Result<()>> + Send;
}

/// Where an operation has no output beside its result.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nowhere(());

impl<D: Driver> Sink<D> for Nowhere {
    async fn write(&mut self, _: &[u8]) -> io::Result<()> {
        Ok(())
    }

    async fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What is told of a stream after each part, and says whether it goes on.
type Progress = Box<dyn FnMut(u64) -> ControlFlow<()> + Send>;

/// Asks for an operation in parts.
pub struct Streaming<R, From, To> {
    request: R,
    from: From,
    to: To,
    part: usize,
    progress: Option<Progress>,
}

impl<R: Parts, From, To> Streaming<R, From, To> {
    fn of(request: R, from: From, to: To) -> Self {
        Self { request, from, to, part: PART, progress: None }
    }
}

impl<R: Parts, From, To> Refine for Streaming<R, From, To> {
    type Request = R;

    fn refine(mut self, refine: impl FnOnce(&mut R)) -> Self {
        refine(&mut self.request);
        self
    }
}

/// Operations on what can be read: the data goes to the server in parts (Init and Final Indicator, Correlation Value;
/// since KMIP 1.3), so that memory holds two parts of it, however much there is. What fits one part is sent as a whole. So
/// is what a server without streams is to do, if a message has room for all of it; if not, the call fails with
/// [`ErrorKind::NoStreams`]. Parts are never sent twice: a call that fails is begun anew, by whoever can read the
/// data again. Each part has the time of a call of its own, and all of them go to one server.
impl<D: Driver> Client<D> {
    /// To encrypt what is read with this key, into what is written. The result holds all but the ciphertext, and goes into
    /// [`decrypt_stream`](Self::decrypt_stream).
    ///
    /// ```
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// # let key = client.create_aes(256).activated().send()?;
    /// let plaintext = vec![7; 300_000];
    /// let mut ciphertext = Vec::new();
    /// let encrypted = client.encrypt_stream(&key, &*plaintext, &mut ciphertext).aes_gcm().send()?;
    ///
    /// let mut decrypted = Vec::new();
    /// client.decrypt_stream(&encrypted, &*ciphertext, &mut decrypted).send()?;
    /// assert_eq!(decrypted, plaintext);
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    ///
    /// # Errors
    /// Of the call: as of [`encrypt`](Self::encrypt); [`ErrorKind::Stream`] where the data cannot be read or written,
    /// [`ErrorKind::NoStreams`], [`ErrorKind::Aborted`]. Some ciphertext may be written by then.
    pub fn encrypt_stream<From: Source<D>, To: Sink<D>>(
        &self,
        key: impl Into<UniqueIdentifier>,
        from: From,
        to: To,
    ) -> Call<'_, D, Streaming<EncryptRequest, From, To>> {
        let request = EncryptRequest::default().with_unique_identifier(key);
        Call::new(self, Streaming::of(request, from, to))
    }

    /// To decrypt what is read, into what is written: what [`encrypt_stream`](Self::encrypt_stream) yielded, or a key and
    /// how it was used.
    ///
    /// **What is written before the call succeeds is not to be trusted**: that somebody changed it is known at the end.
    ///
    /// # Errors
    /// Of the call: as of [`decrypt`](Self::decrypt) and [`encrypt_stream`](Self::encrypt_stream).
    pub fn decrypt_stream<From: Source<D>, To: Sink<D>>(
        &self,
        encrypted: &Encrypted,
        from: From,
        to: To,
    ) -> Call<'_, D, Streaming<DecryptRequest, From, To>> {
        let mut request = DecryptRequest::from(encrypted.clone());
        request.data = None;
        Call::new(self, Streaming::of(request, from, to))
    }

    /// To sign what is read with this private key.
    ///
    /// # Errors
    /// Of the call: as of [`sign`](Self::sign) and [`encrypt_stream`](Self::encrypt_stream).
    pub fn sign_stream<From: Source<D>>(
        &self,
        key: impl Into<UniqueIdentifier>,
        from: From,
    ) -> Call<'_, D, Streaming<SignRequest, From, Nowhere>> {
        let request = SignRequest::default().with_unique_identifier(key);
        Call::new(self, Streaming::of(request, from, Nowhere::default()))
    }

    /// To verify the signature of what is read with this public key. That it is not valid is an error.
    ///
    /// # Errors
    /// Of the call: as of [`signature_verify`](Self::signature_verify) and [`encrypt_stream`](Self::encrypt_stream).
    pub fn signature_verify_stream<From: Source<D>>(
        &self,
        key: impl Into<UniqueIdentifier>,
        from: From,
        signature: impl Into<Vec<u8>>,
    ) -> Call<'_, D, Streaming<SignatureVerifyRequest, From, Nowhere>> {
        let request =
            SignatureVerifyRequest::default().with_unique_identifier(key).with_signature_data(signature);
        Call::new(self, Streaming::of(request, from, Nowhere::default()))
    }

    /// To make the message authentication code of what is read with this key.
    ///
    /// # Errors
    /// Of the call: as of [`mac`](Self::mac) and [`encrypt_stream`](Self::encrypt_stream).
    pub fn mac_stream<From: Source<D>>(
        &self,
        key: impl Into<UniqueIdentifier>,
        from: From,
    ) -> Call<'_, D, Streaming<MacRequest, From, Nowhere>> {
        let request = MacRequest::default().with_unique_identifier(key);
        Call::new(self, Streaming::of(request, from, Nowhere::default()))
    }

    /// To verify the message authentication code of what is read with this key. That it is not valid is an error.
    ///
    /// # Errors
    /// Of the call: as of [`mac_verify`](Self::mac_verify) and [`encrypt_stream`](Self::encrypt_stream).
    pub fn mac_verify_stream<From: Source<D>>(
        &self,
        key: impl Into<UniqueIdentifier>,
        from: From,
        mac: impl Into<Vec<u8>>,
    ) -> Call<'_, D, Streaming<MacVerifyRequest, From, Nowhere>> {
        let mac = SecretBytes::from(mac.into());
        let request = MacVerifyRequest::default().with_unique_identifier(key).with_mac_data(mac);
        Call::new(self, Streaming::of(request, from, Nowhere::default()))
    }

    /// To have the server hash what is read with this algorithm.
    ///
    /// # Errors
    /// Of the call: as of [`hash`](Self::hash) and [`encrypt_stream`](Self::encrypt_stream).
    pub fn hash_stream<From: Source<D>>(
        &self,
        algorithm: HashingAlgorithm,
        from: From,
    ) -> Call<'_, D, Streaming<HashRequest, From, Nowhere>> {
        let parameters = kmip_types::attribute::CryptographicParameters::default();
        let request = HashRequest::new(parameters.with_hashing_algorithm(algorithm));
        Call::new(self, Streaming::of(request, from, Nowhere::default()))
    }
}

impl<D: Driver, R: Parts, From, To> Call<'_, D, Streaming<R, From, To>> {
    /// Sets how many bytes a part has: 64 KiB, unless it is said. It is at least 1.
    pub fn part_size(self, bytes: usize) -> Self {
        self.asking(|ask| Streaming { part: bytes.max(1), ..ask })
    }

    /// Sets what is told after each part how many bytes were read in all, and says whether to go on. If not, the server is
    /// told that the stream is over, and the call fails with [`ErrorKind::Aborted`].
    pub fn progress(self, progress: impl FnMut(u64) -> ControlFlow<()> + Send + 'static) -> Self {
        self.asking(|ask| Streaming { progress: Some(Box::new(progress)), ..ask })
    }
}

impl<D: Driver, R: Parts, From: Source<D>, To: Sink<D>> Ask<D> for Streaming<R, From, To> {
    type Answer = R::Answer;

    async fn perform(self, exchanges: &mut Exchanges<'_, D>) -> Result<R::Answer, Error> {
        let Self { mut request, from, mut to, part, progress } = self;
        let version = exchanges.agreed().await?;
        request.prepare();
        if let Some(parameters) = request.parameters() {
            suit(parameters, version);
        }
        let mut pieces = Pieces::new(from, part, progress);
        let first = pieces.next::<D>().await?.unwrap_or_default();
        if pieces.is_over() {
            return whole(request, first, to, exchanges).await;
        }
        let begun = match version.is_at_least(ProtocolVersion::V1_3) {
            true => exchanges.ask(request.clone().first(first.clone())).await.map(Some),
            false => Ok(None),
        };
        let mut ends = Ends::default();
        let (output, refused) = match begun {
            Ok(Some(response)) => (R::taken(response, &mut ends), None),
            Ok(None) => (None, None),
            Err(error) if is_refusal_of_streams(&error) => (None, Some(error)),
            Err(error) => return Err(error),
        };
        let Some(correlation_value) = ends.correlation_value.take() else {
            let data = pieces.rest::<D>(first, room(exchanges), refused).await?;
            exchanges.renew();
            return whole(request, data, to, exchanges).await;
        };
        exchanges.stay();
        let mut stream = Stream { request: &request, correlation_value, ends };
        match stream.goes_on(output, &mut pieces, &mut to, exchanges).await {
            Ok(()) => {
                let ends = stream.ends;
                request.end(ends)
            }
            Err(error) => {
                // What is not an answer of the server's leaves it waiting.
                if matches!(error.kind(), ErrorKind::Stream(_) | ErrorKind::Aborted { .. }) {
                    stream.abort(exchanges).await;
                }
                Err(error)
            }
        }
    }
}

/// A stream that the server knows.
struct Stream<'a, R> {
    request: &'a R,
    correlation_value: Vec<u8>,
    ends: Ends,
}

impl<R: Parts> Stream<'_, R> {
    /// All parts but the first, of which this is the output.
    async fn goes_on<D: Driver, From: Source<D>, To: Sink<D>>(
        &mut self,
        mut output: Option<SecretBytes>,
        pieces: &mut Pieces<From>,
        to: &mut To,
        exchanges: &mut Exchanges<'_, D>,
    ) -> Result<(), Error> {
        loop {
            if let Some(output) = output.take() {
                to.write(output.reveal()).await.map_err(failed)?;
            }
            let Some(data) = pieces.next::<D>().await? else { break };
            output = self.part(data, pieces.is_over(), exchanges).await?;
        }
        to.flush().await.map_err(failed)
    }

    /// One part.
    async fn part<D: Driver>(
        &mut self,
        data: Zeroizing<Vec<u8>>,
        is_last: bool,
        exchanges: &mut Exchanges<'_, D>,
    ) -> Result<Option<SecretBytes>, Error> {
        exchanges.renew();
        let request = self.request.clone().later(data, self.correlation_value.clone(), is_last);
        let output = R::taken(exchanges.ask(request).await?, &mut self.ends);
        // The server may give the stream another name with each part.
        if let Some(correlation_value) = self.ends.correlation_value.take() {
            self.correlation_value = correlation_value;
        }
        Ok(output)
    }

    /// Tells the server that nothing more comes. What it makes of that is of no use to anybody.
    async fn abort<D: Driver>(&mut self, exchanges: &mut Exchanges<'_, D>) {
        if let Err(error) = self.part(Zeroizing::default(), true, exchanges).await {
            tracing::debug!(%error, "a stream that was aborted");
        }
    }
}

/// All of the data in one request.
async fn whole<D: Driver, R: Parts>(
    request: R,
    data: Zeroizing<Vec<u8>>,
    mut to: impl Sink<D>,
    exchanges: &mut Exchanges<'_, D>,
) -> Result<R::Answer, Error> {
    let mut ends = Ends::default();
    let response = exchanges.ask(request.clone().whole(data)).await?;
    if let Some(output) = R::taken(response, &mut ends) {
        to.write(output.reveal()).await.map_err(failed)?;
    }
    to.flush().await.map_err(failed)?;
    request.end(ends)
}

/// Whether a server that answers so to the first part may take the data as a whole.
fn is_refusal_of_streams(error: &Error) -> bool {
    matches!(
        error.reason(),
        Some(
            ResultReason::FeatureNotSupported
                | ResultReason::OperationNotSupported
                | ResultReason::InvalidField
                | ResultReason::InvalidMessage
        )
    )
}

/// How much data a single request has room for, in bytes.
fn room<D: Driver>(exchanges: &Exchanges<'_, D>) -> usize {
    exchanges.client().session().limits().size.saturating_sub(AROUND)
}

/// The failure to read or to write.
pub(super) fn failed(error: io::Error) -> Error {
    Error::new(Phase::Send, ErrorKind::Stream(error))
}
