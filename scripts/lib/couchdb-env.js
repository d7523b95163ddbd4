// @ts-check
// COUCHDB_URL holds a password. npm, cargo and the build scripts of packages need to know nothing of it, and every program
// that is started inherits the environment.

/**
 * Takes the variables that speak of a CouchDB out of this process's environment.
 *
 * @returns {NodeJS.ProcessEnv} those variables, for the programs that need them
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
