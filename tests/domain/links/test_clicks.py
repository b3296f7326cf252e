from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mmdb import write_mmdb
from textwell.core.settings import Settings
from textwell.core.wire import ClickItem, Part
from textwell.links import actions, clicks
from textwell.links.actions import forget_raw_ips, record_click_parts, record_clicks
from textwell.links.clicks import RecentAddresses
from textwell.links.models import Click
from textwell.links.selectors import (
    ClickCounts,
    ClickShare,
    count_clicks,
    count_clicks_by,
    list_clicked_messages,
    list_message_clicks,
)

AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
PHONE = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/124.0.0.0 Mobile Safari/537.36"
)
BROWSED = {"accept": "text/html", "accept-language": "vi"}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clicks, "_recent", RecentAddresses())


def a_click(message_id: int = 1, **values: Any) -> ClickItem:
    fields: dict[str, Any] = {
        "token": "abcdefgh",
        "workspace_id": 3,
        "link_number": 1,
        "campaign_id": 9,
        "at": AT.timestamp(),
        "method": "GET",
        "user_agent": PHONE,
        "ip": "203.0.113.7",
        "headers": BROWSED,
    }
    return ClickItem(message_id=message_id, **(fields | values))


def test_a_click_is_kept_with_who_and_with_what() -> None:
    item = a_click(headers=BROWSED | {"cf-ipcountry": "vn"})

    assert record_clicks([item], "412", handed_at={1: AT.timestamp() - 60}) == 1
    click = Click.objects.get()
    assert (click.stream_key, click.message_id, click.at) == ("412.0", 1, AT)
    assert (click.kind, click.device, click.os) == ("human", "phone", "Android")
    assert (click.browser, click.country, click.raw_ip) == ("Chrome Mobile", "VN", "203.0.113.7")


def test_the_same_stream_message_twice_is_written_once() -> None:
    items = [a_click(1), a_click(2)]

    assert record_clicks(items, "412") == 2
    assert record_clicks(items, "412") == 0
    assert record_click_parts([Part("412", items), Part("413", [a_click(3)])]) == 1
    assert Click.objects.count() == 3


def test_programs_and_doubt_count_apart_from_people() -> None:
    items = [
        a_click(1),
        a_click(1),
        a_click(2, user_agent="facebookexternalhit/1.1"),
        a_click(3, method="HEAD"),
        a_click(4, headers={}),
        a_click(5, campaign_id=10),
    ]
    record_clicks(items, "1")

    assert count_clicks(3, 9) == ClickCounts(1, 2, 2, 1)
    assert count_clicks(4, 9) == ClickCounts(0, 0, 0, 0)


def test_a_click_right_after_the_hand_off_is_a_machines() -> None:
    at = AT.timestamp()
    record_clicks([a_click(1), a_click(2)], "1", handed_at={1: at - 0.3, 2: at - 30})

    kinds = Click.objects.order_by("message_id").values_list("kind", "kind_reason")
    assert list(kinds) == [("machine", "too_fast"), ("human", "")]


def test_one_address_opening_many_peoples_links_is_doubted() -> None:
    record_clicks([a_click(number) for number in range(1, 31)], "1")

    assert Click.objects.filter(kind="human").count() == 19
    assert Click.objects.filter(kind_reason="many_from_one_ip").count() == 11


def test_one_person_opening_a_link_often_stays_a_person() -> None:
    record_clicks([a_click(1) for _ in range(30)], "1")

    assert Click.objects.filter(kind="human").count() == 30


def test_what_no_column_holds_is_made_to_fit() -> None:
    odd = a_click(user_agent="x\0y" * 400, ip="not an address", method="GETGETGETGET")

    record_clicks([odd], "1")
    click = Click.objects.get()
    assert (click.raw_ip, click.method) == (None, "GETGETGE")
    assert "\0" not in click.user_agent


def test_no_clicks_are_no_work() -> None:
    assert record_clicks([], "1") == 0


def test_raw_addresses_are_forgotten_and_the_rest_stays() -> None:
    old, new = AT - timedelta(days=31), AT
    record_clicks([a_click(1, at=old.timestamp()), a_click(2, at=new.timestamp())], "1")

    assert forget_raw_ips(older_than=AT - timedelta(days=30)) == 1
    assert forget_raw_ips(older_than=AT - timedelta(days=30)) == 0
    kept = Click.objects.order_by("message_id").values_list("raw_ip", "device")
    assert list(kept) == [(None, "phone"), ("203.0.113.7", "phone")]


def test_forgetting_goes_on_past_a_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "_FORGET_CHUNK", 2)
    record_clicks([a_click(number) for number in range(1, 6)], "1")

    assert forget_raw_ips(older_than=AT + timedelta(seconds=1)) == 5
    assert not Click.objects.filter(raw_ip__isnull=False).exists()


def test_addresses_are_never_stored_where_the_operator_keeps_them_for_no_day(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    conf = actions.load_settings().model_copy(update={"raw_ip_days": 0})
    monkeypatch.setattr(actions, "load_settings", lambda: conf)
    record_clicks([a_click()], "1")

    assert Click.objects.get().raw_ip is None


def test_shares_and_lists_follow_people() -> None:
    desktop = (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/124.0.0.0 Safari/537.36"
    )
    record_clicks([a_click(1), a_click(1), a_click(2), a_click(3, user_agent=desktop)], "1")

    assert count_clicks_by(3, 9, "device") == [
        ClickShare("phone", 2, 3),
        ClickShare("desktop", 1, 1),
    ]
    assert list_clicked_messages(3, 9, after_id=1, limit=1) == [(2, AT)]
    assert len(list_message_clicks(3, 1)) == 2
    assert list_message_clicks(4, 1) == []


def test_of_some_countries_no_address_is_kept_be_it_the_clicks_or_the_numbers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(actions, "load_settings", lambda: Settings(raw_ip_never_in=["FR", "CN"]))
    from_france = a_click(1, headers=BROWSED | {"cf-ipcountry": "FR"})
    from_vietnam = a_click(2, headers=BROWSED | {"cf-ipcountry": "VN"})
    record_click_parts(
        [Part("1", [from_france, from_vietnam, a_click(3), a_click(4)])],
        countries={2: "VN", 3: "CN"},
    )

    kept = dict(Click.objects.values_list("message_id", "raw_ip"))
    assert kept == {1: None, 2: "203.0.113.7", 3: None, 4: "203.0.113.7"}


def test_the_place_of_a_click_comes_from_the_file_and_its_address_goes_all_the_same(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    texas = {"country": {"iso_code": "US"}, "subdivisions": [{"names": {"en": "Texas"}}]}
    path = write_mmdb(tmp_path / "geo.mmdb", {"203.0.113.0/24": texas}, built_at=1)
    conf = Settings(geo_file=str(path), raw_ip_never_in=["US"])
    monkeypatch.setattr(actions, "load_settings", lambda: conf)
    headers = [{}, {"cf-ipcountry": "US"}, {"cf-ipcountry": "CA"}]
    items = [a_click(n, headers=BROWSED | each) for n, each in enumerate(headers)]
    record_clicks([*items, a_click(3, ip="192.0.2.1")], "1")

    found = list(Click.objects.order_by("message_id").values_list("country", "region", "raw_ip"))
    assert found == [
        ("US", "Texas", None), ("US", "Texas", None), ("CA", "", "203.0.113.7"),
        ("", "", "192.0.2.1"),
    ]  # fmt: skip
    assert [share.value for share in count_clicks_by(3, 9, "country")] == ["US", "", "CA"]
