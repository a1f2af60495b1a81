//! Outlines: what of broken TTLV is read, and what is shown of it.

use kmip_tests::wire::{item, raw, structure};
use kmip_types::dump::Outline;
use kmip_types::{Item, ItemType, Limits, Tag, TextCodec};

use crate::{all, request};

fn text(bytes: &[u8]) -> String {
    Outline::read(bytes, &TextCodec::new()).to_text().to_string()
}

fn annotated(bytes: &[u8]) -> String {
    Outline::read(bytes, &TextCodec::new()).to_annotated().to_string()
}

#[test]
fn the_outline_of_what_is_whole_is_its_text() {
    for (name, message) in all() {
        for codec in [TextCodec::new(), TextCodec::new().reveal_secrets(true)] {
            let outline = Outline::read(&message, &codec);
            assert_eq!(outline.problems().count(), 0, "{name}");
            assert_eq!(outline.to_text().to_string(), codec.to_text(&message).unwrap(), "{name}");
        }
    }
}

/// Every byte is in one line, and lines are not too wide.
#[test]
fn every_byte_is_annotated_once() {
    let codec = TextCodec::new().reveal_secrets(true);
    for (name, message) in all() {
        let annotated = Outline::read(&message, &codec).to_annotated();
        let mut at = 0;
        for line in annotated.lines() {
            assert!(line.chars().count() <= 110, "{name}: {line}");
            let Some(offset) = line.get(..8).and_then(|digits| usize::from_str_radix(digits, 16).ok()) else {
                continue;
            };
            assert_eq!(offset, at, "{name}: {line}");
            at += match line[10..].strip_prefix("… ") {
                Some(rest) => rest.split(' ').next().unwrap().parse::<usize>().unwrap(),
                None => {
                    let pairs = line[10..].split(' ').take_while(|word| word.len() == 2).take(8);
                    for (index, pair) in pairs.clone().enumerate() {
                        assert_eq!(pair, format!("{:02x}", message[at + index]), "{name}: {line}");
                    }
                    pairs.count()
                }
            };
        }
        assert_eq!(at, message.len(), "{name}");
    }
}

#[test]
fn a_message_is_annotated() {
    insta::assert_snapshot!(annotated(&request()), @r#"
    00000000  42 00 78 01 00 00 00 70  RequestMessage (Structure), 112 bytes
    00000008  42 00 77 01 00 00 00 38    RequestHeader (Structure), 56 bytes
    00000010  42 00 69 01 00 00 00 20      ProtocolVersion (Structure), 32 bytes
    00000018  42 00 6a 02 00 00 00 04        ProtocolVersionMajor (Integer), 4 bytes
    00000020  00 00 00 01                    1
    00000024  00 00 00 00                    padding
    00000028  42 00 6b 02 00 00 00 04        ProtocolVersionMinor (Integer), 4 bytes
    00000030  00 00 00 02                    2
    00000034  00 00 00 00                    padding
    00000038  42 00 0d 02 00 00 00 04      BatchCount (Integer), 4 bytes
    00000040  00 00 00 01                  1
    00000044  00 00 00 00                  padding
    00000048  42 00 0f 01 00 00 00 28    BatchItem (Structure), 40 bytes
    00000050  42 00 5c 05 00 00 00 04      Operation (Enumeration), 4 bytes
    00000058  00 00 00 12                  Activate (0x00000012)
    0000005c  00 00 00 00                  padding
    00000060  42 00 79 01 00 00 00 10      RequestPayload (Structure), 16 bytes
    00000068  42 00 94 07 00 00 00 05        UniqueIdentifier (TextString), 5 bytes
    00000070  6b 65 79 2d 31                 "key-1"
    00000075  00 00 00                       padding
    "#);
}

#[test]
fn a_cut_message_is_read_up_to_the_end() {
    insta::assert_snapshot!(text(&request()[..101]), @"
    RequestMessage (Structure)
      ! offset 0: a value of 112 bytes is declared, 93 are there: 19 bytes missing
      RequestHeader (Structure)
        ProtocolVersion (Structure)
          ProtocolVersionMajor (Integer): 1
          ProtocolVersionMinor (Integer): 2
        BatchCount (Integer): 1
      BatchItem (Structure)
        Operation (Enumeration): Activate (0x00000012)
        (not read, 5 bytes)
          ! offset 96: a header takes 8 bytes, 5 are there
    ");
    insta::assert_snapshot!(annotated(&request()[..101]), @"
    00000000  42 00 78 01 00 00 00 70  RequestMessage (Structure), 112 bytes
                                         ! a value of 112 bytes is declared, 93 are there: 19 bytes missing
    00000008  42 00 77 01 00 00 00 38    RequestHeader (Structure), 56 bytes
    00000010  42 00 69 01 00 00 00 20      ProtocolVersion (Structure), 32 bytes
    00000018  42 00 6a 02 00 00 00 04        ProtocolVersionMajor (Integer), 4 bytes
    00000020  00 00 00 01                    1
    00000024  00 00 00 00                    padding
    00000028  42 00 6b 02 00 00 00 04        ProtocolVersionMinor (Integer), 4 bytes
    00000030  00 00 00 02                    2
    00000034  00 00 00 00                    padding
    00000038  42 00 0d 02 00 00 00 04      BatchCount (Integer), 4 bytes
    00000040  00 00 00 01                  1
    00000044  00 00 00 00                  padding
    00000048  42 00 0f 01 00 00 00 28    BatchItem (Structure), 40 bytes
    00000050  42 00 5c 05 00 00 00 04      Operation (Enumeration), 4 bytes
    00000058  00 00 00 12                  Activate (0x00000012)
    0000005c  00 00 00 00                  padding
    00000060  (5 bytes)                    (not read, 5 bytes)
                                             ! a header takes 8 bytes, 5 are there
    ");
}

/// A structure of items that are wrong each in its own way, with right ones between them.
fn wrong() -> Vec<u8> {
    let right = |value| item(Tag::BATCH_COUNT, ItemType::Integer, &[0, 0, 0, value]);
    let content = [
        right(1),
        raw(Tag::UNIQUE_IDENTIFIER, 0x0F, 8, b"12345678"),
        right(2),
        raw(Tag::BATCH_COUNT, 2, 3, &[0, 0, 0, 9, 0, 0, 0, 0]),
        raw(Tag::BATCH_COUNT, 2, 64, &[0, 0, 0, 9, 0, 0, 0, 0]),
        right(3),
        item(Tag::UNIQUE_IDENTIFIER, ItemType::TextString, b"ab\xFFcd"),
        raw(Tag::UNIQUE_IDENTIFIER, 7, 3, b"abcSECRT"),
        item(Tag::SENSITIVE, ItemType::Boolean, &[0, 0, 0, 0, 0, 0, 0, 2]),
        right(4),
        structure(Tag::NAME, &raw(Tag::NAME_VALUE, 7, 40, b"abcdefgh")),
        right(5),
        item(Tag::PASSWORD, ItemType::TextString, b"hunter2"),
        item(Tag::UNIQUE_IDENTIFIER, ItemType::TextString, "a\u{202E}\u{1B}[2J".as_bytes()),
        b"what is this here?      ".to_vec(),
    ];
    structure(Tag::REQUEST_HEADER, &content.concat())
}

#[test]
fn reading_goes_on_behind_what_is_wrong() {
    insta::assert_snapshot!(text(&wrong()), @r#"
    RequestHeader (Structure)
      BatchCount (Integer): 1
      UniqueIdentifier (type 0x0F): (not read, 8 bytes)
        ! offset 24: 0x0F is not an item type
      BatchCount (Integer): 2
      BatchCount (Integer): (not read, 3 bytes)
        ! offset 56: a length of 3 is not valid for Integer, which takes 4 bytes
      BatchCount (Integer): (not read, 4 bytes)
        ! offset 72: a length of 64 is not valid for Integer, which takes 4 bytes
      BatchCount (Integer): 3
      UniqueIdentifier (TextString): (not read, 5 bytes)
        ! offset 104: text is not valid UTF-8 after 2 bytes
      UniqueIdentifier (TextString): "abc"
        ! offset 120: padding is not zero
      Sensitive (Boolean): (not read, 8 bytes)
        ! offset 136: a Boolean is neither 0 nor 1
      BatchCount (Integer): 4
      Name (Structure)
        NameValue (TextString): (not read, 8 bytes)
          ! offset 176: a value of 40 bytes is declared, but the structure around it has 8 left
      BatchCount (Integer): 5
      Password (TextString): (secret, 7 bytes)
      UniqueIdentifier (TextString): "a\u{202e}\u{1b}[2J"
      (not read, 24 bytes)
        ! offset 240: no item: its tag, type or length is impossible
    "#);
    insta::assert_snapshot!(annotated(&wrong()), @r#"
    00000000  42 00 77 01 00 00 01 00  RequestHeader (Structure), 256 bytes
    00000008  42 00 0d 02 00 00 00 04    BatchCount (Integer), 4 bytes
    00000010  00 00 00 01                1
    00000014  00 00 00 00                padding
    00000018  42 00 94 0f 00 00 00 08    UniqueIdentifier (type 0x0F), 8 bytes
                                           ! 0x0F is not an item type
    00000020  (8 bytes)                  (not read, 8 bytes)
    00000028  42 00 0d 02 00 00 00 04    BatchCount (Integer), 4 bytes
    00000030  00 00 00 02                2
    00000034  00 00 00 00                padding
    00000038  42 00 0d 02 00 00 00 03    BatchCount (Integer), 3 bytes
                                           ! a length of 3 is not valid for Integer, which takes 4 bytes
    00000040  (3 bytes)                  (not read, 3 bytes)
    00000043  (5 bytes)                  (not read, 5 bytes)
    00000048  42 00 0d 02 00 00 00 40    BatchCount (Integer), 64 bytes
                                           ! a length of 64 is not valid for Integer, which takes 4 bytes
    00000050  (4 bytes)                  (not read, 4 bytes)
    00000054  (4 bytes)                  (not read, 4 bytes)
    00000058  42 00 0d 02 00 00 00 04    BatchCount (Integer), 4 bytes
    00000060  00 00 00 03                3
    00000064  00 00 00 00                padding
    00000068  42 00 94 07 00 00 00 05    UniqueIdentifier (TextString), 5 bytes
                                           ! text is not valid UTF-8 after 2 bytes
    00000070  (5 bytes)                  (not read, 5 bytes)
    00000075  (3 bytes)                  (not read, 3 bytes)
    00000078  42 00 94 07 00 00 00 03    UniqueIdentifier (TextString), 3 bytes
                                           ! padding is not zero
    00000080  61 62 63                   "abc"
    00000083  (5 bytes)                  (not read, 5 bytes)
    00000088  42 01 20 06 00 00 00 08    Sensitive (Boolean), 8 bytes
                                           ! a Boolean is neither 0 nor 1
    00000090  (8 bytes)                  (not read, 8 bytes)
    00000098  42 00 0d 02 00 00 00 04    BatchCount (Integer), 4 bytes
    000000a0  00 00 00 04                4
    000000a4  00 00 00 00                padding
    000000a8  42 00 53 01 00 00 00 10    Name (Structure), 16 bytes
    000000b0  42 00 55 07 00 00 00 28      NameValue (TextString), 40 bytes
                                             ! a value of 40 bytes is declared, but the structure around it has 8 left
    000000b8  (8 bytes)                    (not read, 8 bytes)
    000000c0  42 00 0d 02 00 00 00 04    BatchCount (Integer), 4 bytes
    000000c8  00 00 00 05                5
    000000cc  00 00 00 00                padding
    000000d0  42 00 a1 07 00 00 00 07    Password (TextString), 7 bytes
    000000d8  (7 bytes)                  (secret, 7 bytes)
    000000df  00                         padding
    000000e0  42 00 94 07 00 00 00 08    UniqueIdentifier (TextString), 8 bytes
    000000e8  61 e2 80 ae 1b 5b 32 4a    "a\u{202e}\u{1b}[2J"
    000000f0  (24 bytes)                 (not read, 24 bytes)
                                           ! no item: its tag, type or length is impossible
    "#);
}

#[test]
fn what_is_hidden_is_shown_when_it_is_asked_for() {
    let codec = TextCodec::new().reveal_secrets(true);
    insta::assert_snapshot!(Outline::read(&wrong(), &codec).to_text(), @r#"
    RequestHeader (Structure)
      BatchCount (Integer): 1
      UniqueIdentifier (type 0x0F): (not read, 8 bytes) 0x3132333435363738
        ! offset 24: 0x0F is not an item type
      BatchCount (Integer): 2
      BatchCount (Integer): (not read, 3 bytes) 0x000000
        ! offset 56: a length of 3 is not valid for Integer, which takes 4 bytes
      BatchCount (Integer): (not read, 4 bytes) 0x00000009
        ! offset 72: a length of 64 is not valid for Integer, which takes 4 bytes
      BatchCount (Integer): 3
      UniqueIdentifier (TextString): (not read, 5 bytes) 0x6162ff6364
        ! offset 104: text is not valid UTF-8 after 2 bytes
      UniqueIdentifier (TextString): "abc"
        ! offset 120: padding is not zero
      Sensitive (Boolean): (not read, 8 bytes) 0x0000000000000002
        ! offset 136: a Boolean is neither 0 nor 1
      BatchCount (Integer): 4
      Name (Structure)
        NameValue (TextString): (not read, 8 bytes) 0x6162636465666768
          ! offset 176: a value of 40 bytes is declared, but the structure around it has 8 left
      BatchCount (Integer): 5
      Password (TextString): "hunter2"
      UniqueIdentifier (TextString): "a\u{202e}\u{1b}[2J"
      (not read, 24 bytes) 0x77686174206973207468697320686572653f202020202020
        ! offset 240: no item: its tag, type or length is impossible
    "#);
    for text in [text(&wrong()), annotated(&wrong())] {
        for secret in
            ["hunter2", "68 75 6e", "SECRT", "53 45 43", "what", "77 68 61", "12345678", "31 32 33", "abcd"]
        {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
}

#[test]
fn values_of_many_bytes_are_folded() {
    let long = structure(
        Tag::REQUEST_HEADER,
        &[
            item(Tag::UNIQUE_IDENTIFIER, ItemType::TextString, "long-text-".repeat(60).as_bytes()),
            item(Tag::IV_COUNTER_NONCE, ItemType::ByteString, &[7; 100]),
            item(Tag::CRYPTOGRAPHIC_USAGE_MASK, ItemType::Integer, &[0, 0x7F, 0xFF, 0xFF]),
            item(Tag::PASSWORD, ItemType::TextString, &[b'a'; 100]),
            item(Tag::ACTIVATION_DATE, ItemType::DateTime, &[0, 0, 0, 0, 0x66, 0, 0, 0]),
        ]
        .concat(),
    );
    insta::assert_snapshot!(annotated(&long), @r#"
    00000000  42 00 77 01 00 00 03 60  RequestHeader (Structure), 864 bytes
    00000008  42 00 94 07 00 00 02 58    UniqueIdentifier (TextString), 600 bytes
    00000010  6c 6f 6e 67 2d 74 65 78    "long-text-long-text-long-text-long-text-lo
    00000018  74 2d 6c 6f 6e 67 2d 74    ng-text-long-text-long-text-long-text-long-
    00000020  65 78 74 2d 6c 6f 6e 67    text-long-text-long-text-long-text-long-tex
    00000028  2d 74 65 78 74 2d 6c 6f    t-long-text-long-text-long-text-long-text-l
    00000030  … 568 bytes more
                                         ong-text-long-text-long-text-long-text-long
                                         … (600 bytes)
    00000268  42 00 3d 08 00 00 00 64    IVCounterNonce (ByteString), 100 bytes
    00000270  07 07 07 07 07 07 07 07    100 bytes
    00000278  07 07 07 07 07 07 07 07
    00000280  07 07 07 07 07 07 07 07
    00000288  07 07 07 07 07 07 07 07
    00000290  … 68 bytes more
    000002d4  00 00 00 00                padding
    000002d8  42 00 2c 02 00 00 00 04    CryptographicUsageMask (Integer), 4 bytes
    000002e0  00 7f ff ff                Sign|Verify|Encrypt|Decrypt|WrapKey|
                                         UnwrapKey|Export|MACGenerate|MACVerify|
                                         DeriveKey|ContentCommitmentNonRepudiation|
                                         KeyAgreement|CertificateSign|CRLSign|
                                         GenerateCryptogram|ValidateCryptogram|
                                         TranslateEncrypt|TranslateDecrypt|
                                         TranslateWrap|TranslateUnwrap|Authenticate|
                                         Unrestricted|FPEEncrypt
    000002e4  00 00 00 00                padding
    000002e8  42 00 a1 07 00 00 00 64    Password (TextString), 100 bytes
    000002f0  (100 bytes)                (secret, 100 bytes)
    00000354  00 00 00 00                padding
    00000358  42 00 01 09 00 00 00 08    ActivationDate (DateTime), 8 bytes
    00000360  00 00 00 00 66 00 00 00    2024-03-24T10:27:12+00:00
    "#);
}

/// The length of a structure that is no multiple of eight, and a tag of which nothing is known.
#[test]
fn every_byte_of_a_structure_is_told_of() {
    let content = item(Tag::from_raw(0x540001), ItemType::Integer, &[0, 0, 0, 1]);
    let bytes = raw(Tag::NAME, 1, 19, &[&content[..], &[1, 2, 3, 4, 5, 6, 7, 8]].concat());
    insta::assert_snapshot!(annotated(&bytes), @"
    00000000  42 00 53 01 00 00 00 13  Name (Structure), 19 bytes
                                         ! a length of 19 is not valid for Structure, which takes a multiple of 8 bytes
    00000008  54 00 01 02 00 00 00 04    0x540001 (Integer), 4 bytes
    00000010  (4 bytes)                  (secret)
    00000014  00 00 00 00                padding
    00000018  (8 bytes)                  (not read, 8 bytes)
                                           ! no item: its tag, type or length is impossible
    ");
}

#[test]
fn limits_end_an_outline() {
    let nested = structure(Tag::NAME, &structure(Tag::NAME, &structure(Tag::NAME, &wrong())));
    let shallow = TextCodec::new().limits(Limits { depth: 2, ..Limits::DEFAULT });
    insta::assert_snapshot!(Outline::read(&nested, &shallow).to_text(), @"
    Name (Structure)
      Name (Structure)
        Name (Structure): (not read, 264 bytes)
          ! offset 16: structures are nested more than 2 deep
    ");
    let few = TextCodec::new().limits(Limits { items: 4, ..Limits::DEFAULT });
    insta::assert_snapshot!(Outline::read(&nested, &few).to_text(), @"
    Name (Structure)
      Name (Structure)
        Name (Structure)
          RequestHeader (Structure)
            (not read, 256 bytes)
              ! offset 32: there are more than 4 items
    ");
}

#[test]
fn an_error_of_reading_is_at_a_line() {
    let bytes = wrong();
    let error = Item::from_ttlv(&bytes).unwrap_err();
    let codec = TextCodec::new();
    let outline = Outline::read(&bytes, &codec);
    for text in [outline.to_text(), outline.to_annotated()] {
        let line = text.lines().nth(text.line_of(error.offset()).unwrap()).unwrap();
        assert!(line.contains("UniqueIdentifier (type 0x0F)"), "{line}");
        assert_eq!(text.line_of(0), Some(0));
        assert!(text.line_of(usize::MAX).unwrap() < text.lines().count());
    }
    assert_eq!(Outline::read(&[], &codec).to_text().line_of(0), None);
}

#[test]
fn the_items_before_a_fault_are_given() {
    let codec = TextCodec::new();
    for (name, message) in all() {
        let outline = Outline::read(&message, &codec);
        let [item] = &outline.readable()[..] else { panic!("{name}") };
        assert_eq!(item.to_ttlv().unwrap(), message, "{name}");
        let mut before = 0;
        for end in (8..message.len()).step_by(8) {
            let readable = Outline::read(&message[..end], &codec).readable();
            // The more there is, the more is given, and never anything else.
            let walked: Vec<_> = readable.iter().flat_map(Item::walk).map(|item| item.tag).collect();
            let whole: Vec<_> = item.walk().map(|item| item.tag).collect();
            assert!(whole.starts_with(&walked) && walked.len() >= before, "{name} cut to {end}");
            before = walked.len();
        }
    }
}

#[test]
fn what_is_noted_is_shown_with_its_item_and_hides_nothing() {
    let bytes = structure(
        Tag::REQUEST_HEADER,
        &[
            item(Tag::BATCH_COUNT, ItemType::Integer, &[0, 0, 0, 1]),
            item(Tag::PASSWORD, ItemType::TextString, b"hunter2"),
        ]
        .concat(),
    );
    let codec = TextCodec::new();
    let mut outline = Outline::read(&bytes, &codec);
    assert_eq!(outline.hidden(), 1);
    // At the value of the item, twice, which is told once.
    outline.note(16, "too few");
    outline.note(8, "too few");
    outline.note(usize::MAX, "too short");
    insta::assert_snapshot!(outline.to_text(), @"
    RequestHeader (Structure)
      BatchCount (Integer): 1
        ! offset 8: too few
      Password (TextString): (secret, 7 bytes)
        ! offset 24: too short
    ");
    insta::assert_snapshot!(outline.to_annotated(), @"
    00000000  42 00 77 01 00 00 00 20  RequestHeader (Structure), 32 bytes
    00000008  42 00 0d 02 00 00 00 04    BatchCount (Integer), 4 bytes
                                           ! too few
    00000010  00 00 00 01                1
    00000014  00 00 00 00                padding
    00000018  42 00 a1 07 00 00 00 07    Password (TextString), 7 bytes
                                           ! too short
    00000020  (7 bytes)                  (secret, 7 bytes)
    00000027  00                         padding
    ");
    let located: Vec<String> =
        outline.located_problems().iter().map(|(path, _, problem)| format!("{path}: {problem}")).collect();
    assert_eq!(located, ["RequestHeader/BatchCount: too few", "RequestHeader/Password: too short"]);
    assert_eq!(Outline::read(&bytes, &codec.clone().reveal_secrets(true)).hidden(), 0);
    Outline::read(&[], &codec).note(0, "nothing");
}
