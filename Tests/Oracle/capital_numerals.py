# SPDX-License-Identifier: Apache-2.0
"""Writes amounts in capital numerals: decimals of yuan on standard input as a JSON array, numerals on standard output."""
import json
import sys

import cn2an

json.dump([cn2an.an2cn(amount, "rmb") for amount in json.load(sys.stdin)], sys.stdout)
