"""Roles and rights are shown in words, and no screen may come without them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from flask_appbuilder.security.sqla.models import Group, Permission, PermissionView, Role, ViewMenu
from flask_babel import force_locale

from portal import rights, roles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask


@pytest.fixture(autouse=True)
def vietnamese(app: Flask) -> Iterator[None]:
    """Read on as someone who reads Vietnamese."""
    with app.test_request_context(), force_locale("vi"):
        yield


def right(permission: str, view: str) -> PermissionView:
    return PermissionView(permission=Permission(name=permission), view_menu=ViewMenu(name=view))


def test_every_role_that_ships_has_words() -> None:
    assert set(rights.ROLES) == set(roles.SEED)


def test_every_right_of_every_screen_has_words(app: Flask) -> None:
    known = roles.rights_of(app.extensions["appbuilder"])
    screens = {view.removesuffix("View").removesuffix("Api") for _, view in known}
    assert screens == set(rights.SCREENS)
    assert {permission for permission, _ in known} == set(rights.PERMISSIONS)


def test_a_right_is_called_by_its_screen_and_what_may_be_done_there() -> None:
    assert rights.called(right("can_list", "UnitView")) == "Đơn vị: xem danh sách"
    assert rights.called(right("can_put", "UnitApi")) == "Đơn vị: sửa (API)"


def test_a_shipped_role_is_called_in_the_language_of_its_reader() -> None:
    assert rights.called(Role(name="UBND approver")) == "Lãnh đạo UBND tỉnh phê duyệt"
    with force_locale("en"):
        assert rights.called(Role(name="UBND approver")) == "UBND approver"


def test_a_role_of_the_province_is_called_as_it_was_named() -> None:
    assert rights.called(Role(name="Tổ giúp việc")) == "Tổ giúp việc"


def test_a_group_is_called_by_its_label_or_else_by_its_code() -> None:
    assert rights.called(Group(name="to-giup-viec", label="Tổ giúp việc")) == "Tổ giúp việc"
    assert rights.called(Group(name="to-giup-viec")) == "to-giup-viec"


def test_rights_stand_in_the_order_of_the_alphabet() -> None:
    given = [right("can_edit", "UnitView"), right("can_list", "RoleView"), right("can_add", "UnitView")]
    assert [rights.called(each) for each in rights.in_order(given)] == [
        "Đơn vị: sửa",
        "Đơn vị: thêm",
        "Vai trò: xem danh sách",
    ]


def test_a_sentence_names_the_first_rights_by_the_alphabet() -> None:
    given = [("can_edit", "UnitView"), ("can_add", "UnitView"), ("can_list", "RoleView")]
    assert rights.right_names(given) == "Đơn vị: sửa; Đơn vị: thêm; Vai trò: xem danh sách"
    assert (
        rights.right_names([(f"can_{letter}", "JobView") for letter in "gfedcba"]).count(";") == rights.MOST_NAMED - 1
    )
