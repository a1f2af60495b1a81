//! XML: every form that the encoding document has is read, and every form that can be chosen is written.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A panic is how a test fails.

use kmip_types::enumerations::ObjectType;
use kmip_types::text::{DateForm, NameForm, NumberForm, TagForm, TextCodec, XmlOptions};
use kmip_types::{BigInteger, DateTime, DateTimeExtended, Interval, Item, Tag};

const VENDOR: Tag = Tag::from_raw(0x54_0001);

fn codec() -> TextCodec {
    TextCodec::new()
}

/// The text is read as the item, and so is what is written for it.
#[track_caller]
fn reads(xml: &str, item: &Item) {
    let codec = codec();
    let ttlv = codec.from_xml(xml).unwrap_or_else(|error| panic!("{xml}: {error}"));
    assert_eq!(Item::from_ttlv(&ttlv).unwrap(), *item, "{xml}");
    let written = codec.to_xml(&ttlv).unwrap();
    assert_eq!(codec.from_xml(&written).unwrap(), ttlv, "{xml} -> {written}");
}

/// `value` is read as the item's value, under the item's tag and type.
#[track_caller]
fn reads_value(item: &Item, value: &str) {
    let (tag, item_type) = (item.tag, item.item_type());
    reads(&format!("<TTLV tag='{:#08x}' type='{item_type}' value='{value}'/>", tag.value()), item);
}

#[track_caller]
fn refuses(xml: &str, expected: &str) {
    let error = codec().from_xml(xml).expect_err(xml);
    assert_eq!(error.to_string(), expected, "{xml}");
}

#[track_caller]
fn refuses_values(tag: Tag, item_type: &str, values: &[&str]) {
    for value in values {
        let xml = format!("<{tag} type='{item_type}' value='{value}'/>");
        let error = codec().from_xml(&xml).expect_err(&xml);
        assert!(error.to_string().contains(&format!("for {item_type}, found ")), "{xml}: {error}");
    }
}

#[track_caller]
fn writes(options: XmlOptions, item: &Item, expected: &str) {
    let codec = codec().xml(options);
    let xml = codec.item_to_xml(item).unwrap();
    assert_eq!(xml, expected);
    assert_eq!(codec.item_from_xml(&xml).unwrap(), *item, "{xml}");
}

#[test]
fn reads_an_element_in_each_form() {
    let date = Item::date_time(Tag::ACTIVATION_DATE, DateTime::from_seconds(978_307_200));
    for xml in [
        r#"<TTLV tag="0x420001" name="ActivationDate" type="DateTime" value="2001-01-01T10:00:00+10:00"/>"#,
        r#"<TTLV tag="0x420001" type="DateTime" value="2001-01-01T10:00:00+10:00"/>"#,
        r#"<TTLV tag="ActivationDate" type="DateTime" value="2001-01-01T10:00:00+10:00"/>"#,
        r#"<ActivationDate type="DateTime" value="2001-01-01T10:00:00+10:00"/>"#,
        r#"<ActivationDate value='2001-01-01T10:00:00+10:00' type='DateTime'></ActivationDate>"#,
        r#"<x420001 type="DateTime" value="2001-01-01T10:00:00+10:00"/>"#,
        r#"<ActivationDate xmlns="urn:oasis:tc:kmip:xmlns" type="DateTime" value="2001-01-01T10:00:00+10:00"/>"#,
        r#"<k:ActivationDate xmlns:k="urn:oasis:tc:kmip:xmlns" type="DateTime" value="2001-01-01T10:00:00+10:00"/>"#,
        r#"<ActivationDate xmlns:xsi="urn:x" xsi:note="1" type="DateTime" value="2001-01-01T10:00:00+10:00"/>"#,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- a date --><?pi x?>\n<ActivationDate\n type=\"DateTime\"\n value=\"2001-01-01T10:00:00+10:00\"/>\n<!-- end -->\n",
        "\u{FEFF}<ActivationDate type=\"DateTime\" value=\" 2001-01-01T10:00:00+10:00 \"/>",
    ] {
        reads(xml, &date);
    }
    reads("<x540001 type='LongInteger' value='-2'/>", &Item::long_integer(VENDOR, -2));
    reads("<TTLV tag='0x540001' name='Acme' type='TextString' value='x'/>", &Item::text_string(VENDOR, "x"));
}

#[test]
fn reads_a_structure_with_and_without_its_type() {
    let version = Item::structure(
        Tag::PROTOCOL_VERSION,
        vec![Item::integer(Tag::PROTOCOL_VERSION_MAJOR, 1), Item::integer(Tag::PROTOCOL_VERSION_MINOR, 0)],
    );
    let content = "\n  <ProtocolVersionMajor type='Integer' value='1'/><!-- and -->\r\n  <ProtocolVersionMinor type='Integer' value='0'/>\n";
    reads(&format!("<ProtocolVersion>{content}</ProtocolVersion>"), &version);
    reads(&format!("<ProtocolVersion type='Structure'>{content}</ProtocolVersion>"), &version);
    reads(&format!("<TTLV tag='0x420069'>{content}</TTLV>"), &version);
    reads("<Attributes/>", &Item::structure(Tag::ATTRIBUTES, vec![]));
    reads("<Attributes type='Structure'> </Attributes>", &Item::structure(Tag::ATTRIBUTES, vec![]));
}

#[test]
fn reads_each_type() {
    let mask = |bits| Item::integer(Tag::CRYPTOGRAPHIC_USAGE_MASK, bits);
    let big = |bytes: &[u8]| Item::big_integer(Tag::X, BigInteger::from_signed_bytes(bytes));
    for (item, forms) in [
        (Item::integer(Tag::BATCH_COUNT, 10), &["10", "0x0000000A", "0xa", " 10 ", "+10"][..]),
        (Item::integer(Tag::BATCH_COUNT, i32::MIN), &["-2147483648", "0x80000000"]),
        (
            mask(0x100C),
            &[
                "0x0000100c",
                "Encrypt Decrypt CertificateSign",
                "Decrypt   Encrypt\n\tCertificateSign",
                "CertificateSign 0x00000004 0x0000008",
                "CertificateSign 0x0000000c",
                "Encrypt|Decrypt|CertificateSign",
                "Encrypt,Decrypt, Certificate Sign",
                "4108",
            ],
        ),
        (mask(0), &["", "0"]),
        (
            Item::long_integer(Tag::USAGE_LIMITS_COUNT, 1 << 60),
            &["1152921504606846976", "0x1000000000000000"],
        ),
        (Item::long_integer(Tag::USAGE_LIMITS_COUNT, i64::MIN), &["-9223372036854775808"]),
        (big(&[0; 8]), &["0000000000000000", "00", "0x00"]),
        (big(&[0xFF; 8]), &["ffffffffffffffff", "FF"]),
        (big(&[0, 0, 0, 0, 0, 0, 0, 0x80]), &["0080", "0000000000000080"]),
        (Item::enumeration(Tag::OBJECT_TYPE, ObjectType::SymmetricKey), &["0x00000002", "SymmetricKey", "2"]),
        (Item::boolean(Tag::BATCH_ORDER_OPTION, true), &["true", "1", " true"]),
        (Item::boolean(Tag::BATCH_ORDER_OPTION, false), &["false", "0"]),
        (Item::text_string(Tag::NAME_VALUE, "Cryptographic Algorithm"), &["Cryptographic Algorithm"]),
        (Item::text_string(Tag::NAME_VALUE, ""), &[""]),
        (
            Item::text_string(Tag::NAME_VALUE, " a\n<&>'\"\tä "),
            &[" a&#10;&lt;&amp;&gt;&apos;&quot;&#x9;&#228; "],
        ),
        // XML makes spaces of plain line breaks and tabs.
        (Item::text_string(Tag::NAME_VALUE, "a b c d"), &["a\nb\tc\r\nd"]),
        (Item::byte_string(Tag::MAC_SIGNATURE, [0xC5, 0x0F, 0x77]), &["C50F77", "c50f77"]),
        (Item::byte_string(Tag::MAC_SIGNATURE, []), &[""]),
        (Item::interval(Tag::OFFSET, Interval::from_seconds(27)), &["27", "0x0000001b"]),
        (Item::interval(Tag::OFFSET, Interval::from_seconds(u32::MAX)), &["4294967295"]),
        (
            Item::date_time_extended(VENDOR, DateTimeExtended::from_microseconds(-1)),
            &["1969-12-31T23:59:59.999999Z", "0xffffffffffffffff"],
        ),
        (
            Item::date_time(Tag::ARCHIVE_DATE, DateTime::from_seconds(978_307_200)),
            &["2001-01-01T10:00:00+10:00", "2001-01-01T00:00:00", "0x000000003a4fc880"],
        ),
        (Item::enumeration(Tag::ATTRIBUTE_REFERENCE, Tag::STATE), &["State", "0x42008d", "0x0042008D"]),
    ] {
        for form in forms {
            reads_value(&item, form);
        }
    }
}

#[test]
fn refuses_what_is_no_value_of_the_type() {
    refuses_values(Tag::BATCH_COUNT, "Integer", &["", "ten", "2147483648", "1.0", "1 2", "0x123456789"]);
    refuses_values(Tag::USAGE_LIMITS_COUNT, "LongInteger", &["", "9223372036854775808"]);
    refuses_values(Tag::X, "BigInteger", &["", "0", "zz", "0x"]);
    refuses_values(Tag::BATCH_ORDER_OPTION, "Boolean", &["", "TRUE", "yes", "2"]);
    refuses_values(Tag::MAC_SIGNATURE, "ByteString", &["C50F7", "0xC50F77", "C5 0F"]);
    refuses_values(Tag::ARCHIVE_DATE, "DateTime", &["", "2001-01-01", "978307200"]);
    refuses_values(Tag::OFFSET, "Interval", &["", "-1", "4294967296"]);
}

#[test]
fn refuses_what_is_no_item() {
    for (xml, expected) in [
        ("", "line 1, column 1: expected an element, found the end of the text"),
        ("<!-- nothing -->", "line 1, column 17: expected an element, found the end of the text"),
        (
            "<Attributes/>\n<Attributes/>",
            "line 2, column 1: expected the end of the text, found another element",
        ),
        // What comes after is not looked at.
        (
            "<Attributes/><Attributes><Zebra type='x'><",
            "line 1, column 14: expected the end of the text, found another element",
        ),
        ("<Attributes>", "line 1, column 13, Attributes: expected an end tag, found the end of the text"),
        ("<Attributes>x</Attributes>", "line 1, column 13, Attributes: text between elements is not allowed"),
        (
            "<Attributes><![CDATA[ ]]></Attributes>",
            "line 1, column 13, Attributes: text between elements is not allowed",
        ),
        (
            "<Attributes>&amp;</Attributes>",
            "line 1, column 13, Attributes: text between elements is not allowed",
        ),
        (
            "<!DOCTYPE a [<!ENTITY b \"c\">]>\n<Attributes/>",
            "line 1, column 1: a document type declaration is not allowed",
        ),
        (
            "<Attributes\n  kind='x'/>",
            "line 2, column 3, Attributes: unknown attribute \"kind\"; an item has tag, name, type and value",
        ),
        (
            "<Attributes tag='0x420001'/>",
            "line 1, column 18, Attributes: the element is Attributes (0x420125), but its attribute \"tag\" is ActivationDate (0x420001)",
        ),
        ("<TTLV type='Integer' value='1'/>", "line 1, column 1: missing attribute \"tag\""),
        (
            "<BatchCount type='Integer' type='Integer' value='1'/>",
            "line 1, column 28, BatchCount: duplicate attribute \"type\"",
        ),
        ("<BatchCount type='Integer'/>", "line 1, column 1, BatchCount: missing attribute \"value\""),
        (
            "<BatchCount type='Integer'><BatchCount type='Integer' value='1'/></BatchCount>",
            "line 1, column 1, BatchCount: expected a number of 32 bits with a sign, or up to 8 hex digits after 0x for Integer, found items",
        ),
        (
            "<Attributes value='1'><State/></Attributes>",
            "line 1, column 20, Attributes: expected a value or elements, found both",
        ),
        (
            "<BatchCount value='1'/>",
            "line 1, column 20, BatchCount: BatchCount takes Integer, but no type is given, which is left out for a Structure alone",
        ),
        (
            "<a:State xmlns:a='urn:other'/>",
            "line 1, column 1: expected an element without a namespace or in \"urn:oasis:tc:kmip:xmlns\", found another namespace",
        ),
        (
            "<a:State/>",
            "line 1, column 1: expected an element without a namespace or in \"urn:oasis:tc:kmip:xmlns\", found another namespace",
        ),
        (
            "<NameValue type='TextString' value='a<b'/>",
            "line 1, column 37, NameValue: '<' in an attribute's value",
        ),
        (
            "<NameValue type='TextString' value='&#1;'/>",
            "line 1, column 37, NameValue: U+0001 is not an XML character",
        ),
        ("<x54001/>", "line 1, column 2: \"x54001\" is not a tag"),
    ] {
        refuses(xml, &expected.replace("&apos;", "'"));
    }
    // What the parser says of these is its own.
    for xml in [
        "<Attributes></State>",
        "<Attributes",
        "</Attributes>",
        "<Attributes a/>",
        "<Attributes a=b/>",
        "<NameValue type='TextString' value='&nbsp;'/>",
        "<NameValue type='TextString' value='&#x110000;'/>",
        "<!-- ",
    ] {
        assert!(codec().from_xml(xml).is_err(), "{xml}");
    }
}

#[test]
fn writes_the_default_form() {
    for (item, xml) in [
        (Item::structure(Tag::ATTRIBUTES, vec![]), "<Attributes/>"),
        (
            Item::structure(Tag::REQUEST_HEADER, vec![Item::integer(Tag::BATCH_COUNT, 1)]),
            r#"<RequestHeader><BatchCount type="Integer" value="1"/></RequestHeader>"#,
        ),
        (
            Item::integer(Tag::CRYPTOGRAPHIC_USAGE_MASK, 0x4000_0003),
            r#"<CryptographicUsageMask type="Integer" value="Sign Verify 0x40000000"/>"#,
        ),
        (
            Item::enumeration(Tag::OBJECT_TYPE, ObjectType::PrivateKey),
            r#"<ObjectType type="Enumeration" value="PrivateKey"/>"#,
        ),
        (
            Item::enumeration(Tag::OBJECT_TYPE, 0x8000_0001_u32),
            r#"<ObjectType type="Enumeration" value="0x80000001"/>"#,
        ),
        (
            Item::long_integer(Tag::USAGE_LIMITS_COUNT, i64::MIN),
            r#"<UsageLimitsCount type="LongInteger" value="-9223372036854775808"/>"#,
        ),
        (Item::big_integer(Tag::X, 1), r#"<X type="BigInteger" value="0000000000000001"/>"#),
        (Item::boolean(VENDOR, true), r#"<TTLV tag="0x540001" type="Boolean" value="true"/>"#),
        (
            Item::text_string(Tag::NAME_VALUE, " <&>\"'\t\r\n "),
            r#"<NameValue type="TextString" value=" &lt;&amp;&gt;&quot;'&#9;&#13;&#10; "/>"#,
        ),
        (
            Item::date_time(Tag::TIME_STAMP, DateTime::from_seconds(1_402_387_648)),
            r#"<TimeStamp type="DateTime" value="2014-06-10T08:07:28+00:00"/>"#,
        ),
        (
            Item::date_time(Tag::TIME_STAMP, DateTime::from_seconds(i64::MIN)),
            r#"<TimeStamp type="DateTime" value="0x8000000000000000"/>"#,
        ),
        (Item::interval(Tag::OFFSET, Interval::from_seconds(27)), r#"<Offset type="Interval" value="27"/>"#),
        (Item::byte_string(Tag::MAC_SIGNATURE, [0xAB]), r#"<MACSignature type="ByteString" value="ab"/>"#),
        (
            Item::structure(VENDOR, vec![Item::boolean(VENDOR, true)]),
            r#"<TTLV tag="0x540001"><TTLV tag="0x540001" type="Boolean" value="true"/></TTLV>"#,
        ),
    ] {
        writes(XmlOptions::new(), &item, xml);
    }
}

#[test]
fn writes_the_other_forms() {
    let structure = Item::structure(Tag::REQUEST_HEADER, vec![Item::integer(Tag::BATCH_COUNT, 1)]);
    let state = Item::enumeration(Tag::STATE, 2_u32);
    let mask = Item::integer(Tag::CRYPTOGRAPHIC_USAGE_MASK, 12);
    let new = XmlOptions::new;
    for (options, item, xml) in [
        (
            new().structure_type(true).namespace(true),
            &structure,
            r#"<RequestHeader xmlns="urn:oasis:tc:kmip:xmlns" type="Structure"><BatchCount type="Integer" value="1"/></RequestHeader>"#,
        ),
        (
            new().pretty(true),
            &structure,
            "<RequestHeader>\n  <BatchCount type=\"Integer\" value=\"1\"/>\n</RequestHeader>\n",
        ),
        (
            new().tags(TagForm::HexAndName).integers(NumberForm::Hex),
            &structure,
            r#"<TTLV tag="0x420077" name="RequestHeader"><TTLV tag="0x42000D" name="BatchCount" type="Integer" value="0x00000001"/></TTLV>"#,
        ),
        (
            new().tags(TagForm::Hex).enumerations(NameForm::Hex),
            &state,
            r#"<TTLV tag="0x42008D" type="Enumeration" value="0x00000002"/>"#,
        ),
        (new().enumerations(NameForm::Number), &state, r#"<State type="Enumeration" value="0x00000002"/>"#),
        (new().masks(NameForm::Hex), &mask, r#"<CryptographicUsageMask type="Integer" value="0x0000000c"/>"#),
        (new().masks(NameForm::Number), &mask, r#"<CryptographicUsageMask type="Integer" value="12"/>"#),
        (
            new().dates(DateForm::Hex),
            &Item::date_time(Tag::TIME_STAMP, DateTime::from_seconds(1_402_387_648)),
            r#"<TimeStamp type="DateTime" value="0x000000005396bcc0"/>"#,
        ),
        (
            new().integers(NumberForm::Hex),
            &Item::interval(Tag::OFFSET, Interval::from_seconds(27)),
            r#"<Offset type="Interval" value="0x0000001b"/>"#,
        ),
        (
            new().integers(NumberForm::Hex),
            &Item::long_integer(Tag::USAGE_LIMITS_COUNT, -2),
            r#"<UsageLimitsCount type="LongInteger" value="0xfffffffffffffffe"/>"#,
        ),
    ] {
        writes(options, item, xml);
    }
}

#[test]
fn refuses_to_write_a_character_that_xml_lacks() {
    for character in ['\0', '\u{1F}', '\u{FFFE}'] {
        let header =
            Item::structure(Tag::NAME, vec![Item::text_string(Tag::NAME_VALUE, format!("a{character}"))]);
        let error = header.to_xml().unwrap_err();
        let expected = format!("Name/NameValue: U+{:04X} has no form in XML", u32::from(character));
        assert_eq!(error.to_string(), expected);
        // JSON has one.
        assert_eq!(Item::from_json(&header.to_json().unwrap()).unwrap(), header);
    }
}

#[test]
fn reads_several_messages() {
    let text = "<?xml version='1.0'?>
<KmipTestCase>
  <!-- 0 -->
  <RequestMessage/>

  <ResponseMessage>
    <Zebra/>
  </ResponseMessage>
  <BtachCount type='Integer' value='1'/>
</KmipTestCase>
<RequestMessage></RequestMessage>";
    let messages = codec().from_xml_all(text).unwrap();
    let found: Vec<(usize, &str, Result<usize, String>)> = messages
        .iter()
        .map(|message| {
            let ttlv = message.ttlv.as_ref().map(Vec::len).map_err(ToString::to_string);
            (message.line, &text[message.range.clone()], ttlv)
        })
        .collect();
    let zebra = "line 7, column 6, ResponseMessage: \"Zebra\" is not a tag".to_owned();
    let count = "line 9, column 4: \"BtachCount\" is not a tag; did you mean BatchCount?".to_owned();
    assert_eq!(
        found,
        [
            (4, "<RequestMessage/>", Ok(8)),
            (6, "<ResponseMessage>\n    <Zebra/>\n  </ResponseMessage>", Err(zebra)),
            (9, "<BtachCount type='Integer' value='1'/>", Err(count)),
            (11, "<RequestMessage></RequestMessage>", Ok(8)),
        ]
    );
}

#[test]
fn a_misspelled_message_is_no_wrapper() {
    let messages = codec().from_xml_all("<RequestMesage><BatchItem/></RequestMesage>").unwrap();
    let error = messages[0].ttlv.as_ref().unwrap_err();
    let expected = "line 1, column 2: \"RequestMesage\" is not a tag; did you mean RequestMessage?";
    assert_eq!((messages.len(), error.to_string().as_str()), (1, expected));
    assert_eq!(codec().from_xml_all("<KMIP/>").unwrap(), []);
    assert!(codec().from_xml_all("<KMIP>").is_err());
}
