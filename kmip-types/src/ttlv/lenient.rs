//! Lenient reading: fields that are out of order, items that are set aside, and what is left of a structure.

use std::collections::BTreeMap;

use crate::error::{DecodeError, DecodeErrorKind};
use crate::item::Item;
use crate::item_type::ItemTypes;
use crate::limits::Limits;
use crate::path::TagPath;
use crate::tag::Tag;
use crate::ttlv::{Deviation, DeviationKind, Field, Header, KeptItem, Mode, Presence, Reader, Schema};

/// What only lenient reading needs.
#[derive(Debug, Default)]
pub(super) struct Lenient {
    /// Items read out of their order, from their start to their end, to be skipped later.
    pub(super) taken: BTreeMap<usize, usize>,
    /// What was tolerated, and where.
    deviations: Vec<(usize, DeviationKind)>,
    /// How many of the items that are being read can be set aside.
    pub(super) attempts: usize,
}

impl Lenient {
    /// What was tolerated, in the order of the bytes, with the paths: all are found in one walk.
    pub(super) fn into_deviations(mut self, buffer: &[u8]) -> Vec<Deviation> {
        if self.deviations.is_empty() {
            return Vec::new();
        }
        self.locate_faults(buffer);
        self.deviations.sort_by_key(|(offset, _)| *offset);
        let offsets: Vec<usize> = self.deviations.iter().map(|(offset, _)| *offset).collect();
        let paths = TagPath::locate_all(buffer, &offsets);
        let deviation = |((offset, kind), path)| Deviation { path, offset, kind };
        self.deviations.into_iter().zip(paths).map(deviation).collect()
    }

    /// Gives each fault of what was set aside its path.
    fn locate_faults(&mut self, buffer: &[u8]) {
        let mut faults: Vec<(usize, &mut DecodeError)> = Vec::new();
        for (_, kind) in &mut self.deviations {
            if let DeviationKind::Unreadable { fault, .. } = kind
                && let Some(place) = fault.place()
            {
                faults.push((place, fault));
            }
        }
        faults.sort_unstable_by_key(|(place, _)| *place);
        let places: Vec<usize> = faults.iter().map(|(place, _)| *place).collect();
        for ((_, fault), path) in faults.into_iter().zip(TagPath::locate_all(buffer, &places)) {
            fault.locate(path);
        }
    }
}

/// Where a reader was before it tried to read an item.
struct Mark<'a> {
    rest: &'a [u8],
    structure: usize,
    schema: Option<&'static Schema>,
    depth: usize,
    deviations: usize,
    untyped: usize,
}

impl<'a> Reader<'a> {
    /// Reads the occurrences of a field among all that is left of the structure, in one pass. Gives how many there are,
    /// set aside or not.
    #[cold]
    #[inline(never)]
    pub(super) fn each_leniently(
        &mut self,
        field: &Field,
        schema: &'static Schema,
        mut decode: impl FnMut(Tag, &mut Self) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        let mut count = 0;
        self.skip_taken();
        while let Some(tag) = self.peek_tag()
            && self.takes(field, tag)
        {
            let header = self.boundary_at(self.position())?;
            self.occurrence(field, schema, &header, count)?;
            self.attempt(field, &header, &mut decode)?;
            count += 1;
            self.skip_taken();
        }
        let back = self.position();
        let mut at = back;
        while at < self.end() {
            let header = self.boundary_at(at)?;
            if self.takes(field, header.tag) && !self.lenient.taken.contains_key(&at) {
                self.seek(at);
                self.occurrence(field, schema, &header, count)?;
                self.attempt(field, &header, &mut decode)?;
                count += 1;
                self.lenient.taken.insert(at, self.position());
            }
            at = header.end();
        }
        self.seek(back);
        self.skip_taken();
        if count == 0 && field.is_required_at(self.versions()) {
            self.list_missing(field, schema);
        }
        Ok(())
    }

    #[cold]
    #[inline(never)]
    pub(super) fn one_leniently<T>(
        &mut self,
        field: &Field,
        schema: &'static Schema,
        decode: impl FnOnce(Tag, &mut Self) -> Result<T, DecodeError>,
    ) -> Result<Option<T>, DecodeError> {
        self.skip_taken();
        let back = self.position();
        // What a vendor added is not taken for the field where the field itself is there too.
        let found = match self.untaken(|tag| field.lists(tag))? {
            None if field.open => self.untaken(|tag| self.takes(field, tag))?,
            found => found,
        };
        let Some(header) = found else {
            if field.presence != Presence::Required && field.is_required_at(self.versions()) {
                self.list_missing(field, schema);
            }
            return Ok(None);
        };
        self.seek(header.offset);
        self.occurrence(field, schema, &header, 0)?;
        let value = self.attempt(field, &header, decode)?;
        if header.offset != back {
            self.lenient.taken.insert(header.offset, self.position());
            self.seek(back);
        }
        Ok(value)
    }

    /// Reads an item of a field. One that does not fit is set aside, if the field can do without it.
    fn attempt<T>(
        &mut self,
        field: &Field,
        header: &Header,
        decode: impl FnOnce(Tag, &mut Self) -> Result<T, DecodeError>,
    ) -> Result<Option<T>, DecodeError> {
        if field.essential || field.presence == Presence::Required {
            return decode(header.tag, self).map(Some);
        }
        self.read_or_set_aside(header, decode)
    }

    /// Reads the item with this header, which is next. One that does not fit is set aside and listed.
    pub(crate) fn read_or_set_aside<T>(
        &mut self,
        header: &Header,
        decode: impl FnOnce(Tag, &mut Self) -> Result<T, DecodeError>,
    ) -> Result<Option<T>, DecodeError> {
        let mark = self.mark();
        self.lenient.attempts += 1;
        let read = decode(header.tag, self);
        self.lenient.attempts -= 1;
        match read {
            Ok(value) => Ok(Some(value)),
            Err(error) if error.is_limit() => {
                Err(if self.lenient.attempts == 0 { self.located(error) } else { error })
            }
            Err(fault) => {
                self.go_back(mark, header);
                let kept = self.kept(header);
                self.list(header.offset, DeviationKind::Unreadable { fault, kept });
                self.seek(header.end());
                Ok(None)
            }
        }
    }

    fn mark(&self) -> Mark<'a> {
        Mark {
            rest: self.rest,
            structure: self.structure,
            schema: self.schema,
            depth: self.depth,
            deviations: self.lenient.deviations.len(),
            untyped: self.untyped.len(),
        }
    }

    /// Forgets what was read since, within the item with this header.
    fn go_back(&mut self, mark: Mark<'a>, header: &Header) {
        self.rest = mark.rest;
        self.structure = mark.structure;
        self.schema = mark.schema;
        self.depth = mark.depth;
        self.lenient.deviations.truncate(mark.deviations);
        self.untyped.truncate(mark.untyped);
        let inside: Vec<usize> =
            self.lenient.taken.range(header.offset..header.end()).map(|(at, _)| *at).collect();
        for at in inside {
            self.lenient.taken.remove(&at);
        }
    }

    /// The item as it is.
    pub(crate) fn kept(&self, header: &Header) -> KeptItem {
        KeptItem::new(header, &self.buffer[header.offset..header.end()])
    }

    /// The item as a tree, if it is one.
    pub(crate) fn tree(&self, header: &Header) -> Option<Item> {
        let limits = Limits {
            depth: self.limits().depth.saturating_sub(self.depth),
            items: self.items_left(),
            size: usize::MAX,
        };
        Item::from_ttlv_within(&self.buffer[header.offset..header.end()], limits).ok()
    }

    /// Lists what was tolerated.
    pub(crate) fn list(&mut self, offset: usize, kind: DeviationKind) {
        self.lenient.deviations.push((offset, kind));
    }

    #[cold]
    fn list_missing(&mut self, field: &Field, schema: &'static Schema) {
        // Of a flattened field, the schema is that of the structure it was written for.
        let structure = self.schema.unwrap_or(schema).name;
        let tag = field.tag_at(self.versions());
        self.list(self.structure, DeviationKind::Missing { structure, tag });
    }

    /// The first item with such a tag among all that is left of the structure and was not read yet.
    fn untaken(&self, is_wanted: impl Fn(Tag) -> bool) -> Result<Option<Header>, DecodeError> {
        let mut at = self.position();
        while at < self.end() {
            let header = self.boundary_at(at)?;
            if is_wanted(header.tag) && !self.lenient.taken.contains_key(&at) {
                return Ok(Some(header));
            }
            at = header.end();
        }
        Ok(None)
    }

    /// Whether an item with this tag is still to be read in the structure, here or further on.
    pub(crate) fn is_ahead(&self, tag: Tag) -> bool {
        let mut at = self.position();
        while at < self.end() {
            let Ok(header) = self.boundary_at(at) else { return false };
            if header.tag == tag {
                return true;
            }
            at = header.end();
        }
        false
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
            let header = self.boundary_at(at)?;
            let listed = schema.fields.iter().position(|field| field.lists(header.tag));
            let index = listed.or(open.filter(|_| header.tag.is_vendor()));
            let known = index.map(|index| (index, schema.fields[index].presence));
            // Fields that stand for each other are not read where another of them was.
            let is_read = at < self.position() || self.lenient.taken.contains_key(&at);
            match known {
                Some((index, presence)) if is_read && (presence == Presence::Repeated || !seen[index]) => {
                    seen[index] = true;
                    if index < highest {
                        self.list(at, DeviationKind::Misplaced);
                    }
                    highest = highest.max(index);
                }
                // All that is not listed comes last: strictly, a field behind it would be one of them.
                _ if schema.catch_all => highest = schema.fields.len(),
                _ => {
                    let kept = self.kept(&header);
                    let kind = match known {
                        Some(_) => DeviationKind::Duplicate(kept),
                        None => DeviationKind::Unknown(kept),
                    };
                    self.list(at, kind);
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
            let header = self.boundary_at(at)?;
            if schema.fields[index].lists(header.tag) {
                return Ok(None);
            }
            at = header.end();
        }
        Ok(Some(index))
    }

    /// Notes that an item has another type than it should, which is tolerated.
    pub(crate) fn tolerate_type(&mut self, header: &Header, expected: ItemTypes) {
        self.list(header.offset, DeviationKind::ItemType { expected, found: header.item_type });
    }
}
