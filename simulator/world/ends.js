// @ts-check
/** The ends of a replication that are databases of this server. */
import { Copy } from "./copy.js";
import { filterCode } from "./filters.js";
import { credentialsOf, replicationId } from "./replication.js";
import { databaseHere } from "./trouble.js";

/**
 * @typedef {import("./live.js").Replication} Replication
 * @typedef {import("./trouble.js").World} World
 */

/** The id of a replication, with the code of its filter if its source is here. @param {Replication} replication @param {World} world */
export function idHere({ entry: { body }, host }, world) {
  const isNamed = typeof body.filter === "string" && !body.filter.startsWith("_");
  return replicationId(body, isNamed ? filterCode(databaseHere(body.source, host, world), body.filter) : undefined);
}

/**
 * Returns what copies the documents of a job; null: its ends are not both here.
 * @param {import("./job.js").Job} job @param {Replication} replication @param {World} world
 * @returns {Copy | null}
 */
export function copyHere({ id }, { entry: { body }, host }, world) {
  const source = databaseHere(body.source, host, world);
  const target = source && databaseHere(body.target, host, world);
  if (!source || !target) return null;
  const { user, password } = credentialsOf(body.target) ?? { user: "", password: "" };
  return new Copy({ id, body, source, target, user: world.userOf(user, password) ?? { name: null, roles: [] } });
}
