// @ts-check
// Where a source or target is.

/** Host and port, without user info; null for a name without a server. @param {string | null} url */
export const hostOf = (url) => /^[^:/?#]+:\/\/(?:[^/?#\\]*@)?([^/?#\\@]+)/.exec(url ?? "")?.[1] ?? null;
