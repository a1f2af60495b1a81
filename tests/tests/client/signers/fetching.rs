//! How a key finds its public key.

use kmip_sdk::ErrorKind;
use kmip_sdk::generic::Client;
use kmip_sdk::keys::{CertifiedKey, Material};
use kmip_sdk::signers::SignerError;
use kmip_sdk::types::attribute::{Attributes, UniqueIdentifier};
use kmip_sdk::types::enumerations::RecommendedCurve;
use kmip_sdk::usage::SIGN;

use super::{Kind, client, remote_key};
use crate::drivers::{Drives, Make, with_both_drivers};

/// A private key in the server that is linked to nothing.
fn registered<D: Drives>(client: &Client<D>, key: &Material) -> UniqueIdentifier {
    let request = key.to_register_request(Attributes::new().with_cryptographic_usage_mask(SIGN)).unwrap();
    client.call(request).make().unwrap().unique_identifier
}

fn refused<D: Drives>(call: kmip_sdk::Call<'_, D, kmip_sdk::signers::FetchRemoteKey>) -> SignerError {
    let error = call.make().unwrap_err();
    let ErrorKind::Signer(kind) = error.kind() else { panic!("{error}") };
    kind.clone()
}

fn the_public_key_is_that_of_the_links_or_the_one_that_is_said<D: Drives>() {
    let client = client::<D>();
    let private = Material::generate_on_curve(RecommendedCurve::P256).unwrap();
    let public = private.public_key().unwrap();
    let unlinked = registered(&client, &private);
    let said = client.remote_key(&unlinked).public_key(public.clone()).make().unwrap();
    assert_eq!((said.unique_identifier(), said.public_key()), (&unlinked, &public));
    let object = client.call(
        public
            .to_register_request(Attributes::new().with_cryptographic_usage_mask(kmip_sdk::usage::VERIFY))
            .unwrap(),
    );
    let object = object.make().unwrap().unique_identifier;
    let named = client.remote_key(&unlinked).public_key_identifier(object).make().unwrap();
    assert_eq!(named.public_key(), &public);
    let error = refused(client.remote_key(&unlinked));
    assert_eq!(error, SignerError::NoPublicKey { unique_identifier: unlinked });
    assert!(error.to_string().contains("say which it is by `public_key`"), "{error}");
}

fn a_certificate_will_do_for_the_public_key<D: Drives>() {
    let client = client::<D>();
    let made = rcgen::generate_simple_self_signed(["example.com".to_owned()]).unwrap();
    let pem = made.cert.pem() + &made.signing_key.serialize_pem();
    let pair = CertifiedKey::new(Material::all_from_pem(&pem).unwrap()).unwrap().without_public_key();
    let pair = pair.private_key_attributes(Attributes::new().with_cryptographic_usage_mask(SIGN));
    let registered = client.register_certified(&pair).make().unwrap();
    let key = client.remote_key(registered.private_key.as_ref().unwrap()).make().unwrap();
    let certificate = Material::from_pem(made.cert.pem()).unwrap();
    assert_eq!(key.public_key(), &certificate.public_key().unwrap());
}

fn what_is_no_private_key_or_not_its_public_key_is_refused<D: Drives>() {
    let client = client::<D>();
    let pair = client.create_ec(RecommendedCurve::P256).signing().activated().make().unwrap();
    let public = &pair.public_key_unique_identifier;
    let error = refused(client.remote_key(public));
    assert_eq!(
        error.to_string(),
        format!("`{public}` is of the type PublicKey, and a private key is wanted")
    );

    let aes = client.create_aes(256).make().unwrap().unique_identifier;
    let error = refused(client.remote_key(&pair.private_key_unique_identifier).public_key_identifier(&aes));
    assert!(matches!(error, SignerError::PublicKey { .. }), "{error}");

    let rsa = remote_key(&client, Kind::Rsa).public_key().clone();
    let error = refused(client.remote_key(&pair.private_key_unique_identifier).public_key(rsa));
    assert!(matches!(error, SignerError::OtherKey { .. }), "{error}");
    assert!(error.to_string().starts_with("a public key (RSA, 2048 bits) does not belong to"), "{error}");

    assert!(client.remote_key("nobody").make().unwrap_err().is_not_found());
}

fn a_key_shows_what_it_is_and_no_more<D: Drives>() {
    let key = remote_key(&client::<D>(), Kind::Ec(RecommendedCurve::P256));
    let text = format!("{key:?}");
    let expected = "public_key: Material(a public key (EC, P-256)), timeout: None, .. }";
    assert!(text.starts_with("RemoteKey { unique_identifier: ") && text.ends_with(expected), "{text}");
    assert_eq!(format!("{:?}", key.clone()), text);
}

with_both_drivers!(
    the_public_key_is_that_of_the_links_or_the_one_that_is_said,
    a_certificate_will_do_for_the_public_key,
    what_is_no_private_key_or_not_its_public_key_is_refused,
    a_key_shows_what_it_is_and_no_more,
);
