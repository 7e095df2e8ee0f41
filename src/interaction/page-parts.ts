import type { Context } from 'koa';
import type { IdentityProvider, Service } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';
import type { ErrorCode } from '../errors/errors.ts';
import { language } from '../http/http.ts';
import type { Back, ErrorPageOptions, Language, OrganizationKind } from '../http/http.ts';
import type { OrganizationFacts } from '../organizations/organizations.ts';
import type { Current } from './current.ts';
import type { InteractionNeeds } from './needs.ts';

type Paths = Pick<InteractionNeeds, 'basePath'>;

/** Where the pages of this interaction live. */
export function pathOf(uid: string, step: string, { basePath }: Paths): string {
  return `${basePath}/interaction/${uid}${step}`;
}

/** Back to the tool without access; it is told why. */
export function backOf({ interaction }: Current, needs: Paths, because?: string): Back {
  const query = because === undefined ? '' : `?because=${because}`;
  return { href: `${pathOf(interaction.uid, '/cancel', needs)}${query}` };
}

export function serviceName(service: Service, lang: Language): string {
  return service.name[lang];
}

/** Help desk of the IdP, as a link. */
export function supportOf(idp: IdentityProvider): { supportHref: string; supportName: string } {
  const { support } = idp;
  return {
    supportHref: 'url' in support ? support.url : `mailto:${support.email}`,
    supportName: support.name,
  };
}

export function errorPageOptions(
  ctx: Context,
  current: Current,
  needs: Paths,
  error: unknown,
  idp?: IdentityProvider,
): ErrorPageOptions {
  const code = error instanceof BrokerError ? error.code : 'M-HTTP-001';
  return {
    service: serviceName(current.service, language(ctx)),
    backHref: backOf(current, needs, code).href,
    ...(idp === undefined ? {} : { idp: idp.name, ...supportOf(idp) }),
    ...waysOn(current, needs, code),
  };
}

const fromTheBeginning: readonly ErrorCode[] = [
  'M-PART-007',
  'M-PART-008',
  'M-PART-018',
  'M-PART-019',
  'M-PART-020',
  'M-PART-021',
  'M-ROUT-004',
  'M-LIMI-001',
];
const toAnOrganization: readonly ErrorCode[] = ['M-PART-022', 'M-PART-023', 'M-UPST-030'];

/** Links to our own pages, for whoever has no other way on. */
function waysOn({ interaction }: Current, needs: Paths, code: ErrorCode): Pick<ErrorPageOptions, 'ways'> {
  if (fromTheBeginning.includes(code))
    return { ways: [{ words: 'email', href: `${pathOf(interaction.uid, '', needs)}?change` }] };
  return toAnOrganization.includes(code)
    ? {
        ways: [
          { words: 'organizations', href: `${needs.basePath}/compte/organisations` },
          { words: 'requests', href: `${needs.basePath}/demandes` },
        ],
      }
    : {};
}

/** What the organization is called in a sentence: « votre association ». */
export function kindOf(organization: OrganizationFacts): OrganizationKind {
  if (organization.type === 'local_authority.commune') return 'commune';
  switch (organization.category) {
    case 'association':
    case 'foundation':
    case 'local_authority':
    case 'company':
      return organization.category;
    case 'state':
    case 'public_establishment':
      return 'administration';
    default:
      return 'organization';
  }
}
