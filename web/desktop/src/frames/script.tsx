import { useDesk } from "@cordboard/desk-ui";
import { t } from "@cordboard/texts";
import DOMPurify from "dompurify";
import { Marked } from "marked";

/** HTML elements that a script can contain: formatted text only. No code, images, frames or forms. */
const ALLOWED_TAGS = [
  "h1",
  "h2",
  "h3",
  "h4",
  "h5",
  "h6",
  "p",
  "br",
  "hr",
  "ul",
  "ol",
  "li",
  "strong",
  "em",
  "del",
  "code",
  "pre",
  "blockquote",
  "table",
  "thead",
  "tbody",
  "tr",
  "th",
  "td",
  "a",
];

/** A script for the agent. */
export function ScriptView({ name }: { readonly name: string }) {
  const script = useDesk().session.floor.value?.scripts?.find((one) => one.name === name);
  if (!script) return <p class="empty">{t().panels.scriptMissing(name)}</p>;
  return (
    <article class="script" aria-label={script.title}>
      <h3>{script.title}</h3>
      <div class="prose" dangerouslySetInnerHTML={{ __html: html(script.markdown) }} />
    </article>
  );
}

/** A Markdown parser that removes HTML and replaces images by their descriptions. */
const marked = new Marked({
  gfm: true,
  async: false,
  renderer: { html: () => "", image: ({ text }) => text },
});

export function html(markdown: string): string {
  const made = marked.parse(markdown, { async: false });
  const clean = DOMPurify.sanitize(made, {
    ALLOWED_TAGS,
    ALLOWED_ATTR: ["href", "title"],
    RETURN_DOM_FRAGMENT: true,
  });
  for (const link of clean.querySelectorAll("a")) {
    link.target = "_blank";
    link.rel = "noopener noreferrer";
  }
  const body = document.createElement("div");
  body.append(clean);
  return body.innerHTML;
}
