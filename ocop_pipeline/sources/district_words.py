"""The words of the forms' choices: those that are asked for, and those that people write instead.

Belongs here: each word and the value it is stored as; reading one of the OTHER_ words is recorded as a repair. Stays
out: the forms (`district_forms`), and how a word is compared (`vietnamese.text.choice_key`).
"""

EVENT_KINDS = {
    "mới": "new",
    "nâng hạng": "upgrade",
    "đánh giá lại": "reassess",
    "công nhận": "recognise",
    "thu hồi": "revoke",
    "đăng ký": "register",
}
"""“Công nhận” is a certification of which the sender does not say whether it is a new one."""
OTHER_EVENT_KINDS = {
    "công nhận mới": "new",
    "chứng nhận mới": "new",
    "cấp mới": "new",
    "mới công nhận": "new",
    "nâng sao": "upgrade",
    "nâng hạng sao": "upgrade",
    "đánh giá, phân hạng lại": "reassess",
    "công nhận lại": "reassess",
    "chứng nhận lại": "reassess",
    "chứng nhận": "recognise",
    "được công nhận": "recognise",
    "bị thu hồi": "revoke",
    "thu hồi giấy chứng nhận": "revoke",
    "đăng ký tham gia": "register",
    "đăng ký mới": "register",
}
PRODUCT_GROUPS = {"i": "I", "ii": "II", "iii": "III", "iv": "IV", "v": "V", "vi": "VI"}
_GROUP_NAMES = {
    "I": ("thực phẩm",),
    "II": ("đồ uống",),
    "III": ("dược liệu và sản phẩm từ dược liệu", "dược liệu"),
    "IV": ("hàng thủ công mỹ nghệ", "thủ công mỹ nghệ"),
    "V": ("sinh vật cảnh",),
    "VI": (
        "dịch vụ du lịch cộng đồng, du lịch sinh thái và điểm du lịch",
        "dịch vụ du lịch cộng đồng và điểm du lịch",
        "du lịch cộng đồng, du lịch sinh thái và điểm du lịch",
    ),
}
"""Groups of Decisions 919 and 148; those of 1048 that meant something else (textiles, souvenirs) are not guessed."""
OTHER_PRODUCT_GROUPS = {
    word.casefold(): group
    for number, (group, names) in enumerate(_GROUP_NAMES.items(), start=1)
    for word in (
        *(f"{prefix}{sign}" for prefix in ("nhóm ", "ngành ") for sign in (group, number)),
        *(f"{prefix}{group} {name}" for prefix in ("", "nhóm ", "ngành ") for name in names),
        *(f"{prefix}{name}" for prefix in ("", "nhóm ", "ngành ") for name in names),
    )
}
STAR_RATINGS = {
    "1": "1",
    "2": "2",
    "3": "3",
    "4": "4",
    "5": "5",
    "1 sao": "1",
    "2 sao": "2",
    "3 sao": "3",
    "4 sao": "4",
    "5 sao": "5",
    "tiềm năng 5 sao": "potential_5",
}
OTHER_STAR_RATINGS = {
    word: stars
    for stars in "12345"
    for word in (f"{stars}*", f"{stars} *", f"{stars}★", "★" * int(stars), "*" * int(stars), f"hạng {stars} sao")
} | {"tiềm năng 5*": "potential_5", "5 sao tiềm năng": "potential_5", "tiềm năng năm sao": "potential_5"}
OTHER_STAR_RATINGS |= dict(zip(("một sao", "hai sao", "ba sao", "bốn sao", "năm sao"), "12345", strict=True))
LINKAGE_KINDS = {
    "cung ứng nguyên liệu": "supply",
    "tiêu thụ sản phẩm": "offtake",
    "sản xuất - tiêu thụ": "production_offtake",
}
FUNDING_SOURCES = {
    "ngân sách trung ương": "central_budget",
    "ngân sách tỉnh": "province_budget",
    "ngân sách huyện": "district_budget",
    "lồng ghép": "merged_programme",
    "xã hội hóa": "private",
}
OTHER_LINKAGE_KINDS = {
    "cung cấp nguyên liệu": "supply",
    "cung ứng vật tư, nguyên liệu": "supply",
    "tiêu thụ": "offtake",
    "bao tiêu": "offtake",
    "bao tiêu sản phẩm": "offtake",
    "sản xuất gắn với tiêu thụ": "production_offtake",
    "sản xuất và tiêu thụ": "production_offtake",
}
OTHER_FUNDING_SOURCES = {
    "nstw": "central_budget",
    "ngân sách tw": "central_budget",
    "nst": "province_budget",
    "nsh": "district_budget",
    "lồng ghép các chương trình": "merged_programme",
    "vốn lồng ghép": "merged_programme",
    "xhh": "private",
    "vốn xã hội hóa": "private",
}
