//! Finding the tag of a name at once, where names are a list that does not change.

use crate::tag::Tag;

/// Where in a list of names each name is: a hash table with open addressing, made when the crate is compiled.
pub(crate) struct NameIndex<const SLOTS: usize> {
    slots: [u16; SLOTS],
}

/// How many slots an index of so many names has: more than twice as many, so that there is always an empty one, and
/// one nearby.
pub(crate) const fn slots(names: usize) -> usize {
    (names * 2 + 2).next_power_of_two()
}

/// No name.
const EMPTY: u16 = u16::MAX;

impl<const SLOTS: usize> NameIndex<SLOTS> {
    /// The index of a list.
    pub(crate) const fn new(names: &[(&str, Tag)]) -> Self {
        assert!(names.len() < SLOTS / 2 && SLOTS.is_power_of_two() && names.len() < EMPTY as usize);
        let mut slots = [EMPTY; SLOTS];
        let mut index = 0;
        while index < names.len() {
            let mut slot = hash::<SLOTS>(names[index].0.as_bytes());
            while slots[slot] != EMPTY {
                slot = (slot + 1) % SLOTS;
            }
            slots[slot] = index as u16;
            index += 1;
        }
        Self { slots }
    }

    /// The tag beside a name in the list that the index was made of.
    #[inline]
    pub(crate) fn find(&self, names: &[(&str, Tag)], name: &str) -> Option<Tag> {
        let mut slot = hash::<SLOTS>(name.as_bytes());
        loop {
            let (known, tag) = names.get(usize::from(self.slots[slot]))?;
            if *known == name {
                return Some(*tag);
            }
            slot = (slot + 1) % SLOTS;
        }
    }
}

/// A number below that of the slots, from the start, the end and the length of a name.
#[inline]
const fn hash<const SLOTS: usize>(name: &[u8]) -> usize {
    let ends = match (name.first_chunk::<8>(), name.last_chunk::<8>()) {
        (Some(start), Some(end)) => u64::from_le_bytes(*start).rotate_left(23) ^ u64::from_le_bytes(*end),
        _ => short(name),
    };
    // Multiplied by a number whose bits are as good as random, the upper ones hang on all of them.
    ((ends ^ name.len() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - SLOTS.ilog2())) as usize
}

/// The bytes of a name of fewer than eight, as a number.
const fn short(name: &[u8]) -> u64 {
    let mut number = 0;
    let mut index = 0;
    while index < name.len() {
        number = number << 8 | name[index] as u64;
        index += 1;
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As many names as no version has yet.
    #[test]
    fn finds_names_of_a_list_of_any_length() {
        for count in [0, 1, 511, 512, 700] {
            let names: Vec<String> = (0..count).map(|number| format!("Name{number}")).collect();
            let list: Vec<(&str, Tag)> =
                names.iter().map(String::as_str).zip((0..).map(Tag::from_raw)).collect();
            assert!(count * 2 < slots(count) && slots(count) <= 2048);
            let index = NameIndex::<2048>::new(&list);
            for (name, tag) in &list {
                assert_eq!(index.find(&list, name), Some(*tag));
            }
            assert_eq!(index.find(&list, "Name"), None);
        }
    }
}
