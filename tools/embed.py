#!/usr/bin/env python3
"""Writes files into a C source and header: embed.py NAME OUT.c OUT.h FILE...

Each file becomes one row {name, bytes, n} of `vrk_embed_NAME[]`; the header has an enumerator for
each, VRK_NAME_<FILE> with the file's name in capitals, so an unknown name fails to compile. A file
may be given as shown=path, to be found under another name."""
import pathlib
import re
import sys


def enumerator(prefix, name):
    return f"VRK_{prefix}_" + re.sub(r"[^A-Za-z0-9]", "_", name.rsplit(".", 1)[0]).upper()


def literal(data):
    rows = [data[i:i + 24] for i in range(0, len(data), 24)]
    return ",\n    ".join(", ".join(str(b) for b in row) for row in rows) or "0"


def main():
    prefix, out_c, out_h = sys.argv[1].upper(), pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    rows = []
    for arg in sys.argv[4:]:
        name, _, path = arg.rpartition("=")
        path = pathlib.Path(path)
        rows.append((name or path.name, path.read_bytes()))
    names = [enumerator(prefix, name) for name, _ in rows]
    if len(set(names)) != len(names):
        sys.exit(f"embed.py: two files give the same enumerator among {names}")
    low = prefix.lower()
    head = ["/* Made by tools/embed.py. */", f"#ifndef VRK_EMBED_{prefix}_H", f"#define VRK_EMBED_{prefix}_H",
            "#include <stddef.h>", "typedef enum {"]
    head += [f"    {name}," for name in names]
    head += [f"    VRK_{prefix}_COUNT", f"}} vrk_{low};", "typedef struct {",
             "    const char *name, *bytes; /* bytes end in a NUL that n does not count */",
             "    size_t n;", f"}} vrk_{low}_file;",
             f"extern const vrk_{low}_file vrk_embed_{low}[VRK_{prefix}_COUNT];", "#endif", ""]
    out_h.write_text("\n".join(head))
    body = ["/* Made by tools/embed.py. */", f'#include "{out_h.name}"']
    for i, (name, data) in enumerate(rows):
        body.append(f"static const unsigned char file_{i}[] = {{\n    {literal(data + bytes(1))}}};")
    body.append(f"const vrk_{low}_file vrk_embed_{low}[VRK_{prefix}_COUNT] = {{")
    body += [f'    {{"{name}", (const char *)file_{i}, {len(data)}}},'
             for i, (name, data) in enumerate(rows)]
    body += ["};", ""]
    out_c.write_text("\n".join(body))


if __name__ == "__main__":
    main()
