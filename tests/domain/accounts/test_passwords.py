"""How passwords are kept. Tests hash cheaply; what the product does is asked of its own settings."""

from django.utils.module_loading import import_string

from textwell.config import settings as own


def test_passwords_are_hashed_by_argon2_with_a_hundred_megabytes() -> None:
    (path,) = own.PASSWORD_HASHERS
    hasher = import_string(path)()

    kept = hasher.encode("correct horse battery", "saltsaltsalt")

    assert kept.startswith("argon2$argon2id$v=19$m=102400,t=2,p=8$")
    assert hasher.verify("correct horse battery", kept)
