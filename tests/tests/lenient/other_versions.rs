//! Messages under version numbers that are not theirs: what the version lacks is refused strictly, listed leniently, and
//! nothing is rewritten in another form.

use kmip_tests::samples::messages::AnyMessage;
use kmip_tests::vectors;
use kmip_types::message::{Message, RequestMessage, ResponseMessage};
use kmip_types::ttlv::{Decoded, DeviationKind};
use kmip_types::{DecodeErrorKind, Item, ProtocolVersion, Tag, Value};

use crate::place::{at, at_mut, path, places};

/// The message with another version in its header.
fn restated(tree: &Item, version: ProtocolVersion) -> Item {
    let mut tree = tree.clone();
    let Value::Structure(numbers) = &mut at_mut(&mut tree, &[0, 0]).value else { panic!("a version") };
    numbers[0].value = Value::Integer(version.major);
    numbers[1].value = Value::Integer(version.minor);
    tree
}

/// The numbers that versions could have: the standard's, those between, before and after.
fn numbers() -> Vec<ProtocolVersion> {
    let others =
        [(0, 9), (1, 5), (1, 9), (2, 2), (3, 0)].map(|(major, minor)| ProtocolVersion::new(major, minor));
    ProtocolVersion::ALL.iter().copied().chain(others).collect()
}

#[derive(Debug, Default)]
struct Verdicts {
    taken: usize,
    listed: usize,
    refused: usize,
}

fn check<M: Message + PartialEq + core::fmt::Debug>(context: &str, tree: &Item, verdicts: &mut Verdicts) {
    let bytes = tree.to_ttlv().unwrap();
    let strict = M::from_ttlv(&bytes);
    let lenient = M::from_ttlv_lenient(&bytes);
    if let Ok(message) = &strict {
        // What is read strictly is in the form of its version: it is written as it was read.
        assert_eq!(message.to_ttlv().as_ref(), Ok(&bytes), "{context}");
        let lenient = lenient.as_ref().unwrap_or_else(|error| panic!("{context}: {error}"));
        assert_eq!(lenient.deviations, [], "{context}");
        assert_eq!(lenient.value, *message, "{context}");
        verdicts.taken += 1;
        return;
    }
    match lenient {
        Ok(Decoded { deviations, .. }) if deviations.is_empty() => {
            panic!("{context}: refused strictly, taken leniently without a word: {}", strict.unwrap_err())
        }
        Ok(lenient) => {
            assert_eq!(lenient.to_ttlv_as_it_was().as_ref(), Ok(&bytes), "{context}");
            verdicts.listed += 1;
        }
        Err(_) => verdicts.refused += 1,
    }
}

fn check_any(context: &str, message: &AnyMessage, tree: &Item, verdicts: &mut Verdicts) {
    match message {
        AnyMessage::Request(_) => check::<RequestMessage>(context, tree, verdicts),
        AnyMessage::Response(_) => check::<ResponseMessage>(context, tree, verdicts),
    }
}

fn tree_of(message: &AnyMessage) -> Item {
    let bytes = match message {
        AnyMessage::Request(message) => message.to_ttlv(),
        AnyMessage::Response(message) => message.to_ttlv(),
    };
    Item::from_ttlv(&bytes.unwrap()).unwrap()
}

#[test]
fn a_message_under_another_version_is_refused_or_listed_or_written_as_it_was_read() {
    let mut verdicts = Verdicts::default();
    for vector in vectors::all() {
        let tree = tree_of(&vector.message);
        for version in numbers() {
            let context = format!("{}/{} under {version}", vector.folder, vector.name);
            check_any(&context, &vector.message, &restated(&tree, version), &mut verdicts);
        }
    }
    // Each verdict comes: a test that only met one of them would say little.
    assert!(verdicts.taken > 1_000 && verdicts.listed > 1_000, "{verdicts:?}");
    // None loses more than what is not as it should be.
    assert_eq!(verdicts.refused, 0, "{verdicts:?}");
}

/// Whether a deviation says that the version lacks something.
fn is_of_another_version(kind: &DeviationKind) -> bool {
    let DeviationKind::OtherVersion(kind) = kind else { return false };
    matches!(
        **kind,
        DecodeErrorKind::NotInVersion { .. }
            | DecodeErrorKind::ValueNotInVersion { .. }
            | DecodeErrorKind::FormNotInVersion { .. }
    )
}

#[test]
fn one_field_of_another_version_is_refused_or_listed_by_its_path() {
    let (mut checked, mut named) = (0, 0);
    for vector in vectors::all() {
        let AnyMessage::Response(_) = &vector.message else { continue };
        let own = tree_of(&vector.message);
        for version in ProtocolVersion::ALL {
            let tree = restated(&own, *version);
            let Ok(all) = ResponseMessage::from_ttlv_lenient(&tree.to_ttlv().unwrap()) else { continue };
            let strange: Vec<String> = all
                .deviations
                .iter()
                .filter(|deviation| is_of_another_version(&deviation.kind))
                .map(|deviation| deviation.path.to_string())
                .collect();
            for kept in &strange {
                let Some(tree) = with_only(&tree, kept, &strange) else { continue };
                let bytes = tree.to_ttlv().unwrap();
                let context = format!("{}/{} under {version}: {kept}", vector.folder, vector.name);
                let Ok(lenient) = ResponseMessage::from_ttlv_lenient(&bytes) else { continue };
                let [deviation] = lenient.deviations.as_slice() else { continue };
                // Without a value that another version lacks, a structure may lack what it requires.
                if !is_of_another_version(&deviation.kind) {
                    continue;
                }
                let strict = ResponseMessage::from_ttlv(&bytes).expect_err(&context);
                assert_eq!(deviation.path, *strict.path(), "{context}");
                assert_eq!(
                    deviation.kind,
                    DeviationKind::OtherVersion(Box::new(strict.kind().clone())),
                    "{context}"
                );
                assert_eq!(lenient.to_ttlv_as_it_was().as_ref(), Ok(&bytes), "{context}");
                // Written as any other value, it is in the form that its version has, or it is an error that names what
                // that lacks.
                match lenient.value.to_ttlv() {
                    Ok(bytes) => drop(ResponseMessage::from_ttlv(&bytes).expect(&context)),
                    Err(error) => {
                        assert!(error.to_string().contains(&format!("KMIP {version}")), "{context}: {error}");
                        named += 1;
                    }
                }
                checked += 1;
            }
        }
    }
    assert!(checked > 300 && named > 100, "{checked} checked, {named} named");
}

/// The message with one of the items at some paths, and without the others.
fn with_only(tree: &Item, kept: &str, all: &[String]) -> Option<Item> {
    let mut tree = tree.clone();
    // From the last, so that the places of the others stay.
    for place in places(&tree).into_iter().rev() {
        let here = path(&tree, &place);
        if here != kept && all.contains(&here) && !kept.starts_with(&format!("{here}/")) {
            let (last, outer) = place.split_last()?;
            match &mut at_mut(&mut tree, outer).value {
                Value::Structure(fields) => drop(fields.remove(*last)),
                _ => return None,
            }
        }
    }
    let found = places(&tree).into_iter().find(|place| {
        let tag = at(&tree, place).tag;
        kept.contains(&tag.to_string()) && tag != Tag::RESPONSE_MESSAGE
    });
    found.map(|_| tree)
}
