//! The tree: an item a line, with problems behind theirs.

use core::fmt::{self, Write as _};

use super::{Outline, OutlineText};
use crate::dump::outline::visit::Visit;

pub(super) fn write(outline: &Outline<'_>) -> OutlineText {
    let mut lines = OutlineText::builder();
    // A string takes whatever is written to it.
    let _ = outline.visit(|visit| item(outline, &visit, &mut lines));
    lines.finish()
}

fn item(outline: &Outline<'_>, visit: &Visit<'_>, lines: &mut super::lines::Builder) -> fmt::Result {
    let item = visit.item;
    let out = lines.line(item.offset);
    write!(out, "{:width$}", "", width = 2 * item.depth)?;
    outline.head(item, out)?;
    if !item.is_open() {
        out.write_str(if item.header.is_some() { ": " } else { "" })?;
        outline.show(visit, out)?;
    }
    for problem in &item.problems {
        let out = lines.line(item.offset);
        write!(out, "{:width$}! offset {}: {problem}", "", item.offset, width = 2 * (item.depth + 1))?;
    }
    Ok(())
}
