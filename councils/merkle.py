"""Trees of RFC 6962 over leaves of 32 bytes each, joined in one byte string."""

import hashlib


def merkle_root(leaves: bytes) -> bytes:
    """The root; SHA-256 of nothing when there are no leaves."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    while len(leaves) > 32:
        leaves = _above(leaves)
    return leaves


def merkle_path(leaves: bytes, index: int) -> list[bytes]:
    """What has to be hashed with leaf `index` on the way up to the root, from the bottom (RFC 6962, 2.1.1)."""
    path = []
    while len(leaves) > 32:
        beside = 32 * (index ^ 1)
        if beside < len(leaves):
            path.append(leaves[beside : beside + 32])
        leaves, index = _above(leaves), index // 2
    return path


def _above(leaves: bytes) -> bytes:
    """One level up: a node is SHA-256(0x01 || left || right), a lone last one is carried as it is."""
    pairs = [leaves[at : at + 64] for at in range(0, len(leaves), 64)]
    return b"".join(hashlib.sha256(b"\x01" + pair).digest() if len(pair) == 64 else pair for pair in pairs)
