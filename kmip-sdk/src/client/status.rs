//! How the connections of a client are.

use kmip_types::ProtocolVersion;

use crate::engine::Closed;

/// How the connections of a client are at the moment.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PoolStatus {
    /// Each server, in the order in which they were given.
    pub servers: Vec<ServerStatus>,
}

/// How the connections to a server are at the moment.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServerStatus {
    /// Its address, unless it is in the same process.
    pub address: Option<String>,
    /// The version of the protocol, once it is known.
    pub version: Option<ProtocolVersion>,
    /// How many connections are in use or being made.
    pub in_use: usize,
    /// How many connections nobody uses.
    pub idle: usize,
    /// How many calls wait for a connection.
    pub waiting: usize,
    /// How many connections were opened since the client was made.
    pub opened: u64,
    /// How many connections were closed since the client was made, and why.
    pub closed: [(Closed, u64); Closed::ALL.len()],
    /// How often in a row it could not be reached.
    pub failures: u32,
}

impl PoolStatus {
    /// How many connections are in use or being made.
    pub fn in_use(&self) -> usize {
        self.servers.iter().map(|server| server.in_use).sum()
    }

    /// How many connections nobody uses.
    pub fn idle(&self) -> usize {
        self.servers.iter().map(|server| server.idle).sum()
    }

    /// How many calls wait for a connection.
    pub fn waiting(&self) -> usize {
        self.servers.iter().map(|server| server.waiting).sum()
    }

    /// How many connections were opened since the client was made.
    pub fn opened(&self) -> u64 {
        self.servers.iter().map(|server| server.opened).sum()
    }

    /// How many connections were closed for this reason since the client was made.
    pub fn closed(&self, why: Closed) -> u64 {
        let of_server = |server: &ServerStatus| {
            server.closed.iter().filter(|(reason, _)| *reason == why).map(|(_, count)| count).sum::<u64>()
        };
        self.servers.iter().map(of_server).sum()
    }
}
