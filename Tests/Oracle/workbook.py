# SPDX-License-Identifier: Apache-2.0
# Reads a workbook with the package openpyxl, and says what is in its cells.
import datetime
import io
import json
import sys

import openpyxl
from openpyxl.utils.escape import unescape

question = json.load(sys.stdin)
workbook = openpyxl.load_workbook(io.BytesIO(bytes.fromhex(question["workbook"])))
sheets = []
for sheet in workbook.worksheets:
    cells = []
    for row in sheet.iter_rows():
        for cell in row:
            # The package leaves the escapes of a text's odd characters as they are.
            value = unescape(cell.value) if isinstance(cell.value, str) else cell.value
            if value is None:
                continue
            kind = {"s": "text", "n": "number", "d": "date", "f": "formula", "inlineStr": "text"}.get(cell.data_type, cell.data_type)
            shown = value.isoformat(sep=" ") if isinstance(value, datetime.datetime) else str(value)
            cells.append({"at": cell.coordinate, "kind": kind, "value": shown, "format": cell.number_format, "bold": cell.font.b})
    sheets.append(
        {
            "name": sheet.title,
            "frozen": sheet.freeze_panes,
            "titles": sheet.print_title_rows,
            "orientation": sheet.page_setup.orientation,
            "paper": str(sheet.page_setup.paperSize),
            "widths": [str(sheet.column_dimensions[letter].width) for letter in sorted(sheet.column_dimensions)],
            "merged": sorted(str(one) for one in sheet.merged_cells.ranges),
            "cells": cells,
        }
    )
print(json.dumps({"title": workbook.properties.title, "sheets": sheets}, ensure_ascii=False))
