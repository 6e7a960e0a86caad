-- SPDX-License-Identifier: Apache-2.0
-- Work orders: the history of each, written once; the row that says where it stands, a projection of its history; its text and its
-- citizen; and the keys that the citizen's data is sealed with.
--
-- What a column may hold is said by domains: a table's CHECKs are parsed again with every statement, a domain's once in a session. The hot
-- tables refer to nothing: a reference would lock the row of a department or a contract in every step.

-- How far an order has come.
CREATE DOMAIN order_stage AS text COLLATE "C" CHECK (VALUE IN (
  'received', 'signed', 'verified', 'dispatched', 'handling', 'replied', 'audited', 'calledBack', 'closed', 'archived', 'returned'));
-- Something that one side asks for and the other decides.
CREATE DOMAIN order_decision AS text COLLATE "C" CHECK (VALUE IN ('none', 'asked', 'granted', 'refused'));
CREATE DOMAIN order_source AS text COLLATE "C" CHECK (VALUE IN ('city', 'district', 'grid', 'cityManagement', 'selfFound'));
CREATE DOMAIN order_resolution AS text COLLATE "C" CHECK (VALUE IN ('solved', 'partly', 'unsolved'));
CREATE DOMAIN order_satisfaction AS text COLLATE "C" CHECK (VALUE IN ('satisfied', 'basically', 'dissatisfied'));
CREATE DOMAIN order_step AS text COLLATE "C" CHECK (VALUE ~ '^[a-z][A-Za-z]{0,39}$');
CREATE DOMAIN order_side AS text COLLATE "C" CHECK (VALUE IN ('office', 'vendor', 'system'));
CREATE DOMAIN order_number AS text COLLATE "C" CHECK (char_length(VALUE) BETWEEN 1 AND 100);
-- A word by which orders are told apart: a grade, a category, an area, a community.
CREATE DOMAIN order_label AS text COLLATE "C" CHECK (char_length(VALUE) BETWEEN 1 AND 60);
CREATE DOMAIN order_title AS text CHECK (char_length(VALUE) BETWEEN 1 AND 200);
CREATE DOMAIN order_labels AS text[] COLLATE "C" CHECK (cardinality(VALUE) <= 50);
CREATE DOMAIN order_attributes AS jsonb CHECK (jsonb_typeof(VALUE) = 'object');
CREATE DOMAIN order_count AS int CHECK (VALUE >= 0);

-- Where an order stands: what its history comes to, written in the statement that writes the event.
CREATE TABLE work_order (
  tenant_id int NOT NULL,
  id uuid NOT NULL,
  -- The number of its last event: what If-Match speaks of.
  version int NOT NULL,
  stage order_stage NOT NULL,
  -- Whether somebody still has something to do.
  is_open boolean NOT NULL,
  source order_source NOT NULL,
  external_number order_number NOT NULL,
  -- Under which contract it is worked on, as of the day it came in.
  contract_id code,
  grade order_label NOT NULL,
  category order_label,
  area order_label,
  community order_label,
  title order_title NOT NULL,
  tags order_labels NOT NULL DEFAULT '{}',
  attributes order_attributes NOT NULL DEFAULT '{}',
  department code,
  -- Who signed it, who replied last, who asked for what is to be decided: users.
  seat uuid,
  replied_by uuid,
  approval_asked_by uuid,
  exclusion_asked_by uuid,
  -- Dispatched only with a leader's approval.
  is_special boolean NOT NULL DEFAULT false,
  approval order_decision NOT NULL DEFAULT 'none',
  is_outside_remit boolean NOT NULL DEFAULT false,
  is_hung boolean NOT NULL DEFAULT false,
  is_awaiting_citizen boolean NOT NULL DEFAULT false,
  -- Whether it counts in the appraisal by the city.
  exclusion order_decision NOT NULL DEFAULT 'none',
  appeal order_decision NOT NULL DEFAULT 'none',
  appeal_due date,
  -- The citizen's answers, as the last callback that reached them has them.
  is_contacted boolean,
  resolution order_resolution,
  satisfaction order_satisfaction,
  callback_attempts order_count NOT NULL DEFAULT 0,
  urges order_count NOT NULL DEFAULT 0,
  reopenings order_count NOT NULL DEFAULT 0,
  -- The earlier order that it repeats.
  repeats uuid,
  -- When, by the server's clock; of a step taken twice the last.
  received_at timestamptz NOT NULL,
  signed_at timestamptz,
  verified_at timestamptz,
  dispatched_at timestamptz,
  handling_at timestamptz,
  replied_at timestamptz,
  audited_at timestamptz,
  called_back_at timestamptz,
  closed_at timestamptz,
  archived_at timestamptz,
  returned_at timestamptz,
  hung_at timestamptz,
  progress_at timestamptz,
  changed_at timestamptz NOT NULL,
  -- As the source reports them.
  reported_at timestamptz,
  reported_due timestamptz,
  PRIMARY KEY (tenant_id, id)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);
CREATE UNIQUE INDEX work_order_of_source ON work_order (tenant_id, source, external_number);
-- No step on the way changes a column of an index, save dispatch and the last: such an update touches the table alone.
CREATE INDEX work_order_open ON work_order (tenant_id, id) WHERE is_open;
CREATE INDEX work_order_of_department ON work_order (tenant_id, department, id) WHERE department IS NOT NULL;
CALL isolate_tenants('work_order');
GRANT SELECT, INSERT,
  UPDATE (version, stage, is_open, contract_id, grade, category, area, community, title, tags, attributes, department, seat, replied_by,
    approval_asked_by, exclusion_asked_by, is_special, approval, is_outside_remit, is_hung, is_awaiting_citizen, exclusion, appeal,
    appeal_due, is_contacted, resolution, satisfaction, callback_attempts, urges, reopenings, repeats, received_at, signed_at, verified_at,
    dispatched_at, handling_at, replied_at, audited_at, called_back_at, closed_at, archived_at, returned_at, hung_at, progress_at,
    changed_at, reported_at, reported_due)
  ON work_order TO jiesu_server;

-- What happened to an order: who, when, what; written once.
CREATE TABLE work_order_event (
  tenant_id int NOT NULL,
  order_id uuid NOT NULL,
  -- 1 for its intake, then one more each.
  seq int NOT NULL,
  -- In the order of time among all events of the office, nearly: what a stream goes on from.
  id uuid NOT NULL,
  at timestamptz NOT NULL,
  -- None: the system itself.
  actor uuid,
  side order_side NOT NULL,
  kind order_step NOT NULL,
  -- Nothing of the citizen's stands here.
  data jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (tenant_id, order_id, seq)
);
CREATE UNIQUE INDEX work_order_event_by_id ON work_order_event (tenant_id, id);
CALL isolate_tenants('work_order_event');
GRANT SELECT, INSERT ON work_order_event TO jiesu_server;

-- A key of an office, sealed with the deployment's master key: for citizens' data, or for the index of their telephones.
CREATE TABLE data_key (
  tenant_id int NOT NULL REFERENCES tenant,
  number int NOT NULL CHECK (number > 0),
  purpose text COLLATE "C" NOT NULL CHECK (purpose IN ('citizen', 'phone')),
  -- Which of the master keys it is sealed with.
  master int NOT NULL CHECK (master > 0),
  sealed bytea NOT NULL CHECK (octet_length(sealed) BETWEEN 1 AND 1000),
  created_at timestamptz NOT NULL,
  -- Seals nothing new from then on.
  retired_at timestamptz,
  PRIMARY KEY (tenant_id, number)
);
-- One at a time: of two servers that make the first key, one has to take the other's.
CREATE UNIQUE INDEX data_key_in_use ON data_key (tenant_id, purpose) WHERE retired_at IS NULL;
CALL isolate_tenants('data_key');
GRANT SELECT, INSERT, UPDATE (master, sealed, retired_at), DELETE ON data_key TO jiesu_server;

CREATE DOMAIN order_text AS text CHECK (char_length(VALUE) <= 20000);
CREATE DOMAIN sealed AS bytea CHECK (octet_length(VALUE) BETWEEN 30 AND 10000);
CREATE DOMAIN masked AS text CHECK (char_length(VALUE) BETWEEN 1 AND 200);
CREATE DOMAIN phone_code AS bytea CHECK (octet_length(VALUE) = 16);

-- What the citizen says, and who they are: the text as it came, the person sealed.
CREATE TABLE work_order_content (
  tenant_id int NOT NULL,
  order_id uuid NOT NULL,
  content order_text NOT NULL,
  -- Name, telephone, address: JSON, sealed; which key. None where nobody is known, as with what was found by ourselves.
  sealed sealed,
  data_key int,
  -- What may be shown without asking.
  name_masked masked,
  phone_masked masked,
  address_masked masked,
  -- A code of the telephone's digits, by which repeats are found.
  phone_code phone_code,
  -- A code of the intake as it came, by which the same is told from another under its number.
  intake_code digest NOT NULL,
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, order_id)
);
CREATE INDEX work_order_content_of_phone ON work_order_content (tenant_id, phone_code, order_id) WHERE phone_code IS NOT NULL;
CREATE INDEX work_order_content_of_key ON work_order_content (tenant_id, data_key, order_id) WHERE data_key IS NOT NULL;
CALL isolate_tenants('work_order_content');
GRANT SELECT, INSERT, UPDATE (content, sealed, data_key, name_masked, phone_masked, address_masked, phone_code, version)
  ON work_order_content TO jiesu_server;
