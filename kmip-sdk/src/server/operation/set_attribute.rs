//! Set Attribute: gives an object's attribute a value, whether it had one or not (KMIP 2.1 section 6.1.51).

use kmip_types::attribute::{AttributeEntry, SingleAttribute};
use kmip_types::enumerations::ResultReason;
use kmip_types::operation::{SetAttributeRequest, SetAttributeResponse};

use super::add_attribute::{change, check_name};
use crate::answer::Failure;
use crate::server::attributes::{self, Kind};
use crate::server::context::Context;
use crate::server::rules::accepted;

pub(super) fn set_attribute(
    context: &mut Context<'_>,
    request: SetAttributeRequest,
) -> Result<SetAttributeResponse, Failure> {
    let identifier = context.resolve(request.unique_identifier.as_ref())?;
    let SingleAttribute(AttributeEntry { attribute, .. }) = request.new_attribute;
    let stored = context.get(&identifier)?;
    let kind = Kind::of(&attribute);
    kind.check_known(context.version)?;
    match attributes::positions(&stored.attributes, &kind).len() {
        0 => kind.check_addable(context.subject(&stored))?,
        1 => kind.check_modifiable(context.subject(&stored))?,
        _ => {
            let message = format!("the object has several of {kind}");
            return Err(Failure::new(ResultReason::MultiValuedAttribute, message));
        }
    }
    let attribute = accepted(context.linked(attribute)?, false)?;
    check_name(context, &attribute, &identifier)?;
    change(context, &identifier, |set| attributes::set(set, attribute))?;
    context.memory.identifier(&identifier);
    Ok(SetAttributeResponse { unique_identifier: identifier.into() })
}
