"""Encryption of personal data: published vectors, what is stored, both ciphers side by side."""

from __future__ import annotations

from binascii import unhexlify

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from mofu import encryption
from mofu.encryption import Sm4Gcm, blind_index, decrypt, encrypt, seal, unseal

NUMBER = "32099919750312001X"


def test_sm4_of_gb_t_32907():
    """GB/T 32907-2016, annex A.1."""
    key = unhexlify("0123456789abcdeffedcba9876543210")
    writer = Cipher(algorithms.SM4(key), modes.ECB()).encryptor()
    assert writer.update(key).hex() == "681edf34d206965e86b3e94f536e4246"


def test_sm4_in_gcm_of_rfc_8998():
    """RFC 8998, appendix A.1."""
    cipher = Sm4Gcm(unhexlify("0123456789abcdeffedcba9876543210"))
    plain = unhexlify(
        "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
        "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa"
    )
    nonce, told = (
        unhexlify("00001234567800000000abcd"),
        unhexlify("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
    )
    locked = cipher.encrypt(nonce, plain, told)
    assert locked[:-16].hex() == (
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
    )
    assert locked[-16:].hex() == "83de3541e4c2b58177e065a9bf7b62ec"
    assert cipher.decrypt(nonce, locked, told) == plain


@pytest.mark.parametrize("cipher", encryption.TAGS)
def test_values_say_key_and_cipher_and_show_any_change(settings, cipher):
    settings.FIELD_CIPHER = cipher
    stored = encrypt(NUMBER)
    head, _, body = stored.partition(":")
    assert head == f"dev.{encryption.TAGS[cipher]}"
    assert decrypt(stored) == NUMBER
    assert encrypt(NUMBER) != stored
    other = "A" if body[0] != "A" else "B"
    for altered in (f"{head}:{other}{body[1:]}", f"{head}:{body[:-8]}"):
        with pytest.raises(InvalidTag):
            decrypt(altered)
    sealed = seal(b"\x00 file")
    assert unseal(sealed) == b"\x00 file"
    with pytest.raises(InvalidTag):
        unseal(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    with pytest.raises(InvalidTag):
        unseal(sealed[: len(head) + 1 + 12])
    assert encrypt("") == decrypt("") == ""


def test_values_of_either_cipher_stay_readable(settings):
    aes = encrypt(NUMBER)
    settings.FIELD_CIPHER = "sm4-gcm"
    sm4 = encrypt(NUMBER)
    assert decrypt(aes) == decrypt(sm4) == NUMBER
    settings.FIELD_CIPHER = "aes-256-gcm"
    assert decrypt(sm4) == NUMBER


def test_a_value_cannot_be_passed_off_as_another_keys(settings):
    settings.FIELD_KEYS = {"k2": b"2" * 32, "k1": b"1" * 32, "k3": b"1" * 32}
    _, _, body = encrypt(NUMBER).partition(":")
    with pytest.raises(InvalidTag):
        decrypt(f"k1.aes:{body}")
    with pytest.raises(KeyError, match="k9"):
        decrypt(f"k9.aes:{body}")


def test_hashes_follow_the_first_key(settings):
    settings.FIELD_KEYS = {"k1": b"1" * 32}
    first = blind_index(NUMBER)
    settings.FIELD_KEYS = {"k2": b"2" * 32, "k1": b"1" * 32}
    assert blind_index(NUMBER) != first
    settings.FIELD_KEYS = {"k1": b"1" * 32, "k2": b"2" * 32}
    assert blind_index(NUMBER) == first
    assert blind_index("") is None
