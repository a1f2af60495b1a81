//! Generates the default operation policies.

use anyhow::{Result, bail};

use super::emit;
use super::merge::MergedValues;
use super::operations;
use crate::names;
use crate::versions::{Edition, Version};

/// A policy of several versions.
struct Merged<'a> {
    objects: &'a str,
    sections: Vec<(Version, &'a str)>,
    /// Whom each operation is allowed; no operation is every one that names a Template.
    rules: Vec<(Option<&'a str>, &'a str)>,
}

/// The text of the file.
///
/// # Errors
/// When versions contradict each other, or name an operation that there is not.
pub(crate) fn generate(editions: &[Edition], enumerations: &[MergedValues]) -> Result<String> {
    let all = operations::all(enumerations)?;
    let mut text = String::from(
        "//! The default operation policies of KMIP 1.x.\n\nuse super::enumerations::Operation;\n\
         use crate::tables::{Allowed, OperationPolicy, PolicyRule, Section};\nuse crate::version::ProtocolVersion;\n\n\
         /// The default operation policies, by the objects that they are for.\n\
         #[rustfmt::skip] // A rule a line.\n\
         pub static OPERATION_POLICIES: &[OperationPolicy] = &[\n",
    );
    for policy in merge(editions)? {
        let sections = policy
            .sections
            .iter()
            .map(|(version, section)| format!("Section::new({}, {section:?})", emit::path(*version)));
        let sections: Vec<String> = sections.collect();
        text.push_str(&format!(
            "    OperationPolicy {{\n        objects: {:?}, sections: &[{}],\n        rules: &[\n",
            policy.objects,
            sections.join(", ")
        ));
        for (operation, allowed) in policy.rules {
            let operation = match operation {
                None => "None".to_owned(),
                Some(wire) => match all.iter().find(|operation| operation.wire == wire) {
                    Some(operation) => format!("Some(Operation::{})", names::rust_type(&operation.spelled)),
                    None => bail!("the policy for {} names {wire}, which is no operation", policy.objects),
                },
            };
            text.push_str(&format!(
                "            PolicyRule {{ operation: {operation}, allowed: Allowed::{} }},\n",
                names::rust_type(allowed)
            ));
        }
        text.push_str("        ],\n    },\n");
    }
    text.push_str("];\n");
    Ok(text)
}

/// The policies of all versions: the rules of each together.
fn merge(editions: &[Edition]) -> Result<Vec<Merged<'_>>> {
    let mut all: Vec<Merged<'_>> = Vec::new();
    for edition in editions {
        for policy in &edition.spec.policies {
            let position = all.iter().position(|merged| merged.objects == policy.objects);
            let position = position.unwrap_or_else(|| {
                all.push(Merged { objects: &policy.objects, sections: Vec::new(), rules: Vec::new() });
                all.len() - 1
            });
            let merged = &mut all[position];
            merged.sections.push((edition.version, &policy.section));
            for rule in &policy.rules {
                let (operation, allowed) = (rule.operation.as_deref(), rule.allowed.as_str());
                match merged.rules.iter().find(|(other, _)| *other == operation) {
                    None => merged.rules.push((operation, allowed)),
                    Some((_, other)) if *other == allowed => {}
                    Some((_, other)) => bail!(
                        "KMIP {} section {}: {operation:?} is allowed to {allowed}, and to {other} before",
                        edition.version,
                        policy.section
                    ),
                }
            }
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Policy, PolicyRule, Spec};

    fn edition(version: &str, rules: &[(Option<&str>, &str)]) -> Edition {
        let rule = |(operation, allowed): &(Option<&str>, &str)| PolicyRule {
            operation: operation.map(str::to_owned),
            allowed: (*allowed).to_owned(),
        };
        let policy = Policy {
            objects: "Loud Objects".to_owned(),
            section: format!("{version}.1"),
            rules: rules.iter().map(rule).collect(),
        };
        let spec = Spec { policies: vec![policy], ..Spec::default() };
        Edition { version: Version::parse(version).unwrap(), spec }
    }

    #[test]
    fn takes_the_rules_of_all_versions_together() {
        let editions = [
            edition("1.0", &[(Some("Wait"), "owner"), (None, "all")]),
            edition("1.1", &[(Some("Wait"), "owner"), (Some("Shout"), "nobody"), (None, "all")]),
        ];
        let merged = merge(&editions).unwrap();
        assert_eq!(merged.len(), 1);
        assert_eq!(merged[0].rules, [(Some("Wait"), "owner"), (None, "all"), (Some("Shout"), "nobody")]);
        assert_eq!(merged[0].sections.len(), 2);
    }

    #[test]
    fn rejects_versions_that_contradict_each_other() {
        let editions = [edition("1.0", &[(Some("Wait"), "owner")]), edition("1.1", &[(Some("Wait"), "all")])];
        let error = merge(&editions).err().unwrap().to_string();
        assert_eq!(error, "KMIP 1.1 section 1.1.1: Some(\"Wait\") is allowed to all, and to owner before");
    }
}
