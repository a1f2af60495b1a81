//! What stands for what varies.

use core::time::Duration;

use kmip_types::attribute::{Attribute, Attributes};
use kmip_types::enumerations::{Operation, ResultReason};
use kmip_types::message::{ResponseBatchItem, ResponseHeader, ResponseMessage};
use kmip_types::operation::{EncryptRequest, EncryptResponse, GetAttributesResponse, QueryResponse};
use kmip_types::view::{Redaction, Redactions, View};
use kmip_types::{DateTime, Item, ProtocolVersion, Tag, Value, assert_kmip_snapshot};

const KEY: &str = "5f1f9b9c-2b6f-4b3c-9a55-0c8f7b1d9f10";
const OTHER: &str = "0d3c2b1a-2b6f-4b3c-9a55-0c8f7b1d9f10";
const NOW: i64 = 1_700_000_000;

fn response(version: ProtocolVersion) -> ResponseMessage {
    let attributes = Attributes::new()
        .with(Attribute::UniqueIdentifier(KEY.into()))
        .with(Attribute::ActivationDate(DateTime::from_seconds(NOW - 1)))
        .with(Attribute::DeactivationDate(DateTime::from_seconds(NOW + 3_601)))
        .with(Attribute::ArchiveDate(DateTime::from_seconds(1)));
    let first = GetAttributesResponse { unique_identifier: OTHER.into(), attributes };
    ResponseMessage {
        response_header: ResponseHeader::new(version, DateTime::from_seconds(NOW), 3),
        batch_item: vec![
            ResponseBatchItem::success(Operation::GetAttributes, first.into()),
            ResponseBatchItem::success(
                Operation::Encrypt,
                EncryptResponse {
                    data: Some(vec![4, 5, 6].into()),
                    iv_counter_nonce: Some(vec![1, 2, 3]),
                    ..EncryptResponse::new(KEY)
                }
                .into(),
            ),
            ResponseBatchItem::failure(
                Some(Operation::Get),
                ResultReason::ItemNotFound,
                format!("there is no {KEY}"),
            ),
        ],
    }
}

#[test]
fn what_the_test_cases_leave_open_has_their_names() {
    assert_kmip_snapshot!(response(ProtocolVersion::V2_1), @r#"
    ResponseMessage
    ResponseHeader/ProtocolVersion/ProtocolVersionMajor (Integer): 2
    ResponseHeader/ProtocolVersion/ProtocolVersionMinor (Integer): 1
    ResponseHeader/TimeStamp (DateTime): $NOW
    ResponseHeader/BatchCount (Integer): 3
    BatchItem[0]/Operation (Enumeration): GetAttributes (0x0000000b)
    BatchItem[0]/ResultStatus (Enumeration): Success (0x00000000)
    BatchItem[0]/ResponsePayload/UniqueIdentifier (TextString): $UNIQUE_IDENTIFIER_0
    BatchItem[0]/ResponsePayload/Attributes/UniqueIdentifier (TextString): $UNIQUE_IDENTIFIER_1
    BatchItem[0]/ResponsePayload/Attributes/ActivationDate (DateTime): $NOW
    BatchItem[0]/ResponsePayload/Attributes/DeactivationDate (DateTime): $NOW+3600
    BatchItem[0]/ResponsePayload/Attributes/ArchiveDate (DateTime): 1970-01-01T00:00:01+00:00
    BatchItem[1]/Operation (Enumeration): Encrypt (0x0000001f)
    BatchItem[1]/ResultStatus (Enumeration): Success (0x00000000)
    BatchItem[1]/ResponsePayload/UniqueIdentifier (TextString): $UNIQUE_IDENTIFIER_1
    BatchItem[1]/ResponsePayload/Data (ByteString): $DATA_0 (3 bytes)
    BatchItem[1]/ResponsePayload/IVCounterNonce (ByteString): $IV_COUNTER_NONCE_0
    BatchItem[2]/Operation (Enumeration): Get (0x0000000a)
    BatchItem[2]/ResultStatus (Enumeration): OperationFailed (0x00000001)
    BatchItem[2]/ResultReason (Enumeration): ItemNotFound (0x00000001)
    BatchItem[2]/ResultMessage (TextString): "there is no $UNIQUE_IDENTIFIER_1"
    "#);
    assert_kmip_snapshot!(View::of(&response(ProtocolVersion::V1_2)).xml(), @r#"
    <ResponseMessage>
      <ResponseHeader>
        <ProtocolVersion>
          <ProtocolVersionMajor type="Integer" value="1"/>
          <ProtocolVersionMinor type="Integer" value="2"/>
        </ProtocolVersion>
        <TimeStamp type="DateTime" value="$NOW"/>
        <BatchCount type="Integer" value="3"/>
      </ResponseHeader>
      <BatchItem>
        <Operation type="Enumeration" value="GetAttributes"/>
        <ResultStatus type="Enumeration" value="Success"/>
        <ResponsePayload>
          <UniqueIdentifier type="TextString" value="$UNIQUE_IDENTIFIER_0"/>
          <Attribute><AttributeName type="TextString" value="Unique Identifier"/><AttributeValue type="TextString" value="$UNIQUE_IDENTIFIER_1"/></Attribute>
          <Attribute><AttributeName type="TextString" value="Activation Date"/><AttributeValue type="DateTime" value="$NOW"/></Attribute>
          <Attribute><AttributeName type="TextString" value="Deactivation Date"/><AttributeValue type="DateTime" value="$NOW+3600"/></Attribute>
          <Attribute><AttributeName type="TextString" value="Archive Date"/><AttributeValue type="DateTime" value="1970-01-01T00:00:01+00:00"/></Attribute>
        </ResponsePayload>
      </BatchItem>
      <BatchItem>
        <Operation type="Enumeration" value="Encrypt"/>
        <ResultStatus type="Enumeration" value="Success"/>
        <ResponsePayload>
          <UniqueIdentifier type="TextString" value="$UNIQUE_IDENTIFIER_1"/>
          <Data type="ByteString" value="$DATA_0"/>
          <IVCounterNonce type="ByteString" value="$IV_COUNTER_NONCE_0"/>
        </ResponsePayload>
      </BatchItem>
      <BatchItem>
        <Operation type="Enumeration" value="Get"/>
        <ResultStatus type="Enumeration" value="OperationFailed"/>
        <ResultReason type="Enumeration" value="ItemNotFound"/>
        <ResultMessage type="TextString" value="there is no $UNIQUE_IDENTIFIER_1"/>
      </BatchItem>
    </ResponseMessage>
    "#);
}

#[test]
fn a_value_of_a_response_has_its_name_where_it_comes_again() {
    let encrypted = EncryptResponse { iv_counter_nonce: Some(vec![1, 2, 3]), ..EncryptResponse::new(KEY) };
    let again = EncryptRequest { iv_counter_nonce: Some(vec![1, 2, 3]), ..EncryptRequest::default() };
    assert_kmip_snapshot!((&encrypted, &again), @"
    ResponsePayload/UniqueIdentifier (TextString): $UNIQUE_IDENTIFIER_0
    ResponsePayload/IVCounterNonce (ByteString): $IV_COUNTER_NONCE_0

    RequestPayload/IVCounterNonce (ByteString): $IV_COUNTER_NONCE_0
    ");
}

#[test]
fn what_a_server_says_of_itself_is_left_open() {
    let query = QueryResponse { vendor_identification: Some("Acme 1.2".into()), ..QueryResponse::default() };
    assert_kmip_snapshot!(query, @"
    ResponsePayload
    VendorIdentification (TextString): $VENDOR_IDENTIFICATION_0
    ");
}

#[test]
fn without_redactions_only_secrets_are_left_out() {
    let payload = Item::structure(
        Tag::REQUEST_PAYLOAD,
        vec![Item::text_string(Tag::UNIQUE_IDENTIFIER, KEY), Item::byte_string(Tag::DATA, [1, 2, 3])],
    );
    assert_kmip_snapshot!(View::of(&payload).redact(Redactions::none()), @r#"
    RequestPayload
    UniqueIdentifier (TextString): "5f1f9b9c-2b6f-4b3c-9a55-0c8f7b1d9f10"
    Data (ByteString): $DATA_0 (3 bytes)
    "#);
}

#[test]
fn ones_own_come_first_by_tag_path_and_value() {
    let redactions = Redactions::standard()
        .path("BatchItem[1]/Response Payload/UniqueIdentifier", "$ENCRYPTED_BY")
        .tag("Activation Date", Redaction::kept())
        .tag(Tag::DEACTIVATION_DATE, Redaction::numbered("LATER"))
        .path("BatchItem/**/IV/Counter/Nonce", Redaction::named("$IV").optional())
        .value(OTHER, Redaction::named("$ASKED").uuid())
        .path("*/ResultReason", "$REASON");
    for version in [ProtocolVersion::V2_1, ProtocolVersion::V1_2] {
        let shown = View::of(&response(version)).redact(redactions.clone()).render().unwrap();
        for due in [
            "BatchItem[1]/ResponsePayload/UniqueIdentifier (TextString): $ENCRYPTED_BY",
            "(DateTime): 2023-11-14T22:13:19+00:00",
            "(DateTime): $LATER_0",
            "BatchItem[0]/ResponsePayload/UniqueIdentifier (TextString): $ASKED",
            "BatchItem[2]/ResultReason (Enumeration): $REASON",
            "there is no $UNIQUE_IDENTIFIER_0",
        ] {
            assert!(shown.contains(due), "{due}\n{shown}");
        }
    }
}

#[test]
fn a_redaction_that_matches_nothing_or_asserts_what_does_not_hold_is_told() {
    let message = response(ProtocolVersion::V2_1);
    let error =
        |redactions: Redactions| View::of(&message).redact(redactions).render().unwrap_err().to_string();
    let all = Redactions::standard;
    for (redactions, expected) in [
        (
            all().tag(Tag::MAC_DATA, "$MAC").path("BatchItem[7]/**", "$X").value("abc", "$Y"),
            "nothing matched the redaction of MACData, the redaction of BatchItem[7]/**, the redaction of a value as $Y; \
             what need not match is `optional`",
        ),
        (
            all().tag("Unique Identifer", "$X"),
            "a redaction by tag: \"Unique Identifer\" is not a tag; did you mean Unique Identifier?",
        ),
        (
            all().path("BatchItm/Operation", "$X"),
            "a redaction by path, \"BatchItm/Operation\": \"BatchItm\" is not a tag; did you mean BatchItem?",
        ),
        (
            all().tag("Result Message", Redaction::named("$X").uuid()),
            "ResponseMessage/BatchItem[2]/ResultMessage is to be a UUID, and is not",
        ),
        (
            all().tag("Time Stamp", Redaction::named("$X").near_now(Duration::from_secs(60))),
            "ResponseMessage/ResponseHeader/TimeStamp is to be within 60s of now, and is not",
        ),
    ] {
        assert_eq!(error(redactions), expected);
    }
    let now = Item::date_time(Tag::TIME_STAMP, DateTime::now());
    let redaction = Redaction::named("$X")
        .near_now(Duration::from_secs(60))
        .check("a Date-Time", |item| matches!(item.value, Value::DateTime(_)));
    let shown = View::of(&now).redact(all().tag("Time Stamp", redaction)).render().unwrap();
    assert_eq!(shown, "TimeStamp (DateTime): $X");
}

#[test]
fn dates_are_shown_by_what_is_said_to_be_now() {
    let date = Item::date_time(Tag::ACTIVATION_DATE, DateTime::from_seconds(NOW + 86_400));
    let view = View::of(&date);
    assert_eq!(view.render().unwrap(), "ActivationDate (DateTime): 2023-11-15T22:13:20+00:00");
    let view = view.now(DateTime::from_seconds(NOW));
    assert_eq!(view.render().unwrap(), "ActivationDate (DateTime): $NOW+86400");
}

#[test]
fn a_difference_says_the_path_of_what_changed() {
    let attributes = |length| Attributes::new().with_cryptographic_length(length);
    let view = |length, version| View::in_version(&attributes(length), version);
    let one = view(128, ProtocolVersion::V1_2).difference(&view(256, ProtocolVersion::V1_2)).unwrap();
    insta::assert_snapshot!(one, @r#"
      Attributes
      Attribute[Cryptographic Length]/AttributeName (TextString): "Cryptographic Length"
    - Attribute[Cryptographic Length]/AttributeValue (Integer): 128
    + Attribute[Cryptographic Length]/AttributeValue (Integer): 256
    "#);
    let json =
        view(128, ProtocolVersion::V1_2).json().difference(&view(256, ProtocolVersion::V1_2).json()).unwrap();
    insta::assert_snapshot!(json, @r#"
      { "tag": "Attributes", "type": "Structure", "value": [
    -     { "tag": "Attribute", "type": "Structure", "value": [ { "tag": "AttributeName", "type": "TextString", "value": "Cryptographic Length" }, { "tag": "AttributeValue", "type": "Integer", "value": 128 } ] }
    +     { "tag": "Attribute", "type": "Structure", "value": [ { "tag": "AttributeName", "type": "TextString", "value": "Cryptographic Length" }, { "tag": "AttributeValue", "type": "Integer", "value": 256 } ] }
      ] }
    "#);
    assert_eq!(view(128, ProtocolVersion::V2_1).difference(&view(128, ProtocolVersion::V2_1)).unwrap(), "");
}

#[test]
fn identifiers_within_texts_are_the_longest_that_fit() {
    let text = |tag, text: &str| Item::text_string(tag, text);
    let fields = vec![
        text(Tag::UNIQUE_IDENTIFIER, "key-0001"),
        text(Tag::UNIQUE_IDENTIFIER, "key-00012"),
        text(Tag::UNIQUE_IDENTIFIER, "IDENTIFIER"),
        text(Tag::RESULT_MESSAGE, "no key-00012 and no key-0001, an IDENTIFIER"),
        text(Tag::COMMENT, "key-0001"),
    ];
    let payload = Item::structure(Tag::RESPONSE_PAYLOAD, fields);
    let redactions = Redactions::standard().tag(Tag::COMMENT, Redaction::kept());
    assert_kmip_snapshot!(View::of(&payload).redact(redactions), @r#"
    ResponsePayload
    UniqueIdentifier[0] (TextString): $UNIQUE_IDENTIFIER_0
    UniqueIdentifier[1] (TextString): $UNIQUE_IDENTIFIER_1
    UniqueIdentifier[2] (TextString): $UNIQUE_IDENTIFIER_2
    ResultMessage (TextString): "no $UNIQUE_IDENTIFIER_1 and no $UNIQUE_IDENTIFIER_0, an $UNIQUE_IDENTIFIER_2"
    Comment (TextString): "key-0001"
    "#);
}

#[test]
fn an_index_counts_by_tag_and_with_a_name_by_name() {
    let attributes = Attributes::new()
        .with(Attribute::CryptographicLength(256))
        .with(Attribute::ObjectGroup("one".into()))
        .with(Attribute::ObjectGroup("other".into()));
    for (path, line) in [
        ("Attribute[1]/Attribute Value", "Attribute[Object Group][0]/AttributeValue (TextString): $X"),
        (
            "Attribute[Object Group][1]/AttributeValue",
            "Attribute[Object Group][1]/AttributeValue (TextString): $X",
        ),
    ] {
        let view = View::under(Tag::TEMPLATE_ATTRIBUTE, &attributes, ProtocolVersion::V1_2);
        let shown = view.redact(Redactions::none().path(path, "$X")).render().unwrap();
        assert!(shown.contains(line) && shown.matches("$X").count() == 1, "{path}\n{shown}");
    }
}

#[test]
fn each_message_has_its_own_present() {
    let stamped = |seconds, also| {
        let stamp = |seconds| Item::date_time(Tag::TIME_STAMP, DateTime::from_seconds(seconds));
        let date = Item::date_time(Tag::ACTIVATION_DATE, DateTime::from_seconds(seconds + also));
        let header = Item::structure(Tag::RESPONSE_HEADER, vec![stamp(seconds)]);
        Item::structure(Tag::RESPONSE_MESSAGE, vec![header, date])
    };
    let both = [stamped(NOW, 0), stamped(NOW + 3_000, 60)];
    assert_kmip_snapshot!(both.as_slice(), @"
    ResponseMessage[0]/ResponseHeader/TimeStamp (DateTime): $NOW
    ResponseMessage[0]/ActivationDate (DateTime): $NOW

    ResponseMessage[1]/ResponseHeader/TimeStamp (DateTime): $NOW
    ResponseMessage[1]/ActivationDate (DateTime): $NOW+60
    ");
}
