// @ts-check
// Decides whether a request may be answered. The server has CouchDB's credentials, so it is as good as a password: it
// answers its own page and programs, but not pages of other sites or names that a foreign DNS points to this machine.

import { networkInterfaces } from "node:os";
import { Refusal } from "./refusal.js";

/** @param {string} address an IP address, as written in a URL */
const inUrl = (address) => (address.includes(":") ? `[${address}]` : address);

/** @param {string} address an IP address */
export const isLoopback = (address) => address === "::1" || /^(::ffff:)?127\./.test(address);

/** The IP addresses of this machine as written in URLs. They can change while the server runs. */
export const ownAddresses = () =>
  Object.values(networkInterfaces()).flatMap((interfaces = []) => interfaces.map(({ address }) => inUrl(address)));

/** The number of headers with this name. Node.js keeps the first `Host` and drops the others. @param {string[]} raw @param {string} wanted */
const countOf = (raw, wanted) => raw.filter((name, at) => at % 2 === 0 && name.toLowerCase() === wanted).length;

/**
 * @param {object} options
 * @param {{ address: string, port: number }} options.listening
 * @param {readonly string[]} options.names other names, with or without a port, for example of a reverse proxy
 * @param {boolean} options.isTls whether the server itself speaks TLS
 * @returns {(request: import("node:http").IncomingMessage, isData: boolean) => void} throws a `Refusal`
 */
export function createGate({ listening: { address, port }, names, isTls }) {
  const local = ["localhost", "127.0.0.1", "[::1]"];
  if (isLoopback(address)) local.push(inUrl(address));
  const named = new Set(names.map((name) => name.toLowerCase()));
  const scheme = isTls ? "https" : "http";
  const usualPort = isTls ? 443 : 80;

  /** @param {string} host @param {string} name */
  const isNamed = (host, name) => named.has(host) || named.has(name);

  /** @param {string} name @param {string | undefined} given its port */
  const isHere = (name, given) =>
    Number(given ?? usualPort) === port &&
    (local.includes(name) || (!isLoopback(address) && ownAddresses().includes(name)));

  return ({ headers, rawHeaders }, isData) => {
    if (countOf(rawHeaders, "host") > 1) throw new Refusal(400, "bad_request", "The request has several Host headers.");
    const host = (headers.host ?? "").toLowerCase();
    const [, name, given] = /^([a-z0-9._-]+|\[[0-9a-f:.]+\])(?::(\d{1,5}))?$/.exec(host) ?? [];
    if (name === undefined || !(isNamed(host, name) || isHere(name, given))) {
      throw forbidden(
        "The Host header does not name this server. --allow-host NAME adds a name under which it can be reached.",
      );
    }
    const origins = [`${scheme}://${host}`, ...(isNamed(host, name) ? [`https://${host}`] : [])];
    if (headers.origin !== undefined && !origins.includes(headers.origin)) {
      throw forbidden("The request comes from a page of another origin.");
    }
    if (!isData) return;
    const { "sec-fetch-site": site = "none", "sec-fetch-dest": destination = "empty" } = headers;
    if (site !== "none" && site !== "same-origin") throw forbidden("The request comes from a page of another site.");
    if (destination !== "empty" && destination !== "document") {
      throw forbidden("These responses are data: they cannot be embedded or run.");
    }
  };
}

/** @param {string} reason */
const forbidden = (reason) => new Refusal(403, "forbidden", reason);
