import hashlib


def digest(session_key: str) -> str:
    """To name a session to another process without giving it away."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:32]
