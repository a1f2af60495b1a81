//! The lines in which two texts differ.

use core::time::Duration;

use similar::{ChangeTag, TextDiff};

/// How many lines are shown around those that differ.
const AROUND: usize = 3;

/// How long the fewest lines that differ are looked for; then, some more are taken to differ.
const PATIENCE: Duration = Duration::from_secs(5);

/// The lines in which the texts differ, after `-` and `+`, with some around them; none where they are the same.
pub(super) fn between(one: &str, other: &str) -> String {
    let diff = TextDiff::configure().timeout(PATIENCE).diff_lines(one, other);
    let mut text = String::new();
    for (position, group) in diff.grouped_ops(AROUND).iter().enumerate() {
        if position > 0 {
            text.push_str("…\n");
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            text.push_str(match change.tag() {
                ChangeTag::Delete => "- ",
                ChangeTag::Insert => "+ ",
                ChangeTag::Equal => "  ",
            });
            text.push_str(change.value().trim_end_matches('\n'));
            text.push('\n');
        }
    }
    text.pop();
    text
}
