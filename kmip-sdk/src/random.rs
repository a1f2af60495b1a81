//! Random bytes: the cryptographic library's or, while a deterministic server answers, those of its seed.

use aws_lc_rs::error::Unspecified;

/// Fills with random bytes.
pub(crate) fn fill(bytes: &mut [u8]) -> Result<(), Unspecified> {
    #[cfg(feature = "server")]
    if let Some(filled) = seeded::fill(bytes) {
        return filled;
    }
    aws_lc_rs::rand::fill(bytes)
}

/// Whether random bytes are those of a seed, so that what makes its own has to be made otherwise.
pub(crate) fn is_seeded() -> bool {
    #[cfg(feature = "server")]
    return seeded::is_seeded();
    #[cfg(not(feature = "server"))]
    false
}

#[cfg(feature = "server")]
pub(crate) use seeded::Source;

#[cfg(feature = "server")]
mod seeded {
    use std::cell::RefCell;
    use std::fmt;
    use std::sync::atomic::{AtomicU64, Ordering};

    use aws_lc_rs::error::Unspecified;
    use chacha20::ChaCha20;
    use chacha20::cipher::{KeyIvInit, StreamCipher};
    use sha2::{Digest, Sha256};
    use zeroize::Zeroizing;

    thread_local! {
        /// What random bytes are made of in this thread, if a seed makes them. A request is answered in one thread, whatever
        /// it does on the way; so all of it has the same source, and none that is called has to be told.
        static STREAM: RefCell<Option<Box<ChaCha20>>> = const { RefCell::new(None) };
    }

    /// Where a server has its random bytes from.
    #[derive(Default)]
    pub(crate) struct Source {
        /// Nothing is the system.
        seed: Option<Zeroizing<[u8; 32]>>,
        requests: AtomicU64,
    }

    impl Source {
        /// The system, or a seed.
        pub(crate) fn new(seed: Option<u64>) -> Self {
            let seed = seed.map(|seed| Zeroizing::new(Sha256::digest(seed.to_be_bytes()).into()));
            Self { seed, requests: AtomicU64::new(0) }
        }

        /// Random bytes are the next request's until the end of the scope. What a request gets depends on the seed and its
        /// number, and not on how much those before it took.
        pub(crate) fn request(&self) -> Scope {
            let number = self.requests.fetch_add(1, Ordering::SeqCst);
            self.named(b"request", &number.to_be_bytes())
        }

        /// Random bytes are those for one purpose until the end of the scope.
        pub(crate) fn named(&self, purpose: &[u8], name: &[u8]) -> Scope {
            let stream = self.seed.as_ref().map(|seed| {
                let mut hash = Sha256::new();
                hash.update(**seed);
                hash.update(purpose);
                hash.update(name);
                let key: Zeroizing<[u8; 32]> = Zeroizing::new(hash.finalize().into());
                Box::new(ChaCha20::new((&*key).into(), &[0; 12].into()))
            });
            Scope { before: STREAM.replace(stream) }
        }
    }

    impl fmt::Debug for Source {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.debug_struct("Source").field("is_seeded", &self.seed.is_some()).finish_non_exhaustive()
        }
    }

    /// While it lives, random bytes come from a source.
    #[must_use = "the source counts until this is dropped"]
    pub(crate) struct Scope {
        before: Option<Box<ChaCha20>>,
    }

    impl Drop for Scope {
        fn drop(&mut self) {
            STREAM.set(self.before.take());
        }
    }

    pub(super) fn fill(bytes: &mut [u8]) -> Option<Result<(), Unspecified>> {
        STREAM.with_borrow_mut(|stream| {
            let stream = stream.as_mut()?;
            bytes.fill(0);
            Some(stream.try_apply_keystream(bytes).map_err(|_| Unspecified))
        })
    }

    pub(super) fn is_seeded() -> bool {
        STREAM.with_borrow(Option::is_some)
    }
}
