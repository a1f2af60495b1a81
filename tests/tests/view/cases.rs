//! Test cases: read, matched, filled and written.

use kmip_types::case::{self, Bindings, Case, CaseError, Matching};
use kmip_types::message::Message;
use kmip_types::view::View;
use kmip_types::{DateTime, Item, ProtocolVersion, Tag, Value};

use crate::forms::{create, created};

fn case() -> (String, Case) {
    let (request, response) = (create(ProtocolVersion::V2_1), created(ProtocolVersion::V2_1));
    let xml = case::to_xml(&View::of(&(&request, &response))).unwrap();
    let case = Case::from_xml(&xml).unwrap();
    (xml, case)
}

fn item(message: &impl Message) -> Item {
    Item::from_ttlv(&message.to_ttlv().unwrap()).unwrap()
}

#[test]
fn what_is_written_is_read() {
    let (xml, case) = case();
    insta::assert_snapshot!(xml);
    assert_eq!(case.messages().len(), 2);
    let placeholders: Vec<&str> = case.messages()[1].placeholders().collect();
    assert_eq!(placeholders, ["NOW", "UNIQUE_IDENTIFIER_0"]);
    let mut bindings = Bindings::at(DateTime::from_seconds(1_700_000_000));
    bindings.bind("UNIQUE_IDENTIFIER_0", Value::TextString("5f1f9b9c-2b6f-4b3c-9a55-0c8f7b1d9f10".into()));
    assert_eq!(case.messages()[0].fill(&mut bindings), item(&create(ProtocolVersion::V2_1)));
    assert_eq!(case.messages()[1].fill(&mut bindings), item(&created(ProtocolVersion::V2_1)));
}

#[test]
fn a_message_is_matched_as_closely_as_asked() {
    let (_, case) = case();
    let request = &case.messages()[0];
    let is = |said: &Item, matching| request.matches(said, matching, &mut Bindings::new()).is_ok();
    let same = item(&create(ProtocolVersion::V2_1));
    let mut with_more = create(ProtocolVersion::V2_1);
    with_more.request_header.client_correlation_value = Some("me".into());
    with_more.batch_item[0].unique_batch_item_id = Some(vec![1]);
    let mut in_another_order = same.clone();
    let attributes = |item: &mut Item| {
        let Value::Structure(fields) = &mut item.value else { panic!() };
        let Value::Structure(fields) = &mut fields[1].value else { panic!() };
        let Value::Structure(fields) = &mut fields[1].value else { panic!() };
        let Value::Structure(fields) = &mut fields[1].value else { panic!() };
        fields.reverse();
    };
    attributes(&mut in_another_order);
    assert_ne!(in_another_order, same);
    let mut another = create(ProtocolVersion::V2_1);
    another.request_header.batch_count = 2;
    for (said, exact, variations, operations) in [
        (&same, true, true, true),
        (&item(&with_more), false, true, true),
        (&in_another_order, false, true, true),
        (&item(&another), false, false, true),
        (&item(&created(ProtocolVersion::V2_1)), false, false, true),
    ] {
        assert_eq!(is(said, Matching::Exact), exact, "{said}");
        assert_eq!(is(said, Matching::Variations), variations, "{said}");
        assert_eq!(is(said, Matching::Operations), operations, "{said}");
    }
    let mismatch = request.matches(&item(&another), Matching::default(), &mut Bindings::new()).unwrap_err();
    insta::assert_snapshot!(mismatch, @"
    the message is not the one that the test case has (- expected, + found):
      RequestMessage
      RequestHeader/ProtocolVersion/ProtocolVersionMajor (Integer): 2
      RequestHeader/ProtocolVersion/ProtocolVersionMinor (Integer): 1
    - RequestHeader/BatchCount (Integer): 1
    + RequestHeader/BatchCount (Integer): 2
      BatchItem/Operation (Enumeration): Create (0x00000001)
      BatchItem/RequestPayload/ObjectType (Enumeration): SymmetricKey (0x00000002)
      BatchItem/RequestPayload/Attributes/CryptographicAlgorithm (Enumeration): AES (0x00000003)
    ");
}

#[test]
fn a_placeholder_is_the_same_value_throughout() {
    let case = Case::from_xml(
        r#"<RequestPayload>
            <UniqueIdentifier type="TextString" value="$A"/><UniqueIdentifier type="TextString" value="${A}"/>
            <ActivationDate type="DateTime" value="$NOW - 60"/><Data type="ByteString" value="$DATA"/>
            <ServerInformation value="$S"/>
        </RequestPayload>"#,
    )
    .unwrap();
    let said = |one: &str, other: &str| {
        let identifier = |text: &str| Item::text_string(Tag::UNIQUE_IDENTIFIER, text);
        let fields = vec![
            identifier(one),
            identifier(other),
            Item::date_time(Tag::ACTIVATION_DATE, DateTime::from_seconds(5)),
            Item::byte_string(Tag::DATA, [9]),
            Item::structure(Tag::SERVER_INFORMATION, vec![Item::integer(Tag::from_raw(0x540001), 1)]),
        ];
        Item::structure(Tag::REQUEST_PAYLOAD, fields)
    };
    let message = &case.messages()[0];
    let mut bindings = Bindings::at(DateTime::from_seconds(100));
    assert!(message.matches(&said("a", "b"), Matching::Exact, &mut bindings).is_err());
    let mut bindings = Bindings::at(DateTime::from_seconds(100));
    message.matches(&said("a", "a"), Matching::Exact, &mut bindings).unwrap();
    let mut filled = said("a", "a");
    let Value::Structure(fields) = &mut filled.value else { panic!() };
    fields[2] = Item::date_time(Tag::ACTIVATION_DATE, DateTime::from_seconds(40));
    assert_eq!(message.fill(&mut bindings), filled);
}

#[test]
fn what_is_no_case_is_told() {
    assert!(matches!(Case::from_xml("<KMIP/>"), Err(CaseError::Empty)));
    let faulty = Case::from_xml("<KMIP>\n<BatchCount type='Integer' value='x'/></KMIP>").unwrap_err();
    assert!(
        faulty.to_string().starts_with("line 2, column 35, BatchCount: expected a number of 32 bits"),
        "{faulty}"
    );
    let half = Case::from_xml("<RequestMessage/>").unwrap();
    assert_eq!(
        half.exchanges().unwrap_err().to_string(),
        "message 1 of the test case and the next are not a request and its response"
    );
}

#[test]
fn a_text_that_would_be_a_placeholder_is_refused_and_others_are_kept() {
    let name = |text: &str| Item::text_string(Tag::NAME_VALUE, text);
    let error = case::to_xml(&View::of(&name("$HOME"))).unwrap_err();
    assert_eq!(
        error.to_string(),
        "NameValue is a text that a test case would take for a placeholder: a redaction can stand for it"
    );
    let texts = Item::structure(
        Tag::REQUEST_PAYLOAD,
        vec![Item::text_string(Tag::UNIQUE_IDENTIFIER, "key-0001"), name("wrap-key-0001"), name("$5")],
    );
    let xml = case::to_xml(&View::of(&texts)).unwrap();
    let case = Case::from_xml(&xml).unwrap();
    assert_eq!(case.messages()[0].placeholders().collect::<Vec<_>>(), ["UNIQUE_IDENTIFIER_0"]);
    case.messages()[0].matches(&texts, Matching::Exact, &mut Bindings::new()).unwrap();
}

#[test]
fn the_present_is_a_date_and_nothing_else() {
    let case = Case::from_xml(r#"<NameValue type="TextString" value="$NOW"/>"#).unwrap();
    let message = &case.messages()[0];
    assert_eq!(message.fill(&mut Bindings::new()).as_text(), Some("value-of-now"));
}

#[test]
fn a_difference_shows_that_secrets_differ() {
    let case = Case::from_xml(r#"<Password type="TextString" value="one"/>"#).unwrap();
    let said = Item::text_string(Tag::PASSWORD, "two");
    let mismatch = case.messages()[0].matches(&said, Matching::Exact, &mut Bindings::new()).unwrap_err();
    assert_eq!(
        mismatch.difference(),
        "- Password (TextString): $PASSWORD_0 (3 bytes)\n+ Password (TextString): $PASSWORD_1 (3 bytes)"
    );
}
