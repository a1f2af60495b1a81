//! Where a server is, and how it is spoken to there.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::time::Instant;

use rustls_pki_types::ServerName;

use crate::error::ConfigurationError;

/// The port that KMIP has with IANA.
const KMIP_PORT: u16 = 5696;

/// The port on which servers that take HTTPS have KMIP.
const HTTPS_PORT: u16 = 9998;

/// The path of KMIP's HTTPS profile.
const HTTPS_PATH: &str = "/kmip";

/// Where a server is: what a connector connects to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    text: String,
    host: String,
    port: u16,
    path: Option<String>,
}

impl Address {
    /// Reads `HOST`, `HOST:PORT`, `kmip://HOST:PORT` or `https://HOST:PORT/PATH`, of which the port and the path may be
    /// left out.
    pub(super) fn new(text: &str) -> Result<Self, ConfigurationError> {
        let invalid = || ConfigurationError::InvalidAddress { address: text.to_owned() };
        let (authority, path, default_port) = match text.split_once("://") {
            None => (text, None, KMIP_PORT),
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("kmip") => {
                (rest.strip_suffix('/').unwrap_or(rest), None, KMIP_PORT)
            }
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => {
                let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
                let path = if matches!(path, "" | "/") { HTTPS_PATH } else { path };
                (authority, Some(path.to_owned()), HTTPS_PORT)
            }
            Some(_) => return Err(invalid()),
        };
        let is_strange = |character: char| {
            character.is_whitespace() || character.is_control() || matches!(character, '@' | '?' | '#' | '/')
        };
        let is_strange_in_path =
            |character: char| !character.is_ascii_graphic() || matches!(character, '?' | '#');
        if authority.contains(is_strange)
            || path.as_ref().is_some_and(|path| path.contains(is_strange_in_path))
        {
            return Err(invalid());
        }
        let (host, port) = split(authority).ok_or_else(invalid)?;
        let (host, port) = (host.to_owned(), port.unwrap_or(default_port));
        // The colons of IPv6 would run into that of the port.
        let text = match host.contains(':') {
            true => format!("[{host}]:{port}"),
            false => format!("{host}:{port}"),
        };
        Ok(Self { text, host, port, path })
    }

    /// The name or the IP address of the host, without brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The path that messages are posted to, if they go over HTTPS.
    pub fn path(&self) -> Option<&str> {
        self.path.as_deref()
    }

    /// The name that the server's certificate must be for.
    pub(super) fn server_name(&self, name: Option<&str>) -> Result<ServerName<'static>, ConfigurationError> {
        let name = name.unwrap_or(&self.host);
        ServerName::try_from(name.to_owned())
            .map_err(|_| ConfigurationError::InvalidServerName { name: name.to_owned() })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The host and the port of `HOST`, `HOST:PORT`, `[IPV6]` or `[IPV6]:PORT`; a bare IPv6 address is a host.
fn split(address: &str) -> Option<(&str, Option<u16>)> {
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
    let port = port.map(str::parse).transpose().ok()?;
    (!host.is_empty()).then_some((host, port))
}

/// The addresses that a host's name stands for, to be tried in turn: those of IPv6 and IPv4 alternate (RFC 8305 section
/// 4), and what time there is is shared among those that are left.
pub(crate) struct Attempts {
    addresses: std::vec::IntoIter<SocketAddr>,
    until: Option<Instant>,
}

impl Attempts {
    pub(crate) fn new(addresses: impl IntoIterator<Item = SocketAddr>, until: Option<Instant>) -> Self {
        let (mut first, mut second): (Vec<_>, Vec<_>) = (Vec::new(), Vec::new());
        let mut family = None;
        for address in addresses {
            // The system puts the better family first.
            let preferred = *family.get_or_insert(address.is_ipv6());
            if address.is_ipv6() == preferred { first.push(address) } else { second.push(address) }
        }
        let mut mixed = Vec::with_capacity(first.len() + second.len());
        let mut second = second.into_iter();
        for address in first {
            mixed.push(address);
            mixed.extend(second.next());
        }
        mixed.extend(second);
        Self { addresses: mixed.into_iter(), until }
    }

    /// The next address, and until when to try it.
    pub(crate) fn next(&mut self, now: Instant) -> Option<(SocketAddr, Option<Instant>)> {
        if self.until.is_some_and(|until| now >= until) {
            return None;
        }
        let left = u32::try_from(self.addresses.len()).unwrap_or(u32::MAX).max(1);
        let share = |until: Instant| now + until.saturating_duration_since(now) / left;
        Some((self.addresses.next()?, self.until.map(share)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn reads_host_port_and_path() {
        for (text, expected) in [
            ("kmip.example.com", Some(("kmip.example.com", 5696, None))),
            ("kmip.example.com:1", Some(("kmip.example.com", 1, None))),
            ("127.0.0.1:65535", Some(("127.0.0.1", 65535, None))),
            ("127.0.0.1", Some(("127.0.0.1", 5696, None))),
            ("::1", Some(("::1", 5696, None))),
            ("[::1]", Some(("::1", 5696, None))),
            ("[::1]:5697", Some(("::1", 5697, None))),
            ("kmip://host", Some(("host", 5696, None))),
            ("KMIP://host:7/", Some(("host", 7, None))),
            ("kmip://[::1]:7", Some(("::1", 7, None))),
            ("https://host", Some(("host", 9998, Some("/kmip")))),
            ("https://host/", Some(("host", 9998, Some("/kmip")))),
            ("https://host:1/kmip/2_1", Some(("host", 1, Some("/kmip/2_1")))),
            ("", None),
            (":5696", None),
            ("host:", None),
            ("host:65536", None),
            ("host:port", None),
            ("host:1:2", None),
            ("[host]:1", None),
            ("[::1", None),
            ("[::1]5696", None),
            ("http://host", None),
            ("kmip://host/path", None),
            ("kmip://user@host", None),
            ("https://host/kmip?x", None),
            ("https://host/a b", None),
            ("https://host/a\r\nx", None),
        ] {
            let read = Address::new(text).ok();
            let read = read.as_ref().map(|address| (address.host(), address.port(), address.path()));
            assert_eq!(read, expected, "{text}");
        }
    }

    #[test]
    fn families_alternate_and_share_the_time() {
        let address = |text: &str| text.parse::<SocketAddr>().unwrap();
        let (six, four) =
            (["[::1]:1", "[::2]:1"].map(address), ["1.1.1.1:1", "2.2.2.2:1", "3.3.3.3:1"].map(address));
        let now = Instant::now();
        let mut attempts = Attempts::new(six.into_iter().chain(four), Some(now + Duration::from_secs(10)));
        let mut order = Vec::new();
        while let Some((address, until)) = attempts.next(now) {
            let left = 5 - order.len() as u32;
            assert_eq!(until, Some(now + Duration::from_secs(10) / left));
            order.push(address);
        }
        assert_eq!(order, [six[0], four[0], six[1], four[1], four[2]]);
        let mut late = Attempts::new(six, Some(now));
        assert_eq!(late.next(now), None);
    }
}
