//! What the objects of the samples are called by the server.

/// A symmetric key.
pub(crate) const KEY: &str = "c963cfe0-afae-4a3b-b909-6a04e7d80068";
/// A key that was made of [`KEY`].
pub(crate) const NEW_KEY: &str = "26b563b1-e794-4e14-a145-4c40c439f34a";
/// A key that [`KEY`] stands in for.
pub(crate) const OLD_KEY: &str = "d96e5adf-a2be-4e31-ac8b-e7d742840d2b";
/// A key that wraps others.
pub(crate) const WRAPPING_KEY: &str = "53d23c0b-df43-4fb2-99fc-fc64e7aa8576";
/// A private key.
pub(crate) const PRIVATE_KEY: &str = "06e82a01-2b5c-4cd1-a7ca-430e92ac3d42";
/// The public key that goes with [`PRIVATE_KEY`].
pub(crate) const PUBLIC_KEY: &str = "1333bc1c-fe6c-4b03-a820-212c69599354";
/// A private key that was made of [`PRIVATE_KEY`].
pub(crate) const NEW_PRIVATE_KEY: &str = "7972a36d-51b3-4a6c-a005-0ed31a6e72b9";
/// The public key that goes with [`NEW_PRIVATE_KEY`].
pub(crate) const NEW_PUBLIC_KEY: &str = "6977a41b-730b-4d9c-94a6-7f00f335c357";
/// The first part of a split key.
pub(crate) const FIRST_PART: &str = "a0187b4d-5120-4e8f-b327-26d0356a4152";
/// The second part.
pub(crate) const SECOND_PART: &str = "542861cd-55e7-467e-ae6a-c4a9e89c5bc7";
/// The third part.
pub(crate) const THIRD_PART: &str = "8491cabe-a0af-4356-97bc-c74d6d683cf8";
/// A certificate.
pub(crate) const CERTIFICATE: &str = "67a9b05c-7dfb-47e8-9775-f593ce3ad2b2";
/// A certificate that was made of [`CERTIFICATE`].
pub(crate) const NEW_CERTIFICATE: &str = "3e1dcfb5-92bd-431c-b4d2-ea1614daf467";
/// A certificate request.
pub(crate) const CERTIFICATE_REQUEST: &str = "1570bc62-1832-49e2-b3aa-391808fc2081";
