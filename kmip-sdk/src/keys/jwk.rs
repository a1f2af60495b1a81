//! Keys as JSON Web Keys (RFC 7517, RFC 7518 section 6, RFC 8037).

use base64ct::{Base64UrlUnpadded, Encoding};
use der::asn1::UintRef;
use der::{Decode, Encode};
use kmip_types::enumerations::CryptographicAlgorithm;
use kmip_types::{SecretBytes, SecretText};
use pkcs1::{RsaPrivateKeyRef, RsaPublicKeyRef};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::material::Kind;
use super::reading::private;
use super::rsa::{Given, complete};
use super::{Curve, KeyError, Material, PrivateKey, PublicKey};

/// What says that a point is not compressed (SEC 1 section 2.3.3).
const UNCOMPRESSED: u8 = 4;

/// The members that are read. They are borrowed from the text, so that no copy of a secret is left behind; none of them
/// has a form that needs escapes.
#[derive(Deserialize)]
struct Jwk<'a> {
    kty: &'a str,
    alg: Option<&'a str>,
    crv: Option<&'a str>,
    k: Option<&'a str>,
    n: Option<&'a str>,
    e: Option<&'a str>,
    d: Option<&'a str>,
    p: Option<&'a str>,
    q: Option<&'a str>,
    x: Option<&'a str>,
    y: Option<&'a str>,
    /// Primes behind the second, which are not supported.
    oth: Option<serde::de::IgnoredAny>,
}

impl Material {
    /// The key in a JSON Web Key: `oct`, `RSA`, `EC` (P-256, P-384, P-521, secp256k1) or `OKP` (Ed25519, X25519); with
    /// its private part where there is one. Needs the feature `json`.
    ///
    /// The algorithm of an `oct` key comes from `alg`; where that says none, neither does the key, and
    /// [`with_algorithm`](Self::with_algorithm) does. Members that are no part of the key, such as `kid`, do not count.
    ///
    /// ```
    /// use kmip_sdk::keys::Material;
    /// let key = Material::from_jwk(r#"{"kty":"oct","alg":"HS256","k":"aGVsbG8gd29ybGQ"}"#)?;
    /// assert_eq!(key.to_string(), "a symmetric key (HMAC_SHA256, 88 bits)");
    /// # Ok::<(), kmip_sdk::keys::KeyError>(())
    /// ```
    ///
    /// # Errors
    /// It is no JSON Web Key, one of an algorithm or on a curve that is not known, or its members are not of one key.
    pub fn from_jwk(jwk: impl AsRef<[u8]>) -> Result<Self, KeyError> {
        let jwk: Jwk<'_> = serde_json::from_slice(jwk.as_ref()).map_err(|_| malformed())?;
        match jwk.kty {
            "oct" => {
                let key = SecretBytes::from(required(jwk.k)?);
                Ok(Self::of(Kind::Symmetric { algorithm: jwk.alg.and_then(algorithm), key }))
            }
            "RSA" if jwk.oth.is_some() => {
                Err(KeyError::Unsupported { what: "an RSA key of more than two primes".to_owned() })
            }
            "RSA" => jwk.rsa(),
            "EC" => {
                let curve = jwk.curve()?;
                let (x, y) = (required(jwk.x)?, required(jwk.y)?);
                if [&x, &y].iter().any(|coordinate| coordinate.len() != curve.scalar_length()) {
                    return Err(KeyError::InvalidPoint { curve: curve.name() });
                }
                let point = [&[UNCOMPRESSED], x.as_slice(), y.as_slice()].concat();
                jwk.on_curve(curve, &point)
            }
            "OKP" => jwk.on_curve(jwk.curve()?, &required(jwk.x)?),
            _ => Err(KeyError::Unsupported { what: "a JSON Web Key of this `kty`".to_owned() }),
        }
    }

    /// The JSON Web Key, in one line: with its private part, if it is a private key. Needs the feature `json`.
    ///
    /// An `oct` key has `alg` where one says no more than its algorithm does: of HMAC with SHA-2, and of none else.
    ///
    /// # Errors
    /// It is no key, or one whose point is compressed.
    pub fn to_jwk(&self) -> Result<SecretText, KeyError> {
        let mut jwk = Writer::default();
        match &self.kind {
            Kind::Symmetric { algorithm, key } => {
                jwk.text("kty", "oct");
                if let Some(alg) = algorithm.and_then(alg) {
                    jwk.text("alg", alg);
                }
                jwk.bytes("k", key.reveal());
            }
            Kind::PrivateKey(PrivateKey::Rsa(pkcs1)) => {
                let key =
                    RsaPrivateKeyRef::from_der(pkcs1.reveal()).map_err(|_| KeyError::InconsistentKey)?;
                jwk.text("kty", "RSA");
                for (name, number) in [
                    ("n", key.modulus),
                    ("e", key.public_exponent),
                    ("d", key.private_exponent),
                    ("p", key.prime1),
                    ("q", key.prime2),
                    ("dp", key.exponent1),
                    ("dq", key.exponent2),
                    ("qi", key.coefficient),
                ] {
                    jwk.bytes(name, number.as_bytes());
                }
            }
            Kind::PublicKey(PublicKey::Rsa(pkcs1)) => {
                let key = RsaPublicKeyRef::from_der(pkcs1).map_err(|_| KeyError::InconsistentKey)?;
                jwk.text("kty", "RSA");
                jwk.bytes("n", key.modulus.as_bytes());
                jwk.bytes("e", key.public_exponent.as_bytes());
            }
            Kind::PrivateKey(PrivateKey::Ec { curve, scalar }) => {
                let point = curve.point_of(scalar).ok_or(KeyError::InconsistentKey)?;
                self.write_point(&mut jwk, *curve, &point)?;
                jwk.bytes("d", scalar.reveal());
            }
            Kind::PublicKey(PublicKey::Ec { curve, point }) => self.write_point(&mut jwk, *curve, point)?,
            Kind::PrivateKey(PrivateKey::Group { .. })
            | Kind::PublicKey(PublicKey::Group { .. })
            | Kind::Certificate(_)
            | Kind::Secret { .. }
            | Kind::Opaque { .. } => {
                return Err(self.unavailable(
                    "a JSON Web Key",
                    "that is for symmetric keys, RSA keys and keys on a curve",
                ));
            }
        }
        Ok(jwk.finish())
    }

    fn write_point(&self, jwk: &mut Writer, curve: Curve, point: &[u8]) -> Result<(), KeyError> {
        if curve.is_byte_string() {
            jwk.text("kty", "OKP");
            jwk.text("crv", curve.name());
            jwk.bytes("x", point);
            return Ok(());
        }
        let Some((&UNCOMPRESSED, coordinates)) = point.split_first() else {
            return Err(self.unavailable("a JSON Web Key", "its point is compressed"));
        };
        let (x, y) = coordinates.split_at(coordinates.len() / 2);
        jwk.text("kty", "EC");
        jwk.text("crv", curve.name());
        jwk.bytes("x", x);
        jwk.bytes("y", y);
        Ok(())
    }
}

impl Jwk<'_> {
    fn curve(&self) -> Result<Curve, KeyError> {
        let name = self.crv.ok_or(KeyError::NoCurve)?;
        let is_okp = self.kty == "OKP";
        let curve = Curve::of_name(name).filter(|curve| curve.is_byte_string() == is_okp);
        curve.ok_or_else(|| KeyError::Unsupported {
            what: "a JSON Web Key of this `kty` and `crv`".to_owned(),
        })
    }

    /// The key on a curve, whose private part is to go with the public one.
    fn on_curve(&self, curve: Curve, point: &[u8]) -> Result<Material, KeyError> {
        let public = PublicKey::ec(curve, point)?;
        let Some(d) = self.d else { return Ok(Material::of(Kind::PublicKey(public))) };
        let key = PrivateKey::ec(curve, &bytes(d)?)?;
        if key.public_key() != Some(public) {
            return Err(KeyError::InconsistentKey);
        }
        Ok(Material::of(Kind::PrivateKey(key)))
    }

    fn rsa(&self) -> Result<Material, KeyError> {
        let (n, e) = (required(self.n)?, required(self.e)?);
        let Some(d) = self.d else {
            let uint = |bytes| UintRef::new(bytes).map_err(|_| malformed());
            let key = RsaPublicKeyRef { modulus: uint(&n)?, public_exponent: uint(&e)? };
            return Ok(Material::of(Kind::PublicKey(PublicKey::Rsa(key.to_der().map_err(|_| malformed())?))));
        };
        // What is there beside these is worked out again, and so need not be believed.
        let (d, p, q) = (bytes(d)?, self.p.map(bytes).transpose()?, self.q.map(bytes).transpose()?);
        let primes = [p.as_ref().map(|p| p.as_slice()), q.as_ref().map(|q| q.as_slice())];
        let pkcs1 =
            complete(&Given { modulus: &n, public_exponent: Some(&e), private_exponent: Some(&d), primes })?;
        private(Ok(PrivateKey::Rsa(pkcs1)))
    }
}

fn malformed() -> KeyError {
    KeyError::Malformed { expected: "JSON Web Key" }
}

fn required(text: Option<&str>) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    bytes(text.ok_or_else(malformed)?)
}

fn bytes(text: &str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    Base64UrlUnpadded::decode_vec(text).map(Zeroizing::new).map_err(|_| malformed())
}

/// The algorithm that a symmetric key is for by `alg` (RFC 7518 sections 3.1, 4.1 and 5.1).
fn algorithm(alg: &str) -> Option<CryptographicAlgorithm> {
    use CryptographicAlgorithm as A;
    match alg {
        "HS256" => Some(A::HmacSha256),
        "HS384" => Some(A::HmacSha384),
        "HS512" => Some(A::HmacSha512),
        "A128KW" | "A192KW" | "A256KW" | "A128GCMKW" | "A192GCMKW" | "A256GCMKW" | "A128GCM" | "A192GCM"
        | "A256GCM" | "A128CBC" | "A192CBC" | "A256CBC" | "A128CTR" | "A192CTR" | "A256CTR" => Some(A::Aes),
        _ => None,
    }
}

fn alg(algorithm: CryptographicAlgorithm) -> Option<&'static str> {
    use CryptographicAlgorithm as A;
    match algorithm {
        A::HmacSha256 => Some("HS256"),
        A::HmacSha384 => Some("HS384"),
        A::HmacSha512 => Some("HS512"),
        _ => None,
    }
}

/// Members of an object of JSON, whose values need no escapes.
#[derive(Default)]
struct Writer {
    members: Vec<(&'static str, Zeroizing<String>)>,
}

impl Writer {
    fn text(&mut self, name: &'static str, value: &str) {
        self.members.push((name, Zeroizing::new(value.to_owned())));
    }

    fn bytes(&mut self, name: &'static str, value: &[u8]) {
        self.members.push((name, Zeroizing::new(Base64UrlUnpadded::encode_string(value))));
    }

    fn finish(self) -> SecretText {
        // Quotes, colons and commas. Sized at once, so that no copy of a part is left behind.
        let length: usize = self.members.iter().map(|(name, value)| name.len() + value.len() + 6).sum();
        let mut text = Zeroizing::new(String::with_capacity(length + 2));
        text.push('{');
        for (index, (name, value)) in self.members.iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            for part in ["\"", name, "\":\"", value.as_str(), "\""] {
                text.push_str(part);
            }
        }
        text.push('}');
        text.into()
    }
}
