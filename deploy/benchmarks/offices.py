#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes copies of an office and of its demonstration, each under a code and with logins of its own: offices.py DEPLOY TENANT COUNT DIRECTORY."""

import json
import os
import shutil
import sys


def main():
    deploy, tenant, count, directory = sys.argv[1:]
    with open(f"{deploy}/demo/{tenant}.json", encoding="utf-8") as file:
        demo = json.load(file)
    os.makedirs(f"{directory}/demo", exist_ok=True)
    for number in range(1, int(count) + 1):
        code = f"copy-{number:03}"
        shutil.copytree(f"{deploy}/tenants/{tenant}", f"{directory}/tenants/{code}", dirs_exist_ok=True)
        path = f"{directory}/tenants/{code}/office.json"
        with open(path, encoding="utf-8") as file:
            office = json.load(file)
        office["code"] = code
        with open(path, "w", encoding="utf-8") as file:
            json.dump(office, file, ensure_ascii=False)
        users = [{"login": f"{code}.{user['person']}", "person": user["person"]} for user in demo["users"]]
        with open(f"{directory}/demo/{code}.json", "w", encoding="utf-8") as file:
            json.dump({"tenant": code, "users": users, "orders": demo["orders"]}, file, ensure_ascii=False)


if __name__ == "__main__":
    main()
