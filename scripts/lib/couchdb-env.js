// @ts-check
// COUCHDB_URL contains a password. npm, cargo and the build scripts of packages do not need it, but every child process
// inherits the environment.

/**
 * Removes the variables about a CouchDB server from this process's environment.
 *
 * @returns {NodeJS.ProcessEnv} these variables, for the programs that need them
 */
export function takeCouchdbEnv() {
  /** @type {NodeJS.ProcessEnv} */
  const taken = {};
  for (const name of Object.keys(process.env)) {
    if (!/^COUCHDB_/i.test(name)) continue;
    taken[name.toUpperCase()] = process.env[name];
    delete process.env[name];
  }
  return taken;
}
