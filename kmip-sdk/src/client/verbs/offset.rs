//! A step that says when what takes the place of another becomes active.

use std::time::Duration;

use kmip_types::operation::{ReCertifyRequest, ReKeyKeyPairRequest, ReKeyRequest};

use super::interval;
use crate::client::{Call, Driver};

macro_rules! offsets {
    ($($request:ident),* $(,)?) => { $(
        impl<D: Driver> Call<'_, D, $request> {
            /// Sets the Offset, in whole seconds: how long after it is made the new object becomes active. Its other
            /// dates are those of the old one, moved by as much.
            pub fn offset(self, offset: Duration) -> Self {
                self.trying(|request| {
                    interval("the Offset", offset).map(|offset| request.offset = Some(offset))
                })
            }
        }
    )* };
}

offsets!(ReCertifyRequest, ReKeyKeyPairRequest, ReKeyRequest);
