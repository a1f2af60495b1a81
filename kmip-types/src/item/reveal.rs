//! Where `Serialize` says secrets: in a scope that asks for it.

use core::cell::Cell;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

thread_local! {
    /// How many scopes that reveal secrets this thread is in.
    static SCOPES: Cell<usize> = const { Cell::new(0) };
}

/// Whether this thread is in a scope that reveals secrets.
pub(crate) fn is_revealing() -> bool {
    SCOPES.get() > 0
}

/// Runs `within`, in which the `Serialize` of items, messages, payloads and attributes says secrets too. Elsewhere it
/// leaves them out: `{"secret": "32 bytes"}` stands for the value, which nothing reads back as one.
///
/// The scope is that of this thread, up to where `within` returns or panics.
///
/// ```
/// use kmip_types::{Item, Tag, item};
///
/// let password = Item::text_string(Tag::PASSWORD, "hunter2");
/// let hidden = serde_json::to_string(&password)?;
/// assert_eq!(hidden, r#"{"tag":"Password","type":"TextString","value":{"secret":"7 bytes"}}"#);
/// let revealed = item::reveal_secrets(|| serde_json::to_string(&password))?;
/// assert_eq!(revealed, r#"{"tag":"Password","type":"TextString","value":"hunter2"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn reveal_secrets<R>(within: impl FnOnce() -> R) -> R {
    struct Scope;

    impl Drop for Scope {
        fn drop(&mut self) {
            SCOPES.set(SCOPES.get() - 1);
        }
    }

    SCOPES.set(SCOPES.get() + 1);
    let _scope = Scope;
    within()
}

/// A value that serialises with the secrets in it, as [`reveal_secrets`] has it, and that is read as the value itself:
/// the wrapper for what is to make the round trip.
///
/// ```
/// use kmip_types::item::Revealed;
/// use kmip_types::{Item, Tag};
///
/// let password = Item::text_string(Tag::PASSWORD, "hunter2");
/// let json = serde_json::to_string(&Revealed(&password))?;
/// let Revealed(read) = serde_json::from_str::<Revealed<Item>>(&json)?;
/// assert_eq!(read, password);
///
/// let hidden = serde_json::to_string(&password)?;
/// let error = serde_json::from_str::<Item>(&hidden).unwrap_err();
/// assert!(error.to_string().contains("left out"), "{error}");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Revealed<T>(pub T);

impl<T: Serialize> Serialize for Revealed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        reveal_secrets(|| self.0.serialize(serializer))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Revealed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self)
    }
}
