-- SPDX-License-Identifier: Apache-2.0
-- Calendars that people subscribe to: an address with a secret stands for its user, and shows what that user may see at each fetch.

CREATE TABLE calendar_feed (
  tenant_id int NOT NULL REFERENCES tenant,
  id uuid NOT NULL,
  user_id uuid NOT NULL REFERENCES app_user,
  -- Of the secret in the address, which is told once.
  token_hash digest NOT NULL,
  label text CHECK (char_length(label) BETWEEN 1 AND 100),
  -- Whose obligations it shows; none: both sides'.
  side text COLLATE "C" CHECK (side IN ('office', 'vendor')),
  language text COLLATE "C" NOT NULL CHECK (language IN ('zh', 'en')),
  -- How many days before its last day one is reminded of an obligation; none: never.
  reminder int CHECK (reminder BETWEEN 0 AND 30),
  created_at timestamptz NOT NULL,
  -- When it was fetched last, to the hour.
  fetched_at timestamptz,
  revoked_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, token_hash)
);
CREATE INDEX calendar_feed_of_user ON calendar_feed (tenant_id, user_id, id);
CALL isolate_tenants('calendar_feed');
GRANT SELECT, INSERT, UPDATE (fetched_at, revoked_at) ON calendar_feed TO jiesu_server;
