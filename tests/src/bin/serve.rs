//! `serve FOLDER`: an embedded server until the standard input ends. Writes the certificates of the authority and of two
//! clients into the folder, and prints where the server listens, `HOST:PORT`.

#![forbid(unsafe_code)]

use std::error::Error;
use std::io::{Read, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::{env, fs, io};

use kmip_sdk::server::EmbeddedServer;

fn main() -> ExitCode {
    let Some(folder) = env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("usage: serve FOLDER");
        return ExitCode::from(2);
    };
    match serve(&folder) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("serve: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve(folder: &std::path::Path) -> Result<(), Box<dyn Error>> {
    let server = EmbeddedServer::start()?;
    let (second, second_key) = server.new_client("second")?;
    fs::create_dir_all(folder)?;
    fs::write(folder.join("ca.crt"), server.ca_certificate_pem())?;
    fs::write(folder.join("client.crt"), server.client_certificate_pem())?;
    fs::write(folder.join("client.key"), server.client_key_pem())?;
    fs::write(folder.join("second.crt"), second)?;
    fs::write(folder.join("second.key"), second_key.as_bytes())?;
    writeln!(io::stdout(), "{}", server.address())?;
    io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
