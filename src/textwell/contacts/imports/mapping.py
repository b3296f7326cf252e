"""Which column of a file means what: the fields, and their names in five languages. Pure."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from textwell.contacts.imports.plain_words import plain_word
from textwell.core.errors import FieldError

FIELDS = (
    "msisdn", "first_name", "last_name", "email", "language", "zone", "external_id", "tags",
    "consent", "opted_out", "consent_source", "consent_at", "consent_wording",
)  # fmt: skip
_WORDS: dict[str, tuple[str, ...]] = {
    "msisdn": (
        "phone", "mobile", "msisdn", "number", "cell", "tel", "telephone", "phonenumber", "sdt",
        "sodienthoai", "dienthoai", "手机", "手机号", "电话", "手機", "電話", "telefono", "movil",
        "celular", "numero", "portable", "mobilenumber", "phone1",
    ),
    "first_name": (
        "firstname", "first", "givenname", "name", "ten", "名", "名字", "姓名", "nombre", "prenom",
    ),
    "last_name": ("lastname", "last", "surname", "familyname", "ho", "姓", "apellido", "apellidos", "nom"),
    "email": ("email", "mail", "emailaddress", "correo", "courriel", "邮箱", "電郵"),
    "language": ("language", "lang", "locale", "ngonngu", "语言", "語言", "idioma", "langue"),
    "zone": ("timezone", "zone", "tz", "muigio", "时区", "zonahoraria", "fuseau"),
    "external_id": ("externalid", "customerid", "id", "makhachhang", "客户编号", "idcliente", "idclient"),
    "tags": ("tags", "tag", "labels", "nhan", "标签", "etiquetas", "etiquettes"),
    "consent": (
        "consent", "consented", "subscribed", "subscribe", "subscription", "subscriptionstatus", "optin",
        "optedin", "optinstatus", "newsletter", "smsoptin", "smsconsent", "smssubscribed",
        "marketingconsent", "marketingoptin", "consentstatus", "acceptsmarketing", "acceptssmsmarketing",
        "dongy", "dadongy", "dangky", "dadangky", "dangkynhantin", "nhantin", "bantin", "同意", "是否同意",
        "订阅", "訂閱", "已订阅", "已訂閱", "是否订阅", "是否訂閱", "suscrito", "suscrita", "suscripcion",
        "consentimiento", "acepta", "aceptamarketing", "boletin", "abonne", "abonnement", "inscrit",
        "inscription", "consentement", "accepte", "infolettre",
    ),
    "opted_out": (
        "optedout", "optout", "unsubscribed", "unsubscribe", "donotcontact", "donotcall", "dnc",
        "huydangky", "dahuydangky", "tuchoi", "退订", "退訂", "已退订", "已退訂", "拒收", "baja",
        "dadodebaja", "desabonne", "desinscrit",
    ),
    "consent_source": ("consentsource", "optinsource", "source", "nguondongy", "同意来源"),
    "consent_at": ("consentat", "consentdate", "optindate", "optintime", "consenttime", "同意时间"),
    "consent_wording": ("consentwording", "consenttext", "wording", "optintext", "同意内容"),
}  # fmt: skip
_FIELD_OF = {word: field for field, words in _WORDS.items() for word in words}


def guess_mapping(header: Sequence[str], own_fields: Sequence[str]) -> dict[str, str]:
    """Columns whose header names a field, in five languages; each field once. Own fields by name."""
    own = {plain_word(name): f"fields.{name}" for name in own_fields}
    mapping: dict[str, str] = {}
    for column in header:
        word = plain_word(column)
        field = own.get(word) or _FIELD_OF.get(word)
        if field is not None and field not in mapping.values():
            mapping[column] = field
    return mapping


def require_number_column(fields: Iterable[str]) -> None:
    """Return if one of these fields is the number; no guess may find one.

    Raises:
        FieldError: none is.
    """
    if "msisdn" not in fields:
        mend = _("Say which column has the phone number (field msisdn).")
        raise FieldError("mapping", _("has no column for the number."), mend)
