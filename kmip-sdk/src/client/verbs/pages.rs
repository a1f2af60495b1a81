//! The results of Locate, a page at a time.

use std::collections::{HashSet, VecDeque};
use std::pin::Pin;
use std::task::{Context, Poll};

use kmip_types::ProtocolVersion;
use kmip_types::attribute::UniqueIdentifier;
use kmip_types::operation::LocateRequest;

use crate::client::ask::{Ask, Exchanges};
use crate::client::options::CallOptions;
use crate::client::{Call, Client, Driver};
use crate::error::Error;

/// How many objects a page has, unless it is said.
const PAGE: i32 = 100;

/// The objects that Locate finds, fetched a page at a time: an iterator of the blocking client, a stream of that of
/// `kmip_sdk::tokio`. After an error there are no more.
#[must_use = "nothing is asked before the first is taken"]
pub struct Pages<D: Driver> {
    client: Client<D>,
    options: CallOptions,
    /// What may be given before anything is asked: why it cannot be.
    fault: Option<Error>,
    /// The next page to ask for, if there may be one.
    next: Option<LocateRequest>,
    found: VecDeque<UniqueIdentifier>,
    /// The objects of the page before, of which those made meanwhile push some into the next.
    before: HashSet<UniqueIdentifier>,
    /// The page that is being asked for.
    asking: Option<Asking>,
}

/// A page, and what to ask for the next one with, if there may be one.
type Found = (Vec<UniqueIdentifier>, Option<LocateRequest>);

/// A page that is being asked for.
type Asking = Pin<Box<dyn Future<Output = Result<Found, Error>> + Send>>;

/// Asks for the next page.
struct Page(LocateRequest);

impl<D: Driver> Ask<D> for Page {
    type Answer = Found;

    async fn perform(self, exchanges: &mut Exchanges<'_, D>) -> Result<Self::Answer, Error> {
        let mut request = self.0;
        if !exchanges.agreed().await?.is_at_least(ProtocolVersion::V1_3) {
            request.maximum_items = None;
            return Ok((exchanges.ask(request).await?.unique_identifier, None));
        }
        let size = *request.maximum_items.get_or_insert(PAGE);
        let found = exchanges.ask(request.clone()).await?.unique_identifier;
        let count = i32::try_from(found.len()).unwrap_or(i32::MAX);
        let offset = request.offset_items.unwrap_or_default().saturating_add(count);
        // A server may give fewer than were asked for: the last page is the one without any.
        let is_last = count == 0 || size <= 0;
        request.offset_items = Some(offset);
        Ok((found, (!is_last).then_some(request)))
    }
}

impl<D: Driver> Pages<D> {
    pub(super) fn new(call: Call<'_, D, LocateRequest>) -> Self {
        Self {
            client: call.client.clone(),
            options: call.options,
            fault: call.fault,
            next: Some(call.ask),
            found: VecDeque::new(),
            before: HashSet::new(),
            asking: None,
        }
    }

    /// What a page is asked for with; nothing, if there are no more.
    fn asking(&mut self) -> Option<Asking> {
        let (client, options, page) = (self.client.clone(), self.options.clone(), Page(self.next.take()?));
        Some(Box::pin(
            async move { Call { client: &client, ask: page, options, fault: None }.perform().await },
        ))
    }

    /// Takes a page.
    fn take(&mut self, page: Result<Found, Error>) {
        match page {
            Ok((found, next)) => {
                let given = self.found.len();
                self.found.extend(found.iter().filter(|found| !self.before.contains(found)).cloned());
                // A server that gives the same page again knows of no offset.
                self.next = next.filter(|_| self.found.len() > given);
                self.before = found.into_iter().collect();
            }
            Err(error) => self.fault = Some(error),
        }
    }

    /// The next object, when it is there.
    pub(in crate::client) fn poll(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<UniqueIdentifier, Error>>> {
        loop {
            if let Some(error) = self.fault.take() {
                self.next = None;
                return Poll::Ready(Some(Err(error)));
            }
            if let Some(found) = self.found.pop_front() {
                return Poll::Ready(Some(Ok(found)));
            }
            let asking = match self.asking.take() {
                Some(asking) => Some(asking),
                None => self.asking(),
            };
            let Some(mut asking) = asking else { return Poll::Ready(None) };
            match asking.as_mut().poll(context) {
                Poll::Ready(page) => self.take(page),
                Poll::Pending => {
                    self.asking = Some(asking);
                    return Poll::Pending;
                }
            }
        }
    }
}

impl<D: Driver> core::fmt::Debug for Pages<D> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Pages").field("next", &self.next).finish_non_exhaustive()
    }
}
