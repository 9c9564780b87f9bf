/** The `crm_origins` setting of the floor file. Origins contain no characters that TOML must escape. */
export function floorLine(origins: readonly string[]): string {
  const lines = origins.map((origin) => `  "${origin}",`);
  return ["crm_origins = [", ...lines, "]"].join("\n");
}
