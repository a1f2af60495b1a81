//! The application's own policy: who may do what with an object, beyond its owner.

use std::fmt;
use std::sync::Arc;

use kmip_types::attribute::Attributes;
use kmip_types::enumerations::{ObjectType, Operation};

use super::store::StoredObject;

/// What a policy decides about ([`ServerOptions::policy`](super::ServerOptions::policy)): somebody's operation with an object.
#[derive(Clone, Copy)]
pub struct Access<'a> {
    identity: Option<&'a str>,
    operation: Operation,
    object: &'a StoredObject,
}

impl<'a> Access<'a> {
    pub(super) fn new(identity: Option<&'a str>, operation: Operation, object: &'a StoredObject) -> Self {
        Self { identity, operation, object }
    }

    /// Who asks; nobody in particular is the application itself ([`Server::handle`](super::Server::handle)).
    pub fn identity(&self) -> Option<&'a str> {
        self.identity
    }

    /// What they want to do. Locate stands for finding the object at all; what makes an object, or takes the attributes of a
    /// Template, is the operation itself.
    pub fn operation(&self) -> Operation {
        self.operation
    }

    /// Whose the object is, if its maker has a name.
    pub fn owner(&self) -> Option<&'a str> {
        self.object.owner.as_deref()
    }

    /// What the object is.
    pub fn object_type(&self) -> ObjectType {
        self.object.object_type
    }

    /// The object's Unique Identifier.
    pub fn unique_identifier(&self) -> &'a str {
        &self.object.identifier
    }

    /// The object's attributes, before the operation.
    pub fn attributes(&self) -> &'a Attributes {
        &self.object.attributes
    }
}

impl fmt::Debug for Access<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access")
            .field("identity", &self.identity)
            .field("operation", &self.operation)
            .field("owner", &self.owner())
            .field("object_type", &self.object_type())
            .field("unique_identifier", &self.unique_identifier())
            .finish_non_exhaustive()
    }
}

/// What a policy says of an [`Access`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// What holds without it: an object is for its owner, for the application, and for whom its Operation Policy Name lets.
    #[default]
    Usual,
    /// It is allowed, whosever the object is.
    Allow,
    /// It is not, be it the owner. Who may not even locate the object is told that there is none, others Permission Denied.
    Deny,
}

/// What decides.
pub(crate) type Policy = Arc<dyn Fn(&Access<'_>) -> Verdict + Send + Sync>;
