export type { components } from "./api.d.ts";
