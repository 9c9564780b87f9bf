/** The page of all events and verbs, made of the API's description. */

const NAMED = "#/components/schemas/";

const INTRODUCTION = `# Events and verbs

Every event that the [event stream](api.md#events) can deliver and every verb that a [command](api.md#commands) can have, with all
fields. This page is generated from the API's description (\`web/openapi.json\`, served at \`/api/v1/openapi.json\`).

- An event is a JSON object whose \`type\` is its name. In the stream it is the member \`event\` of a message; in the journal it is the member
  \`event\` of a [\`Record\`](#type-record).
- A command is a JSON object whose \`verb\` is its name.
- A field that is not required can be absent.
- New events and new fields can be added. A client ignores those that it does not recognize.
`;

/** The events and the verb, by the property that names each variant. */
const GROUPS = [
  ["FloorEvent", "Events of the floor", "type"],
  ["LinkEvent", "Events of switches", "type"],
  ["AgentEvent", "Events of agents", "type"],
  ["InteractionEvent", "Events of interactions", "type"],
  ["ConversationEvent", "Events of conversations", "type"],
  ["DetailEvent", "Events about details of an interaction", "type"],
  ["Verb", "Verbs", "verb"],
];

/** Types that no event and no verb names, and that belong on the page: what is around an event, and the answer to a command. */
const ROOTS = ["Record", "Accepted"];

/** Writes the page. */
export function eventsPage(schemas) {
  const page = new Page(schemas);
  const groups = GROUPS.map(([name, title, tag]) => page.group(name, title, tag));
  for (const name of ROOTS) page.type(name);
  return [INTRODUCTION, page.index(), ...groups, page.types()].join("\n");
}

class Page {
  constructor(schemas) {
    this.schemas = schemas;
    /** Names of types that fields have and that have a section of their own. */
    this.named = new Set();
  }

  /** A list of all names, as links. */
  index() {
    const line = ([name, title, tag]) => {
      const links = this.variants(name).map(
        (variant) => `[\`${word(variant, tag)}\`](#${word(variant, tag)})`,
      );
      return `| ${title} | ${links.join(", ")} |`;
    };
    return `| | |\n|---|---|\n${GROUPS.map(line).join("\n")}\n`;
  }

  /** All variants of a union, each with its fields. */
  group(name, title, tag) {
    const sections = this.variants(name).map((variant) => {
      const fields = this.fields(variant, tag);
      return `### \`${word(variant, tag)}\`\n\n${prose(variant.description)}\n\n${fields}`;
    });
    return `## ${title}\n\n${prose(this.schemas[name].description)}\n\n${sections.join("\n")}`;
  }

  /** The types of fields. Writing one can name others. */
  types() {
    const written = new Map();
    for (let more = true; more; ) {
      const open = [...this.named].filter((name) => !written.has(name));
      for (const name of open) written.set(name, this.section(name));
      more = open.length > 0;
    }
    const sections = [...written].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
    return `## Types of fields\n\n${sections.join("\n")}`;
  }

  section(name) {
    const schema = this.schemas[name];
    return `### Type \`${name}\`\n\n${prose(schema.description)}\n\n${this.content(schema)}`;
  }

  content(schema) {
    if (schema.enum !== undefined)
      return `One of ${schema.enum.map((value) => `\`${value}\``).join(", ")}.\n`;
    if (schema.oneOf !== undefined) return this.union(schema);
    if (schema.properties !== undefined) return this.fields(this.flat(schema));
    return `In JSON: ${scalar(schema)}.\n`;
  }

  /** A union: of variants by a tag, or of unions. */
  union({ oneOf }) {
    if (oneOf.every((one) => one.$ref !== undefined))
      return `One of ${oneOf.map((one) => this.shown(one)).join(", ")}.\n`;
    const variants = oneOf.map((one) => this.flat(one));
    const tag = tagOf(variants);
    if (tag === undefined) return `${variants.map((one) => this.fields(one)).join("\n")}`;
    const rows = variants.map((variant) => {
      const fields = Object.entries(variant.properties).filter(([name]) => name !== tag);
      const shown = fields.map(([name, field]) => {
        const optional = variant.required?.includes(name) ? "" : ", optional";
        return `\`${name}\` (${this.shown(field)}${optional}): ${lower(meaning(field))}`;
      });
      return `| \`${word(variant, tag)}\` | ${prose(variant.description, true)} | ${shown.join("<br>")} |`;
    });
    return `| \`${tag}\` | meaning | further fields |\n|---|---|---|\n${rows.join("\n")}\n`;
  }

  fields({ properties = {}, required = [] }, tag) {
    const rows = Object.entries(properties)
      .filter(([name]) => name !== tag)
      .map(([name, field]) => {
        const needed = required.includes(name) ? "yes" : "";
        return `| \`${name}\` | ${this.shown(field)} | ${needed} | ${meaning(field)} |`;
      });
    if (rows.length === 0) return "No further fields.\n";
    return `| field | type | required | meaning |\n|---|---|---|---|\n${rows.join("\n")}\n`;
  }

  variants(name) {
    return this.schemas[name].oneOf.map((variant) => this.flat(variant));
  }

  /** A schema without `allOf`: all properties in one object. */
  flat(schema) {
    if (schema.$ref !== undefined) return this.flat(this.schemas[schema.$ref.slice(NAMED.length)]);
    if (schema.allOf === undefined) return schema;
    const parts = schema.allOf.map((part) => this.part(part));
    return {
      description: schema.description ?? parts.findLast(({ description }) => description)?.description,
      properties: Object.assign({}, ...parts.map(({ properties }) => properties)),
      required: parts.flatMap(({ required }) => required ?? []),
    };
  }

  /** A part of `allOf`. A union has its tag as a field, which names the type with the rest. */
  part(schema) {
    const name = schema.$ref?.slice(NAMED.length);
    const part = name === undefined ? this.flat(schema) : this.flat(this.schemas[name]);
    if (part.oneOf === undefined)
      return { ...part, description: name === undefined ? part.description : undefined };
    const tag = tagOf(part.oneOf.map((one) => this.flat(one)));
    const description = `${schema.description} The fields of the variant belong to this object.`;
    return { properties: { [tag]: { ...schema, description } }, required: [tag] };
  }

  /** The type of a field in words, with a link where it has a section. */
  shown(schema) {
    if (schema.$ref !== undefined) return this.shownName(schema.$ref.slice(NAMED.length));
    if (schema.oneOf !== undefined)
      return schema.oneOf
        .filter(({ type }) => type !== "null")
        .map((one) => this.shown(one))
        .join(" or ");
    if (schema.enum !== undefined) return schema.enum.map((value) => `\`"${value}"\``).join(" or ");
    if (schema.items !== undefined) return `list of ${this.shown(schema.items)}`;
    return scalar(schema);
  }

  shownName(name) {
    this.type(name);
    return `[\`${name}\`](#type-${name.toLowerCase()})`;
  }

  type(name) {
    this.named.add(name);
  }
}

/** The property that names a variant: the same in all, with one value in each. */
function tagOf(variants) {
  const tags = (variant) =>
    Object.entries(variant.properties ?? {})
      .filter(([, { enum: values }]) => values?.length === 1)
      .map(([name]) => name);
  return tags(variants[0]).find((tag) => variants.every((variant) => tags(variant).includes(tag)));
}

function word(variant, tag) {
  return variant.properties[tag].enum[0];
}

function scalar({ type, additionalProperties }) {
  const types = [type].flat().filter((one) => one !== "null");
  if (types.includes("object") && additionalProperties) return "object of texts";
  const words = {
    string: "text",
    integer: "integer",
    number: "number",
    boolean: "boolean",
    object: "object",
    array: "list",
  };
  return types.map((one) => words[one] ?? one).join(" or ") || "any value";
}

/** A description of Rust's documentation as Markdown. In a cell of a table it is one line. */
function prose(description = "", isCell = false) {
  const text = description.replace(/\[(`[^`]+`)\]/g, "$1");
  if (!isCell) return text;
  return text
    .replace(/```.*?```/gs, "")
    .replace(/\s+/g, " ")
    .replace(/\|/g, "\\|")
    .trim();
}

/** What a field means. The description of an optional field is at the variant that is not null. */
function meaning(field) {
  return prose(field.description ?? field.oneOf?.find(({ description }) => description)?.description, true);
}

function lower(text) {
  return text.replace(/^[A-Z](?=[a-z ])/, (letter) => letter.toLowerCase()).replace(/\.$/, "");
}
