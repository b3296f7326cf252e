"""Replies as people type them, and what they mean."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwell.cli.inspect.reply import inspect
from textwell.inbox.keywords import load_keywords
from textwell.inbox.words import understand

CASES = {
    "opt_out": """STOP|stop|Stop.|STOP!!!|"stop"| stop |ＳＴＯＰ|S T O P|S.T.O.P|STOOOP|st0p|sotp|stop 🛑
        |STOPALL|stop all|STOP-ALL|Unsubscribe|unsuscribe|CANCEL|END|QUIT|OPT-OUT|optout|Opt out please
        |please stop|STOP please|stop texting me|please stop texting me|Can you stop texting me?
        |Stop sending me messages|stop sending these texts|take me off your list|Remove me from this list
        |no more texts|I don't want any more messages|don’t text me again|do not contact me|leave me alone
        |how do I unsubscribe?|cancel my subscription|STOP BAKERY|ok STOP|Lose my number|stop spamming me
        |ARRET|Arrêt|arrêter|DESABO|BAJA|baja por favor|TC|HUY|Hủy|TỪ CHỐI|退订|退訂|TD|退订！|拒收
        |đừng nhắn nữa|Đừng nhắn tin cho tôi nữa|ngừng gửi tin|dung gui tin nua|tu choi nhan tin
        |không muốn nhận tin nhắn nữa|hủy đăng ký|不要再发了|别再发了|请不要再给我发短信|不想再收到短信
        |no quiero más mensajes|no me manden más mensajes|dejen de enviarme mensajes|quiero darme de baja
        |ne m'envoyez plus|Ne m’envoyez plus de SMS|je ne veux plus recevoir vos messages|plus de sms svp
        |arrêtez de m'envoyer des sms|désabonnez-moi|stop pub|STOP 36111|STOP au 36111|keine SMS mehr
        |Bitte keine Nachrichten mehr|schreiben Sie mir nicht mehr schreiben|melden Sie mich ab|Abmelden
        |não quero mais|não quero mais receber mensagens|pare de me enviar mensagens|SAIR|🛑""",
    "opt_in": "START|start!|UNSTOP|Join|subscribe|sign me up|ALTA|đăng ký|订阅|quero receber ofertas",
    "help": "HELP|Info|help me|AIDE|ayuda|HD|帮助|Hilfe|AJUDA|trợ giúp|I need help|necesito ayuda",
    "confirm": """confirm|Confirmed!|yes I'll be there|je confirme|Confirmo|xác nhận|确认|ich bestätige
        |See you tomorrow|confirmado""",
    "cancel": """cancel my appointment|I need to cancel|I can't make it|annuler|annuler mon rdv
        |cancelar la cita|hủy lịch hẹn|取消预约|Termin absagen|desmarcar|I can't come today""",
    "move": """reschedule|Can we reschedule?|move my appointment to Friday|reporter|cambiar la cita
        |đổi lịch|改期|Termin verschieben|remarcar|another day please""",
    "yes": "yes|Y|yeah|ok|OK 👍|oui|vâng|đồng ý|好的|是|ja|👍|yes please|có",
    "no": "no|nope|No thanks|non|không|不|nein|não|👎|no, thank you",
    "question": """what time do you open?|How much is it|where are you|quel est le prix ?|bao nhiêu tiền
        |多少钱|¿A qué hora abren?|Wann öffnen Sie?|Quanto custa?|is this still on?""",
    "complaint": """this is spam, I will report you|worst service ever|c'est une arnaque|我要投诉
        |lừa đảo|es una estafa|Das ist Betrug|isso é um golpe|my order never arrived""",
    "other": """can't stop loving it|don't stop|Don’t stop!|I'll stop by the store|stop by the store
        |nonstop fun|non-stop|we never stop||...|Anna|have a nice weekend|I can't stop eating your bread
        |the bus stop near you|Please don't unsubscribe me""",
}  # fmt: skip
TABLE = [(intent, text) for intent, texts in CASES.items() for text in texts.split("|")]


@pytest.mark.parametrize(("intent", "text"), TABLE)
def test_a_reply_is_understood(intent: str, text: str) -> None:
    assert understand(text.strip("\n")).intent == intent


def spell(word: str) -> list[str]:
    """A keyword as phones and people write it."""
    wide = "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in word)
    marked = [word, word.lower(), word.title(), unicodedata.normalize("NFD", word), wide]
    around = ["{}.", "{}...", " {}!! ", "“{}”", "«{}»", "'{}'", "({})", "*{}*", "{} 😡", "🛑{}"]
    hidden = ["\u200b{}", "\ufeff{}", "{}\u00a0", "\t{}\r\n", "{}\x00", "{0} {0}"]
    below = ["{}\n\nSent from my iPhone", "{}\nEnvoyé de mon iPhone"]
    return marked + [form.format(word) for form in (*around, *hidden, *below)]


@pytest.mark.parametrize(("country", "facts"), load_keywords().items())
def test_every_keyword_of_a_country_is_understood_there(
    country: str, facts: dict[str, dict[str, list[str]]]
) -> None:
    for intent in ("opt_out", "help", "opt_in"):
        for word in [word for words in facts[intent].values() for word in words]:
            for typed in spell(word):
                found = understand(typed, country)
                assert (found.intent, found.certainty >= 0.9) == (intent, True), typed


@pytest.mark.parametrize("country", [None, "ZZ", *load_keywords()])
def test_the_words_of_the_us_carriers_are_understood_everywhere(country: str | None) -> None:
    words = "STOP,STOPALL,STOP ALL,UNSUBSCRIBE,CANCEL,END,QUIT,REVOKE,OPTOUT,OPT OUT,OPT-OUT"

    for language in (None, "en", "es", "fr", "de", "pt", "vi", "zh"):
        assert {understand(word, country, language).intent for word in words.split(",")} == {
            "opt_out"
        }
        assert understand("UNSTOP", country, language).intent == "opt_in"
        assert {understand(word, country, language).intent for word in ("HELP", "INFO")} == {"help"}


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("TC 1234", "VN"), ("TC1", "VN"), ("STOP*456*9*5#", "KE"), ("RET 3406", "TR"), ("BAJA 217123", "ES"),
        ("STOP 36111", "FR"), ("B MYBANK", "AE"), ("取消 谢谢", "HK"), ("STOP2", "US"),
        ("STOP\n> 20% off today, reply STOP to end", "US"),
    ],
)  # fmt: skip
def test_a_keyword_may_have_a_number_or_a_brand_beside_it(text: str, country: str) -> None:
    assert understand(text, country).intent == "opt_out"


@pytest.mark.parametrize(
    ("text", "country", "language", "said"),
    [
        ("STOP", None, "fr", "fr"), ("STOP", "MX", None, "es"), ("no", None, "es", "es"),
        ("BAJA", None, "en", "es"), ("Cancelar", "ES", None, "es"), ("Cancelar", "PT", None, "pt"),
        ("Nein", None, None, "de"),
    ],
)  # fmt: skip
def test_a_word_of_many_languages_is_in_that_of_the_person_or_the_country(
    text: str, country: str | None, language: str | None, said: str
) -> None:
    assert understand(text, country, language).language == said


def test_66_jurisdictions_have_keywords() -> None:
    assert len(load_keywords()) == 66
    assert all(facts["opt_out"] for facts in load_keywords().values())


@pytest.mark.parametrize(
    ("text", "country", "intent"),
    [
        ("NO", "ES", "opt_out"), ("NO", "US", "no"), ("N", "TW", "opt_out"), ("N", "GB", "no"),
        ("T", "CN", "opt_out"), ("START 0", "IN", "opt_out"), ("START", "IN", "opt_in"),
        ("取消", "HK", "opt_out"), ("YES", "US", "opt_in"), ("YES", "GB", "yes"),
        ("stop", "US-FL", "opt_out"), ("stop", "us", "opt_out"), ("STOP", "ZZ", "opt_out"),
    ],
)  # fmt: skip
def test_the_country_decides_what_a_short_word_means(text: str, country: str, intent: str) -> None:
    assert understand(text, country).intent == intent


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("đừng nhắn nữa", "vi"), ("不要再发了", "zh"), ("no quiero más mensajes", "es"),
        ("ne m'envoyez plus", "fr"), ("keine SMS mehr", "de"), ("não quero mais", "pt"),
        ("stop texting me", "en"), ("ขอบคุณ", "th"), ("bxqz", None),
    ],
)  # fmt: skip
def test_the_language_of_a_reply_is_told(text: str, language: str | None) -> None:
    assert understand(text).language == language


def test_inspect_answers_the_documented_keys() -> None:
    assert inspect({"text": "Stop", "country": "GB"}) == {
        "intent": "opt_out",
        "certainty": 1.0,
        "language": "en",
    }
    assert inspect({"text": "stop for 2 weeks"}) == {
        "intent": "opt_out",
        "certainty": 0.85,
        "language": "en",
        "scope": "pause",
        "days": 14,
    }


def test_inspect_names_the_field_at_fault() -> None:
    with pytest.raises(ValueError, match="text: must be a string"):
        inspect({"text": 3})
    with pytest.raises(ValueError, match="country: must be a code"):
        inspect({"text": "a", "country": 3})


@given(st.text(max_size=2000), st.none() | st.text(max_size=6), st.none() | st.text(max_size=6))
def test_any_text_is_understood_without_an_error(
    text: str, country: str | None, language: str | None
) -> None:
    found = understand(text, country, language)
    assert 0 <= found.certainty <= 1
    assert found.intent in CASES
