//! Operations: their requests and responses (KMIP 1.4 chapter 4, 2.1 chapter 6), one file each.

mod activate;
mod add_attribute;
mod create;
mod create_key_pair;
mod data;
mod decrypt;
mod delete_attribute;
mod destroy;
mod discover_versions;
mod encrypt;
mod get;
mod get_attribute_list;
mod get_attributes;
mod locate;
mod modify_attribute;
mod payload;
mod query;
mod register;
mod revoke;
mod server_information;
mod set_attribute;
mod storage;

pub use activate::{ActivateRequest, ActivateResponse};
pub use add_attribute::{AddAttributeRequest, AddAttributeResponse};
pub use create::{CreateRequest, CreateResponse};
pub use create_key_pair::{CreateKeyPairRequest, CreateKeyPairResponse};
pub use data::Data;
pub use decrypt::{DecryptRequest, DecryptResponse};
pub use delete_attribute::{DeleteAttributeRequest, DeleteAttributeResponse};
pub use destroy::{DestroyRequest, DestroyResponse};
pub use discover_versions::{DiscoverVersionsRequest, DiscoverVersionsResponse};
pub use encrypt::{EncryptRequest, EncryptResponse};
pub use get::{GetRequest, GetResponse};
pub use get_attribute_list::{GetAttributeListRequest, GetAttributeListResponse};
pub use get_attributes::{GetAttributesRequest, GetAttributesResponse};
pub use locate::{LocateRequest, LocateResponse};
pub use modify_attribute::{ModifyAttributeRequest, ModifyAttributeResponse};
pub use payload::{Request, RequestPayload, Response, ResponsePayload};
pub use query::{QueryRequest, QueryResponse};
pub use register::{RegisterRequest, RegisterResponse};
pub use revoke::{RevokeRequest, RevokeResponse};
pub use server_information::{
    CapabilityInformation, DefaultsInformation, ExtensionInformation, ExtensionType, ObjectDefaults,
    ObjectGroups, ProfileInformation, ProfileVersion, ValidationInformation,
};
pub use set_attribute::{SetAttributeRequest, SetAttributeResponse};
pub use storage::ProtectionStorageMasks;
