//! Registers a certificate with its key, from PEM and from PKCS#12, linked with each other, and exports both again as PEM.
#![allow(clippy::print_stdout)] // An example prints.

use std::error::Error;

use kmip_sdk::Client;
use kmip_sdk::keys::{CertifiedKey, Material};
use kmip_sdk::server::EmbeddedServer;
use kmip_sdk::types::attribute::Attributes;
use kmip_sdk::types::enumerations::LinkType;
use kmip_sdk::usage::SIGN;

fn main() -> Result<(), Box<dyn Error>> {
    let server = EmbeddedServer::start()?;
    let client = Client::builder().embedded(&server).connect()?;

    let made = rcgen::generate_simple_self_signed(["example.com".to_owned()])?;
    let pem = made.cert.pem() + &made.signing_key.serialize_pem();
    register(&client, "from PEM", Material::all_from_pem(&pem)?)?;

    // A file with the certificate of its issuer in it, as `openssl pkcs12 -export` makes it.
    let pkcs12 = include_bytes!("certificate.p12");
    register(&client, "from PKCS#12", Material::all_from_pkcs12(pkcs12, "seventeen")?)?;

    for name in ["from PEM", "from PKCS#12"] {
        let [certificate, key] = export(&client, name)?;
        println!("{name}: {certificate} with {key}");
        println!("{}", certificate.to_pem()?.reveal());
        println!("{}", key.to_encrypted_pem("a password")?.reveal());
    }
    Ok(())
}

/// The certificate with its key, its public key and its issuers: one message for all, and one for the links.
fn register(client: &Client, name: &str, material: Vec<Material>) -> Result<(), Box<dyn Error>> {
    let certified = CertifiedKey::new(material)?
        .private_key_attributes(Attributes::new().with_cryptographic_usage_mask(SIGN))
        .certificate_attributes(Attributes::new().with_name(name));
    client.register_certified(&certified).send()?;
    Ok(())
}

/// The certificate by its name, and the private key that it is linked to.
fn export(client: &Client, name: &str) -> Result<[Material; 2], Box<dyn Error>> {
    let certificate = client.locate().name(name).newest().send()?.ok_or("there is no such certificate")?;
    let attributes = client.get_attributes(&certificate).send()?.attributes;
    let mut links = attributes.links();
    let link =
        links.find(|link| link.link_type == LinkType::PrivateKeyLink).ok_or("it has no private key")?;
    let key = client.get_material(&link.linked_object_identifier).send()?;
    Ok([client.get_material(certificate).send()?, key])
}
