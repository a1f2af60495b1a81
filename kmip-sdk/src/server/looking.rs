//! Looking at what a server keeps, without asking it: nothing changes, and nobody's right to it counts.

use kmip_types::DateTime;
use kmip_types::ttlv::Tagged as _;
use zeroize::Zeroizing;

use super::Server;
use super::store::{Pages, Search, StoreError, StoredObject, encode_under};

impl Server {
    /// The objects, the newest first, so many at most, each in the state that it has by now; and whether there are more.
    pub(crate) fn look_at_objects(&self, most: usize) -> Result<(Vec<StoredObject>, bool), StoreError> {
        let now = (self.options().clock)();
        let mut transaction = self.shared.store.begin(now, &[]);
        let mut pages = Pages::new(Search::everything(), &mut transaction, false)?;
        let mut objects = Vec::new();
        while let Some(object) = pages.next_object(&transaction)? {
            if objects.len() == most {
                return Ok((objects, true));
            }
            objects.push(as_of(&object, now));
        }
        Ok((objects, false))
    }

    /// The object with an identifier.
    pub(crate) fn look_at_object(&self, identifier: &str) -> Result<Option<StoredObject>, StoreError> {
        let found = self.shared.store.read::<StoredObject>(identifier.as_bytes())?;
        let now = (self.options().clock)();
        Ok(found.map(|found| as_of(&found.value, now)))
    }
}

/// An object in the state that it has at a time.
fn as_of(object: &StoredObject, now: DateTime) -> StoredObject {
    let mut object = object.clone();
    object.advance(now);
    object
}

/// The attributes of an object in TTLV, one after the other, and the object itself, if it is there still.
pub(crate) type Encoded = (Zeroizing<Vec<u8>>, Option<Zeroizing<Vec<u8>>>);

impl StoredObject {
    /// Its attributes and itself in TTLV, each in the newest version that has a form for it.
    pub(crate) fn looked_at(&self) -> Result<Encoded, StoreError> {
        let mut attributes = Zeroizing::new(Vec::new());
        for attribute in self.attributes.iter() {
            attributes.extend_from_slice(&encode_under(attribute.tag(), attribute)?);
        }
        let object = self.object.as_deref().map(|object| encode_under(object.tag(), object)).transpose()?;
        Ok((attributes, object))
    }
}
