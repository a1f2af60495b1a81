//! Test cases with placeholders where no text may stand.

#![allow(clippy::unwrap_used)] // A panic is how a test fails.

mod common;

use common::run;

const CASE: &str = r##"<KMIP>
# the answer to who asks first
<ResponseMessage>
  <ResponseHeader>
    <ProtocolVersion>
      <ProtocolVersionMajor type="Integer" value="2"/>
      <ProtocolVersionMinor type="Integer" value="1"/>
    </ProtocolVersion>
    <TimeStamp type="DateTime" value="$NOW"/>
    <BatchCount type="Integer" value="2"/>
  </ResponseHeader>
  <BatchItem>
    <Operation type="Enumeration" value="Activate"/>
    <ResultStatus type="Enumeration" value="Success"/>
    <ResponsePayload><UniqueIdentifier type="TextString" value="first"/></ResponsePayload>
  </BatchItem>
  <BatchItem>
    <Operation type="Enumeration" value="Activate"/>
    <ResultStatus type="Enumeration" value="Success"/>
    <ResponsePayload><UniqueIdentifier type="TextString" value="$UNIQUE_IDENTIFIER_0"/></ResponsePayload>
  </BatchItem>
</ResponseMessage>
</KMIP>"##;

#[test]
fn are_shown_where_they_stand() {
    for (form, lines) in [
        (
            "text",
            &[
                "# the answer to who asks first",
                "    TimeStamp (DateTime): $NOW",
                "      UniqueIdentifier (TextString): \"first\"",
            ][..],
        ),
        ("lines", &["ResponseHeader/TimeStamp (DateTime): $NOW"]),
        ("xml", &["<TimeStamp type=\"DateTime\" value=\"$NOW\"/>"]),
        ("json", &["\"$NOW\"", "\"$UNIQUE_IDENTIFIER_0\""]),
    ] {
        let output = run(&["decode", "--to", form], CASE.as_bytes());
        let printed = String::from_utf8(output.stdout).unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success() && told.contains("kmip execute runs it"), "{form}: {told}");
        for line in lines {
            assert!(printed.contains(line), "{form}: {line} in {printed}");
        }
        assert!(printed.contains("$UNIQUE_IDENTIFIER_0"), "{form}: {printed}");
    }
}

#[test]
fn have_no_bytes() {
    for arguments in [&["decode", "--to", "hex"][..], &["encode"], &["convert", "--to", "json"]] {
        let output = run(arguments, CASE.as_bytes());
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(1) && output.stdout.is_empty(), "{arguments:?}: {told}");
        assert!(told.contains("test case with placeholders") && told.contains("kmip execute"), "{told}");
    }
    // What is faulty besides is told as ever.
    let output = run(&["decode"], CASE.replace("Activate", "Activte").as_bytes());
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && told.contains("Activte"), "{told}");
}
