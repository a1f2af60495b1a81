//! What the version of a message lacks: refused strictly, listed leniently.

use crate::error::{DecodeError, DecodeErrorKind};
use crate::tables::{EnumerationInfo, MaskInfo, NameInfo};
use crate::tag::Tag;
use crate::ttlv::{DeviationKind, Field, Header, Mode, Reader, Schema};
use crate::version::ProtocolVersion;

/// How much of the input an Integer or an Enumeration takes, in bytes.
const NUMBER: usize = 2 * Header::SIZE;

impl Reader<'_> {
    /// Refuses what the version lacks at an offset or, leniently, lists it.
    #[cold]
    pub(crate) fn lacks(&mut self, kind: DecodeErrorKind, offset: usize) -> Result<(), DecodeError> {
        if self.mode() == Mode::Strict {
            return Err(self.error_at(kind, offset));
        }
        self.list(offset, DeviationKind::OtherVersion(Box::new(kind)));
        Ok(())
    }

    /// The version that a message states, which all that follows is read in.
    ///
    /// # Errors
    /// It is not there, or not as it should be.
    #[inline(always)]
    pub fn stated_version(
        &mut self,
        field: &Field,
        schema: &'static Schema,
    ) -> Result<ProtocolVersion, DecodeError> {
        let version = self.required(field, schema)?;
        self.set_version(version);
        Ok(version)
    }

    /// Checks an occurrence of a field, which is next and before which `count` others were.
    #[inline(always)]
    pub(super) fn occurrence(
        &mut self,
        field: &Field,
        schema: &'static Schema,
        header: &Header,
        count: usize,
    ) -> Result<(), DecodeError> {
        if !field.has_tag_at(header.tag, self.versions()) {
            self.field_of_another_version(field, header.tag, header.offset)?;
        }
        if count == 1 && field.is_single_at(self.versions()) {
            self.too_many(field, schema, header.offset)?;
        }
        Ok(())
    }

    #[cold]
    pub(super) fn field_of_another_version(
        &mut self,
        field: &Field,
        tag: Tag,
        offset: usize,
    ) -> Result<(), DecodeError> {
        let Some(version) = self.version() else { return Ok(()) };
        let (since, until) = field.bounds_of(tag);
        self.lacks(DecodeErrorKind::NotInVersion { tag, version, since, until }, offset)
    }

    #[cold]
    pub(super) fn too_many(
        &mut self,
        field: &Field,
        schema: &'static Schema,
        offset: usize,
    ) -> Result<(), DecodeError> {
        let Some(version) = self.version() else { return Ok(()) };
        let structure = self.schema.unwrap_or(schema).name;
        self.lacks(DecodeErrorKind::TooMany { structure, tag: field.tag, version }, offset)
    }

    /// Refuses, or lists, an item at an offset whose tag, which is no field's, the version lacks.
    #[inline]
    pub(crate) fn check_tag(&mut self, tag: Tag, offset: usize) -> Result<(), DecodeError> {
        let (Some(version), Some(info)) = (self.version(), tag.info()) else { return Ok(()) };
        if info.is_in(version) {
            return Ok(());
        }
        let (since, until) = (Some(info.since), info.until);
        self.lacks(DecodeErrorKind::NotInVersion { tag, version, since, until }, offset)
    }

    /// Refuses, or lists, a form that the item at the offset has and the version lacks.
    ///
    /// # Errors
    /// [`DecodeErrorKind::FormNotInVersion`], strictly.
    #[inline]
    pub fn check_form(
        &mut self,
        what: &'static str,
        since: Option<ProtocolVersion>,
        until: Option<ProtocolVersion>,
    ) -> Result<(), DecodeError> {
        let Some(version) = self.version() else { return Ok(()) };
        let has = since.is_none_or(|since| version.is_at_least(since))
            && until.is_none_or(|until| until.is_at_least(version));
        if has {
            return Ok(());
        }
        let offset = self.position();
        self.lacks(DecodeErrorKind::FormNotInVersion { what, version, since, until }, offset)
    }

    /// Refuses, or lists, the value of the Enumeration that was just read, which the version lacks.
    #[cold]
    pub(crate) fn value_of_another_version(
        &mut self,
        info: &'static EnumerationInfo,
        value: u32,
    ) -> Result<(), DecodeError> {
        match info.by_value(value) {
            Some(row) => self.row_of_another_version(info.name, row),
            None => Ok(()),
        }
    }

    /// Refuses, or lists, bits of the mask that was just read, which the version lacks.
    #[cold]
    pub(crate) fn bits_of_another_version(
        &mut self,
        info: &'static MaskInfo,
        bits: u32,
    ) -> Result<(), DecodeError> {
        let rows = info.bits.iter().filter(|row| row.value & bits != 0);
        rows.into_iter().try_for_each(|row| self.row_of_another_version(info.name, row))
    }

    fn row_of_another_version(
        &mut self,
        names: &'static str,
        row: &'static NameInfo,
    ) -> Result<(), DecodeError> {
        let Some(version) = self.version() else { return Ok(()) };
        let (value, since, until) = (row.name, Some(row.since), row.until);
        let kind = DecodeErrorKind::ValueNotInVersion { names, value, version, since, until };
        // A number was read: that much was before.
        self.lacks(kind, self.position() - NUMBER)
    }
}
