//! Patterns in the texts that Locate looks for: `*` stands for any characters, none included, and `?` for one.
//!
//! The standard lets a server have such (KMIP 1.4 section 4.9). There is no way to take the two for themselves: a text with
//! one of them in it is found by itself, and with it whatever else it means as a pattern.

/// The longest pattern, in bytes. What is longer is a text.
const LONGEST_PATTERN: usize = 256;

/// The longest text that a pattern is held against, in bytes, so that each costs a million steps at most.
const LONGEST_TEXT: usize = 4096;

/// Whether a text that is looked for is a pattern.
pub(crate) fn is_pattern(wanted: &str) -> bool {
    wanted.len() <= LONGEST_PATTERN && wanted.contains(['*', '?'])
}

/// Whether a text is the wanted one, or one that the pattern stands for.
pub(crate) fn matches(wanted: &str, text: &str) -> bool {
    wanted == text || is_pattern(wanted) && text.len() <= LONGEST_TEXT && stands_for(wanted, text)
}

/// Goes through both, and goes on behind the last `*` with one character more for it where they part. An earlier `*` need
/// not be gone back to: the last one can take what that one would.
fn stands_for(pattern: &str, text: &str) -> bool {
    let (mut pattern, mut text) = (pattern.chars(), text.chars());
    // What follows the last `*`, and the text from the first character on that it does not stand for.
    let mut last = None;
    loop {
        let mut rest = pattern.clone();
        match (rest.next(), text.clone().next()) {
            (Some('*'), _) => {
                last = Some((rest.clone(), text.clone()));
                pattern = rest;
            }
            (None, None) => return true,
            (Some(wanted), Some(found)) if wanted == '?' || wanted == found => {
                pattern = rest;
                text.next();
            }
            _ => {
                let Some((behind, from)) = &mut last else { return false };
                if from.next().is_none() {
                    return false;
                }
                (pattern, text) = (behind.clone(), from.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stands_for_what_it_says() {
        for (pattern, text, expected) in [
            ("app*", "app", true),
            ("app*", "app-1", true),
            ("app*", "ap", false),
            ("*app", "my app", true),
            ("*app", "app ", false),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("a?c", "a\u{e9}c", true),
            ("*", "", true),
            ("**", "x", true),
            ("?", "", false),
            ("*?", "xy", true),
            ("a*b", "a*b", true),
            ("App*", "app", false),
            ("app", "app", true),
            ("app", "apps", false),
            ("", "", true),
            ("", "x", false),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn what_is_too_long_is_a_text() {
        let long = "*".repeat(LONGEST_PATTERN + 1);
        assert!(!is_pattern(&long) && !matches(&long, "x") && matches(&long, &long));
        let text = |length| "x".repeat(length);
        assert!(matches("x*", &text(LONGEST_TEXT)) && !matches("x*", &text(LONGEST_TEXT + 1)));
    }

    #[test]
    fn what_costs_the_most_ends() {
        let pattern = format!("{}b", "*a".repeat(LONGEST_PATTERN / 2 - 1));
        assert!(!matches(&pattern, &"a".repeat(LONGEST_TEXT)));
    }
}
