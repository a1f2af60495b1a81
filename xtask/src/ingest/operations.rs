//! Lists the operations: the values of the enumeration, with the sections and payloads that define them.

use std::collections::BTreeSet;

use crate::model::{Operation, Spec, Structure};

/// The operations of a spec whose enumerations and structures are read. An operation without a payload
/// table of its own is taken as one that clients request.
pub(crate) fn read(spec: &Spec) -> Vec<Operation> {
    let values = spec
        .enumerations
        .iter()
        .filter(|enumeration| enumeration.wire == "Operation")
        .flat_map(|enumeration| &enumeration.values);
    values
        .map(|value| {
            let payloads: Vec<&Structure> = spec
                .structures
                .iter()
                .filter(|structure| structure.operation.as_deref() == Some(&value.wire))
                .collect();
            let directions: BTreeSet<&str> = payloads
                .iter()
                .map(|payload| payload.direction.as_deref().unwrap_or("client-to-server"))
                .collect();
            let direction = match directions.into_iter().collect::<Vec<_>>().as_slice() {
                [] => "client-to-server",
                [one] => one,
                _ => "both",
            };
            Operation {
                name: value.name.clone(),
                wire: value.wire.clone(),
                value: value.value.clone(),
                section: payloads.first().map(|payload| payload.section.clone()).unwrap_or_default(),
                direction: direction.to_owned(),
            }
        })
        .collect()
}
