import { entry, text } from './entry.ts';
import type { ErrorEntry } from './entry.ts';

/** What an identity that passed every check still lacks. */
export const upstreamIdentityErrors = {
  'M-UPST-030': entry(
    403,
    'access_denied',
    'The identity provider gives no organization (`gives_organization: false`) and no membership is declared for this person: declare one for their `sub` there, or tell them to sign in with their organization.',
    text(
      'Il manque votre organisation',
      '{{idp}} dit qui vous êtes, mais pas pour quelle organisation vous agissez. {{service}} s’ouvre à des organisations, pas à des personnes seules.',
      'Si votre organisation vous a donné une adresse électronique, connectez-vous avec elle.',
      'Sinon, demandez à la personne qui administre ce site de noter pour quelle organisation vous agissez, et donnez-lui la référence ci-dessous.',
    ),
    text(
      'Your organization is missing',
      '{{idp}} says who you are, but not which organization you act for. {{service}} opens to organizations, not to people on their own.',
      'If your organization gave you an e-mail address, sign in with it.',
      'Otherwise ask the person who runs this site to write down which organization you act for, and give them the reference below.',
    ),
  ),
} as const satisfies Record<string, ErrorEntry>;
