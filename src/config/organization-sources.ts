import { z } from 'zod';

import { isLoopback } from './loopback.ts';

const names = ['recherche_entreprises', 'api_sirene', 'api_entreprise'] as const;
type Name = (typeof names)[number];

/** A register that is asked over the network for organizations that ours does not hold. */
export type OrganizationSourceConfig = {
  /** Without slash at the end. */
  readonly url: string;
  /** At most so many requests in any span of so many milliseconds, by process. */
  readonly rate: { readonly count: number; readonly windowMs: number };
} & (
  | { readonly id: 'recherche_entreprises' }
  | { readonly id: 'api_sirene'; readonly key: string }
  | {
      readonly id: 'api_entreprise';
      readonly token: string;
      /** SIRET of the operator of this broker. */
      readonly recipient: string;
    }
);

const address = (standard: string) =>
  z
    .string()
    .default(standard)
    .refine(isAddress, { error: `must be an https:// address without query. Example: ${standard}.` })
    .transform((text) => text.replace(/\/+$/, ''));

function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, search, hash, username, password } = new URL(text);
  return (
    (protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))) &&
    [search, hash, username, password].every((part) => part === '')
  );
}

const rate = (standard: string) =>
  z
    .string()
    .default(standard)
    .refine((text) => /^[1-9]\d{0,3}\/(?:s|min)$/.test(text), {
      error: `must be a number of requests, /s or /min. Example: ${standard}.`,
    })
    .transform((text) => ({ count: Number.parseInt(text), windowMs: text.endsWith('/s') ? 1_000 : 60_000 }));

/** Travels in a header: visible ASCII. The value itself is never shown. */
const secret = z
  .string()
  .regex(/^[\x21-\x7e]+$/, { error: 'must be the key as it was given to you, without spaces.' })
  .optional();

export const organizationSourceSettings = {
  ORGANIZATION_SOURCES: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== ''),
    )
    .pipe(
      z
        .array(z.enum(names, { error: `must hold names among ${names.join(', ')}, separated by commas.` }))
        .refine((list) => new Set(list).size === list.length, { error: 'must name each source once.' }),
    ),
  RECHERCHE_ENTREPRISES_URL: address('https://recherche-entreprises.api.gouv.fr'),
  RECHERCHE_ENTREPRISES_RATE: rate('7/s'),
  API_SIRENE_URL: address('https://api.insee.fr/api-sirene/3.11'),
  API_SIRENE_KEY: secret,
  API_SIRENE_RATE: rate('30/min'),
  API_ENTREPRISE_URL: address('https://entreprise.api.gouv.fr'),
  API_ENTREPRISE_TOKEN: secret,
  API_ENTREPRISE_RECIPIENT: z
    .string()
    .regex(/^\d{14}$/, {
      error: 'must be the SIRET (14 digits) of your organization. Example: 13002526500013.',
    })
    .optional(),
  API_ENTREPRISE_RATE: rate('50/min'),
};

type Settings = Readonly<z.output<z.ZodObject<typeof organizationSourceSettings>>>;

/** One sentence for each variable that a listed source lacks. */
export function organizationSourceProblems(settings: Settings): readonly string[] {
  const missing = (name: Name, variable: keyof Settings, how: string): readonly string[] =>
    settings.ORGANIZATION_SOURCES.includes(name) && settings[variable] === undefined
      ? [`${variable} must be set when ORGANIZATION_SOURCES names ${name}: ${how}.`]
      : [];
  return [
    ...missing('api_sirene', 'API_SIRENE_KEY', 'INSEE gives a key on portail-api.insee.fr'),
    ...missing('api_entreprise', 'API_ENTREPRISE_TOKEN', 'DINUM grants a token on entreprise.api.gouv.fr'),
    ...missing('api_entreprise', 'API_ENTREPRISE_RECIPIENT', 'the SIRET of your organization'),
  ];
}

/** In the order in which they are asked. */
export function organizationSourcesOf(settings: Settings): readonly OrganizationSourceConfig[] {
  return settings.ORGANIZATION_SOURCES.map((id): OrganizationSourceConfig => {
    switch (id) {
      case 'recherche_entreprises':
        return {
          id,
          url: settings.RECHERCHE_ENTREPRISES_URL,
          rate: settings.RECHERCHE_ENTREPRISES_RATE,
        };
      case 'api_sirene':
        return {
          id,
          url: settings.API_SIRENE_URL,
          rate: settings.API_SIRENE_RATE,
          key: settings.API_SIRENE_KEY ?? '',
        };
      case 'api_entreprise':
        return {
          id,
          url: settings.API_ENTREPRISE_URL,
          rate: settings.API_ENTREPRISE_RATE,
          token: settings.API_ENTREPRISE_TOKEN ?? '',
          recipient: settings.API_ENTREPRISE_RECIPIENT ?? '',
        };
    }
  });
}
