// Why the file system refused, in the native command's words.

const REASONS = { ENOENT: "there is no such file", EACCES: "permission denied", EPERM: "permission denied", EISDIR: "it is a folder" };

export const reason = (error) => REASONS[error.code] ?? error.message;
