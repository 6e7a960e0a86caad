# SPDX-License-Identifier: Apache-2.0
# Reads a calendar with the package icalendar, and says what is in it; the file is the first argument. What RFC 5545 demands of lines and
# properties is checked on the octets themselves, because the package forgives much.
import json
import sys

import icalendar

octets = open(sys.argv[1], "rb").read()
faults = []
if not octets.endswith(b"\r\n"):
    faults.append("it does not end with CR LF")
lines = octets.split(b"\r\n")[:-1]
for number, line in enumerate(lines, 1):
    if len(line) > 75:
        faults.append(f"line {number} has {len(line)} octets")
    if b"\n" in line or b"\r" in line:
        faults.append(f"line {number} has a bare line break")
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        faults.append(f"line {number} is cut within a character")

calendar = icalendar.Calendar.from_ical(octets)
for required in ("VERSION", "PRODID"):
    if required not in calendar:
        faults.append(f"no {required}")
if calendar.errors:
    faults.append(f"calendar: {calendar.errors}")

events = []
for event in calendar.walk("VEVENT"):
    for required in ("UID", "DTSTAMP", "DTSTART", "SUMMARY"):
        if required not in event:
            faults.append(f"an event lacks {required}")
    if event.errors:
        faults.append(f"{event.get('UID')}: {event.errors}")
    categories = event.get("CATEGORIES")
    events.append(
        {
            "uid": str(event["UID"]),
            "stamp": event.decoded("DTSTAMP").isoformat(),
            "start": event.decoded("DTSTART").isoformat(),
            "end": event.decoded("DTEND").isoformat(),
            "summary": str(event["SUMMARY"]),
            "description": str(event["DESCRIPTION"]),
            "categories": [str(word) for word in categories.cats],
            "status": str(event["STATUS"]),
            "contract": str(event["X-JIESU-CONTRACT"]),
            "obligation": str(event["X-JIESU-OBLIGATION"]),
            "bearer": str(event["X-JIESU-BEARER"]),
            "state": str(event["X-JIESU-STATE"]),
            "alarms": [int(alarm.decoded("TRIGGER").total_seconds()) for alarm in event.walk("VALARM")],
        }
    )
if len({event["uid"] for event in events}) != len(events):
    faults.append("a UID stands twice")
print(json.dumps({"faults": faults, "name": str(calendar.get("X-WR-CALNAME")), "events": events}, ensure_ascii=False))
