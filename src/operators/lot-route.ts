import type { Context } from 'koa';
import type { OpenedBatch, Viewer } from '../batches/batches.ts';
import { readNumber } from '../registrations/registrations.ts';
import type { Operator } from '../declarations/declarations.ts';
import { isForAllServices } from './corrector.ts';
import type { TakeForm } from './gate.ts';
import { isInPerimeter } from './perimeter.ts';
import { form, list, page, parameter } from './route.ts';
import type { Asked, Form, Route, Row } from './route.ts';
import { mayAnywhere } from './roles.ts';
import type { Action } from './roles.ts';

/** What the handler of a route about a lot is given. */
export interface AskedOfLot extends Asked {
  readonly opened: OpenedBatch;
  readonly viewer: Viewer;
}

/** An organization that enters the register counts there for every service: it is not for who decides on some of them. */
export const boundsOf =
  ({ perimeter }: Pick<Operator, 'perimeter'>): Viewer['within'] =>
  (place, service) =>
    (place.enters !== true || isForAllServices({ perimeter })) &&
    isInPerimeter(perimeter, { ...place, services: [service] });

/** How far somebody sees: each service of a lot, and each organization of it. */
export const viewerOf = ({ me: { actor, operator, today }, needs }: Pick<Asked, 'me' | 'needs'>): Viewer => {
  return {
    actor,
    within: boundsOf(operator),
    chargeOf(person, to) {
      const declared = needs.snapshot().operators.get(person.id);
      const isCharged = declared !== undefined && mayAnywhere(declared, `bulk.${to}`, today);
      return isCharged ? boundsOf(declared) : undefined;
    },
    confirmers: () =>
      [...needs.snapshot().operators.values()]
        .filter((one) => mayAnywhere(one, 'bulk.confirm', today))
        .map((one) => ({ id: one.id, email: one.email, within: boundsOf(one) })),
  };
};

/** @throws BrokerError M-FILE-006 beyond the roles, M-BULK-001 for what does not exist or lies out of the perimeter */
export async function lotOf(asked: Asked, action: Action): Promise<AskedOfLot> {
  await list(asked, action);
  const { ctx, me, needs } = asked;
  const viewer = viewerOf(asked);
  const opened = await needs.batches.open(readNumber(parameter(ctx, 'lot'), 'L') ?? '', viewer);
  await needs.recordRead(me.actor, { act: 'batch.read', subject: `batch:${opened.batch.id}` });
  return { ...asked, opened, viewer };
}

/** The page of the lot that the address names. */
export const ofLot = (ctx: Context): string => `/operateur/lots/${encodeURIComponent(parameter(ctx, 'lot'))}`;

export const lotPage = (row: Row<AskedOfLot>): Route => page('lot', row, lotOf);
export const lotForm = (row: Form<AskedOfLot>): Route => form('lot', row, lotOf);

/** A form with a file: whoever may not send it is told before any of it is read. */
export const lotUpload = ({
  path,
  action,
  answer,
  formPage,
  sensitive = false,
}: Omit<Form<AskedOfLot>, 'answer'> & {
  readonly answer: (asked: AskedOfLot, take: TakeForm) => Promise<void>;
}): Route => ({
  method: 'post',
  path,
  action,
  of: 'lot',
  sensitive,
  handler: (needs) =>
    needs.gate.upload(
      async (ctx, me, take) =>
        answer(await lotOf({ ctx, me, needs, form: new URLSearchParams() }, action), take),
      { formPage, sensitive },
    ),
});
