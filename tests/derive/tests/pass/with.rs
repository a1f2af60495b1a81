//! `with`: a hand-written codec.

use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(with = "upper")]
    name: String,
}

mod upper {
    use kmip_types::ttlv::{Field, Reader, Structure, Writer};
    use kmip_types::{DecodeError, EncodeError, Tag};

    pub(super) const FIELDS: &[Field] = &[Field::optional(Tag::DESCRIPTION).of::<String>()];

    pub(super) fn encode(value: &str, writer: &mut Writer) -> Result<(), EncodeError> {
        writer.required(&FIELDS[0], &value.to_uppercase())
    }

    pub(super) fn decode(reader: &mut Reader<'_>) -> Result<String, DecodeError> {
        Ok(reader.optional(&FIELDS[0], super::Payload::SCHEMA)?.unwrap_or_default())
    }
}

#[test]
fn a_module_stands_in_for_a_field() {
    assert_eq!(Payload::new(String::new()).name, "");
}
