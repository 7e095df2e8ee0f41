import { hasBlockReason } from '../blocking/blocking.ts';
import { BrokerError } from '../errors/errors.ts';
import { hasReason, longestReason, personNamed, personsPath, textOf } from './person-form.ts';
import { showPerson } from './person.ts';
import type { Asked } from './route.ts';

/*
 * An account that nobody is to use: a telephone that was stolen, somebody who is impersonated. It is undone by the same
 * form. Nothing is decided about an organization: what the person did stays.
 */

/** The form says what it saw: `bloquer` on the page of an account that may be used, `debloquer` on that of a blocked one. */
const acts = new Map([
  ['bloquer', 'block'],
  ['debloquer', 'unblock'],
] as const);

export async function changeAccountBlock(asked: Asked): Promise<void> {
  const { ctx, me, needs, form } = asked;
  const act = [...acts].find(([name]) => name === textOf(form, 'acte'))?.[1];
  const person = await personNamed(asked);
  const accountId = person?.accountId;
  if (person === undefined || accountId === undefined || act === undefined)
    throw new BrokerError('M-DATA-001', { detail: `${me.operator.id}: nobody to block` });
  const reason = textOf(form, 'blocage');
  if (!hasBlockReason(reason)) {
    const read = textOf(form, 'motif');
    await showPerson(asked, person, hasReason(read) ? read : 'Blocage du compte.', {
      blockProblem: 'motif',
      blockTyped: reason.slice(0, longestReason),
    });
    return;
  }
  // Their roles end first, by the hand of whoever keeps operators: a block is no way around that.
  const plan = act === 'block' ? await needs.personalData.plan({ ...person, accountId }) : undefined;
  if (plan?.refused !== undefined)
    throw new BrokerError('M-ACCT-005', { detail: `${me.operator.id}: ${accountId} is in charge` });
  await needs.blocking.change({ act, accountId, reason, actor: me.actor });
  ctx.status = 303;
  ctx.redirect(`${needs.basePath}${personsPath}?fait=${act === 'block' ? 'bloque' : 'debloque'}`);
}
