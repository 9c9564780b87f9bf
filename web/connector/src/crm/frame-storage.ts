/**
 * Storage for the sign-in of a page in a frame. Browsers that block the storage of frames of other sites, such as Chromium in its default on
 * Debian, still keep cookies that belong to both sites (partitioned cookies). They need HTTPS, or a server on this machine.
 */

import type { TextStorage } from "@cordboard/client";

/** Where this page can store its sign-in. */
export type StorageKind = "tab" | "cookie" | "none";

/** The largest cookie. Browsers drop larger ones. Bytes. */
const COOKIE_BYTES_MAX = 4_000;

/** The part of a page that the storage uses. */
export interface StoragePage {
  readonly location: Pick<Location, "pathname">;
  readonly sessionStorage: Storage;
  readonly document: { cookie: string };
}

/** The tab's storage, or cookies if the browser blocks it. */
export function frameStorage(page: StoragePage = window): TextStorage {
  try {
    const { sessionStorage } = page;
    sessionStorage.getItem("cordboard.account");
    return sessionStorage;
  } catch {
    return cookieStorage(page);
  }
}

/** Tries what this page can store. */
export function storageKind(page: StoragePage = window): StorageKind {
  const storage = frameStorage(page);
  const key = "cordboard.check";
  try {
    storage.setItem(key, "1");
    const kept = storage.getItem(key) === "1";
    storage.removeItem(key);
    if (!kept) return "none";
  } catch {
    return "none";
  }
  return storage === tabStorage(page) ? "tab" : "cookie";
}

function tabStorage(page: StoragePage): Storage | undefined {
  try {
    return page.sessionStorage;
  } catch {
    return undefined;
  }
}

/** Session cookies of this path that only pages in frames of the same site get. */
function cookieStorage({ document, location }: StoragePage): TextStorage {
  const [path = "/"] = /^\/[^/]*/.exec(location.pathname) ?? [];
  const attributes = `Path=${path}; Secure; SameSite=None; Partitioned`;
  return {
    getItem(key) {
      const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${key}=`));
      return found === undefined ? null : decodeURIComponent(found.slice(key.length + 1));
    },
    setItem(key, value) {
      const pair = `${key}=${encodeURIComponent(value)}`;
      if (pair.length <= COOKIE_BYTES_MAX) document.cookie = `${pair}; ${attributes}`;
    },
    removeItem(key) {
      document.cookie = `${key}=; Max-Age=0; ${attributes}`;
    },
  };
}
