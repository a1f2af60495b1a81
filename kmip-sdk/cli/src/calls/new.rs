//! Subcommands that make objects.

use clap::Args;
use kmip_sdk::types::DateTime;
use kmip_sdk::types::attribute::{Attribute, Attributes};
use kmip_sdk::types::enumerations::{
    CryptographicAlgorithm, DerivationMethod, HashingAlgorithm, ObjectType, RecommendedCurve, SecretDataType,
    SplitKeyMethod,
};
use kmip_sdk::types::masks::CryptographicUsageMask;
use kmip_sdk::types::operation::{CreateKeyPairRequest, CreateRequest, DeriveKeyRequest};
use kmip_sdk::verbs::{New, Refine, TakesAttributes};
use kmip_sdk::{Blocking, Call};
use std::path::PathBuf;
use std::time::Duration;

use super::values::{self, Given};
use super::{At, Verb, family};
use crate::failure::Failure;

family! {
    /// What makes objects.
    Making {
        /// Make a symmetric key or secret data
        #[command(after_help = "Examples:\n  kmip create --aes 256 --name app --activate\n  kmip create --hmac sha256 --usage mac-generate,mac-verify --output id\n  kmip create --algorithm 3des --length 168 --attribute comment=ops")]
        Create(Create),
        /// Make a private key with its public key
        #[command(after_help = "Examples:\n  kmip create-key-pair --rsa 3072 --signing --name app --activate\n  kmip create-key-pair --ec p-256 --signing --output json")]
        CreateKeyPair(CreateKeyPair),
        /// Give the server a key, a certificate, a password or other data
        #[command(after_help = "Examples:\n  kmip register --pem key.pem --name app --usage sign\n  kmip register --aes-key key.bin --usage encrypt,decrypt --activate\n  kmip register --password password.txt --name database")]
        #[command(override_usage = "kmip register <--pem|--der|--jwk|...> <FILE> [OPTIONS]")]
        Register(Register),
        /// Give the server an object under an identifier of its own
        #[command(after_help = "Examples:\n  kmip import app-1 --pem key.pem --usage sign\n  kmip import app-1 --aes-key key.bin --replace-existing")]
        #[command(override_usage = "kmip import <ID> <--pem|--der|--jwk|...> <FILE> [OPTIONS]")]
        Import(Import),
        /// Make a key from another or from a password
        #[command(after_help = "Examples:\n  kmip derive-key KEY --hkdf 256 --name derived --usage encrypt,decrypt\n  kmip derive-key KEY --pbkdf2 256 --hash sha256 --salt 0011 --iterations 100000")]
        DeriveKey(DeriveKey),
        /// Make a symmetric key that takes the place of another
        #[command(after_help = "Examples:\n  kmip re-key KEY\n  kmip re-key KEY --offset 0 --output id")]
        ReKey(ReKey),
        /// Make a key pair that takes the place of another
        #[command(after_help = "Examples:\n  kmip re-key-key-pair PRIVATE-KEY --offset 0")]
        ReKeyKeyPair(ReKeyKeyPair),
        /// Make a key in parts
        #[command(after_help = "Examples:\n  kmip create-split-key --parts 3 --threshold 2 --algorithm aes --length 256\n  kmip create-split-key --parts 2 --threshold 2 --method xor --key KEY")]
        CreateSplitKey(CreateSplitKey),
        /// Make a key from its parts
        #[command(after_help = "Examples:\n  kmip join-split-key PART-1 PART-2 --name joined")]
        JoinSplitKey(JoinSplitKey),
    }
}

/// The attributes of what is made.
#[derive(Debug, Args)]
#[command(next_help_heading = "Attributes")]
pub(crate) struct Described {
    /// A name; may be said more than once
    #[arg(long, value_name = "NAME")]
    name: Vec<String>,
    /// What it may be used for: names of the Cryptographic Usage Mask with commas between
    #[arg(long, value_name = "USAGE", value_parser = values::usage)]
    usage: Option<CryptographicUsageMask>,
    /// The group that it is in
    #[arg(long, value_name = "GROUP")]
    object_group: Vec<String>,
    /// A description. Since KMIP 1.4
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// The server gives it away wrapped only. Since KMIP 1.4
    #[arg(long)]
    sensitive: bool,
    /// The server does not give it away. Since KMIP 1.4
    #[arg(long)]
    not_extractable: bool,
    /// When it becomes active
    #[arg(long, value_name = "DATE", value_parser = values::date)]
    activation_date: Option<DateTime>,
    /// When it ends to be active
    #[arg(long, value_name = "DATE", value_parser = values::date)]
    deactivation_date: Option<DateTime>,
    /// Any other attribute; of a structure, the JSON of its fields
    #[arg(long, value_name = "NAME=VALUE", value_parser = values::attribute)]
    attribute: Vec<Attribute>,
}

impl Described {
    /// The call with these attributes.
    pub(super) fn of<'a, A: Refine>(&self, call: Call<'a, Blocking, A>) -> Call<'a, Blocking, A>
    where
        A::Request: TakesAttributes,
    {
        let mut call = self.name.iter().fold(call, |call, name| call.name(name.as_str()));
        if let Some(usage) = self.usage {
            call = call.usage(usage);
        }
        call = self.object_group.iter().fold(call, |call, group| call.object_group(group));
        if let Some(description) = &self.description {
            call = call.description(description);
        }
        if self.sensitive {
            call = call.sensitive();
        }
        if self.not_extractable {
            call = call.not_extractable();
        }
        if let Some(date) = self.activation_date {
            call = call.activation_date(date);
        }
        if let Some(date) = self.deactivation_date {
            call = call.deactivation_date(date);
        }
        self.attribute.iter().fold(call, |call, attribute| call.attribute(attribute.clone()))
    }
}

#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct Create {
    /// An AES key of so many bits, to encrypt and decrypt
    #[arg(long, value_name = "BITS", conflicts_with_all = ["hmac", "algorithm"])]
    aes: Option<u32>,
    /// A key for HMAC with this hash
    #[arg(long, value_name = "HASH", value_parser = values::named::<HashingAlgorithm>, conflicts_with = "algorithm")]
    hmac: Option<HashingAlgorithm>,
    /// The algorithm of the key
    #[arg(long, value_name = "ALGORITHM", value_parser = values::named::<CryptographicAlgorithm>)]
    algorithm: Option<CryptographicAlgorithm>,
    /// The length of the key in bits; of one for HMAC, 256 unless it is said
    #[arg(long, value_name = "BITS", conflicts_with = "aes")]
    length: Option<u32>,
    /// What it is, if no symmetric key
    #[arg(long, value_name = "TYPE", value_parser = values::named::<ObjectType>)]
    object_type: Option<ObjectType>,
    /// Activate it
    #[arg(long)]
    activate: bool,
    #[command(flatten)]
    described: Described,
}

/// The length of a key for HMAC where none is said.
const HMAC_BITS: u32 = 256;

impl Verb for Create {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        let mut call: Call<'_, Blocking, New<CreateRequest>> = match (self.aes, self.hmac) {
            (Some(bits), _) => at.client.create_aes(bits),
            (None, Some(hash)) => at.client.create_hmac(hash, self.length.unwrap_or(HMAC_BITS)),
            (None, None) => {
                let call = at.client.create(self.object_type.unwrap_or(ObjectType::SymmetricKey));
                let call = self.algorithm.into_iter().fold(call, |call, value| call.algorithm(value));
                self.length.into_iter().fold(call, |call, value| call.length(value))
            }
        };
        call = self.described.of(call);
        if self.activate {
            call = call.activated();
        }
        let response = call.send()?;
        at.answer(&response)
    }
}

#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct CreateKeyPair {
    /// An RSA key of so many bits
    #[arg(long, value_name = "BITS", conflicts_with_all = ["ec", "algorithm"])]
    rsa: Option<u32>,
    /// A key on this elliptic curve
    #[arg(long, value_name = "CURVE", value_parser = values::named::<RecommendedCurve>, conflicts_with = "algorithm")]
    ec: Option<RecommendedCurve>,
    /// A key of this algorithm
    #[arg(long, value_name = "ALGORITHM", value_parser = values::named::<CryptographicAlgorithm>, required_unless_present_any = ["rsa", "ec"])]
    algorithm: Option<CryptographicAlgorithm>,
    /// The length of the key in bits
    #[arg(long, value_name = "BITS", conflicts_with_all = ["rsa", "ec"])]
    length: Option<u32>,
    /// The private key may sign, the public key verify
    #[arg(long)]
    signing: bool,
    /// The public key may encrypt, the private key decrypt
    #[arg(long)]
    encrypting: bool,
    /// Both keys may be used to agree on a key
    #[arg(long)]
    key_agreement: bool,
    /// A name of the private key alone
    #[arg(long, value_name = "NAME")]
    private_key_name: Option<String>,
    /// A name of the public key alone
    #[arg(long, value_name = "NAME")]
    public_key_name: Option<String>,
    /// Activate both
    #[arg(long)]
    activate: bool,
    #[command(flatten)]
    described: Described,
}

impl Verb for CreateKeyPair {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        let mut call: Call<'_, Blocking, New<CreateKeyPairRequest>> =
            match (self.rsa, self.ec, self.algorithm) {
                (Some(bits), ..) => at.client.create_rsa(bits),
                (None, Some(curve), _) => at.client.create_ec(curve),
                (None, None, Some(algorithm)) => self
                    .length
                    .into_iter()
                    .fold(at.client.create_key_pair(algorithm), |call, value| call.length(value)),
                _ => return Err(Failure::Usage("say which key: --rsa, --ec or --algorithm".to_owned())),
            };
        if let Some(name) = &self.private_key_name {
            call = call.private_key_attributes(Attributes::new().with_name(name.as_str()));
        }
        if let Some(name) = &self.public_key_name {
            call = call.public_key_attributes(Attributes::new().with_name(name.as_str()));
        }
        if self.signing {
            call = call.signing();
        }
        if self.encrypting {
            call = call.encrypting();
        }
        if self.key_agreement {
            call = call.key_agreement();
        }
        call = self.described.of(call);
        if self.activate {
            call = call.activated();
        }
        let response = call.send()?;
        at.answer(&response)
    }
}

#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct Register {
    #[command(flatten)]
    given: Given,
    /// Activate it
    #[arg(long)]
    activate: bool,
    #[command(flatten)]
    described: Described,
}

impl Verb for Register {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        let material = self.given.read()?;
        let mut call = self.described.of(at.client.register_material(&material));
        if self.activate {
            call = call.activated();
        }
        let response = call.send()?;
        at.answer(&response)
    }
}

#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct Import {
    /// The Unique Identifier that it is to have
    #[arg(value_name = "ID")]
    id: String,
    #[command(flatten)]
    given: Given,
    /// Take the place of the object that has this identifier
    #[arg(long)]
    replace_existing: bool,
    #[command(flatten)]
    described: Described,
}

impl Verb for Import {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        let material = self.given.read()?;
        let call = at.client.import(&self.id, material.to_object()?).attributes(material.attributes());
        let mut call = self.described.of(call);
        if self.replace_existing {
            call = call.replace_existing(true);
        }
        let response = call.send()?;
        at.answer(&response)
    }
}

#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct DeriveKey {
    /// The Unique Identifier of the key or the password to derive from; more than one, if the method takes them
    #[arg(required = true, value_name = "ID")]
    from: Vec<String>,
    /// By HKDF, a key of so many bits
    #[arg(long, value_name = "BITS", conflicts_with_all = ["pbkdf2", "method"])]
    hkdf: Option<u32>,
    /// By PBKDF2, a key of so many bits; with --hash, --salt and --iterations
    #[arg(long, value_name = "BITS", conflicts_with = "method", requires_all = ["hash", "salt", "iterations"])]
    pbkdf2: Option<u32>,
    /// By this method; with --length
    #[arg(long, value_name = "METHOD", value_parser = values::named::<DerivationMethod>, requires = "length", required_unless_present_any = ["hkdf", "pbkdf2"])]
    method: Option<DerivationMethod>,
    /// The length of the key in bits
    #[arg(long, value_name = "BITS")]
    length: Option<u32>,
    /// The hash
    #[arg(long, value_name = "HASH", value_parser = values::named::<HashingAlgorithm>)]
    hash: Option<HashingAlgorithm>,
    /// The salt, in hex
    #[arg(long, value_name = "HEX", value_parser = values::hex)]
    salt: Option<values::Bytes>,
    /// How often the hash is repeated
    #[arg(long, value_name = "COUNT")]
    iterations: Option<u32>,
    /// A file with the derivation data
    #[arg(long, value_name = "FILE")]
    derivation_data: Option<PathBuf>,
    /// The initialization vector, in hex
    #[arg(long, value_name = "HEX", value_parser = values::hex)]
    initialization_vector: Option<values::Bytes>,
    /// What is made, if no symmetric key
    #[arg(long, value_name = "TYPE", value_parser = values::named::<ObjectType>)]
    object_type: Option<ObjectType>,
    /// Its algorithm
    #[arg(long, value_name = "ALGORITHM", value_parser = values::named::<CryptographicAlgorithm>)]
    algorithm: Option<CryptographicAlgorithm>,
    /// Activate it
    #[arg(long)]
    activate: bool,
    #[command(flatten)]
    described: Described,
}

impl DeriveKey {
    fn call<'a>(
        &self,
        at: &At<'a>,
        first: &str,
    ) -> Result<Call<'a, Blocking, New<DeriveKeyRequest>>, Failure> {
        let client = at.client;
        Ok(match (self.hkdf, self.pbkdf2, self.hash, &self.salt, self.iterations, self.method) {
            (Some(bits), ..) => client.derive_hkdf(first, bits),
            (None, Some(bits), Some(hash), Some(salt), Some(count), _) => {
                return Ok(client.derive_pbkdf2(first, hash, salt.clone(), count, bits));
            }
            (None, None, .., Some(method)) => {
                let object_type = self.object_type.unwrap_or(ObjectType::SymmetricKey);
                let call = client.derive_key(object_type, first, method);
                self.length.into_iter().fold(call, |call, value| call.length(value))
            }
            _ => return Err(Failure::Usage("say how: --hkdf, --pbkdf2 or --method".to_owned())),
        })
    }
}

impl Verb for DeriveKey {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        let Some((first, more)) = self.from.split_first() else {
            return Err(Failure::Usage("say what to derive from".to_owned()));
        };
        let mut call = more.iter().fold(self.call(at, first)?, |call, value| call.also_from(value));
        if self.pbkdf2.is_none() {
            call = self.hash.into_iter().fold(call, |call, value| call.hashing_algorithm(value));
            call = self.salt.clone().into_iter().fold(call, |call, value| call.salt(value));
            call = self.iterations.into_iter().fold(call, |call, value| call.iteration_count(value));
        }
        if let Some(path) = &self.derivation_data {
            call = call.derivation_data(values::file(path)?.to_vec());
        }
        call = self
            .initialization_vector
            .clone()
            .into_iter()
            .fold(call, |call, value| call.initialization_vector(value));
        call = self.algorithm.into_iter().fold(call, |call, value| call.algorithm(value));
        call = self.described.of(call);
        if self.activate {
            call = call.activated();
        }
        let response = call.send()?;
        at.answer(&response)
    }
}

#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct ReKey {
    /// The Unique Identifier of the key
    #[arg(value_name = "ID")]
    id: String,
    /// How long after the old key's Initial Date the new key becomes active; 0 is at once
    #[arg(long, value_name = "TIME", value_parser = values::span)]
    offset: Option<Duration>,
    #[command(flatten)]
    described: Described,
}

impl Verb for ReKey {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        let call = self.offset.into_iter().fold(at.client.re_key(&self.id), |call, value| call.offset(value));
        let response = self.described.of(call).send()?;
        at.answer(&response)
    }
}

#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct ReKeyKeyPair {
    /// The Unique Identifier of the private key
    #[arg(value_name = "ID")]
    id: String,
    /// How long after the old pair's Initial Date the new pair becomes active; 0 is at once
    #[arg(long, value_name = "TIME", value_parser = values::span)]
    offset: Option<Duration>,
    #[command(flatten)]
    described: Described,
}

impl Verb for ReKeyKeyPair {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        let call = self
            .offset
            .into_iter()
            .fold(at.client.re_key_key_pair(&self.id), |call, value| call.offset(value));
        let response = self.described.of(call).send()?;
        at.answer(&response)
    }
}

#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct CreateSplitKey {
    /// How many parts
    #[arg(long, value_name = "COUNT")]
    parts: u32,
    /// How many of them make the key
    #[arg(long, value_name = "COUNT")]
    threshold: u32,
    /// How it is split
    #[arg(long, value_name = "METHOD", default_value = "xor", value_parser = values::named::<SplitKeyMethod>)]
    method: SplitKeyMethod,
    /// The Unique Identifier of the key to split; a new one is, if none is said
    #[arg(long, value_name = "ID")]
    key: Option<String>,
    /// What is split
    #[arg(long, value_name = "TYPE", default_value = "symmetric-key", value_parser = values::named::<ObjectType>)]
    object_type: ObjectType,
    /// The algorithm of the key
    #[arg(long, value_name = "ALGORITHM", value_parser = values::named::<CryptographicAlgorithm>)]
    algorithm: Option<CryptographicAlgorithm>,
    /// The length of the key in bits
    #[arg(long, value_name = "BITS")]
    length: Option<u32>,
    #[command(flatten)]
    described: Described,
}

impl Verb for CreateSplitKey {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        let mut call = at.client.create_split_key(self.object_type, self.parts, self.threshold, self.method);
        call = self.key.as_ref().into_iter().fold(call, |call, key| call.unique_identifier(key));
        call = self.algorithm.into_iter().fold(call, |call, value| call.algorithm(value));
        call = self.length.into_iter().fold(call, |call, value| call.length(value));
        let response = self.described.of(call).send()?;
        at.answer(&response)
    }
}

#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct JoinSplitKey {
    /// The Unique Identifiers of the parts
    #[arg(required = true, value_name = "ID")]
    parts: Vec<String>,
    /// What is made
    #[arg(long, value_name = "TYPE", default_value = "symmetric-key", value_parser = values::named::<ObjectType>)]
    object_type: ObjectType,
    /// The kind of secret data, if that is made
    #[arg(long, value_name = "KIND", value_parser = values::named::<SecretDataType>)]
    secret_data_type: Option<SecretDataType>,
    #[command(flatten)]
    described: Described,
}

impl Verb for JoinSplitKey {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        let call = at.client.join_split_key(self.object_type, &self.parts);
        let call = self.secret_data_type.into_iter().fold(call, |call, value| call.secret_data_type(value));
        let response = self.described.of(call).send()?;
        at.answer(&response)
    }
}
