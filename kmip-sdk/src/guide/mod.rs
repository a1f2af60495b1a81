#![doc = include_str!("guide.md")]

macro_rules! pages {
    ($($page:ident)*) => {
        $(
            #[doc = include_str!(concat!(stringify!($page), ".md"))]
            pub mod $page {}
        )*
    };
}

pages! {
    getting_started choosing_a_version keys_and_their_lives encrypting signing_and_certificates batches streams
    errors_retries_and_outcomes tls_and_authentication several_servers asynchronous testing snapshot_tests
    command_line vendor_extensions other_servers migrating regenerating security design
}

/// A picture of a page, in it: the documentation of a package has no files beside it. Who reads the page itself finds the file
/// behind its end.
macro_rules! picture {
    ($name:literal) => {
        concat!("[", $name, "]: data:image/png;base64,", include_str!(concat!($name, ".base64")))
    };
}

#[doc = picture!("inspector-light.png")]
#[doc = picture!("inspector-dark.png")]
#[doc = ""]
#[doc = include_str!("inspecting.md")]
pub mod inspecting {}
