//! Reads the C header of PKCS#11, to which KMIP 2.1 sections 11.38 and 11.39 leave two enumerations: the PKCS#11
//! Function counts the functions of `CK_FUNCTION_LIST_3_0` from one, the PKCS#11 Return Code is a `CK_RV`.

use anyhow::{Context, Result, bail};

use crate::model::{Named, NamedValues};
use crate::names;

/// The two enumerations.
///
/// # Errors
/// When the header has no such list or no return codes, or a number cannot be read.
pub(crate) fn read(header: &str) -> Result<Vec<NamedValues>> {
    Ok(vec![
        table("PKCS#11 Function", "PKCS#11 CK_FUNCTION_LIST_3_0", functions(header)?),
        table("PKCS#11 Return Code", "PKCS#11 CK_RV", return_codes(header)?),
    ])
}

fn table(name: &str, section: &str, values: Vec<Named>) -> NamedValues {
    NamedValues { name: name.to_owned(), wire: names::wire(name), section: section.to_owned(), values }
}

fn functions(header: &str) -> Result<Vec<Named>> {
    let start =
        header.find("struct CK_FUNCTION_LIST_3_0 {").context("expected struct CK_FUNCTION_LIST_3_0")?;
    let body = header[start..].split(['{', '}']).nth(1).unwrap_or_default();
    let members = body.split(';').filter_map(|member| member.split_whitespace().last());
    let functions = members.filter(|member| member.starts_with("C_"));
    Ok((1_u32..).zip(functions).map(|(number, name)| named(name, number)).collect())
}

fn return_codes(header: &str) -> Result<Vec<Named>> {
    let mut codes: Vec<Named> = Vec::new();
    for line in header.lines() {
        let Some((name, value)) = line.strip_prefix("#define CKR_").and_then(|rest| rest.split_once(' '))
        else {
            continue;
        };
        let digits = value.trim().trim_end_matches(['U', 'L']).trim_start_matches("0x");
        // `CKR_VENDOR_DEFINED` starts the range of vendors, and what is built on it is no number.
        let Ok(number) = u32::from_str_radix(digits, 16) else { continue };
        if number < 0x8000_0000 {
            codes.push(named(name, number));
        }
    }
    if codes.is_empty() {
        bail!("expected definitions of CKR_ constants");
    }
    Ok(codes)
}

fn named(name: &str, number: u32) -> Named {
    Named {
        name: name.to_owned(),
        wire: names::wire(name),
        value: format!("0x{number:08X}"),
        ..Named::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_counted_and_codes_lose_their_prefix() {
        let header = "#define CKR_OK 0x00000000UL\n#define CKR_HOST_MEMORY 0x00000002UL\n\
                      #define CKR_VENDOR_DEFINED 0x80000000UL\n\
                      struct CK_FUNCTION_LIST_3_0 {\n CK_VERSION version;\n CK_C_Initialize C_Initialize;\n CK_C_GetInfo C_GetInfo;\n};";
        let tables = read(header).unwrap();
        let rows = |table: &NamedValues| -> Vec<(String, u32)> {
            table.values.iter().map(|value| (value.wire.clone(), value.number().unwrap())).collect()
        };
        assert_eq!(tables[0].wire, "PKCS_11Function");
        assert_eq!(rows(&tables[0]), [("C_Initialize".to_owned(), 1), ("C_GetInfo".to_owned(), 2)]);
        assert_eq!(rows(&tables[1]), [("OK".to_owned(), 0), ("HOST_MEMORY".to_owned(), 2)]);
    }

    #[test]
    fn rejects_a_header_without_the_list() {
        assert!(read("#define CKR_OK 0x00000000UL").is_err());
    }
}
