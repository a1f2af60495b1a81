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
    errors_retries_and_outcomes tls_and_authentication several_servers asynchronous testing snapshot_tests inspecting
    command_line vendor_extensions other_servers migrating regenerating security design
}
