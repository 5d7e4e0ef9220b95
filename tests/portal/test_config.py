"""Reading the settings: typed, checked, named when wrong, and never unsafe in production."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import config

if TYPE_CHECKING:
    from pathlib import Path

STRONG = "correct-horse-battery-staple-and-more"


def production(tmp_path: Path, **changes: str) -> dict[str, str]:
    """The environment of a production portal that may start, with some settings changed."""
    return {
        "PORTAL_MODE": "production",
        "PORTAL_DATA": str(tmp_path),
        "SECRET_KEY": STRONG,
        "TRUSTED_HOSTS": "trinh.gialai.example",
        **changes,
    }


def demo(tmp_path: Path, **changes: str) -> dict[str, str]:
    """The environment of a demo portal, with some settings changed."""
    return {"PORTAL_DATA": str(tmp_path), **changes}


def test_nothing_set_is_a_demo_on_this_machine_alone(tmp_path: Path) -> None:
    settings = config.load(demo(tmp_path))
    assert not settings.production
    assert settings.host == "127.0.0.1"
    assert settings.port == 8080
    assert settings.portal_language == "vi"
    assert settings.database_url == f"sqlite:///{tmp_path / 'portal.db'}"


def test_production_asks_for_a_second_factor_unless_told_otherwise(tmp_path: Path) -> None:
    assert config.load(production(tmp_path)).require_second_factor
    assert not config.load(production(tmp_path, REQUIRE_SECOND_FACTOR="no")).require_second_factor
    assert not config.load(demo(tmp_path)).require_second_factor
    assert config.load(demo(tmp_path, REQUIRE_SECOND_FACTOR="yes")).require_second_factor


def test_the_security_log_lies_with_the_data_unless_told_otherwise(tmp_path: Path) -> None:
    assert config.load(demo(tmp_path)).security_log == tmp_path / "security.log"
    assert config.load(demo(tmp_path, SECURITY_LOG="-")).security_log is None
    assert config.load(demo(tmp_path, SECURITY_LOG=str(tmp_path / "x"))).security_log == tmp_path / "x"


def test_a_demo_on_this_machine_answers_to_its_names_and_others_to_those_that_are_set(tmp_path: Path) -> None:
    assert config.load(demo(tmp_path)).trusted_hosts == ("127.0.0.1", "localhost")
    assert config.load(demo(tmp_path, HOST="192.0.2.1")).trusted_hosts == ()
    assert config.load(demo(tmp_path, TRUSTED_HOSTS="a.example;b.example")).trusted_hosts == ("a.example", "b.example")


def test_the_process_environment_is_read_when_none_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_DATA", str(tmp_path))
    monkeypatch.setenv("PORT", "8090")
    assert config.load().port == 8090


def test_a_relative_data_folder_does_not_move_with_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert config.load({"PORTAL_DATA": "kept"}).portal_data == tmp_path / "kept"


def test_a_database_address_is_taken_as_it_is(tmp_path: Path) -> None:
    address = "postgresql+psycopg://trinh@db/trinh"
    assert config.load(demo(tmp_path, DATABASE_URL=address)).database_url == address


@pytest.mark.parametrize(
    ("raw", "read"),
    [("yes", True), ("TRUE", True), ("1", True), ("no", False), ("False", False), ("0", False), ("", False)],
)
def test_a_flag_reads_plain_answers(tmp_path: Path, raw: str, read: bool) -> None:  # noqa: FBT001
    assert config.load(demo(tmp_path, PORTAL_DEBUG=raw)).portal_debug is read


def test_words_are_split_at_semicolons_and_blank_ones_dropped(tmp_path: Path) -> None:
    settings = config.load(demo(tmp_path, TRUSTED_HOSTS=" a.example ; b.example;; "))
    assert settings.trusted_hosts == ("a.example", "b.example")


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("PORT", "8o8o"),
        ("PORT", "-1"),
        ("PORT", "8080.0"),
        ("PORT", ""),
        ("PORT", "８０８０"),
        ("UPLOAD_MAX_MB", "²"),
        ("PORTAL_DEBUG", "maybe"),
        ("PORTAL_MODE", "prod"),
        ("PORTAL_LANGUAGE", "fr"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(tmp_path: Path, name: str, raw: str) -> None:
    with pytest.raises(config.BadSettingError, match=f"^{name}=.*expected .*docs/settings.md"):
        config.load(demo(tmp_path, **{name: raw}))


def test_production_starts_with_a_strong_secret_and_named_hosts(tmp_path: Path) -> None:
    settings = config.load(production(tmp_path))
    assert settings.production
    assert settings.secret_key == STRONG
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": STRONG[:31]}, "SECRET_KEY"),
        ({"SECRET_KEY": "x" * 64}, "SECRET_KEY"),
        ({"PORTAL_DEBUG": "yes"}, "PORTAL_DEBUG"),
        ({"TRUSTED_HOSTS": " ; "}, "TRUSTED_HOSTS"),
    ],
    ids=["empty secret", "short secret", "one character too few", "one character repeated", "debug", "no hosts"],
)
def test_production_refuses_an_open_door(tmp_path: Path, changes: dict[str, str], named: str) -> None:
    with pytest.raises(config.BadSettingError, match=named):
        config.load(production(tmp_path, **changes))


def test_production_makes_up_no_secret(tmp_path: Path) -> None:
    environment = production(tmp_path)
    del environment["SECRET_KEY"]
    with pytest.raises(config.BadSettingError, match="SECRET_KEY"):
        config.load(environment)
    assert list(tmp_path.iterdir()) == []


def test_the_demo_keeps_its_secret_from_start_to_start(tmp_path: Path) -> None:
    first = config.load(demo(tmp_path)).secret_key
    assert len(first) >= 32
    assert config.load(demo(tmp_path)).secret_key == first


def test_two_demos_do_not_share_a_secret(tmp_path: Path) -> None:
    assert config.load(demo(tmp_path / "a")).secret_key != config.load(demo(tmp_path / "b")).secret_key


def test_the_kept_secret_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    config.load(demo(tmp_path))
    assert (tmp_path / "secret-key.txt").stat().st_mode & 0o777 == 0o600


def test_a_secret_that_is_given_is_not_written_down(tmp_path: Path) -> None:
    assert config.load(demo(tmp_path, SECRET_KEY=STRONG)).secret_key == STRONG
    assert not (tmp_path / "secret-key.txt").exists()
