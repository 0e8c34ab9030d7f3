// The shapes that travel between the widget and the server (docs/widget-protocol.md) and between the widget's modules.
// Read by the type checker only; the browser never loads this file.

export interface Agent { name: string; initials: string }

export interface Presence {
  online: boolean;
  /** When somebody is on duty again, ISO 8601 in UTC; absent when no hours are known. */
  nextAt?: string | null;
  agents: Agent[];
  /** Usual minutes to the first answer, when known. */
  replyMinutes?: number | null;
}

export interface Config {
  name: string;
  color: string;
  logoUrl?: string | null;
  language: 'en' | 'ru' | 'zh-Hans';
  /** Folder of the modules, relative to the loader's address; carries a fingerprint, so that versions never mix. */
  assets: string;
  presence: Presence;
  privacy: {
    consentRequired: boolean;
    consentVersion: number;
    consentText: string;
    policyUrl?: string | null;
    /** The site wishes to see the pages visited; happens only after the visitor agreed. */
    pageTracking: boolean;
  };
  widget: {
    /** Accessible name of the bubble. */
    label: string;
    greeting: string;
    position: 'left' | 'right';
    theme: 'auto' | 'light' | 'dark';
    /** Distance from the corner in CSS pixels. */
    offset: number;
    offersProblemReport: boolean;
    /** Whether a way to answer is asked for: never, when nobody is on duty, or before every first message. */
    askContact: 'never' | 'offline' | 'always';
  };
  /** The assistant that answers first; absent where people do. */
  assistant?: { name: string } | null;
  limits: { fileBytes: number; textLength: number; filesPerMessage: number; fileTypes: string[] };
}

export interface StoredFile { token: string; name: string; size: number; type: string; width?: number | null; height?: number | null }

export interface Message {
  /** Grows within the conversation: its order, and the position to resume from. */
  id: number;
  /** The id the sender's browser made; equal ids are one message. */
  clientId: string;
  author: 'customer' | 'agent' | 'assistant' | 'system';
  name?: string | null;
  text: string;
  /** Set when the text is Markdown; the widget makes its own elements of the text. */
  html?: string | null;
  files: StoredFile[];
  at: string;
  /** What it offers beside its words; buttons and form stand open while it is the newest message. */
  offer?: Offer | null;
}

export interface Offer {
  /** Articles the words rest on; the address is relative to the installation, the language absent when it is the conversation's. */
  sources: { title: string; address: string; language?: string | null }[];
  choices: { key: string; label: string }[];
  form?: OfferedForm | null;
}

export interface OfferedForm { key: string; fields: OfferedField[]; send: string; back: string }

export interface OfferedField {
  key: string;
  label: string;
  kind: 'text' | 'email' | 'phone' | 'contact' | 'order' | 'time' | 'long';
  isRequired: boolean;
  /** What was given before. */
  value?: string | null;
  /** Why it was not taken. */
  problem?: string | null;
}

/** What was taken of an offer; offer 0 with the key `person` asks for a person at any time. */
export interface Choice { offerId: number; key: string; values?: Record<string, string> }

export interface Conversation {
  state: 'new' | 'open' | 'pending' | 'onHold' | 'solved' | 'closed';
  stateText: string;
  number?: string | null;
  trackingUrl?: string | null;
  /** Id of the last message the staff has seen. */
  seenByStaff: number;
  /** Id of the last message of the staff that the visitor has seen. */
  seenByVisitor: number;
  hasContact: boolean;
  /** The assistant answers; a person can be asked for. */
  isWithAssistant: boolean;
}

export interface Snapshot { conversation: Conversation | null; messages: Message[]; lastEventId: string }

export interface Contact { name?: string; email?: string; phone?: string }

export interface Report {
  page: string; browser: string; screen: string; language: string; time: string;
  errors: string[]; failedRequests: string[];
}

export interface UploadedFile { token: string; name: string; size: number; type: string }

/** What waits in the outbox until the server has it. */
export interface Outgoing {
  id: string; text: string; files: UploadedFile[]; at: string;
  contact?: Contact; report?: Report; consent?: { version: number }; choice?: Choice; before?: Before;
  page: { url: string; title: string; referrer: string };
  honeypot?: string;
  /** Set when the server has refused it for good: the sentence to show. */
  refused?: string;
}

export interface StreamEvent { id?: string | null; type: string; data: any }

/** What failed on the page; `since` when the loader began to listen, in milliseconds as `performance.now()`, absent where the site has it off. */
export interface Diagnostics { errors: string[]; requests: string[]; since?: number }

/** What the loader hands to the modules. */
export interface Host {
  base: string;
  site: string;
  languages: string;
  nonce: string;
  config: Config;
  configAt: number;
  assets: string;
  root: ShadowRoot;
  frame: HTMLElement;
  bubble: HTMLButtonElement;
  landmark: HTMLElement;
  diagnostics: Diagnostics;
  fetch: typeof fetch;
  adopt(css: string): void;
  badge(count: number): void;
  /** What was begun to be written and left for other words, before the first message. */
  typed?: string[];
}

/** What was done before the first message: the name under which articles were opened and pages of the help centre read, and beginnings. */
export interface Before { visit?: string; typed: string[] }
