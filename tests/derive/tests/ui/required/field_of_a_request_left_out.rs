use kmip_types::enumerations::ObjectType;
use kmip_types::operation::CreateRequest;

fn main() {
    CreateRequest { object_type: ObjectType::SymmetricKey, protection_storage_masks: None };
}
