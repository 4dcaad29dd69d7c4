"""Certificates for servers on this machine: good ones, and every kind of bad one."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

_BEGIN, _END = datetime(2020, 1, 1, tzinfo=UTC), datetime(2120, 1, 1, tzinfo=UTC)
_YESTERDAY = datetime(2021, 1, 1, tzinfo=UTC)
_HOSTS = [IPv4Address("127.0.0.1"), *(IPv4Address(f"127.0.1.{number}") for number in range(1, 255))]
# The second Oakley group (RFC 2409): 1,024 bits, too short since 2015.
_SHORT_KEYS = """-----BEGIN DH PARAMETERS-----
MIGHAoGBAP//////////yQ/aoiFowjTExmKLgNwc0SkCTgiKZ8x0Agu+pjsTmyJR
Sgh5jjQE3e+VGbPNOkMbMCsKbfJfFDdP4TVtbVHCReSFtXZiXn7G9ExC6aY37WsL
/1y29Aa37e44a/taiZ+lrp8kEXxLH+ZJKGZR7OZTgf//////////AgEC
-----END DH PARAMETERS-----
"""
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True, slots=True)
class Signed:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: Key

    @property
    def pem(self) -> str:
        """Return the certificate as PEM."""
        return self.certificate.public_bytes(Encoding.PEM).decode()


def signed(
    name: str,
    *,
    by: Signed | None = None,
    authority: bool = False,
    hosts: bool = True,
    until: datetime = _END,
    key: Key | None = None,
) -> Signed:
    """Return a certificate called `name`, for all addresses of this machine or for another host."""
    own = key or ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer, signer = (by.certificate.subject, by.key) if by else (subject, own)
    names: list[x509.GeneralName] = (
        [x509.IPAddress(host) for host in _HOSTS] if hosts else [x509.DNSName("khac.example")]
    )
    certificate = (
        x509.CertificateBuilder(subject_name=subject, issuer_name=issuer, public_key=own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_BEGIN)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(signer, hashes.SHA256())
    )
    return Signed(certificate, own)


def context(folder: Path, leaf: Signed) -> ssl.SSLContext:
    """Return the server side that shows `leaf` and nothing else."""
    private = leaf.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file = folder / f"{leaf.certificate.serial_number}.pem"
    file.write_bytes(private + leaf.pem.encode())
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(file)
    return made


def self_signed(folder: Path) -> ssl.SSLContext:
    """Return the server side of a certificate that nobody vouches for."""
    return context(folder, signed("tự ký"))


def contexts(folder: Path) -> tuple[dict[str, ssl.SSLContext], Path, str]:
    """Return the server side of every kind, the file of the root to trust, and the intermediate as PEM."""
    root = signed("gốc", authority=True, hosts=False)
    middle = signed("giữa", by=root, authority=True, hosts=False)
    kinds = {
        "good": context(folder, signed("tốt", by=root)),
        "self-signed": self_signed(folder),
        "expired": context(folder, signed("hết hạn", by=root, until=_YESTERDAY)),
        "other-host": context(folder, signed("khác", by=root, hosts=False)),
        "intermediate-missing": context(folder, signed("thiếu", by=middle)),
        "weak": _weak(folder, root),
    }
    trusted = folder / "root.pem"
    trusted.write_text(root.pem)
    return kinds, trusted, middle.pem


def _weak(folder: Path, root: Signed) -> ssl.SSLContext:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    made = context(folder, signed("yếu", by=root, key=key))
    made.maximum_version = ssl.TLSVersion.TLSv1_2
    made.set_ciphers("DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0")
    file = folder / "dh.pem"
    file.write_text(_SHORT_KEYS)
    made.load_dh_params(file)
    return made
