//! Set Attribute: gives an object's attribute a value, whether it had one or not (KMIP 2.1 section 6.1.51).

use kmip_types::attribute::{AttributeEntry, SingleAttribute};
use kmip_types::enumerations::ResultReason;
use kmip_types::operation::{SetAttributeRequest, SetAttributeResponse};

use super::add_attribute::{change, check_name};
use crate::answer::Failure;
use crate::server::attributes::{self, Kind};
use crate::server::context::Context;

pub(super) fn set_attribute(
    context: &mut Context<'_>,
    request: SetAttributeRequest,
) -> Result<SetAttributeResponse, Failure> {
    let identifier = context.resolve(request.unique_identifier.as_ref())?;
    let SingleAttribute(AttributeEntry { mut attribute, .. }) = request.new_attribute;
    context.resolve_link(&mut attribute)?;
    let stored = context.get(&identifier)?;
    let kind = Kind::of(&attribute);
    kind.check_known(context.version).map_err(unsupported)?;
    match attributes::positions(&stored.attributes, &kind).len() {
        0 => kind.check_addable(stored.state()).map_err(read_only)?,
        1 => kind.check_modifiable(stored.state()).map_err(read_only)?,
        _ => {
            let message = format!("the object has several of {kind}");
            return Err(Failure::new(ResultReason::MultiValuedAttribute, message));
        }
    }
    check_name(context, &attribute, &stored, &identifier)?;
    change(context, &identifier, |set| attributes::set(set, attribute))?;
    context.memory.identifier(&identifier);
    Ok(SetAttributeResponse { unique_identifier: identifier.into() })
}

/// What is not for the client to change, by the reason that the tables of Set and Adjust Attribute have for it.
pub(super) fn read_only(failure: Failure) -> Failure {
    match failure.reason {
        ResultReason::AttributeReadOnly => Failure { reason: ResultReason::ReadOnlyAttribute, ..failure },
        _ => failure,
    }
}

/// What is no attribute, by the reason that the tables of Set and Adjust Attribute have for it.
pub(super) fn unsupported(failure: Failure) -> Failure {
    match failure.reason {
        ResultReason::InvalidAttribute => Failure { reason: ResultReason::UnsupportedAttribute, ..failure },
        _ => failure,
    }
}
