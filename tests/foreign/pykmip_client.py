"""Every method of PyKMIP's ProxyKmipClient against a server, in each version that it speaks.

usage: pykmip_client.py HOST:PORT FOLDER [VERSION...]
The folder holds ca.crt, client.crt and client.key. What a method gives is asserted; a method of the class that is not
called here is a failure, too.
"""

import inspect
import os
import sys
import tempfile
import warnings

warnings.simplefilter("ignore")

from kmip.core import enums, exceptions
from kmip.core import objects as core_objects
from kmip.core.factories.attributes import AttributeFactory
from kmip.pie import client as pie
from kmip.pie import exceptions as pie_exceptions
from kmip.pie import objects

Algorithm = enums.CryptographicAlgorithm
Mask = enums.CryptographicUsageMask
Hash = enums.HashingAlgorithm
Reason = enums.ResultReason

called = set()


class Recording(pie.ProxyKmipClient):
    """The client, which notes what is called."""

    def __getattribute__(self, name):
        if not name.startswith("_") and name in METHODS:
            called.add(name)
        return super().__getattribute__(name)


METHODS = {
    name
    for name, _ in inspect.getmembers(pie.ProxyKmipClient, inspect.isfunction)
    if not name.startswith("_")
}


def fails(reasons, call):
    """Asserts that a call fails with one of the reasons, which are those of the versions."""
    try:
        call()
    except (pie_exceptions.KmipOperationFailure, exceptions.KmipError) as failure:
        assert failure.reason in reasons, (failure.reason, reasons)
        return
    raise AssertionError("no failure, where one is due: %s" % (reasons,))


def named(name):
    """The Name attribute."""
    value = core_objects_name(name)
    return AttributeFactory().create_attribute(enums.AttributeType.NAME, value)


def core_objects_name(name):
    from kmip.core.attributes import Name

    return Name.create(name, enums.NameType.UNINTERPRETED_TEXT_STRING)


def value_of(attributes, name):
    """The values of the attributes of a name, before KMIP 2.0."""
    return [a.attribute_value for a in attributes if a.attribute_name.value == name]


def keys(client, label):
    """Symmetric keys: made, found, asked for, registered and got."""
    name = "key-" + label
    key = client.create(
        Algorithm.AES, 256, name=name, cryptographic_usage_mask=[Mask.ENCRYPT, Mask.DECRYPT]
    )
    assert client.locate(attributes=[named(name)]) == [key]
    got = client.get(key)
    assert isinstance(got, objects.SymmetricKey)
    assert (got.cryptographic_algorithm, got.cryptographic_length) == (Algorithm.AES, 256)
    assert len(got.value) == 32
    names = client.get_attribute_list(key)
    assert "Cryptographic Algorithm" in names and "State" in names, names
    identifier, attributes = client.get_attributes(key, ["Cryptographic Length", "State"])
    assert identifier == key
    assert {a.attribute_name.value for a in attributes} == {"Cryptographic Length", "State"}
    assert value_of(attributes, "State")[0].value == enums.State.PRE_ACTIVE

    material = bytes(range(16))
    registered = client.register(
        objects.SymmetricKey(Algorithm.AES, 128, material, [Mask.ENCRYPT], "registered-" + label)
    )
    assert client.get(registered).value == material
    assert client.check(registered, cryptographic_usage_mask=[Mask.ENCRYPT]) == registered
    fails((Reason.ITEM_NOT_FOUND, Reason.OBJECT_NOT_FOUND), lambda: client.get("nobody"))
    return key


def ciphers(client, key):
    """Encryption by a key that becomes active."""
    parameters = {
        "cryptographic_algorithm": Algorithm.AES,
        "block_cipher_mode": enums.BlockCipherMode.CBC,
        "padding_method": enums.PaddingMethod.PKCS5,
    }
    iv = b"\1" * 16
    fails(
        (Reason.PERMISSION_DENIED, Reason.WRONG_KEY_LIFECYCLE_STATE),
        lambda: client.encrypt(b"early", uid=key, cryptographic_parameters=parameters, iv_counter_nonce=iv),
    )
    client.activate(key)
    encrypted, made_iv = client.encrypt(
        b"hello kmip", uid=key, cryptographic_parameters=parameters, iv_counter_nonce=iv
    )
    assert made_iv is None and len(encrypted) == 16 and encrypted != b"hello kmip"
    decrypted = client.decrypt(
        encrypted, uid=key, cryptographic_parameters=parameters, iv_counter_nonce=iv
    )
    assert decrypted == b"hello kmip"


def signatures(client, label):
    """A pair of keys that signs and verifies."""
    public, private = client.create_key_pair(
        Algorithm.RSA,
        2048,
        public_name="public-" + label,
        public_usage_mask=[Mask.VERIFY],
        private_name="private-" + label,
        private_usage_mask=[Mask.SIGN],
    )
    assert isinstance(client.get(public), objects.PublicKey)
    assert isinstance(client.get(private), objects.PrivateKey)
    client.activate(public)
    client.activate(private)
    parameters = {
        "cryptographic_algorithm": Algorithm.RSA,
        "hashing_algorithm": Hash.SHA_256,
        "padding_method": enums.PaddingMethod.PKCS1v15,
    }
    signature = client.sign(b"message", uid=private, cryptographic_parameters=parameters)
    assert len(signature) == 256
    for message, validity in [
        (b"message", enums.ValidityIndicator.VALID),
        (b"another", enums.ValidityIndicator.INVALID),
    ]:
        found = client.signature_verify(
            message, signature, uid=public, cryptographic_parameters=parameters
        )
        assert found == validity, found


def codes_and_derived(client, label):
    """A key that authenticates, and one that another is derived from."""
    key = client.create(
        Algorithm.HMAC_SHA256, 256, name="mac-" + label, cryptographic_usage_mask=[Mask.MAC_GENERATE]
    )
    client.activate(key)
    identifier, code = client.mac(b"message", uid=key, algorithm=Algorithm.HMAC_SHA256)
    assert identifier == key and len(code) == 32
    source = client.create(
        Algorithm.AES, 128, name="source-" + label, cryptographic_usage_mask=[Mask.DERIVE_KEY]
    )
    client.activate(source)
    derived = client.derive_key(
        enums.ObjectType.SYMMETRIC_KEY,
        [source],
        enums.DerivationMethod.HMAC,
        {
            "cryptographic_parameters": {"hashing_algorithm": Hash.SHA_256},
            "derivation_data": b"data",
            "salt": b"salt",
        },
        cryptographic_length=128,
        cryptographic_algorithm=Algorithm.AES,
        cryptographic_usage_mask=[Mask.ENCRYPT],
    )
    assert len(client.get(derived).value) == 16


def others(client, label):
    """Objects that are no keys."""
    secret = client.register(
        objects.SecretData(b"secret", enums.SecretDataType.PASSWORD, [Mask.DERIVE_KEY], "secret-" + label)
    )
    assert client.get(secret).value == b"secret"
    opaque = client.register(objects.OpaqueObject(b"opaque", enums.OpaqueDataType.NONE, "opaque-" + label))
    assert client.get(opaque).value == b"opaque"


def changes(client, key, label, version):
    """Attributes are changed and deleted, a key is replaced."""
    if version < enums.KMIPVersion.KMIP_2_0:
        new_name = AttributeFactory().create_attribute(
            enums.AttributeType.NAME, core_objects_name("renamed-" + label), 0
        )
        identifier, attribute = client.modify_attribute(unique_identifier=key, attribute=new_name)
        assert (identifier, attribute.attribute_name.value) == (key, "Name")
        assert client.locate(attributes=[named("renamed-" + label)]) == [key]
        identifier, _ = client.delete_attribute(
            unique_identifier=key, attribute_name="Name", attribute_index=0
        )
        assert identifier == key
    else:
        sensitive = core_objects_sensitive()
        assert (
            client.set_attribute(unique_identifier=key, attribute_name="Sensitive", attribute_value=True)
            == key
        )
        identifier, _ = client.modify_attribute(
            unique_identifier=key,
            current_attribute=core_objects.CurrentAttribute(attribute=sensitive(True)),
            new_attribute=core_objects.NewAttribute(attribute=sensitive(False)),
        )
        assert identifier == key
        identifier, _ = client.delete_attribute(
            unique_identifier=key,
            current_attribute=core_objects.CurrentAttribute(attribute=core_objects_name("key-" + label)),
        )
        assert identifier == key
    if version >= enums.KMIPVersion.KMIP_2_0:
        # What this client sends has a field of KMIP 1.
        fails((Reason.INVALID_FIELD,), lambda: client.rekey(uid=key, offset=0))
        return None
    replacement = client.rekey(uid=key, offset=0)
    assert replacement != key
    return replacement


def core_objects_sensitive():
    """The Sensitive attribute of KMIP 2.0."""
    from kmip.core import primitives

    return lambda value: primitives.Boolean(value, tag=enums.Tags.SENSITIVE)


def end(client, key):
    """A key that is active is revoked before it is destroyed."""
    client.revoke(enums.RevocationReasonCode.CESSATION_OF_OPERATION, key)
    client.destroy(key)


def run(address, folder, version):
    """All of it in one version."""
    host, port = address.rsplit(":", 1)
    label = version.name
    certificate = {name: os.path.join(folder, name) for name in ("ca.crt", "client.crt", "client.key")}
    configuration = tempfile.NamedTemporaryFile("w", suffix=".conf", delete=False)
    with configuration:
        configuration.write(
            "[client]\nhost=%s\nport=%s\nkeyfile=%s\ncertfile=%s\nca_certs=%s\n"
            "cert_reqs=CERT_REQUIRED\nssl_version=PROTOCOL_TLSv1_2\n"
            "do_handshake_on_connect=True\nsuppress_ragged_eofs=True\n"
            % (host, port, certificate["client.key"], certificate["client.crt"], certificate["ca.crt"])
        )
    client = Recording(config="client", config_file=configuration.name, kmip_version=version)
    client.open()
    try:
        key = keys(client, label)
        if version > enums.KMIPVersion.KMIP_1_1:
            ciphers(client, key)
            signatures(client, label)
            codes_and_derived(client, label)
        else:
            client.activate(key)
        others(client, label)
        replacement = changes(client, key, label, version)
        end(client, key)
        if replacement is not None:
            end(client, replacement)
    finally:
        client.close()
        os.unlink(configuration.name)


def main():
    address, folder, *versions = sys.argv[1:]
    for text in versions or ["1.0", "1.1", "1.2", "1.3", "1.4", "2.0"]:
        run(address, folder, enums.KMIPVersion["KMIP_" + text.replace(".", "_")])
        print("PyKMIP's client in KMIP %s: passed" % text)
    missing = METHODS - called
    if not versions and missing:
        raise AssertionError("not called: %s" % ", ".join(sorted(missing)))


main()
