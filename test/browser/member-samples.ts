/** The pages of whoever represents an organization. */
import type { MemberShown, PageName, Pages } from '../../src/http/http.ts';

interface Sample<K extends PageName> {
  readonly name: string;
  readonly page: K;
  readonly model: Pages[K];
}

const rozenn: MemberShown = {
  id: '6d8a5c1e-2d75-4b33-9a1c-0c6c8d8c7b11',
  name: 'Rozenn Kervella',
  email: 'membre@amd-fictif.example',
  you: true,
  representative: true,
  since: new Date('2026-02-01T09:00:00Z'),
  last: new Date('2026-11-21T09:00:00Z'),
  services: ['Docs', 'Visio'],
  idp: 'Fournisseur d’identité de démonstration',
  verified: 'moderated',
  state: 'confirmed',
  confirmed: { at: new Date('2026-03-01T09:00:00Z'), by: 'operator' },
};
const bernard: MemberShown = {
  ...rozenn,
  id: '0b5c1f0a-8e0d-4d3c-a7a8-2e9e2f1d4c55',
  name: 'Bernard Tanguy',
  email: 'elu@commune.example',
  you: false,
  representative: false,
  services: [],
  state: 'unconfirmed',
  confirmed: undefined,
};
const gone: MemberShown = {
  ...bernard,
  id: '9d2d5a56-2f4b-4f7e-8f6a-6f0a6d0f3a77',
  name: '',
  email: '',
  idp: undefined,
  verified: 'declared',
  state: 'revoked',
  revoked: { at: new Date('2026-05-01T09:00:00Z'), by: 'you', reason: 'A quitté le bureau en avril.' },
};
const organization = 'Association départementale des maires fictive';
const list = '/membres/000000109';

export const memberSamples: readonly Sample<'members/organizations' | 'members/list' | 'members/act'>[] = [
  {
    name: 'members-list',
    page: 'members/list',
    model: {
      organization,
      siren: '000000109',
      backHref: '/compte',
      done: 'confirm',
      representatives: [
        {
          name: 'Rozenn Kervella',
          email: 'membre@amd-fictif.example',
          capacity: 'présidente',
          until: '2028-12-31',
          you: true,
          file: 'D-26-7K3QXWPB',
          fileHref: '/demandes/D-26-7K3QXWPB',
        },
      ],
      total: 53,
      toConfirm: 1,
      members: [
        {
          ...bernard,
          confirm: { action: `${list}/b/confirmer`, seen: 0 },
          revokeHref: `${list}/b/retirer`,
        },
        rozenn,
        { ...gone, restoreHref: `${list}/g/rendre` },
      ],
      page: 1,
      pages: 2,
      nextHref: `${list}?page=2`,
    },
  },
  {
    name: 'members-act-errors',
    page: 'members/act',
    model: {
      act: 'revoke',
      organization,
      member: { ...bernard, services: ['Docs', 'Visio'] },
      action: `${list}/b/retirer`,
      backHref: list,
      seen: 1,
      reason: '',
      problem: 'reason_missing',
      stale: false,
      sessions: 2,
      grants: 3,
      guests: [
        {
          id: 'i1',
          address: 'tresorier@asso.example',
          service: 'Tchap',
          endsOn: '2027-01-31',
          live: 2,
          takeOver: { chosen: true },
        },
        { id: 'i2', address: 'elu@commune.example', service: 'Visio', endsOn: '2026-12-31', live: 0 },
      ],
      oneself: false,
      lastRepresentative: false,
    },
  },
  {
    name: 'members-act-guests-many',
    page: 'members/act',
    model: {
      act: 'revoke',
      organization,
      member: bernard,
      action: `${list}/b/retirer`,
      backHref: list,
      seen: 1,
      reason: 'A quitté la commune.',
      problem: 'guests_many',
      stale: false,
      sessions: 0,
      grants: 0,
      guests: [
        {
          id: 'i1',
          address: 'tresorier@asso.example',
          service: 'Tchap',
          endsOn: '2027-01-31',
          live: 1,
          takeOver: { chosen: false },
        },
      ],
      oneself: false,
      lastRepresentative: false,
    },
  },
  {
    name: 'members-restore',
    page: 'members/act',
    model: {
      act: 'restore',
      organization,
      member: gone,
      action: `${list}/g/rendre`,
      backHref: list,
      seen: 1,
      reason: 'Réélu.',
      stale: true,
      sessions: 0,
      grants: 0,
      guests: [],
      oneself: false,
      lastRepresentative: false,
    },
  },
  {
    name: 'members-organizations',
    page: 'members/organizations',
    model: {
      email: 'elu@commune.example',
      requestsHref: '/demandes',
      accountHref: '/compte',
      organizations: [],
    },
  },
  {
    name: 'members-two-organizations',
    page: 'members/organizations',
    model: {
      email: 'elu@commune.example',
      requestsHref: '/demandes',
      accountHref: '/compte',
      organizations: ['000000109', '000000406'].map((siren) => ({
        name: organization,
        siren,
        capacity: 'présidente',
        until: '2028-12-31',
        href: `/membres/${siren}`,
      })),
    },
  },
];
