-- SPDX-License-Identifier: Apache-2.0
-- A swap asks those of the two who sign in and have not asked for it themselves, before anybody may approve it.

ALTER TABLE shift_swap
  -- When each of the two agreed.
  ADD giver_agreed_at timestamptz,
  ADD taker_agreed_at timestamptz;
GRANT UPDATE (giver_agreed_at, taker_agreed_at) ON shift_swap TO jiesu_server;
