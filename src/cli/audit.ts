import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  auditFilterSchema,
  exportAudit,
  exportFormats,
  headText,
  parseHead,
  verifyAudit,
} from '../audit/audit.ts';
import type { AuditFilter, Break, Head, RowFinding, Verification } from '../audit/audit.ts';
import { BrokerError } from '../errors/errors.ts';
import { commandLineActor } from './command-line-actor.ts';
import type { Arguments } from './commands.ts';
import { configOf } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';
import { UsageError } from './usage-error.ts';
import { withStores } from './with-stores.ts';

/** @throws BrokerError M-FILE-050 when the chain does not hold */
export async function auditVerify(surroundings: Surroundings, { values }: Arguments): Promise<void> {
  const kept = headOf(values.get('head'));
  const found = await withStores(surroundings, configOf(surroundings), ({ db }) => verifyAudit(db, kept));
  surroundings.print([...sentences(found), ...conclusion(found, kept)].join('\n'));
  if (found.broken > 0)
    throw new BrokerError('M-FILE-050', { detail: `Findings: ${found.broken}, listed above.` });
}

function sentences({ breaks, rows, broken, clockWentBack }: Verification): readonly string[] {
  const shown = breaks.length + rows.length;
  return [
    ...breaks.map(breakText),
    ...rows.map(rowText),
    ...(broken > shown ? [`… and ${broken - shown} more.`] : []),
    ...clockWentBack.map(
      ({ seq, at, after }) =>
        `Note: the clock went back before entry ${seq}: ${after.toISOString()}, then ${at.toISOString()}.`,
    ),
  ];
}

function conclusion(
  { entries, head, erased, broken, olderThanDigests }: Verification,
  kept: Head | undefined,
): readonly string[] {
  const details = erased === 0 ? '' : ` Details erased: ${erased}.`;
  return [
    ...(broken === 0 ? [`The record is whole. Entries: ${entries}.${details}`] : []),
    ...(olderThanDigests === 0
      ? []
      : [`Acts on files recorded without digests, by an older version: ${olderThanDigests}.`]),
    ...(head === undefined || broken > 0 ? [] : [`Head: ${headText(head)}`]),
    ...(kept === undefined && broken === 0
      ? [
          'Keep the head outside of this database, and give it next time (--head): what was removed at the end, or',
          'rewritten as a whole, nothing else shows.',
        ]
      : []),
  ];
}

function breakText(one: Break): string {
  const { seq } = one;
  switch (one.kind) {
    case 'missing':
      return one.to === seq ? `Entry ${seq} is missing.` : `Entries ${seq} to ${one.to} are missing.`;
    case 'altered':
      return `Entry ${seq} was altered.`;
    case 'moved':
      return `Entry ${seq} was moved: it stood at ${one.from}.`;
    case 'not_linked':
      return `Entry ${seq} does not follow the one before: one of the two was written anew.`;
    case 'detail_altered':
      return `The detail of entry ${seq} was altered.`;
    case 'erased_without_entry':
      return `The detail of entry ${seq} was erased, and no entry says so.`;
    case 'not_the_head':
      return `Entry ${seq} is not the head that was kept: the record was written anew, from somewhere before it.`;
  }
}

const rowNames: Readonly<Record<RowFinding['table'], string>> = {
  registration: 'File',
  registration_event: 'Event',
  letter: 'Letter',
  approval: 'Right',
  declared_object: 'Declared object',
  invitation: 'Invitation',
  membership: 'Membership',
  batch: 'Lot',
  batch_lines: 'Lines of lot',
  partner_address: 'Address of a partner',
  partner_authenticator: 'Authenticator of a partner',
};

/** Of what acts wrote, outside of the record. */
function rowText({ kind, table, key, seq }: RowFinding): string {
  const name = `${rowNames[table]} ${key}`;
  switch (kind) {
    case 'altered':
      return `${name}: not what entry ${seq ?? 0} wrote.`;
    case 'missing':
      return `${name}: removed since entry ${seq ?? 0} wrote it.`;
    case 'unknown':
      return `${name}: no entry wrote it.`;
  }
}

function headOf(text: string | undefined): Head | undefined {
  if (text === undefined) return undefined;
  const head = parseHead(text);
  if (head === undefined)
    throw new UsageError('--head must be a head as `maillon audit verify` prints it: SEQ:HASH');
  return head;
}

/** On the standard output, or to a file that nobody else can read; the head goes to the terminal. */
export async function auditExport(surroundings: Surroundings, { values }: Arguments): Promise<void> {
  const format = exportFormats.find((one) => one === values.get('format'));
  if (format === undefined) throw new UsageError(`--format must be one of ${exportFormats.join(', ')}`);
  const filter = filterOf(values);
  const out = values.get('out');
  const { print, printError } = surroundings;
  await withStores(surroundings, configOf(surroundings), async ({ db }) => {
    const file = out === undefined ? undefined : await newFile(resolve(surroundings.cwd, out));
    try {
      const { head, chunks } = await exportAudit(db, {
        at: surroundings.clock(),
        actor: commandLineActor(surroundings),
        format,
        filter,
      });
      for await (const chunk of chunks) {
        if (file === undefined) print(chunk.trimEnd());
        else await file.appendFile(chunk);
      }
      printError(`Head: ${headText(head)}`);
    } finally {
      await file?.close();
    }
  });
}

function filterOf(values: Arguments['values']): AuditFilter {
  const names = ['subject', 'act', 'actor', 'from', 'to'] as const;
  const given = Object.fromEntries(names.map((name) => [name, values.get(name)]));
  const read = auditFilterSchema.safeParse(given);
  if (read.success) return read.data;
  const wrong = String(read.error.issues[0]?.path[0]);
  throw new UsageError(
    wrong === 'from' || wrong === 'to'
      ? `--${wrong} must be a day: 2026-11-22`
      : `--${wrong} is empty or too long`,
  );
}

const newFile = (path: string) =>
  open(path, 'wx', 0o600).catch((cause: unknown) => {
    throw new BrokerError('M-FILE-051', { detail: path, cause });
  });
