//! Encrypt: encrypts data with a key of the server's.

use kmip_types::attribute::UniqueIdentifier;
use kmip_types::enumerations::BlockCipherMode;
use kmip_types::operation::{Data, EncryptRequest, Request};

use super::encrypted::Encrypted;
use super::parameters::suit;
use super::{refined, yielded};
use crate::client::ask::{Ask, Exchanges};
use crate::client::{Call, Client, Driver};
use crate::error::Error;

impl<D: Driver> Client<D> {
    /// To encrypt data with this key. How is said by a step; if by none, as the key's attributes say.
    ///
    /// The server makes the initialization vector, unless [`iv_counter_nonce`](Call::iv_counter_nonce) gives one. What it
    /// answers goes as it is into [`decrypt`](Self::decrypt).
    ///
    /// ```
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// # let key = client.create_aes(256).activated().send()?;
    /// let encrypted = client.encrypt(&key, "attack at dawn").aes_gcm().aad("order 7").send()?;
    /// let decrypted = client.decrypt(&encrypted).send()?;
    /// assert_eq!(decrypted.reveal(), b"attack at dawn");
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/encrypt.md")]
    pub fn encrypt(&self, key: impl Into<UniqueIdentifier>, data: impl Into<Data>) -> Call<'_, D, Encrypt> {
        Call::new(self, Encrypt(EncryptRequest::new(key, data)))
    }
}

refined! {
    /// Asks for encrypted data.
    Encrypt(EncryptRequest);
}

impl<D: Driver> Ask<D> for Encrypt {
    type Answer = Encrypted;

    async fn perform(self, exchanges: &mut Exchanges<'_, D>) -> Result<Encrypted, Error> {
        let mut request = self.0;
        let_server_choose_iv(&mut request);
        if let Some(parameters) = &mut request.cryptographic_parameters {
            suit(parameters, exchanges.agreed().await?);
        }
        let cryptographic_parameters = request.cryptographic_parameters.as_deref().cloned();
        let iv_counter_nonce = request.iv_counter_nonce.clone();
        let additional_data = request.authenticated_encryption_additional_data.clone();
        let response = exchanges.ask(request).await?;
        Ok(Encrypted {
            unique_identifier: response.unique_identifier,
            cryptographic_parameters,
            data: yielded(response.data, EncryptRequest::OPERATION, "Data")?.into_revealed(),
            iv_counter_nonce: response.iv_counter_nonce.or(iv_counter_nonce),
            authenticated_encryption_additional_data: additional_data,
            authenticated_encryption_tag: response.authenticated_encryption_tag,
        })
    }
}

/// Says that the server is to make the initialization vector, where one is needed and none is given.
pub(super) fn let_server_choose_iv(request: &mut EncryptRequest) {
    if let Some(parameters) = &mut request.cryptographic_parameters
        && request.iv_counter_nonce.is_none()
        && parameters.block_cipher_mode.is_some_and(takes_iv)
    {
        parameters.random_iv.get_or_insert(true);
    }
}

/// Whether a mode takes an initialization vector, counter or nonce.
fn takes_iv(mode: BlockCipherMode) -> bool {
    !matches!(mode, BlockCipherMode::Ecb | BlockCipherMode::NistKeyWrap | BlockCipherMode::AesKeyWrapPadding)
}
