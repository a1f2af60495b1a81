//! Modes of block ciphers, and ciphers of streams.

use cbc::cipher::common::InnerInit;
use cbc::cipher::{
    Array, BlockCipherDecrypt, BlockCipherEncrypt, BlockModeDecrypt, BlockModeEncrypt, InnerIvInit, KeyInit,
    KeyIvInit, StreamCipher, StreamCipherCoreWrapper, StreamCipherSeek,
};
use zeroize::Zeroizing;

use super::{Direction, Last, Stream, bad};
use crate::answer::Failure;

/// A block cipher that every mode takes.
pub(super) trait Block:
    BlockCipherEncrypt + BlockCipherDecrypt + KeyInit + Clone + Send + 'static + Counted
{
}

impl<C> Block for C where
    C: BlockCipherEncrypt + BlockCipherDecrypt + KeyInit + Clone + Send + 'static + Counted
{
}

/// A block cipher in the modes that make a stream of it.
pub(super) trait Counted: Sized {
    /// What counts, with a counter as long as the block.
    type Counter: StreamCipher + Send + 'static;
    /// What encrypts what it put out before.
    type Feedback: StreamCipher + Send + 'static;

    /// Counter mode from a first block on, if that is as long as a block.
    fn counter(self, iv: &[u8]) -> Option<Self::Counter>;

    /// Output feedback from a first block on, if that is as long as a block.
    fn feedback(self, iv: &[u8]) -> Option<Self::Feedback>;
}

macro_rules! counted {
    ($($cipher:ty, $mode:ident;)+) => {$(
        impl Counted for $cipher {
            type Counter = ctr::$mode<$cipher>;

            type Feedback = ofb::Ofb<$cipher>;

            fn counter(self, iv: &[u8]) -> Option<Self::Counter> {
                ctr::CtrCore::inner_iv_slice_init(self, iv).ok().map(StreamCipherCoreWrapper::from_core)
            }

            fn feedback(self, iv: &[u8]) -> Option<Self::Feedback> {
                ofb::OfbCore::inner_iv_slice_init(self, iv).ok().map(StreamCipherCoreWrapper::from_core)
            }
        }
    )+};
}

counted! {
    aes::Aes128, Ctr128BE;
    aes::Aes192, Ctr128BE;
    aes::Aes256, Ctr128BE;
    des::TdesEde2, Ctr64BE;
    des::TdesEde3, Ctr64BE;
    des::Des, Ctr64BE;
}

/// What encrypts or decrypts whole blocks.
pub(super) trait Blocks: Send {
    /// Replaces blocks by what they become.
    fn process(&mut self, blocks: &mut [u8]);
}

struct Encrypting<M>(M);

impl<M: BlockModeEncrypt + Send> Blocks for Encrypting<M> {
    fn process(&mut self, blocks: &mut [u8]) {
        self.0.encrypt_blocks(Array::slice_as_chunks_mut(blocks).0);
    }
}

struct Decrypting<M>(M);

impl<M: BlockModeDecrypt + Send> Blocks for Decrypting<M> {
    fn process(&mut self, blocks: &mut [u8]) {
        self.0.decrypt_blocks(Array::slice_as_chunks_mut(blocks).0);
    }
}

/// Each block by itself.
pub(super) fn ecb<C: Block>(direction: Direction, cipher: C) -> Box<dyn Blocks> {
    match direction {
        Direction::Encrypt => Box::new(Encrypting(ecb::Encryptor::inner_init(cipher))),
        Direction::Decrypt => Box::new(Decrypting(ecb::Decryptor::inner_init(cipher))),
    }
}

/// Each block with the one before it.
pub(super) fn cbc<C: Block>(direction: Direction, cipher: C, iv: &[u8]) -> Result<Box<dyn Blocks>, Failure> {
    Ok(match direction {
        Direction::Encrypt => {
            Box::new(Encrypting(cbc::Encryptor::inner_iv_slice_init(cipher, iv).map_err(|_| wrong_iv())?))
        }
        Direction::Decrypt => {
            Box::new(Decrypting(cbc::Decryptor::inner_iv_slice_init(cipher, iv).map_err(|_| wrong_iv())?))
        }
    })
}

fn wrong_iv() -> Failure {
    bad("the IV/Counter/Nonce has not the length that the mode takes")
}

/// A stream that is the data with something added to each byte, the same way to encrypt and to decrypt.
struct Added<S>(S);

impl<S: StreamCipher + Send> Stream for Added<S> {
    fn update(&mut self, data: &[u8]) -> Result<Zeroizing<Vec<u8>>, Failure> {
        let mut data = Zeroizing::new(data.to_vec());
        self.0.try_apply_keystream(&mut data).map_err(|_| super::super::cryptographic_failure("counting"))?;
        Ok(data)
    }

    fn finish(self: Box<Self>, _: Option<&[u8]>) -> Result<Last, Failure> {
        Ok((Zeroizing::default(), None))
    }
}

/// Counter mode.
pub(super) fn ctr<C: Block>(cipher: C, iv: &[u8]) -> Result<Box<dyn Stream>, Failure> {
    Ok(Box::new(Added(cipher.counter(iv).ok_or_else(wrong_iv)?)))
}

/// Output feedback.
pub(super) fn ofb<C: Block>(cipher: C, iv: &[u8]) -> Result<Box<dyn Stream>, Failure> {
    Ok(Box::new(Added(cipher.feedback(iv).ok_or_else(wrong_iv)?)))
}

/// Cipher feedback of whole blocks.
pub(super) fn cfb<C: Block>(direction: Direction, cipher: C, iv: &[u8]) -> Result<Box<dyn Stream>, Failure> {
    Ok(match direction {
        Direction::Encrypt => Box::new(Feedback(
            cfb_mode::BufEncryptor::inner_iv_slice_init(cipher, iv).map_err(|_| wrong_iv())?,
            cfb_mode::BufEncryptor::encrypt,
        )),
        Direction::Decrypt => Box::new(Feedback(
            cfb_mode::BufDecryptor::inner_iv_slice_init(cipher, iv).map_err(|_| wrong_iv())?,
            cfb_mode::BufDecryptor::decrypt,
        )),
    })
}

struct Feedback<S>(S, fn(&mut S, &mut [u8]));

impl<S: Send> Stream for Feedback<S> {
    fn update(&mut self, data: &[u8]) -> Result<Zeroizing<Vec<u8>>, Failure> {
        let mut data = Zeroizing::new(data.to_vec());
        (self.1)(&mut self.0, &mut data);
        Ok(data)
    }

    fn finish(self: Box<Self>, _: Option<&[u8]>) -> Result<Last, Failure> {
        Ok((Zeroizing::default(), None))
    }
}

/// ChaCha20 with a nonce of 12 bytes (RFC 8439) or, as it was first, of 8, from a block on.
pub(super) fn chacha20(key: &[u8], nonce: &[u8], block: i32) -> Result<Box<dyn Stream>, Failure> {
    let block = u64::try_from(block).map_err(|_| bad("the Initial Counter Value is negative"))?;
    fn from_block<S: KeyIvInit + StreamCipher + StreamCipherSeek + Send + 'static>(
        key: &[u8],
        nonce: &[u8],
        block: u64,
    ) -> Result<Box<dyn Stream>, Failure> {
        let mut cipher = S::new_from_slices(key, nonce).map_err(|_| wrong_iv())?;
        cipher
            .try_seek(block.saturating_mul(64))
            .map_err(|_| bad("the Initial Counter Value is too large"))?;
        Ok(Box::new(Added(cipher)))
    }
    match nonce.len() {
        8 => from_block::<chacha20::ChaCha20Legacy>(key, nonce, block),
        _ => from_block::<chacha20::ChaCha20>(key, nonce, block),
    }
}
