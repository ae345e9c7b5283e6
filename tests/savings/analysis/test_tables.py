"""Malformed input is an error that names the table, the row and the column."""

import json

import pytest

from savings.analysis import run
from savings.analysis.case import evaluate_case, read_csv
from savings.analysis.tables import Malformed

FLOWS = [{"fy": "2020/21", "saving_pence": "5", "cost_pence": "1"}]
DEFLATOR = [{"fy": "2020/21", "index": "100"}]


def appraise(flows, deflator=None, **params):
    return run("annual_appraisal", params, {"flows": flows, "deflator": deflator or DEFLATOR})


@pytest.mark.parametrize("label", ["2020/22", "2024/26", "2020", "20/21", "", "1999/01", "next year"])
def test_a_label_that_is_no_financial_year_is_an_error_with_its_place(label):
    with pytest.raises(Malformed, match=r"flows, row 2 .*column fy"):
        appraise([*FLOWS, {"fy": label, "saving_pence": "1", "cost_pence": "0"}])


def test_the_turn_of_the_century_is_a_year():
    result = appraise([{"fy": "1999/00", "saving_pence": "1", "cost_pence": "0"}], [{"fy": "1999/00", "index": "1"}])
    assert result["base_fy"] == "1999/00"


@pytest.mark.parametrize("cell", ["lots", "12 pounds", "1,000", "NaN", "inf", "0.5", "1_000", "£5", "NA", "--1"])
def test_text_where_a_number_belongs_is_an_error_with_its_place(cell):
    with pytest.raises(Malformed, match=r"flows, row 1 .*column saving_pence"):
        appraise([{"fy": "2020/21", "saving_pence": cell, "cost_pence": "0"}])


def test_a_whole_number_in_powers_of_ten_is_read():
    """R writes 100000 as 1e+05."""
    assert appraise([{"fy": "2020/21", "saving_pence": "1e+05", "cost_pence": "0"}])["npv_pence"] == 100_000


def test_extra_columns_are_ignored():
    assert appraise([{**FLOWS[0], "remark": "none"}]) == appraise(FLOWS)


def test_a_missing_table_or_column_or_parameter_is_named():
    with pytest.raises(Malformed, match="table deflator is missing"):
        run("annual_appraisal", {}, {"flows": FLOWS})
    with pytest.raises(Malformed, match=r"flows, row 1 .*column cost_pence"):
        appraise([{"fy": "2020/21", "saving_pence": "5"}])
    with pytest.raises(Malformed, match="years_max"):
        run("discount", {}, {})


@pytest.mark.parametrize("index", ["0", "-1"])
def test_an_index_is_above_zero(index):
    with pytest.raises(Malformed, match=r"deflator, row 1 .*column index"):
        appraise(FLOWS, [{"fy": "2020/21", "index": index}])


def test_two_indices_for_one_year_are_an_error():
    with pytest.raises(Malformed, match=r"deflator, row 2 .*column fy: repeats row 1"):
        appraise(FLOWS, DEFLATOR * 2)


def test_an_unknown_method_is_named():
    with pytest.raises(Malformed, match="unknown method 'guess'"):
        run("guess", {}, {})


def test_a_ragged_row_is_an_error_with_its_place(tmp_path):
    file = tmp_path / "flows.csv"
    file.write_text("fy,saving_pence,cost_pence\n2020/21,1,2\n2021/22,1\n\n")
    with pytest.raises(Malformed, match=r"table flows, row 2 \(line 3\): it has 2 cells, not 3"):
        read_csv("flows", file)


def test_a_file_from_a_spreadsheet_is_read(tmp_path):
    """Byte order mark, carriage returns, an empty line at the end."""
    file = tmp_path / "flows.csv"
    file.write_bytes("\ufefffy,pence\r\n2020/21,1\r\n\r\n".encode())
    assert read_csv("flows", file) == [{"fy": "2020/21", "pence": "1"}]


@pytest.mark.parametrize("told", ["", "[]", "{}", '{"method": 1}', '{"method": "discount", "params": []}'])
def test_a_case_that_is_no_case_is_an_error(tmp_path, told):
    (tmp_path / "case.json").write_text(told)
    with pytest.raises(Malformed, match=r"case\.json"):
        evaluate_case(tmp_path / "case.json")


def test_a_case_names_files_beside_it(tmp_path):
    case = {"method": "real_terms", "tables": {"amounts": "gone.csv"}}
    (tmp_path / "case.json").write_text(json.dumps(case))
    with pytest.raises(Malformed, match=r"table amounts: gone.csv cannot be read"):
        evaluate_case(tmp_path / "case.json")
