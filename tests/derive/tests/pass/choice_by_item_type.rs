//! An enum without attributes is a choice by item type.

use kmip_types::Ttlv;

#[derive(Ttlv)]
enum Identifier {
    Text(String),
    #[ttlv(since = "2.0")]
    Index(i32),
}

#[test]
fn a_choice_by_item_type_compiles() {
    let _ = Identifier::Index(1);
    let _ = Identifier::Text(String::new());
}
