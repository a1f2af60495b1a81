//! The profiles that the server keeps to (KMIP Profiles 2.1, chapter 5), by what it has for them.
//!
//! The Quantum Safe Server is none of them: it has keys of McEliece and SPHINCS-256 (section 5.16). Nor is the Complete Server.

use kmip_types::ProtocolVersion;
use kmip_types::enumerations::{ObjectType, Operation, ProfileName};
use kmip_types::operation::{ProfileInformation, ProfileVersion};

use super::operation::is_answered;
use super::options::ServerOptions;
use super::store::OBJECT_TYPES;

/// What a profile asks of a server beyond the Baseline Server, which all include.
struct Profile {
    name: ProfileName,
    operations: &'static [Operation],
    object_types: &'static [ObjectType],
}

const fn profile(
    name: ProfileName,
    operations: &'static [Operation],
    object_types: &'static [ObjectType],
) -> Profile {
    Profile { name, operations, object_types }
}

/// What clients ask of a Baseline Server.
const BASELINE: &[Operation] = &[
    Operation::Activate,
    Operation::AddAttribute,
    Operation::AdjustAttribute,
    Operation::Check,
    Operation::DeleteAttribute,
    Operation::Destroy,
    Operation::DiscoverVersions,
    Operation::Export,
    Operation::Get,
    Operation::GetAttributeList,
    Operation::GetAttributes,
    Operation::Import,
    Operation::Interop,
    Operation::Locate,
    Operation::Log,
    Operation::ModifyAttribute,
    Operation::Query,
    Operation::Register,
    Operation::Revoke,
    Operation::SetAttribute,
    Operation::SetEndpointRole,
];

/// Of the profiles, those that are not about a transport or an encoding, which a port has and not the server.
const PROFILES: &[Profile] = &[
    profile(ProfileName::BaselineServer, &[], &[]),
    profile(ProfileName::TapeLibraryServer, &[Operation::Create], &[ObjectType::SymmetricKey]),
    profile(ProfileName::SymmetricKeyLifecycleServer, &[Operation::Create], &[ObjectType::SymmetricKey]),
    profile(
        ProfileName::AsymmetricKeyLifecycleServer,
        &[Operation::CreateKeyPair],
        &[ObjectType::PublicKey, ObjectType::PrivateKey],
    ),
    profile(ProfileName::BasicCryptographicServer, &[Operation::Encrypt, Operation::Decrypt], &[]),
    profile(
        ProfileName::AdvancedCryptographicServer,
        &[
            Operation::Encrypt,
            Operation::Decrypt,
            Operation::Hash,
            Operation::Mac,
            Operation::MacVerify,
            Operation::RngRetrieve,
            Operation::RngSeed,
            Operation::Sign,
            Operation::SignatureVerify,
        ],
        &[],
    ),
    profile(ProfileName::RngCryptographicServer, &[Operation::RngRetrieve, Operation::RngSeed], &[]),
    profile(ProfileName::SymmetricKeyFoundryServer, &[Operation::Create], &[ObjectType::SymmetricKey]),
    profile(ProfileName::OpaqueManagedObjectStoreServer, &[], &[ObjectType::OpaqueObject]),
    profile(ProfileName::StorageArrayWithSelfEncryptingDriveServer, &[], &[ObjectType::SecretData]),
    profile(ProfileName::AesXtsServer, &[Operation::Create], &[ObjectType::SymmetricKey]),
];

/// The profiles of a version for which the server answers every operation and keeps every kind of object. Before KMIP 2.0
/// the names of profiles have the version in them, and are not given.
pub(crate) fn kept(options: &ServerOptions, version: ProtocolVersion) -> Vec<ProfileInformation> {
    let has = |operation: &Operation| is_answered(options, *operation, version);
    let keeps = |object_type: &ObjectType| OBJECT_TYPES.contains(object_type);
    if !BASELINE.iter().all(has) {
        return Vec::new();
    }
    let met = PROFILES.iter().filter(|profile| {
        profile.name.is_in(version)
            && profile.operations.iter().all(has)
            && profile.object_types.iter().all(keeps)
    });
    let information = |profile: &Profile| ProfileInformation {
        profile_name: profile.name,
        profile_version: Some(ProfileVersion {
            profile_version_major: version.major,
            profile_version_minor: version.minor,
        }),
        server_uri: None,
        server_port: None,
    };
    met.map(information).collect()
}
