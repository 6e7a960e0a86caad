-- SPDX-License-Identifier: Apache-2.0
-- What becomes of people and assignments that an office's files no longer name.

-- The first day on which the person is no longer named; records go on speaking of them, so the row stays.
ALTER TABLE staff_member ADD COLUMN left_on date;
GRANT UPDATE (left_on) ON staff_member TO jiesu_server;

-- An assignment that had not begun yet is no record of anything; one that had is ended.
GRANT DELETE ON staff_assignment TO jiesu_server;
