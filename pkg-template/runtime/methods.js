// @ts-check
// Adds what wasm-bindgen's classes lack: a clear error if a method is called without its object or after free(), the
// caller's line in the stack of an error, and useful output of `client` in consoles and JSON.

import { argumentsOf } from "./method-arguments.js";
import { RowIterator, sourceFrom } from "./row-iterator.js";
import { callSite, withCaller } from "./scheduler-error.js";

/** Methods that return an iterator; a wrong argument rejects in the iterator. */
export const ITERATORS = [
  "docs",
  "jobs",
  "lags",
  "watch",
  "watchJobs",
  "listReplications",
  "followReplication",
  "restartReplications",
  "retryRefused",
];

/** The result of `client` for each object. @type {WeakMap<object, any>} */
const clients = new WeakMap();

/**
 * @param {any} Class a class written by wasm-bindgen
 * @param {string} name of the class, which minifiers would change
 * @param {readonly string[]} added names of methods that are added to it
 * @param {Record<string, (client: any, ...args: any[]) => unknown>} methodsOfClient the added ones: each gets the client of its
 * object, and the arguments of its caller; an iterator is made of the `RowSource` that it returns
 */
export function complete(Class, name, added, methodsOfClient) {
  const { prototype } = Class;
  for (const key of added) {
    /** @this {any} @param {unknown[]} args */
    prototype[key] = function (...args) {
      return methodsOfClient[key](this.client, ...args);
    };
  }
  const { free, __client, __share } = prototype;
  const isFreed = (/** @type {any} */ self) => self instanceof Class && !self.__wbg_ptr;

  /** Throws unless the object is usable. @param {any} self @param {string} key */
  const check = (self, key) => {
    if (isFreed(self)) throw new TypeError(`${key}: this ${name} was freed and cannot be used any more`);
    if (!(self instanceof Class)) {
      const right = `${name.toLowerCase()}.${key}(…)`;
      throw new TypeError(`${key}: called without its ${name}; call ${right}, or pass on (…) => ${right}`);
    }
  };
  /** Calls a method if the object is usable. @param {any} self @param {string} key @param {Function} method @param {unknown[]} args */
  const call = (self, key, method, ...args) => {
    check(self, key);
    return method.apply(self, argumentsOf(key, args));
  };

  /** Named functions, because stacks show their names. @type {Record<PropertyKey, Function>} */
  const methods = {};
  /** @type {PropertyDescriptorMap} */
  const properties = {};
  for (const key of Object.getOwnPropertyNames(prototype)) {
    const { get, value } = /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(prototype, key));
    if (get) {
      properties[key] = {
        /** @this {any} */
        get() {
          return call(this, key, get);
        },
      };
    } else if (!/^(_|constructor)/.test(key)) {
      Object.assign(
        methods,
        ITERATORS.includes(key)
          ? {
              /** @this {any} @param {unknown[]} args */
              [key](...args) {
                check(this, key);
                return new RowIterator(
                  sourceFrom(() => call(this, key, value, ...args)),
                  key,
                );
              },
            }
          : {
              /** @this {any} @param {unknown[]} args */
              async [key](...args) {
                const site = callSite(methods[key]);
                try {
                  return await call(this, key, value, ...args);
                } catch (error) {
                  throw withCaller(error, site, key);
                }
              },
            },
      );
    }
  }

  /** A second call does nothing. @this {any} */
  methods.free = function () {
    if (!isFreed(this)) call(this, "free", free);
  };
  if (Symbol.dispose) methods[Symbol.dispose] = methods.free;
  if (__client) {
    properties.client = {
      /** @this {any} */
      get() {
        const client = call(this, "client", () => clients.get(this));
        // The caller frees this object.
        if (client?.__wbg_ptr) return client;
        clients.set(this, __client.call(this));
        return clients.get(this);
      },
    };
  } else {
    /** @this {any} */
    methods.__share = function () {
      return call(this, "server", __share);
    };
    if (Symbol.asyncDispose) {
      /** Does nothing after free(), which the block may call. @this {any} */
      methods[Symbol.asyncDispose] = async function () {
        if (!isFreed(this)) await this.close();
      };
    }
  }
  /** @this {any} */
  methods.toJSON = function () {
    const { url } = call(this, "toJSON", () => (__client ? this.client : this));
    return { url };
  };
  /** For `console.log` in Node, Deno and Bun. @this {any} */
  methods[Symbol.for("nodejs.util.inspect.custom")] = function () {
    return `${name} { ${isFreed(this) ? "freed" : `url: '${this.toJSON().url}'`} }`;
  };

  for (const key of Reflect.ownKeys(methods)) {
    properties[key] = { configurable: true, enumerable: false, writable: true, value: methods[key] };
  }
  Object.defineProperties(prototype, properties);
}
