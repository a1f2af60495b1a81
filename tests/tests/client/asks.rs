//! Verbs that take more than their request: activated objects, pages, the newest, other formats, envelopes.

use std::sync::{Arc, Mutex};

use kmip_sdk::ErrorKind;
use kmip_sdk::generic::Client;
use kmip_sdk::keys::{CertifiedKey, KeyEncoding, Material};
use kmip_sdk::server::{Failure, Server, ServerOptions};
use kmip_sdk::types::ProtocolVersion;
use kmip_sdk::types::attribute::{Attributes, UniqueIdentifier};
use kmip_sdk::types::enumerations::{KeyFormatType, Operation, ResultReason, State};
use kmip_sdk::types::message::{Message, RequestMessage};
use kmip_sdk::types::operation::{
    ActivateRequest, AddAttributeRequest, AddAttributeResponse, GetAttributesRequest,
};
use kmip_sdk::verbs::{Sink, Source};

use crate::drivers::{Drives, Make, Start, with_both_drivers};

/// The operations of each message that a server was asked for.
type Seen = Arc<Mutex<Vec<Vec<Operation>>>>;

/// A client of an embedded server in a version, and what the server is asked for.
fn client<D: Drives>(version: ProtocolVersion, options: ServerOptions) -> (Client<D>, Seen) {
    let seen = Seen::default();
    let seen_by = Arc::clone(&seen);
    let server = Server::new(options);
    let service = move |request: &[u8]| {
        let message = RequestMessage::from_ttlv(request).unwrap();
        seen_by.lock().unwrap().push(message.batch_item.iter().map(|item| item.operation).collect());
        server.handle(request)
    };
    (D::builder().service(service).version(version).start_late().unwrap(), seen)
}

fn activates_in_one_message_in_every_version<D: Drives>() {
    for version in ProtocolVersion::ALL.iter().copied() {
        let (client, seen) = client::<D>(version, ServerOptions::default());
        let key = client.create_aes(256).activated().make().unwrap();
        let expected = match version.is_at_least(ProtocolVersion::V2_0) {
            true => vec![Operation::Create],
            false => vec![Operation::Create, Operation::Activate],
        };
        assert_eq!(seen.lock().unwrap().as_slice(), [expected], "{version}");
        let attributes = client.get_attributes(&key).make().unwrap().attributes;
        assert_eq!(attributes.state(), Some(State::Active), "{version}");
        let pair = client.create_rsa(2048).signing().activated().make().unwrap();
        for key in [&pair.private_key_unique_identifier, &pair.public_key_unique_identifier] {
            let attributes = client.get_attributes(key).make().unwrap().attributes;
            assert_eq!(attributes.state(), Some(State::Active), "{version}");
        }
    }
}

fn names_the_object_that_was_made_and_not_activated<D: Drives>() {
    let refuses = |_: ActivateRequest| Err(Failure::new(ResultReason::PermissionDenied, "not by you"));
    let (client, _) = client::<D>(ProtocolVersion::V1_4, ServerOptions::default().operation(refuses));
    let error = client.create_aes(256).name("app").activated().make().unwrap_err();
    let ErrorKind::NotActivated { made, .. } = error.kind() else { panic!("{error:?}") };
    assert_eq!(made.first(), client.locate().name("app").newest().make().unwrap().as_ref());
    assert!(error.is_permission_denied() && !error.is_retryable());
}

fn finds_the_newest_in_every_version<D: Drives>() {
    for version in [ProtocolVersion::V1_0, ProtocolVersion::V1_4, ProtocolVersion::V2_1] {
        let clock = Arc::new(Mutex::new(0));
        let options = ServerOptions::default().clock(move || {
            let mut now = clock.lock().unwrap();
            *now += 1;
            kmip_sdk::types::DateTime::from_seconds(1_700_000_000 + *now)
        });
        let (client, seen) = client::<D>(version, options);
        assert_eq!(client.locate().newest().make().unwrap(), None);
        let keys =
            [(); 3].map(|()| client.create_aes(256).object_group("g").make().unwrap().unique_identifier);
        seen.lock().unwrap().clear();
        let newest = client.locate().object_group("g").newest().make().unwrap();
        assert_eq!(newest.as_ref(), keys.last(), "{version}");
        let expected = if version.is_at_least(ProtocolVersion::V2_0) { 1 } else { 2 };
        assert_eq!(seen.lock().unwrap().len(), expected);
    }
}

#[test]
fn pages_through_all_results() {
    for version in [ProtocolVersion::V1_2, ProtocolVersion::V1_3, ProtocolVersion::V2_1] {
        let (client, seen) = client::<kmip_sdk::Blocking>(version, ServerOptions::default());
        let mut keys: Vec<_> =
            (0..7).map(|_| client.create_aes(256).send().unwrap().unique_identifier).collect();
        seen.lock().unwrap().clear();
        let mut found: Vec<_> = client.locate().maximum_items(3).pages().collect::<Result<_, _>>().unwrap();
        keys.sort();
        found.sort();
        assert_eq!(found, keys, "{version}");
        // 3, 3, 1 and none; where there are no pages, all at once.
        let expected = if version.is_at_least(ProtocolVersion::V1_3) { 4 } else { 1 };
        assert_eq!(seen.lock().unwrap().len(), expected, "{version}");
    }
    let refused = client::<kmip_sdk::Blocking>(ProtocolVersion::V2_1, ServerOptions::default()).0;
    let mut pages = refused.locate().maximum_items(u32::MAX).pages();
    assert!(matches!(pages.next().unwrap().unwrap_err().kind(), ErrorKind::TooLarge { .. }));
    assert!(pages.next().is_none(), "after an error there are no more");
}

#[test]
fn pages_through_all_results_as_a_stream() {
    let (client, _) = client::<kmip_sdk::tokio::Tokio>(ProtocolVersion::V2_1, ServerOptions::default());
    crate::drivers::RUNTIME.block_on(async {
        for _ in 0..5 {
            client.create_aes(256).await.unwrap();
        }
        let mut pages = client.locate().maximum_items(2).pages();
        let mut count = 0;
        while let Some(found) = pages.next().await {
            found.unwrap();
            count += 1;
        }
        assert_eq!(count, 5);
    });
}

fn converts_what_the_server_does_not<D: Drives>() {
    let server = Server::default();
    let service = move |request: &[u8]| server.handle(request);
    let whole = D::builder().service(service).version(ProtocolVersion::V2_1).start_late().unwrap();
    let material = Material::generate_rsa(2048).unwrap();
    let key = whole.register_material(&material).usage(kmip_sdk::usage::SIGN).make().unwrap();
    let formats = [KeyFormatType::Pkcs1, KeyFormatType::Pkcs8, KeyFormatType::TransparentRsaPrivateKey];
    for format in formats {
        let got = whole.get_as(&key, format).make().unwrap();
        assert_eq!(got.object.key_block().unwrap().key_format_type, format);
        assert_eq!(Material::from_object(&got.object).unwrap(), material);
    }
    // A server that gives a key as it is alone.
    let registered = whole.get(&key).make().unwrap();
    let plain = move |request: kmip_sdk::types::operation::GetRequest| match request.key_format_type {
        Some(_) => Err(Failure::new(ResultReason::KeyFormatTypeNotSupported, "as it is alone")),
        None => Ok(registered.clone()),
    };
    let (limited, seen) = client::<D>(ProtocolVersion::V2_1, ServerOptions::default().operation(plain));
    let got = limited.get_as(&key, KeyFormatType::TransparentRsaPrivateKey).make().unwrap();
    assert_eq!(got.object.key_block().unwrap().key_format_type, KeyFormatType::TransparentRsaPrivateKey);
    assert_eq!(Material::from_object(&got.object).unwrap(), material);
    assert_eq!(seen.lock().unwrap().len(), 2);
    let error = limited.get_as(&key, KeyFormatType::X509).make().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Key(_)), "{error}");
}

fn registers_what_is_in_pem_and_says_what_is_not<D: Drives>() {
    let (client, seen) = client::<D>(ProtocolVersion::V1_4, ServerOptions::default());
    let material =
        Material::generate_on_curve(kmip_sdk::types::enumerations::RecommendedCurve::P256).unwrap();
    let pem = material.to_pem_as(KeyEncoding::Sec1).unwrap();
    let key = client.register_pem(pem.reveal()).usage(kmip_sdk::usage::SIGN).name("k").make().unwrap();
    assert_eq!(client.get_material(&key).make().unwrap(), material);
    let attributes =
        client.call(GetAttributesRequest::new(&key, [kmip_sdk::Tag::CRYPTOGRAPHIC_LENGTH])).make();
    assert_eq!(attributes.unwrap().attributes.cryptographic_length(), Some(256));
    seen.lock().unwrap().clear();
    let error = client.register_pem("no PEM").usage(kmip_sdk::usage::SIGN).make().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Key(_)), "{error}");
    assert!(seen.lock().unwrap().is_empty(), "nothing was sent");
}

fn registers_a_certificate_with_its_keys_and_links_them<D: Drives>() {
    let made = rcgen::generate_simple_self_signed(["example.com".to_owned()]).unwrap();
    let pem = made.cert.pem() + &made.signing_key.serialize_pem();
    let certified = CertifiedKey::new(Material::all_from_pem(&pem).unwrap()).unwrap();
    let sign = Attributes::new().with_cryptographic_usage_mask(kmip_sdk::usage::SIGN);
    let certified = certified.private_key_attributes(sign);
    // A server that knows no objects by their place in the response.
    let by_name = |options: ServerOptions| {
        options.operation(|request: AddAttributeRequest| match request.unique_identifier {
            Some(UniqueIdentifier::Text(text)) => {
                Ok(AddAttributeResponse { unique_identifier: text.into(), attribute: None })
            }
            _ => Err(Failure::new(ResultReason::InvalidField, "by name alone")),
        })
    };
    for (version, by_name_alone, messages) in [
        (ProtocolVersion::V1_4, false, 2),
        (ProtocolVersion::V2_1, false, 1),
        (ProtocolVersion::V2_1, true, 2),
    ] {
        let options = ServerOptions::default();
        let options = if by_name_alone { by_name(options) } else { options };
        let (client, seen) = client::<D>(version, options);
        let registered = client.register_certified(&certified).make().unwrap();
        assert_eq!(seen.lock().unwrap().len(), messages, "{version} {by_name_alone}");
        if by_name_alone {
            continue;
        }
        let (private, public) = (registered.private_key.unwrap(), registered.public_key.unwrap());
        let links = |object: &UniqueIdentifier| {
            let attributes = client.get_attributes(object).make().unwrap().attributes;
            let mut links: Vec<_> =
                attributes.links().map(|link| link.linked_object_identifier.to_string()).collect();
            links.sort();
            links
        };
        let sorted = |ids: [&UniqueIdentifier; 2]| {
            let mut ids = ids.map(ToString::to_string);
            ids.sort();
            ids
        };
        assert_eq!(links(&private), sorted([&public, &registered.certificate]));
        assert_eq!(links(&public), sorted([&private, &registered.certificate]));
        assert_eq!(links(&registered.certificate), sorted([&private, &public]));
    }
}

fn seals_and_unseals<D: Drives>()
where
    for<'a> &'a [u8]: Source<D>,
    for<'a> &'a mut Vec<u8>: Sink<D>,
{
    let (client, seen) = client::<D>(ProtocolVersion::V2_1, ServerOptions::default());
    let key = client.create_aes(256).activated().make().unwrap();
    for length in [0, 1, 65_535, 65_536, 65_537, 300_000] {
        let data: Vec<u8> = (0..length).map(|number| (number % 251) as u8).collect();
        seen.lock().unwrap().clear();
        let mut sealed = Vec::new();
        client.seal(&key, &*data, &mut sealed).make().unwrap();
        let mut opened = Vec::new();
        client.unseal(&*sealed, &mut opened).make().unwrap();
        assert_eq!(opened, data);
        assert_eq!(seen.lock().unwrap().concat(), [Operation::Encrypt, Operation::Decrypt]);
        let last = sealed.len() - 1;
        sealed[last] ^= 1;
        let error = client.unseal(&*sealed, &mut Vec::new()).make().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Envelope(_)), "{error}");
        let error = client.unseal(&sealed[..20], &mut Vec::new()).make().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Envelope(_)), "{error}");
    }
}

with_both_drivers!(
    activates_in_one_message_in_every_version,
    names_the_object_that_was_made_and_not_activated,
    finds_the_newest_in_every_version,
    converts_what_the_server_does_not,
    registers_what_is_in_pem_and_says_what_is_not,
    registers_a_certificate_with_its_keys_and_links_them,
    seals_and_unseals,
);
