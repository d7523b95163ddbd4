// @ts-check
// The classes as callers create them: arguments are checked here, and the constructors of the wasm get what they accept.

import { clientArguments, cloudantArguments } from "./client-arguments.js";
import { attempt } from "./http.js";

/**
 * The same class with another constructor: objects that the wasm makes are instances of both.
 *
 * @param {any} Class a class written by wasm-bindgen
 * @param {string} name of the class, which minifiers would change
 * @param {(call: string, first: unknown, second: unknown) => unknown} accepted what the constructor of the wasm accepts
 */
function withConstructor(Class, name, accepted) {
  const { [name]: Public } = {
    /** @param {unknown} first @param {unknown} second */
    [name]: function (first, second) {
      if (!new.target) throw new TypeError(`${name}: call it as new ${name}(…)`);
      return Reflect.construct(Class, [accepted(`new ${name}`, first, second)], new.target);
    },
  };
  Object.defineProperty(Public, "prototype", { value: Class.prototype, writable: false });
  Class.prototype.constructor = Public;
  return Public;
}

/** @param {Record<"Client" | "Replicator" | "Scheduler", any>} classes written by wasm-bindgen */
export function constructible({ Client, Replicator, Scheduler }) {
  /**
   * The client for the first argument of the other classes, which consume it: a `Client`, or the URL for a new one.
   *
   * @param {string} call
   * @param {any} server
   * @param {unknown} options
   */
  const clientFor = (call, server, options) => {
    if (!(server instanceof Client)) {
      if (attempt(() => typeof server.__share === "function")) {
        throw new TypeError(`${call}: server must be a Client of this copy of couchdb-scheduler`);
      }
      return new Client(clientArguments(call, server, options));
    }
    // The options are not shown: they may contain credentials.
    if (options !== undefined) {
      throw new TypeError(`${call}: options must be left out together with a Client, which has its own`);
    }
    return server.__share();
  };
  const Public = withConstructor(Client, "Client", clientArguments);
  Object.defineProperty(Public, "cloudant", {
    configurable: true,
    writable: true,
    /** @param {unknown} account @param {unknown} options */
    value: function cloudant(account, options) {
      return new Client(cloudantArguments(account, options));
    },
  });
  return {
    Client: Public,
    Replicator: withConstructor(Replicator, "Replicator", clientFor),
    Scheduler: withConstructor(Scheduler, "Scheduler", clientFor),
  };
}
