//! Material to and from the managed objects of KMIP.

use kmip_types::attribute::Attributes;
use kmip_types::enumerations::{CertificateType, KeyFormatType};
use kmip_types::object::{
    self, Certificate, KeyBlock, KeyMaterial, KeyValue, ManagedObject, OpaqueObject, PlainKeyValue,
    SecretData, SymmetricKey,
};
use kmip_types::operation::RegisterRequest;
use kmip_types::ttlv::Tagged;

use super::block::{plain_material, symmetric_bytes, symmetric_material};
use super::material::Kind;
use super::reading::{certificate, private};
use super::{KeyError, Material, PrivateKey, PublicKey};

impl Material {
    /// The material of an object, such as that of a response of Get, in whichever Key Format Type it is: Raw, Opaque,
    /// PKCS#1, PKCS#8, X.509, ECPrivateKey, or transparent.
    ///
    /// An RSA private key may have some of its numbers only: the rest is worked out. The result does not keep the
    /// attributes in the key block.
    ///
    /// ```
    /// use kmip_sdk::keys::Material;
    /// # fn show(response: kmip_sdk::types::operation::GetResponse) -> Result<(), kmip_sdk::keys::KeyError> {
    /// let key = Material::from_object(&response.object)?;
    /// std::fs::write("key.pem", key.to_pem()?.reveal()).unwrap();
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// The key is wrapped, or not there; the object is of a kind or in a format that is not read; or its material is
    /// not what it says.
    pub fn from_object(object: &ManagedObject) -> Result<Self, KeyError> {
        match object {
            ManagedObject::SymmetricKey(key) => {
                let key_bytes = symmetric_bytes(&key.key_block)?;
                let algorithm = key.key_block.cryptographic_algorithm;
                Ok(Self::of(Kind::Symmetric { algorithm, key: key_bytes.into() }))
            }
            ManagedObject::PrivateKey(key) => {
                let algorithm = key.key_block.cryptographic_algorithm;
                Ok(private(PrivateKey::from_block(&key.key_block))?.stating(algorithm))
            }
            ManagedObject::PublicKey(key) => {
                let algorithm = key.key_block.cryptographic_algorithm;
                let key = PublicKey::from_block(&key.key_block)?;
                Ok(Self::of(Kind::PublicKey(key)).stating(algorithm))
            }
            ManagedObject::Certificate(value) if value.certificate_type == CertificateType::X509 => {
                certificate(&value.certificate_value)
            }
            ManagedObject::Certificate(value) => Err(KeyError::Unsupported {
                what: format!("a certificate of the type {}", value.certificate_type),
            }),
            ManagedObject::SecretData(data) => {
                let format = data.key_block.key_format_type;
                let secret = plain_material(&data.key_block)?.as_bytes();
                let secret = secret.ok_or(KeyError::UnreadFormat { format, material: "secret data" })?;
                Ok(Self::secret(data.secret_data_type, secret))
            }
            ManagedObject::OpaqueObject(object) => {
                Ok(Self::opaque_of_type(object.opaque_data_type, object.opaque_data_value.clone()))
            }
            _ => Err(KeyError::UnreadObject { object_type: object.object_type() }),
        }
    }

    /// The Key Format Type that the object has where none is asked for: Raw of a symmetric key and a secret, PKCS#8 of
    /// a private key, X.509 of a public key and a certificate, Opaque of an opaque object. All servers and versions
    /// know these.
    pub fn default_format(&self) -> KeyFormatType {
        match &self.kind {
            Kind::Symmetric { .. } | Kind::Secret { .. } => KeyFormatType::Raw,
            Kind::PrivateKey(_) => KeyFormatType::Pkcs8,
            Kind::PublicKey(_) | Kind::Certificate(_) => KeyFormatType::X509,
            Kind::Opaque { .. } => KeyFormatType::Opaque,
        }
    }

    /// The object, in the [default format](Self::default_format).
    ///
    /// # Errors
    /// The material is longer than an object can be.
    pub fn to_object(&self) -> Result<ManagedObject, KeyError> {
        self.to_object_as(self.default_format())
    }

    /// The object, in this Key Format Type.
    ///
    /// # Errors
    /// The material cannot be had so; the error says what it is.
    pub fn to_object_as(&self, format: KeyFormatType) -> Result<ManagedObject, KeyError> {
        Ok(match &self.kind {
            Kind::Symmetric { .. } => {
                ManagedObject::SymmetricKey(SymmetricKey { key_block: self.to_key_block_as(format)? })
            }
            Kind::PrivateKey(_) => {
                ManagedObject::PrivateKey(object::PrivateKey { key_block: self.to_key_block_as(format)? })
            }
            Kind::PublicKey(_) => {
                ManagedObject::PublicKey(object::PublicKey { key_block: self.to_key_block_as(format)? })
            }
            Kind::Secret { kind, .. } => ManagedObject::SecretData(SecretData {
                secret_data_type: *kind,
                key_block: self.to_key_block_as(format)?,
            }),
            Kind::Certificate(der) if format == KeyFormatType::X509 => {
                ManagedObject::Certificate(Certificate {
                    certificate_type: CertificateType::X509,
                    certificate_value: der.clone(),
                })
            }
            Kind::Opaque { kind, data } if format == KeyFormatType::Opaque => {
                ManagedObject::OpaqueObject(OpaqueObject {
                    opaque_data_type: *kind,
                    opaque_data_value: data.clone(),
                })
            }
            Kind::Certificate(_) | Kind::Opaque { .. } => return Err(self.unavailable_format(format)),
        })
    }

    /// The key block of a key or a secret, in this Key Format Type, with algorithm and length.
    ///
    /// # Errors
    /// The material cannot be had so; the error says what it is.
    pub fn to_key_block_as(&self, format: KeyFormatType) -> Result<KeyBlock, KeyError> {
        let material = match &self.kind {
            Kind::Symmetric { key, .. } => symmetric_material(key.reveal(), format),
            Kind::PrivateKey(key) => key.to_material(format),
            Kind::PublicKey(key) => key.to_material(format),
            Kind::Secret { secret, .. } if matches!(format, KeyFormatType::Raw | KeyFormatType::Opaque) => {
                Some(KeyMaterial::Bytes(secret.clone()))
            }
            Kind::Secret { .. } | Kind::Certificate(_) | Kind::Opaque { .. } => None,
        };
        let key_material = material.ok_or_else(|| self.unavailable_format(format))?;
        Ok(KeyBlock {
            key_format_type: format,
            key_compression_type: None,
            key_value: Some(KeyValue::Plain(PlainKeyValue { key_material, attributes: Attributes::new() })),
            cryptographic_algorithm: self.algorithm(),
            cryptographic_length: self.length(),
            key_wrapping_data: None,
        })
    }

    /// The request that registers it, in the [default format](Self::default_format), with what it says of itself and
    /// these attributes. Keys need a Cryptographic Usage Mask among them. For versions before KMIP 1.2 a key on a curve is
    /// to be [said to be](Self::with_algorithm) of ECDSA or ECDH.
    ///
    /// ```
    /// use kmip_sdk::keys::Material;
    /// use kmip_sdk::types::attribute::{Attributes, Name};
    /// use kmip_sdk::types::masks::CryptographicUsageMask;
    ///
    /// # let pem = rcgen::KeyPair::generate().unwrap().serialize_pem();
    /// let key = Material::from_pem(&pem)?;
    /// let request = key.to_register_request(
    ///     Attributes::new()
    ///         .with_name(Name::text("signing key"))
    ///         .with_cryptographic_usage_mask(CryptographicUsageMask::SIGN),
    /// )?;
    /// assert_eq!(request.attributes.cryptographic_length(), Some(256));
    /// # Ok::<(), kmip_sdk::keys::KeyError>(())
    /// ```
    ///
    /// # Errors
    /// The material is longer than an object can be.
    pub fn to_register_request(&self, attributes: Attributes) -> Result<RegisterRequest, KeyError> {
        self.to_register_request_as(self.default_format(), attributes)
    }

    /// As [`to_register_request`](Self::to_register_request), in this Key Format Type.
    ///
    /// # Errors
    /// The material cannot be had so; the error says what it is.
    pub fn to_register_request_as(
        &self,
        format: KeyFormatType,
        attributes: Attributes,
    ) -> Result<RegisterRequest, KeyError> {
        let object = self.to_object_as(format)?;
        // What the caller says comes last, and counts where the material says it too.
        let mut all = self.attributes();
        all.retain(|known| attributes.get(known.tag()).is_none());
        all.template_names = attributes.template_names.clone();
        for entry in attributes.entries() {
            all.push(entry.clone());
        }
        Ok(RegisterRequest::new(self.object_type(), all, object))
    }

    pub(super) fn unavailable_format(&self, format: KeyFormatType) -> KeyError {
        let reason = match &self.kind {
            Kind::Symmetric { .. } => "a symmetric key is had as Raw and TransparentSymmetricKey",
            Kind::PrivateKey(PrivateKey::Rsa(_)) => {
                "an RSA private key is had as PKCS_1, PKCS_8 and TransparentRSAPrivateKey"
            }
            Kind::PrivateKey(PrivateKey::Ec { .. }) => {
                "a private key on a curve is had as PKCS_8, ECPrivateKey and TransparentECPrivateKey (before KMIP 1.3 \
                TransparentECDSAPrivateKey, TransparentECDHPrivateKey, TransparentECMQVPrivateKey)"
            }
            Kind::PublicKey(PublicKey::Rsa(_)) => {
                "an RSA public key is had as PKCS_1, X_509 and TransparentRSAPublicKey"
            }
            Kind::PublicKey(PublicKey::Ec { .. }) => {
                "a public key on a curve is had as X_509 and TransparentECPublicKey (before KMIP 1.3 \
                TransparentECDSAPublicKey, TransparentECDHPublicKey, TransparentECMQVPublicKey)"
            }
            Kind::PrivateKey(PrivateKey::Group { .. }) => {
                "a private key of DSA or DH is had as PKCS_8 and TransparentDSAPrivateKey or TransparentDHPrivateKey"
            }
            Kind::PublicKey(PublicKey::Group { .. }) => {
                "a public key of DSA or DH is had as X_509 and TransparentDSAPublicKey or TransparentDHPublicKey"
            }
            Kind::Certificate(_) => "a certificate is had as X_509",
            Kind::Secret { .. } => "secret data is had as Raw and Opaque",
            Kind::Opaque { .. } => "an opaque object is had as Opaque",
        };
        self.unavailable(format_args!("the Key Format Type {format}"), reason)
    }
}

impl TryFrom<&ManagedObject> for Material {
    type Error = KeyError;

    fn try_from(object: &ManagedObject) -> Result<Self, KeyError> {
        Self::from_object(object)
    }
}
