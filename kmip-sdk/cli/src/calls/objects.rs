//! Subcommands that find objects and get them out.

use clap::Args;
use indicatif::ProgressBar;
use kmip_sdk::keys::Material;
use kmip_sdk::types::attribute::{Attribute, Attributes, UniqueIdentifier};
use kmip_sdk::types::enumerations::{CryptographicAlgorithm, KeyFormatType, ObjectType, State};
use kmip_sdk::types::masks::CryptographicUsageMask;
use kmip_sdk::types::operation::GetAttributesRequest;
use kmip_sdk::types::{DateTime, Item, Tag};
use std::time::Duration;

use super::{At, Form, Verb, family, on_objects, show, values};
use crate::failure::Failure;
use crate::interrupt;

family! {
    /// What finds objects, and gets them out.
    Finding {
        /// Find objects by their attributes
        #[command(after_help = "Examples:\n  kmip locate --name app --state active\n  kmip locate --object-type private-key --long\n  kmip locate --with 'Object Group=web' --output id")]
        Locate(Locate),
        /// Get an object
        #[command(after_help = "Without a form of key material it is shown with secrets hidden, unless\n--reveal is given; with one, the material itself is printed.\n\nExamples:\n  kmip get KEY --pem\n  kmip get KEY --raw --output-file key.bin\n  kmip get KEY --key-format-type pkcs-8 --output json")]
        Get(Get),
        /// Get an object with all its attributes
        #[command(after_help = "Examples:\n  kmip export KEY\n  kmip export KEY --output json --reveal")]
        Export(Export),
        /// Ask whether an object may be used in a way
        #[command(after_help = "Examples:\n  kmip check-object KEY --usage encrypt\n  kmip check-object KEY --lease-time 1h")]
        CheckObject(CheckObject),
        /// Use an object for a time
        #[command(after_help = "Examples:\n  kmip obtain-lease KEY")]
        ObtainLease(ObtainLease),
        /// Take a share of what an object may still be used for protecting
        #[command(after_help = "Examples:\n  kmip get-usage-allocation KEY 1048576")]
        GetUsageAllocation(GetUsageAllocation),
    }
}

on_objects! { ObtainLease: obtain_lease }

#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct Locate {
    /// The name
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// The state
    #[arg(long, value_name = "STATE", value_parser = values::named::<State>)]
    state: Option<State>,
    /// What it is
    #[arg(long, value_name = "TYPE", value_parser = values::named::<ObjectType>)]
    object_type: Option<ObjectType>,
    /// The algorithm
    #[arg(long, value_name = "ALGORITHM", value_parser = values::named::<CryptographicAlgorithm>)]
    algorithm: Option<CryptographicAlgorithm>,
    /// The length in bits
    #[arg(long, value_name = "BITS")]
    length: Option<u32>,
    /// What it may be used for
    #[arg(long, value_name = "USAGE", value_parser = values::usage)]
    usage: Option<CryptographicUsageMask>,
    /// The group that it is in
    #[arg(long, value_name = "GROUP")]
    object_group: Option<String>,
    /// Made at this date or later
    #[arg(long, value_name = "DATE", value_parser = values::date, requires = "created_until")]
    created_from: Option<DateTime>,
    /// Made at this date or earlier
    #[arg(long, value_name = "DATE", value_parser = values::date, requires = "created_from")]
    created_until: Option<DateTime>,
    /// Any other attribute
    #[arg(long, value_name = "NAME=VALUE", value_parser = values::attribute)]
    with: Vec<Attribute>,
    /// At most so many
    #[arg(long, value_name = "COUNT")]
    maximum_items: Option<u32>,
    /// Leave out so many first ones. Since KMIP 1.3
    #[arg(long, value_name = "COUNT")]
    offset_items: Option<u32>,
    /// The newest of them only
    #[arg(long)]
    newest: bool,
    /// Show what each is, too: its type, state, algorithm, length and names
    #[arg(long)]
    long: bool,
}

impl Verb for Locate {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        let mut call = at.client.locate();
        call = self.name.iter().fold(call, |call, name| call.name(name.as_str()));
        call = self.state.into_iter().fold(call, |call, value| call.state(value));
        call = self.object_type.into_iter().fold(call, |call, value| call.object_type(value));
        call = self.algorithm.into_iter().fold(call, |call, value| call.algorithm(value));
        call = self.length.into_iter().fold(call, |call, value| call.length(value));
        call = self.usage.into_iter().fold(call, |call, value| call.usage(value));
        call = self.object_group.iter().fold(call, |call, group| call.object_group(group));
        if let (Some(from), Some(until)) = (self.created_from, self.created_until) {
            call = call.created_between(from, until);
        }
        call = self.with.iter().fold(call, |call, attribute| call.with(attribute.clone()));
        call = self.maximum_items.into_iter().fold(call, |call, value| call.maximum_items(value));
        call = self.offset_items.into_iter().fold(call, |call, value| call.offset_items(value));
        let found = match self.newest {
            true => call.newest().send()?.into_iter().collect(),
            false => call.send()?.unique_identifier,
        };
        if self.long && at.printing.output == Form::Table {
            return long(&found, at);
        }
        let fields = found.iter().map(|found| match found {
            UniqueIdentifier::Text(text) => Item::text_string(Tag::UNIQUE_IDENTIFIER, text.as_str()),
            other => Item::text_string(Tag::UNIQUE_IDENTIFIER, other.to_string()),
        });
        let fields: Vec<Item> = fields.collect();
        if fields.is_empty() && at.printing.output == Form::Table {
            at.output.note(&"nothing was found");
        }
        at.item(fields)
    }
}

/// The attributes that a line shows.
const SHOWN: [Tag; 5] =
    [Tag::OBJECT_TYPE, Tag::STATE, Tag::CRYPTOGRAPHIC_ALGORITHM, Tag::CRYPTOGRAPHIC_LENGTH, Tag::NAME];

/// How many objects are asked about in a message.
const PAGE: usize = 100;

fn long(found: &[UniqueIdentifier], at: &mut At<'_>) -> Result<(), Failure> {
    let mut rows = Vec::new();
    interrupt::watch()?;
    let bar = match show::is_watched() && found.len() > PAGE {
        true => ProgressBar::new(found.len() as u64),
        false => ProgressBar::hidden(),
    };
    for page in found.chunks(PAGE) {
        if interrupt::pressed() {
            break;
        }
        let requests: Vec<_> = page.iter().map(|id| GetAttributesRequest::new(id, SHOWN)).collect();
        for (id, got) in page.iter().zip(at.client.call_batch(requests).send()?) {
            rows.push(line(id, got.map(|got| got.attributes).ok()));
        }
        bar.inc(page.len() as u64);
    }
    bar.finish_and_clear();
    let shown = rows.len();
    let header = ["ID", "Type", "State", "Algorithm", "Names"];
    show::table(Some(&header), rows.into_iter(), at.output);
    if interrupt::pressed() {
        at.output.finish()?;
        at.output.note(&format_args!("these are the first {shown} of {}", found.len()));
        return Err(Failure::Interrupted);
    }
    Ok(())
}

fn line(id: &UniqueIdentifier, attributes: Option<Attributes>) -> Vec<String> {
    let attributes = attributes.unwrap_or_default();
    let value = |tag| attributes.get(tag).map(text).unwrap_or_default();
    let names: Vec<String> = attributes.all(Tag::NAME).map(text).collect();
    vec![
        show::identifier(id),
        value(Tag::OBJECT_TYPE),
        value(Tag::STATE),
        format!("{} {}", value(Tag::CRYPTOGRAPHIC_ALGORITHM), value(Tag::CRYPTOGRAPHIC_LENGTH))
            .trim()
            .to_owned(),
        names.join(", "),
    ]
}

fn text(attribute: &Attribute) -> String {
    match attribute {
        Attribute::ObjectType(object_type) => object_type.to_string(),
        Attribute::State(state) => state.to_string(),
        Attribute::CryptographicAlgorithm(algorithm) => algorithm.to_string(),
        Attribute::CryptographicLength(bits) => bits.to_string(),
        Attribute::Name(name) => kmip_sdk::types::escape::Escaped(&name.name_value).to_string(),
        _ => String::new(),
    }
}

#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct Get {
    /// The Unique Identifier of the object
    #[arg(value_name = "ID")]
    id: String,
    /// Print the key or the certificate in PEM
    #[arg(long, conflicts_with_all = ["der", "jwk", "raw", "key_format_type"])]
    pem: bool,
    /// Print it in DER
    #[arg(long, conflicts_with_all = ["jwk", "raw", "key_format_type"])]
    der: bool,
    /// Print it as a JSON Web Key
    #[arg(long, conflicts_with_all = ["raw", "key_format_type"])]
    jwk: bool,
    /// Print the bytes of a symmetric key, secret data or an opaque object
    #[arg(long, conflicts_with = "key_format_type")]
    raw: bool,
    /// The format that the server is to give it in
    #[arg(long, value_name = "FORMAT", value_parser = values::named::<KeyFormatType>)]
    key_format_type: Option<KeyFormatType>,
}

impl Verb for Get {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        if self.pem || self.der || self.jwk || self.raw {
            let material: Material = at.client.get_material(&self.id).send()?;
            match self {
                Self { pem: true, .. } => at.output.text(material.to_pem()?.reveal()),
                Self { jwk: true, .. } => at.output.text(&format!("{}\n", material.to_jwk()?.reveal())),
                Self { der: true, .. } => at.output.bytes(material.to_der()?.reveal()),
                _ => at.output.bytes(material.to_bytes()?.reveal()),
            }
            return Ok(());
        }
        let response = match self.key_format_type {
            Some(format) => at.client.get_as(&self.id, format).send()?,
            None => at.client.get(&self.id).send()?,
        };
        at.answer(&response)
    }
}

#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct Export {
    /// The Unique Identifier of the object
    #[arg(value_name = "ID")]
    id: String,
    /// The format that the server is to give it in
    #[arg(long, value_name = "FORMAT", value_parser = values::named::<KeyFormatType>)]
    key_format_type: Option<KeyFormatType>,
}

impl Verb for Export {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        let call = self
            .key_format_type
            .into_iter()
            .fold(at.client.export(&self.id), |call, value| call.key_format_type(value));
        let response = call.send()?;
        at.answer(&response)
    }
}

#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct CheckObject {
    /// The Unique Identifier of the object
    #[arg(value_name = "ID")]
    id: String,
    /// What it is to be used for
    #[arg(long, value_name = "USAGE", value_parser = values::usage)]
    usage: Option<CryptographicUsageMask>,
    /// How much it is to protect, in the unit of its Usage Limits
    #[arg(long, value_name = "COUNT")]
    usage_limits_count: Option<u64>,
    /// How long it is to be used
    #[arg(long, value_name = "TIME", value_parser = values::span)]
    lease_time: Option<Duration>,
}

impl Verb for CheckObject {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        let mut call = at.client.check(&self.id);
        call = self.usage.into_iter().fold(call, |call, value| call.usage(value));
        call = self.usage_limits_count.into_iter().fold(call, |call, value| call.usage_limits_count(value));
        call = self.lease_time.into_iter().fold(call, |call, value| call.lease_time(value));
        let response = call.send()?;
        at.answer(&response)
    }
}

#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct GetUsageAllocation {
    /// The Unique Identifier of the object
    #[arg(value_name = "ID")]
    id: String,
    /// How much, in the unit of its Usage Limits
    #[arg(value_name = "COUNT")]
    count: u64,
}

impl Verb for GetUsageAllocation {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        let response = at.client.get_usage_allocation(&self.id, self.count).send()?;
        at.answer(&response)
    }
}
