# SPDX-License-Identifier: Apache-2.0
"""Says of every day in the years asked for whether it is worked, and finds deadlines by walking from day to day.

Reads {"years": [first, last], "cases": [{"unit", "count", "start", "rolls", "sign"}, …]} from standard input; writes
{"working": {"YYYY-MM-DD": bool, …}, "last": ["YYYY-MM-DD" or null where a day outside the years is needed, …]}.
"""
import calendar
import datetime
import json
import sys

import chinese_calendar

question = json.load(sys.stdin)
first, last = question["years"]
ONE = datetime.timedelta(days=1)
working = {}
day = datetime.date(first, 1, 1)
while day.year <= last:
    working[day] = chinese_calendar.is_workday(day)
    day += ONE


def months_later(start, months):
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return datetime.date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def deadline(unit, count, start, rolls, sign):
    day = datetime.date.fromisoformat(start)
    if unit == "workingDays":
        while count > 0:
            day += sign * ONE
            count -= working[day]
        return day
    if unit == "days":
        for _ in range(count):
            day += sign * ONE
    else:
        day = months_later(day, sign * count * (12 if unit == "years" else 1))
    while rolls and not working[day]:
        day += ONE
    return day


def answer(case):
    try:
        return deadline(**case).isoformat()
    except KeyError:
        return None


json.dump(
    {"working": {day.isoformat(): flag for day, flag in working.items()}, "last": [answer(case) for case in question["cases"]]},
    sys.stdout,
)
