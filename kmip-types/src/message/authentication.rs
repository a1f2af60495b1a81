//! Authentication and the credentials in it.

use kmip_derive::Ttlv;

use crate::RawStructure;
use crate::generated::enumerations::{AttestationType, CredentialType, HashingAlgorithm, TicketType};
use crate::hex_debug::debug_in_hex;
use crate::{DateTimeExtended, SecretBytes, SecretText};

/// Who asks (KMIP 1.4 section 6.6, 2.1 section 9.4).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "Authentication")]
pub struct Authentication {
    /// The credentials, all of which must hold.
    #[ttlv(required, once = "..=1.1")]
    pub credential: Vec<Credential>,
}

/// A credential (KMIP 1.4 section 2.1.2, 2.1 section 9.11).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[ttlv(tag = "Credential")]
pub struct Credential {
    /// The kind.
    pub credential_type: CredentialType,
    /// The value, in the form that the kind says.
    #[ttlv(select = "credential_type")]
    pub credential_value: CredentialValue,
}

/// Makes a credential of each kind of value.
macro_rules! credentials {
    ($($kind:ident: $value:ident),* $(,)?) => { $(
        impl From<$value> for Credential {
            fn from(value: $value) -> Self {
                Self {
                    credential_type: CredentialType::$kind,
                    credential_value: CredentialValue::$kind(value),
                }
            }
        }
    )* };
}

credentials! {
    UsernameAndPassword: UsernameAndPasswordCredential,
    Device: DeviceCredential,
    Attestation: AttestationCredential,
    OneTimePassword: OneTimePasswordCredential,
    HashedPassword: HashedPasswordCredential,
    Ticket: TicketCredential,
}

/// The credential of a ticket that the server gave.
impl From<Ticket> for Credential {
    fn from(ticket: Ticket) -> Self {
        TicketCredential { ticket }.into()
    }
}

impl Credential {
    /// A user name with its password.
    ///
    /// ```
    /// use kmip_types::message::Credential;
    /// let credential = Credential::username_and_password("alice", "secret");
    /// assert!(!format!("{credential:?}").contains("secret"));
    /// ```
    pub fn username_and_password(username: impl Into<String>, password: impl Into<SecretText>) -> Self {
        UsernameAndPasswordCredential { username: username.into(), password: Some(password.into()) }.into()
    }

    /// A user name with a password that holds once. Since KMIP 2.0.
    pub fn one_time_password(username: impl Into<String>, one_time_password: impl Into<SecretText>) -> Self {
        let one_time_password = one_time_password.into();
        OneTimePasswordCredential { username: username.into(), password: None, one_time_password }.into()
    }

    /// A user name with the hash of its password, made at a time (KMIP 2.1 section 9.11): the hash of *A* and the time,
    /// followed by *B*, where *A* is the hash of name and password, and *B* that of password and name. Since KMIP 2.0.
    pub fn hashed_password(
        username: impl Into<String>,
        timestamp: DateTimeExtended,
        hashed_password: impl Into<SecretBytes>,
    ) -> Self {
        HashedPasswordCredential {
            username: username.into(),
            timestamp,
            hashing_algorithm: None,
            hashed_password: hashed_password.into(),
        }
        .into()
    }

    /// A device that is known by its serial number; other parts, and a password, by
    /// [`DeviceCredential`].
    pub fn device(device_serial_number: impl Into<String>) -> Self {
        DeviceCredential::default().with_device_serial_number(device_serial_number).into()
    }
}

/// Credential Value, in the form that the Credential Type says.
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "CredentialValue", select = "CredentialType")]
pub enum CredentialValue {
    /// A user name and a password.
    #[ttlv(value = "CredentialType::UsernameAndPassword")]
    UsernameAndPassword(UsernameAndPasswordCredential),
    /// What identifies a device.
    #[ttlv(value = "CredentialType::Device")]
    Device(DeviceCredential),
    /// A proof of the client's state.
    #[ttlv(value = "CredentialType::Attestation")]
    Attestation(AttestationCredential),
    /// A password that holds once.
    #[ttlv(value = "CredentialType::OneTimePassword")]
    OneTimePassword(OneTimePasswordCredential),
    /// A hash of a password.
    #[ttlv(value = "CredentialType::HashedPassword")]
    HashedPassword(HashedPasswordCredential),
    /// A ticket that the server gave.
    #[ttlv(value = "CredentialType::Ticket")]
    Ticket(TicketCredential),
    /// A vendor's kind.
    #[ttlv(other)]
    Other(RawStructure),
}

/// Credential Value of Username and Password (KMIP 1.4 section 2.1.2, 2.1 section 9.11).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "CredentialValue")]
pub struct UsernameAndPasswordCredential {
    /// The user name.
    pub username: String,
    /// The password.
    pub password: Option<SecretText>,
}

/// Credential Value of Device (KMIP 1.4 section 2.1.2, 2.1 section 9.11). At least one field is to be set.
#[derive(Clone, Debug, Default, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "CredentialValue")]
pub struct DeviceCredential {
    /// The serial number.
    pub device_serial_number: Option<String>,
    /// A password.
    pub password: Option<SecretText>,
    /// The device.
    pub device_identifier: Option<String>,
    /// The network.
    pub network_identifier: Option<String>,
    /// The machine.
    pub machine_identifier: Option<String>,
    /// The medium.
    pub media_identifier: Option<String>,
}

/// Credential Value of Attestation (KMIP 1.4 section 2.1.2, 2.1 section 9.11). Since KMIP 1.2.
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "CredentialValue")]
pub struct AttestationCredential {
    /// The server's random value.
    pub nonce: Nonce,
    /// The kind of attestation.
    pub attestation_type: AttestationType,
    /// A measurement by the client.
    pub attestation_measurement: Option<SecretBytes>,
    /// An assertion by a third party.
    pub attestation_assertion: Option<SecretBytes>,
}

/// A random value of the server (KMIP 1.4 section 2.1.14, 2.1 section 9.14). Since KMIP 1.2.
#[derive(Clone, PartialEq, Eq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "Nonce")]
pub struct Nonce {
    /// The server's name for it.
    #[ttlv(tag = "NonceID")]
    pub nonce_id: Vec<u8>,
    /// The random bytes.
    pub nonce_value: Vec<u8>,
}

debug_in_hex!(Nonce { nonce_id, nonce_value });

/// Credential Value of One Time Password (KMIP 2.1 section 9.11). Since KMIP 2.0.
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "CredentialValue")]
pub struct OneTimePasswordCredential {
    /// The user name.
    pub username: String,
    /// The password that stays.
    pub password: Option<SecretText>,
    /// The password that holds once.
    pub one_time_password: SecretText,
}

/// Credential Value of Hashed Password (KMIP 2.1 section 9.11). Since KMIP 2.0.
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "CredentialValue")]
pub struct HashedPasswordCredential {
    /// The user name.
    pub username: String,
    /// When the hash was made.
    #[ttlv(tag = "TimeStamp")]
    pub timestamp: DateTimeExtended,
    /// The hash; SHA-256, if omitted.
    pub hashing_algorithm: Option<HashingAlgorithm>,
    /// The hash value.
    pub hashed_password: SecretBytes,
}

/// Credential Value of Ticket (KMIP 2.1 section 9.11). Since KMIP 2.0.
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "CredentialValue")]
pub struct TicketCredential {
    /// The ticket.
    pub ticket: Ticket,
}

/// A ticket that stands for a login (KMIP 2.1 section 7.39). Since KMIP 2.0.
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "Ticket")]
pub struct Ticket {
    /// The kind.
    pub ticket_type: TicketType,
    /// The value.
    pub ticket_value: SecretBytes,
}
