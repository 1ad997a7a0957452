"""Runs the WASI build under wasmtime: python3 wasi.py [--write] MODULE CACHE ARGS...

The folder that it is started in is all that the module sees, and only with --write may the module change it. CACHE is a
folder for the compiled module, so that a test does not wait for the compiler more than once.
"""

import hashlib
import importlib.metadata
import os
import sys

import wasmtime


def compiled(engine, path, cache):
    with open(path, "rb") as file:
        digest = hashlib.sha256(file.read() + importlib.metadata.version("wasmtime").encode()).hexdigest()
    kept = os.path.join(cache, f"{digest}.cwasm")
    if os.path.exists(kept):
        return wasmtime.Module.deserialize_file(engine, kept)
    module = wasmtime.Module.from_file(engine, path)
    temporary = f"{kept}.{os.getpid()}"
    with open(temporary, "wb") as file:
        file.write(module.serialize())
    os.replace(temporary, kept)
    return module


def main(args):
    write = args[0] == "--write"
    path, cache, *words = args[1:] if write else args
    engine = wasmtime.Engine()
    store = wasmtime.Store(engine)
    wasi = wasmtime.WasiConfig()
    wasi.argv = ["fluxproof", *words]
    wasi.inherit_stdin()
    wasi.inherit_stdout()
    wasi.inherit_stderr()
    wasi.preopen_dir(".", ".", fs_mutable=write)
    store.set_wasi(wasi)
    linker = wasmtime.Linker(engine)
    linker.define_wasi()
    instance = linker.instantiate(store, compiled(engine, path, cache))
    try:
        instance.exports(store)["_start"](store)
    except wasmtime.ExitTrap as trap:
        return trap.code
    return 0


sys.exit(main(sys.argv[1:]))
