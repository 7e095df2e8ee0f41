import { changeAccountBlock } from './person-block.ts';
import { hasReason, personsPath, personNamed, textOf } from './person-form.ts';
import { showList } from './person-list.ts';
import { downloadPerson, showPerson } from './person.ts';
import { askToErase, confirmToErase, dropToErase } from './person-erasure.ts';
import { listForm, listPage, mount } from './route.ts';
import type { Asked, Route } from './route.ts';
import type { Section } from './section.ts';

/** Whom the form names, and why they are read. Who is found is recorded, and so is a search that finds nobody. */
async function search(asked: Asked): Promise<void> {
  const { needs, form, me } = asked;
  const typed = textOf(form, 'qui');
  const reason = textOf(form, 'motif');
  // From the list of those found under one address.
  const chosen = form.has('compte') ? await personNamed(asked) : undefined;
  const found = typed === '' ? undefined : await needs.personalData.find(typed);
  const problems = [
    ...(found === undefined && chosen === undefined ? (['qui'] as const) : []),
    ...(hasReason(reason) ? [] : (['motif'] as const)),
  ];
  if (problems.length > 0) {
    await showList(asked, { problems });
    return;
  }
  if (chosen !== undefined || found === undefined) {
    await (chosen === undefined ? showList(asked) : showPerson(asked, chosen, reason));
    return;
  }
  const { address, accounts, alone } = found;
  const [one] = accounts;
  const isOne = one === undefined ? alone : accounts.length === 1 && (one.proven || address === undefined);
  if (isOne) {
    await showPerson(asked, { accountId: one?.accountId, address }, reason);
    return;
  }
  const numbers = accounts.map(({ accountId }) => accountId);
  await needs.personalData.recordSearch(address ?? typed, numbers, { actor: me.actor, reason });
  await showList(asked, {
    found: accounts.map(({ accountId: account, proven, ...shown }) => ({
      account,
      address: proven ? address : undefined,
      ...shown,
    })),
    alone: alone ? address : undefined,
  });
}

const form = { formPage: () => personsPath, sensitive: true } as const;

export const personRoutes: readonly Route[] = [
  listPage({ path: personsPath, action: 'person.read', answer: (asked) => showList(asked) }),
  listForm({ ...form, path: personsPath, action: 'person.read', answer: search }),
  listForm({ ...form, path: `${personsPath}/copie`, action: 'person.read', answer: downloadPerson }),
  listForm({ ...form, path: `${personsPath}/effacer`, action: 'person.erase', answer: askToErase }),
  listForm({
    ...form,
    path: `${personsPath}/effacer/confirmer`,
    action: 'person.erase',
    answer: confirmToErase,
  }),
  listForm({
    ...form,
    path: `${personsPath}/effacer/abandonner`,
    action: 'person.erase',
    answer: dropToErase,
  }),
  listForm({
    ...form,
    path: `${personsPath}/bloquer`,
    action: 'person.block',
    answer: changeAccountBlock,
  }),
];

export const persons: Section = {
  name: 'persons',
  path: personsPath,
  action: 'person.read',
  routes: (router, needs) => mount(router, needs, personRoutes),
};
