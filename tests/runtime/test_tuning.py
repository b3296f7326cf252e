from textwell.runtime.stores.tuning import GB, MB, Machine, postgres_conf, postgres_settings

SMALL = Machine(memory_octets=GB, cpu_count=1, disk_free_octets=4 * GB, shm_octets=64 * MB)
LARGE = Machine(
    memory_octets=256 * GB, cpu_count=64, disk_free_octets=2000 * GB, shm_octets=128 * GB
)


def values(machine: Machine, *, is_durable: bool = True) -> dict[str, str]:
    return postgres_settings(machine, is_durable=is_durable, has_lz4=True)


def test_memory_follows_the_machine_within_limits() -> None:
    small, large = values(SMALL), values(LARGE)

    assert (small["shared_buffers"], small["work_mem"]) == ("128MB", "4MB")
    assert (large["shared_buffers"], large["work_mem"]) == ("8192MB", "64MB")


def test_real_data_always_waits_for_the_disk() -> None:
    chosen = values(SMALL)

    assert (chosen["fsync"], chosen["synchronous_commit"]) == ("on", "on")
    assert "full_page_writes" not in chosen


def test_the_log_never_shows_parameters() -> None:
    chosen = values(LARGE)

    assert chosen["log_parameter_max_length"] == "0"
    assert chosen["log_parameter_max_length_on_error"] == "0"


def test_little_shared_memory_is_not_relied_upon() -> None:
    assert values(SMALL)["dynamic_shared_memory_type"] == "mmap"
    assert "dynamic_shared_memory_type" not in values(LARGE)


def test_the_file_has_one_quoted_value_a_line() -> None:
    assert postgres_conf({"fsync": "on"}).splitlines()[-1] == "fsync = 'on'"
