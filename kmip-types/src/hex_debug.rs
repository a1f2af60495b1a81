//! `Debug` that shows bytes in hex. What the standard library derives lists them as decimal numbers.

use core::fmt;

use crate::wipe;

/// `Debug` of a struct, as it would be derived but for fields of bytes, which are in hex. A field that is not named here
/// is an error of the compiler.
macro_rules! debug_in_hex {
    ($name:ident { $($field:ident),* $(,)? }) => {
        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                #[allow(unused_imports, reason = "not every struct has a field that is no bytes")]
                use $crate::hex_debug::Other as _;
                let Self { $($field),* } = self;
                f.debug_struct(::core::stringify!($name))
                    $(.field(::core::stringify!($field), &$crate::hex_debug::Shown($field).value()))*
                    .finish()
            }
        }
    };
}

pub(crate) use debug_in_hex;

/// A field, of which `value` gives what to show.
pub(crate) struct Shown<'a, T>(pub(crate) &'a T);

/// What any field but bytes shows: itself. Where there is a method of its own, as for bytes, that is taken instead.
pub(crate) trait Other<T> {
    fn value(&self) -> &T;
}

impl<T> Other<T> for Shown<'_, T> {
    fn value(&self) -> &T {
        self.0
    }
}

impl Shown<'_, Vec<u8>> {
    pub(crate) fn value(&self) -> impl fmt::Debug {
        Hex(self.0)
    }
}

impl Shown<'_, Option<Vec<u8>>> {
    pub(crate) fn value(&self) -> impl fmt::Debug {
        self.0.as_deref().map(Hex)
    }
}

impl Shown<'_, Vec<Vec<u8>>> {
    pub(crate) fn value(&self) -> impl fmt::Debug {
        self.0.iter().map(|bytes| Hex(bytes)).collect::<Vec<_>>()
    }
}

/// Bytes in hex, after `0x`.
struct Hex<'a>(&'a [u8]);

impl fmt::Debug for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("0x")?;
        wipe::write_hex(self.0, f)
    }
}

#[cfg(test)]
mod tests {
    struct Sample {
        name: &'static str,
        one: Vec<u8>,
        none: Option<Vec<u8>>,
        some: Option<Vec<u8>>,
        several: Vec<Vec<u8>>,
    }

    debug_in_hex!(Sample { name, one, none, some, several });

    #[test]
    fn bytes_are_in_hex_and_the_rest_as_ever() {
        let sample = Sample {
            name: "a",
            one: vec![0, 0xFF],
            none: None,
            some: Some(vec![]),
            several: vec![vec![1], vec![0x20]],
        };
        assert_eq!(
            format!("{sample:?}"),
            r#"Sample { name: "a", one: 0x00ff, none: None, some: Some(0x), several: [0x01, 0x20] }"#
        );
    }
}
