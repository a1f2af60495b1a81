//! The nearest known name to a misspelled one, for error messages.

/// The candidate closest to `name`, if one is close enough to be what was meant.
pub(crate) fn nearest(name: &str, candidates: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    let name: Vec<char> = name.chars().take(MAX_LENGTH + 1).collect();
    if name.len() > MAX_LENGTH {
        return None;
    }
    let limit = name.len() / 3 + 1;
    let folded: Vec<char> = name.iter().map(char::to_ascii_lowercase).collect();
    candidates
        .filter_map(|candidate| {
            let other: Vec<char> = candidate.chars().map(|c| c.to_ascii_lowercase()).collect();
            // `Header` for `RequestHeader`: a part of the name on a word's edge is a good guess too.
            let distance = if folded.len() >= 4 && (other.ends_with(&folded) || other.starts_with(&folded)) {
                1
            } else if other.len().abs_diff(folded.len()) > limit {
                return None;
            } else {
                distance(&folded, &other)
            };
            (distance <= limit).then_some((distance, other.len().abs_diff(folded.len()), candidate))
        })
        .min()
        .map(|(_, _, candidate)| candidate)
}

/// A name longer than this is noise, and not worth a quadratic comparison.
const MAX_LENGTH: usize = 64;

/// Edits (insert, remove, replace, swap neighbours) that turn one name into the other.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = vec![0; b.len() + 1];
    let mut previous: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut current = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let replace = previous[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            current[j] = replace.min(previous[j] + 1).min(current[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                current[j] = current[j].min(before[j - 2] + 1);
            }
        }
        before = previous;
        previous = current;
    }
    previous[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant() {
        let known = ["BatchItem", "BatchCount", "RequestHeader", "ResponseHeader", "TimeStamp", "RequestMessage"];
        for (name, expected) in [
            ("BtachItem", Some("BatchItem")),
            ("Timestamp", Some("TimeStamp")),
            ("Header", Some("RequestHeader")),
            ("Message", Some("RequestMessage")),
            ("Zebra", None),
        ] {
            assert_eq!(nearest(name, known.into_iter()), expected, "{name}");
        }
    }
}
