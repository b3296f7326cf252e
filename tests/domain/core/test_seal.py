import pytest

from textwell.core.seal import Unsealable, is_sealed, seal, unseal


def test_what_was_sealed_is_read_again() -> None:
    assert unseal(seal("pass wörd")) == "pass wörd"


def test_sealing_twice_gives_two_texts_without_the_secret() -> None:
    one, two = seal("secret"), seal("secret")

    assert one != two
    assert "secret" not in one
    assert (is_sealed(one), is_sealed("secret")) == (True, False)


@pytest.mark.parametrize("change", ["", "plain", "sealed:1:", "sealed:1:abc"])
def test_what_is_not_sealed_is_refused_with_the_mend(change: str) -> None:
    with pytest.raises(Unsealable, match="Put the old key back"):
        unseal(change)


def test_a_changed_seal_is_refused() -> None:
    sealed = seal("secret")
    other = sealed[:-10] + ("A" if sealed[-10] != "A" else "B") + sealed[-9:]

    with pytest.raises(Unsealable):
        unseal(other)
