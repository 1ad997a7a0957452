// Writing what an answer asks for: all of it, or nothing. As the native command does it.

import fs from "node:fs";
import path from "node:path";
import { reason } from "./reason.js";

const leaves = (name) => name === "" || path.isAbsolute(name) || name.split("/").some((part) => part === ".." || part === "." || part === "");
const lstat = (file) => fs.lstatSync(file, { throwIfNoEntry: false });

/** Writes files below a folder. Throws an error with the reason where that is not possible; what was there before stays. */
export function writeAll({ root, files, removed = [], replace = true }) {
  const names = [...files.map(({ path: name }) => name), ...removed];
  const outside = names.find(leaves);
  if (outside !== undefined) throw new Error(`${outside} would be outside ${root}`);
  const temporary = staging(root);
  const done = [];
  try {
    stage(temporary, files, done);
    settle(temporary, root, { names, files, removed, replace }, done);
  } catch (error) {
    const message = `${root} cannot be written: ${reason(error)}`;
    const lost = undo(done);
    if (lost !== undefined) throw new Error(`${message}; ${lost} could not be put back, its copy is in ${temporary}`);
    remove(temporary);
    done.forEach(({ folder }) => folder && emptied(folder));
    throw new Error(`${message}; nothing was changed`);
  }
  clean(temporary, root, removed);
}

// A temporary folder: inside a target that exists, beside one that does not, so that a rename stays on one file system.
function staging(root) {
  return path.join(fs.existsSync(root) ? root : path.dirname(root), `.fluxproof-${process.pid}`);
}

// Writes the new files where nobody sees them, down to the disk.
function stage(temporary, files, done) {
  folders(path.dirname(temporary), done);
  fs.mkdirSync(temporary);
  fs.mkdirSync(path.join(temporary, "new"));
  for (const { path: name, bytes } of files) {
    const target = path.join(temporary, "new", name);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, bytes, { flag: "wx" });
    synced(target);
  }
}

function synced(file) {
  const open = fs.openSync(file, "r+");
  try {
    fs.fsyncSync(open);
  } finally {
    fs.closeSync(open);
  }
}

// A new folder appears by one rename; in an existing one each file does, once all of them can.
function settle(temporary, root, { names, files, removed, replace }, done) {
  if (!fs.existsSync(root)) return fs.renameSync(path.join(temporary, "new"), root);
  for (const name of names) free(root, name, replace);
  for (const { path: name } of files) keep(temporary, root, name);
  for (const { path: name } of files) put(temporary, root, name, done);
  for (const name of removed) take(temporary, root, name, done);
}

// On the way to a file stand folders only, no links, and at its end no folder and no link, nor any file that is to stay.
function free(root, name, replace) {
  const parts = name.split("/");
  for (const [index] of parts.entries()) {
    const at = path.join(root, ...parts.slice(0, index + 1));
    const stat = lstat(at);
    if (!stat) return;
    const last = index === parts.length - 1;
    const fits = last ? stat.isFile() && replace : stat.isDirectory();
    if (!fits) {
      const what = stat.isSymbolicLink() ? "a symlink" : stat.isDirectory() ? "a folder" : "a file that exists";
      throw new Error(`${at} is ${what}`);
    }
  }
}

// Copies what stands at a path, and gives its mode to what will stand there.
function keep(temporary, root, name) {
  const stat = lstat(path.join(root, name));
  if (!stat) return;
  const copy = path.join(temporary, "old", name);
  fs.mkdirSync(path.dirname(copy), { recursive: true });
  fs.copyFileSync(path.join(root, name), copy);
  fs.chmodSync(path.join(temporary, "new", name), stat.mode);
}

function put(temporary, root, name, done) {
  const [old, target] = [path.join(temporary, "old", name), path.join(root, name)];
  folders(path.dirname(target), done);
  fs.renameSync(path.join(temporary, "new", name), target);
  done.push(fs.existsSync(old) ? { target, copy: old } : { target });
}

function take(temporary, root, name, done) {
  const [old, target] = [path.join(temporary, "old", name), path.join(root, name)];
  fs.mkdirSync(path.dirname(old), { recursive: true });
  fs.renameSync(target, old);
  done.push({ target, copy: old });
}

// Makes a folder and those above it, and remembers which.
function folders(folder, done) {
  if (fs.existsSync(folder)) return;
  folders(path.dirname(folder), done);
  fs.mkdirSync(folder);
  done.push({ folder });
}

// Puts back the files that were there, the last first; says which it could not.
function undo(done) {
  let lost;
  for (const { target, copy } of done.reverse()) {
    try {
      if (copy) fs.renameSync(copy, target);
      else if (target) fs.unlinkSync(target);
    } catch {
      lost = target;
    }
  }
  return lost;
}

// Removes what the work left: the temporary folder, and folders that nothing is in any more.
function clean(temporary, root, removed) {
  for (const name of removed) {
    const parts = name.split("/").slice(0, -1);
    while (parts.length > 0 && emptied(path.join(root, ...parts))) parts.pop();
  }
  remove(temporary);
  if (fs.existsSync(temporary)) throw new Error(`${temporary} cannot be removed`);
}

// Whether the folder could go; something may be in it.
function emptied(folder) {
  try {
    fs.rmdirSync(folder);
    return true;
  } catch {
    return false;
  }
}

// Undone or done, the answer does not hang on it.
function remove(temporary) {
  try {
    fs.rmSync(temporary, { recursive: true, force: true });
  } catch {
    // The caller looks whether it is gone.
  }
}
