use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(with = "upper")]
    name: String,
}

mod upper {
    use kmip_types::ttlv::{Field, Reader, Writer};
    use kmip_types::{DecodeError, EncodeError, Tag};

    pub(super) const FIELDS: &[Field] = &[Field::optional(Tag::DESCRIPTION).of::<String>()];

    pub(super) fn encode(value: &str, writer: &mut Writer) -> Result<(), EncodeError> {
        writer.required(&FIELDS[0], &value.to_uppercase())
    }

    pub(super) fn decode(reader: &mut Reader<'_>) -> Result<String, DecodeError> {
        Ok(reader.optional(&FIELDS[0])?.unwrap_or_default())
    }
}

fn main() {
    assert_eq!(Payload::new(String::new()).name, "");
}
