//! What an operation works with: the objects, the version, the time, and what its batch did before.

use std::sync::Arc;
use std::time::Instant;

use kmip_types::attribute::{Attribute, AttributeEntry, Attributes, Name, UniqueIdentifier};
use kmip_types::enumerations::{self, ObjectType, Operation, ResultReason};
use kmip_types::object::{KeyMaterial, KeyValue, ManagedObject, PlainKeyValue};
use kmip_types::operation::{Data, ResponsePayload};
use kmip_types::ttlv::Tagged as _;
use kmip_types::{DateTime, ProtocolVersion, SecretBytes, Ttlv, ttlv};
use zeroize::Zeroizing;

pub(crate) use super::access::denied;

use super::access::Caller;
use super::options::ServerOptions;
use super::rules::Subject;
use super::shared::Shared;
use super::store::{StoredObject, Transaction, not_found};
use super::vendor_rules::VendorRules;
use crate::answer::Failure;

/// What an operation works with.
pub(crate) struct Context<'a> {
    pub(crate) store: Transaction<'a>,
    pub(crate) shared: &'a Shared,
    pub(crate) options: &'a ServerOptions,
    pub(crate) version: ProtocolVersion,
    pub(crate) now: DateTime,
    /// Who asks.
    pub(crate) caller: Caller,
    /// The operation that is done.
    pub(crate) operation: Operation,
    pub(crate) memory: BatchMemory,
    /// What is to be done once what the operation changed is final.
    pub(crate) effects: Vec<Effect>,
    /// What the response of an operation holds although it failed.
    pub(crate) refused: Option<ResponsePayload>,
    /// Whether what the batch does is undone together.
    pub(crate) undo: bool,
    /// Whether an operation that failed empties the ID Placeholder.
    pub(crate) empties_placeholder: bool,
    /// Whether client and server may change places on the connection.
    pub(crate) may_turn: bool,
    /// Whose what is made now is, where it is not who asks that it belongs to: whose it is in the place of.
    pub(crate) heir: Option<Option<String>>,
    /// When the request began to be done.
    pub(crate) began: Instant,
}

/// Something that is done once what an operation changed is final, and not if it was taken back.
pub(crate) type Effect = Box<dyn FnOnce(&Shared)>;

/// What the operations of a batch leave for those that follow.
#[derive(Clone, Debug, Default)]
pub(crate) struct BatchMemory {
    /// The ID Placeholder (KMIP 1.4 chapter 4, 2.1 section 6.1).
    placeholder: Option<String>,
    /// Every identifier in the response so far.
    identifiers: Vec<String>,
    /// The last identifier of each kind of operation.
    named: Vec<(enumerations::UniqueIdentifierEnumeration, String)>,
    /// Every output in the response so far.
    outputs: Vec<(enumerations::DataEnumeration, Arc<SecretBytes>)>,
    /// How many bytes the objects have that the batch made.
    made: usize,
}

/// What is kept of it for an operation that is done later.
#[derive(Ttlv)]
pub(crate) struct MemoryRecord {
    #[ttlv(tag = 0x540070)]
    placeholder: Option<String>,
    #[ttlv(tag = 0x540071)]
    identifiers: Vec<String>,
    #[ttlv(tag = 0x540072)]
    named: Vec<NamedRecord>,
    #[ttlv(tag = 0x540073)]
    outputs: Vec<OutputRecord>,
}

#[derive(Ttlv)]
struct NamedRecord {
    #[ttlv(tag = 0x540074)]
    name: enumerations::UniqueIdentifierEnumeration,
    #[ttlv(tag = 0x540075)]
    identifier: String,
}

#[derive(Ttlv)]
struct OutputRecord {
    #[ttlv(tag = 0x540076)]
    operation: enumerations::DataEnumeration,
    #[ttlv(tag = 0x540077)]
    data: SecretBytes,
}

impl From<&BatchMemory> for MemoryRecord {
    fn from(memory: &BatchMemory) -> Self {
        let BatchMemory { placeholder, identifiers, named, outputs, made: _ } = memory.clone();
        let named = named.into_iter().map(|(name, identifier)| NamedRecord { name, identifier });
        let outputs = outputs
            .into_iter()
            .map(|(operation, data)| OutputRecord { operation, data: Arc::unwrap_or_clone(data) });
        Self { placeholder, identifiers, named: named.collect(), outputs: outputs.collect() }
    }
}

impl From<MemoryRecord> for BatchMemory {
    fn from(record: MemoryRecord) -> Self {
        let MemoryRecord { placeholder, identifiers, named, outputs } = record;
        let named = named.into_iter().map(|NamedRecord { name, identifier }| (name, identifier));
        let outputs = outputs.into_iter().map(|OutputRecord { operation, data }| (operation, Arc::new(data)));
        Self { placeholder, identifiers, named: named.collect(), outputs: outputs.collect(), made: 0 }
    }
}

/// How much a [`BatchMemory`] held.
#[derive(Debug)]
pub(crate) struct MemoryMark {
    placeholder: Option<String>,
    identifiers: usize,
    named: usize,
    outputs: usize,
    made: usize,
}

impl BatchMemory {
    /// The present, to go back to.
    pub(crate) fn mark(&self) -> MemoryMark {
        MemoryMark {
            placeholder: self.placeholder.clone(),
            identifiers: self.identifiers.len(),
            named: self.named.len(),
            outputs: self.outputs.len(),
            made: self.made,
        }
    }

    /// Forgets everything since a mark.
    pub(crate) fn roll_back(&mut self, mark: MemoryMark) {
        self.placeholder = mark.placeholder;
        self.identifiers.truncate(mark.identifiers);
        self.named.truncate(mark.named);
        self.outputs.truncate(mark.outputs);
        self.made = mark.made;
    }

    /// Notes an identifier that an operation returned.
    pub(crate) fn identifier(&mut self, identifier: &str) {
        self.identifiers.push(identifier.to_owned());
    }

    /// Notes what an operation made or found, by which later ones may call it.
    pub(crate) fn name(&mut self, name: enumerations::UniqueIdentifierEnumeration, identifier: &str) {
        self.named.push((name, identifier.to_owned()));
    }

    /// Sets or empties the ID Placeholder.
    pub(crate) fn place(&mut self, identifier: Option<&str>) {
        self.placeholder = identifier.map(str::to_owned);
    }

    /// Notes what a cryptographic operation put out.
    pub(crate) fn output(&mut self, operation: enumerations::DataEnumeration, data: &SecretBytes) {
        self.outputs.push((operation, Arc::new(data.clone())));
    }

    /// How many bytes of outputs there are.
    pub(crate) fn size(&self) -> usize {
        self.outputs.iter().map(|(_, output)| output.reveal().len()).sum()
    }
}

impl<'a> Context<'a> {
    /// The beginning of a batch.
    pub(crate) fn new(
        shared: &'a Shared,
        options: &'a ServerOptions,
        version: ProtocolVersion,
        now: DateTime,
        caller: Caller,
        memory: BatchMemory,
    ) -> Self {
        Self {
            store: shared.begin(now),
            shared,
            options,
            version,
            now,
            caller,
            operation: Operation::Query,
            memory,
            effects: Vec::new(),
            refused: None,
            undo: false,
            empties_placeholder: false,
            may_turn: false,
            heir: None,
            began: Instant::now(),
        }
    }

    /// Refuses to go on with a request that has taken as long as it may.
    pub(crate) fn check_time(&self) -> Result<(), Failure> {
        let most = self.options.request_time;
        if self.began.elapsed() <= most {
            return Ok(());
        }
        let message = format!("a request takes no longer than {} s here", most.as_secs_f64());
        Err(Failure::new(ResultReason::ServerLimitExceeded, message))
    }

    /// The text of the identifier that a request means.
    pub(crate) fn resolve(&self, identifier: Option<&UniqueIdentifier>) -> Result<String, Failure> {
        let memory = &self.memory;
        let found = match identifier {
            Some(UniqueIdentifier::Text(text)) => Some(text.clone()),
            None
            | Some(UniqueIdentifier::Enumeration(enumerations::UniqueIdentifierEnumeration::IdPlaceholder)) => {
                memory.placeholder.clone()
            }
            Some(UniqueIdentifier::Enumeration(name)) => {
                memory.named.iter().rev().find(|(other, _)| other == name).map(|(_, text)| text.clone())
            }
            Some(UniqueIdentifier::Index(index)) => at(&memory.identifiers, *index).cloned(),
        };
        found.ok_or_else(|| {
            let message = "the batch has no object that the Unique Identifier, or its absence, stands for";
            Failure::new(ResultReason::ObjectNotFound, message)
        })
    }

    /// The object that a request means.
    pub(crate) fn object(
        &mut self,
        identifier: Option<&UniqueIdentifier>,
    ) -> Result<Arc<StoredObject>, Failure> {
        let identifier = self.resolve(identifier)?;
        self.get(&identifier)
    }

    /// The data that a request means.
    pub(crate) fn data(&self, data: Option<&Data>) -> Result<SecretBytes, Failure> {
        let outputs = &self.memory.outputs;
        let found = match data {
            None => return Err(Failure::new(ResultReason::InvalidMessage, "there is no Data")),
            Some(Data::Bytes(bytes)) => Some(bytes),
            Some(Data::Enumeration(operation)) => {
                outputs.iter().rev().find(|(other, _)| other == operation).map(|(_, bytes)| &**bytes)
            }
            Some(Data::Index(index)) => at(outputs, *index).map(|(_, bytes)| &**bytes),
        };
        let message = "the batch has no output that the Data stands for";
        found.cloned().ok_or_else(|| Failure::new(ResultReason::InvalidField, message))
    }

    /// The data of a part of an operation: what a request means, or nothing where it may be left out.
    pub(crate) fn data_of_part(&self, data: Option<&Data>, is_only: bool) -> Result<SecretBytes, Failure> {
        match data {
            None if !is_only => Ok(SecretBytes::from(Vec::new())),
            data => self.data(data),
        }
    }

    /// Who what is made or opened now belongs to.
    pub(crate) fn owner(&self) -> Option<String> {
        self.caller.identity.clone()
    }

    /// Who the object that is made now belongs to.
    pub(crate) fn owner_of_new(&self) -> Option<String> {
        self.heir.clone().unwrap_or_else(|| self.owner())
    }

    /// The object with an identifier, of which there may be made use: it is on-line.
    pub(crate) fn get(&mut self, identifier: &str) -> Result<Arc<StoredObject>, Failure> {
        let stored = self.get_archived(identifier)?;
        if stored.archived {
            let message = "the object is archived; Recover makes it available";
            return Err(Failure::new(ResultReason::ObjectArchived, message));
        }
        Ok(stored)
    }

    /// The object with an identifier, be it archived.
    pub(crate) fn get_archived(&mut self, identifier: &str) -> Result<Arc<StoredObject>, Failure> {
        let stored = self.store.get(identifier)?;
        if !self.is_in_version(&stored) {
            return Err(not_found());
        }
        self.caller.check(self.operation, &stored, self.options.policy.as_ref())?;
        if stored.object_type == ObjectType::Template {
            check_template_operation(self.operation)?;
        }
        Ok(stored)
    }

    /// An object whose attributes the client wants to change.
    pub(crate) fn subject<'s>(&self, stored: &'s StoredObject) -> Subject<'s>
    where
        'a: 's,
    {
        Subject { stored, version: self.version, now: self.now, vendor: self.vendor_rules() }
    }

    /// The rules of vendors' attributes that hold for who asks.
    pub(crate) fn vendor_rules(&self) -> VendorRules<'a> {
        VendorRules { all: &self.options.vendor_attributes, is_client: self.caller.identity.is_some() }
    }

    /// Whether who asks may do the operation with an object, which Locate found.
    pub(crate) fn is_allowed(&self, stored: &StoredObject) -> bool {
        self.is_in_version(stored)
            && self.caller.is_allowed(self.operation, stored, self.options.policy.as_ref())
    }

    /// Whether the version of the request has such an object: there are no Templates since KMIP 2.0. Of a destroyed one nothing
    /// is left (KMIP 1.4 section 4.21).
    fn is_in_version(&self, stored: &StoredObject) -> bool {
        let is_there = || stored.object.is_some() && ObjectType::Template.is_in(self.version);
        stored.object_type != ObjectType::Template || is_there()
    }

    /// The Template with a name: that of who asks or, if there is none, one that the application keeps for everybody.
    pub(crate) fn template(&mut self, name: &Name) -> Result<Arc<StoredObject>, Failure> {
        let owner = self.caller.identity.clone();
        let is_template = |stored: &Arc<StoredObject>| stored.object_type == ObjectType::Template;
        let own = self.store.named(owner.as_deref(), name)?.filter(is_template);
        let found = match own {
            None => self.store.named(None, name)?.filter(is_template),
            own => own,
        };
        let unknown = || Failure::new(ResultReason::ItemNotFound, "there is no Template with this name");
        let stored = found.filter(|stored| self.is_in_version(stored)).ok_or_else(unknown)?;
        match self.caller.check(self.operation, &stored, self.options.policy.as_ref()) {
            Ok(()) if stored.archived => {
                Err(Failure::new(ResultReason::ObjectArchived, "the Template is archived"))
            }
            Ok(()) => Ok(stored),
            Err(failure) if failure.reason == ResultReason::ObjectNotFound => Err(unknown()),
            Err(failure) => Err(failure),
        }
    }

    /// Puts the identifier of an object into a Link that says one of the batch by its place (KMIP 2.1 section 4.31).
    pub(crate) fn resolve_link(&self, attribute: &mut Attribute) -> Result<(), Failure> {
        if let Attribute::Link(link) = attribute {
            link.linked_object_identifier = self.resolve(Some(&link.linked_object_identifier))?.into();
        }
        Ok(())
    }

    /// The same with all Links of several attributes.
    pub(crate) fn resolve_links(&self, attributes: Attributes) -> Result<Attributes, Failure> {
        if attributes.links().next().is_none() {
            return Ok(attributes);
        }
        let mut resolved = Attributes::new();
        resolved.template_names.clone_from(&attributes.template_names);
        for AttributeEntry { index, attribute } in attributes.entries() {
            let mut attribute = attribute.clone();
            self.resolve_link(&mut attribute)?;
            resolved.push(AttributeEntry { index: *index, attribute });
        }
        Ok(resolved)
    }

    /// Adds an object.
    pub(crate) fn insert(&mut self, object: StoredObject) -> Result<(), Failure> {
        if self.store.len() as u64 >= self.shared.maximum_objects() {
            return Err(Failure::new(ResultReason::ServerLimitExceeded, "the server keeps no more objects"));
        }
        self.caller.check_new(self.operation, &object, self.options.policy.as_ref())?;
        if let Some(object) = &object.object {
            let size = size(object, self.version);
            self.check_made(size)?;
            self.memory.made += size;
        }
        self.store.insert(object)
    }

    /// Refuses to make objects of so many bytes more in this batch. What a client registers is in its request; of what the
    /// server derives or splits there may be as much.
    pub(crate) fn check_made(&self, size: usize) -> Result<(), Failure> {
        let most = self.options.limits.size.max(self.options.maximum_response);
        if self.memory.made.saturating_add(size) <= most {
            return Ok(());
        }
        let message = format!("a batch makes objects of no more than {most} bytes");
        Err(Failure::new(ResultReason::ServerLimitExceeded, message))
    }

    /// Whether another object than `identifier` of an owner has a name.
    pub(crate) fn has_name(&self, owner: Option<&str>, name: &Name, identifier: &str) -> bool {
        self.store.has_name(owner, name, identifier)
    }

    /// Changes the object with an identifier, under the conditions of [`Context::get`].
    pub(crate) fn change<T>(
        &mut self,
        identifier: &str,
        change: impl FnOnce(&mut StoredObject) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        self.get(identifier)?;
        self.store.change(identifier, change)
    }

    /// A new identifier.
    pub(crate) fn new_identifier(&self) -> String {
        (self.options.identifiers)()
    }
}

/// How many bytes an object has, more or less. What is nothing but bytes is not encoded for it.
fn size(object: &ManagedObject, version: ProtocolVersion) -> usize {
    match object.key_block().and_then(|block| block.key_value.as_ref()) {
        Some(KeyValue::Plain(PlainKeyValue { key_material: KeyMaterial::Bytes(bytes), .. })) => bytes.len(),
        Some(KeyValue::Wrapped(bytes)) => bytes.len(),
        _ => ttlv::encode(object.tag(), object, version).map(Zeroizing::new).map_or(0, |bytes| bytes.len()),
    }
}

/// Refuses what is for cryptographic objects, with a Template (KMIP 1.4 sections 3.18.2.3, 11.11, 11.20 and 11.21).
fn check_template_operation(operation: Operation) -> Result<(), Failure> {
    let wants_more = matches!(
        operation,
        Operation::Activate
            | Operation::Revoke
            | Operation::Check
            | Operation::ObtainLease
            | Operation::GetUsageAllocation
    );
    if !wants_more {
        return Ok(());
    }
    Err(Failure::new(ResultReason::InvalidObjectType, format!("{operation} is not for a Template")))
}

/// The item at a position from 0, or from the end if it is negative.
fn at<T>(items: &[T], index: i32) -> Option<&T> {
    let position = match usize::try_from(index) {
        Ok(position) => position,
        Err(_) => items.len().checked_sub(index.unsigned_abs() as usize)?,
    };
    items.get(position)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_from_either_end() {
        let items = ["a", "b", "c"];
        for (index, expected) in [
            (0, Some("a")),
            (2, Some("c")),
            (3, None),
            (-1, Some("c")),
            (-3, Some("a")),
            (-4, None),
            (i32::MIN, None),
        ] {
            assert_eq!(at(&items, index).copied(), expected, "{index}");
        }
    }
}
