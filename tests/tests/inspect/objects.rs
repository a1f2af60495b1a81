//! What the page says of objects.

use kmip_sdk::server::ServerOptions;
use kmip_sdk::types::prelude::*;

use crate::support::{client, embedded, get, inspected, meaning, secrets};

#[test]
fn shows_states_attributes_and_links() {
    let (inspector, server) = inspected();
    let client = client(&server);
    let pair = client.create_ec(RecommendedCurve::P256).signing().send().unwrap();
    let key = client.create_aes(256).name("app").activated().send().unwrap().unique_identifier;
    client.destroy(&pair.public_key_unique_identifier).send().unwrap();

    let listed = get(&inspector, "objects").json();
    let objects = listed["objects"].as_array().unwrap();
    assert_eq!((objects.len(), listed["more"].as_bool()), (3, Some(false)));
    assert_eq!(objects[0]["identifier"], key.to_string());
    assert_eq!((&objects[0]["state"], &objects[0]["type"]), (&"Active".into(), &"SymmetricKey".into()));
    assert_eq!(objects[0]["names"][0], "app");

    let private = pair.private_key_unique_identifier.to_string();
    let shown = get(&inspector, &format!("object?identifier={private}")).json();
    let link = &shown["links"][0];
    assert_eq!(link["type"], "PublicKeyLink");
    assert_eq!(link["identifier"], pair.public_key_unique_identifier.to_string());
    assert!(meaning(&shown["parts"][0]).contains("CryptographicAlgorithm (Enumeration)"), "{shown}");
    let public = pair.public_key_unique_identifier.to_string();
    let destroyed = get(&inspector, &format!("object?identifier={public}")).json();
    assert_eq!(destroyed["state"], "Destroyed");
    assert_eq!(destroyed["parts"].as_array().unwrap().len(), 1, "its value is gone");
    assert_eq!(get(&inspector, "object?identifier=nobody").status, 404);
}

#[test]
fn shows_key_bytes_only_when_they_are_asked_for() {
    let (inspector, server) = inspected();
    let client = client(&server);
    let key = client.register(SecretData::password("attack at dawn")).send().unwrap().unique_identifier;
    let shown = get(&inspector, &format!("object?identifier={key}"));
    assert!(!shown.text().contains("attack") && !shown.text().contains("61 74 74 61"), "{}", shown.text());
    let shown = shown.json();
    let object = &shown["parts"][1];
    assert_eq!(object["part"], "object");
    let [secret] = secrets(object)[..] else { panic!("{object}") };
    let reveal = |part: &str, offset: u64| {
        get(&inspector, &format!("object/reveal?identifier={key}&part={part}&offset={offset}"))
    };
    let revealed = reveal("object", secret).json();
    assert!(revealed["text"].as_str().unwrap().contains("61747461636b206174206461776e"), "{revealed}");
    assert_eq!(reveal("attributes", secret).status, 404);
    assert_eq!(reveal("object", 0).status, 404);
    assert_eq!(reveal("nothing", secret).status, 404);
}

#[test]
fn changes_nothing_and_sees_what_is_somebody_s() {
    let (inspector, server) = embedded();
    let client = kmip_sdk::Client::builder().embedded(&server).connect().unwrap();
    let key = client.create_aes(256).send().unwrap().unique_identifier;
    let before = client.get_attributes(&key).send().unwrap();
    let seen = inspector.exchanges(&kmip_sdk::inspect::Filter::all()).len();
    let listed = get(&inspector, "objects").json();
    assert_eq!(listed["objects"][0]["owner"], "KMIP client");
    get(&inspector, &format!("object?identifier={key}")).json();
    assert_eq!(
        inspector.exchanges(&kmip_sdk::inspect::Filter::all()).len(),
        seen,
        "the server was not asked"
    );
    assert_eq!(client.get_attributes(&key).send().unwrap(), before);
}

#[test]
fn looks_at_no_server_that_is_gone() {
    let inspector = kmip_sdk::inspect::Inspector::start().unwrap();
    assert!(get(&inspector, "objects").json()["objects"].is_null());
    let options = ServerOptions::default().layer(inspector.layer());
    let server = std::sync::Arc::new(kmip_sdk::server::Server::new(options));
    inspector.look_at_server(&server);
    assert_eq!(get(&inspector, "objects").json()["objects"].as_array().unwrap().len(), 0);
    drop(server);
    assert!(get(&inspector, "objects").json()["objects"].is_null());
    assert_eq!(get(&inspector, "object?identifier=x").status, 404);
}
