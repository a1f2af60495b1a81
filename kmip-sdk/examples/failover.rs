//! Two ways to servers that stand for each other: the client takes the second where the first is shut. What changes nothing is
//! asked again where its answer is lost; what may have taken effect is not made twice, and the error says so.
#![allow(clippy::print_stdout, clippy::unwrap_used)] // An example prints, and shows failures.

use std::io::copy;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use kmip_sdk::Client;
use kmip_sdk::server::EmbeddedServer;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = EmbeddedServer::start()?;
    let (first, second) = (Door::open(server.address())?, Door::open(server.address())?);
    let client = Client::builder()
        .address(first.address.to_string())
        .address(second.address.to_string())
        .root_certificates_pem(server.ca_certificate_pem())
        .identity_pem(server.client_certificate_pem(), server.client_key_pem())
        .build()?;
    let key = client.create_aes(256).name("orders").activated().send()?;
    println!("made {} through the first", key.unique_identifier);

    // Answers of the first are lost from now on: Locate is asked again, through the second.
    first.loses_answers.store(true, Ordering::Relaxed);
    println!("found {}, asked twice", client.locate().name("orders").send()?.unique_identifier.len());

    // Create is not made twice. Whether there is a key is found out by its name.
    second.loses_answers.store(true, Ordering::Relaxed);
    let error = client.create_aes(256).name("invoices").send().unwrap_err();
    println!("{error}");
    assert!(error.is_outcome_unknown());
    second.loses_answers.store(false, Ordering::Relaxed);
    println!("there is {:?}", client.locate().name("invoices").newest().send()?.map(|key| key.to_string()));
    Ok(())
}

/// A way to a server, which may lose the answers.
struct Door {
    address: SocketAddr,
    loses_answers: Arc<AtomicBool>,
}

impl Door {
    fn open(server: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let door = Self { address: listener.local_addr()?, loses_answers: Arc::default() };
        let loses_answers = Arc::clone(&door.loses_answers);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let loses_answers = Arc::clone(&loses_answers);
                thread::spawn(move || pass(&client, server, &loses_answers));
            }
        });
        Ok(door)
    }
}

/// Passes on what both say, until answers are to be lost.
fn pass(client: &TcpStream, server: SocketAddr, loses_answers: &AtomicBool) -> std::io::Result<()> {
    let server = TcpStream::connect(server)?;
    thread::scope(|scope| {
        scope.spawn(|| copy(&mut &*client, &mut &server).and_then(|_| server.shutdown(Shutdown::Write)));
        let mut buffer = [0; 16 * 1024];
        loop {
            let read = std::io::Read::read(&mut &server, &mut buffer)?;
            if read == 0 || loses_answers.load(Ordering::Relaxed) {
                return client.shutdown(Shutdown::Both);
            }
            std::io::Write::write_all(&mut &*client, &buffer[..read])?;
        }
    })
}
