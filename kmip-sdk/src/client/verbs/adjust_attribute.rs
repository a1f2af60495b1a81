//! Adjust Attribute: changes an attribute of an object by an amount.

use kmip_types::Value;
use kmip_types::attribute::{AttributeReference, UniqueIdentifier};
use kmip_types::enumerations::AdjustmentType;
use kmip_types::operation::AdjustAttributeRequest;

use super::steps;
use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To add to an attribute of an object, to take from it, or to negate it, whatever its value is: by 1, unless
    /// [`adjustment_value`](Call::adjustment_value) says by how much. Since KMIP 2.0.
    ///
    /// ```
    /// use kmip_sdk::Tag;
    /// use kmip_sdk::types::Interval;
    /// use kmip_sdk::types::attribute::Attribute;
    /// use kmip_sdk::types::enumerations::AdjustmentType;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// let (day, hour) = (Interval::from_seconds(86_400), Interval::from_seconds(3_600));
    /// let key = client.create_aes(256).attribute(Attribute::ProtectionPeriod(day)).send()?;
    /// client.adjust_attribute(&key, Tag::PROTECTION_PERIOD, AdjustmentType::Increment).adjustment_value(hour).send()?;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/adjust_attribute.md")]
    pub fn adjust_attribute(
        &self,
        object: impl Into<UniqueIdentifier>,
        attribute: impl Into<AttributeReference>,
        adjustment_type: AdjustmentType,
    ) -> Call<'_, D, AdjustAttributeRequest> {
        let request = AdjustAttributeRequest::new(attribute.into(), adjustment_type);
        Call::new(self, request.with_unique_identifier(object))
    }
}

steps! { AdjustAttributeRequest {
    /// Sets the Adjustment Value: by how much, of the type of the attribute; of a date, an interval.
    adjustment_value: Value,
} }
