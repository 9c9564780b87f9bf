/** What a page keeps of itself. */

import { parse, type Shape } from "@cordboard/guard";

export interface Kept<T> {
  get(): T | undefined;
  set(value: T | undefined): void;
}

/**
 * Keeps a value, usually with the tab, over reloads. Browsers may let a page in somebody else's frame keep nothing: then it is kept for as
 * long as the page lives. What was kept in another shape is not there.
 */
export function createKept<T>(key: string, shape: Shape<T>, storage = () => sessionStorage): Kept<T> {
  let own = stored();

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
      // The page itself remembers it.
    }
  }

  return {
    get: () => own,
    set(value) {
      own = value;
      store(value);
    },
  };
}
