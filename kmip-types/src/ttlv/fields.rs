//! Reading the fields of a structure.

use zeroize::Zeroizing;

use crate::error::DecodeError;
use crate::item::{Item, Value};
use crate::tag::Tag;
use crate::ttlv::{Decode, DecodeSelected, Field, Mode, Reader, Schema};

/// A structure of no more bytes than these has few items.
const FEW_BYTES: usize = 512;

impl<'a> Reader<'a> {
    /// Reads a Text String that occurs once, where it lies.
    #[inline(always)]
    pub(crate) fn required_text(
        &mut self,
        field: &Field,
        schema: &'static Schema,
    ) -> Result<&'a str, DecodeError> {
        self.the_one(field, schema, |tag, reader| reader.text_string(tag))
    }

    /// Reads a field that occurs once.
    ///
    /// # Errors
    /// It is not there, or not as it should be.
    #[inline(always)]
    pub fn required<T: Decode>(&mut self, field: &Field, schema: &'static Schema) -> Result<T, DecodeError> {
        self.the_one(field, schema, T::decode)
    }

    /// Reads a field that occurs once or not at all.
    ///
    /// # Errors
    /// It is there, but not as it should be.
    #[inline(always)]
    pub fn optional<T: Decode>(
        &mut self,
        field: &Field,
        schema: &'static Schema,
    ) -> Result<Option<T>, DecodeError> {
        self.one(field, schema, T::decode)
    }

    /// Reads a field that occurs any number of times.
    ///
    /// # Errors
    /// One of them is not as it should be.
    #[inline(always)]
    pub fn repeated<T: Decode>(
        &mut self,
        field: &Field,
        schema: &'static Schema,
    ) -> Result<Vec<T>, DecodeError> {
        if self.is_absent(field) { Ok(Vec::new()) } else { self.many(field, schema, T::decode) }
    }

    /// Reads a field that occurs once, in the form that `selector` says.
    ///
    /// # Errors
    /// It is not there, or not as it should be.
    #[inline(always)]
    pub fn required_selected<S: ?Sized, T: DecodeSelected<S>>(
        &mut self,
        field: &Field,
        schema: &'static Schema,
        selector: &S,
    ) -> Result<T, DecodeError> {
        self.the_one(field, schema, |tag, reader| T::decode_selected(selector, tag, reader))
    }

    /// Reads a field that occurs once or not at all, in the form that `selector` says.
    ///
    /// # Errors
    /// It is there, but not as it should be.
    #[inline(always)]
    pub fn optional_selected<S: ?Sized, T: DecodeSelected<S>>(
        &mut self,
        field: &Field,
        schema: &'static Schema,
        selector: &S,
    ) -> Result<Option<T>, DecodeError> {
        self.one(field, schema, |tag, reader| T::decode_selected(selector, tag, reader))
    }

    /// Reads a field that occurs any number of times, in the form that `selector` says.
    ///
    /// # Errors
    /// One of them is not as it should be.
    #[inline(always)]
    pub fn repeated_selected<S: ?Sized, T: DecodeSelected<S>>(
        &mut self,
        field: &Field,
        schema: &'static Schema,
        selector: &S,
    ) -> Result<Vec<T>, DecodeError> {
        self.many(field, schema, |tag, reader| T::decode_selected(selector, tag, reader))
    }

    /// Reads everything that is left in the structure as items, for a type that keeps what it does not know.
    ///
    /// # Errors
    /// Something is not a valid item.
    pub fn rest(&mut self) -> Result<Vec<Item>, DecodeError> {
        self.skip_taken();
        if !self.is_at_end() {
            self.untyped.push(self.structure);
        }
        self.items()
    }

    /// Reads the next item as a tree, for a choice that keeps what it does not know.
    pub(crate) fn untyped_item(&mut self, tag: Tag) -> Result<Item, DecodeError> {
        self.untyped.push(self.position());
        self.item_tree(tag)
    }

    pub(super) fn item_tree(&mut self, tag: Tag) -> Result<Item, DecodeError> {
        Ok(Item { tag, value: Value::decode(tag, self)? })
    }

    /// Reads everything that is left in the structure as items, for a value that is any.
    pub(crate) fn items(&mut self) -> Result<Vec<Item>, DecodeError> {
        // Wiped, where one of them is not as it should be.
        let mut items = Zeroizing::new(Vec::new());
        self.skip_taken();
        while let Some(tag) = self.peek_tag() {
            items.push(self.item_tree(tag)?);
            self.skip_taken();
        }
        if !self.is_at_end() {
            self.header_at(self.position())?;
        }
        Ok(core::mem::take(&mut *items))
    }

    /// Reads the next occurrence of a field with `decode`, which gets the tag that was found.
    #[inline(always)]
    pub(crate) fn one<T>(
        &mut self,
        field: &Field,
        schema: &'static Schema,
        decode: impl FnOnce(Tag, &mut Self) -> Result<T, DecodeError>,
    ) -> Result<Option<T>, DecodeError> {
        if self.mode == Mode::Lenient {
            return self.one_leniently(field, schema, decode);
        }
        match self.peek_tag() {
            Some(tag) if self.takes(field, tag) => {
                self.check_field(field, tag)?;
                decode(tag, self).map(Some)
            }
            _ if field.is_required_at(self.versions()) => Err(self.missing(field, schema)),
            _ => Ok(None),
        }
    }

    /// Reads the next occurrence of a field, which must be there, with `decode`, which gets the tag that was
    /// found.
    #[inline(always)]
    pub(crate) fn the_one<T>(
        &mut self,
        field: &Field,
        schema: &'static Schema,
        decode: impl FnOnce(Tag, &mut Self) -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError> {
        if self.mode == Mode::Lenient {
            return match self.one_leniently(field, schema, decode)? {
                Some(value) => Ok(value),
                None => Err(self.missing(field, schema)),
            };
        }
        match self.peek_tag() {
            Some(tag) if self.takes(field, tag) => {
                self.check_field(field, tag)?;
                decode(tag, self)
            }
            _ => Err(self.missing(field, schema)),
        }
    }

    /// Refuses a field, which is next, under a tag that the version does not have for it.
    #[inline(always)]
    fn check_field(&mut self, field: &Field, tag: Tag) -> Result<(), DecodeError> {
        if field.has_tag_at(tag, self.versions()) {
            return Ok(());
        }
        self.field_of_another_version(field, tag, self.position())
    }

    /// Whether a field is not next, where that is all that there is to know.
    #[inline(always)]
    fn is_absent(&self, field: &Field) -> bool {
        self.mode == Mode::Strict
            && field.required_at_none()
            && !self.peek_tag().is_some_and(|tag| self.takes(field, tag))
    }

    /// Reads all occurrences of a field with `decode`, which gets the tag that was found.
    #[inline]
    fn many<T>(
        &mut self,
        field: &Field,
        schema: &'static Schema,
        mut decode: impl FnMut(Tag, &mut Self) -> Result<T, DecodeError>,
    ) -> Result<Vec<T>, DecodeError> {
        let mut values = self.room_for(field);
        self.each(field, schema, |tag, reader| {
            values.push(decode(tag, reader)?);
            Ok(())
        })?;
        Ok(values)
    }

    /// Reads all occurrences of a field with `decode`, which gets the tag that was found and keeps what it reads.
    #[inline]
    pub(crate) fn each(
        &mut self,
        field: &Field,
        schema: &'static Schema,
        mut decode: impl FnMut(Tag, &mut Self) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        if self.mode == Mode::Lenient {
            return self.each_leniently(field, schema, decode);
        }
        let before = self.rest.len();
        if field.is_unbounded() {
            while let Some(tag) = self.peek_tag()
                && self.takes(field, tag)
            {
                decode(tag, self)?;
            }
        } else {
            self.each_in_version(field, schema, decode)?;
        }
        if self.rest.len() == before && field.is_required_at(self.versions()) {
            return Err(self.missing(field, schema));
        }
        Ok(())
    }

    /// Reads all occurrences of a field that not every version has, or has more than once.
    fn each_in_version(
        &mut self,
        field: &Field,
        schema: &'static Schema,
        mut decode: impl FnMut(Tag, &mut Self) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        let mut count = 0;
        while let Some(tag) = self.peek_tag()
            && self.takes(field, tag)
        {
            self.check_field(field, tag)?;
            if count == 1 && field.is_single_at(self.versions()) {
                self.too_many(field, schema, self.position())?;
            }
            decode(tag, self)?;
            count += 1;
        }
        Ok(())
    }

    /// A vector with room for the occurrences of a field that come next.
    #[inline]
    pub(crate) fn room_for<T>(&self, field: &Field) -> Vec<T> {
        match self.peek_tag() {
            Some(tag) if self.takes(field, tag) => Vec::with_capacity(self.capacity_for::<T>(Some(tag))),
            _ => Vec::new(),
        }
    }

    /// A vector with room for all that is left of the structure, of items that typically take so many bytes. Of few bytes it
    /// is guessed how many items they are, which takes less than to count them.
    #[inline]
    pub(crate) fn room_for_all<T>(&self, typical: usize) -> Vec<T> {
        match self.rest.len() {
            0 => Vec::new(),
            bytes @ ..=FEW_BYTES => Vec::with_capacity((bytes / typical).max(1)),
            _ => Vec::with_capacity(self.capacity_for::<T>(None)),
        }
    }

    /// How many values to make room for before they are read: as many as the next items with this tag, or with
    /// any, but beyond four in no more than twice the memory that the input takes, because what they are is not
    /// known yet.
    fn capacity_for<T>(&self, tag: Option<Tag>) -> usize {
        let most = 2 * self.rest.len() / size_of::<T>().max(1);
        self.count(tag).min(most.max(4))
    }

    /// Whether an item with this tag is one of the field's: what another field lists is not a vendor's addition.
    #[inline(always)]
    pub(super) fn takes(&self, field: &Field, tag: Tag) -> bool {
        field.lists(tag) || (field.open && tag.is_vendor() && !self.is_listed(tag))
    }

    #[cold]
    fn is_listed(&self, tag: Tag) -> bool {
        self.schema.is_some_and(|schema| schema.fields.iter().any(|field| field.lists(tag)))
    }
}
