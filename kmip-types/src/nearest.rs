//! The nearest known name to a misspelled one, for error messages.

/// The candidate closest to `name`, if one is close enough to be what was meant.
pub(crate) fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    all_nearest(name, candidates).first().copied()
}

/// The candidates that are equally close to `name`, if any are close enough to be what was meant: the one whose
/// length is most alike first.
pub(crate) fn all_nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let name: Vec<char> = name.chars().take(MAX_LENGTH + 1).collect();
    if name.is_empty() || name.len() > MAX_LENGTH {
        return Vec::new();
    }
    let limit = name.len() / 3 + 1;
    let folded: Vec<char> = name.iter().map(char::to_ascii_lowercase).collect();
    let near = candidates.filter_map(|candidate| {
        let other: Vec<char> = candidate.chars().map(|c| c.to_ascii_lowercase()).collect();
        // `Header` for `RequestHeader`: a part of the name on a word's edge is a good guess too.
        let distance = if folded.len() >= 4 && (other.ends_with(&folded) || other.starts_with(&folded)) {
            usize::from(other.len() != folded.len())
        } else if other.len().abs_diff(folded.len()) > limit {
            return None;
        } else {
            distance(&folded, &other)
        };
        (distance <= limit).then_some((distance, other.len().abs_diff(folded.len()), candidate))
    });
    let mut near: Vec<(usize, usize, &str)> = near.collect();
    near.sort_unstable();
    let best = near.first().map(|(distance, ..)| *distance);
    let equal = near.into_iter().take_while(|(distance, ..)| Some(*distance) == best);
    equal.map(|(_, _, candidate)| candidate).collect()
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
        let known =
            ["BatchItem", "BatchCount", "RequestHeader", "ResponseHeader", "TimeStamp", "RequestMessage"];
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

    #[test]
    fn lists_what_is_equally_near() {
        let known = ["ResponseMessage", "RequestMessage", "BatchItem"];
        assert_eq!(all_nearest("Message", known.into_iter()), ["RequestMessage", "ResponseMessage"]);
        assert_eq!(all_nearest("Zebra", known.into_iter()), [""; 0]);
    }
}
