"""Ask pip-audit about every pin of these locks: exit with 1 for a published vulnerability, and say what was not asked.

pip-audit alone calls a lock clean if its source knows none of the packages, as a mirror without advisories does.
"""

from __future__ import annotations

import json
import subprocess
import sys

for lock in sys.argv[1:]:
    asked = [sys.executable, "-m", "pip_audit", "--require-hashes", "--disable-pip", "--format", "json", "-r", lock]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    parts = json.loads(done.stdout)["dependencies"] if done.stdout.startswith("{") else []
    vulnerable = [f"  {part['name']} {part['version']}: {found['id']}, fixed in {found['fix_versions'] or 'no version'}"
                  for part in parts for found in part.get("vulns", ())]  # fmt: skip
    audited = [part for part in parts if "skip_reason" not in part]
    print(f"{lock}: {len(vulnerable)} published vulnerabilities in {len(audited)} of {len(parts)} packages.")
    print(*vulnerable, sep="\n", end="\n" if vulnerable else "")
    if not audited:
        why = parts[0]["skip_reason"] if parts else done.stderr.strip().rpartition("\n")[2]
        print(f"NOT AUDITED: no source of advisories answers here ({why[:200]}). Run it again where one does.")
    if vulnerable:
        sys.exit(1)
