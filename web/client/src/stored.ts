/** Values that a page stores in the browser. */

import { parse, type Shape } from "@cordboard/guard";

/** A storage of texts by key, such as the storage of a tab. */
export type TextStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

export interface StoredValue<T> {
  get(): T | undefined;
  set(value: T | undefined): void;
}

/**
 * A value that survives a reload of the page, by default in the tab's storage. If the browser blocks storage, as it may do in a frame of
 * another site, the value lasts until the page is closed. A stored value of another shape is ignored.
 */
export function createStoredValue<T>(
  key: string,
  shape: Shape<T>,
  storage: () => TextStorage = () => sessionStorage,
): StoredValue<T> {
  let current = stored();

  function stored(): T | undefined {
    try {
      const found = parse(shape, storage().getItem(key) ?? "");
      return found.ok ? found.value : undefined;
    } catch {
      return undefined;
    }
  }

  function store(value: T | undefined): void {
    try {
      if (value === undefined) storage().removeItem(key);
      else storage().setItem(key, JSON.stringify(value));
    } catch {
      // Storage is blocked: the value stays in memory.
    }
  }

  return {
    get: () => current,
    set(value) {
      current = value;
      store(value);
    },
  };
}
