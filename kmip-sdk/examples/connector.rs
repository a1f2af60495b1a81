//! Calls over streams that the program makes itself: here plain TCP to a service of its own, in the same way a Unix
//! socket, a tunnel or another library of TLS.
#![allow(clippy::print_stdout)] // An example prints.

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use kmip_sdk::Tag;
use kmip_sdk::connect::{Address, Stream};
use kmip_sdk::framing::Framing;
use kmip_sdk::prelude::*;
use kmip_sdk::server::{Server, ServerOptions};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // A server without TLS, such as one behind a tunnel.
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?.to_string();
    thread::spawn(move || {
        let server = Server::new(ServerOptions::default());
        for mut stream in listener.incoming().flatten() {
            while let Ok(Some(request)) = Framing::new(Tag::REQUEST_MESSAGE).read_message(&mut stream) {
                if stream.write_all(&server.handle(&request)).is_err() {
                    break;
                }
            }
        }
    });

    let connect = |address: &Address, deadline: Option<Instant>| {
        let left = deadline
            .map_or(Duration::from_secs(10), |deadline| deadline.saturating_duration_since(Instant::now()));
        println!("connecting to {address}, for at most {} s", left.as_secs());
        let stream = TcpStream::connect((address.host(), address.port()))?;
        stream.set_nodelay(true)?;
        Ok(Box::new(stream) as Box<dyn Stream>)
    };
    let client = Client::builder().address(address).connector(connect).build()?;
    let found = client.call(LocateRequest::default()).send()?.unique_identifier;
    println!("{} objects, in KMIP {}", found.len(), client.connect().send()?);
    Ok(())
}
