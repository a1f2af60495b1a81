//! Cryptographic operations in parts: whatever the size of the parts, all of them yield what the whole yields.

use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use kmip_sdk::ErrorKind;
use kmip_sdk::generic::Client;
use kmip_sdk::server::{Failure, Server, ServerOptions};
use kmip_sdk::types::enumerations::{HashingAlgorithm, Operation, RecommendedCurve, ResultReason};
use kmip_sdk::types::message::{Message, RequestMessage};
use kmip_sdk::types::operation::{HashRequest, RequestPayload};
use kmip_sdk::types::{Limits, ProtocolVersion};
use kmip_sdk::verbs::{Sink, Source};

use crate::drivers::{Drives, Make, Start, with_both_drivers};

/// How many requests of an operation came, and how much data the largest had.
#[derive(Default)]
struct Seen {
    requests: AtomicUsize,
    largest: AtomicUsize,
}

/// A client of an embedded server, and what the server saw.
fn client<D: Drives>(version: ProtocolVersion) -> (Client<D>, Arc<Seen>) {
    let seen = Arc::<Seen>::default();
    let seen_by = Arc::clone(&seen);
    let server = Server::default();
    let service = move |request: &[u8]| {
        seen_by.requests.fetch_add(1, Ordering::Relaxed);
        seen_by.largest.fetch_max(request.len(), Ordering::Relaxed);
        server.handle(request)
    };
    (D::builder().service(service).version(version).start_late().unwrap(), seen)
}

fn data(length: usize) -> Vec<u8> {
    (0..length).map(|number| (number * 7 % 251) as u8).collect()
}

fn yields_the_same_in_parts_of_every_size<D: Drives>()
where
    for<'a> &'a [u8]: Source<D>,
    for<'a> &'a mut Vec<u8>: Sink<D>,
{
    let (client, _) = client::<D>(ProtocolVersion::V2_1);
    let key = client.create_aes(256).activated().make().unwrap().unique_identifier;
    let mac_key =
        client.create_hmac(HashingAlgorithm::Sha256, 256).activated().make().unwrap().unique_identifier;
    let pair = client.create_ec(RecommendedCurve::P256).signing().activated().make().unwrap();
    let (private, public) = (pair.private_key_unique_identifier, pair.public_key_unique_identifier);
    for length in [0, 1, 15, 16, 17, 64, 65] {
        let data = data(length);
        let iv = vec![9; 12];
        let whole =
            client.encrypt(&key, &*data).aes_gcm().iv_counter_nonce(iv.clone()).aad("aad").make().unwrap();
        let mac = client.mac(&mac_key, &*data).hmac(HashingAlgorithm::Sha256).make().unwrap();
        let hash = client.hash(HashingAlgorithm::Sha384, &*data).make().unwrap();
        for part in (1..=20).chain([63, 64, 65, 66]) {
            let mut ciphertext = Vec::new();
            let call = client.encrypt_stream(&key, &*data, &mut ciphertext).part_size(part);
            let call = call.aes_gcm().iv_counter_nonce(iv.clone()).aad("aad");
            let encrypted = call.make().unwrap();
            assert_eq!(ciphertext, whole.data, "{length} bytes in parts of {part}");
            assert_eq!(encrypted.authenticated_encryption_tag, whole.authenticated_encryption_tag);
            let mut plaintext = Vec::new();
            client.decrypt_stream(&encrypted, &*ciphertext, &mut plaintext).part_size(part).make().unwrap();
            assert_eq!(plaintext, data);

            let call = client.mac_stream(&mac_key, &*data).part_size(part).hmac(HashingAlgorithm::Sha256);
            assert_eq!(call.make().unwrap(), mac);
            let verify = client.mac_verify_stream(&mac_key, &*data, mac.clone()).part_size(part);
            verify.hmac(HashingAlgorithm::Sha256).make().unwrap();
            let call = client.hash_stream(HashingAlgorithm::Sha384, &*data).part_size(part);
            assert_eq!(call.make().unwrap(), hash);
        }
        let signature =
            client.sign_stream(&private, &*data).part_size(7).ecdsa(HashingAlgorithm::Sha256).make().unwrap();
        let verify = client.signature_verify(&public, &*data, &*signature).ecdsa(HashingAlgorithm::Sha256);
        verify.make().unwrap();
        let verify = client.signature_verify_stream(&public, &*data, signature).part_size(5);
        verify.ecdsa(HashingAlgorithm::Sha256).make().unwrap();
    }
}

fn finds_out_that_a_stream_was_changed<D: Drives>()
where
    for<'a> &'a [u8]: Source<D>,
    for<'a> &'a mut Vec<u8>: Sink<D>,
{
    let (client, _) = client::<D>(ProtocolVersion::V2_1);
    let key = client.create_aes(256).activated().make().unwrap().unique_identifier;
    let mut ciphertext = Vec::new();
    let encrypted =
        client.encrypt_stream(&key, &*data(100), &mut ciphertext).part_size(16).aes_gcm().make().unwrap();
    ciphertext[40] ^= 1;
    let error =
        client.decrypt_stream(&encrypted, &*ciphertext, &mut Vec::new()).part_size(16).make().unwrap_err();
    assert_eq!(error.server().unwrap().operation, Some(Operation::Decrypt));
    let mac_key = client.create_hmac(HashingAlgorithm::Sha256, 256).activated().make().unwrap();
    let data = data(100);
    let verify = client.mac_verify_stream(&mac_key, &*data, vec![0; 32]).part_size(16);
    let error = verify.hmac(HashingAlgorithm::Sha256).make().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::NotValid { .. }), "{error}");
}

fn holds_no_more_than_parts_in_a_message<D: Drives>()
where
    for<'a> &'a [u8]: Source<D>,
    for<'a> &'a mut Vec<u8>: Sink<D>,
{
    let (client, seen) = client::<D>(ProtocolVersion::V1_4);
    let key = client.create_aes(256).activated().make().unwrap().unique_identifier;
    let before = seen.requests.load(Ordering::Relaxed);
    let mut ciphertext = Vec::new();
    let encrypted = client.encrypt_stream(&key, &*data(1_000_000), &mut ciphertext).aes_gcm().make().unwrap();
    assert_eq!(seen.requests.load(Ordering::Relaxed) - before, 1_000_000usize.div_ceil(64 * 1024));
    assert!(seen.largest.load(Ordering::Relaxed) < 66 * 1024);
    // What was streamed can be decrypted as a whole.
    let mut whole = encrypted;
    whole.data = ciphertext;
    assert_eq!(client.decrypt(&whole).make().unwrap().reveal(), data(1_000_000));
}

fn sends_all_at_once_where_there_are_no_streams<D: Drives>()
where
    for<'a> &'a [u8]: Source<D>,
    for<'a> &'a mut Vec<u8>: Sink<D>,
{
    let limits = Limits { size: 128 * 1024, ..Limits::default() };
    // A version without streams, and a server that refuses them.
    let refuses = ServerOptions::default().operation(|request: HashRequest| match request.init_indicator {
        Some(_) => Err(Failure::new(ResultReason::FeatureNotSupported, "no streams")),
        None => Ok(kmip_sdk::types::operation::HashResponse {
            data: request.data.unwrap().as_bytes().map(Into::into),
            correlation_value: None,
        }),
    });
    let refusing = D::builder().service(Server::new(refuses)).version(ProtocolVersion::V2_1).limits(limits);
    let refusing = refusing.start_late().unwrap();
    let hashed = refusing.hash_stream(HashingAlgorithm::Sha256, &*data(5000)).part_size(1000).make().unwrap();
    assert_eq!(hashed, data(5000));
    let error =
        refusing.hash_stream(HashingAlgorithm::Sha256, &*data(100_000)).part_size(1000).make().unwrap_err();
    assert_eq!(
        error.to_string(),
        "sending the request: the server takes no stream, and the data is more than the 65536 bytes that a request \
         has room for: the result: Hash: OperationFailed, FeatureNotSupported: no streams"
    );

    let old = D::builder().service(Server::default()).version(ProtocolVersion::V1_2).limits(limits);
    let old = old.start_late().unwrap();
    let key = old.create_aes(256).activated().make().unwrap().unique_identifier;
    let mut ciphertext = Vec::new();
    let encrypted =
        old.encrypt_stream(&key, &*data(5000), &mut ciphertext).part_size(1000).aes_cbc().make().unwrap();
    let mut plaintext = Vec::new();
    old.decrypt_stream(&encrypted, &*ciphertext, &mut plaintext).part_size(1000).make().unwrap();
    assert_eq!(plaintext, data(5000));
    let much = data(100_000);
    let call = old.encrypt_stream(&key, &*much, &mut ciphertext).part_size(1000).aes_cbc();
    let error = call.make().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::NoStreams { room: 65536, refused: None }), "{error}");
    assert!(!error.is_outcome_unknown() && !error.is_retryable());
}

fn gives_up_and_tells_the_server<D: Drives>()
where
    for<'a> &'a [u8]: Source<D>,
{
    let finals = Arc::<AtomicUsize>::default();
    let (server, seen) = (Server::default(), Arc::clone(&finals));
    let service = move |request: &[u8]| {
        let message = RequestMessage::from_ttlv(request).unwrap();
        if let RequestPayload::Hash(hash) = &message.batch_item[0].request_payload {
            seen.fetch_add(usize::from(hash.final_indicator == Some(true)), Ordering::Relaxed);
        }
        server.handle(request)
    };
    let client = D::builder().service(service).version(ProtocolVersion::V2_1).start_late().unwrap();
    let data = data(1000);
    let call = client.hash_stream(HashingAlgorithm::Sha256, &*data).part_size(100);
    let error = call
        .progress(|bytes| if bytes < 500 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        .make()
        .unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Aborted { bytes: 500 }), "{error}");
    assert_eq!(finals.load(Ordering::Relaxed), 1);
}

/// What ends in a failure after some bytes.
struct Broken(usize);

impl io::Read for Broken {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = into.len().min(self.0).min(10);
        self.0 -= read;
        if read == 0 { Err(io::Error::other("the disk is gone")) } else { Ok(read) }
    }
}

#[test]
fn says_that_the_data_could_not_be_read() {
    let (client, seen) = client::<kmip_sdk::Blocking>(ProtocolVersion::V2_1);
    let error = client.hash_stream(HashingAlgorithm::Sha256, Broken(250)).part_size(100).make().unwrap_err();
    assert_eq!(error.to_string(), "sending the request: the data of the stream: the disk is gone");
    // Two parts, and that it is over.
    assert_eq!(seen.requests.load(Ordering::Relaxed), 2);
}

with_both_drivers!(
    yields_the_same_in_parts_of_every_size,
    finds_out_that_a_stream_was_changed,
    holds_no_more_than_parts_in_a_message,
    sends_all_at_once_where_there_are_no_streams,
    gives_up_and_tells_the_server,
);
