//! What is left of a structure after its fields were read, and reading fields that are out of order.

use std::collections::BTreeMap;

use crate::error::{DecodeError, DecodeErrorKind};
use crate::item_type::ItemTypes;
use crate::tag::Tag;
use crate::ttlv::{DeviationKind, Field, Header, Mode, Presence, Reader, Schema};

/// What only lenient reading needs.
#[derive(Debug, Default)]
pub(super) struct Lenient {
    /// Items read out of their order, from their start to their end, to be skipped later.
    pub(super) taken: BTreeMap<usize, usize>,
    /// What was tolerated, and where.
    pub(super) deviations: Vec<(usize, DeviationKind)>,
}

impl Reader<'_> {
    /// Reads the occurrences of a field among all that is left of the structure, in one pass.
    #[cold]
    #[inline(never)]
    pub(super) fn each_further_on(
        &mut self,
        field: &Field,
        mut decode: impl FnMut(Tag, &mut Self) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        self.skip_taken();
        let back = self.position();
        let mut at = back;
        while at < self.end() {
            let header = self.header_at(at)?;
            if self.takes(field, header.tag) && !self.lenient.taken.contains_key(&at) {
                self.seek(at);
                decode(header.tag, self)?;
                self.lenient.taken.insert(at, self.position());
            }
            at = header.end();
        }
        self.seek(back);
        self.skip_taken();
        Ok(())
    }

    #[cold]
    #[inline(never)]
    pub(super) fn one_leniently<T>(
        &mut self,
        field: &Field,
        decode: impl FnOnce(Tag, &mut Self) -> Result<T, DecodeError>,
    ) -> Result<Option<T>, DecodeError> {
        self.skip_taken();
        let back = self.position();
        // What a vendor added is not taken for the field where the field itself is there too.
        let found = match self.untaken(|tag| field.lists(tag))? {
            None if field.open => self.untaken(|tag| self.takes(field, tag))?,
            found => found,
        };
        let Some(header) = found else { return Ok(None) };
        self.seek(header.offset);
        let value = decode(header.tag, self)?;
        if header.offset != back {
            self.lenient.taken.insert(header.offset, self.position());
            self.seek(back);
        }
        Ok(Some(value))
    }

    /// The first item with such a tag among all that is left of the structure and was not read yet.
    fn untaken(&self, is_wanted: impl Fn(Tag) -> bool) -> Result<Option<Header>, DecodeError> {
        let mut at = self.position();
        while at < self.end() {
            let header = self.header_at(at)?;
            if is_wanted(header.tag) && !self.lenient.taken.contains_key(&at) {
                return Ok(Some(header));
            }
            at = header.end();
        }
        Ok(None)
    }

    /// Moves behind items of the structure that were already read out of their order.
    pub(super) fn skip_taken(&mut self) {
        // What starts at the structure's end belongs to the one around it, which skips it itself.
        while !self.is_at_end() {
            let Some(end) = self.lenient.taken.get(&self.position()) else { return };
            self.seek(*end);
        }
    }

    /// Deals with what is left of a structure after its fields were read.
    #[cold]
    pub(super) fn leftover(&mut self, schema: &'static Schema) -> Result<(), DecodeError> {
        let start = self.structure + Header::SIZE;
        if self.mode == Mode::Lenient {
            if self.is_at_end() && self.lenient.taken.is_empty() {
                return Ok(());
            }
            return self.leftover_leniently(schema, start);
        }
        let header = self.header_at(self.position())?;
        let misplaced = DecodeErrorKind::MisplacedField { structure: schema.name, tag: header.tag };
        let kind = self.intruder(&header, schema, start).unwrap_or(misplaced);
        Err(self.error_at(kind, header.offset))
    }

    /// Lists what is left of a structure, and which of its fields were out of order.
    fn leftover_leniently(&mut self, schema: &'static Schema, start: usize) -> Result<(), DecodeError> {
        let open = self.open_field(schema, start)?;
        let mut highest = 0;
        let mut seen: Vec<bool> = vec![false; schema.fields.len()];
        let mut at = start;
        while at < self.end() {
            let header = self.header_at(at)?;
            let listed = schema.fields.iter().position(|field| field.lists(header.tag));
            let index = listed.or(open.filter(|_| header.tag.is_vendor()));
            let known = index.map(|index| (index, schema.fields[index].presence));
            // Fields that stand for each other are not read where another of them was.
            let is_read = at < self.position() || self.lenient.taken.contains_key(&at);
            match known {
                Some((index, presence)) if is_read && (presence == Presence::Repeated || !seen[index]) => {
                    seen[index] = true;
                    if index < highest {
                        self.lenient.deviations.push((at, DeviationKind::Misplaced));
                    }
                    highest = highest.max(index);
                }
                // All that is not listed comes last: strictly, a field behind it would be one of them.
                _ if schema.catch_all => highest = schema.fields.len(),
                _ => {
                    let back = self.position();
                    self.seek(at);
                    let item = self.item_tree(header.tag)?;
                    self.seek(back);
                    let kind = match known {
                        Some(_) => DeviationKind::Duplicate(item),
                        None => DeviationKind::Unknown(item),
                    };
                    self.lenient.deviations.push((at, kind));
                }
            }
            at = header.end();
        }
        let done: Vec<usize> = self.lenient.taken.range(start..self.end()).map(|(at, _)| *at).collect();
        for at in done {
            self.lenient.taken.remove(&at);
        }
        Ok(())
    }

    /// Which field a vendor's tag is, of a structure that starts there: a choice that is there under none of its
    /// own tags.
    fn open_field(&self, schema: &Schema, start: usize) -> Result<Option<usize>, DecodeError> {
        let Some(index) = schema.fields.iter().position(|field| field.open) else { return Ok(None) };
        let mut at = start;
        while at < self.end() {
            let header = self.header_at(at)?;
            if schema.fields[index].lists(header.tag) {
                return Ok(None);
            }
            at = header.end();
        }
        Ok(Some(index))
    }

    /// Notes that an item has another type than it should, which is tolerated.
    pub(crate) fn tolerate_type(&mut self, header: &Header, expected: ItemTypes) {
        let kind = DeviationKind::ItemType { expected, found: header.item_type };
        self.lenient.deviations.push((header.offset, kind));
    }
}
