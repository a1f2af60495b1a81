//! Where reading a text broke off: the path of the items that were open then.

use core::cell::RefCell;

use crate::path::PathSegment;
use crate::text::error::TextError;
use crate::text::node::Node;
use crate::text::vendor::VendorTags;

/// The items that a fault is in, gathered from the innermost outwards once there is one.
pub(super) struct Trail<'v> {
    pub(super) vendor: &'v VendorTags,
    /// Innermost first.
    segments: RefCell<Vec<PathSegment>>,
}

impl<'v> Trail<'v> {
    pub(super) fn new(vendor: &'v VendorTags) -> Self {
        Self { vendor, segments: RefCell::default() }
    }

    /// The fault is in an item whose tag has this name. Where the tag is not known, the path ends around the item.
    #[cold]
    pub(super) fn inside(&self, name: Option<&str>) {
        let mut segments = self.segments.borrow_mut();
        match name.and_then(|name| self.vendor.wire_tag(name)) {
            Some(tag) => segments.push(PathSegment { tag, index: None }),
            None => segments.clear(),
        }
    }

    /// The item that the fault is in comes after these in the same structure. Whether others follow was not read.
    #[cold]
    pub(super) fn after(&self, before: &[Node<'_>]) {
        if let Some(last) = self.segments.borrow_mut().last_mut() {
            let is_alike = |node: &&Node<'_>| self.vendor.wire_tag(&node.tag.inner) == Some(last.tag);
            last.index = Some(before.iter().filter(is_alike).count()).filter(|count| *count > 0);
        }
    }

    /// The error with the path.
    #[cold]
    pub(super) fn of(&self, error: TextError) -> TextError {
        self.segments.borrow().iter().fold(error, |error, segment| error.within(segment.tag, segment.index))
    }
}
