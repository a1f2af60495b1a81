//! Text in lines of at most 80 columns: labelled lists and tables.

/// The columns of a line.
const WIDTH: usize = 80;

/// Where what a label labels begins.
const LABEL: usize = 18;

/// Adds a labelled text, broken at spaces; nothing where the text is empty.
pub(super) fn labelled(page: &mut String, label: &str, text: &str) {
    if text.is_empty() {
        return;
    }
    let mut line = format!("  {label:<0$}", LABEL - 3);
    let mut is_empty = true;
    for word in text.split(' ') {
        if !is_empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            end_line(page, &line);
            line = " ".repeat(LABEL - 1);
        }
        line.push(' ');
        line.push_str(word);
        is_empty = false;
    }
    end_line(page, &line);
}

/// Adds rows in columns, the last of which is broken where it is too long.
pub(super) fn table<const COLUMNS: usize>(page: &mut String, indent: usize, rows: &[[String; COLUMNS]]) {
    let mut widths = [0; COLUMNS];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            // A cell too long for its column moves the rest of its own row alone.
            let length = cell.chars().count();
            if length <= WIDTH / 2 {
                *width = length.max(*width);
            }
        }
    }
    for row in rows {
        let mut line = " ".repeat(indent);
        for (column, (cell, width)) in row.iter().zip(widths).enumerate() {
            let separator = if column == 0 { "" } else { "  " };
            if line.chars().count() + separator.len() + cell.chars().count() > WIDTH {
                line = wrapped(page, &line, cell, indent + 4);
            } else {
                line.push_str(&format!("{separator}{cell:<width$}"));
            }
        }
        end_line(page, &line);
    }
}

/// Adds a cell that does not fit in its line, and returns what is left of it in the last line.
fn wrapped(page: &mut String, line: &str, cell: &str, indent: usize) -> String {
    let mut line = line.to_owned();
    let mut separator = if line.trim().is_empty() { "" } else { "  " };
    for word in cell.split(' ') {
        if line.chars().count() + separator.len() + word.chars().count() > WIDTH && !line.trim().is_empty() {
            end_line(page, &line);
            line = " ".repeat(indent);
            separator = "";
        }
        line.push_str(separator);
        line.push_str(word);
        separator = " ";
    }
    line
}

fn end_line(page: &mut String, line: &str) {
    page.push_str(line.trim_end());
    page.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_broken_at_spaces() {
        let mut page = String::new();
        labelled(&mut page, "values", &"CryptographicAlgorithm, ".repeat(9));
        table(&mut page, 4, &[["a".to_owned(), "b ".repeat(60)], ["long name".to_owned(), "c".to_owned()]]);
        assert!(page.lines().all(|line| line.len() <= WIDTH && !line.ends_with(' ')), "{page}");
        assert!(page.lines().skip(1).all(|line| line.starts_with("    ")), "{page}");
        assert_eq!(page.matches("CryptographicAlgorithm").count(), 9);
        assert_eq!(page.matches('b').count(), 60);
    }
}
