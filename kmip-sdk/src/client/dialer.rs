//! Connecting to the first of several addresses that answers.

use std::fmt;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::Arc;

use rustls_pki_types::ServerName;

use super::Timeouts;
use super::connection::Connection;
use super::secured::Secured;
use crate::error::{ConfigurationError, Error, ErrorKind, Phase};
use crate::service::Service;
use crate::tls::TlsConfigs;

/// The port that KMIP has with IANA.
const DEFAULT_PORT: u16 = 5696;

/// What it takes to connect, as often as needed.
pub(super) enum Dialer {
    /// Over TLS.
    Secured(Addresses),
    /// To a service in the same process.
    Within(Arc<dyn Service>),
}

impl Dialer {
    /// A new connection.
    ///
    /// # Errors
    /// No address takes one: the last one's failure.
    pub(super) fn dial(&self) -> Result<Connection, Error> {
        match self {
            Self::Secured(addresses) => Ok(Connection::Secured(Box::new(addresses.dial()?))),
            Self::Within(service) => Ok(Connection::within(Arc::clone(service))),
        }
    }
}

/// Addresses to connect to, and how.
pub(super) struct Addresses {
    targets: Vec<Target>,
    configs: TlsConfigs,
    timeouts: Timeouts,
}

/// One address that was given.
#[derive(Debug, PartialEq)]
struct Target {
    host: String,
    port: u16,
    server_name: ServerName<'static>,
}

impl Addresses {
    /// # Errors
    /// There is no address; or an address, the server's name or the configuration of TLS cannot be used.
    pub(super) fn new(
        addresses: &[String],
        server_name: Option<&str>,
        configs: Result<TlsConfigs, ConfigurationError>,
        timeouts: Timeouts,
    ) -> Result<Self, Error> {
        let targets: Result<Vec<_>, _> =
            addresses.iter().map(|address| Target::new(address, server_name)).collect();
        let targets = targets.map_err(Error::configuration)?;
        if targets.is_empty() {
            return Err(Error::configuration(ConfigurationError::NoAddress));
        }
        Ok(Self { targets, configs: configs.map_err(Error::configuration)?, timeouts })
    }

    /// A new connection to the first address that takes one.
    ///
    /// # Errors
    /// None of them does: the last one's failure.
    fn dial(&self) -> Result<Secured, Error> {
        let mut last = None;
        for target in &self.targets {
            match self.dial_target(target) {
                Ok(connection) => return Ok(connection),
                Err(error) => {
                    tracing::debug!(%target, %error, "cannot connect");
                    last = Some(error);
                }
            }
        }
        Err(last.unwrap_or_else(|| Error::configuration(ConfigurationError::NoAddress)))
    }

    fn dial_target(&self, target: &Target) -> Result<Secured, Error> {
        let name = target.to_string();
        let io = |error| Error::new(Phase::Connect, ErrorKind::Io(error)).at(&name);
        let addresses = (target.host.as_str(), target.port).to_socket_addrs().map_err(io)?;
        let mut last = None;
        for address in addresses {
            match self.open(&address, target) {
                Ok(connection) => return Ok(connection),
                Err(error) => last = Some(error.at(&name)),
            }
        }
        Err(last.unwrap_or_else(|| io(std::io::ErrorKind::NotFound.into())))
    }

    fn open(&self, address: &SocketAddr, target: &Target) -> Result<Secured, Error> {
        let span = tracing::debug_span!("connect", %address);
        let _entered = span.enter();
        let connection =
            Secured::open(address, target.server_name.clone(), &self.configs.current(), self.timeouts)?;
        tracing::debug!(tls = ?connection.tls_version(), "connected");
        Ok(connection)
    }
}

impl Target {
    fn new(address: &str, server_name: Option<&str>) -> Result<Self, ConfigurationError> {
        let (host, port) = split(address)
            .ok_or_else(|| ConfigurationError::InvalidAddress { address: address.to_owned() })?;
        let name = server_name.unwrap_or(host);
        let server_name = ServerName::try_from(name.to_owned())
            .map_err(|_| ConfigurationError::InvalidServerName { name: name.to_owned() })?;
        Ok(Self { host: host.to_owned(), port, server_name })
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The colons of IPv6 would run into that of the port.
        match self.host.contains(':') {
            true => write!(f, "[{}]:{}", self.host, self.port),
            false => write!(f, "{}:{}", self.host, self.port),
        }
    }
}

/// The host and the port of `HOST`, `HOST:PORT`, `[IPV6]` or `[IPV6]:PORT`; a bare IPv6 address is a host.
fn split(address: &str) -> Option<(&str, u16)> {
    let (host, port) = if let Some(rest) = address.strip_prefix('[') {
        let (host, rest) = rest.split_once(']')?;
        host.parse::<std::net::Ipv6Addr>().ok()?;
        match rest {
            "" => (host, None),
            _ => (host, Some(rest.strip_prefix(':')?)),
        }
    } else if address.parse::<IpAddr>().is_ok() {
        (address, None)
    } else {
        match address.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (address, None),
        }
    };
    let port = port.map_or(Some(DEFAULT_PORT), |port| port.parse().ok())?;
    (!host.is_empty()).then_some((host, port))
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn splits_host_and_port() {
        for (address, expected) in [
            ("kmip.example.com", Some(("kmip.example.com", 5696))),
            ("kmip.example.com:1", Some(("kmip.example.com", 1))),
            ("127.0.0.1:65535", Some(("127.0.0.1", 65535))),
            ("127.0.0.1", Some(("127.0.0.1", 5696))),
            ("::1", Some(("::1", 5696))),
            ("[::1]", Some(("::1", 5696))),
            ("[::1]:5697", Some(("::1", 5697))),
            ("", None),
            (":5696", None),
            ("host:", None),
            ("host:65536", None),
            ("host:port", None),
            ("host:1:2", None),
            ("[host]:1", None),
            ("[::1", None),
            ("[::1]5696", None),
        ] {
            assert_eq!(split(address), expected, "{address}");
        }
    }
}
