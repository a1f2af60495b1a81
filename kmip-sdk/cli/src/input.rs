//! Reads an input, and the messages that are in it.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use kmip_types::text::{TextCodec, TextDeviation};
use kmip_types::ttlv::{Decode, Mode, Reader};
use kmip_types::{Item, ItemType, Limits, Tag};
use zeroize::Zeroizing;

use crate::arguments::Form;
use crate::failure::{Failure, LARGEST, Name};

/// An input as it came.
pub(crate) struct Input {
    name: Name,
    bytes: Zeroizing<Vec<u8>>,
}

/// The messages of an input.
pub(crate) struct Messages {
    /// The items, in their order.
    pub(crate) items: Vec<Zeroizing<Item>>,
    /// What was tolerated.
    pub(crate) deviations: Vec<TextDeviation>,
}

impl Input {
    /// Reads a file, or the standard input for `-`.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let mut bytes = Zeroizing::new(Vec::new());
        let count = match path.to_str() {
            Some("-") => std::io::stdin().lock().take(LARGEST + 1).read_to_end(&mut bytes),
            _ => File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes)),
        };
        let name = Name(path.to_owned());
        match count {
            Ok(_) if bytes.len() as u64 > LARGEST => Err(Failure::TooLarge(name)),
            Ok(_) => Ok(Self { name, bytes }),
            Err(error) => Err(Failure::Read(name, error)),
        }
    }

    /// The messages, in the given encoding or in the one that they seem to be in.
    pub(crate) fn messages(&self, form: Option<Form>, codec: &TextCodec) -> Result<Messages, Failure> {
        if self.bytes.trim_ascii().is_empty() {
            return Err(Failure::Empty(self.name.clone()));
        }
        let form =
            form.or_else(|| guess(&self.bytes)).ok_or_else(|| Failure::UnknownForm(self.name.clone()))?;
        match form {
            Form::Json => {
                let read = codec.read_json(self.text()?).map_err(|error| self.faulty(error))?;
                Ok(Messages { items: vec![Zeroizing::new(read.item)], deviations: read.deviations })
            }
            Form::Xml => self.xml(codec),
            Form::Binary => self.binary(&self.bytes),
            Form::Hex => {
                let digits = self.without_spaces()?;
                let digits = digits.strip_prefix("0x").unwrap_or(&digits);
                let bytes = const_hex::decode(digits).map_err(|error| self.not_of(error.to_string()))?;
                self.binary(&Zeroizing::new(bytes))
            }
            Form::Base64 => {
                let text = self.without_spaces()?;
                let bytes = BASE64_STANDARD.decode(&*text).map_err(|error| self.not_of(error.to_string()))?;
                self.binary(&Zeroizing::new(bytes))
            }
        }
    }

    /// One message, or several with an element around them.
    fn xml(&self, codec: &TextCodec) -> Result<Messages, Failure> {
        let text = self.text()?;
        let messages = codec.from_xml_all(text).map_err(|error| self.faulty(error))?;
        if let [_] = messages.as_slice()
            && let Ok(read) = codec.read_xml(text)
        {
            return Ok(Messages { items: vec![Zeroizing::new(read.item)], deviations: read.deviations });
        }
        let mut items = Vec::new();
        for message in messages {
            let ttlv = Zeroizing::new(message.ttlv.map_err(|error| self.faulty(error))?);
            items.extend(self.binary(&ttlv)?.items);
        }
        Ok(Messages { items, deviations: Vec::new() })
    }

    /// One message, or several in a row.
    fn binary(&self, ttlv: &[u8]) -> Result<Messages, Failure> {
        let faulty = |error| Failure::Decode(self.name.clone(), error);
        let mut reader = Reader::new(ttlv, Mode::Strict, Limits::DEFAULT).map_err(faulty)?;
        let mut items = Vec::new();
        while items.is_empty() || !reader.is_at_end() {
            // Without a header there is no tag: reading any then says what is wrong.
            let tag = reader.peek_tag().unwrap_or(Tag::from_raw(0));
            items.push(Zeroizing::new(Item::decode(tag, &mut reader).map_err(faulty)?));
        }
        Ok(Messages { items, deviations: Vec::new() })
    }

    fn text(&self) -> Result<&str, Failure> {
        std::str::from_utf8(&self.bytes).map_err(|error| self.not_of(error.to_string()))
    }

    fn without_spaces(&self) -> Result<Zeroizing<String>, Failure> {
        Ok(Zeroizing::new(self.text()?.chars().filter(|c| !c.is_ascii_whitespace()).collect()))
    }

    fn faulty(&self, error: kmip_types::TextError) -> Failure {
        Failure::Text(self.name.clone(), error)
    }

    fn not_of(&self, error: String) -> Failure {
        Failure::NotOfForm(self.name.clone(), error)
    }
}

/// The encoding that the first bytes are of.
fn guess(bytes: &[u8]) -> Option<Form> {
    if let [0x42 | 0x54, _, _, item_type, ..] = bytes
        && ItemType::from_number(*item_type).is_some()
    {
        return Some(Form::Binary);
    }
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii();
    let only = |is_one: fn(u8) -> bool| text.iter().all(|byte| byte.is_ascii_whitespace() || is_one(*byte));
    match text.first()? {
        b'{' | b'[' => Some(Form::Json),
        b'<' => Some(Form::Xml),
        _ if only(|byte| byte.is_ascii_hexdigit()) || text.starts_with(b"0x") => Some(Form::Hex),
        _ if only(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte)) => Some(Form::Base64),
        _ => None,
    }
}
