// Reads a zip without any package: the central directory, and each entry stored or deflated.
import { crc32, inflateRawSync } from "node:zlib";

const END = 0x06054b50;
const CENTRAL = 0x02014b50;

export function unzip(bytes) {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || bytes.readUInt32LE(end) !== END) throw new Error("not a zip: no end of central directory");
  const entries = new Map();
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (bytes.readUInt32LE(at) !== CENTRAL) throw new Error(`no entry at ${at}`);
    const [name, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset));
    entries.set(bytes.toString("utf8", at + 46, at + 46 + name), content(bytes, at));
    at += 46 + name + extra + comment;
  }
  return entries;
}

function content(bytes, central) {
  const method = bytes.readUInt16LE(central + 10);
  const size = bytes.readUInt32LE(central + 20);
  const local = bytes.readUInt32LE(central + 42);
  const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
  const packed = bytes.subarray(from, from + size);
  const plain = method === 8 ? inflateRawSync(packed) : packed;
  if (plain.length !== bytes.readUInt32LE(central + 24)) throw new Error("an entry has another length than it says");
  if (crc32 && crc32(plain) !== bytes.readUInt32LE(central + 16)) throw new Error("an entry has another CRC than it says");
  return plain;
}
