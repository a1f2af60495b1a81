//! Envelopes: data of every length, in parts of every length, and what was changed.

use std::io::{self, Read, Write};

use kmip_sdk::keys::envelope::{self, DataKey, EnvelopeError, Header, OpenReader, SealWriter};
use kmip_sdk::types::SecretBytes;
use kmip_sdk::types::operation::DecryptRequest;
use proptest::prelude::*;

const CHUNK: usize = 64 << 10;
const TAG: usize = 16;

/// A server that encrypts by doing nothing.
fn wrap(data_key: &DataKey) -> Result<DecryptRequest, EnvelopeError> {
    Ok(DecryptRequest::new("kek-1", data_key.reveal()))
}

fn unwrap(request: DecryptRequest) -> Result<DataKey, EnvelopeError> {
    DataKey::from_bytes(request.data.unwrap().as_bytes().unwrap())
}

fn sealed(plaintext: &[u8]) -> Vec<u8> {
    envelope::seal(plaintext, wrap).unwrap()
}

fn open(sealed: &[u8]) -> Result<SecretBytes, EnvelopeError> {
    envelope::open(sealed, unwrap)
}

fn data(length: usize) -> Vec<u8> {
    (0..length).map(|index| (index % 251) as u8).collect()
}

/// How long the header is.
fn header(sealed: &[u8]) -> usize {
    Header::read(sealed).unwrap().unwrap().1
}

#[test]
fn data_of_every_length_opens_again() {
    for length in
        [0, 1, 15, 16, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK - 1, 2 * CHUNK, 2 * CHUNK + 1, 5 * CHUNK]
    {
        let sealed = sealed(&data(length));
        assert_eq!(open(&sealed).unwrap().reveal(), data(length), "{length}");
        let chunks = length.div_ceil(CHUNK).max(1);
        assert_eq!(sealed.len(), header(&sealed) + length + chunks * TAG, "{length}");
    }
}

#[test]
fn says_which_key_opens_it() {
    let sealed = sealed(b"data");
    let (header, _) = Header::read(&sealed).unwrap().unwrap();
    assert_eq!(header.wrapping_key(), Some(&"kek-1".into()));
    assert!(sealed.starts_with(b"KMIPENV\x01\x01\x00\x01\x00\x00"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn parts_of_any_length_are_as_the_whole(
        length in 0..3 * CHUNK,
        parts in prop::collection::vec(1..100_000_usize, 1..20),
    ) {
        let data = data(length);
        let data_key = DataKey::generate().unwrap();
        let request = wrap(&data_key).unwrap();
        let mut sealer = data_key.seal(request).unwrap();
        let mut sealed = sealer.header().to_vec();
        for part in in_parts(&data, &parts) {
            sealer.update(part, &mut sealed).unwrap();
        }
        sealer.finish(&mut sealed).unwrap();
        let opened = open(&sealed).unwrap();
        prop_assert_eq!(opened.reveal(), &data);

        let (header, length) = Header::read(&sealed).unwrap().unwrap();
        let data_key = unwrap(header.decrypt_request().clone()).unwrap();
        let mut opener = header.open(data_key).unwrap();
        let mut plaintext = Vec::new();
        for part in in_parts(&sealed[length..], &parts) {
            opener.update(part, &mut plaintext).unwrap();
        }
        opener.finish(&mut plaintext).unwrap();
        prop_assert_eq!(plaintext, data);
    }

    #[test]
    fn readers_and_writers_of_any_length_are_as_the_whole(
        length in 0..3 * CHUNK,
        step in 1..90_000_usize,
    ) {
        let data = data(length);
        let mut sealed = Vec::new();
        let seen = envelope::seal_stream(Slow(&data, step), &mut sealed, |key| Ok::<_, Failure>(wrap(key)?));
        prop_assert_eq!(seen.unwrap(), length as u64);
        let mut plaintext = Vec::new();
        let opened =
            envelope::open_stream(Slow(&sealed, step), &mut plaintext, |request| Ok::<_, Failure>(unwrap(request)?));
        prop_assert_eq!(opened.unwrap(), length as u64);
        prop_assert_eq!(plaintext, data);
    }

    #[test]
    fn what_was_changed_does_not_open(length in 0..2 * CHUNK + 2, at in any::<prop::sample::Index>(), bit in 0..8_u32) {
        let mut sealed = sealed(&data(length));
        let at = at.index(sealed.len());
        sealed[at] ^= 1_u8 << bit;
        prop_assert!(open(&sealed).is_err(), "byte {} of {}", at, sealed.len());
    }

    #[test]
    fn what_was_cut_does_not_open(length in 0..2 * CHUNK + 2, at in any::<prop::sample::Index>()) {
        let sealed = sealed(&data(length));
        let at = at.index(sealed.len());
        prop_assert!(open(&sealed[..at]).is_err(), "{} of {} bytes", at, sealed.len());
        let read = envelope::open_stream(&sealed[..at], io::sink(), |request| Ok::<_, Failure>(unwrap(request)?));
        prop_assert!(read.is_err());
    }

    #[test]
    fn what_is_no_envelope_does_not_open(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(open(&bytes).is_err());
        prop_assert!(open(&[b"KMIPENV\x01\x01".as_slice(), &bytes].concat()).is_err());
    }
}

#[test]
fn chunks_cannot_be_left_out_repeated_moved_or_added() {
    let whole = sealed(&data(3 * CHUNK + 7));
    let (start, size) = (header(&whole), CHUNK + TAG);
    let chunks: Vec<&[u8]> = whole[start..].chunks(size).collect();
    let [first, second, third, last] = chunks[..] else { panic!() };
    let other = sealed(&data(CHUNK));
    let foreign = &other[header(&other)..];
    for (name, order) in [
        ("cut at a chunk", vec![first, second, third]),
        ("without the last but one", vec![first, second, last]),
        ("without the first", vec![second, third, last]),
        ("swapped", vec![second, first, third, last]),
        ("repeated", vec![first, first, second, third, last]),
        ("the last twice", vec![first, second, third, last, last]),
        ("another's", vec![first, foreign, third, last]),
    ] {
        let changed = [&[&whole[..start]], &order[..]].concat().concat();
        let error = open(&changed).unwrap_err();
        assert!(matches!(error, EnvelopeError::Refused { .. }), "{name}: {error}");
    }
    assert_eq!(open(&whole[..start]).unwrap_err(), EnvelopeError::Truncated);
}

#[test]
fn another_data_key_does_not_open_it() {
    let sealed = sealed(b"data");
    let other = envelope::open(&sealed, |_| DataKey::generate()).unwrap_err();
    assert_eq!(other, EnvelopeError::Refused { chunk: 0 });
    let short = envelope::open(&sealed, |_| DataKey::from_bytes(vec![0; 16])).unwrap_err();
    assert_eq!(short, EnvelopeError::DataKeyLength { found: 16 });
}

#[test]
fn says_what_it_does_not_read() {
    let sealed = sealed(b"data");
    let changed = |at: usize, byte: u8| {
        let mut changed = sealed.clone();
        changed[at] = byte;
        open(&changed).unwrap_err()
    };
    assert_eq!(changed(0, b'X'), EnvelopeError::NoEnvelope);
    assert_eq!(changed(7, 2), EnvelopeError::Version { found: 2 });
    assert_eq!(changed(8, 9), EnvelopeError::Algorithm { found: 9 });
    assert_eq!(changed(9, 0xFF), EnvelopeError::ChunkLength { found: 0xFF01_0000 });
    assert!(matches!(changed(20, 0xFF), EnvelopeError::RequestLength { .. }));
}

/// A writer that is dropped leaves an envelope that does not open; one that is finished does.
#[test]
fn only_what_was_finished_opens() {
    let write = |finish: bool| {
        let data_key = DataKey::generate().unwrap();
        let request = wrap(&data_key).unwrap();
        let mut sealed = Vec::new();
        let mut writer = SealWriter::new(data_key.seal(request).unwrap(), &mut sealed).unwrap();
        writer.write_all(&data(CHUNK + 9)).unwrap();
        if finish {
            writer.finish().unwrap();
        }
        sealed
    };
    assert!(open(&write(false)).is_err());
    assert_eq!(open(&write(true)).unwrap().reveal(), data(CHUNK + 9));
}

#[test]
fn a_reader_says_at_the_end_that_it_is_cut() {
    let sealed = sealed(&data(2 * CHUNK));
    let mut reader = &sealed[..sealed.len() - CHUNK - TAG];
    let header = Header::read_from(&mut reader).unwrap().unwrap();
    let data_key = unwrap(header.decrypt_request().clone()).unwrap();
    let mut reader = OpenReader::new(header.open(data_key).unwrap(), reader);
    let error = reader.read_to_end(&mut Vec::new()).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    assert!(error.get_ref().unwrap().is::<EnvelopeError>());
}

#[test]
fn shows_no_secret() {
    let data_key = DataKey::generate().unwrap();
    assert_eq!(format!("{data_key:?}"), "DataKey(..)");
    let request = DecryptRequest::new("kek-1", vec![0x5A; 32]);
    let sealer = data_key.seal(request).unwrap();
    assert_eq!(format!("{sealer:?}"), "Sealer { next: Some(0), .. }");
}

/// What the streams of these tests fail with.
#[derive(Debug)]
struct Failure;

impl From<EnvelopeError> for Failure {
    fn from(_: EnvelopeError) -> Self {
        Self
    }
}

impl From<io::Error> for Failure {
    fn from(_: io::Error) -> Self {
        Self
    }
}

/// A reader that gives no more than so many bytes at once.
struct Slow<'a>(&'a [u8], usize);

impl Read for Slow<'_> {
    fn read(&mut self, output: &mut [u8]) -> io::Result<usize> {
        let length = output.len().min(self.1);
        self.0.read(&mut output[..length])
    }
}

/// The bytes in parts of these lengths, again and again.
fn in_parts<'a>(mut bytes: &'a [u8], lengths: &'a [usize]) -> impl Iterator<Item = &'a [u8]> {
    let mut lengths = lengths.iter().cycle();
    std::iter::from_fn(move || {
        let length = bytes.len().min(*lengths.next()?);
        let (part, rest) = bytes.split_at(length);
        bytes = rest;
        (!part.is_empty()).then_some(part)
    })
}
