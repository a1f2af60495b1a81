//! The bytes that the samples are made of: keys and what they made of a text, real and ours, and used nowhere else.

/// A key for AES-256.
pub(crate) const AES_KEY: &[u8] =
    &bytes::<32>("342485d9c27af84a6f1a9e6ede6f9bbded79dfc3b46f4cfd3caf7502f87e03af");

/// What is encrypted, hashed and signed.
pub(crate) const TEXT: &[u8] = b"Ledger of the harbour office, page 12";

/// An initialization vector for AES in CBC mode.
pub(crate) const IV: &[u8] = &bytes::<16>("cbef28aee41674519c97ab70d92294ef");

/// [`TEXT`] under [`AES_KEY`] and [`IV`], in CBC mode with the padding of PKCS#5.
pub(crate) const CIPHERTEXT: &[u8] = &bytes::<48>(
    "71c103541bc8e786f947622a8e2555f8e2266bed303b226522398b38be53e336a95780ad11ed05aeef0e15386a0ff557",
);

/// A nonce for AES in GCM mode.
pub(crate) const GCM_NONCE: &[u8] = &bytes::<12>("eee71242aecf450d297e27aa");

/// What is authenticated in GCM mode and not encrypted.
pub(crate) const GCM_DATA: &[u8] = b"page 12";

/// [`TEXT`] under [`AES_KEY`] and [`GCM_NONCE`], in GCM mode.
pub(crate) const GCM_CIPHERTEXT: &[u8] =
    &bytes::<37>("33eda3d4af080aea9590368d30ee9f0da6c655506354b61eb6cd613c7d481a428d858a7ab1");

/// The tag that goes with [`GCM_CIPHERTEXT`] and [`GCM_DATA`].
pub(crate) const GCM_TAG: &[u8] = &bytes::<16>("edccd8519383525ce92f22fa771d1ef2");

/// The SHA-256 of [`TEXT`].
pub(crate) const SHA_256: &[u8] =
    &bytes::<32>("b35f06ccc0785da723d5efba01278f3283b8ac5eb0d85f94b1ad1074d0df03b7");

/// The HMAC of [`TEXT`] with SHA-256 and [`AES_KEY`].
pub(crate) const HMAC_SHA_256: &[u8] =
    &bytes::<32>("af904f021dabc75ad33bd4b8527d8fb575eead5b582cfb70d68bed7cce62e975");

/// The ECDSA signature of [`TEXT`] with SHA-256 and [`EC_D`], in DER.
pub(crate) const SIGNATURE: &[u8] = &bytes::<72>(
    "\
     3046022100f06e95676d2760e25274167352a0c3ec2836ffafde82497891cf03ef2ed2ad80022100d5efb218cdd84a92\
     2f4e28218c882756bbb79405cdc9dda70e85b2e25225ea9e",
);

/// The SHA-256 of [`AES_KEY`].
pub(crate) const KEY_DIGEST: &[u8] =
    &bytes::<32>("e59ef9114367db27df0631374ff9397925a2370b9c669d1c022e9d995ccbbaac");

/// [`AES_KEY`] under another key, by the AES key wrap of RFC 3394.
pub(crate) const WRAPPED_KEY: &[u8] =
    &bytes::<40>("91974b9cdb74fe2348b1a8f8a8e9bad0db0fcba8c972b3eaf5d3458f51d361a880f7ba33e377cdf1");

/// A salt for PBKDF2.
pub(crate) const SALT: &[u8] = &bytes::<16>("5fa719e1f21f9ba4190fe1c440e404c1");

/// Random bytes.
pub(crate) const RANDOM: &[u8] = &bytes::<16>("67fcb4ac7aa169eb6e6134afaaaf4d7a");

/// What a ticket is.
pub(crate) const TICKET: &[u8] = &bytes::<24>("04486f6270eb557348d7cc9660828979ae5665d7ef764570");

/// What tells a stream of operations, or an operation not yet done, from others.
pub(crate) const CORRELATION: &[u8] = &bytes::<8>("a2dd1c701e225eec");

/// A certificate of [`EC_Q`] that signs itself, in DER.
pub(crate) const CERTIFICATE: &[u8] = &bytes::<368>(
    "\
     3082016c30820112a00302010202021d0c300a06082a8648ce3d040302303f310b3009060355040613024e4c31173015\
     060355040a0c0e486172626f7572204f66666963653117301506035504030c0e6c65646765722e6578616d706c65301e\
     170d3234303130313030303030305a170d3334303130313030303030305a303f310b3009060355040613024e4c311730\
     15060355040a0c0e486172626f7572204f66666963653117301506035504030c0e6c65646765722e6578616d706c6530\
     59301306072a8648ce3d020106082a8648ce3d0301070342000463fea2efeaac91fe61c4bbcd7ea336bffc05bedc8e41\
     8be3ec34052469316f66ee3d8bd4efa39d196e53c47e17cc5e820d4e216b7f6935032ea47ff5a1cfd983300a06082a86\
     48ce3d0403020348003045022073550ceb591c2ee0a4615caeb9a6c961a04952b0c5799823c537f86566ed9a12022100\
     c21c347b278124d20ffc18b316c0b4f5296fd9298232ca2e9c805a6116072a43",
);

/// A request for [`CERTIFICATE`] as of PKCS#10, in DER.
pub(crate) const CERTIFICATE_REQUEST: &[u8] = &bytes::<253>(
    "\
     3081fa3081a1020100303f310b3009060355040613024e4c31173015060355040a0c0e486172626f7572204f66666963\
     653117301506035504030c0e6c65646765722e6578616d706c653059301306072a8648ce3d020106082a8648ce3d0301\
     070342000463fea2efeaac91fe61c4bbcd7ea336bffc05bedc8e418be3ec34052469316f66ee3d8bd4efa39d196e53c4\
     7e17cc5e820d4e216b7f6935032ea47ff5a1cfd983a000300a06082a8648ce3d0403020348003045022100a9a44a1c9b\
     ae114fcfc35ce6de12873831fedfb81a68d504fc2c04b308104cc30220105b0eb066802e6cb74097d5e87efcde6c5e8f\
     3e44a670bdd8b06bd858ce8215",
);

/// [`CERTIFICATE_REQUEST`] in PEM.
pub(crate) const CERTIFICATE_REQUEST_PEM: &str = "\
-----BEGIN CERTIFICATE REQUEST-----
MIH6MIGhAgEAMD8xCzAJBgNVBAYTAk5MMRcwFQYDVQQKDA5IYXJib3VyIE9mZmlj
ZTEXMBUGA1UEAwwObGVkZ2VyLmV4YW1wbGUwWTATBgcqhkjOPQIBBggqhkjOPQMB
BwNCAARj/qLv6qyR/mHEu81+oza//AW+3I5Bi+PsNAUkaTFvZu49i9Tvo50ZblPE
fhfMXoINTiFrf2k1Ay6kf/Whz9mDoAAwCgYIKoZIzj0EAwIDSAAwRQIhAKmkShyb
rhFPz8Nc5t4Shzgx/t+4GmjVBPwsBLMIEEzDAiAQWw6wZoAubLdAl9XofvzebF6P
PkSmcL3YsGvYWM6CFQ==
-----END CERTIFICATE REQUEST-----
";

/// The name in [`CERTIFICATE`], in DER.
pub(crate) const DISTINGUISHED_NAME: &[u8] = &bytes::<65>(
    "\
     303f310b3009060355040613024e4c31173015060355040a0c0e486172626f7572204f66666963653117301506035504\
     030c0e6c65646765722e6578616d706c65",
);

/// A private number on P-256.
pub(crate) const EC_D: &[u8] =
    &bytes::<32>("6cf055290b78bf21764030e4ccc860a1bee6633e7f92da7043ca387249754a37");

/// The point that goes with [`EC_D`].
pub(crate) const EC_Q: &[u8] = &bytes::<65>(
    "\
     0463fea2efeaac91fe61c4bbcd7ea336bffc05bedc8e418be3ec34052469316f66ee3d8bd4efa39d196e53c47e17cc5e\
     820d4e216b7f6935032ea47ff5a1cfd983",
);

/// [`EC_D`] as of PKCS#8, in DER.
pub(crate) const EC_PKCS_8: &[u8] = &bytes::<138>(
    "\
     308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b02010104206cf055290b78bf21764030e4\
     ccc860a1bee6633e7f92da7043ca387249754a37a1440342000463fea2efeaac91fe61c4bbcd7ea336bffc05bedc8e41\
     8be3ec34052469316f66ee3d8bd4efa39d196e53c47e17cc5e820d4e216b7f6935032ea47ff5a1cfd983",
);

/// [`EC_Q`] as of X.509, in DER.
pub(crate) const EC_SPKI: &[u8] = &bytes::<91>(
    "\
     3059301306072a8648ce3d020106082a8648ce3d0301070342000463fea2efeaac91fe61c4bbcd7ea336bffc05bedc8e\
     418be3ec34052469316f66ee3d8bd4efa39d196e53c47e17cc5e820d4e216b7f6935032ea47ff5a1cfd983",
);

/// An RSA modulus of 1024 bits: enough to show.
pub(crate) const RSA_MODULUS: &[u8] = &bytes::<128>(
    "\
     c0f7d4ec1da79e292e2b73862ea437cab8f8122a2b647b786af1c6ea71db36cf665255076c4ae1b5db7e246790b95dc2\
     552c9a6ff1f2bd40d4fe49a0aabfee98f544d698dad4863f0120307afc10b94b8bce72bff9f8250e7d47449ac992e885\
     bcfe96652269d83d6cc4754d1c4e3f6a3c485e7f3885be752f717b2ffc40100f",
);

/// The private exponent of [`RSA_MODULUS`].
pub(crate) const RSA_D: &[u8] = &bytes::<128>(
    "\
     0af34562ecbfe14ac6f2f2485007439f3e65dd6a05325b8b56ce47927049974fa7a7ce69706cc368357f70036c84085d\
     09c651313f129e48ba8d7f921d7e6cc4a9ef768ba3357f379578532a1d55a1a1da7b33910858695b7cd68a32b36355ec\
     8e65b7771dc47a7eeb06598b11ca5c39a6842d25bc75383c358eebb617ea9b41",
);

/// The first prime of [`RSA_MODULUS`].
pub(crate) const RSA_P: &[u8] = &bytes::<64>(
    "\
     f774547ae95160b07c43e0f2c7e3ccd7408d81648f47f139934fc9080c2bce25ea8fcb139cdca6649ce803abdda9685c\
     97b3efc0cbea3530356feb1f988cf1a1",
);

/// The second prime of [`RSA_MODULUS`].
pub(crate) const RSA_Q: &[u8] = &bytes::<64>(
    "\
     c7a1cdf78ccbe070aa737fc170d654a35ea95d00024d8334c9e32c76e3cf815c26ce7c3cdaddebbeaff8c3dc1385ee86\
     894392e37c2adf8f555796bd77d203af",
);

/// The exponent of [`RSA_P`].
pub(crate) const RSA_DP: &[u8] = &bytes::<64>(
    "\
     dee2a32d4a768816aef71ce8d0eef894718a839fa606f0da213bde212785555b85991b1b8150a5773e7524c96b10a9f5\
     ac96e03ed1ed1517652a77a7afea53c1",
);

/// The exponent of [`RSA_Q`].
pub(crate) const RSA_DQ: &[u8] = &bytes::<64>(
    "\
     2d11eeba50e3468ca92ee24cfdf8a5ab2c97f8132471f3895b7b1a72cd03f024a9ee3c4650f38161cfc0ce1745a11b34\
     ec9080fd32ef4b01c536bd259183aca9",
);

/// The inverse of [`RSA_Q`] modulo [`RSA_P`].
pub(crate) const RSA_COEFFICIENT: &[u8] = &bytes::<64>(
    "\
     c02a9851000ffc78a97858ed74ff780a77fc6f2d3bc240105658b303769397bda90e0bab0258c5b172385a194a97cc01\
     8a0f90a33d4c779741d1a78990b5eaa9",
);

/// The prime of a group of DSA and DH.
pub(crate) const DSA_P: &[u8] = &bytes::<128>(
    "\
     bd7e4c26df8bfe1a071217cc147be35b222a4395977f94394c547882672bed49ab237af3990b5ee1de4e49c2ca243ae6\
     0a82af255696b30ecd650ae571609ac6113878113b91ec9bc3281967ac64186b7141bdb525d12c6630680b6b3354ea70\
     d09075ec3c818bc9534bfc8ddd77cbc70006f85da6b37a102e59529dd66e109b",
);

/// The order of the group of [`DSA_P`].
pub(crate) const DSA_Q: &[u8] = &bytes::<20>("fc5cf8bcd981cfbf84eb5cd46dc4f7cefc5bf09b");

/// The generator of the group of [`DSA_P`].
pub(crate) const DSA_G: &[u8] = &bytes::<128>(
    "\
     407d1d45961629152d869fc23a4c355373f152e545270f579316d033c6f45a7d2c3e2c147410624afcb3a5f9ef30d973\
     5c0279a49c5800058ff5e7d3fef71de0b3cd5bf8420340cefae4658c4e7c7ac14cc088fdcecf2ce11b4539dc3a191fd4\
     c717b0cf11b6ee628d8a3e4f98b73faf42fb7ba322ce7c0b7f91d7d88eb2c57a",
);

/// The cofactor of the group of [`DSA_P`].
pub(crate) const DSA_J: &[u8] = &bytes::<108>(
    "\
     c039624b551e9a81c72da3336dcaf140842ca0d810e2f883380c9d76cc6516bb6df36d68941a8e734e59905fd144a87c\
     3b8a2f0fa29e27c193e26d535d2ca23ad9e55f9fb06f677addb0d2688a957ba4c7185f7b59ce1a5f1c3cd515925ccc4b\
     079ee1ddb18c81aef16dea6e",
);

/// A private number in the group of [`DSA_P`].
pub(crate) const DSA_X: &[u8] = &bytes::<20>("5fafe0ab6194bee2f112ae700ed535e7e7597f21");

/// The public number that goes with [`DSA_X`].
pub(crate) const DSA_Y: &[u8] = &bytes::<128>(
    "\
     bd20412c0f962fb418a23e9f191dc241cd0d30a4438ac40d7a90446413894f8bf4089edfed9e4b060a84277a1d4e2f7b\
     7296e26eb6b18a26bba6a52a2836da471f810216257a2ea6c80c97888fc23e19eda4da4a957f070624b5b32cd7ce8e3d\
     1324ced7b07f07cfd848b86cfb3492c2a202c43c3bd6f5f2b81c835e0aada9e5",
);

/// One of two parts of [`AES_KEY`], split by XOR.
pub(crate) const XOR_PART: &[u8] =
    &bytes::<32>("a979ee9cc9bbc857da34694e335ab04b27076eaa1787627041b4d3680490bd8e");

/// The bytes that hex digits say, two a byte.
const fn bytes<const LENGTH: usize>(digits: &str) -> [u8; LENGTH] {
    let digits = digits.as_bytes();
    let mut bytes = [0; LENGTH];
    let mut index = 0;
    while index < LENGTH {
        bytes[index] = nibble(digits[2 * index]) << 4 | nibble(digits[2 * index + 1]);
        index += 1;
    }
    bytes
}

const fn nibble(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => digit - b'a' + 10,
    }
}
