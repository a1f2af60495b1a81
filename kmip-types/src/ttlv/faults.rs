//! The reader's errors, with their places.

use crate::error::{DecodeError, DecodeErrorKind, Found};
use crate::item_type::{ItemType, ItemTypes};
use crate::path::TagPath;
use crate::ttlv::{Field, Header, Presence, Reader, Schema};

impl Reader<'_> {
    /// An error at an offset.
    #[cold]
    pub(crate) fn error_at(&self, kind: DecodeErrorKind, offset: usize) -> DecodeError {
        self.error_in(kind, offset, Some(offset))
    }

    /// An error at an offset, in the item that is at a place, if any.
    ///
    /// While an item is read that may be set aside, its path is not looked for: there can be as many of them as there
    /// are items.
    #[cold]
    fn error_in(&self, kind: DecodeErrorKind, offset: usize, place: Option<usize>) -> DecodeError {
        let error = DecodeError::unlocated(kind, offset, place);
        if self.lenient.attempts == 0 { self.located(error) } else { error }
    }

    /// The error with its path.
    pub(super) fn located(&self, mut error: DecodeError) -> DecodeError {
        if let Some(place) = error.place() {
            error.locate(TagPath::locate(self.buffer, place));
        }
        error
    }

    #[cold]
    pub(super) fn trailing_data(&self) -> DecodeError {
        let kind = DecodeErrorKind::TrailingData { bytes: self.rest.len() };
        DecodeError::new(kind, self.position(), TagPath::default())
    }

    /// An error that says that an item's value is not what the field takes: for hand-written codecs.
    #[cold]
    pub fn invalid_value(&self, header: &Header, expected: &'static str) -> DecodeError {
        self.error_at(DecodeErrorKind::InvalidValue { expected }, header.offset)
    }

    /// An error that says that no variant of a choice fits: for hand-written codecs.
    #[cold]
    pub fn no_variant(&self, choice: &'static str, found: Found) -> DecodeError {
        let kind = DecodeErrorKind::NoVariant { choice, found };
        match found {
            Found::Nothing => self.error_at_end(kind),
            _ => self.error_at(kind, self.position()),
        }
    }

    /// An error at the end of a structure, where something should be. Its path is that of the structure: at the same
    /// offset starts whatever follows.
    #[cold]
    pub(super) fn error_at_end(&self, kind: DecodeErrorKind) -> DecodeError {
        self.error_in(kind, self.position(), (self.depth > 0).then_some(self.structure))
    }

    #[cold]
    pub(crate) fn unexpected_type(&self, expected: ItemTypes, header: &Header) -> DecodeError {
        let kind = DecodeErrorKind::UnexpectedItemType { expected, found: header.item_type };
        self.error_at(kind, header.offset)
    }

    #[cold]
    pub(super) fn invalid_length(&self, item_type: ItemType, found: usize, offset: usize) -> DecodeError {
        self.error_at(invalid_length(item_type, found), offset)
    }

    /// Why a required field is not next: what is there instead says most.
    #[cold]
    pub(super) fn missing(&self, field: &Field, schema: &'static Schema) -> DecodeError {
        // Of a flattened field, the schema is that of the structure it was written for.
        let schema = self.schema.unwrap_or(schema);
        let structure = schema.name;
        let next = match self.peek() {
            // A malformed item where the field should be is the better thing to say.
            Err(error) => return error,
            Ok(next) => next,
        };
        let start = if self.depth == 0 { 0 } else { self.structure + Header::SIZE };
        if let Some(next) = next
            && let Some(kind) = self.intruder(&next, schema, start)
        {
            return self.error_at(kind, next.offset);
        }
        let mut at = self.position();
        while at < self.end() {
            let Ok(header) = self.header_at(at) else { break };
            if field.is_tagged(header.tag) {
                let kind = DecodeErrorKind::MisplacedField { structure, tag: header.tag };
                return self.error_at(kind, header.offset);
            }
            at = header.end();
        }
        let kind = DecodeErrorKind::MissingField { structure, tag: field.tag_at(self.versions()) };
        // The path is that of the structure that lacks it.
        self.error_in(kind, self.position(), Some(self.structure))
    }

    /// What is wrong with an item that no field took: it is unknown, or one too many.
    #[cold]
    pub(super) fn intruder(
        &self,
        header: &Header,
        schema: &'static Schema,
        start: usize,
    ) -> Option<DecodeErrorKind> {
        let (structure, tag) = (schema.name, header.tag);
        match schema.field(tag) {
            None if schema.catch_all => None,
            None => Some(DecodeErrorKind::UnknownField { structure, tag }),
            Some(field) if field.presence == Presence::Repeated => None,
            Some(field) if self.occurs(field, start, header.offset) => {
                Some(DecodeErrorKind::DuplicateField { structure, tag })
            }
            Some(_) => None,
        }
    }

    /// Whether a field is among the items between two offsets.
    fn occurs(&self, field: &Field, mut start: usize, end: usize) -> bool {
        while start < end {
            let Ok(header) = self.header_at(start) else { return false };
            if field.is_tagged(header.tag) {
                return true;
            }
            start = header.end();
        }
        false
    }
}

/// What is wrong with a length that no value of the type has.
pub(crate) fn invalid_length(item_type: ItemType, found: usize) -> DecodeErrorKind {
    let expected = match item_type.fixed_length() {
        Some(4) => "4 bytes",
        Some(_) => "8 bytes",
        None if item_type == ItemType::BigInteger => "a multiple of 8 bytes, at least 8",
        None => "a multiple of 8 bytes",
    };
    DecodeErrorKind::InvalidLength { item_type, expected, found }
}
