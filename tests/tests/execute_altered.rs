//! Altered answers to many test cases are noticed. The cases are those that `KMIP_VECTORS` names.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A panic is how a test fails.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;

use kmip_sdk::testing::execute::{Execution, Family, Outcome, Verdict};
use kmip_tests::conformance::collect;
use kmip_types::case::{Bindings, Case, CaseMessage};
use kmip_types::{BigInteger, DateTime, Interval, Item, Tag, Value};

/// What the standard lets vary wherever it stands, or what is no part of what a case is about.
const VARIABLE: [Tag; 12] = [
    Tag::TIME_STAMP,
    Tag::CLIENT_CORRELATION_VALUE,
    Tag::SERVER_CORRELATION_VALUE,
    Tag::CORRELATION_VALUE,
    Tag::ASYNCHRONOUS_CORRELATION_VALUE,
    Tag::UNIQUE_BATCH_ITEM_ID,
    Tag::RESULT_MESSAGE,
    Tag::VENDOR_IDENTIFICATION,
    Tag::DIGEST_VALUE,
    Tag::OBJECT_GROUP,
    Tag::LOCATED_ITEMS,
    Tag::PKCS_11_OUTPUT_PARAMETERS,
];

/// Whether everything in a structure may vary.
const OPAQUE: [Tag; 6] = [
    Tag::SERVER_INFORMATION,
    Tag::RANDOM_NUMBER_GENERATOR,
    Tag::EXTENSION_INFORMATION,
    Tag::TEMPLATE_ATTRIBUTE,
    Tag::PRIVATE_KEY_TEMPLATE_ATTRIBUTE,
    Tag::PUBLIC_KEY_TEMPLATE_ATTRIBUTE,
];

fn cases() -> Vec<(String, Case)> {
    let folder = PathBuf::from(std::env::var_os("KMIP_VECTORS").expect("KMIP_VECTORS names the test cases"));
    let files: Vec<PathBuf> = collect(&folder).unwrap().into_iter().collect();
    let files: Vec<PathBuf> =
        files.into_iter().filter(|file| file.extension().is_some_and(|end| end == "xml")).collect();
    let families = Family::read(&files).unwrap();
    families.into_iter().flat_map(|family| family.cases).map(|case| (case.name, case.case)).collect()
}

/// The answers that a case expects.
fn answers(case: &Case) -> Vec<Item> {
    let mut bindings = Bindings::new();
    let answer = |response: &CaseMessage| {
        let mut answer = response.fill(&mut bindings);
        set_in_lines(&mut answer);
        answer
    };
    case.exchanges().unwrap().into_iter().map(|(_, response)| response).map(answer).collect()
}

/// Names of attributes are one line, which documents break.
fn set_in_lines(item: &mut Item) {
    let is_name = item.tag == Tag::ATTRIBUTE_NAME;
    match &mut item.value {
        Value::Structure(fields) => fields.iter_mut().for_each(set_in_lines),
        Value::TextString(text) if is_name => *text = text.split_whitespace().collect::<Vec<_>>().join(" "),
        _ => {}
    }
}

/// How it goes against a server that gives these answers.
fn outcome(case: &Case, answers: &[Item]) -> Outcome {
    let answers: Vec<Vec<u8>> = answers.iter().map(|answer| answer.to_ttlv().unwrap()).collect();
    let next = Mutex::new(answers.into_iter());
    let service = move |_: &[u8]| next.lock().unwrap().next().unwrap_or_default();
    let times = || case.messages().iter().flat_map(|message| message.item().walk());
    let time = times().find(|item| item.tag == Tag::TIME_STAMP).map(|item| item.value.clone());
    // It is the time of the case, so that its dates are as they are.
    match time {
        Some(Value::DateTime(time)) if time.seconds() > 0 => Execution::at(&service, time).run(case),
        _ => Execution::new(&service).run(case),
    }
}

#[test]
#[ignore = "needs the OASIS test cases, at KMIP_VECTORS"]
fn a_server_that_answers_as_each_case_has_it_passes() {
    let cases = cases();
    assert!(!cases.is_empty());
    let whole = Outcome { verdict: Verdict::Whole, difference: None };
    for (name, case) in &cases {
        assert_eq!(outcome(case, &answers(case)), whole, "{name}");
    }
}

/// Every value of every answer, one after the other: the tags of those whose change nobody notices are known ones.
#[test]
#[ignore = "needs the OASIS test cases, at KMIP_VECTORS"]
fn an_altered_value_is_noticed() {
    let (mut noticed, mut unnoticed) = (0_usize, BTreeMap::<String, (usize, String)>::new());
    for (name, case) in &cases() {
        let right = answers(case);
        for exchange in 0..right.len() {
            let new = new_names(case, exchange);
            for (place, label) in labels(&right[exchange]).into_iter().enumerate() {
                let Some(label) = label.filter(|_| !new.contains(&place)) else { continue };
                let mut altered = right.clone();
                if !alter(&mut altered[exchange], place) {
                    continue;
                }
                match outcome(case, &altered).verdict {
                    Verdict::Whole => {
                        let (count, _) = unnoticed.entry(label).or_insert_with(|| (0, name.clone()));
                        *count += 1;
                    }
                    _ => noticed += 1,
                }
            }
        }
    }
    unnoticed.retain(|label, _| !label.ends_with("Date") && !MADE.contains(&label.as_str()));
    assert!(unnoticed.is_empty(), "{noticed} noticed; unnoticed: {unnoticed:#?}");
    assert!(noticed > 10_000, "{noticed}");
}

/// What a server makes, where a case has a name for it or its key was made by the server.
const MADE: [&str; 8] = [
    "AuthenticatedEncryptionTag",
    "Data",
    "IVCounterNonce",
    "KeyFormatType",
    "KeyMaterial",
    "KeyValue",
    "ShortUniqueIdentifier",
    "SignatureData",
];

/// The places in an answer that have a name which the case has not said before: what is there is called so. `NOW` is about
/// now.
fn new_names(case: &Case, exchange: usize) -> Vec<usize> {
    let messages = case.messages();
    let before = messages[..2 * exchange + 1].iter().flat_map(|message| message.placeholders());
    let before: Vec<&str> = before.collect();
    let answer = &messages[2 * exchange + 1];
    let is_new = |name: &&str| name.starts_with("NOW") || !before.contains(name);
    let new = answer.named().filter(|(_, name)| is_new(name)).map(|(item, _)| item);
    new.filter_map(|new| answer.item().walk().position(|item| std::ptr::eq(item, new))).collect()
}

/// What each value of a message is called, in the order of [`Item::walk`]; nothing where it may vary.
fn labels(message: &Item) -> Vec<Option<String>> {
    fn walk(item: &Item, label: Option<&str>, in_query: bool, labels: &mut Vec<Option<String>>) {
        let named = |tag: Tag, name: &str| {
            item.children(tag).any(|child| {
                child
                    .as_text()
                    .is_some_and(|text| text.split_whitespace().collect::<Vec<_>>().join(" ") == name)
            })
        };
        let is_variable = VARIABLE.contains(&item.tag)
            || OPAQUE.contains(&item.tag)
            || named(Tag::ATTRIBUTE_NAME, "Random Number Generator")
            // Whether a server has Object Groups is its own affair.
            || (item.tag == Tag::ATTRIBUTE_NAME && item.as_text() == Some("Object Group"));
        labels.push(label.filter(|_| !is_variable).map(str::to_owned));
        if is_variable {
            labels.extend(item.walk().skip(1).map(|_| None));
            return;
        }
        let queries =
            item.children(Tag::OPERATION).any(|operation| operation.enumeration_name() == Some("Query"));
        let in_query = in_query || (item.tag == Tag::BATCH_ITEM && queries);
        let name = item.children(Tag::ATTRIBUTE_NAME).next().and_then(Item::as_text);
        for field in item.fields() {
            // What a server has, it says in Query; what only servers ask for need not be in it.
            let is_of_server = matches!(field.enumeration_name(), Some("Notify" | "Put"));
            let is_free =
                field.tag == Tag::APPLICATION_NAMESPACE || (field.tag == Tag::OPERATION && is_of_server);
            let is_listed = is_free && item.tag == Tag::RESPONSE_PAYLOAD && in_query;
            let label = match name {
                Some(name) if field.tag == Tag::ATTRIBUTE_VALUE => name.split_whitespace().collect(),
                _ => field.tag.to_string(),
            };
            walk(field, Some(&*label).filter(|_| !is_listed), in_query, labels);
        }
    }
    let mut labels_of = Vec::new();
    walk(message, None, false, &mut labels_of);
    labels_of
}

/// Alters the value at a place, if it is one.
fn alter(message: &mut Item, place: usize) -> bool {
    fn at<'a>(item: &'a mut Item, place: usize, seen: &mut usize) -> Option<&'a mut Item> {
        if *seen == place {
            return Some(item);
        }
        *seen += 1;
        let Value::Structure(fields) = &mut item.value else { return None };
        fields.iter_mut().find_map(|field| at(field, place, seen))
    }
    let item = at(message, place, &mut 0).unwrap();
    item.value = match &item.value {
        Value::Structure(_) | Value::DateTimeExtended(_) => return false,
        Value::Integer(number) => Value::Integer(number ^ 1),
        Value::LongInteger(number) => Value::LongInteger(number ^ 1),
        Value::BigInteger(_) => Value::BigInteger(BigInteger::from(12_345_i64)),
        Value::Enumeration(value) => Value::Enumeration(value ^ 1),
        Value::Boolean(value) => Value::Boolean(!value),
        Value::TextString(text) => Value::TextString(format!("{text}?")),
        Value::ByteString(bytes) => Value::ByteString([bytes.as_slice(), &[1]].concat()),
        Value::DateTime(date) => Value::DateTime(DateTime::from_seconds(date.seconds() + 100_000_000)),
        Value::Interval(interval) => Value::Interval(Interval::from_seconds(interval.seconds() + 1)),
    };
    true
}
