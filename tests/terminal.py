"""Runs a command at a terminal and answers its questions: python3 terminal.py RULES COMMAND ARGS...

RULES is JSON: pairs of a part of a question and the answer to it; to any other question the answer is empty. What the terminal
showed goes to standard output, and the command's status is passed on.
"""

import json
import os
import pty
import sys


def answer(rules, question):
    return next((reply for part, reply in rules if part in question), "")


def main(rules, command):
    child, terminal = pty.fork()
    if child == 0:
        os.execvp(command[0], command)
    shown, last = b"", b""
    while True:
        try:
            data = os.read(terminal, 65536)
        except OSError:
            data = b""
        if not data:
            break
        shown, last = shown + data, last + data
        if last.endswith((b"]: ", b"[y/N] ")):
            question = last.decode().splitlines()[-1]
            os.write(terminal, answer(rules, question).encode() + b"\n")
            last = b""
    sys.stdout.buffer.write(shown)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1]), sys.argv[2:]))
