// @ts-check
// The exit codes of the command line. `check` has those of the monitoring plugins instead.

export const EXIT = /** @type {const} */ ({
  done: 0,
  failed: 1,
  usage: 2,
  differs: 3,
  notAuthorized: 4,
  notFound: 5,
  timeout: 124,
  interrupted: 130,
  terminated: 143,
});

/** What each code means, for the help. @type {Record<number, string>} */
export const MEANINGS = {
  [EXIT.done]: "done",
  [EXIT.failed]: "failed",
  [EXIT.usage]: "wrong usage: nothing was requested",
  [EXIT.notAuthorized]: "not authorized: wrong credentials, or not a server admin",
  [EXIT.notFound]: "not found: the document, the job or the database",
  [EXIT.interrupted]: "interrupted by Ctrl-C",
};
