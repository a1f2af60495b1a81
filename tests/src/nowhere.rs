//! A port that nobody listens on, and that is nobody else's meanwhile.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};

/// A port of this machine that refuses connections. A port that was only free a moment ago may be given to a test that runs
/// beside; this one is the local end of a connection until this is dropped.
#[derive(Debug)]
pub struct Nowhere {
    address: SocketAddr,
    // The far end closes first, so that nothing lingers on the port.
    _far: TcpStream,
    _near: TcpStream,
}

impl Nowhere {
    /// A port of 127.0.0.1.
    ///
    /// # Errors
    /// What the system says where it has no socket left.
    pub fn new() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let near = TcpStream::connect(listener.local_addr()?)?;
        let (far, _) = listener.accept()?;
        Ok(Self { address: near.local_addr()?, _far: far, _near: near })
    }

    /// Where nobody listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}
