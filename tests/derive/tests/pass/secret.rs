//! `secret` on a field, a new type and a variant.

use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Login {
    username: String,
    #[ttlv(secret)]
    password: String,
}

#[derive(Ttlv)]
struct Pin(#[ttlv(secret)] String);

#[derive(Ttlv)]
enum Token {
    #[ttlv(secret)]
    Text(String),
    Number(i32),
}

#[test]
fn a_secret_is_not_shown() {
    let shown = format!("{:?}", Login::new("alice", "hunter2"));
    assert_eq!(shown, "Login { username: \"alice\", password: (secret) }");
    assert_eq!(format!("{:?}", Pin("1234".to_owned())), "Pin((secret))");
    assert_eq!(format!("{:?}", Token::Text("t".to_owned())), "Text((secret))");
    assert_eq!(format!("{:?}", Token::Number(1)), "Number(1)");
}
