-- Lots that bring organizations which no register holds, and what stood when a lot was decided. Expands only. A process of the
-- version before that carries such a line out finds no organization and leaves it "not granted"; it loses nothing.

alter table batch_line
  -- Null: the register held the organization. To be entered when the line is carried out; entered; taken out again by the
  -- way back; kept there, because of something else.
  add column entry text check (entry in ('asked', 'entered', 'withdrawn', 'kept')),
  -- Why it was kept: a word of src/batches/leave-register.ts.
  add column entry_about text,
  -- JSON text: number of file → its version, of the files of the organization when the lot was decided. Null for lots that the
  -- version before decided.
  add column stood text;

-- An official mailbox that a line gives of its organization goes with the address of the letter.
create index batch_line_mailbox on batch_line (batch_id) where cells like '%"contact_email":%';
create index batch_line_mailbox_contact on batch_line
  (left(lower(snapshot_text(cells, '{own,contact_email}')), 320)) where cells like '%"contact_email":%';
