"""What a refusal is about, and for how long."""

import pytest

from textwell.inbox.words import understand


@pytest.mark.parametrize(
    ("text", "days", "language"),
    [
        ("stop for 2 weeks", 14, "en"), ("pause 30 days", 30, "en"), ("STOP 2 weeks", 14, "en"),
        ("can you pause the texts until next month", 30, "en"),
        ("tạm dừng 7 ngày", 7, "vi"), ("ngưng gửi 1 tháng nhé", 30, "vi"),
        ("暂停十五天", 15, "zh"), ("這個月先不要發", 30, "zh"), ("先停兩個星期吧", 14, "zh"),
        ("暂停半个月", 15, "zh"),
        ("no me envíen nada durante un mes", 30, "es"), ("pausa los mensajes por 15 días", 15, "es"),
        ("mettez en pause les messages pendant 10 jours", 10, "fr"),
        ("setzt bitte 2 Wochen aus", 14, "de"), ("keine SMS für 2 Wochen", 14, "de"),
        ("pausem as mensagens por 20 dias", 20, "pt"), ("pause texts for 900 days", 366, "en"),
    ],
)  # fmt: skip
def test_a_pause_says_for_how_many_days(text: str, days: int, language: str) -> None:
    found = understand(text)

    assert (found.intent, found.scope, found.days) == ("opt_out", "pause", days)
    assert found.language == language


@pytest.mark.parametrize(
    "text",
    [
        "I asked you 2 weeks ago to stop", "you text me every day for 2 weeks, stop",
        "I have been a customer for 2 years, stop texting", "STOP",
    ],
)  # fmt: skip
def test_a_time_that_is_not_of_the_refusal_makes_no_pause(text: str) -> None:
    found = understand(text)

    assert (found.intent, found.scope, found.days) == ("opt_out", None, None)


@pytest.mark.parametrize(
    "text",
    [
        "pause my order for a week",
        "stop by in 2 days",
        "7天内不要发货",
        "暂停施工三天",
        "please hold my table for 2 days",
        "Yes! Please hold it for me for a day",
        "Can you hold on? I need 2 weeks",
        "I was on mute for a day sorry",
        "Wir setzen uns in zwei Wochen zusammen",
        "Suspendan mi tratamiento 2 dias",
    ],
)
def test_other_things_that_pause_are_no_opt_out(text: str) -> None:
    assert understand(text).intent != "opt_out"


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("STOPALL", "all"), ("stop all", "all"), ("Stop all messages", "all"), ("全部退订", "all"),
        ("no more ads", "marketing"), ("không nhận quảng cáo", "marketing"),
        ("stop texts from this brand only", "brand"), ("退订这个品牌", "brand"),
        ("no quiero mensajes de esta marca", "brand"),
        ("no more sale alerts pls, just the order updates", "topic"),
        ("only text me about my orders", "topic"), ("只发订单通知 别发广告", "topic"),
        ("Stop the weekly menu texts, order updates are fine", "topic"),
        ("chỉ gửi tin đơn hàng thôi, đừng gửi quảng cáo", "topic"),
        ("stop texting me all the time", None), ("STOP", None),
    ],
)  # fmt: skip
def test_the_scope_of_an_opt_out_is_told_where_the_person_said_it(
    text: str, scope: str | None
) -> None:
    found = understand(text)

    assert (found.intent, found.scope) == ("opt_out", scope)
