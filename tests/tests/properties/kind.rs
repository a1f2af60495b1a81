//! The property of one kind of value, and the runs that look for a value for which it does not hold.

use std::cell::Cell;
use std::env;
use std::fmt::{self, Debug, Display, Formatter};

use arbitrary::{Arbitrary, Unstructured};
use kmip_types::ttlv::{Decode, Encode, Mode, Reader, encode};
use kmip_types::{DecodeError, Limits, ProtocolVersion, Tag};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};

use crate::encodings::{check_refusal, check_texts};
use crate::secrets::check_secrets;

/// How a kind of value is written and read.
pub(crate) struct Kind<T> {
    pub(crate) name: String,
    tag: Tag,
    since: ProtocolVersion,
    until: ProtocolVersion,
    decode: fn(&T, Tag, &mut Reader<'_>) -> Result<T, DecodeError>,
    prepare: fn(&mut T, ProtocolVersion),
    bytes: usize,
}

/// What came of the values of a kind.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    /// Values that were made.
    pub(crate) values: usize,
    /// Times that a version carried a value.
    pub(crate) carried: usize,
    /// Times that a version refused a value.
    pub(crate) refused: usize,
}

impl Tally {
    /// The sum of both.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            values: self.values + other.values,
            carried: self.carried + other.carried,
            refused: self.refused + other.refused,
        }
    }
}

impl Display for Tally {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { values, carried, refused } = self;
        write!(f, "{values} values, carried {carried} times, refused {refused} times")
    }
}

impl<T: Decode> Kind<T> {
    /// Values that are read on their own, of every version.
    pub(crate) fn new(name: impl Into<String>, tag: Tag) -> Self {
        Self::selected(name, tag, |_, tag, reader| T::decode(tag, reader))
    }
}

impl<T> Kind<T> {
    /// Values that are read in the form that something else says.
    pub(crate) fn selected(
        name: impl Into<String>,
        tag: Tag,
        decode: fn(&T, Tag, &mut Reader<'_>) -> Result<T, DecodeError>,
    ) -> Self {
        let [since, until] = [ProtocolVersion::ALL[0], ProtocolVersion::ALL[ProtocolVersion::ALL.len() - 1]];
        Self { name: name.into(), tag, since, until, decode, prepare: |_, _| (), bytes: 512 }
    }

    /// Only from a version on.
    pub(crate) fn since(self, since: ProtocolVersion) -> Self {
        Self { since, ..self }
    }

    /// Only up to a version.
    pub(crate) fn until(self, until: ProtocolVersion) -> Self {
        Self { until, ..self }
    }

    /// Changes a value before it is written in a version.
    pub(crate) fn prepare(self, prepare: fn(&mut T, ProtocolVersion)) -> Self {
        Self { prepare, ..self }
    }

    /// Makes values of up to so many random bytes.
    pub(crate) fn bytes(self, bytes: usize) -> Self {
        Self { bytes, ..self }
    }
}

impl<T: for<'a> Arbitrary<'a> + Clone + Debug + Encode + PartialEq> Kind<T> {
    /// Looks for a value that does not survive, and shows each value with how many versions carried it.
    pub(crate) fn run(&self, cases: u32, see: impl Fn(&T, usize)) -> Tally {
        let tally = Cell::new(Tally::default());
        // The same values every day, so that none is missed by chance; `PROPTEST_RNG_SEED` chooses others.
        let rng_seed = match Config::default().rng_seed {
            RngSeed::Random => RngSeed::Fixed(1),
            chosen @ RngSeed::Fixed(_) => chosen,
        };
        let config = Config { cases, rng_seed, failure_persistence: None, ..Config::default() };
        let result = TestRunner::new(config).run(&random_bytes(self.bytes), |bytes| {
            let Ok(value) = T::arbitrary(&mut Unstructured::new(&bytes)) else { return Ok(()) };
            let (carried, refused) = self.check(&value).map_err(TestCaseError::fail)?;
            see(&value, carried);
            let so_far = tally.get();
            tally.set(Tally {
                values: so_far.values + 1,
                carried: so_far.carried + carried,
                refused: so_far.refused + refused,
            });
            Ok(())
        });
        if let Err(error) = result {
            panic!("{}: {error}", self.name);
        }
        tally.get()
    }

    /// How many versions carry the value, and how many refuse it.
    fn check(&self, value: &T) -> Result<(usize, usize), String> {
        let mut carried = (0, 0);
        for version in ProtocolVersion::ALL {
            if !version.is_at_least(self.since) || !self.until.is_at_least(*version) {
                continue;
            }
            let mut value = value.clone();
            (self.prepare)(&mut value, *version);
            let place = |error| format!("in {version}: {error}\n{value:#?}");
            match encode(self.tag, &value, *version) {
                Ok(ttlv) => {
                    self.check_carried(&value, *version, &ttlv).map_err(place)?;
                    carried.0 += 1;
                }
                Err(error) => {
                    check_refusal(&error, *version, self.tag).map_err(place)?;
                    carried.1 += 1;
                }
            }
        }
        Ok(carried)
    }

    fn check_carried(&self, value: &T, version: ProtocolVersion, ttlv: &[u8]) -> Result<(), String> {
        let read = self.read(value, ttlv).map_err(|error| format!("not read back: {error}"))?;
        if read != *value {
            return Err(format!("read back as\n{read:#?}\ninstead of"));
        }
        let again =
            encode(self.tag, &read, version).map_err(|error| format!("not written again: {error}"))?;
        if again != ttlv {
            return Err("written again, the bytes changed".to_owned());
        }
        let debug = [format!("{value:?}"), format!("{value:#?}")];
        check_secrets(&debug, ttlv, |bytes| self.read(value, bytes).map(drop))?;
        let Some(ttlv) = check_texts(ttlv)? else { return Ok(()) };
        let read = self.read(value, &ttlv).map_err(|error| format!("without what XML lacks: {error}"))?;
        let again = encode(self.tag, &read, version).map_err(|error| error.to_string())?;
        if again == ttlv { Ok(()) } else { Err("without what XML lacks, the bytes changed".to_owned()) }
    }

    fn read(&self, value: &T, ttlv: &[u8]) -> Result<T, DecodeError> {
        let mut reader = Reader::new(ttlv, Mode::Strict, Limits::default())?;
        let read = (self.decode)(value, self.tag, &mut reader)?;
        reader.finish()?;
        Ok(read)
    }
}

/// Random bytes, half of them printable, so that there is text of some length among what is made of them.
fn random_bytes(most: usize) -> impl Strategy<Value = Vec<u8>> {
    let word = (any::<u64>(), any::<bool>()).prop_map(|(word, printable)| {
        word.to_be_bytes().map(|byte| if printable { b' ' + byte % 95 } else { byte })
    });
    vec(word, 1..most / 8).prop_map(|words| words.concat())
}

/// How many values of each type: `PROPTEST_CASES`, or what is enough for every day.
pub(crate) fn cases(usual: u32) -> u32 {
    env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(usual)
}
