//! The nearest known name to a misspelled one, for error messages.

/// The candidate closest to `name`, if one is close enough to be what was meant.
pub(crate) fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let folded = fold(name);
    let limit = folded.len() / 3 + 1;
    candidates
        .filter_map(|candidate| {
            let other = fold(candidate);
            if other.len().abs_diff(folded.len()) > limit {
                return None;
            }
            let distance = distance(&folded, &other);
            (distance <= limit && distance < folded.len()).then_some((distance, candidate))
        })
        .min()
        .map(|(_, candidate)| candidate)
}

/// Whether each word of `short` is the beginning of the word of `long` in its place, as in `unique_id` of
/// `UNIQUE_IDENTIFIER`, whose words are between underscores.
pub(crate) fn abbreviates(short: &str, long: &str) -> bool {
    let short = words(short);
    let long: Vec<&str> = long.split('_').collect();
    let begins = |(short, long): (&String, &&str)| {
        short.len() > 1 && long.get(..short.len()).is_some_and(|start| start.eq_ignore_ascii_case(short))
    };
    short.len() == long.len() && short.iter().zip(&long).all(begins)
}

/// The words of a name in any of Rust's forms: `unique_id`, `UniqueId`, `UNIQUE_ID`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for character in name.chars() {
        let is_new = character == '_' || (was_lower && character.is_uppercase());
        if is_new && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if character != '_'
            && let Some(word) = words.last_mut()
        {
            word.push(character);
        }
        was_lower = character.is_lowercase();
    }
    words
}

/// Without case and underscores, so that `uniqe_identifier` is near to `UniqueIdentifier`.
fn fold(name: &str) -> Vec<char> {
    name.chars().filter(|c| *c != '_').map(|c| c.to_ascii_lowercase()).collect()
}

/// Edits (insert, remove, replace) that turn one name into the other.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut previous: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.iter().enumerate() {
        let mut current = vec![i + 1];
        for (j, right) in b.iter().enumerate() {
            let replace = previous[j] + usize::from(left != right);
            current.push(replace.min(previous[j + 1] + 1).min(current[j] + 1));
        }
        previous = current;
    }
    previous[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_may_be_cut_short() {
        for (short, long, expected) in [
            ("unique_id", "UNIQUE_IDENTIFIER", true),
            ("UniqueId", "UNIQUE_IDENTIFIER", true),
            ("uniq_ident", "UNIQUE_IDENTIFIER", true),
            ("crypto_algorithm", "CRYPTOGRAPHIC_ALGORITHM", true),
            ("op", "OPERATION", true),
            ("unique", "UNIQUE_IDENTIFIER", false),
            ("identifier_unique", "UNIQUE_IDENTIFIER", false),
            ("u_i", "UNIQUE_IDENTIFIER", false),
            ("unique_identifiers", "UNIQUE_IDENTIFIER", false),
            ("", "UNIQUE_IDENTIFIER", false),
        ] {
            assert_eq!(abbreviates(short, long), expected, "{short}");
        }
    }

    #[test]
    fn finds_what_was_meant() {
        let known = ["UniqueIdentifier", "BatchItem", "since", "until"];
        for (name, expected) in [
            ("uniqe_identifier", Some("UniqueIdentifier")),
            ("BtachItem", Some("BatchItem")),
            ("sinse", Some("since")),
            ("zebra", None),
            ("", None),
        ] {
            assert_eq!(nearest(name, known.into_iter()), expected, "{name}");
        }
    }
}
