// Writing what an answer asks for: all of it, or nothing. As the native command does it.

import fs from "node:fs";
import path from "node:path";
import { reason } from "./reason.js";

const leaves = (name) => name === "" || path.isAbsolute(name) || name.split("/").some((part) => part === ".." || part === "." || part === "");

/** Writes files below a folder. Throws an error with the reason where that is not possible; what was there before stays. */
export function writeAll({ root, files }) {
  const outside = files.find(({ path: name }) => leaves(name));
  if (outside) throw new Error(`${outside.path} would be outside ${root}`);
  const temporary = staging(root);
  try {
    stage(temporary, files);
    settle(temporary, root, files);
  } catch (error) {
    throw new Error(`${root} cannot be written: ${reason(error)}`);
  } finally {
    fs.rmSync(temporary, { recursive: true, force: true });
  }
}

// A temporary folder: inside a target that exists, beside one that does not, so that a rename stays on one file system.
function staging(root) {
  return path.join(fs.existsSync(root) ? root : path.dirname(root), `.fluxproof-${process.pid}`);
}

function stage(temporary, files) {
  fs.mkdirSync(path.dirname(temporary), { recursive: true });
  fs.mkdirSync(temporary);
  for (const { path: name, bytes } of files) {
    const target = path.join(temporary, name);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, bytes);
  }
}

// A new folder appears by one rename; in an existing one each file does, once all of them can.
function settle(temporary, root, files) {
  if (!fs.existsSync(root)) return fs.renameSync(temporary, root);
  for (const { path: name } of files) free(root, name);
  for (const { path: name } of files) {
    const target = path.join(root, name);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.renameSync(path.join(temporary, name), target);
  }
}

// On the way to a file stand folders only, no links, and at its end no folder.
function free(root, name) {
  const parts = name.split("/");
  for (const [index] of parts.entries()) {
    const at = path.join(root, ...parts.slice(0, index + 1));
    const stat = fs.lstatSync(at, { throwIfNoEntry: false });
    if (!stat) return;
    const last = index === parts.length - 1;
    if (last === stat.isDirectory()) {
      const what = stat.isSymbolicLink() ? "a symlink" : stat.isDirectory() ? "a folder" : "a file";
      throw new Error(`${at} is ${what}`);
    }
  }
}
