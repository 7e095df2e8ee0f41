import type { Act } from '../act.ts';
import type { RegistrationFile } from '../file.ts';
import {
  acceptance,
  after,
  alice,
  applicant,
  bob,
  carol,
  clock,
  empty,
  reasons,
  register,
  said,
  terms,
  unasked,
} from './people.ts';
import type { Said } from './people.ts';

export const service = 'docs';
const submit: Said = said('2026-11-21', applicant, { act: 'submit', content: {}, services: [service] });
const take = (on: string, by = alice): Said => said(on, by, { act: 'take' });
const propose = (on: string, decision: 'refuse' | 'abrogate'): Said =>
  said(on, alice, { act: 'propose', service, proposal: { decision, ...reasons } });
const withdraw = (on: string): Said =>
  said(on, alice, {
    act: 'propose',
    service,
    proposal: { decision: 'withdraw', ...reasons, because: 'illegal' },
  });
const confirm = (on: string): Said => said(on, bob, { act: 'confirm', service });
const ask = (on: string, blocking: boolean): Said =>
  said(on, alice, { act: 'ask_pieces', pieces: ['statutes'], text: 'Les statuts ?', days: 30, blocking });
const approve = (on: string): Said => said(on, alice, { act: 'approve', service, terms, text: 'Accordé.' });
const notify = (on: string): Said =>
  said(on, alice, { act: 'notify_suspension', service, ...reasons, days: 15 });
const reply = (on: string): Said => said(on, applicant, { act: 'answer_notice', service, text: 'Non.' });
const urgent = (on: string): Said => said(on, alice, { act: 'suspend_urgently', service, ...reasons });
const renounce = (on: string, from: string): Said =>
  said(on, applicant, { act: 'renounce', service, from, text: '' });
/** What came by post, as one person noted it. */
const noted = (on: string, from: string): Said =>
  said(on, alice, {
    act: 'propose',
    service,
    proposal: { decision: 'renounce', text: '', from, receivedOn: on },
  });
const appeal = (on: string): Said => said(on, applicant, { act: 'appeal', service, text: 'Non.' });

const submitted = after(empty, [submit]);
const reviewed = after(submitted, [take('2026-12-01')]);
const refused = after(reviewed, [propose('2026-12-02', 'refuse'), confirm('2026-12-03')]);
const silent: Act = { act: 'silence', service, means: 'refusal' };
const unanswered = after(submitted, [said('2027-01-22', clock, silent)]);
const asksWhy = after(unanswered, [
  take('2027-01-23'),
  said('2027-01-23', applicant, { act: 'ask_motives', service }),
]);
const approved = after(reviewed, [approve('2026-12-10')]);
const silentlyAccepted = after(
  submitted,
  [said('2027-01-22', clock, { ...silent, means: 'acceptance' }), take('2027-01-23')],
  acceptance,
);
const notified = after(approved, [notify('2027-01-05')]);
const heard = after(notified, [reply('2027-01-06')]);
const suspended = after(heard, [said('2027-01-07', alice, { act: 'suspend', service, ...reasons })]);
const rushed = after(approved, [urgent('2027-01-05')]);
const rushedAndHeard = after(rushed, [notify('2027-01-05'), reply('2027-01-06')]);
const abrogated = after(suspended, [propose('2027-01-08', 'abrogate'), confirm('2027-01-08')]);
const onPaper = (on: string): Said =>
  said(on, carol, { act: 'appeal', service, text: 'Par courrier.', receivedOn: on });
const closed = after(approved, [said('2027-06-01', register, { act: 'close', service, text: 'Cessée.' })]);
const overSuspended = after(rushed, [said('2028-01-01', clock, { act: 'expire', service })]);

const appealed = after(refused, [appeal('2026-12-20')]);
const recorded = after(refused, [
  said('2026-12-20', carol, { act: 'appeal', service, text: 'Par courrier.', receivedOn: '2026-12-20' }),
]);
const recordedUpheld = after(recorded, [said('2027-02-21', clock, silent), take('2027-02-22', carol)]);
const silentlyUpheld = after(appealed, [said('2027-02-21', clock, silent), take('2027-02-22', carol)]);
const upheld: Act = { act: 'decide_appeal', service, outcome: 'upheld', text: 'Non.', rule: 'La règle.' };

const granted = after(unasked, [
  said('2026-12-10', bob, {
    act: 'grant',
    lot: 'L-26-7K3QXWPB',
    services: [{ service, terms: { ...terms, conditions: ['Rester une association.'] } }],
    text: 'Convention.',
    contact: 'contact@asso.example',
    proposedBy: alice,
  }),
  take('2027-01-02'),
]);
const grantedNotified = after(granted, [notify('2027-01-05')]);
const grantedHeard = after(grantedNotified, [
  said('2027-01-20', carol, {
    act: 'answer_notice',
    service,
    text: 'Par courrier.',
    receivedOn: '2027-01-12',
  }),
]);

/** Files in every state, with what may be there besides. */
export const examples: readonly RegistrationFile[] = [
  unasked,
  granted,
  grantedNotified,
  after(grantedHeard, [withdraw('2027-01-21')]),
  after(grantedHeard, [withdraw('2027-01-21'), confirm('2027-01-21')]),
  after(granted, [said('2027-10-02', clock, { act: 'renewal_due', service })]),
  empty,
  submitted,
  reviewed,
  after(reviewed, [said('2026-12-01', alice, { act: 'release' })]),
  after(reviewed, [propose('2026-12-02', 'refuse')]),
  after(reviewed, [ask('2026-12-10', true)]),
  after(reviewed, [ask('2026-12-10', false)]),
  after(reviewed, [ask('2026-12-10', true), propose('2027-01-10', 'refuse')]),
  after(reviewed, [said('2026-12-02', applicant, { act: 'withdraw_request' })]),
  refused,
  unanswered,
  asksWhy,
  after(asksWhy, [propose('2027-01-24', 'refuse')]),
  after(asksWhy, [appeal('2027-01-24')]),
  approved,
  after(approved, [said('2026-12-10', alice, { act: 'release' })]),
  silentlyAccepted,
  after(approved, [said('2027-10-02', clock, { act: 'renewal_due', service })]),
  notified,
  after(approved, [notify('2027-10-01')]),
  heard,
  after(heard, [propose('2027-01-07', 'abrogate')]),
  after(heard, [withdraw('2027-01-07')]),
  suspended,
  after(suspended, [propose('2027-01-08', 'abrogate')]),
  after(suspended, [withdraw('2027-01-08')]),
  rushed,
  after(rushed, [notify('2027-01-05')]),
  rushedAndHeard,
  after(rushedAndHeard, [propose('2027-01-07', 'abrogate')]),
  after(rushedAndHeard, [withdraw('2027-01-07')]),
  abrogated,
  after(heard, [withdraw('2027-01-07'), confirm('2027-01-08')]),
  appealed,
  after(appealed, [take('2026-12-21', carol)]),
  after(suspended, [appeal('2027-01-20'), take('2027-01-21', carol)]),
  after(rushed, [appeal('2027-01-20'), take('2027-01-21', carol)]),
  recorded,
  recordedUpheld,
  after(recordedUpheld, [said('2027-02-23', carol, upheld)]),
  silentlyUpheld,
  after(silentlyUpheld, [said('2027-02-23', carol, upheld)]),
  after(approved, [said('2027-11-30', clock, { act: 'renewed_by', service, registration: 'D-27-7K3QXWPB' })]),
  after(approved, [said('2028-01-01', clock, { act: 'expire', service })]),
  after(approved, [renounce('2027-02-01', '2027-02-01')]),
  after(approved, [renounce('2027-02-01', '2027-09-01')]),
  after(suspended, [renounce('2027-02-01', '2027-09-01')]),
  after(approved, [noted('2027-02-01', '2027-09-01')]),
  after(silentlyAccepted, [noted('2027-02-01', '2027-09-01')], acceptance),
  after(approved, [
    said('2027-10-02', clock, { act: 'renewal_due', service }),
    noted('2027-10-02', '2027-12-01'),
  ]),
  after(notified, [noted('2027-01-06', '2027-09-01')]),
  after(suspended, [noted('2027-01-08', '2027-09-01')]),
  after(rushed, [noted('2027-01-06', '2027-09-01')]),
  closed,
  after(closed, [onPaper('2027-06-02'), take('2027-06-03', carol)]),
  after(approved, [onPaper('2026-12-20'), take('2026-12-21', carol)]),
  overSuspended,
  after(overSuspended, [onPaper('2028-01-02'), take('2028-01-03', carol)]),
];
