//! Set Defaults: says what new objects get where a client leaves it out (KMIP 2.1 section 6.1.53).

use kmip_types::operation::{SetDefaultsRequest, SetDefaultsResponse};

use super::factory::check_number;
use super::new_object::check_count;
use crate::answer::Failure;
use crate::server::attributes::Kind;
use crate::server::context::Context;
use crate::server::shared::Setting;

pub(super) fn set_defaults(
    context: &mut Context<'_>,
    request: SetDefaultsRequest,
) -> Result<SetDefaultsResponse, Failure> {
    context.caller.check_for_all(context.operation)?;
    let defaults = request.defaults_information.map(|information| information.object_defaults);
    let defaults = defaults.unwrap_or_default();
    check_number(defaults.len())?;
    // Each new object is compared with all of them.
    check_count(context.options, defaults.iter().map(|defaults| defaults.attributes.len()).sum())?;
    for attributes in defaults.iter().map(|defaults| &defaults.attributes) {
        for kind in attributes.iter().map(Kind::of) {
            kind.check_known(context.version)?;
            kind.check_initial(context.version, context.vendor_rules())?;
        }
    }
    context.store.put(Setting::Defaults(defaults))?;
    Ok(SetDefaultsResponse {})
}
