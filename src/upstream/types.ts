import type { IdentityProvider } from '../declarations/declarations.ts';
import type { BrokerError } from '../errors/errors.ts';
import type { Siret } from '../organizations/organizations.ts';
import type { SiretSource } from './asserted-siret.ts';

export interface UpstreamRequest {
  /** The interaction of the provider that waits for the answer. */
  readonly interactionUid: string;
  /** An address: sent only to an IdP that is authoritative for it (it is personal data). */
  readonly loginHint?: string | undefined;
  /** Ours, the best liked first; essential: the answer must carry one of them. */
  readonly acrValues?: readonly string[] | undefined;
  readonly forceLogin?: boolean | undefined;
  /** Seconds since the person last proved who they are, at most. */
  readonly maxAge?: number | undefined;
  readonly uiLocales?: string | undefined;
}

export interface UpstreamStart {
  readonly url: URL;
  /** Set it HttpOnly, SameSite=Lax, and Secure when the issuer is https. */
  readonly cookie: {
    readonly name: string;
    readonly value: string;
    readonly path: string;
    readonly maxAgeSeconds: number;
  };
}

/** One way to an IdP and back: what the rest of the house may know of it. */
export interface Attempt {
  readonly interactionUid: string;
  readonly idpId: string;
  readonly startedAt: Date;
  readonly forceLogin: boolean;
  readonly maxAge: number | undefined;
  readonly acrValues: readonly string[];
}

/** Who the IdP says signed in, once every check has passed. */
export interface UpstreamIdentity {
  readonly idp: string;
  readonly issuer: string;
  /** At most 255 printable ASCII characters (OpenID Connect Core §2). */
  readonly subject: string;
  /** given_name, usual_name, email; uid, phone_number, organizational_unit… and `custom` when the IdP sends them. */
  readonly claims: Readonly<Record<string, unknown>>;
  readonly email: string;
  /** Empty when nobody vouches for it. */
  readonly emailDomain: string;
  /** False when the IdP says `email_verified: false`. */
  readonly emailVerified: boolean;
  /** Absent: the IdP gives no organization (`gives_organization: false`). */
  readonly siret?: Siret;
  readonly siretSource?: SiretSource;
  /** How the IdP knows that its people belong to their organization, as an operator attested it. */
  readonly link: IdentityProvider['organization_link'];
  /** Ours, after the mapping and the maximum of the IdP. */
  readonly acr: string;
  readonly idpAcr: string | undefined;
  readonly amr: readonly string[];
  /** `auth_time`; without it, 1970: nobody knows, so that whoever wants a recent sign-in has it asked for. */
  readonly authTime: Date;
}

export type UpstreamResult =
  | {
      readonly ok: true;
      readonly attempt: Attempt;
      readonly clearCookie: string;
      readonly identity: UpstreamIdentity;
      /** Sealed: to hand back when the person signs out. */
      readonly signOutHint: string;
      /** `sid` of the ID token: by which the IdP will say that this session ended (Back-Channel Logout §2.1). */
      readonly idpSession: string | undefined;
    }
  | {
      readonly ok: false;
      readonly error: BrokerError;
      /** Known when the cookie of the attempt could be read: then the person can go back to the tool. */
      readonly attempt: Attempt | undefined;
      readonly clearCookie: string | undefined;
    };
