import type { Sample } from './page-samples.ts';
import { frame } from './policy-samples.ts';

const at = (time: string): Date => new Date(`2026-11-22T${time}:00Z`);

/** How identity providers are: each state, with as much and as little as a row may hold. */
export const providerSamples: readonly Sample[] = [
  {
    name: 'operator-providers',
    page: 'operator-providers',
    model: {
      console: frame('providers'),
      windowMinutes: 15,
      rows: [
        {
          name: 'Commune d’Exempleville',
          id: 'exempleville',
          state: 'away',
          lastAt: at('07:58'),
          lastFailure: { at: at('09:29'), code: 'M-UPST-001' },
          errors: { failed: 12, asked: 20, share: 60 },
          readAt: at('07:50'),
          keys: { changes: 2, updatedAt: at('06:00') },
          certificate: { endsOn: new Date('2026-12-01T00:00:00Z'), soon: true },
          support: {
            name: 'Assistance informatique d’Exempleville',
            href: 'mailto:aide@exempleville.example',
          },
          statusHref: 'https://etat.exempleville.example/',
          hosting: 'Centre de données d’Exemple, FR, SecNumCloud',
        },
        {
          name: 'Préfecture',
          id: 'prefecture',
          state: 'failing',
          lastAt: at('09:30'),
          readAt: at('08:00'),
          certificate: { endsOn: new Date('2027-06-01T00:00:00Z'), soon: false },
          support: { name: 'Assistance', href: 'https://aide.prefecture.example/' },
        },
      ],
    },
  },
  {
    name: 'operator-providers-calm',
    page: 'operator-providers',
    model: {
      console: frame('providers'),
      windowMinutes: 15,
      rows: [
        {
          name: 'Région',
          id: 'region',
          state: 'probing',
          support: { name: 'Aide', href: 'https://a.example/' },
        },
        {
          name: 'Ministère',
          id: 'ministere',
          state: 'answers',
          errors: { failed: 0, asked: 1400, share: 0 },
          keys: { changes: 1, updatedAt: at('06:00') },
          support: { name: 'Aide', href: 'https://a.example/' },
        },
        {
          name: 'Agence',
          id: 'agence',
          state: 'unknown',
          support: { name: 'Aide', href: 'https://a.example/' },
        },
      ],
    },
  },
  {
    name: 'operator-providers-none',
    page: 'operator-providers',
    model: { console: frame('providers'), windowMinutes: 15, rows: [] },
  },
  {
    name: 'error-provider-away',
    page: 'error',
    model: {
      title: 'Commune d’Exempleville ne répond pas',
      why: 'Nous n’arrivons pas à joindre le site sur lequel vous donnez votre mot de passe. Les autres organisations ne sont pas touchées.',
      todo: ['Recommencez dans quelques minutes.', 'Si cela dure, prévenez votre service informatique.'],
      service: 'Docs',
      reference: { code: 'M-UPST-001', id: '7F3A-91C2' },
      back: { href: '/interaction/x/cancel?because=M-UPST-001' },
      support: { href: 'mailto:aide@exempleville.example', name: 'Assistance d’Exempleville' },
      otherAccountHref: '/interaction/x/other-account',
      away: {
        again: {
          action: '/interaction/x/idp',
          hidden: { email: 'camille@exempleville.example', idp: 'exempleville' },
        },
        others: [
          {
            name: 'Agglomération d’Exemple',
            action: '/interaction/x/idp',
            hidden: { email: 'camille@exempleville.example', idp: 'agglo' },
          },
        ],
        helpHref: 'https://exempleville.example/aide',
        statusHref: 'https://etat.exempleville.example/',
      },
      other: {
        lang: 'en',
        title: 'Commune d’Exempleville does not answer',
        why: 'We cannot reach the site where you give your password.',
        todo: ['Try again in a few minutes.'],
      },
    },
  },
];
