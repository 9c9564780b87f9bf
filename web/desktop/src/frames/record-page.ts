import type { Floor } from "@cordboard/client";

/**
 * The page for records of a type. Systems write the same type in different letter case: Talisma's type 3 is `contact`,
 * and a floor file usually has `Contact`. A page with exactly this type takes precedence.
 */
export function pageOf(floor: Floor | undefined, type: string | undefined) {
  const pages = floor?.records ?? [];
  const lower = type?.toLowerCase();
  return pages.find((page) => page.type === type) ?? pages.find((page) => page.type.toLowerCase() === lower);
}
