import type { FileAction } from '../http/http.ts';
import { canRenew, possible } from '../registrations/registrations.ts';
import type { Act, ApplicantActor, Opened } from '../registrations/registrations.ts';
import type { Addresses } from './addresses.ts';

/** What an applicant may do on a file that was sent, and the page that asks first. */
export const fileActs = [
  { act: 'withdraw_request', page: 'retirer', writes: false },
  { act: 'ask_motives', page: 'motifs', writes: false },
  { act: 'answer_notice', page: 'observations', writes: true },
  { act: 'appeal', page: 'recours', writes: true },
] as const;
export type FileAct = (typeof fileActs)[number];

/** Asks for more than a text: it has a page of its own (renounce.ts). */
export const renouncePage = 'renoncer';

export const fileActOf = (page: string): FileAct | undefined => fileActs.find((one) => one.page === page);

/** As the room of registrations takes it. */
export function actOf(name: FileAct['act'], service: string, text: string): Act {
  switch (name) {
    case 'withdraw_request':
      return { act: name };
    case 'ask_motives':
      return { act: name, service };
    case 'answer_notice':
    case 'appeal':
      return { act: name, service, text };
  }
}

/** What the page of the file offers now; `service` undefined: on the whole file. */
export function actionsOf(
  { file, circumstances, senderRevoked }: Pick<Opened, 'file' | 'circumstances' | 'senderRevoked'>,
  actor: ApplicantActor,
  at: Date,
  { page }: Addresses,
): readonly (FileAction & { readonly service?: string | undefined })[] {
  // The organization has taken away from them that they act for it.
  if (senderRevoked === true) return [];
  const now = possible(file, actor, at, circumstances);
  const supply = now.some(({ act }) => act === 'supply')
    ? [{ act: 'supply', href: page(file.id, 'repondre') }]
    : [];
  const others = fileActs.flatMap(({ act, page: name }) =>
    now
      .filter((one) => one.act === act)
      .map(({ service }) => ({
        act,
        service,
        href: page(file.id, service === undefined ? name : `${name}/${encodeURIComponent(service)}`),
      })),
  );
  const givingUp = now
    .filter((one) => one.act === 'renounce')
    .map(({ act, service = '' }) => ({
      act,
      service,
      href: page(file.id, `${renouncePage}/${encodeURIComponent(service)}`),
    }));
  return [
    ...supply,
    ...(canRenew(file) ? [{ act: 'renew', href: page(file.id, 'renouveler') }] : []),
    ...others,
    ...givingUp,
  ];
}
