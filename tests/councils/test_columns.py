import re
from decimal import Decimal

import django_tables2 as tables
import pytest
from django.template import Context, Template
from django.test import RequestFactory

from councils.columns import GovukTable, MoneyColumn, NumberColumn


class Savings(GovukTable):
    caption = "What was saved"
    row_header = "name"
    name = tables.Column()
    posts = NumberColumn()
    amount = MoneyColumn()


ROWS = [{"name": f"Scheme {number}", "posts": 1_000 * number, "amount": -12_345 * number} for number in range(1, 31)]


def printed(address="/", rows=ROWS):
    request = RequestFactory().get(address)
    table = Savings(rows, order_by=request.GET.getlist("sort"))
    table.paginate(page=int(request.GET.get("page", 1)), per_page=10)
    return Template("{% load django_tables2 %}{% render_table table %}").render(
        Context({"table": table, "request": request})
    )


def test_money_is_for_people_on_the_page_and_for_sums_in_the_export():
    table = Savings(ROWS)
    assert table.rows[0].get_cell("amount") == "−£123.45"
    assert list(table.as_values())[1] == ["Scheme 1", 1_000, Decimal("-123.45")]


def test_numbers_align_right_in_head_and_body():
    assert re.search(r"<th[^>]*govuk-table__header--numeric[^>]*>", printed())
    assert "govuk-table__cell--numeric" in printed()


def test_the_table_says_what_it_holds_and_what_its_rows_are():
    html = printed()
    assert "What was saved</span></caption>" in html
    assert html.count('scope="row"') == 10
    assert html.count('scope="col"') == 3


@pytest.mark.parametrize(("sort", "said"), [("name", "ascending"), ("-name", "descending")])
def test_the_order_is_said_on_its_column_only(sort, said):
    html = printed(f"/?sort={sort}")
    assert html.count("aria-sort") == 1
    assert f'aria-sort="{said}"' in html


def test_a_page_link_keeps_the_filters_and_the_order():
    assert 'href="?kind=cost&amp;sort=-name&amp;page=2"' in printed("/?kind=cost&sort=-name")


def test_sorting_goes_back_to_the_first_page():
    assert 'href="?page=1&amp;sort=name"' in printed("/?page=3")


def test_an_empty_list_says_so_instead_of_drawing_a_bare_table():
    html = printed(rows=[])
    assert "<table" not in html
    assert "There is nothing to show." in html
