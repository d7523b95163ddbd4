// @ts-check
// The message of an incident whose documents have different ones.

/** @typedef {import("couchdb-scheduler").DiagnosisCause} Cause */

/** What the end does. @type {Partial<Record<Cause, string>>} */
const PREDICATES = {
  unauthorized: "does not accept the credentials",
  forbidden: "does not allow this",
  database_missing: "does not have the databases",
  host_unknown: "cannot be reached: the host name does not resolve",
  connection_refused: "cannot be reached or refuses connections",
  connection_closed: "cannot be reached, or closes connections too early",
  timeout: "does not respond in time",
  tls: "cannot be reached through a secure connection",
  rate_limited: "reports too many requests",
  server_error: "responds with errors",
  redirect: "redirects to another address",
  quota: "requires a payment, or a quota is used up",
  too_large: "refuses requests because they are too large",
  checkpoint: "prevents replications from writing checkpoints",
  document: "fails for single documents",
  resources: "cannot be reached, because the operating system refuses it",
};

/** Sentences about the replications themselves. @type {Partial<Record<Cause, string>>} */
const SENTENCES = {
  internal: "The server that replicates had internal errors.",
  filter: "The filters of the replications cannot be used.",
  duplicate: "The same replications already run.",
  invalid_document: "The replication documents are not valid.",
};

/** @type {Record<string, string>} */
const ENDS = { source: "The source", target: "The target" };

/** @param {Cause} cause @param {"source" | "target" | null} side @param {string | null} host */
export function messageOfMany(cause, side, host) {
  const predicate = PREDICATES[cause];
  if (predicate === undefined) return SENTENCES[cause] ?? "The server reports different reasons.";
  const end = side === null ? "The source or the target" : ENDS[side];
  return `${end}${host === null ? "" : ` at ${host}`} ${predicate}.`;
}

/** What follows a URL: neither the rest of another name, nor a slash at its end. */
const END_OF_NAME = /^(?![\w$()+%.~-])(?:\/(?=[\s"\u201d]|$))?/;

/** A message with `/…` in place of the databases in `urls`. @param {string} message @param {(string | null)[]} urls */
export function withoutNames(message, urls) {
  for (const url of [...urls].sort(longerFirst)) {
    const [, server, name] = /^([^:/?#]+:\/\/[^/?#]+)(.*?)\/?$/.exec(url ?? "") ?? [];
    if (!name) continue;
    // A regular expression of a URL can be too long.
    const [first = "", ...others] = message.split(server + name);
    const replaced = others.map((part) => {
      const [end] = END_OF_NAME.exec(part) ?? [];
      return end === undefined ? server + name + part : `${server}/…${part.slice(end.length)}`;
    });
    message = first + replaced.join("");
  }
  return message;
}

/** A URL can begin with the other. @param {string | null} one @param {string | null} other */
const longerFirst = (one, other) => (other ?? "").length - (one ?? "").length;
