//! What one call has of its own, where all others have what the client says.

use std::time::Duration;

use kmip_types::ProtocolVersion;
use kmip_types::enumerations::AsynchronousIndicator;
use kmip_types::message::{Authentication, Credential};
use kmip_types::ttlv::Mode;

use crate::session::{RequestOptions, Session};

/// The options of one call. What is not said is as the client has it.
#[derive(Clone, Debug, Default)]
pub(crate) struct CallOptions {
    pub(super) timeout: Option<Option<Duration>>,
    pub(super) version: Option<ProtocolVersion>,
    /// The only server that the call may go to.
    pub(super) server: Option<usize>,
    request: Option<Box<RequestOptions>>,
    client_correlation_value: Option<String>,
    authentication: Option<Authentication>,
    /// Whether the call said that itself.
    is_authentication_own: bool,
    maximum_response_size: Option<i32>,
    asynchronous_indicator: Option<AsynchronousIndicator>,
    mode: Option<Mode>,
}

impl CallOptions {
    /// The session of the call, if it differs from the client's.
    pub(super) fn apply(&self, session: &Session) -> Option<Session> {
        let is_same = self.request.is_none()
            && self.client_correlation_value.is_none()
            && self.authentication.is_none()
            && self.maximum_response_size.is_none()
            && self.asynchronous_indicator.is_none()
            && self.mode.is_none();
        if is_same {
            return None;
        }
        let mut session = session.clone();
        if let Some(options) = &self.request {
            session.options = RequestOptions::clone(options);
        }
        let options = &mut session.options;
        if let Some(value) = &self.client_correlation_value {
            options.client_correlation_value = Some(value.clone());
        }
        if let Some(authentication) = &self.authentication {
            options.authentication = Some(authentication.clone());
        }
        if let Some(size) = self.maximum_response_size {
            options.maximum_response_size = Some(size);
        }
        if let Some(indicator) = self.asynchronous_indicator {
            options.asynchronous_indicator = Some(indicator);
        }
        Some(match self.mode {
            Some(mode) => session.with_mode(mode),
            None => session,
        })
    }
}

impl CallOptions {
    pub(super) fn set_asynchronous_indicator(&mut self, indicator: AsynchronousIndicator) {
        self.asynchronous_indicator = Some(indicator);
    }

    pub(super) fn set_request(&mut self, options: RequestOptions) {
        self.request = Some(Box::new(options));
    }

    pub(super) fn set_client_correlation_value(&mut self, value: String) {
        self.client_correlation_value = Some(value);
    }

    pub(super) fn set_credential(&mut self, credential: Credential) {
        // The first of the call's own takes the place of the client's.
        if !core::mem::replace(&mut self.is_authentication_own, true) {
            self.authentication = None;
        }
        let authentication =
            self.authentication.get_or_insert_with(|| Authentication { credential: Vec::new() });
        authentication.credential.push(credential);
    }

    /// Sets the credential, in place of all that were said.
    pub(super) fn set_only_credential(&mut self, credential: Credential) {
        self.authentication = Some(Authentication { credential: vec![credential] });
        self.is_authentication_own = false;
    }

    /// Adds a credential to those that a call has, be they its own or the client's.
    pub(super) fn add_credential(&mut self, credential: Credential, client: &Session) {
        let clients = self.request.as_deref().unwrap_or(&client.options).authentication.as_ref();
        let authentication = self.authentication.get_or_insert_with(|| match clients {
            Some(authentication) => authentication.clone(),
            None => Authentication { credential: Vec::new() },
        });
        authentication.credential.push(credential);
    }

    pub(super) fn set_maximum_response_size(&mut self, bytes: i32) {
        self.maximum_response_size = Some(bytes);
    }

    pub(super) fn set_mode(&mut self, mode: Mode) {
        self.mode = Some(mode);
    }
}
