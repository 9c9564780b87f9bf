/** The line of the floor file that names CRM pages; origins hold nothing that a TOML string would have to escape. */
export function floorLine(origins: readonly string[]): string {
  const lines = origins.map((origin) => `  "${origin}",`);
  return ["crm_origins = [", ...lines, "]"].join("\n");
}
