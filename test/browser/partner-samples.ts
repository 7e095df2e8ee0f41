/** The pages of people who have no identity provider, in the states in which they are met. */
import type { PageName, Pages } from '../../src/http/http.ts';
import type { Sample } from './page-samples.ts';

const sample = <K extends PageName>(name: string, page: K, model: Pages[K]): Sample<K> => ({
  name,
  page,
  model,
});

const onTheWay = { service: 'Docs', back: { href: '/interaction/essai/cancel' } };
const email = 'camille.lemarchand@atelier.example';
const passkey = {
  action: '/interaction/essai/passkey',
  ask: '{"challenge":"AAAA"}',
  challenge: 'sealed.AAAA',
};
const retryHref = '/interaction/essai?change';

export const partnerSamples: readonly Sample[] = [
  sample('email-with-passkey', 'email', {
    ...onTheWay,
    action: '/interaction/essai/email',
    passkey,
    requestHref: '/demandes',
  }),
  sample('email-gained', 'email', {
    ...onTheWay,
    action: '/interaction/essai/email',
    email,
    gained: true,
    requestHref: '/demandes',
  }),
  sample('unknown-domain-code', 'unknown-domain', {
    ...onTheWay,
    email,
    domain: 'atelier.example',
    retryHref,
    action: '/interaction/essai/email',
    codeAction: '/interaction/essai/code/new',
    suggestions: [{ email: 'camille@ateliers.example', shown: 'camille@ateliers.example' }],
    requestHref: '/demandes',
    reference: { code: 'M-ROUT-002', id: '7F3A-91C2' },
  }),
  sample('partner-code', 'partner-code', {
    ...onTheWay,
    email,
    action: '/interaction/essai/code',
    resendAction: '/interaction/essai/code/resend',
    resendAt: new Date('2026-11-23T09:40:00Z'),
    retryHref,
  }),
  sample('partner-code-wrong', 'partner-code', {
    ...onTheWay,
    email,
    action: '/interaction/essai/code',
    resendAction: '/interaction/essai/code/resend',
    retryHref,
    error: 'wrong',
  }),
  ...(['missing', 'expired', 'none', 'too_many', 'wait'] as const).map((error) =>
    sample(`partner-code-${error}`, 'partner-code', {
      email,
      action: '/interaction/essai/code',
      resendAction: '/interaction/essai/code/resend',
      retryHref,
      error,
    }),
  ),
  sample('partner-code-resent', 'partner-code', {
    ...onTheWay,
    email,
    action: '/interaction/essai/code',
    resendAction: '/interaction/essai/code/resend',
    resendAt: new Date('2026-11-23T09:40:00Z'),
    resent: true,
    retryHref,
  }),
  sample('partner-name', 'partner-name', {
    ...onTheWay,
    email,
    action: '/interaction/essai/name',
    givenName: '',
    usualName: '',
  }),
  ...(['given_name', 'usual_name'] as const).map((error) =>
    sample(`partner-name-${error.replace('_', '-')}`, 'partner-name', {
      ...onTheWay,
      email,
      action: '/interaction/essai/name',
      givenName: 'Camille',
      usualName: 'https://ailleurs.example',
      error,
    }),
  ),
  sample('partner-second-factor', 'partner-second-factor', {
    ...onTheWay,
    email,
    action: '/interaction/essai/second-factor',
    totp: true,
    recovery: true,
    passkey,
    lostHref: '/interaction/essai/second-factor/lost',
    retryHref,
  }),
  ...(['totp', 'totp_used', 'recovery', 'passkey'] as const).map((error) =>
    sample(`partner-second-factor-${error.replace('_', '-')}`, 'partner-second-factor', {
      ...onTheWay,
      email,
      action: '/interaction/essai/second-factor',
      totp: true,
      recovery: true,
      lostHref: '/interaction/essai/second-factor/lost',
      retryHref,
      error,
    }),
  ),
  sample('partner-lost-factors', 'partner-lost-factors', {
    ...onTheWay,
    email,
    action: '/interaction/essai/second-factor/lost',
    ready: false,
    retryHref: '/interaction/essai/second-factor',
  }),
  ...[false, true].map((ready) =>
    sample(`partner-lost-factors-${ready ? 'ready' : 'waiting'}`, 'partner-lost-factors', {
      ...onTheWay,
      email,
      action: '/interaction/essai/second-factor/lost',
      readyAt: new Date('2026-11-26T09:40:00Z'),
      ready,
      retryHref: '/interaction/essai/second-factor',
    }),
  ),
  sample('partner-enrolment', 'partner-enrolment', {
    ...onTheWay,
    email,
    passkey,
    totpHref: '/interaction/essai/enrol/totp',
  }),
  sample('partner-enrolment-failed', 'partner-enrolment', {
    email,
    passkey,
    totpHref: '/interaction/essai/enrol/totp',
    error: 'passkey',
  }),
  ...([undefined, 'totp', 'renewed'] as const).map((error) =>
    sample(`partner-totp${error === undefined ? '' : `-${error}`}`, 'partner-totp', {
      ...onTheWay,
      action: '/interaction/essai/enrol/totp',
      sealed: 'sealed.AAAA',
      picture:
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3 3"><rect width="3" height="3" fill="#fff"/><path d="M0 0h1v1H0zM2 0h1v1H2zM1 1h1v1H1z"/></svg>',
      secret: 'JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP',
      retryHref: '/interaction/essai/enrol',
      error,
    }),
  ),
  sample('partner-recovery-codes', 'partner-recovery-codes', {
    service: 'Docs',
    codes: ['7kq2-m4xt-9wpr', 'b3vn-8hds-y6fc', '2tzg-5rjw-k9mp', 'd7xh-4cqs-n8vb'],
    action: '/interaction/essai/enrol/codes',
  }),
  sample('partner-recovery-codes-again', 'partner-recovery-codes', {
    action: '/interaction/essai/enrol/codes',
  }),
];
