"""The signing key: made once, private, never lost to a race, and nothing else is taken for one."""

import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives.asymmetric import ed448
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from councils import signing
from councils.offline import signature_holds


def test_it_is_made_the_first_time_and_is_its_owners_alone(tmp_path):
    place = tmp_path / "keys" / "signing_key"
    first, second = signing.signing_key(place), signing.signing_key(place)
    assert signing.public_bytes(first) == signing.public_bytes(second)
    assert place.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in place.parent.iterdir()] == ["signing_key"]


def test_of_many_that_race_one_wins_and_all_have_its_key(tmp_path):
    with ThreadPoolExecutor(16) as pool:
        keys = list(pool.map(signing.signing_key, [tmp_path / "signing_key"] * 16))
    assert len({signing.public_bytes(key) for key in keys}) == 1


def test_the_fingerprint_is_of_the_raw_public_key(tmp_path):
    public = signing.public_bytes(signing.signing_key(tmp_path / "k"))
    assert len(public) == 32
    assert signing.fingerprint(public) == hashlib.sha256(public).hexdigest()


@pytest.mark.parametrize("content", [b"", b"not a key", None])
def test_what_is_no_key_is_refused_and_left_alone(tmp_path, content):
    place = tmp_path / "k"
    if content is None:
        content = ed448.Ed448PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    place.write_bytes(content)
    with pytest.raises(signing.NoKey):
        signing.signing_key(place)
    assert place.read_bytes() == content


def test_the_verifier_without_packages_agrees_with_the_one_with(tmp_path):
    """On good signatures, on each byte flipped, and on the malleable twin (s + L), which both refuse."""
    key = signing.signing_key(tmp_path / "k")
    public, message = signing.public_bytes(key), b"heads"
    good = key.sign(message)
    order = 2**252 + 27742317777372353535851937790883648493
    twin = good[:32] + (int.from_bytes(good[32:], "little") + order).to_bytes(32, "little")
    for signature in (good, twin, bytes(64), *(flipped(good, at) for at in range(0, 64, 9))):
        expected = signature == good
        assert signing.signed_by(public, signature, message) is expected
        assert signature_holds(public, signature, message) is expected
    assert not signature_holds(public, good, b"other heads")
    assert not signature_holds(flipped(public, 0), good, message)


def test_it_agrees_with_the_standard():
    """RFC 8032, 7.1, tests 1 to 3: public key, message, signature."""
    for public, message, signature in RFC_8032:
        assert signature_holds(bytes.fromhex(public), bytes.fromhex(signature), bytes.fromhex(message))


def flipped(data, at):
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]
