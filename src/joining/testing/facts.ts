import type { JoinFacts, OrganizationAsked, ProvenMailbox } from '../join-facts.ts';
import { joinRoute } from '../join-route.ts';
import type { JoinAnswer } from '../join-route.ts';

export const association: OrganizationAsked = {
  siren: '000000109',
  siret: '00000010900009',
  legalCategory: '9220',
  sector: 'private_law',
  publicService: false,
  ofState: false,
  active: true,
  suspended: false,
  headOffice: true,
  naf: '94.99Z',
  sizeBand: '02',
};
export const commune: OrganizationAsked = {
  ...association,
  legalCategory: '7210',
  sector: 'public_law',
  publicService: true,
  naf: '84.11Z',
  sizeBand: '22',
};
export const ministry: OrganizationAsked = {
  ...commune,
  legalCategory: '7113',
  ofState: true,
  naf: '84.11Z',
};
export const company: OrganizationAsked = { ...association, legalCategory: '5710', naf: '62.01Z' };

export const mailbox = (address: string, openToAll = false): ProvenMailbox => ({
  address,
  domain: address.slice(address.indexOf('@') + 1),
  openToAll,
});
export const ofTheTown = mailbox('lea@ville-fictive.example');
export const free = mailbox('lea@gmail.com', true);

export const nothing: Omit<JoinFacts, 'asked'> = {
  mailboxes: [ofTheTown],
  standing: {
    ...{ member: false, endsSoon: false, level: undefined },
    ...{ revoked: false, pending: undefined, refusedLately: false },
  },
  domains: { refused: [], verified: [], listed: [] },
  contacts: [],
  invited: false,
  representatives: 0,
};
export type Change = Partial<Omit<JoinFacts, 'asked' | 'standing' | 'domains'>> & {
  readonly standing?: Partial<JoinFacts['standing']>;
  readonly domains?: Partial<JoinFacts['domains']>;
};
export const asks = (
  organization: OrganizationAsked,
  { standing, domains, ...change }: Change = {},
): JoinAnswer =>
  joinRoute({
    ...nothing,
    ...change,
    asked: { found: 'one', organization },
    standing: { ...nothing.standing, ...standing },
    domains: { ...nothing.domains, ...domains },
  });
export const told = ({ route, name }: JoinAnswer): string => `${route} ${name}`;

export const town = 'ville-fictive.example';
export const official = 'mairie@ville-fictive.example';
