//! Finds the messages in an XML document.

use std::fmt::Write;

use kmip_types::Tag;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// The messages of an XML document, each with the line at which it starts: the outermost elements that are named as
/// tags are. What is around them, at any depth, only holds them together; a message keeps the namespaces that are
/// declared there.
pub(super) fn messages(text: &str) -> Result<Vec<(usize, String)>, String> {
    let mut reader = Reader::from_str(text);
    let mut messages = Vec::new();
    let mut around: Vec<String> = Vec::new();
    // Of the message that is open: where it starts, where its name ends, how many of its elements are open.
    let mut open: Option<(usize, usize, usize)> = None;
    loop {
        let before = reader.buffer_position() as usize;
        let event = reader.read_event().map_err(|error| format!("offset {before}: {error}"))?;
        let after = reader.buffer_position() as usize;
        let name_end = |element: &BytesStart<'_>| before + 1 + element.name().as_ref().len();
        match event {
            Event::Start(element) => match &mut open {
                Some((_, _, depth)) => *depth += 1,
                None if is_wrapper(&element) => around.push(namespaces(&element)?),
                None => open = Some((before, name_end(&element), 0)),
            },
            Event::End(_) => match &mut open {
                Some((start, name_end, 0)) => {
                    messages.push(message(text, *start, *name_end, after, &around));
                    open = None;
                }
                Some((_, _, depth)) => *depth -= 1,
                None => {
                    around.pop();
                }
            },
            Event::Empty(element) if open.is_none() && !is_wrapper(&element) => {
                messages.push(message(text, before, name_end(&element), after, &around));
            }
            Event::Eof if open.is_some() || !around.is_empty() => {
                return Err(format!("offset {before}: an element is not closed"));
            }
            Event::Eof => return Ok(messages),
            _ => {}
        }
    }
}

/// A misspelled message is taken for a wrapper: what is in it then is no message, which tells.
fn is_wrapper(element: &BytesStart<'_>) -> bool {
    let name = element.local_name();
    let name = name.as_ref();
    name != "TTLV" && !is_hex_tag(name) && Tag::from_wire_name(name).is_none()
}

/// `x420078`: an element named by its tag in hex.
fn is_hex_tag(name: &str) -> bool {
    let digits = name.strip_prefix('x').filter(|digits| digits.len() == 6);
    digits.is_some_and(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
}

/// The declarations of namespaces in an element, as they stand there.
fn namespaces(element: &BytesStart<'_>) -> Result<String, String> {
    let mut declarations = String::new();
    for attribute in element.attributes().with_checks(false) {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let key = attribute.key.as_ref();
        if key == "xmlns" || key.starts_with("xmlns:") {
            let quote = if attribute.value.contains('"') { '\'' } else { '"' };
            // A string takes whatever is written to it.
            let _ = write!(declarations, " {key}={quote}{}{quote}", attribute.value);
        }
    }
    Ok(declarations)
}

fn message(text: &str, start: usize, name_end: usize, end: usize, around: &[String]) -> (usize, String) {
    let line = text[..start].matches('\n').count() + 1;
    // The innermost declaration of a name holds: the reader takes the last.
    let message = [&text[start..name_end], &around.concat(), &text[name_end..end]].concat();
    (line, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_messages_in_any_wrapper_or_alone() {
        let lone = "<RequestMessage>\n<BatchItem/>\n</RequestMessage>";
        let two = "<!-- note -->\n<RequestMessage/>\n<ResponseMessage><A/></ResponseMessage>";
        let expected = |line| {
            let answer = "<ResponseMessage><A/></ResponseMessage>".to_owned();
            vec![(line, "<RequestMessage/>".to_owned()), (line + 1, answer)]
        };
        for (text, found) in [
            (lone.to_owned(), vec![(1, lone.to_owned())]),
            (two.to_owned(), expected(2)),
            (format!("<KMIP>{two}</KMIP>"), expected(2)),
            (
                format!("<?xml version=\"1.0\"?>\n<!DOCTYPE a>\n<Case><Step n='1'>then\n{two}</Step></Case>"),
                expected(5),
            ),
            ("<KMIP></KMIP>".to_owned(), vec![]),
            ("<KMIP><Empty/></KMIP>".to_owned(), vec![]),
            ("<TTLV tag='0x420078'/>".to_owned(), vec![(1, "<TTLV tag='0x420078'/>".to_owned())]),
            ("<a><x420078/></a>".to_owned(), vec![(1, "<x420078/>".to_owned())]),
        ] {
            assert_eq!(messages(&text), Ok(found), "{text}");
        }
        for text in ["<KMIP>", "<KMIP><RequestMessage></KMIP>", "<RequestMessage>"] {
            assert!(messages(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_message_keeps_the_namespaces_around_it() {
        let text =
            r#"<k:KMIP xmlns:k="urn:k" n="1"><b xmlns='urn:b"'><k:RequestMessage a="1"/></b></k:KMIP>"#;
        let message = r#"<k:RequestMessage xmlns:k="urn:k" xmlns='urn:b"' a="1"/>"#;
        assert_eq!(messages(text), Ok(vec![(1, message.to_owned())]));
    }
}
