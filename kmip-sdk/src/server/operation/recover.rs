//! Recover: makes an archived object available again (KMIP 1.4 section 4.23, 2.1 section 6.1.42).

use kmip_types::Tag;
use kmip_types::attribute::Attribute;
use kmip_types::operation::{RecoverRequest, RecoverResponse};

use crate::answer::Failure;
use crate::server::attributes::{self, Kind};
use crate::server::context::Context;

pub(super) fn recover(
    context: &mut Context<'_>,
    request: RecoverRequest,
) -> Result<RecoverResponse, Failure> {
    let identifier = context.resolve(request.unique_identifier.as_ref())?;
    let now = context.now;
    if context.get_archived(&identifier)?.archived {
        context.store.change(&identifier, |stored| {
            stored.archived = false;
            // An object that is not archived has no date of it (KMIP 2.1 section 4.5).
            let dates = attributes::positions(&stored.attributes, &Kind::Standard(Tag::ARCHIVE_DATE));
            attributes::remove_at(&mut stored.attributes, &dates);
            stored.change(Attribute::LastChangeDate(now), now);
            Ok(())
        })?;
    }
    context.memory.identifier(&identifier);
    Ok(RecoverResponse { unique_identifier: identifier.into() })
}
