"""The hash of passwords in tests: the product's own, made as cheap as its algorithm lets it be."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class CheapArgon2(Argon2PasswordHasher):
    """A tenth of a second and 100 MB less for each person that a test makes."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
