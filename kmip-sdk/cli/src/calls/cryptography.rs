//! Subcommands that use keys: on data from a file or the standard input, in parts where it is large.

use std::io::{self, Seek, Write};
use std::path::PathBuf;

use clap::Args;
use kmip_sdk::types::attribute::CryptographicParameters;
use kmip_sdk::types::enumerations::{
    BlockCipherMode, CryptographicAlgorithm, DigitalSignatureAlgorithm, HashingAlgorithm, PaddingMethod,
};
use kmip_sdk::types::{Item, Tag};
use kmip_sdk::verbs::{Refine, TakesParameters};
use kmip_sdk::{Blocking, Call, Encrypted};

use super::values::BytesForm;
use super::{At, Form, Verb, family, progress, values};
use crate::failure::{Failure, Name};
use crate::interrupt;

family! {
    /// What uses keys.
    Using {
        /// Encrypt data
        #[command(after_help = "What is printed says by itself how it is decrypted: a Request Payload of\nDecrypt in TTLV, without data, with the key, the parameters, the IV, the\nadditional data and the tag; and behind it the ciphertext. kmip decrypt takes\nit back, and Encrypted::read_from of the library.\n\nExamples:\n  kmip encrypt KEY < request.json > request.encrypted\n  kmip encrypt KEY --in request.json --aad 00ff --output-file request.encrypted\n  kmip encrypt PUBLIC-KEY --rsa-oaep sha256 --in words.txt")]
        Encrypt(EncryptData),
        /// Decrypt what kmip encrypt printed
        #[command(after_help = "The plaintext is printed as it comes. Of what has an authentication tag it is\nnot known to be genuine before the end: look at the exit code, or use\n--output-file, which writes all of it or nothing.\n\nExamples:\n  kmip decrypt < words.encrypted\n  kmip decrypt --in words.encrypted --output-file words.decrypted")]
        Decrypt(DecryptData),
        /// Encrypt data by a new key, which a key of the server's encrypts
        #[command(after_help = "What is printed is an envelope: only its key goes to the server, so that the\ndata may be of any size.\n\nExamples:\n  kmip seal KEY < request.json > request.sealed")]
        Seal(SealData),
        /// Decrypt what kmip seal printed
        #[command(after_help = "Examples:\n  kmip unseal < words.sealed")]
        Unseal(UnsealData),
        /// Sign data
        #[command(after_help = "Examples:\n  kmip sign PRIVATE-KEY --in request.json --rsa-pss sha256 > request.signature\n  kmip sign PRIVATE-KEY --ecdsa sha256 --form base64 < request.json")]
        Sign(SignData),
        /// Verify a signature
        #[command(after_help = "The exit code is 1 if the signature is not valid.\n\nExamples:\n  kmip signature-verify KEY --signature words.txt --ecdsa sha256 < empty.txt")]
        SignatureVerify(VerifyData),
        /// Make a message authentication code
        #[command(after_help = "Examples:\n  kmip mac KEY --hmac sha256 --form hex < request.json")]
        Mac(MacData),
        /// Verify a message authentication code
        #[command(after_help = "The exit code is 1 if it is not valid.\n\nExamples:\n  kmip mac-verify KEY --hmac sha256 --mac words.txt < request.json")]
        MacVerify(MacVerifyData),
        /// Hash data
        #[command(after_help = "Examples:\n  kmip hash sha256 --form hex < request.json")]
        Hash(HashData),
        /// Get random bytes
        #[command(after_help = "Examples:\n  kmip rng-retrieve 32 --form hex")]
        RngRetrieve(RngRetrieve),
        /// Give the server a seed
        #[command(after_help = "Examples:\n  kmip rng-seed --in words.txt")]
        RngSeed(RngSeed),
        /// Call a function of PKCS #11
        #[command(name = "pkcs-11", after_help = "Examples:\n  kmip pkcs-11 C_Initialize\n  kmip pkcs-11 C_GetInfo --parameters words.txt --output json")]
        Pkcs11(Pkcs11),
    }
}

/// The data.
#[derive(Debug, Args)]
pub(crate) struct Data {
    /// The file with the data, or - for the standard input
    #[arg(long = "in", value_name = "FILE", default_value = "-")]
    file: PathBuf,
}

/// How a key is used, where it is not said by the key.
#[derive(Debug, Args)]
#[command(next_help_heading = "Cryptographic Parameters")]
#[group(skip)]
pub(crate) struct Parameters {
    /// The mode of the cipher
    #[arg(long, value_name = "MODE", value_parser = values::named::<BlockCipherMode>)]
    block_cipher_mode: Option<BlockCipherMode>,
    /// The padding
    #[arg(long, value_name = "METHOD", value_parser = values::named::<PaddingMethod>)]
    padding_method: Option<PaddingMethod>,
    /// The hash
    #[arg(long, value_name = "HASH", value_parser = values::named::<HashingAlgorithm>)]
    hashing_algorithm: Option<HashingAlgorithm>,
    /// The algorithm
    #[arg(long, value_name = "ALGORITHM", value_parser = values::named::<CryptographicAlgorithm>)]
    cryptographic_algorithm: Option<CryptographicAlgorithm>,
    /// The algorithm of a signature
    #[arg(long, value_name = "ALGORITHM", value_parser = values::named::<DigitalSignatureAlgorithm>)]
    digital_signature_algorithm: Option<DigitalSignatureAlgorithm>,
}

impl Parameters {
    fn of<'a, A: Refine>(&self, call: Call<'a, Blocking, A>) -> Call<'a, Blocking, A>
    where
        A::Request: TakesParameters,
    {
        let parameters = CryptographicParameters {
            block_cipher_mode: self.block_cipher_mode,
            padding_method: self.padding_method,
            hashing_algorithm: self.hashing_algorithm,
            cryptographic_algorithm: self.cryptographic_algorithm,
            digital_signature_algorithm: self.digital_signature_algorithm,
            ..CryptographicParameters::default()
        };
        match parameters == CryptographicParameters::default() {
            true => call,
            false => call.cryptographic_parameters(parameters),
        }
    }
}

#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct EncryptData {
    /// The Unique Identifier of the key
    #[arg(value_name = "ID")]
    id: String,
    #[command(flatten)]
    data: Data,
    /// By AES-GCM, as is done where nothing else is said
    #[arg(long, group = "preset")]
    aes_gcm: bool,
    /// By AES-CBC with padding
    #[arg(long, group = "preset")]
    aes_cbc: bool,
    /// By AES-CTR
    #[arg(long, group = "preset")]
    aes_ctr: bool,
    /// By ChaCha20-Poly1305
    #[arg(long, group = "preset")]
    chacha20_poly1305: bool,
    /// By RSA-OAEP with this hash
    #[arg(long, group = "preset", value_name = "HASH", value_parser = values::named::<HashingAlgorithm>)]
    rsa_oaep: Option<HashingAlgorithm>,
    /// By RSA with the padding of PKCS #1 v1.5
    #[arg(long, group = "preset")]
    rsa_pkcs1_v1_5: bool,
    /// By what the key itself says
    #[arg(long, group = "preset")]
    as_the_key_says: bool,
    /// The IV, in hex; the server makes one, if none is given
    #[arg(long, value_name = "HEX", value_parser = values::hex)]
    iv: Option<values::Bytes>,
    /// The additional data that is authenticated, in hex
    #[arg(long, value_name = "HEX", value_parser = values::hex)]
    aad: Option<values::Bytes>,
    #[command(flatten)]
    parameters: Parameters,
}

impl Verb for EncryptData {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        // What decrypts it is known when all of it is there, and is to be read first.
        let mut ciphertext = tempfile::tempfile().map_err(spooling)?;
        let call = at.client.encrypt_stream(
            &self.id,
            progress::reader(&self.data.file)?,
            ciphertext.try_clone().map_err(spooling)?,
        );
        let call = match self {
            Self { aes_cbc: true, .. } => call.aes_cbc(),
            Self { aes_ctr: true, .. } => call.aes_ctr(),
            Self { chacha20_poly1305: true, .. } => call.chacha20_poly1305(),
            Self { rsa_oaep: Some(hash), .. } => call.rsa_oaep(*hash),
            Self { rsa_pkcs1_v1_5: true, .. } => call.rsa_pkcs1_v1_5(),
            Self { as_the_key_says: true, .. } => self.parameters.of(call),
            _ if self.parameters_are_said() => self.parameters.of(call),
            _ => call.aes_gcm(),
        };
        let call = self.iv.clone().into_iter().fold(call, |call, value| call.iv_counter_nonce(value));
        let call = self.aad.iter().fold(call, |call, aad| call.aad(&aad.0));
        let encrypted: Encrypted = call.send()?;
        if !matches!(at.printing.output, Form::Table | Form::Id) {
            let mut data = Vec::new();
            ciphertext
                .rewind()
                .and_then(|()| io::Read::read_to_end(&mut ciphertext, &mut data))
                .map_err(spooling)?;
            let mut encrypted = encrypted;
            encrypted.data = data;
            return at.answer(&encrypted);
        }
        let header = encrypted.to_bytes().map_err(|error| Failure::Faulty(error.to_string()))?;
        let mut sink = at.output.sink()?;
        ciphertext.rewind().map_err(spooling)?;
        (&mut sink).write_all(&header).map_err(Failure::WriteOutput)?;
        io::copy(&mut ciphertext, &mut &mut sink).map_err(Failure::WriteOutput)?;
        sink.finish()
    }
}

impl EncryptData {
    fn parameters_are_said(&self) -> bool {
        let Parameters {
            block_cipher_mode, padding_method, hashing_algorithm, cryptographic_algorithm, ..
        } = &self.parameters;
        block_cipher_mode.is_some()
            || padding_method.is_some()
            || hashing_algorithm.is_some()
            || cryptographic_algorithm.is_some()
    }
}

/// What cannot be kept for a moment.
fn spooling(error: io::Error) -> Failure {
    Failure::WriteFile(Name(std::env::temp_dir()), error)
}

#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct DecryptData {
    #[command(flatten)]
    data: Data,
    /// The Unique Identifier of the key, if not that which encrypted it
    #[arg(long, value_name = "ID")]
    key: Option<String>,
}

impl Verb for DecryptData {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        let name = Name(self.data.file.clone());
        let mut reader = progress::reader(&self.data.file)?;
        let unread = |error| match interrupt::pressed() {
            true => Failure::InterruptedAt(error),
            false => Failure::Read(name.clone(), error),
        };
        let mut encrypted = Encrypted::read_from(&mut reader).map_err(unread)?.map_err(|error| {
            Failure::Faulty(format!("{name} does not begin as what kmip encrypt prints: {error}"))
        })?;
        if let Some(key) = &self.key {
            encrypted.unique_identifier = key.into();
        }
        let mut sink = at.output.sink()?;
        let data = std::mem::take(&mut encrypted.data);
        let all = io::Read::chain(io::Cursor::new(data), reader);
        at.client.decrypt_stream(&encrypted, all, &mut sink).send()?;
        sink.finish()
    }
}

#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct SealData {
    /// The Unique Identifier of the key
    #[arg(value_name = "ID")]
    id: String,
    #[command(flatten)]
    data: Data,
}

impl Verb for SealData {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        let mut sink = at.output.sink()?;
        at.client.seal(&self.id, progress::reader(&self.data.file)?, &mut sink).timeout(None).send()?;
        sink.finish()
    }
}

#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct UnsealData {
    #[command(flatten)]
    data: Data,
}

impl Verb for UnsealData {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        let mut sink = at.output.sink()?;
        at.client.unseal(progress::reader(&self.data.file)?, &mut sink).timeout(None).send()?;
        sink.finish()
    }
}

/// How a signature is made.
#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct Signing {
    /// By RSA-PSS with this hash
    #[arg(long, group = "preset", value_name = "HASH", value_parser = values::named::<HashingAlgorithm>)]
    rsa_pss: Option<HashingAlgorithm>,
    /// By RSA with the padding of PKCS #1 v1.5 and this hash
    #[arg(long, group = "preset", value_name = "HASH", value_parser = values::named::<HashingAlgorithm>)]
    rsa_pkcs1_v1_5: Option<HashingAlgorithm>,
    /// By ECDSA with this hash
    #[arg(long, group = "preset", value_name = "HASH", value_parser = values::named::<HashingAlgorithm>)]
    ecdsa: Option<HashingAlgorithm>,
    /// By Ed25519
    #[arg(long, group = "preset")]
    ed25519: bool,
    #[command(flatten)]
    parameters: Parameters,
}

impl Signing {
    fn of<'a, A: Refine>(&self, call: Call<'a, Blocking, A>) -> Call<'a, Blocking, A>
    where
        A::Request: kmip_sdk::verbs::Signs,
    {
        match self {
            Self { rsa_pss: Some(hash), .. } => call.rsa_pss(*hash),
            Self { rsa_pkcs1_v1_5: Some(hash), .. } => call.rsa_pkcs1_v1_5_signature(*hash),
            Self { ecdsa: Some(hash), .. } => call.ecdsa(*hash),
            Self { ed25519: true, .. } => call.ed25519(),
            _ => self.parameters.of(call),
        }
    }
}

#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct SignData {
    /// The Unique Identifier of the private key
    #[arg(value_name = "ID")]
    id: String,
    #[command(flatten)]
    data: Data,
    #[command(flatten)]
    signing: Signing,
    /// How to print it: by default as it is, but hex on a terminal
    #[arg(long, value_name = "FORM")]
    form: Option<BytesForm>,
}

impl Verb for SignData {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        let call = at.client.sign_stream(&self.id, progress::reader(&self.data.file)?);
        let signature = self.signing.of(call).send()?;
        at.bytes(Tag::SIGNATURE_DATA, &signature, self.form)
    }
}

#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct VerifyData {
    /// The Unique Identifier of the public key
    #[arg(value_name = "ID")]
    id: String,
    /// The file with the signature, as it is
    #[arg(long, value_name = "FILE")]
    signature: PathBuf,
    #[command(flatten)]
    data: Data,
    #[command(flatten)]
    signing: Signing,
}

impl Verb for VerifyData {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        let signature = values::file(&self.signature)?.to_vec();
        let call = at.client.signature_verify_stream(&self.id, progress::reader(&self.data.file)?, signature);
        self.signing.of(call).send()?;
        valid(at)
    }
}

/// What an operation says that says nothing else.
pub(super) fn valid(at: &mut At<'_>) -> Result<(), Failure> {
    let valid = kmip_sdk::types::enumerations::ValidityIndicator::Valid;
    at.item(vec![Item::enumeration(Tag::VALIDITY_INDICATOR, valid)])
}

/// How a message authentication code is made.
#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct Authenticating {
    /// By HMAC with this hash
    #[arg(long, group = "preset", value_name = "HASH", value_parser = values::named::<HashingAlgorithm>)]
    hmac: Option<HashingAlgorithm>,
    /// By CMAC with AES
    #[arg(long, group = "preset")]
    aes_cmac: bool,
    #[command(flatten)]
    parameters: Parameters,
}

impl Authenticating {
    fn of<'a, A: Refine>(&self, call: Call<'a, Blocking, A>) -> Call<'a, Blocking, A>
    where
        A::Request: kmip_sdk::verbs::Authenticates,
    {
        match self {
            Self { hmac: Some(hash), .. } => call.hmac(*hash),
            Self { aes_cmac: true, .. } => call.aes_cmac(),
            _ => self.parameters.of(call),
        }
    }
}

#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct MacData {
    /// The Unique Identifier of the key
    #[arg(value_name = "ID")]
    id: String,
    #[command(flatten)]
    data: Data,
    #[command(flatten)]
    authenticating: Authenticating,
    /// How to print it: by default as it is, but hex on a terminal
    #[arg(long, value_name = "FORM")]
    form: Option<BytesForm>,
}

impl Verb for MacData {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        let call = at.client.mac_stream(&self.id, progress::reader(&self.data.file)?);
        let mac = self.authenticating.of(call).send()?;
        at.bytes(Tag::MAC_DATA, &mac, self.form)
    }
}

#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct MacVerifyData {
    /// The Unique Identifier of the key
    #[arg(value_name = "ID")]
    id: String,
    /// The file with the code, as it is
    #[arg(long, value_name = "FILE")]
    mac: PathBuf,
    #[command(flatten)]
    data: Data,
    #[command(flatten)]
    authenticating: Authenticating,
}

impl Verb for MacVerifyData {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        let mac = values::file(&self.mac)?.to_vec();
        let call = at.client.mac_verify_stream(&self.id, progress::reader(&self.data.file)?, mac);
        self.authenticating.of(call).send()?;
        valid(at)
    }
}

#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct HashData {
    /// The hash
    #[arg(value_name = "HASH", value_parser = values::named::<HashingAlgorithm>)]
    algorithm: HashingAlgorithm,
    #[command(flatten)]
    data: Data,
    /// How to print it: by default as it is, but hex on a terminal
    #[arg(long, value_name = "FORM")]
    form: Option<BytesForm>,
}

impl Verb for HashData {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        let call = at.client.hash_stream(self.algorithm, progress::reader(&self.data.file)?);
        let hash = call.send()?;
        at.bytes(Tag::DATA, &hash, self.form)
    }
}

#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct RngRetrieve {
    /// How many bytes
    #[arg(value_name = "COUNT")]
    count: u32,
    /// How to print them: by default as they are, but hex on a terminal
    #[arg(long, value_name = "FORM")]
    form: Option<BytesForm>,
}

impl Verb for RngRetrieve {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        let bytes = at.client.rng_retrieve(self.count).send()?;
        at.bytes(Tag::DATA, bytes.reveal(), self.form)
    }
}

#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct RngSeed {
    #[command(flatten)]
    data: Data,
}

impl Verb for RngSeed {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        let response = at.client.rng_seed(values::file(&self.data.file)?.to_vec()).send()?;
        at.answer(&response)
    }
}

#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct Pkcs11 {
    /// The function
    #[arg(value_name = "FUNCTION", value_parser = values::named::<kmip_sdk::types::enumerations::Pkcs11Function>)]
    function: kmip_sdk::types::enumerations::Pkcs11Function,
    /// The file with its parameters, in the form of the standard's profile of PKCS #11
    #[arg(long, value_name = "FILE")]
    parameters: Option<PathBuf>,
    /// The interface
    #[arg(long, value_name = "NAME")]
    interface: Option<String>,
    /// The Correlation Value of an earlier answer, in hex
    #[arg(long, value_name = "HEX", value_parser = values::hex)]
    correlation_value: Option<values::Bytes>,
}

impl Verb for Pkcs11 {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        let mut call = at.client.pkcs_11(self.function);
        if let Some(path) = &self.parameters {
            call = call.pkcs_11_input_parameters(values::file(path)?.to_vec());
        }
        call = self.interface.iter().fold(call, |call, interface| call.pkcs_11_interface(interface));
        call = self
            .correlation_value
            .clone()
            .into_iter()
            .fold(call, |call, value| call.correlation_value(value));
        let response = call.send()?;
        at.answer(&response)
    }
}
