// @ts-check
/** Who may do what with a database, by its `_security`. */

/**
 * @typedef {{ name: string | null, roles: string[] }} User
 * @typedef {import("./database.js").Json} Json
 */

/** @param {User} user */
export function isServerAdmin({ roles }) {
  return roles.includes("_admin");
}

/** @param {User} user @param {Json} security */
export function isDatabaseAdmin(user, { admins }) {
  return isServerAdmin(user) || isListed(user, admins);
}

/** @param {User} user @param {Json} security */
export function isMember(user, security) {
  const { names = [], roles = [] } = security.members ?? {};
  return (
    (names.length === 0 && roles.length === 0) || isDatabaseAdmin(user, security) || isListed(user, security.members)
  );
}

/** @param {User} user @param {Json | undefined} list */
function isListed({ name, roles }, { names = [], roles: allowed = [] } = {}) {
  return (name !== null && names.includes(name)) || roles.some((role) => allowed.includes(role));
}
