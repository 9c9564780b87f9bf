import type { Page, RecordPage } from "@cordboard/client";
import { useContext, useEffect, useRef } from "preact/hooks";
import { PageRelay } from "./relay.ts";

export interface PageFrameProps {
  readonly page: Page;
  /** The interaction with which it was opened; none in a workspace. */
  readonly interaction?: string;
}

/** A page of the floor's. What it posts is carried to the hub, and the hub's answers to it. */
export function PageFrame({ page, interaction }: PageFrameProps) {
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
      src={page.url}
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

/** A record of the CRM's on its own page. */
export function RecordFrame({ template, type, id }: RecordFrameProps) {
  return (
    <iframe
      title={`${template.title} ${id}`}
      src={address(template.url, type, id)}
      sandbox="allow-scripts allow-forms allow-popups allow-same-origin"
      referrerpolicy="no-referrer"
    />
  );
}

/** Fills in what is known, encoded so that it stays in its place. */
export function address(template: string, type: string, id: string): string {
  const places: Readonly<Record<string, string>> = { id, type };
  return template.replace(/\{(id|type)\}/g, (_, place: string) => encodeURIComponent(places[place] ?? ""));
}
