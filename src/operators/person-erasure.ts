import { BrokerError } from '../errors/errors.ts';
import type { Person } from '../personal-data/personal-data.ts';
import { hasReason, longestReason, personNamed, personsPath, textOf } from './person-form.ts';
import { showList } from './person-list.ts';
import { showPerson } from './person.ts';
import { mayAnywhere } from './roles.ts';
import type { Asked } from './route.ts';

/*
 * A person asked in writing. One administrator prepares the erasure, with the reason and the letter; another reads what it
 * does, and confirms it.
 */

async function accountNamed(asked: Asked): Promise<Person & { readonly accountId: string }> {
  const person = await personNamed(asked);
  if (person?.accountId === undefined)
    throw new BrokerError('M-DATA-001', { detail: `${asked.me.operator.id}: nobody` });
  return { accountId: person.accountId, address: person.address };
}

const readingReason = ({ form }: Asked): string => {
  const reason = textOf(form, 'motif');
  return hasReason(reason) ? reason : 'Effacement demandé par écrit.';
};

export async function askToErase(asked: Asked): Promise<void> {
  const { ctx, me, needs, form } = asked;
  const { personalData, basePath } = needs;
  const person = await accountNamed(asked);
  const reason = textOf(form, 'raison');
  if (!hasReason(reason)) {
    const typed = reason.slice(0, longestReason);
    await showPerson(asked, person, readingReason(asked), { problem: 'motif', typed });
    return;
  }
  const plan = await personalData.plan(person);
  if (plan === undefined) throw new BrokerError('M-DATA-001', { detail: person.accountId });
  if (plan.refused !== undefined) throw new BrokerError('M-DATA-002', { detail: person.accountId });
  await personalData.written.ask({ person, reason, by: me });
  ctx.status = 303;
  ctx.redirect(`${basePath}${personsPath}?fait=prepare`);
}

export async function confirmToErase(asked: Asked): Promise<void> {
  const { me, needs, form } = asked;
  try {
    const plan = await needs.personalData.written.confirm({
      id: textOf(form, 'demande'),
      seen: textOf(form, 'vu'),
      by: me,
      mayErase: (operator) => mayAnywhere(operator, 'person.erase', me.today),
    });
    // Nothing of it stands in an address: whoever confirms answers the letter with this page.
    await showList({ ...asked, form: new URLSearchParams() }, { plan });
  } catch (error) {
    if (!(error instanceof BrokerError) || error.code !== 'M-DATA-003') throw error;
    await showPerson(asked, await accountNamed(asked), readingReason(asked), { changed: true });
  }
}

export async function dropToErase({ ctx, me, needs, form }: Asked): Promise<void> {
  const reason = textOf(form, 'raison');
  await needs.personalData.written.drop({
    id: textOf(form, 'demande'),
    by: me,
    ...(hasReason(reason) ? { reason } : { reason: 'Abandonné.' }),
  });
  ctx.status = 303;
  ctx.redirect(`${needs.basePath}${personsPath}?fait=abandonne`);
}
