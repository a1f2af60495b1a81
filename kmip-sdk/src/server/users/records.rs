//! The users whom a store keeps.

use kmip_types::DateTime;

use super::user::{EVERYBODY, User, name_of_device};
use crate::server::store::{Store, StoreError, Transaction};

/// How many users are read at a time.
const PAGE: usize = 256;

/// The users whom a store keeps: every server on it knows them, from the moment that they are added until they are removed,
/// beside those of its [options](crate::server::ServerOptions::user). Where both have a name, the options count.
///
/// ```
/// use kmip_sdk::server::store::Store;
/// use kmip_sdk::server::{ServerOptions, User};
///
/// let store = Store::memory();
/// store.users().add(User::new("alice").password("secret"))?;
/// store.users().change("alice", |alice| alice.password("another"))?;
/// let options = ServerOptions::default().store(store.clone());
/// assert_eq!(store.users().list()?.len(), 1);
/// store.users().remove("alice")?;
/// # let _ = options;
/// # Ok::<(), kmip_sdk::server::store::StoreError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Users<'a> {
    store: &'a Store,
}

impl Store {
    /// The users whom it keeps.
    pub fn users(&self) -> Users<'_> {
        Users { store: self }
    }
}

impl Users<'_> {
    /// Adds somebody.
    ///
    /// # Errors
    /// [`StoreError::UserTaken`], if there is somebody with this name, or with one of these devices; any other, if the store
    /// fails.
    pub fn add(&self, user: User) -> Result<(), StoreError> {
        self.put(&user.name.clone(), |found| match found {
            Some(_) => Err(StoreError::UserTaken),
            None => Ok(user.clone()),
        })
    }

    /// Changes somebody to what `change` makes of them; their name stays. It may be called more than once, where somebody
    /// else changes the same.
    ///
    /// # Errors
    /// [`StoreError::NoUser`], if nobody has the name; [`StoreError::UserTaken`], if a device is another's; any other, if the
    /// store fails.
    pub fn change(&self, name: &str, change: impl Fn(User) -> User) -> Result<(), StoreError> {
        self.put(name, |found| {
            let changed = change(found.ok_or(StoreError::NoUser)?);
            Ok(User { name: name.to_owned(), ..changed })
        })
    }

    /// Removes somebody, whose objects stay. Which one-time passwords they used is not forgotten.
    ///
    /// # Errors
    /// [`StoreError::NoUser`], if nobody has the name; any other, if the store fails.
    pub fn remove(&self, name: &str) -> Result<(), StoreError> {
        self.again(|transaction| {
            transaction.value::<User>(name.as_bytes())?.ok_or(StoreError::NoUser)?;
            transaction.remove::<User>(name.as_bytes())
        })
    }

    /// Who has a name.
    ///
    /// # Errors
    /// [`StoreError`], if the store fails.
    pub fn find(&self, name: &str) -> Result<Option<User>, StoreError> {
        Ok(self.store.read::<User>(name.as_bytes())?.map(|found| (*found.value).clone()))
    }

    /// Everybody, in the order of their names.
    ///
    /// # Errors
    /// [`StoreError`], if the store fails.
    pub fn list(&self) -> Result<Vec<User>, StoreError> {
        let (mut users, mut before) = (Vec::new(), None);
        loop {
            let page = self.store.list_with::<User>(EVERYBODY.to_vec().into(), before, PAGE)?;
            before = page.last().map(|last| last.number);
            let is_last = page.len() < PAGE;
            users.extend(page.into_iter().map(|found| (*found.value).clone()));
            if is_last {
                users.sort_by(|one: &User, other| one.name.cmp(&other.name));
                return Ok(users);
            }
        }
    }

    fn put(
        &self,
        name: &str,
        make: impl Fn(Option<User>) -> Result<User, StoreError>,
    ) -> Result<(), StoreError> {
        self.again(|transaction| {
            let found = transaction.value::<User>(name.as_bytes())?;
            let user = make(found.map(|found| (*found).clone()))?;
            for device in user.devices() {
                let holder = self.store.find::<User>(name_of_device(device))?;
                if holder.is_some_and(|holder| holder.value.name != name) {
                    return Err(StoreError::UserTaken);
                }
            }
            transaction.put(user)
        })
    }

    /// Has something changed, as often as somebody else changes the same meanwhile.
    fn again(
        &self,
        change: impl Fn(&mut Transaction<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        loop {
            let mut transaction = self.store.begin(DateTime::now(), &[]);
            change(&mut transaction)?;
            match transaction.commit() {
                Err(StoreError::Conflict) => {}
                result => return result,
            }
        }
    }
}
