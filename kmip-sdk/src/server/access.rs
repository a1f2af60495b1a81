//! Who asks: by the connection or, before that, by the credentials of the request (KMIP 1.4 section 6.6, 2.1 section 9.4).

use std::sync::Arc;

use kmip_types::enumerations::{Operation, ResultReason};
use kmip_types::message::{Credential, CredentialValue};
use kmip_types::operation::Right;
use kmip_types::tables::Allowed;
use kmip_types::{DateTime, SecretBytes};

use super::operation_policy::allowed;
use super::options::ServerOptions;
use super::policy::{Access, Policy, Verdict};
use super::shared::Shared;
use super::store::{Scope, StoredObject, not_found};
use super::throttle::Pace;
use super::tickets::{self, Held};
use crate::answer::Failure;

/// How many credentials a request may have; each costs time.
const MAXIMUM_CREDENTIALS: usize = 4;

/// Who asks, and what they may do.
#[derive(Clone, Debug, Default)]
pub(crate) struct Caller {
    /// Nobody in particular is the application itself, which may see everything.
    pub(crate) identity: Option<String>,
    /// What they may do, if not everything.
    pub(crate) rights: Option<Arc<Vec<Right>>>,
    /// What the response proves with that the server knows their password.
    pub(crate) proof: Option<SecretBytes>,
    /// Whose the connection is, whatever the credentials of the request say.
    pub(crate) connection: Option<String>,
    /// What the ticket holds for that they ask with, if it is one.
    pub(crate) ticket: Option<Held>,
    /// Whether the request proves the client's state.
    pub(crate) attested: bool,
    /// Whether they are told that another's object is there and not for them.
    pub(crate) is_told: bool,
}

impl Caller {
    /// Whether an object is theirs, or the application's, who asks.
    pub(crate) fn owns(&self, object: &StoredObject) -> bool {
        self.identity.is_none() || self.identity == object.owner
    }

    /// Whether an object may be had for an operation, whatever a ticket says.
    fn is_let(&self, operation: Operation, object: &StoredObject, policy: Option<&Policy>) -> bool {
        let verdict = policy.map_or(Verdict::Usual, |policy| {
            policy(&Access::new(self.identity.as_deref(), operation, object))
        });
        match verdict {
            Verdict::Allow => true,
            Verdict::Deny => false,
            Verdict::Usual => self.owns(object) || allowed(object, operation) == Allowed::All,
        }
    }

    /// Whether they may do an operation with an object.
    pub(crate) fn is_allowed(
        &self,
        operation: Operation,
        object: &StoredObject,
        policy: Option<&Policy>,
    ) -> bool {
        self.is_let(operation, object, policy) && self.may_with(operation, object)
    }

    /// Refuses an operation with an object that they may not do. A client never learns that another's object exists, unless
    /// the application wants it to.
    pub(crate) fn check(
        &self,
        operation: Operation,
        object: &StoredObject,
        policy: Option<&Policy>,
    ) -> Result<(), Failure> {
        if !self.is_let(operation, object, policy) {
            // Who made it knows that it exists.
            let is_known =
                self.is_told || self.owns(object) || self.is_let(Operation::Locate, object, policy);
            if !is_known {
                return Err(not_found());
            }
            let message = format!("{operation} with this object is not for who asks");
            return Err(Failure::new(ResultReason::PermissionDenied, message));
        }
        if self.may_with(operation, object) { Ok(()) } else { Err(denied(operation)) }
    }

    /// Refuses to make an object that they may not make.
    pub(crate) fn check_new(
        &self,
        operation: Operation,
        object: &StoredObject,
        policy: Option<&Policy>,
    ) -> Result<(), Failure> {
        if !self.is_let(operation, object, policy) {
            let message = format!("{operation} of such an object is not for who asks");
            return Err(Failure::new(ResultReason::PermissionDenied, message));
        }
        if self.may_make(operation) { Ok(()) } else { Err(denied(operation)) }
    }

    /// In whose objects those are that may be theirs to see.
    pub(crate) fn scopes(&self, policy: Option<&Policy>) -> Vec<Scope<'_>> {
        match self.identity.as_deref() {
            Some(owner) if policy.is_none() => vec![Scope::Owner(owner), Scope::Let],
            _ => vec![Scope::Everybody],
        }
    }

    /// Whether all objects in those scopes are theirs to see.
    pub(crate) fn sees_all_of_scopes(&self, policy: Option<&Policy>) -> bool {
        policy.is_none() && self.rights.is_none()
    }

    /// Whether they may do an operation at all.
    pub(crate) fn may(&self, operation: Operation) -> bool {
        self.any(operation, |_| true)
    }

    /// Whether what they have of rights is for an operation with an object.
    fn may_with(&self, operation: Operation, object: &StoredObject) -> bool {
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

    /// Refuses what is about more than the objects that rights name, to who has such rights only.
    pub(crate) fn check_for_all(&self, operation: Operation) -> Result<(), Failure> {
        if self.may_make(operation) { Ok(()) } else { Err(denied(operation)) }
    }

    /// Whether they may make an object by an operation, which is none that a right names.
    fn may_make(&self, operation: Operation) -> bool {
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

/// Why an operation is not done for who has rights to others only.
pub(crate) fn denied(operation: Operation) -> Failure {
    Failure::new(ResultReason::PermissionDenied, format!("the ticket gives no right to this {operation}"))
}

/// Who asks: who the credentials say, all of which must hold and say the same, or else whose the connection is. An attestation
/// says nobody's name.
pub(crate) fn authenticate(
    connection: Option<&str>,
    credentials: &[Credential],
    options: &ServerOptions,
    shared: &Shared,
    now: DateTime,
) -> Result<Caller, Failure> {
    let (users, pace) = (&options.users, Pace::new(options.failed_credentials));
    if credentials.len() > MAXIMUM_CREDENTIALS {
        return Err(refused("a request has no more than four credentials here"));
    }
    let mut caller: Option<Caller> = None;
    let mut attestations = Vec::new();
    for credential in credentials {
        let value = &credential.credential_value;
        // It is looked at once it is known whose it is, and with the nonce that it is made of it cannot be guessed.
        if let CredentialValue::Attestation(given) = value
            && options.attestation.is_some()
        {
            attestations.push(given);
            continue;
        }
        let attempt = shared.throttle.attempt(user_of(value), connection, pace, now)?;
        let found = match value {
            CredentialValue::UsernameAndPassword(given) => {
                let password = given.password.as_ref().map_or("", |password| password.reveal());
                let is_right = users.is_password(&given.username, password, &shared.store)?;
                named(is_right.then_some(&given.username))?
            }
            CredentialValue::OneTimePassword(given) => {
                let password = given.password.as_ref().map(|password| password.reveal());
                let one_time = given.one_time_password.reveal();
                let is_right = users.is_one_time(&given.username, password, one_time, &shared.store, now)?;
                named(is_right.then_some(&given.username))?
            }
            CredentialValue::HashedPassword(given) => {
                let proof = users.hashed(given, &shared.store, now)?.map(SecretBytes::from);
                Caller { proof: proof.clone(), ..named(proof.map(|_| &given.username))? }
            }
            CredentialValue::Device(given) => named(users.device(given, &shared.store)?.as_ref())?,
            CredentialValue::Ticket(ticket) => tickets::redeem(&shared.store, &ticket.ticket, now)?,
            _ => return Err(refused("the server takes no credentials of this type")),
        };
        attempt.succeeded();
        caller = Some(match caller {
            None => found,
            Some(caller) if caller.identity == found.identity => Caller {
                rights: caller.rights.or(found.rights),
                // Who says who they are in another way as well needs no ticket.
                ticket: caller.ticket.and(found.ticket),
                proof: caller.proof.or(found.proof),
                ..caller
            },
            Some(_) => return Err(refused("the credentials are of several users")),
        });
    }
    let caller =
        caller.unwrap_or_else(|| Caller { identity: connection.map(str::to_owned), ..Caller::default() });
    for (given, wanted) in attestations.iter().zip(options.attestation.iter().cycle()) {
        wanted.verify(given, caller.identity.as_deref(), &shared.store, now)?;
    }
    // What a ticket stands for was another request.
    let attested = !attestations.is_empty();
    let is_told = options.denials_told;
    Ok(Caller { connection: connection.map(str::to_owned), attested, is_told, ..caller })
}

/// Who a credential is about, as far as it says so before it is looked at.
fn user_of(credential: &CredentialValue) -> Option<&str> {
    match credential {
        CredentialValue::UsernameAndPassword(given) => Some(&given.username),
        CredentialValue::OneTimePassword(given) => Some(&given.username),
        CredentialValue::HashedPassword(given) => Some(&given.username),
        CredentialValue::Device(given) => {
            let fields = [
                &given.device_serial_number,
                &given.device_identifier,
                &given.network_identifier,
                &given.machine_identifier,
                &given.media_identifier,
            ];
            fields.into_iter().find_map(Option::as_deref)
        }
        _ => None,
    }
}

/// Somebody, if what they said is right.
fn named(name: Option<impl Into<String>>) -> Result<Caller, Failure> {
    let name = name.ok_or_else(|| refused("what the credential says does not belong together"))?;
    Ok(Caller { identity: Some(name.into()), ..Caller::default() })
}

fn refused(message: &str) -> Failure {
    Failure::new(ResultReason::AuthenticationNotSuccessful, message)
}
