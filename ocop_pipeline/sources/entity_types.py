"""Words for the legal forms of an entity, shared by the sources that name them."""

ENTITY_TYPES = {
    "doanh nghiệp": "enterprise",
    "hợp tác xã": "cooperative",
    "htx": "cooperative",
    "tổ hợp tác": "cooperative_group",
    "tht": "cooperative_group",
    "hộ kinh doanh": "household_business",
    "cơ sở sản xuất": "household_business",
    "trang trại": "farm",
    "làng nghề": "craft_village",
}
