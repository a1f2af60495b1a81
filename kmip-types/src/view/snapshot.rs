//! Views as snapshots of insta.

#[doc(hidden)]
pub use insta;

use super::View;

/// Asserts that a value is shown as its snapshot has it: [`insta::assert_snapshot!`] of a [`View`].
///
/// The value is anything that can be [shown](crate::view::Viewed), or a [`View`] of it, which chooses the form and says what
/// varies. Names, inline snapshots, `insta::Settings` and the review by `cargo insta` are insta's own.
///
/// ```
/// use kmip_types::assert_kmip_snapshot;
/// use kmip_types::operation::{DestroyRequest, DestroyResponse};
/// use kmip_types::view::{Redactions, View};
///
/// let request = DestroyRequest::new("k-1");
/// assert_kmip_snapshot!(request, @r"
/// RequestPayload
/// UniqueIdentifier (TextString): $UNIQUE_IDENTIFIER_0
/// ");
/// let json = View::of(&request).json().redact(Redactions::none());
/// assert_kmip_snapshot!(json, @r#"
/// { "tag": "RequestPayload", "type": "Structure", "value": [
///     { "tag": "UniqueIdentifier", "type": "TextString", "value": "k-1" }
/// ] }
/// "#);
/// ```
///
/// Without `@"…"` the snapshot is in a file, named after the test or as the first of two arguments says:
/// `assert_kmip_snapshot!("destroy", request)`.
///
/// # Panics
/// The snapshot is another one, or the value cannot be [shown](View::render).
#[macro_export]
macro_rules! assert_kmip_snapshot {
    ($value:expr, @$snapshot:literal $(,)?) => {
        $crate::__assert_kmip_snapshot!($value, |shown| $crate::view::insta::assert_snapshot!(shown, @$snapshot))
    };
    ($name:expr, $value:expr $(,)?) => {
        $crate::__assert_kmip_snapshot!($value, |shown| $crate::view::insta::assert_snapshot!($name, shown))
    };
    ($value:expr $(,)?) => {
        $crate::__assert_kmip_snapshot!($value, |shown| $crate::view::insta::assert_snapshot!(shown))
    };
}

/// Shows a value, and asserts in a scope in which no snapshot says the expression of this macro.
#[doc(hidden)]
#[macro_export]
macro_rules! __assert_kmip_snapshot {
    ($value:expr, |$shown:ident| $assertion:expr) => {{
        let $shown = {
            use $crate::view::Viewed as _;
            $crate::view::shown(&($value).to_view())
        };
        let mut settings = $crate::view::insta::Settings::clone_current();
        settings.set_omit_expression(true);
        let _settings = settings.bind_to_scope();
        $assertion;
    }};
}

/// What a view shows.
///
/// # Panics
/// It cannot be shown.
#[doc(hidden)] // For the macro.
#[track_caller]
#[allow(clippy::panic, reason = "an assertion panics")]
pub fn shown(view: &View) -> String {
    match view.render() {
        Ok(shown) => shown,
        Err(error) => panic!("cannot show what is to be compared with a snapshot: {error}"),
    }
}
