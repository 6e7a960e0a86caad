# SPDX-License-Identifier: Apache-2.0
"""Says which instances are valid: reads {"schema": …, "instances": […]} and writes an array of booleans."""
import json
import sys

from jsonschema import Draft202012Validator

question = json.load(sys.stdin)
Draft202012Validator.check_schema(question["schema"])
validator = Draft202012Validator(question["schema"], format_checker=Draft202012Validator.FORMAT_CHECKER)
json.dump([validator.is_valid(instance) for instance in question["instances"]], sys.stdout)
