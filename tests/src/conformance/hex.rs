//! Finds the messages in a file of hex digits.

/// The messages in the text, each as hex digits alone with the line at which it starts.
///
/// A message ends where its stated length says, wherever the lines break; a line that is empty ends it too. Space
/// parts digits as is liked, and `#` starts a comment.
pub(super) fn messages(text: &str) -> Vec<(usize, String)> {
    let mut messages = Vec::new();
    let mut start = 0;
    let mut digits = String::new();
    for (number, line) in (1..).zip(text.lines()) {
        if digits.is_empty() {
            start = number;
        }
        let (content, is_comment) = match line.split_once('#') {
            Some((content, _)) => (content, true),
            None => (line, false),
        };
        let length = digits.len();
        digits.extend(content.chars().filter(|character| !character.is_whitespace()));
        let is_empty = digits.len() == length && !is_comment;
        if !digits.is_empty() && (is_empty || is_whole(&digits)) {
            messages.push((start, std::mem::take(&mut digits)));
        }
    }
    if !digits.is_empty() {
        messages.push((start, digits));
    }
    messages
}

/// Whether the digits are as many as the length in the first eight bytes says, or more.
fn is_whole(digits: &str) -> bool {
    let stated = digits.get(8..16).and_then(|length| usize::from_str_radix(length, 16).ok());
    stated.is_some_and(|length| digits.len() >= 16 + 2 * length.next_multiple_of(8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_ends_where_its_length_says_or_at_an_empty_line() {
        let one = "42000d02000000040000000100000000";
        let expected = |lines: &[usize]| -> Vec<(usize, String)> {
            lines.iter().map(|line| (*line, one.to_owned())).collect()
        };
        for (text, lines) in [
            (format!("{one}\n{one}\n"), &[1, 2][..]),
            (format!("\n{one}\n\n\n  {one}"), &[2, 5]),
            ("# two\n42000D 02 00000004  # a count\n\t00000001 00000000\n".replace("42000D", "42000d"), &[2]),
            (format!("{}\n{}\n{one}", &one[..5], &one[5..]), &[1, 3]),
        ] {
            assert_eq!(messages(&text), expected(lines), "{text}");
        }
        let cut = vec![(1, "42000d0200".to_owned()), (3, one.to_owned())];
        assert_eq!(messages(&format!("42000d0200\n\n{one}")), cut);
        assert_eq!(messages("42000d0200"), cut[..1]);
        assert_eq!(messages("# nothing\n\n"), []);
    }
}
