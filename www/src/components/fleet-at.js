// @ts-check
// The fleet of a place: with its database, filter and order, and the journals of what happens to it.

import { Fleet } from "../connection/fleet.js";
import { journalsOf } from "../connection/journal.js";
import { recall } from "../connection/remembered.js";
import { orderOf } from "./table/order.js";

/** @typedef {import("../model/location.js").Place} Place */

/**
 * @param {Place} place
 * @param {import("../connection/connection.js").Connection} connection
 * @param {boolean} hasResponded whether the server has accepted the credentials before
 */
export function fleetAt({ database, filter, order }, connection, hasResponded) {
  /** @type {Fleet} */
  const fleet = new Fleet(connection, {
    database,
    filter,
    order: orderOf(order, (row) => fleet.insight.extraOf(row)),
    hasResponded,
  });
  const { how, client } = connection;
  fleet.journals = journalsOf(fleet, () => how === "none" || recall()?.url === client.url);
  return fleet;
}

/** @param {Fleet} fleet @param {Place["order"]} order */
export const orderIn = (fleet, order) => orderOf(order, (row) => fleet.insight.extraOf(row));
