-- SPDX-License-Identifier: Apache-2.0
-- Requests that wait and what became of them are told to those whom they concern, and what attendance has proposed once an hour.

ALTER TABLE notice
  -- Of the vendors' people, told to this one's only; none: to every vendor whose contract it hangs on.
  ADD vendor code,
  -- Told to this user only.
  ADD user_id uuid,
  -- Not told to this user, whose own doing it is.
  ADD besides uuid,
  ADD CHECK (user_id <> besides);
CREATE UNIQUE INDEX notice_of_attendance ON notice (tenant_id, kind, subject) WHERE subject_kind = 'attendance';
