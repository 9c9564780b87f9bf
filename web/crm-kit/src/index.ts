/** Puts a Cordboard softphone beside a CRM page. */

export { clickToDial } from "./click.ts";
export { type Connector, type EmbedOptions, embed } from "./embed.ts";
export type * from "./types.ts";
