//! Reads an HTML specification into its sections and tables, text only.
//!
//! The documents are word-processor exports: one word may be split over several spans, so runs are
//! joined exactly as they stand, and only white space that is in the text separates words.

use anyhow::{Context, Result, bail};
use encoding_rs::{Encoding, WINDOWS_1252};
use scraper::{ElementRef, Html, Node};

use super::version;
use crate::versions::Version;

/// A heading with its number, e.g. `4.2` and `Name`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Section {
    /// Depth, 1 for a chapter or an appendix.
    pub(crate) level: usize,
    /// The number as printed, without a final dot; empty when the heading has none.
    pub(crate) number: String,
    /// The heading's text, without the number.
    pub(crate) title: String,
}

/// One cell: its text on one line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cell {
    /// All paragraphs joined by one space.
    pub(crate) text: String,
}

/// A row after row spans and column spans are laid out: a spanning cell is repeated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// The cells, left to right.
    pub(crate) cells: Vec<Cell>,
    /// True when the row is all one cell.
    pub(crate) spanned: bool,
}

/// A table with the place where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    /// The headings above the table, the chapter first. Never empty.
    pub(crate) path: Vec<Section>,
    /// The text of its caption, without `Table N:`; empty when it has none.
    pub(crate) caption: String,
    /// Header and body rows alike.
    pub(crate) rows: Vec<Row>,
}

impl Table {
    /// The innermost heading above the table.
    pub(crate) fn section(&self) -> &Section {
        &self.path[self.path.len() - 1]
    }

    /// Where the table stands, for messages.
    pub(crate) fn place(&self) -> String {
        let section = self.section();
        format!("section {} \"{}\", table \"{}\"", section.number, section.title, self.caption)
    }
}

/// The parts of a specification that hold facts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Document {
    /// The version that its title says.
    pub(crate) version: Option<Version>,
    /// Every table of the body, in order.
    pub(crate) tables: Vec<Table>,
}

/// Decodes the bytes by the charset that the document declares, Windows-1252 when it has none.
///
/// # Errors
/// When the declared charset is unknown, or the bytes do not fit it.
pub(crate) fn decode(bytes: &[u8]) -> Result<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]).to_ascii_lowercase();
    let encoding = match head.split_once("charset=") {
        Some((_, rest)) => {
            let label: String = rest
                .trim_start_matches(['"', '\''])
                .chars()
                .take_while(|character| character.is_ascii_alphanumeric() || "-_".contains(*character))
                .collect();
            Encoding::for_label(label.as_bytes()).with_context(|| format!("unknown charset {label:?}"))?
        }
        None => WINDOWS_1252,
    };
    let (text, _, malformed) = encoding.decode(bytes);
    if malformed {
        bail!("the document is not valid {}", encoding.name());
    }
    Ok(text.into_owned())
}

/// How deep elements may stand in one another: what reads them calls itself for each.
const DEPTH: usize = 256;

/// How many columns a table may have: more come of a slip in a span, and each would be laid out.
const COLUMNS: usize = 64;

/// Reads the document.
///
/// # Errors
/// When elements are nested deeper than a document's.
pub(crate) fn parse(text: &str) -> Result<Document> {
    let html = Html::parse_document(text);
    if is_deeper(&html, DEPTH) {
        bail!("expected elements at most {DEPTH} deep in one another, found more");
    }
    let mut walk = Walk::default();
    walk.element(html.root_element());
    walk.document.version = version::stated(&html.root_element().text().collect::<String>());
    Ok(walk.document)
}

/// Whether nodes are nested deeper than a limit: without a call for each level, of which there may be too many.
fn is_deeper(html: &Html, limit: usize) -> bool {
    let mut node = html.tree.root();
    let mut depth = 0;
    loop {
        if let Some(child) = node.first_child() {
            node = child;
            depth += 1;
            if depth > limit {
                return true;
            }
            continue;
        }
        while node.next_sibling().is_none() {
            let Some(parent) = node.parent() else { return false };
            node = parent;
            depth -= 1;
        }
        if let Some(next) = node.next_sibling() {
            node = next;
        }
    }
}

#[derive(Default)]
struct Walk {
    document: Document,
    path: Vec<Section>,
    /// A caption that stood before any table of its section.
    early_caption: String,
}

impl Walk {
    fn element(&mut self, element: ElementRef<'_>) {
        let name = element.value().name();
        let class = element.value().attr("class").unwrap_or_default();
        match name {
            "head" | "script" | "style" => {}
            "table" => self.table(element),
            _ => {
                if let Some(level) = heading_level(name, class) {
                    self.heading(level, &text_of(element));
                } else if name == "p" {
                    self.paragraph(class, &text_of(element));
                } else {
                    element.children().filter_map(ElementRef::wrap).for_each(|child| self.element(child));
                }
            }
        }
    }

    fn heading(&mut self, level: usize, text: &str) {
        if text.is_empty() {
            return;
        }
        let (number, title) = split_number(text);
        self.path.retain(|section| section.level < level);
        self.path.push(Section { level, number, title });
        self.early_caption.clear();
    }

    fn paragraph(&mut self, class: &str, text: &str) {
        if text.is_empty() {
            return;
        }
        if class == "MsoCaption" {
            // A caption follows its table; one that stands first belongs to the next table.
            if let Some(table) = self.document.tables.last_mut()
                && table.caption.is_empty()
                && table.path == self.path
            {
                table.caption = caption_text(text);
            } else {
                self.early_caption = caption_text(text);
            }
        }
    }

    fn table(&mut self, element: ElementRef<'_>) {
        // Tables before the first heading are the title page.
        if self.path.is_empty() {
            return;
        }
        let rows = rows_of(element);
        if rows.is_empty() {
            return;
        }
        let caption = std::mem::take(&mut self.early_caption);
        self.document.tables.push(Table { path: self.path.clone(), caption, rows });
    }
}

fn heading_level(name: &str, class: &str) -> Option<usize> {
    if let Some(digit) = name.strip_prefix('h')
        && let Ok(level) = digit.parse::<usize>()
    {
        return Some(level);
    }
    let digit = class.strip_prefix("AppendixHeading")?;
    digit.parse().ok()
}

fn caption_text(text: &str) -> String {
    let after = text.trim_start().strip_prefix("Table").map_or(text, str::trim_start);
    let after = after.trim_start_matches(|character: char| character.is_ascii_digit());
    after.trim_start_matches([':', '-', '.', ' ', '\u{2013}']).trim().to_owned()
}

/// `4.2 Name` → (`4.2`, `Name`); `Appendix B. Acronyms` → (`Appendix B`, `Acronyms`).
fn split_number(text: &str) -> (String, String) {
    if let Some(rest) = text.strip_prefix("Appendix ") {
        let (letter, title) = rest.split_once(['.', ' ']).unwrap_or((rest, ""));
        return (format!("Appendix {letter}"), title.trim().to_owned());
    }
    let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
    let parts: Vec<&str> = first.trim_end_matches('.').split('.').collect();
    let numeric = |part: &&str| !part.is_empty() && part.chars().all(|digit| digit.is_ascii_digit());
    let letter =
        parts.len() > 1 && parts[0].len() == 1 && parts[0].starts_with(|c: char| c.is_ascii_uppercase());
    if (numeric(&parts[0]) || letter) && parts[1..].iter().all(numeric) {
        return (parts.join("."), rest.trim().to_owned());
    }
    (String::new(), text.to_owned())
}

fn rows_of(table: ElementRef<'_>) -> Vec<Row> {
    // Cells that hang down from earlier rows, by column: rows left, and the cell.
    let mut hanging: Vec<Option<(usize, Cell)>> = Vec::new();
    let mut rows = Vec::new();
    for row in table.descendants().filter_map(ElementRef::wrap).filter(|node| node.value().name() == "tr") {
        let cells: Vec<ElementRef<'_>> = row
            .children()
            .filter_map(ElementRef::wrap)
            .filter(|node| matches!(node.value().name(), "td" | "th"))
            .collect();
        let mut laid_out = Vec::new();
        let mut own = 0;
        for element in &cells {
            take_hanging(&mut hanging, &mut laid_out);
            let cell = cell_of(*element);
            let columns = span(*element, "colspan");
            let down = span(*element, "rowspan");
            own += 1;
            for _ in 0..columns.min(COLUMNS.saturating_sub(laid_out.len())) {
                if down > 1 {
                    hanging.resize(hanging.len().max(laid_out.len() + 1), None);
                    hanging[laid_out.len()] = Some((down - 1, cell.clone()));
                }
                laid_out.push(cell.clone());
            }
        }
        take_hanging(&mut hanging, &mut laid_out);
        if laid_out.iter().any(|cell| !cell.text.is_empty()) {
            rows.push(Row { spanned: own == 1 && laid_out.len() > 1, cells: laid_out });
        }
    }
    drop_repeated_columns(&mut rows);
    rows
}

fn take_hanging(hanging: &mut [Option<(usize, Cell)>], row: &mut Vec<Cell>) {
    while let Some(slot) = hanging.get_mut(row.len()) {
        let Some((left, cell)) = slot.take() else { return };
        if left > 1 {
            *slot = Some((left - 1, cell.clone()));
        }
        row.push(cell);
    }
}

/// A column that only exists because cells span it repeats its neighbour in every row.
fn drop_repeated_columns(rows: &mut [Row]) {
    let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    for column in (1..width).rev() {
        let repeated = rows.iter().all(|row| match (row.cells.get(column - 1), row.cells.get(column)) {
            (Some(left), Some(right)) => left == right,
            (_, None) => true,
            (None, Some(_)) => false,
        });
        if repeated {
            for row in &mut *rows {
                if row.cells.len() > column {
                    row.cells.remove(column);
                }
            }
        }
    }
}

fn span(element: ElementRef<'_>, attribute: &str) -> usize {
    // No table has as many rows; the cap keeps a slip harmless.
    element.value().attr(attribute).and_then(|value| value.trim().parse().ok()).unwrap_or(1).clamp(1, 1000)
}

fn cell_of(element: ElementRef<'_>) -> Cell {
    let mut paragraphs: Vec<String> = Vec::new();
    for node in element.descendants().filter_map(ElementRef::wrap) {
        if matches!(node.value().name(), "p" | "li") {
            let text = text_of(node);
            if !text.is_empty() {
                paragraphs.push(text);
            }
        }
    }
    if paragraphs.is_empty() {
        let text = text_of(element);
        if !text.is_empty() {
            paragraphs.push(text);
        }
    }
    Cell { text: paragraphs.join(" ") }
}

/// The text of an element with white space collapsed; a superscript number reads as a power.
pub(crate) fn text_of(element: ElementRef<'_>) -> String {
    let mut raw = String::new();
    append_text(element, &mut raw);
    raw.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn append_text(element: ElementRef<'_>, raw: &mut String) {
    for child in element.children() {
        if let Node::Text(text) = child.value() {
            raw.extend(text.chars().map(plain_character).filter(|character| *character != '\u{ad}'));
        } else if let Some(child) = ElementRef::wrap(child) {
            match child.value().name() {
                "br" => raw.push(' '),
                "sup" => {
                    let text = text_of(child);
                    if !text.is_empty() && text.chars().all(|digit| digit.is_ascii_digit()) {
                        raw.push('^');
                    }
                    append_text(child, raw);
                }
                // A note's mark is not part of the text that it hangs on.
                "a" if child.value().attr("href").is_some_and(|target| target.starts_with("#_ftn")) => {}
                _ => append_text(child, raw),
            }
        }
    }
}

/// Typographic characters as their plain forms, so that names compare equal.
fn plain_character(character: char) -> char {
    match character {
        '\u{a0}' | '\u{2002}' | '\u{2003}' | '\u{2009}' => ' ',
        '\u{2018}' | '\u{2019}' => '\'',
        '\u{201c}' | '\u{201d}' => '"',
        '\u{2010}' | '\u{2011}' | '\u{2013}' => '-',
        other => other,
    }
}
