//! Finds the messages in a file of JSON.

use serde_json::Deserializer;
use serde_json::value::RawValue;

/// The messages in the text, each with the line at which it starts: one value after another, or in arrays.
pub(super) fn messages(text: &str) -> Result<Vec<(usize, String)>, String> {
    let mut messages = Vec::new();
    for value in Deserializer::from_str(text).into_iter::<&RawValue>() {
        values(text, value.map_err(|error| error.to_string())?, &mut messages)?;
    }
    Ok(messages)
}

fn values(text: &str, value: &RawValue, messages: &mut Vec<(usize, String)>) -> Result<(), String> {
    let json = value.get();
    if json.starts_with('[') {
        let values_in: Vec<&RawValue> = serde_json::from_str(json).map_err(|error| error.to_string())?;
        return values_in.into_iter().try_for_each(|value| values(text, value, messages));
    }
    let offset = json.as_ptr().addr() - text.as_ptr().addr();
    messages.push((text[..offset].matches('\n').count() + 1, json.to_owned()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_messages_one_after_another_and_in_arrays() {
        let [one, two] = [r#"{"tag": 1}"#, "{\n}"];
        let expected = |lines: [usize; 2]| Ok(vec![(lines[0], one.to_owned()), (lines[1], two.to_owned())]);
        for (text, lines) in [
            (format!("{one}\n{two}\n"), [1, 2]),
            (format!("\n[{one}, {two}]"), [2, 2]),
            (format!("[[\n{one}],\n{two}]"), [2, 3]),
        ] {
            assert_eq!(messages(&text), expected(lines), "{text}");
        }
        assert_eq!(messages(" \n"), Ok(vec![]));
        assert!(messages("{").is_err());
        assert!(messages("[{}").is_err());
    }
}
