import { tokens } from './html-page.ts';
import type { HtmlTag } from './html-page.ts';

/** A choice the person may make: a radio button, a box to tick, an option of a list, or a named submit button. */
interface Choice {
  readonly name: string;
  readonly value: string;
  readonly kind: 'radio' | 'checkbox' | 'option' | 'button';
  readonly preset: boolean;
  readonly formAction: string | undefined;
}

export interface HtmlForm {
  readonly action: string;
  readonly method: 'GET' | 'POST';
  /** Hidden and text fields with the value they hold. */
  readonly fields: ReadonlyMap<string, string>;
  readonly choices: readonly Choice[];
}

interface Draft {
  action: string;
  method: 'GET' | 'POST';
  fields: Map<string, string>;
  choices: Choice[];
}

const addInput = (form: Draft, { attributes }: HtmlTag): void => {
  const { name, type = 'text', value } = attributes;
  if (name === undefined || attributes['disabled'] !== undefined) return;
  if (type === 'radio' || type === 'checkbox') {
    const preset = attributes['checked'] !== undefined;
    form.choices.push({ name, value: value ?? 'on', kind: type, preset, formAction: undefined });
  } else if (type === 'submit' || type === 'image') {
    form.choices.push({
      name,
      value: value ?? '',
      kind: 'button',
      preset: false,
      formAction: attributes['formaction'],
    });
  } else if (type !== 'button' && type !== 'reset' && type !== 'file') form.fields.set(name, value ?? '');
};

const addButton = (form: Draft, { attributes }: HtmlTag): void => {
  const { name, value = '', type = 'submit' } = attributes;
  if (type !== 'submit' || name === undefined || attributes['disabled'] !== undefined) return;
  form.choices.push({ name, value, kind: 'button', preset: false, formAction: attributes['formaction'] });
};

/** Every form of a page, with absolute actions. Controls outside their form (`form="id"`) are not our pages' way. */
export const formsOf = (html: string, baseUrl: string): readonly HtmlForm[] => {
  const forms: Draft[] = [];
  let form: Draft | undefined;
  let select: string | undefined;
  let area: string | undefined;
  for (const token of tokens(html)) {
    if (typeof token === 'string') {
      if (area !== undefined)
        form?.fields.set(area, (form.fields.get(area) ?? '') + token.replace(/^\n/, ''));
      continue;
    }
    const { name, closing, attributes } = token;
    if (name === 'form') {
      form = undefined;
      if (closing) continue;
      const action = new URL(attributes['action'] ?? '', baseUrl).href;
      const method = attributes['method']?.toUpperCase() === 'POST' ? 'POST' : 'GET';
      form = { action, method, fields: new Map(), choices: [] };
      forms.push(form);
    } else if (name === 'textarea') {
      area = closing ? undefined : attributes['name'];
      if (area !== undefined) form?.fields.set(area, '');
    } else if (name === 'select') select = closing ? undefined : attributes['name'];
    else if (form === undefined || closing) continue;
    else if (name === 'input') addInput(form, token);
    else if (name === 'button') addButton(form, token);
    else if (name === 'option' && select !== undefined) {
      const first = !form.choices.some((choice) => choice.kind === 'option' && choice.name === select);
      const preset = attributes['selected'] !== undefined || first;
      form.choices.push({
        name: select,
        value: attributes['value'] ?? '',
        kind: 'option',
        preset,
        formAction: undefined,
      });
    }
  }
  return forms;
};

export interface FormSubmission {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly body: URLSearchParams;
}

const presets = (form: HtmlForm): Map<string, string> => {
  const values = new Map(form.fields);
  for (const { name, value, preset } of form.choices) if (preset) values.set(name, value);
  return values;
};

/**
 * What a browser would send. A field that the form does not have, or a value that none of its buttons and options
 * offers, is a mistake of the test or of the page: it throws.
 */
export const fillForm = (form: HtmlForm, answers: Readonly<Record<string, string>>): FormSubmission => {
  const values = presets(form);
  let action = form.action;
  for (const [name, value] of Object.entries(answers)) {
    const offered = form.choices.filter((choice) => choice.name === name);
    const chosen = offered.find((choice) => choice.value === value);
    if (chosen === undefined && !form.fields.has(name)) {
      const has = [...form.fields.keys(), ...form.choices.map((choice) => `${choice.name}=${choice.value}`)];
      throw new Error(`the form ${form.action} does not offer ${name}=${value}; it has ${has.join(', ')}`);
    }
    if (chosen?.formAction !== undefined) action = new URL(chosen.formAction, form.action).href;
    values.set(name, value);
  }
  const body = new URLSearchParams([...values]);
  if (form.method === 'POST') return { url: action, method: 'POST', body };
  const url = new URL(action);
  url.search = body.toString();
  return { url: url.href, method: 'GET', body: new URLSearchParams() };
};
