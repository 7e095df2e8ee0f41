import { grounds } from '../eligibility/eligibility.ts';
import type { FormStep } from './draft-page.ts';
import { dayShown, dayTyped } from './typed-day.ts';

/** What the access is for, and on what the request rests. */
export const purposeStep: FormStep = {
  step: 'motif',
  async read(form) {
    await Promise.resolve();
    return {
      purpose: form.get('purpose') ?? '',
      ground: grounds.find((one) => one === form.get('ground')),
      agreement: {
        reference: form.get('agreement-reference') ?? '',
        startsOn: dayTyped(form.get('agreement-startsOn') ?? ''),
        endsOn: dayTyped(form.get('agreement-endsOn') ?? ''),
      },
      publicShare: form.get('publicShare') ?? '',
      notes: form.get('notes') ?? '',
    };
  },
  async show(ctx, { opened, frame, status }, { http }) {
    await Promise.resolve();
    const { purpose, ground, agreement, publicShare, notes } = opened.content;
    const { reference, startsOn, endsOn } = agreement;
    const shown = { reference, startsOn: dayShown(startsOn), endsOn: dayShown(endsOn) };
    http.renderPage(
      ctx,
      'applicants/purpose',
      {
        ...frame,
        purpose,
        grounds: grounds.map((id) => ({ id })),
        ground,
        agreement: shown,
        publicShare,
        notes,
      },
      { status, formsStayHere: true },
    );
  },
};
