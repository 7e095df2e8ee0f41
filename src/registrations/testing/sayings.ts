import type { Act, ActName, Proposal } from '../act.ts';
import type { RegistrationFile } from '../file.ts';
import { caughtUp } from '../lifecycle.ts';
import { after, alice, applicant, bob, empty, noon, reasons, refusal, said, terms } from './people.ts';

/*
 * What is said in most stories of one file, and the first chapters of them.
 */

type Saying<N extends ActName> = Extract<Act, { act: N }>;

export const service = 'docs';
export const submit: Saying<'submit'> = { act: 'submit', content: {}, services: [service] };
export const submitBoth: Saying<'submit'> = { ...submit, services: ['docs', 'tchap'] };
export const take: Saying<'take'> = { act: 'take' };
export const release: Saying<'release'> = { act: 'release' };
export const note: Saying<'note'> = { act: 'note', text: 'À voir.' };
export const approve: Saying<'approve'> = { act: 'approve', service, terms, text: 'Accordé.' };
export const refuse: Saying<'propose'> = {
  act: 'propose',
  service,
  proposal: { decision: 'refuse', ...reasons },
};
export const confirm: Saying<'confirm'> = { act: 'confirm', service };
export const supply: Saying<'supply'> = { act: 'supply', evidence: [], text: '' };
export const notify: Saying<'notify_suspension'> = {
  act: 'notify_suspension',
  service,
  ...reasons,
  days: 15,
};
export const suspend: Saying<'suspend'> = { act: 'suspend', service, ...reasons };
export const urgent: Saying<'suspend_urgently'> = { act: 'suspend_urgently', service, ...reasons };
export const reply: Saying<'answer_notice'> = { act: 'answer_notice', service, text: 'Voici.' };
export const appeal: Saying<'appeal'> = { act: 'appeal', service, text: 'Je conteste.' };
export const askWhy: Saying<'ask_motives'> = { act: 'ask_motives', service };
export const sayWhy: Saying<'communicate_motives'> = { act: 'communicate_motives', service, ...reasons };
export const reverse: Saying<'decide_appeal'> = {
  act: 'decide_appeal',
  service,
  outcome: 'reversed',
  terms: { ...terms, startsOn: '2027-06-01' },
  text: 'Oui.',
  rule: 'Art.',
};
export const uphold: Saying<'decide_appeal'> = {
  act: 'decide_appeal',
  service,
  outcome: 'upheld',
  text: 'Non.',
  rule: 'Art.',
};
export const ask = (blocking: boolean): Act => ({
  act: 'ask_pieces',
  pieces: [],
  text: 'Les statuts ?',
  days: 30,
  blocking,
});
export const propose = (proposal: Proposal): Act => ({ act: 'propose', service, proposal });

export const submitted = after(empty, [said('2026-11-21', applicant, submit)]);
export const taken = after(submitted, [said('2026-12-10', alice, take)]);
export const approved = after(taken, [said('2026-12-11', alice, approve)]);
export const refused = after(taken, [said('2026-12-11', alice, refuse), said('2026-12-12', bob, confirm)]);
/** With everything that time has done by noon of a day. */
export const by = (day: string, file: RegistrationFile, circumstances = refusal): RegistrationFile =>
  caughtUp(file, noon(day), circumstances).file;
export const state = (file: RegistrationFile, of = service): string | undefined =>
  file.requests.find((one) => one.service === of)?.state;
export const decided = (file: RegistrationFile) =>
  file.requests.find((one) => one.service === service)?.decided;
