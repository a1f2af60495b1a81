//! Archive: takes an object off-line (KMIP 1.4 section 4.22, 2.1 section 6.1.4).

use kmip_types::attribute::Attribute;
use kmip_types::operation::{ArchiveRequest, ArchiveResponse};

use crate::answer::Failure;
use crate::server::context::Context;

pub(super) fn archive(
    context: &mut Context<'_>,
    request: ArchiveRequest,
) -> Result<ArchiveResponse, Failure> {
    let identifier = context.resolve(request.unique_identifier.as_ref())?;
    let now = context.now;
    context.change(&identifier, |stored| {
        stored.value()?;
        stored.archived = true;
        stored.change(Attribute::ArchiveDate(now), now);
        Ok(())
    })?;
    context.memory.identifier(&identifier);
    Ok(ArchiveResponse { unique_identifier: identifier.into() })
}
