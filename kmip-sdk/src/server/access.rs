//! Who asks: by the connection or, before that, by the credentials of the request (KMIP 1.4 section 6.6, 2.1 section 9.4).

use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;

use aws_lc_rs::pbkdf2;
use kmip_types::DateTime;
use kmip_types::enumerations::{Operation, ResultReason};
use kmip_types::message::{Credential, CredentialValue, UsernameAndPasswordCredential};
use kmip_types::operation::Right;

use super::crypto::random::random;
use super::shared::Shared;
use super::store::StoredObject;
use crate::answer::Failure;

/// How often a password is hashed.
const ITERATIONS: NonZeroU32 = NonZeroU32::new(10_000).unwrap();

/// How many credentials a request may have; each costs time.
const MAXIMUM_CREDENTIALS: usize = 4;

/// Who asks, and what they may do.
#[derive(Clone, Debug, Default)]
pub(crate) struct Caller {
    /// Nobody in particular is the application itself, which may see everything.
    pub(crate) identity: Option<String>,
    /// What they may do, if not everything.
    pub(crate) rights: Option<Arc<Vec<Right>>>,
}

impl Caller {
    /// Whether an object is there for them. Those of the application are there for everybody.
    pub(crate) fn sees(&self, object: &StoredObject) -> bool {
        self.identity.is_none() || object.owner.is_none() || self.identity == object.owner
    }

    /// Whether they may do an operation at all.
    pub(crate) fn may(&self, operation: Operation) -> bool {
        self.any(operation, |_| true)
    }

    /// Whether they may do an operation with an object.
    pub(crate) fn may_with(&self, operation: Operation, object: &StoredObject) -> bool {
        self.any(operation, |right| {
            let identifiers = right.objects.as_ref();
            let groups = right.object_groups.as_ref();
            let is_named = |text: &str| {
                identifiers.is_none_or(|objects| {
                    objects.unique_identifier.iter().any(|identifier| identifier.as_text() == Some(text))
                })
            };
            let is_in = || {
                groups.is_none_or(|groups| {
                    object
                        .attributes
                        .object_groups()
                        .any(|group| groups.object_group.iter().any(|one| one == group))
                })
            };
            is_named(&object.identifier) && is_in()
        })
    }

    /// Whether they may make an object by an operation, which is none that a right names.
    pub(crate) fn may_make(&self, operation: Operation) -> bool {
        self.any(operation, |right| right.objects.is_none() && right.object_groups.is_none())
    }

    fn any(&self, operation: Operation, allows: impl Fn(&Right) -> bool) -> bool {
        self.rights.as_ref().is_none_or(|rights| {
            rights.iter().any(|right| {
                let operations = right.operations.as_ref();
                operations.is_none_or(|operations| operations.operation.contains(&operation)) && allows(right)
            })
        })
    }
}

/// Somebody who has a password, which is not kept.
#[derive(Clone)]
pub(crate) struct User {
    name: String,
    salt: [u8; 16],
    hash: [u8; 32],
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Everybody who has a password.
#[derive(Clone, Debug, Default)]
pub(crate) struct Users(Vec<User>);

impl Users {
    /// Adds somebody, or gives them another password. Without randomness there is no salt.
    pub(crate) fn add(&mut self, name: String, password: &str) {
        let mut salt = [0; 16];
        if let Ok(bytes) = random(salt.len()) {
            salt.copy_from_slice(bytes.reveal());
        }
        let mut hash = [0; 32];
        pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, ITERATIONS, &salt, password.as_bytes(), &mut hash);
        self.0.retain(|user| user.name != name);
        self.0.push(User { name, salt, hash });
    }

    /// Whether this is somebody's password. That nobody has the name takes as long to find out.
    fn verify(&self, name: &str, password: &str) -> bool {
        let user = self.0.iter().find(|user| user.name == name);
        let (salt, hash) = user.map_or(([0; 16], [0; 32]), |user| (user.salt, user.hash));
        let algorithm = pbkdf2::PBKDF2_HMAC_SHA256;
        let is_right = pbkdf2::verify(algorithm, ITERATIONS, &salt, password.as_bytes(), &hash).is_ok();
        is_right && user.is_some()
    }
}

/// Who asks: who the credentials say, all of which must hold and say the same, or else whose the connection is.
pub(crate) fn authenticate(
    connection: Option<&str>,
    credentials: &[Credential],
    users: &Users,
    shared: &Shared,
    now: DateTime,
) -> Result<Caller, Failure> {
    if credentials.len() > MAXIMUM_CREDENTIALS {
        return Err(refused("a request has no more than four credentials here"));
    }
    let mut caller: Option<Caller> = None;
    for credential in credentials {
        let found = match &credential.credential_value {
            CredentialValue::UsernameAndPassword(UsernameAndPasswordCredential {
                username,
                password: Some(password),
            }) if users.verify(username, password.reveal()) => {
                Caller { identity: Some(username.clone()), rights: None }
            }
            CredentialValue::UsernameAndPassword(_) => {
                return Err(refused("the user name and the password do not belong together"));
            }
            CredentialValue::Ticket(ticket) => shared.tickets.redeem(&ticket.ticket, now)?,
            _ => return Err(refused("the server takes no credentials of this type")),
        };
        caller = Some(match caller {
            None => found,
            Some(caller) if caller.identity == found.identity => {
                Caller { rights: caller.rights.or(found.rights), ..caller }
            }
            Some(_) => return Err(refused("the credentials are of several users")),
        });
    }
    Ok(caller.unwrap_or_else(|| Caller { identity: connection.map(str::to_owned), rights: None }))
}

fn refused(message: &str) -> Failure {
    Failure::new(ResultReason::AuthenticationNotSuccessful, message)
}
