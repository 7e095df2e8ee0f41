/**
 * How a record rests in the database so that the version before, which runs beside this one during an update and ignores
 * members that it does not know, does no more with it than it says.
 *
 * - `gives_organization: false` has an empty `sirets` beside it: without one, that version lets any SIRET be asserted.
 * - The `domains` of a hidden provider have another name: that version would send everybody of them to it. A record
 *   without `domains` it leaves out.
 */
const hiddenDomains = 'domains_of_hidden';

type Fields = Readonly<Record<string, unknown>>;

export function toStoredForm(record: Fields): Fields {
  const { domains, ...rest } = record;
  return {
    ...rest,
    ...(record['gives_organization'] === false ? { sirets: [] } : {}),
    ...(record['test_addresses'] === undefined ? { domains } : { [hiddenDomains]: domains }),
  };
}

/** The record as it was declared, whichever version stored it. */
export function fromStoredForm(stored: Fields): Fields {
  const { sirets, [hiddenDomains]: hidden, ...rest } = stored;
  return {
    ...rest,
    ...(hidden === undefined ? {} : { domains: hidden }),
    ...(sirets === undefined || (stored['gives_organization'] === false && isEmptyList(sirets))
      ? {}
      : { sirets }),
  };
}

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;
