//! What is wrong with XML, in words that hold nothing of the text but an element's name: where quotes or angle brackets
//! are lost, anything else that the parser quotes may be a value.

use quick_xml::Error;
use quick_xml::errors::IllFormedError;
use quick_xml::escape::EscapeError;
use quick_xml::events::attributes::AttrError;
use quick_xml::name::NamespaceError;

use crate::text::names::shortened;

/// What the parser says of a fault.
pub(super) fn message(error: &Error) -> String {
    let text = match error {
        Error::IllFormed(error) => return ill_formed(error),
        Error::Escape(error) => escape(error),
        Error::Namespace(error) => namespace(error),
        Error::InvalidAttr(error) => return attribute(error),
        // These say what, and quote nothing.
        Error::Syntax(error) => return error.to_string(),
        // A text is in memory, and UTF-8.
        Error::Io(_) | Error::Encoding(_) => "the text cannot be read",
    };
    text.to_owned()
}

/// What is wrong with an attribute. The parser says where too, counting from the element's name: that is left out.
pub(super) fn attribute(error: &AttrError) -> String {
    let text = error.to_string();
    text.split_once(": ").map_or(text.as_str(), |(_, what)| what).to_owned()
}

fn ill_formed(error: &IllFormedError) -> String {
    let text = match error {
        IllFormedError::MissingEndTag(name) => {
            return format!("expected `</{}>`, found the end of the text", shortened(name).escape_debug());
        }
        IllFormedError::MismatchedEndTag { expected, .. } => {
            return format!("expected `</{}>`, found another end tag", shortened(expected).escape_debug());
        }
        IllFormedError::UnmatchedEndTag(_) => "an end tag where no element is open",
        IllFormedError::MissingDeclVersion(_) => "the XML declaration does not start with its version",
        IllFormedError::UnknownVersion => "the XML declaration's version is neither 1.0 nor 1.1",
        IllFormedError::MissingDoctypeName => "a document type declaration without a name",
        IllFormedError::DoubleHyphenInComment => "`--` in a comment",
        IllFormedError::UnclosedReference => "expected `;` after `&`, found none",
    };
    text.to_owned()
}

/// What is wrong with an `&` in a value.
fn escape(error: &EscapeError) -> &'static str {
    match error {
        EscapeError::UnrecognizedEntity(..) => "`&` and the name of an entity that XML itself does not have",
        EscapeError::UnterminatedEntity(_) => "expected `;` after `&`, found none",
        EscapeError::InvalidCharRef(_) => "`&#` and what is not the number of a character",
        EscapeError::TooManyNestedEntities => "too many entities in an attribute's value",
    }
}

fn namespace(error: &NamespaceError) -> &'static str {
    match error {
        NamespaceError::UnknownPrefix(_) => "a namespace prefix that is not declared",
        NamespaceError::InvalidXmlPrefixBind(_)
        | NamespaceError::InvalidXmlnsPrefixBind(_)
        | NamespaceError::InvalidPrefixForXml(_)
        | NamespaceError::InvalidPrefixForXmlns(_) => "a declaration of a namespace that XML reserves",
        NamespaceError::TooManyBindings(_) => "too many declarations of namespaces",
        NamespaceError::TooDeeplyNested(_) => "elements are nested too deep",
    }
}
