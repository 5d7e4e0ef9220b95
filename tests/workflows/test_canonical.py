import unicodedata
from decimal import Decimal
from hashlib import sha256

import pytest
from hypothesis import given

from tests.workflows.paper import VALUES
from workflows.forms import canonical_json, content_hash


def test_keys_are_sorted_spaces_left_out_and_letters_kept() -> None:
    value = {"b": [1, True, None, False], "a": {"Đề án": "số 06", "á": -3}}
    assert canonical_json(value) == '{"a":{"á":-3,"Đề án":"số 06"},"b":[1,true,null,false]}'


def test_the_hash_is_that_of_the_canonical_text() -> None:
    assert content_hash({"đ": "ơ"}) == sha256('{"đ":"ơ"}'.encode()).hexdigest()


@given(VALUES)
def test_text_in_pieces_and_order_of_keys_change_nothing(values: dict[str, object]) -> None:
    turned = {
        key: unicodedata.normalize("NFD", value) if isinstance(value, str) else value
        for key, value in reversed(values.items())
    }
    assert content_hash(turned) == content_hash(values)


@pytest.mark.parametrize("value", [0.5, {"a": [1.0]}, float("nan"), Decimal(1), {3: "x"}, {None: 1}, b"x", {1, 2}])
def test_what_has_no_single_spelling_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical_json(value)


def test_a_key_that_is_no_text_is_refused_in_plain_words() -> None:
    with pytest.raises(TypeError, match=r"^a key is not text$"):
        canonical_json({3: "x"})


def test_two_keys_that_look_the_same_are_refused() -> None:
    with pytest.raises(ValueError, match="two keys"):
        canonical_json({"\u1ec1": 1, "e\u0302\u0300": 2})
