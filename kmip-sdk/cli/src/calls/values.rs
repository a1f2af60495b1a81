//! Values as somebody types them: names in any case, masks, dates, bytes, and files.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use clap::{Args, ValueEnum};
use kmip_sdk::keys::{KeyError, Material};
use kmip_sdk::types::attribute::{Attribute, AttributeReference};
use kmip_sdk::types::masks::CryptographicUsageMask;
use kmip_sdk::types::tables::Names;
use kmip_sdk::types::text::{TextCodec, TextMode};
use kmip_sdk::types::ttlv::{self, Decode, Root, Wire};
use kmip_sdk::types::{DateTime, Item, Tag};
use zeroize::Zeroizing;

use crate::connection;
use crate::failure::{Failure, LARGEST, Name};

/// How many names are listed where none fits.
const MOST_NAMES: usize = 24;

/// The value of an enumeration, by its name or its number in hex.
pub(crate) fn named<T: Wire + From<u32>>(text: &str) -> Result<T, String> {
    let Names::Enumeration(info) = T::NAMES else { return Err("it has no names".to_owned()) };
    if let Some(row) = info.by_name(text).or_else(|| info.by_name_like(text)) {
        return Ok(T::from(row.value));
    }
    if let Some(Ok(number)) = text.strip_prefix("0x").map(|digits| u32::from_str_radix(digits, 16)) {
        return Ok(T::from(number));
    }
    let mut names: Vec<&str> = info.values.iter().take(MOST_NAMES).map(|row| row.name).collect();
    if info.values.len() > MOST_NAMES {
        names.push("and so on");
    }
    Err(format!("it is no {}: {}; kmip explain {} lists them", info.spelled, names.join(", "), info.name))
}

/// A Cryptographic Usage Mask, by the names of its bits with commas or `|` between.
pub(crate) fn usage(text: &str) -> Result<CryptographicUsageMask, String> {
    let Names::Mask(info) = CryptographicUsageMask::NAMES else { return Err("it has no names".to_owned()) };
    let mut bits = 0;
    for name in text.split([',', '|']).map(str::trim) {
        let Some(row) = info.by_name(name).or_else(|| info.by_name_like(name)) else {
            let names: Vec<&str> = info.bits.iter().map(|row| row.name).collect();
            return Err(format!("{name:?} is no {}: {}", info.spelled, names.join(", ")));
        };
        bits |= row.value;
    }
    Ok(CryptographicUsageMask::from_bits_retain(bits))
}

/// An attribute, as `NAME=VALUE`.
pub(crate) fn attribute(text: &str) -> Result<Attribute, String> {
    let (name, value) = text.split_once('=').ok_or("it is to be NAME=VALUE")?;
    Attribute::from_text(name, value).map_err(|error| error.to_string())
}

/// The name of an attribute.
pub(crate) fn reference(text: &str) -> Result<AttributeReference, String> {
    AttributeReference::from_text(text).map_err(|error| error.to_string())
}

/// A date, as in `2027-01-01T00:00:00Z`, `now`, or seconds since 1970.
pub(crate) fn date(text: &str) -> Result<DateTime, String> {
    if text == "now" {
        return Ok(DateTime::now());
    }
    if let Ok(seconds) = text.parse() {
        return Ok(DateTime::from_seconds(seconds));
    }
    match Attribute::from_text("ActivationDate", text) {
        Ok(Attribute::ActivationDate(date)) => Ok(date),
        _ => Err("it is no date as in 2027-01-01T00:00:00Z".to_owned()),
    }
}

/// A span of time: seconds, or a number with `s`, `m`, `h` or `d`.
pub(crate) fn span(text: &str) -> Result<Duration, String> {
    let units = [('s', 1), ('m', 60), ('h', 3600), ('d', 24 * 3600)];
    let unit = units.iter().find_map(|(unit, seconds)| Some((text.strip_suffix(*unit)?, *seconds)));
    let (number, unit) = unit.unwrap_or((text, 1));
    let number: u64 = number.parse().map_err(|_| "it is no span of time as in 90, 90s, 15m, 2h or 30d")?;
    number.checked_mul(unit).map(Duration::from_secs).ok_or_else(|| "it is too long".to_owned())
}

/// Bytes in hex.
pub(crate) fn hex(text: &str) -> Result<Bytes, String> {
    const_hex::decode(text).map(Bytes).map_err(|error| format!("it is no hex: {error}"))
}

/// Bytes that are given in hex.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bytes(pub(crate) Vec<u8>);

impl From<Bytes> for Vec<u8> {
    fn from(bytes: Bytes) -> Self {
        bytes.0
    }
}

/// How bytes are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum BytesForm {
    /// As they are
    Raw,
    /// Hex digits and a line's end
    Hex,
    /// Base64 and a line's end
    Base64,
}

impl BytesForm {
    /// As it is written.
    pub(crate) fn write(self, bytes: &[u8]) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(match self {
            Self::Raw => bytes.to_vec(),
            Self::Hex => (const_hex::encode(bytes) + "\n").into_bytes(),
            Self::Base64 => (BASE64_STANDARD.encode(bytes) + "\n").into_bytes(),
        })
    }
}

/// A file that is read whole, or the standard input for `-`.
pub(crate) fn file(path: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let mut bytes = Zeroizing::new(Vec::new());
    let name = || Name(path.to_owned());
    let read = reader(path)?.take(LARGEST + 1).read_to_end(&mut bytes);
    match read {
        Ok(_) if bytes.len() as u64 > LARGEST => Err(Failure::TooLarge(name())),
        Ok(_) => Ok(bytes),
        Err(error) => Err(Failure::Read(name(), error)),
    }
}

/// A file to be read from, or the standard input for `-`.
fn reader(path: &Path) -> Result<Box<dyn Read>, Failure> {
    match path.to_str() {
        Some("-") => Ok(Box::new(io::stdin())),
        _ => match File::open(path) {
            Ok(file) => Ok(Box::new(file)),
            Err(error) => Err(Failure::Read(Name(path.to_owned()), error)),
        },
    }
}

/// A file as an item: in the standard's JSON or XML, with names in any spelling. Its outermost tag may be left out of JSON, so
/// that it is a list of fields.
pub(crate) fn item(path: &Path, tag: Tag) -> Result<Zeroizing<Item>, Failure> {
    let bytes = file(path)?;
    let faulty =
        |error: &dyn std::fmt::Display| Failure::Faulty(format!("{}: {error}", Name(path.to_owned())));
    let text = std::str::from_utf8(&bytes).map_err(|error| faulty(&error))?.trim();
    let codec = TextCodec::new().mode(TextMode::Lenient);
    let read = match text.chars().next() {
        Some('<') => codec.item_from_xml(text),
        Some('[') => codec.item_from_json(&Zeroizing::new(format!(r#"{{"tag":"{tag}","value":{text}}}"#))),
        None => return Ok(Zeroizing::new(Item::structure(tag, Vec::new()))),
        Some(_) => codec.item_from_json(text),
    };
    read.map(Zeroizing::new).map_err(|error| faulty(&error))
}

/// A structure of the standard from a file, as [`item`] reads it.
pub(crate) fn structure<T: Decode + Root>(path: &Path) -> Result<T, Failure> {
    let item = item(path, T::TAG)?;
    let faulty =
        |error: &dyn std::fmt::Display| Failure::Faulty(format!("{}: {error}", Name(path.to_owned())));
    let bytes = Zeroizing::new(item.to_ttlv().map_err(|error| faulty(&error))?);
    ttlv::decode(T::TAG, &bytes).map_err(|error| faulty(&error))
}

/// An object that somebody has: its file says what it is.
#[derive(Clone, Debug, Args)]
#[group(id = "material", required = true, multiple = false)]
pub(crate) struct Given {
    /// A key or a certificate in PEM
    #[arg(long, value_name = "FILE")]
    pem: Option<PathBuf>,
    /// A key or a certificate in DER
    #[arg(long, value_name = "FILE")]
    der: Option<PathBuf>,
    /// A JSON Web Key
    #[arg(long, value_name = "FILE")]
    jwk: Option<PathBuf>,
    /// The bytes of an AES key
    #[arg(long, value_name = "FILE")]
    aes_key: Option<PathBuf>,
    /// A password, the first line of this file
    #[arg(long, value_name = "FILE")]
    password: Option<PathBuf>,
    /// Any bytes, as opaque data
    #[arg(long, value_name = "FILE")]
    opaque: Option<PathBuf>,
}

impl Given {
    /// What it is. A key that is encrypted wants the password in `KMIP_KEY_PASSWORD`.
    pub(crate) fn read(&self) -> Result<Material, Failure> {
        let password = connection::secret(None, "KMIP_KEY_PASSWORD")?;
        let password = password.as_deref().map(String::as_str);
        let (path, read): (_, Result<Material, KeyError>) = match self {
            Self { pem: Some(path), .. } => (path, {
                let pem = file(path)?;
                match password {
                    Some(password) => Material::from_pem_with_password(&*pem, password),
                    None => Material::from_pem(&*pem),
                }
            }),
            Self { der: Some(path), .. } => (path, {
                let der = file(path)?;
                match password {
                    Some(password) => Material::from_der_with_password(&*der, password),
                    None => Material::from_der(&*der),
                }
            }),
            Self { jwk: Some(path), .. } => (path, Material::from_jwk(&*file(path)?)),
            Self { aes_key: Some(path), .. } => (path, Material::aes(file(path)?.to_vec())),
            Self { password: Some(path), .. } => {
                let password = connection::secret(Some(path), "")?.unwrap_or_default();
                (path, Ok(Material::password(&password)))
            }
            Self { opaque: Some(path), .. } => (path, Ok(Material::opaque(file(path)?.to_vec()))),
            _ => return Err(Failure::Usage("say what is given, such as --pem FILE".to_owned())),
        };
        read.map_err(|error| Failure::Faulty(format!("{}: {error}", Name(path.clone()))))
    }
}
