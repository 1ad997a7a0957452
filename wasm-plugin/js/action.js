// The GitHub Action: the command line of its input, over the same host.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const args = (process.env.INPUT_ARGS || "check .").split(/\s+/).filter(Boolean);
const host = fileURLToPath(new URL("cli.js", import.meta.url));
process.exitCode = spawnSync(process.execPath, [host, ...args], { stdio: "inherit" }).status ?? 3;
