//! Who may set, change and delete an attribute: what the standard's tables say of it in the version of the request, and
//! the conditions that they word (KMIP 1.4 chapter 3, 2.1 chapter 4).

use kmip_types::attribute::{Attribute, Attributes};
use kmip_types::enumerations::{ObjectType, ResultReason};
use kmip_types::tables::{AttributeRules, Condition, Rule, Until};
use kmip_types::{DateTime, ProtocolVersion, Tag};

use super::attributes::{self, Kind};
use super::store::StoredObject;
use super::vendor_rules::VendorRules;
use crate::answer::Failure;

/// An object whose attributes a client wants to change, in a version and at a time.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub(crate) stored: &'a StoredObject,
    pub(crate) version: ProtocolVersion,
    pub(crate) now: DateTime,
    pub(crate) vendor: VendorRules<'a>,
}

impl Kind {
    /// Refuses what is no attribute of the version.
    pub(crate) fn check_known(&self, version: ProtocolVersion) -> Result<(), Failure> {
        let known = match self {
            // By tag there is a vendor's attribute since 2.0 only.
            Self::Standard(tag) if tag.is_vendor() => version.has_attributes_by_tag(),
            Self::Standard(_) => self.info().is_some_and(|info| info.is_in(version)),
            Self::Vendor(..) => true,
            Self::Named(_) => false,
        };
        let unknown =
            || Failure::new(ResultReason::InvalidAttribute, format!("{self} is not an attribute here"));
        if known { Ok(()) } else { Err(unknown()) }
    }

    /// Refuses what only the server may set on a new object.
    pub(crate) fn check_initial(
        &self,
        version: ProtocolVersion,
        vendor: VendorRules<'_>,
    ) -> Result<(), Failure> {
        let allowed = match self {
            // The rules say that the server sets these, and the operations say that the client asks for them.
            Self::Standard(
                Tag::CRYPTOGRAPHIC_ALGORITHM | Tag::CRYPTOGRAPHIC_LENGTH | Tag::KEY_FORMAT_TYPE,
            ) => true,
            _ => self.is_set_by_client(version, vendor),
        };
        if allowed { Ok(()) } else { Err(self.read_only()) }
    }

    /// Refuses an attribute that objects of a type do not have.
    pub(crate) fn check_for(
        &self,
        object_type: ObjectType,
        version: ProtocolVersion,
        vendor: VendorRules<'_>,
    ) -> Result<(), Failure> {
        // Secret Data has a length where one is derived, though the rules of KMIP 1 have none for it.
        let is_asked_for =
            matches!(self, Self::Standard(Tag::CRYPTOGRAPHIC_ALGORITHM | Tag::CRYPTOGRAPHIC_LENGTH));
        let is_for = self.rules(version).is_none_or(|rules| rules.is_for(object_type));
        if is_asked_for || is_for && vendor.is_for(self, object_type) {
            return Ok(());
        }
        let message = format!("{object_type} has no {self} in KMIP {version}");
        Err(Failure::new(ResultReason::InvalidAttribute, message))
    }

    /// Refuses to add a value that the client may not add to the object.
    pub(crate) fn check_addable(&self, subject: Subject<'_>) -> Result<(), Failure> {
        self.check_for(subject.stored.object_type, subject.version, subject.vendor)?;
        if !self.is_set_by_client(subject.version, subject.vendor) {
            return Err(self.read_only());
        }
        match self.rules(subject.version).map(|rules| rules.modifiable_by_client) {
            Some(Rule::Conditional(condition)) => self.check_condition(condition, subject),
            // What may not change once it has a value may still get one.
            _ => Ok(()),
        }
    }

    /// Refuses to change a value that the client may not change.
    pub(crate) fn check_modifiable(&self, subject: Subject<'_>) -> Result<(), Failure> {
        let own = subject.vendor.is_modifiable(self).map(rule_of);
        let rule = self.rules(subject.version).map(|rules| rules.modifiable_by_client);
        self.check_rule(own.or(rule), subject)
    }

    /// Refuses to delete what the client may not delete.
    pub(crate) fn check_deletable(&self, subject: Subject<'_>) -> Result<(), Failure> {
        let own = subject.vendor.is_deletable(self).map(rule_of);
        let rule = self.rules(subject.version).map(|rules| rules.deletable_by_client);
        self.check_rule(own.or(rule), subject)
    }

    /// What the standard says of it, in a version.
    fn rules(&self, version: ProtocolVersion) -> Option<&'static AttributeRules> {
        self.info().map(|info| info.rules_in(version))
    }

    /// Whether the client may set it first.
    fn is_set_by_client(&self, version: ProtocolVersion, vendor: VendorRules<'_>) -> bool {
        if let Some(is_set) = vendor.is_set(self) {
            return is_set;
        }
        match self {
            Self::Standard(tag) if tag.is_vendor() => true,
            Self::Standard(_) => self.rules(version).is_some_and(|rules| rules.initially_set_by.client),
            // The server's own Custom Attributes of KMIP 1.x are named `y-`.
            Self::Vendor(vendor, _) => vendor != "y",
            Self::Named(_) => false,
        }
    }

    fn check_rule(&self, rule: Option<Rule>, subject: Subject<'_>) -> Result<(), Failure> {
        match rule {
            Some(Rule::Yes) => Ok(()),
            Some(Rule::No) => Err(self.read_only()),
            Some(Rule::Conditional(condition)) => self.check_condition(condition, subject),
            None => self.check_initial(subject.version, subject.vendor),
        }
    }

    /// The conditions that the standard words.
    fn check_condition(&self, condition: Condition, subject: Subject<'_>) -> Result<(), Failure> {
        let Subject { stored, now, .. } = subject;
        let state = stored.state();
        if !condition.states.is_empty() && !condition.states.contains(&state) {
            let message = format!("{self} cannot change in state {state}");
            return Err(Failure::new(ResultReason::WrongKeyLifecycleState, message));
        }
        match condition.until {
            Some(Until::Reached) if self.is_reached(&stored.attributes, now) => {
                let message = format!("{self} cannot change once it has come");
                Err(Failure::new(ResultReason::WrongKeyLifecycleState, message))
            }
            Some(Until::Allocated) if is_used(&stored.attributes) => Err(self.read_only()),
            _ => Ok(()),
        }
    }

    /// Whether the date that the attribute is has come.
    fn is_reached(&self, set: &Attributes, now: DateTime) -> bool {
        attributes::instances(set, self).any(|entry| match &entry.attribute {
            Attribute::ProcessStartDate(date) | Attribute::ProtectStopDate(date) => *date <= now,
            _ => false,
        })
    }

    fn read_only(&self) -> Failure {
        Failure::new(ResultReason::AttributeReadOnly, format!("{self} is not for the client to change"))
    }
}

/// The rule that is no more than allowed or not.
fn rule_of(allowed: bool) -> Rule {
    if allowed { Rule::Yes } else { Rule::No }
}

/// Whether some of what the Usage Limits allow is gone.
fn is_used(set: &Attributes) -> bool {
    set.usage_limits().is_some_and(|limits| {
        limits.usage_limits_count.is_some_and(|count| count != limits.usage_limits_total)
    })
}

/// An attribute as the server takes it from the client: the count of Usage Limits starts at the total, and is not for the
/// client to say (KMIP 1.4 section 3.21, 2.1 section 4.59). The server makes no Application Data (KMIP 1.4 section 3.36,
/// 2.1 section 4.4).
///
/// # Errors
/// The client says a count on an object that is there, or a total that is none, or leaves out its Application Data.
pub(crate) fn accepted(mut attribute: Attribute, is_new: bool) -> Result<Attribute, Failure> {
    if let Attribute::ApplicationSpecificInformation(information) = &attribute
        && information.application_data.is_none()
    {
        let message = "the server makes Application Data for no Application Namespace";
        return Err(Failure::new(ResultReason::ApplicationNamespaceNotSupported, message));
    }
    if let Attribute::UsageLimits(limits) = &mut attribute {
        let total = limits.usage_limits_total;
        if total < 0 {
            let message = "the Usage Limits Total is negative";
            return Err(Failure::new(ResultReason::InvalidAttributeValue, message));
        }
        if !is_new && limits.usage_limits_count.is_some_and(|count| count != total) {
            let message = "the Usage Limits Count is not for the client to set";
            return Err(Failure::new(ResultReason::AttributeReadOnly, message));
        }
        limits.usage_limits_count = Some(total);
    }
    Ok(attribute)
}

#[cfg(test)]
mod tests {
    use kmip_types::attribute::UsageLimits;
    use kmip_types::enumerations::{State, UsageLimitsUnit};

    use super::*;

    fn object(state: State, more: Option<Attribute>) -> StoredObject {
        let mut set = Attributes::new().with(Attribute::State(state));
        set.extend(more);
        StoredObject {
            identifier: "a".to_owned(),
            object_type: ObjectType::SymmetricKey,
            object: None,
            attributes: set,
            archived: false,
            owner: None,
            polynomial: None,
        }
    }

    fn limits(total: i64, count: i64) -> Attribute {
        Attribute::UsageLimits(UsageLimits {
            usage_limits_total: total,
            usage_limits_count: Some(count),
            usage_limits_unit: UsageLimitsUnit::Byte,
        })
    }

    #[test]
    fn the_client_changes_only_what_the_rules_leave_to_it() {
        let at = DateTime::from_seconds;
        let standard = Kind::Standard;
        let vendor = |vendor: &str| Kind::Vendor(vendor.to_owned(), "a".to_owned());
        let stop = |date| Some(Attribute::ProtectStopDate(at(date)));
        for (kind, state, has, modifiable, deletable) in [
            (standard(Tag::NAME), State::Active, None, true, true),
            (standard(Tag::STATE), State::Active, None, false, false),
            (standard(Tag::UNIQUE_IDENTIFIER), State::Active, None, false, false),
            (standard(Tag::ACTIVATION_DATE), State::PreActive, None, true, false),
            (standard(Tag::ACTIVATION_DATE), State::Active, None, false, false),
            (standard(Tag::DEACTIVATION_DATE), State::Active, None, true, false),
            (standard(Tag::DEACTIVATION_DATE), State::Deactivated, None, false, false),
            (standard(Tag::PROTECT_STOP_DATE), State::Active, stop(101), true, false),
            (standard(Tag::PROTECT_STOP_DATE), State::Active, stop(100), false, false),
            (standard(Tag::PROTECT_STOP_DATE), State::Deactivated, stop(101), false, false),
            (standard(Tag::USAGE_LIMITS), State::Deactivated, Some(limits(9, 9)), true, true),
            (standard(Tag::USAGE_LIMITS), State::Active, Some(limits(9, 8)), false, false),
            (vendor("x"), State::Active, None, true, true),
            (vendor("y"), State::Active, None, false, false),
        ] {
            let stored = object(state, has);
            for version in ProtocolVersion::ALL {
                let vendor = VendorRules::default();
                let subject = Subject { stored: &stored, version: *version, now: at(100), vendor };
                assert_eq!(kind.check_modifiable(subject).is_ok(), modifiable, "{kind} {state} {version}");
                assert_eq!(kind.check_deletable(subject).is_ok(), deletable, "{kind} {state} {version}");
            }
        }
    }

    #[test]
    fn the_count_is_the_servers() {
        assert_eq!(accepted(limits(9, 5), true).unwrap(), limits(9, 9));
        assert_eq!(accepted(limits(9, 9), false).unwrap(), limits(9, 9));
        assert_eq!(accepted(limits(9, 5), false).unwrap_err().reason, ResultReason::AttributeReadOnly);
        assert_eq!(accepted(limits(-1, 0), true).unwrap_err().reason, ResultReason::InvalidAttributeValue);
    }
}
