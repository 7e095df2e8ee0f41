import type { Addresses } from './guides.ts';

export type Claims = Readonly<Record<string, unknown>>;

export interface ToolConfiguration {
  readonly clientId: string;
  /** Absent when the tool makes it from its own address. */
  readonly redirectUri?: string;
  readonly scope: string;
  /** Absent when the tool takes it from the discovery document. */
  readonly authentication?: string;
  readonly pkce: boolean;
  readonly signingAlg?: string;
  /** By the name that they have in the discovery document. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** Where the tool reads claims. */
  readonly reads: 'id_token' | 'userinfo';
  /** What it sends besides, whatever its configuration. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Absent when the tool lets everybody in: then Maillon is the gate. */
  readonly letsIn?: (claims: Claims) => boolean;
}

export type ReadTool = (addresses: Addresses) => Promise<ToolConfiguration>;

/** How every one of these tools reads a claim: a list holds the value, or the claim is the value. */
export const holds = (value: unknown, wanted: string): boolean =>
  Array.isArray(value) ? value.includes(wanted) : value === wanted;
