//! What makes an object, and may activate it in the same message.

use std::time::Duration;

use kmip_types::attribute::{Attribute, UniqueIdentifier};
use kmip_types::enumerations::{BatchErrorContinuationOption, ResultReason};
use kmip_types::operation::{
    ActivateRequest, CreateKeyPairRequest, CreateRequest, DeriveKeyRequest, RegisterRequest, Request,
};
use kmip_types::{DateTime, ProtocolVersion};

use super::{Refine, TakesAttributes};
use crate::client::ask::{Ask, Exchanges, lost};
use crate::client::flow::Work;
use crate::client::{Call, Driver};
use crate::error::{Error, ErrorKind, Phase};
use crate::session::Batch;

/// How long ago an object becomes active that is to be active at once: clocks differ.
const BEFORE: Duration = Duration::from_secs(3600);

/// Asks for a new object.
#[derive(Clone, Debug)]
pub struct New<R> {
    request: R,
    is_activated: bool,
}

/// A request that makes an object which can be activated in the same message.
pub trait Activated: Request + TakesAttributes + Clone {
    /// Whether the ID Placeholder stands for all that is made.
    #[doc(hidden)]
    const SETS_PLACEHOLDER: bool;

    /// The objects that were made.
    #[doc(hidden)]
    fn made(response: &Self::Response) -> Vec<UniqueIdentifier>;
}

macro_rules! activated {
    ($($request:ident),*) => { $(
        impl Activated for $request {
            const SETS_PLACEHOLDER: bool = true;

            fn made(response: &Self::Response) -> Vec<UniqueIdentifier> {
                vec![response.unique_identifier.clone()]
            }
        }
    )* };
}

activated!(CreateRequest, RegisterRequest, DeriveKeyRequest);

impl Activated for CreateKeyPairRequest {
    const SETS_PLACEHOLDER: bool = false;

    fn made(response: &Self::Response) -> Vec<UniqueIdentifier> {
        vec![response.private_key_unique_identifier.clone(), response.public_key_unique_identifier.clone()]
    }
}

impl<R> New<R> {
    pub(super) fn of(request: R) -> Self {
        Self { request, is_activated: false }
    }
}

impl<R> Refine for New<R> {
    type Request = R;

    fn refine(mut self, refine: impl FnOnce(&mut R)) -> Self {
        refine(&mut self.request);
        self
    }
}

impl<R: Activated> New<R> {
    /// The request, with the date on which the object is active.
    fn dated(self) -> R {
        let mut request = self.request;
        let attributes = request.attributes_mut();
        if self.is_activated && attributes.activation_date().is_none() {
            let before = i64::try_from(BEFORE.as_secs()).unwrap_or_default();
            let date = DateTime::from_seconds(DateTime::now().seconds() - before);
            attributes.set(Attribute::ActivationDate(date));
        }
        request
    }
}

impl<D: Driver, R: Activated> Call<'_, D, New<R>> {
    /// Activates what is made, in the same message: since KMIP 2.0 by an Activation Date of an hour ago, so that the
    /// clocks need not agree; before, by Activate on the ID Placeholder. A key pair has an Activation Date in every
    /// version, as the placeholder names one of its keys only. A server that refuses that is asked once more, for the object
    /// and then for its activation.
    ///
    /// # Errors
    /// [`ErrorKind::NotActivated`]: it was made, but not activated.
    pub fn activated(self) -> Self {
        self.asking(|ask| New { is_activated: true, ..ask })
    }

    /// The request, for a batch or a test; of what is to be activated, with an Activation Date. What the call has of its
    /// own beside it is left behind.
    pub fn into_request(self) -> R {
        self.ask.dated()
    }
}

impl<D: Driver, R: Activated> Ask<D> for New<R> {
    type Answer = R::Response;

    async fn perform(self, exchanges: &mut Exchanges<'_, D>) -> Result<R::Response, Error> {
        if !self.is_activated {
            return exchanges.ask(self.request).await;
        }
        let version = exchanges.agreed().await?;
        let dated = !R::SETS_PLACEHOLDER || version.is_at_least(ProtocolVersion::V2_0);
        let plain = self.request.clone();
        let made = match dated {
            true => exchanges.ask(self.dated()).await,
            false => self.in_a_batch(exchanges).await,
        };
        match made {
            Err(error) if is_refusal(&error) => {
                exchanges.renew();
                one_by_one(plain, exchanges).await
            }
            made => made,
        }
    }
}

impl<R: Activated> New<R> {
    /// Makes the object and activates it, in one message.
    async fn in_a_batch<D: Driver>(self, exchanges: &mut Exchanges<'_, D>) -> Result<R::Response, Error> {
        let mut batch = Batch::new();
        batch.order(true).continuation(BatchErrorContinuationOption::Stop);
        let made = batch.add(self.request);
        let activated = batch.add(ActivateRequest::default());
        let mut results = exchanges.exchange(Work::Batch(batch)).await?.results.ok_or_else(lost)?;
        let made = results.take(made)?;
        match results.take(activated) {
            Ok(_) => Ok(made),
            Err(error) => Err(not_activated(R::made(&made), error)),
        }
    }
}

/// Makes the objects, and activates each of them when its name is known.
async fn one_by_one<D: Driver, R: Activated>(
    request: R,
    exchanges: &mut Exchanges<'_, D>,
) -> Result<R::Response, Error> {
    let response = exchanges.ask(request).await?;
    for object in R::made(&response) {
        if let Err(error) = exchanges.ask(ActivateRequest::new(&object)).await {
            return Err(not_activated(R::made(&response), error));
        }
    }
    Ok(response)
}

/// Whether a server did nothing, as it cannot read Activate without an identifier, or takes no Activation Date.
fn is_refusal(error: &Error) -> bool {
    let is_of_form = matches!(
        error.reason(),
        Some(
            ResultReason::InvalidMessage
                | ResultReason::InvalidField
                | ResultReason::InvalidAttribute
                | ResultReason::ReadOnlyAttribute
                | ResultReason::UnsupportedAttribute
                | ResultReason::FeatureNotSupported
        )
    );
    is_of_form && !error.is_outcome_unknown() && !matches!(error.kind(), ErrorKind::NotActivated { .. })
}

fn not_activated(made: Vec<UniqueIdentifier>, error: Error) -> Error {
    Error::new(Phase::Result, ErrorKind::NotActivated { made, error: Box::new(error) })
}
