//! What an application says of a vendor's attributes: who sets, changes and deletes them, how many an object has, and which
//! objects have them.

use kmip_types::Tag;
use kmip_types::enumerations::ObjectType;

use super::attributes::Kind;

/// The rules of one vendor's attribute, as the standard's tables have them for its own attributes (KMIP 2.1 chapter 4): see
/// [`ServerOptions::vendor_attribute`](super::ServerOptions::vendor_attribute).
///
/// As it is made, clients set, change and delete the attribute as they like, an object may have several, and every kind of
/// object has it: that is what holds for those of which nothing is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VendorAttributeRules {
    kind: Kind,
    set_by_client: bool,
    modifiable_by_client: bool,
    deletable_by_client: bool,
    multiple: bool,
    object_types: Option<Vec<ObjectType>>,
}

impl VendorAttributeRules {
    /// Those of the attribute with this Vendor Identification and Attribute Name. The Custom Attribute `x-stage` of KMIP 1.x is
    /// the attribute `stage` of the vendor `x`.
    pub fn new(vendor: impl Into<String>, name: impl Into<String>) -> Self {
        Self::of_kind(Kind::Vendor(vendor.into(), name.into()))
    }

    /// Those of the attribute with a tag of a vendor's, from 0x540000 on (since KMIP 2.0).
    pub fn with_tag(tag: Tag) -> Self {
        Self::of_kind(Kind::Standard(tag))
    }

    fn of_kind(kind: Kind) -> Self {
        Self {
            kind,
            set_by_client: true,
            modifiable_by_client: true,
            deletable_by_client: true,
            multiple: true,
            object_types: None,
        }
    }

    /// Whether clients give it to objects that have none. Import, which keeps what another server had, may all the same.
    #[must_use]
    pub fn set_by_client(mut self, set: bool) -> Self {
        self.set_by_client = set;
        self
    }

    /// Whether clients change a value.
    #[must_use]
    pub fn modifiable_by_client(mut self, modifiable: bool) -> Self {
        self.modifiable_by_client = modifiable;
        self
    }

    /// Whether clients delete it.
    #[must_use]
    pub fn deletable_by_client(mut self, deletable: bool) -> Self {
        self.deletable_by_client = deletable;
        self
    }

    /// Whether an object may have several.
    #[must_use]
    pub fn multiple(mut self, multiple: bool) -> Self {
        self.multiple = multiple;
        self
    }

    /// The kinds of object that may have it. A Template may hold it whatever they are, as it is for what is made with it.
    #[must_use]
    pub fn object_types(mut self, object_types: impl IntoIterator<Item = ObjectType>) -> Self {
        self.object_types = Some(object_types.into_iter().collect());
        self
    }
}

/// The rules of vendors' attributes that hold for who asks. The application itself is no client: it sets, changes and deletes
/// what it likes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct VendorRules<'a> {
    pub(crate) all: &'a [VendorAttributeRules],
    pub(crate) is_client: bool,
}

impl VendorRules<'_> {
    fn of(&self, kind: &Kind) -> Option<&VendorAttributeRules> {
        self.all.iter().rev().find(|rules| rules.kind == *kind)
    }

    /// Whether who asks may set it first; nothing if no rule is there.
    pub(crate) fn is_set(&self, kind: &Kind) -> Option<bool> {
        self.of(kind).map(|rules| rules.set_by_client || !self.is_client)
    }

    /// Whether who asks may change it; nothing if no rule is there.
    pub(crate) fn is_modifiable(&self, kind: &Kind) -> Option<bool> {
        self.of(kind).map(|rules| rules.modifiable_by_client || !self.is_client)
    }

    /// Whether who asks may delete it; nothing if no rule is there.
    pub(crate) fn is_deletable(&self, kind: &Kind) -> Option<bool> {
        self.of(kind).map(|rules| rules.deletable_by_client || !self.is_client)
    }

    /// Whether an object may have several.
    pub(crate) fn is_multiple(&self, kind: &Kind) -> bool {
        self.of(kind).map_or_else(|| kind.is_multiple(), |rules| rules.multiple)
    }

    /// Whether objects of a kind may have it.
    pub(crate) fn is_for(&self, kind: &Kind, object_type: ObjectType) -> bool {
        let types = self.of(kind).and_then(|rules| rules.object_types.as_ref());
        object_type == ObjectType::Template || types.is_none_or(|types| types.contains(&object_type))
    }
}
