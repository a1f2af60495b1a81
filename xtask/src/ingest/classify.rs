//! Says which kind of table a table is, by its header, its title, and the headings above it.

use super::html::{Row, Table};

/// What a table holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// Names and numbers of tags.
    Tags,
    /// Names and numbers of an enumeration's values.
    Enumeration,
    /// Names and numbers of a mask's bits.
    Mask,
    /// Names and encodings: an item, or a structure with its fields.
    Encodings,
    /// Names of the fields of a message part or an operation's payload, without encodings.
    Fields,
    /// The rules of an attribute.
    AttributeRules,
    /// The Result Reasons of an operation.
    Errors,
    /// Who may do which operation by default.
    Policies,
    /// A table without facts that are ingested, and what it is.
    Irrelevant(&'static str),
    /// A table that fits none of these. `fact` when it looks as if it held facts.
    Unknown {
        /// Whether the header or the cells look like those of a table of facts.
        fact: bool,
    },
}

impl Class {
    /// The class's name in the summary.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Tags => "tags",
            Self::Enumeration => "enumeration",
            Self::Mask => "mask",
            Self::Encodings => "encodings",
            Self::Fields => "fields",
            Self::AttributeRules => "attribute rules",
            Self::Errors => "errors",
            Self::Policies => "policies",
            Self::Irrelevant(what) => what,
            Self::Unknown { .. } => "not recognised",
        }
    }
}

/// A table split into its title row, its header row, and the rest.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape<'a> {
    /// The text of a first row that spans the table; empty when there is none.
    pub(crate) title: &'a str,
    /// The header row, if the table has rows besides its title.
    header: Option<&'a Row>,
    /// The rows below the header.
    pub(crate) body: &'a [Row],
}

impl<'a> Shape<'a> {
    /// Splits a table.
    pub(crate) fn of(table: &'a Table) -> Self {
        match table.rows.as_slice() {
            [title, header, body @ ..] if title.spanned => {
                Self { title: &title.cells[0].text, header: Some(header), body }
            }
            [header, body @ ..] => Self { title: "", header: Some(header), body },
            [] => Self { title: "", header: None, body: &[] },
        }
    }

    /// The text of a header cell in lower case; empty past the end.
    pub(crate) fn column(&self, index: usize) -> String {
        let cell = self.header.and_then(|row| row.cells.get(index));
        cell.map(|cell| cell.text.trim_end_matches([':', '.', ' ']).to_lowercase()).unwrap_or_default()
    }

    /// How many columns the header has.
    fn width(&self) -> usize {
        self.header.map_or(0, |row| row.cells.len())
    }

    /// The column of encodings: the second, unless that has no header.
    pub(crate) fn encoding_column(&self) -> Option<usize> {
        let column = self.find(|header| header == "encoding")?;
        (1..column).all(|index| self.column(index).is_empty()).then_some(column)
    }

    /// The column that says whether a field is required.
    pub(crate) fn required_column(&self) -> Option<usize> {
        self.find(|header| header.starts_with("required"))
    }

    /// The column of Result Reasons: the last with that header, for a row may begin it later than the header does.
    pub(crate) fn reason_column(&self) -> Option<usize> {
        (0..self.width()).rfind(|index| self.column(*index) == "result reason")
    }

    /// The first column whose header satisfies the test.
    fn find(&self, test: impl Fn(&str) -> bool) -> Option<usize> {
        (0..self.width()).find(|index| test(&self.column(*index)))
    }
}

/// Headers, first and second column, of tables that hold nothing to ingest. An empty second text matches
/// any, and a text matches a header that starts with it.
const IRRELEVANT: &[(&str, &str, &str)] = &[
    ("term", "definition", "glossary"),
    ("item", "description", "descriptions"),
    ("value", "description", "descriptions"),
    ("function", "description", "descriptions"),
    ("encoding", "description", "descriptions"),
    ("object", "description", "descriptions"),
    ("name", "description", "descriptions"),
    ("attribute", "action", "attribute handling"),
    ("attribute", "required", "attribute handling"),
    ("attribute", "shall", "attribute handling"),
    ("attribute in existing", "attribute in", "attribute handling"),
    ("object", "attribute", "defaults"),
    ("object", "default", "defaults"),
    ("object", "defined", "cross-reference"),
    ("operation", "managed object", "cross-reference"),
    ("attribute name", "managed object", "cross-reference"),
    ("data type", "length", "item types"),
    ("data type", "coded value", "item types"),
    ("x.509 key usage value", "", "mappings"),
    ("revision", "date", "revision history"),
];

/// Classifies a table. `previous` is the class of the table before it, when that stands in the same
/// section: a table may go on in a second one, which has no header.
pub(crate) fn classify(table: &Table, previous: Option<(&Table, &Class)>) -> Class {
    let shape = Shape::of(table);
    let (first, second) = (shape.column(0), shape.column(1));
    let names = matches!(first.as_str(), "name" | "object" | "item" | "tag" | "attribute");
    if names && (second == "value" || second.ends_with(" value")) && numbers(shape.body) {
        return value_class(table, &shape);
    }
    if table.rows.first().is_some_and(is_rule) {
        // The table that explains the rules asks a question in each row.
        let asks = table.rows.iter().any(|row| row.cells.last().is_some_and(|cell| cell.text.ends_with('?')));
        return if asks { Class::Irrelevant("descriptions") } else { Class::AttributeRules };
    }
    if names && shape.encoding_column().is_some() {
        return Class::Encodings;
    }
    if names && second.starts_with("required") && !shape.title.is_empty() && !first.starts_with("attribute") {
        return Class::Fields;
    }
    if table.section().title.contains("Terminology") || first == "acronym" {
        return Class::Irrelevant("glossary");
    }
    if table.path.iter().any(|section| section.title.to_lowercase().contains("cross-reference")) {
        return Class::Irrelevant("cross-reference");
    }
    if first == "error definition" || (first == "result status" && second == "result reason") {
        return Class::Errors;
    }
    if first == "operation" && second == "policy" {
        return Class::Policies;
    }
    for (left, right, what) in IRRELEVANT {
        if first.starts_with(left) && second.starts_with(right) {
            return Class::Irrelevant(what);
        }
    }
    if shape.width() == 1 && shape.column(0).starts_with("figure") {
        return Class::Irrelevant("figure");
    }
    let fact = looks_like_facts(table, &shape);
    if let Some((before, Class::Irrelevant(what))) = previous
        && !fact
        && before.rows[0].cells.len() == table.rows[0].cells.len()
    {
        return Class::Irrelevant(what);
    }
    if !fact && describes_names(table) {
        return Class::Irrelevant("descriptions");
    }
    Class::Unknown { fact }
}

fn value_class(table: &Table, shape: &Shape<'_>) -> Class {
    let section = table.section().title.as_str();
    let first_word = section.split(' ').next().unwrap_or_default();
    if shape.title == "Tag" || (shape.title.is_empty() && matches!(first_word, "Tag" | "Tags")) {
        return Class::Tags;
    }
    let masks = table.path.iter().any(|section| section.title.to_lowercase().contains("bit mask"));
    if masks || section.ends_with(" Mask") || shape.title.ends_with(" Mask") {
        return Class::Mask;
    }
    Class::Enumeration
}

/// Whether the second column is mostly numbers in hex.
fn numbers(body: &[Row]) -> bool {
    let hex = body.iter().filter(|row| row.cells.get(1).is_some_and(|cell| is_number(&cell.text))).count();
    hex * 2 >= body.len()
}

/// `00000001`, `0x420001`, `8XXXXXXX`, or a range of these, with or without a remark.
fn is_number(text: &str) -> bool {
    let first = text.trim_start_matches("0x").split([' ', '-']).next().unwrap_or_default();
    (6..=8).contains(&first.len()) && first.chars().all(|digit| digit.is_ascii_hexdigit() || digit == 'X')
}

fn is_rule(row: &Row) -> bool {
    row.cells.first().is_some_and(|cell| cell.text.to_lowercase().starts_with("shall always have a value"))
}

fn looks_like_facts(table: &Table, shape: &Shape<'_>) -> bool {
    let header =
        |column: &str| column.contains("encoding") || column.contains("required") || column.contains("value");
    if shape.find(header).is_some() {
        return true;
    }
    let cells = table.rows.iter().flat_map(|row| row.cells.iter().skip(1));
    let telling =
        cells.filter(|cell| is_number(&cell.text) || super::encoding::is_encoding(&cell.text)).count();
    telling * 2 >= table.rows.len()
}

/// Two columns, a short name and its explanation.
fn describes_names(table: &Table) -> bool {
    table
        .rows
        .iter()
        .all(|row| row.cells.len() == 2 && row.cells[0].text.len() < row.cells[1].text.len().max(20))
}
