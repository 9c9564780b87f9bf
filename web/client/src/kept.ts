/** What a page keeps of itself. */

export interface Kept {
  get(): string | undefined;
  set(value: string | undefined): void;
}

/**
 * Keeps a text with the tab, over reloads. Browsers may let a page in somebody else's frame keep nothing: then it is kept for as long as
 * the page lives.
 */
export function keptWithTab(key: string, storage = () => sessionStorage): Kept {
  let own = read();

  function read(): string | undefined {
    try {
      return storage().getItem(key) ?? undefined;
    } catch {
      return undefined;
    }
  }

  function write(value: string | undefined): void {
    try {
      if (value === undefined) storage().removeItem(key);
      else storage().setItem(key, value);
    } catch {
      // What the page itself remembers has to do.
    }
  }

  return {
    get: () => own,
    set(value) {
      own = value;
      write(value);
    },
  };
}
