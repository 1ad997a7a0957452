// Why the file system refused, in the native command's words.

const REASONS = {
  ENOENT: "there is no such file",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EISDIR: "it is a folder",
  ENOTDIR: "a file is where a folder should be",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EROFS: "the file system is read-only",
  EFBIG: "a file would be larger than the system lets it be",
};

export const reason = (error) => REASONS[error.code] ?? error.message;
