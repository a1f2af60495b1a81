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
