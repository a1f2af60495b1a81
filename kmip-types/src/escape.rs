//! Text of a peer's, shown so that it can do nothing to whoever looks at it.

use core::fmt::{self, Write as _};

/// Text that a peer sent, for messages, logs and terminals: characters that control the terminal, end the line
/// or change the direction of what follows are written as Rust escapes. Other text stays as it is, a backslash
/// included.
///
/// ```
/// use kmip_types::escape::Escaped;
/// let shown = Escaped("done\r\n\u{1B}[2Jgood \u{202E}kcab").to_string();
/// assert_eq!(shown, r"done\r\n\u{1b}[2Jgood \u{202e}kcab");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Escaped<'a>(pub &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some((at, character)) = rest.char_indices().find(|(_, character)| is_escaped(*character)) {
            f.write_str(&rest[..at])?;
            for part in character.escape_default() {
                f.write_char(part)?;
            }
            rest = &rest[at + character.len_utf8()..];
        }
        f.write_str(rest)
    }
}

/// Whether the character is a control character, a line separator, or one that directs text: the marks, and
/// what embeds, overrides and isolates (Unicode Standard Annex 9, section 2).
pub fn is_escaped(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{061C}'
                | '\u{200E}'..='\u{200F}'
                | '\u{2028}'..='\u{2029}'
                | '\u{202A}'..='\u{202E}'
                | '\u{2066}'..='\u{2069}'
        )
}

#[cfg(test)]
mod tests {
    use super::Escaped;

    #[test]
    fn escapes_what_controls_or_directs_and_nothing_else() {
        for (text, shown) in [
            ("", ""),
            ("plain, ünïcode, שלום, 鍵 and \\n", "plain, ünïcode, שלום, 鍵 and \\n"),
            ("a\tb\r\nc\0", r"a\tb\r\nc\u{0}"),
            ("\u{1B}[31mred\u{7F}\u{9B}", r"\u{1b}[31mred\u{7f}\u{9b}"),
            (
                "\u{202E}\u{2066}\u{2069}\u{200E}\u{200F}\u{61C}",
                r"\u{202e}\u{2066}\u{2069}\u{200e}\u{200f}\u{61c}",
            ),
            ("line\u{2028}line\u{2029}\u{85}", r"line\u{2028}line\u{2029}\u{85}"),
        ] {
            assert_eq!(Escaped(text).to_string(), shown);
        }
    }
}
