//! The verbs: one for every operation, with a step for every field that its request may leave out; the same calls with
//! both drivers.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kmip_sdk::server::Server;
use kmip_sdk::types::attribute::{
    Attribute, Attributes, CryptographicParameters, RevocationReason, UniqueIdentifier, UsageLimits,
};
use kmip_sdk::types::enumerations::{
    AdjustmentType, CryptographicAlgorithm, DerivationMethod, EndpointRole, HashingAlgorithm,
    InteropFunction, KeyCompressionType, KeyFormatType, KeyWrapType, ObjectGroupMember, ObjectType,
    Operation, Pkcs11Function, QueryFunction, RevocationReasonCode, SecretDataType, SplitKeyMethod, State,
    TicketType, UsageLimitsUnit, WrappingMethod,
};
use kmip_sdk::types::generated::operations::OPERATIONS;
use kmip_sdk::types::masks::{CryptographicUsageMask, ProtectionStorageMask, StorageStatusMask};
use kmip_sdk::types::message::{Message, RequestMessage, Ticket};
use kmip_sdk::types::object::{
    Certificate, CertificateRequest, KeyWrappingSpecification, SecretData, SymmetricKey,
};
use kmip_sdk::types::operation::{
    Constraint, DerivationParameters, ObjectDefaults, ProtectionStorageMasks, Request, RequestPayload, Right,
};
use kmip_sdk::types::schemas;
use kmip_sdk::types::tables::Direction;
use kmip_sdk::types::ttlv::{self, Presence};
use kmip_sdk::types::{DateTime, Item, Tag, Value};
use kmip_sdk::{Client, ErrorKind, Phase, ProtocolVersion, usage};

use crate::drivers::{Drives, Make, Start, with_both_drivers};

const V1_4: ProtocolVersion = ProtocolVersion::V1_4;
const V2_1: ProtocolVersion = ProtocolVersion::V2_1;

/// What a request with all of its steps says.
struct Said {
    operation: Operation,
    fields: BTreeSet<Tag>,
}

/// The request as it is in a version.
fn said_in<R: Request>(version: ProtocolVersion, request: R) -> Said {
    let bytes = ttlv::encode(Tag::REQUEST_PAYLOAD, &request, version).unwrap();
    let item = Item::from_ttlv(&bytes).unwrap();
    let Value::Structure(fields) = &item.value else { panic!() };
    Said { operation: R::OPERATION, fields: fields.iter().map(|field| field.tag).collect() }
}

fn said<R: Request>(request: R) -> Said {
    said_in(V2_1, request)
}

fn wrapping() -> Box<KeyWrappingSpecification> {
    KeyWrappingSpecification::new(WrappingMethod::Encrypt).into()
}

fn masks() -> ProtectionStorageMasks {
    [ProtectionStorageMask::SOFTWARE].into()
}

/// A client whose calls are not sent.
fn nobody() -> Client {
    Client::builder().service(|_: &[u8]| Vec::new()).build().unwrap()
}

/// Every verb, with every step that a request of its may leave out.
#[rustfmt::skip] // A verb, then its steps.
fn verbs() -> Vec<Said> {
    let client = nobody();
    let hour = Duration::from_secs(3600);
    let now = DateTime::from_seconds(1_700_000_000);
    let limits = || UsageLimits::new(1, UsageLimitsUnit::Byte);
    let parameters = CryptographicParameters::default;
    let comment = || Attribute::Comment("c".into());
    let csr = || CertificateRequest::from(&b"0"[..]);
    vec![
        said(client.activate("k").into_request()),
        said(client.add_attribute("k", comment()).into_request()),
        said(client.adjust_attribute("k", Tag::COMMENT, AdjustmentType::Increment).adjustment_value(1).into_request()),
        said(client.archive("k").into_request()),
        said(client.cancel([1]).into_request()),
        said(client.certify("k").certificate_request(csr()).name("n").protection_storage_masks(masks()).into_request()),
        said(client.certify_request("-----BEGIN").into_request()),
        said(client.check("k").usage_limits_count(1).usage(usage::ENCRYPT).lease_time(hour).into_request()),
        said(client.create(ObjectType::SymmetricKey).protection_storage_masks(masks()).into_request()),
        said(client.create_key_pair(CryptographicAlgorithm::Rsa)
            .private_key_attributes(Attributes::new().with(comment()))
            .public_key_attributes(Attributes::new().with(comment()))
            .common_protection_storage_masks(masks())
            .private_protection_storage_masks(masks())
            .public_protection_storage_masks(masks())
            .into_request()),
        said(client.create_split_key(ObjectType::SymmetricKey, 3, 2, SplitKeyMethod::Xor)
            .unique_identifier("k").prime_field_size(257).protection_storage_masks(masks()).into_request()),
        said(client.decrypt(("k", [1])).cryptographic_parameters(parameters()).iv_counter_nonce([1]).aad("a")
            .authenticated_encryption_tag([1]).into_request()),
        said(client.delegated_login([Right::default()]).lease_time(hour).request_count(1).usage_limits(limits())
            .into_request()),
        said(client.delegated_login([Right::default()]).lease_until(now).into_request()),
        said(client.delete_attribute("k", Tag::COMMENT).into_request()),
        said_in(V1_4, client.delete_attribute("k", "x-c").attribute_index(1).into_request()),
        said(client.delete_current_attribute("k", comment()).into_request()),
        said(client.derive_key(ObjectType::SecretData, "k", DerivationMethod::Hmac)
            .also_from("l").derivation_parameters(DerivationParameters::default()).into_request()),
        said(client.destroy("k").into_request()),
        said(client.discover_versions().protocol_versions([V1_4]).into_request()),
        said(client.encrypt("k", "d").cryptographic_parameters(parameters()).iv_counter_nonce([1]).aad("a")
            .into_request()),
        said(client.export("k").key_format_type(KeyFormatType::Raw).key_wrap_type(KeyWrapType::NotWrapped)
            .key_compression_type(KeyCompressionType::EcPublicKeyTypeUncompressed)
            .key_wrapping_specification(wrapping()).into_request()),
        said(client.get("k").key_format_type(KeyFormatType::Raw).key_wrap_type(KeyWrapType::NotWrapped)
            .key_compression_type(KeyCompressionType::EcPublicKeyTypeUncompressed)
            .key_wrapping_specification(wrapping()).into_request()),
        said(client.get_attribute_list("k").into_request()),
        said(client.get_attributes("k").attribute_references([Tag::STATE]).into_request()),
        said_in(V1_4, client.get_attributes("k").attribute_references(["State"]).into_request()),
        said(client.get_constraints().into_request()),
        said(client.get_usage_allocation("k", 1).into_request()),
        said(client.hash(HashingAlgorithm::Sha256, "d").into_request()),
        said(client.import("k", SecretData::password("p")).attribute(comment()).replace_existing(true)
            .key_wrap_type(KeyWrapType::NotWrapped).into_request()),
        said(client.interop(InteropFunction::Begin, "t").into_request()),
        said(client.join_split_key(ObjectType::SecretData, ["k", "l"]).secret_data_type(SecretDataType::Seed).name("n")
            .protection_storage_masks(masks()).into_request()),
        said(client.locate().maximum_items(1).offset_items(1).storage_status_mask(StorageStatusMask::ON_LINE_STORAGE)
            .object_group_member(ObjectGroupMember::GroupMemberFresh).name("n").into_request()),
        said_in(V1_4, client.locate().name("n").into_request()),
        said(client.log("m").into_request()),
        said(client.login().lease_time(hour).request_count(1).usage_limits(limits()).into_request()),
        said(client.login().lease_until(now).into_request()),
        said(client.logout(Ticket::new(TicketType::Login, &[1])).into_request()),
        said(client.mac("k", "d").cryptographic_parameters(parameters()).into_request()),
        said(client.mac_verify("k", "d", [1]).cryptographic_parameters(parameters()).into_request()),
        said(client.modify_attribute("k", comment()).current_attribute(comment()).into_request()),
        said_in(V1_4, client.modify_attribute("k", comment()).attribute_index(1).into_request()),
        said(client.obtain_lease("k").into_request()),
        said(client.ping().into_request()),
        said(client.pkcs_11(Pkcs11Function::CInitialize).pkcs_11_interface("i").correlation_value([1])
            .pkcs_11_input_parameters(&[1]).into_request()),
        said(client.poll([1]).into_request()),
        said(client.process([1]).into_request()),
        said(client.query().functions([QueryFunction::QueryOperations]).object_groups(["g"]).into_request()),
        said(client.query_asynchronous_requests().asynchronous_correlation_values([[1]])
            .operations([Operation::Recover]).into_request()),
        said(client.re_certify("k").certificate_request_unique_identifier("r").certificate_request(csr()).offset(hour)
            .name("n").protection_storage_masks(masks()).into_request()),
        said(client.re_key("k").offset(hour).name("n").protection_storage_masks(masks()).into_request()),
        said(client.re_key_key_pair("k").offset(hour).name("n")
            .private_key_attributes(Attributes::new().with(comment()))
            .public_key_attributes(Attributes::new().with(comment()))
            .common_protection_storage_masks(masks())
            .private_protection_storage_masks(masks())
            .public_protection_storage_masks(masks())
            .into_request()),
        said(client.re_provision().certificate_request(csr()).certificate(Certificate::x509([1])).into_request()),
        said(client.recover("k").into_request()),
        said(client.register(SecretData::password("p")).protection_storage_masks(masks()).into_request()),
        said(client.revoke("k", RevocationReasonCode::KeyCompromise).message("m").compromised_at(now).into_request()),
        said(client.rng_retrieve(1).into_request()),
        said(client.rng_seed("s").into_request()),
        said(client.set_attribute("k", comment()).into_request()),
        said(client.set_constraints([Constraint::default()]).into_request()),
        said(client.set_defaults().defaults_information([ObjectDefaults::new(
            ObjectType::SymmetricKey.into(), Attributes::new().with(comment()))]).into_request()),
        said(client.set_endpoint_role(EndpointRole::Server).into_request()),
        said(client.sign("k", "d").cryptographic_parameters(parameters()).into_request()),
        said(client.sign_digest("k", [1]).into_request()),
        said(client.signature_verify("k", "d", [1]).cryptographic_parameters(parameters()).into_request()),
        said(client.signature_verify_digest("k", [1], [1]).into_request()),
        said(client.validate(["k"]).certificate(Certificate::x509([1])).validity_date(now).into_request()),
        said(client.validate_certificates([Certificate::x509([1])]).into_request()),
    ]
}

/// Fields that no step of the verb sets, and why.
fn is_left_to_others(operation: Operation, field: Tag) -> bool {
    use Operation as O;
    match field {
        // The form of attributes before KMIP 2.0. Import has no Object Type there: it is left out when the call is made.
        Tag::ATTRIBUTE => operation == O::Import,
        // Streams set them: `encrypt_stream` and its like.
        Tag::CORRELATION_VALUE | Tag::INIT_INDICATOR | Tag::FINAL_INDICATOR => matches!(
            operation,
            O::Encrypt | O::Decrypt | O::Sign | O::SignatureVerify | O::Mac | O::MacVerify | O::Hash
        ),
        _ => false,
    }
}

fn of_a_client(operation: Operation) -> bool {
    let info = OPERATIONS.iter().find(|info| info.operation == operation);
    info.is_some_and(|info| info.direction != Direction::ServerToClient)
}

#[test]
fn every_operation_of_a_client_has_a_verb() {
    let operations: BTreeSet<Operation> =
        OPERATIONS.iter().map(|info| info.operation).filter(|operation| of_a_client(*operation)).collect();
    let verbs: BTreeSet<Operation> = verbs().into_iter().map(|said| said.operation).collect();
    assert_eq!(verbs, operations);
}

#[test]
fn every_field_that_a_request_may_leave_out_has_a_step() {
    let verbs = verbs();
    let mut faults = Vec::new();
    for entry in schemas::all().filter(|entry| entry.tag == Tag::REQUEST_PAYLOAD) {
        let operation = entry.operation.unwrap();
        for field in entry.schema.fields.iter().filter(|field| field.presence != Presence::Required) {
            let tags = [field.tag].into_iter().chain(field.formerly.map(|(tag, _)| tag));
            let tags: Vec<Tag> = tags.chain(field.other_tags.iter().copied()).collect();
            let of_operation = verbs.iter().filter(|said| said.operation == operation);
            let is_said = of_operation.flat_map(|said| &said.fields).any(|tag| tags.contains(tag));
            if of_a_client(operation) && is_said == is_left_to_others(operation, field.tag) {
                faults.push(format!("{operation}: {}", field.tag));
            }
        }
    }
    assert_eq!(faults, [""; 0]);
}

#[test]
fn every_verb_says_the_facts_of_its_operation_and_is_on_the_page_of_all() {
    let verbs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../kmip-sdk/src/client/verbs");
    let page = fs::read_to_string(verbs.join("mod.rs")).unwrap();
    let mut count = 0;
    for facts in fs::read_dir(verbs.join("facts")).unwrap() {
        let facts = facts.unwrap().path();
        let name = facts.file_stem().unwrap().to_str().unwrap();
        let verb = fs::read_to_string(verbs.join(name).with_extension("rs")).unwrap();
        assert!(
            verb.contains(&format!("#[doc = include_str!(\"facts/{name}.md\")]\n    pub fn {name}")),
            "{name}"
        );
        assert!(page.contains(&format!("[`{name}`](crate::generic::Client::{name})")), "{name}");
        count += 1;
    }
    assert_eq!(count, OPERATIONS.iter().filter(|info| info.direction != Direction::ServerToClient).count());
}

/// A client of the embedded server, in a version.
fn client<D: Drives>(version: ProtocolVersion) -> kmip_sdk::generic::Client<D> {
    D::builder().service(Server::default()).version(version).start().unwrap()
}

/// A client of the embedded server in a version, and the payloads that it sends.
fn observed<D: Drives>(
    version: ProtocolVersion,
) -> (kmip_sdk::generic::Client<D>, Arc<Mutex<Vec<RequestPayload>>>) {
    let sent = Arc::new(Mutex::new(Vec::new()));
    let (server, seen) = (Server::default(), Arc::clone(&sent));
    let service = move |request: &[u8]| {
        let items = RequestMessage::from_ttlv(request).unwrap().batch_item;
        seen.lock().unwrap().extend(items.into_iter().map(|item| item.request_payload));
        server.handle(request)
    };
    (D::builder().service(service).version(version).start().unwrap(), sent)
}

with_both_drivers!(
    lead_through_the_life_of_a_key,
    change_attributes,
    ask_for_all_that_the_version_has,
    refuse_what_kmip_has_no_room_for_before_it_is_sent,
    say_the_object_type_of_an_import_where_there_is_a_field,
    activate_what_is_made_in_its_own_message,
    move_a_key_from_one_server_to_another,
);

fn lead_through_the_life_of_a_key<D: Drives>() {
    for version in [ProtocolVersion::V1_0, V1_4, V2_1] {
        let client = client::<D>(version);
        let key = client.create_aes(256).name("app").make().unwrap();
        let state = |key| client.get_attributes(key).make().unwrap().attributes.state();
        assert_eq!(state(&key), Some(State::PreActive));
        client.activate(&key).make().unwrap();
        assert_eq!(state(&key), Some(State::Active));
        client.check(&key).usage(usage::ENCRYPT).make().unwrap();
        client.obtain_lease(&key).make().unwrap();
        client.archive(&key).make().unwrap();
        client.recover(&key).make().unwrap();
        let reason = RevocationReasonCode::Superseded;
        client.revoke(&key, reason).message("rotated").make().unwrap();
        let attributes = client.get_attributes(&key).make().unwrap().attributes;
        assert_eq!(attributes.state(), Some(State::Deactivated));
        let reason = RevocationReason::new(reason).with_revocation_message("rotated");
        assert_eq!(attributes.revocation_reason(), Some(&reason));
        client.destroy(&key).make().unwrap();
        assert!(client.get(&key).make().is_err(), "{version}");
    }
}

fn change_attributes<D: Drives>() {
    for version in [V1_4, V2_1] {
        let client = client::<D>(version);
        let key = client.create_aes(128).name("first").make().unwrap();
        let names = || {
            let got = client.get_attributes(&key).attribute_references([Tag::NAME]).make().unwrap();
            got.attributes.names().map(|name| name.name_value.clone()).collect::<Vec<_>>()
        };
        client.add_attribute(&key, Attribute::Name("second".into())).make().unwrap();
        assert_eq!(names(), ["first", "second"], "{version}");
        let third = client.modify_attribute(&key, Attribute::Name("third".into()));
        let third = match version {
            V1_4 => third.attribute_index(1),
            _ => third.current_attribute(Attribute::Name("second".into())),
        };
        third.make().unwrap();
        assert_eq!(names(), ["first", "third"], "{version}");
        let deleted = match version {
            V1_4 => client.delete_attribute(&key, "Name").attribute_index(0),
            _ => client.delete_current_attribute(&key, Attribute::Name("first".into())),
        };
        deleted.make().unwrap();
        assert_eq!(names(), ["third"], "{version}");
        let list = client.get_attribute_list(&key).make().unwrap().attribute_reference;
        assert!(list.contains(&Tag::NAME.into()), "{version}");
    }
}

fn ask_for_all_that_the_version_has<D: Drives>() {
    for version in ProtocolVersion::ALL {
        let (client, sent) = observed::<D>(*version);
        let answer = client.query().strict().make().unwrap();
        assert!(answer.operation.contains(&Operation::Locate) && !answer.object_type.is_empty(), "{version}");
        let Some(RequestPayload::Query(query)) = sent.lock().unwrap().pop() else { panic!() };
        let functions = query.query_function;
        assert!(functions.iter().all(|function| function.is_in(*version)), "{version}: {functions:?}");
        let has = |function| functions.contains(&function);
        assert_eq!(
            has(QueryFunction::QueryProfiles),
            version.is_at_least(ProtocolVersion::V1_3),
            "{version}"
        );
        assert_eq!(has(QueryFunction::QueryDefaultsInformation), *version >= ProtocolVersion::V2_0);
        assert!(!has(QueryFunction::QueryExtensionList));
        client.query().functions([QueryFunction::QueryObjects]).make().unwrap();
        let Some(RequestPayload::Query(query)) = sent.lock().unwrap().pop() else { panic!() };
        assert_eq!(query.query_function, [QueryFunction::QueryObjects]);
    }
}

fn refuse_what_kmip_has_no_room_for_before_it_is_sent<D: Drives>() {
    let (client, sent) = observed::<D>(V2_1);
    sent.lock().unwrap().clear();
    let errors = [
        client.create_aes(u32::MAX).make().unwrap_err(),
        client.rng_retrieve(1 << 31).make().unwrap_err(),
        client.locate().maximum_items(u32::MAX).make().unwrap_err(),
        client.login().request_count(u32::MAX).make().unwrap_err(),
        client
            .create_split_key(ObjectType::SymmetricKey, u32::MAX, 1, SplitKeyMethod::Xor)
            .make()
            .unwrap_err(),
        client
            .derive_key(ObjectType::SecretData, "k", DerivationMethod::Pbkdf2)
            .iteration_count(u32::MAX)
            .make()
            .unwrap_err(),
        client.check("k").usage_limits_count(u64::MAX).make().unwrap_err(),
        client.get_usage_allocation("k", 1 << 63).make().unwrap_err(),
        client.re_key("k").offset(Duration::from_secs(1 << 32)).make().unwrap_err(),
        client.check("k").lease_time(Duration::MAX).make().unwrap_err(),
    ];
    for error in errors {
        assert!(matches!(error.kind(), ErrorKind::TooLarge { found, most, .. } if found > most), "{error}");
        assert!(error.phase() == Phase::Encode && !error.is_outcome_unknown(), "{error}");
    }
    assert_eq!(sent.lock().unwrap().len(), 0);
}

fn say_the_object_type_of_an_import_where_there_is_a_field<D: Drives>() {
    for (version, expected) in [(V1_4, None), (V2_1, Some(ObjectType::SymmetricKey))] {
        let (client, sent) = observed::<D>(version);
        let key = SymmetricKey::raw(CryptographicAlgorithm::Aes, &[7; 16]);
        // Whether the server has the operation is not asked here.
        let _ = client.import("k", key).usage(CryptographicUsageMask::ENCRYPT).make();
        let Some(RequestPayload::Import(import)) = sent.lock().unwrap().pop() else { panic!() };
        assert_eq!(import.unique_identifier, UniqueIdentifier::from("k"));
        assert_eq!(import.object_type, expected, "{version}");
    }
}

fn activate_what_is_made_in_its_own_message<D: Drives>() {
    let client = client::<D>(V2_1);
    let secret = client.register(SecretData::password("p")).activated().make().unwrap();
    let attributes = client.get_attributes(&secret).make().unwrap().attributes;
    assert_eq!(attributes.state(), Some(State::Active));
    let random = client.rng_retrieve(24).make().unwrap();
    assert_eq!(random.reveal().len(), 24);
    let derived = client.derive_hkdf(&secret, 128).salt("s").activated().into_request();
    assert_eq!(derived.attributes.cryptographic_length(), Some(128));
    assert!(derived.attributes.activation_date().is_some());
}

fn move_a_key_from_one_server_to_another<D: Drives>() {
    for version in [V1_4, V2_1] {
        let (here, there) = (client::<D>(version), client::<D>(version));
        let key = here.create_aes(256).name("app").activated().make().unwrap();
        let encrypted = here.encrypt(&key, "attack at dawn").aes_gcm().make().unwrap();
        let exported = here.export(&key).make().unwrap();
        let import =
            there.import(exported.unique_identifier, exported.object).attributes(exported.attributes);
        import.replace_existing(false).make().unwrap();
        assert_eq!(there.decrypt(&encrypted).make().unwrap().reveal(), b"attack at dawn", "{version}");
        let located = there.locate().name("app").make().unwrap().unique_identifier;
        assert_eq!(located, [UniqueIdentifier::from(&key)], "{version}");
    }
}
