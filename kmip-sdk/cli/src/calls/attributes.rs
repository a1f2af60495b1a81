//! Subcommands about the attributes of objects.

use clap::Args;
use kmip_sdk::types::attribute::{Attribute, AttributeReference};
use kmip_sdk::types::enumerations::AdjustmentType;

use super::{At, Verb, family, on_objects, values};
use crate::failure::Failure;

family! {
    /// What is about attributes.
    Describing {
        /// Show the attributes of an object
        #[command(visible_alias = "attributes", after_help = "Examples:\n  kmip attributes KEY\n  kmip get-attributes KEY state name --output json")]
        GetAttributes(GetAttributes),
        /// Show which attributes an object has
        #[command(after_help = "Examples:\n  kmip get-attribute-list KEY")]
        GetAttributeList(GetAttributeList),
        /// Give an object one more attribute
        #[command(after_help = "Examples:\n  kmip add-attribute KEY name=other\n  kmip add-attribute KEY x-owner=ops")]
        AddAttribute(AddAttribute),
        /// Set an attribute of an object. Since KMIP 2.0
        #[command(after_help = "Examples:\n  kmip set-attribute KEY 'Contact Information=ops@example.com'")]
        SetAttribute(SetAttribute),
        /// Change an attribute that an object has
        #[command(after_help = "Examples:\n  kmip modify-attribute KEY comment=rotated\n  kmip modify-attribute KEY name=new --current name=old")]
        ModifyAttribute(ModifyAttribute),
        /// Add to an attribute, or turn it. Since KMIP 2.0
        #[command(after_help = "Examples:\n  kmip adjust-attribute KEY rotate-automatic negate\n  kmip adjust-attribute KEY rotate-generation increment --value 2")]
        AdjustAttribute(AdjustAttribute),
        /// Take an attribute from an object
        #[command(after_help = "Examples:\n  kmip delete-attribute KEY comment\n  kmip delete-attribute KEY --current name=old")]
        DeleteAttribute(DeleteAttribute),
    }
}

on_objects! { GetAttributeList: get_attribute_list }

#[derive(Debug, Args)]
pub(crate) struct GetAttributes {
    /// The Unique Identifier of the object
    #[arg(value_name = "ID")]
    id: String,
    /// The attributes; all, if none is named
    #[arg(value_name = "NAME", value_parser = values::reference)]
    names: Vec<AttributeReference>,
}

impl Verb for GetAttributes {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        let mut call = at.client.get_attributes(&self.id);
        if !self.names.is_empty() {
            call = call.attribute_references(self.names.clone());
        }
        let response = call.send()?;
        at.answer(&response)
    }
}

/// Subcommands of which each wants an object and an attribute.
macro_rules! with_attribute {
    ($($name:ident: $verb:ident),* $(,)?) => { $(
        #[derive(Debug, Args)]
        pub(crate) struct $name {
            /// The Unique Identifier of the object
            #[arg(value_name = "ID")]
            id: String,
            /// The attribute; of a structure, the JSON of its fields
            #[arg(value_name = "NAME=VALUE", value_parser = values::attribute)]
            attribute: Attribute,
        }

        impl Verb for $name {
            fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
                let response = at.client.$verb(&self.id, self.attribute.clone()).send()?;
                at.answer(&response)
            }
        }
    )* };
}

with_attribute! { AddAttribute: add_attribute, SetAttribute: set_attribute }

#[derive(Debug, Args)]
pub(crate) struct ModifyAttribute {
    /// The Unique Identifier of the object
    #[arg(value_name = "ID")]
    id: String,
    /// The attribute; of a structure, the JSON of its fields
    #[arg(value_name = "NAME=VALUE", value_parser = values::attribute)]
    attribute: Attribute,
    /// Which of several of the kind: its value now. Since KMIP 2.0
    #[arg(long, value_name = "NAME=VALUE", value_parser = values::attribute)]
    current: Option<Attribute>,
    /// Which of several of the kind: its Attribute Index. Until KMIP 1.4
    #[arg(long, value_name = "INDEX")]
    attribute_index: Option<u32>,
}

impl Verb for ModifyAttribute {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        let mut call = at.client.modify_attribute(&self.id, self.attribute.clone());
        call = self.current.clone().into_iter().fold(call, |call, value| call.current_attribute(value));
        call = self.attribute_index.into_iter().fold(call, |call, value| call.attribute_index(value));
        let response = call.send()?;
        at.answer(&response)
    }
}

#[derive(Debug, Args)]
pub(crate) struct AdjustAttribute {
    /// The Unique Identifier of the object
    #[arg(value_name = "ID")]
    id: String,
    /// The attribute
    #[arg(value_name = "NAME", value_parser = values::reference)]
    attribute: AttributeReference,
    /// How: increment, decrement or negate
    #[arg(value_name = "HOW", value_parser = values::named::<AdjustmentType>)]
    adjustment_type: AdjustmentType,
    /// By how much, 1 unless it is said
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true)]
    value: Option<i32>,
}

impl Verb for AdjustAttribute {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        let mut call = at.client.adjust_attribute(&self.id, self.attribute.clone(), self.adjustment_type);
        call = self.value.into_iter().fold(call, |call, value| call.adjustment_value(value));
        let response = call.send()?;
        at.answer(&response)
    }
}

#[derive(Debug, Args)]
pub(crate) struct DeleteAttribute {
    /// The Unique Identifier of the object
    #[arg(value_name = "ID")]
    id: String,
    /// The attribute
    #[arg(value_name = "NAME", value_parser = values::reference, required_unless_present = "current")]
    attribute: Option<AttributeReference>,
    /// The attribute by its value, of several of the kind. Since KMIP 2.0
    #[arg(long, value_name = "NAME=VALUE", value_parser = values::attribute, conflicts_with = "attribute")]
    current: Option<Attribute>,
    /// Which of several of the kind: its Attribute Index. Until KMIP 1.4
    #[arg(long, value_name = "INDEX")]
    attribute_index: Option<u32>,
}

impl Verb for DeleteAttribute {
    fn run(&self, at: &mut At<'_>) -> Result<(), Failure> {
        let call = match (&self.attribute, &self.current) {
            (_, Some(current)) => at.client.delete_current_attribute(&self.id, current.clone()),
            (Some(attribute), None) => at.client.delete_attribute(&self.id, attribute.clone()),
            (None, None) => return Err(Failure::Usage("say which attribute".to_owned())),
        };
        let response =
            self.attribute_index.into_iter().fold(call, |call, value| call.attribute_index(value)).send()?;
        at.answer(&response)
    }
}
