# SPDX-License-Identifier: Apache-2.0
# Takes an archive apart with Python's own zipfile: what is in it, its checksums checked.
import io
import json
import sys
import zipfile

question = json.load(sys.stdin)
archive = zipfile.ZipFile(io.BytesIO(bytes.fromhex(question["archive"])))
broken = archive.testzip()
print(
    json.dumps(
        {
            "broken": broken,
            "entries": [
                {
                    "name": entry.filename,
                    "time": list(entry.date_time),
                    "packed": entry.compress_size,
                    "content": archive.read(entry).hex(),
                }
                for entry in archive.infolist()
            ],
        }
    )
)
