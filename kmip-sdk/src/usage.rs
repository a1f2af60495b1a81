//! What a key may be used for, in short: the bits of [`CryptographicUsageMask`].
//!
//! ```
//! use kmip_sdk::usage::{DECRYPT, ENCRYPT};
//! # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
//! let key = client.create_aes(256).usage(ENCRYPT | DECRYPT).send()?;
//! # Ok::<(), kmip_sdk::Error>(())
//! ```

use kmip_types::masks::CryptographicUsageMask;

macro_rules! usage {
    ($($name:ident),* $(,)?) => { $(
        #[doc = concat!("[`CryptographicUsageMask::", stringify!($name), "`].")]
        pub const $name: CryptographicUsageMask = CryptographicUsageMask::$name;
    )* };
}

usage! {
    SIGN,
    VERIFY,
    ENCRYPT,
    DECRYPT,
    WRAP_KEY,
    UNWRAP_KEY,
    EXPORT,
    MAC_GENERATE,
    MAC_VERIFY,
    DERIVE_KEY,
    CONTENT_COMMITMENT_NON_REPUDIATION,
    KEY_AGREEMENT,
    CERTIFICATE_SIGN,
    CRL_SIGN,
    GENERATE_CRYPTOGRAM,
    VALIDATE_CRYPTOGRAM,
    TRANSLATE_ENCRYPT,
    TRANSLATE_DECRYPT,
    TRANSLATE_WRAP,
    TRANSLATE_UNWRAP,
    AUTHENTICATE,
    UNRESTRICTED,
    FPE_ENCRYPT,
    FPE_DECRYPT,
}
