import type { Contact } from '../registrations/registrations.ts';
import type { FormStep } from './draft-page.ts';

const contactOf = (form: URLSearchParams, who: 'dataProtection' | 'security'): Contact => ({
  name: form.get(`${who}-name`) ?? '',
  email: form.get(`${who}-email`) ?? '',
  phone: form.get(`${who}-phone`) ?? '',
});

/** Whom to write to about personal data and incidents, and the domains of the organization's addresses. */
export const contactsStep: FormStep = {
  step: 'contacts',
  async read(form) {
    await Promise.resolve();
    return {
      dataProtection: contactOf(form, 'dataProtection'),
      security: contactOf(form, 'security'),
      // One a line; people also part them with commas and semicolons.
      domains: (form.get('domains') ?? '').split(/[\s,;]+/u).filter((domain) => domain !== ''),
    };
  },
  async show(ctx, { opened, frame, status }, { http }) {
    await Promise.resolve();
    const { dataProtection, security, domains } = opened.content;
    http.renderPage(
      ctx,
      'applicants/contacts',
      { ...frame, dataProtection, security, domains: domains.join('\n') },
      { status, formsStayHere: true },
    );
  },
};
