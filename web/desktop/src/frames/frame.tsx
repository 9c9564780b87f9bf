import type { Page, RecordPage } from "@cordboard/client";
import { useContext, useEffect, useMemo, useRef } from "preact/hooks";
import { type AddressSource, pageUrl } from "./address.ts";
import { PageRelay } from "./relay.ts";

export interface PageFrameProps {
  readonly page: Page;
  /** The interaction that the page belongs to; undefined for a workspace page. */
  readonly about?: AddressSource;
}

/** A configured page in a frame. The relay carries messages between the page and the hub. */
export function PageFrame({ page, about }: PageFrameProps) {
  const interaction = about?.id;
  // The values are those from when the page opened. A later change must not load the page again.
  const url = useMemo(() => pageUrl(page.url, about), [page.url, interaction]);
  const frame = useRef<HTMLIFrameElement>(null);
  const attached = useRef<number | undefined>(undefined);
  const loads = useRef(0);
  const current = useContext(PageRelay).value;
  useEffect(() => {
    const window = frame.current?.contentWindow;
    if (!window || !current) return;
    const number = current.attach(window, {
      place: page.id,
      ...(interaction === undefined ? {} : { interaction }),
    });
    attached.current = number;
    return () => {
      attached.current = undefined;
      current.detach(number);
    };
  }, [current, page.id, interaction]);
  function loaded(): void {
    loads.current += 1;
    if (loads.current > 1 && attached.current !== undefined) current?.loaded(attached.current);
  }
  return (
    <iframe
      ref={frame}
      title={page.title}
      src={url}
      onLoad={loaded}
      sandbox={(page.sandbox ?? []).join(" ")}
      allow={(page.allow ?? []).join("; ")}
      referrerpolicy="no-referrer"
    />
  );
}

export interface RecordFrameProps {
  readonly template: RecordPage;
  readonly type: string;
  readonly id: string;
}

/** A CRM record in a frame, at the configured URL. */
export function RecordFrame({ template, type, id }: RecordFrameProps) {
  return (
    <iframe
      title={`${template.title} ${id}`}
      src={recordUrl(template.url, type, id)}
      sandbox="allow-scripts allow-forms allow-popups allow-same-origin"
      referrerpolicy="no-referrer"
    />
  );
}

/** Inserts the record’s type and ID into a URL template, percent-encoded. */
export function recordUrl(template: string, type: string, id: string): string {
  const values: Readonly<Record<string, string>> = { id, type };
  return template.replace(/\{(id|type)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ""));
}
