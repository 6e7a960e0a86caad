-- SPDX-License-Identifier: Apache-2.0
-- Tells every server which cached sessions and permissions to forget, in the transaction that changes them.
--
-- The channel is jiesu_access; a notice is "user:<uuid>" or "tenant:<number>" and carries nothing else. A server that lost its
-- listening connection forgets everything it has cached.

CREATE FUNCTION notify_access() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed record;
BEGIN
  changed := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
  IF TG_ARGV[0] = 'user' THEN
    PERFORM pg_notify('jiesu_access', 'user:' || changed.user_id);
  ELSE
    PERFORM pg_notify('jiesu_access', 'tenant:' || changed.tenant_id);
  END IF;
  RETURN NULL;
END
$$;

-- A new session is cached nowhere yet, and one that has run out is refused by its own time: only early ends are told.
CREATE TRIGGER session_revoked AFTER UPDATE OF revoked_at ON session
  FOR EACH ROW WHEN (OLD.revoked_at IS DISTINCT FROM NEW.revoked_at) EXECUTE FUNCTION notify_access('user');
CREATE TRIGGER session_deleted AFTER DELETE ON session
  FOR EACH ROW WHEN (OLD.revoked_at IS NULL AND OLD.expires_at > now()) EXECUTE FUNCTION notify_access('user');

-- Not of failed logins: those touch no right, and a guesser must not be able to make servers forget.
CREATE TRIGGER app_user_changed AFTER UPDATE OF display_name, organisation, password_hash, platform_roles, disabled_at ON app_user
  FOR EACH ROW EXECUTE FUNCTION notify_access('user');

CREATE TRIGGER membership_changed AFTER INSERT OR UPDATE OR DELETE ON membership
  FOR EACH ROW EXECUTE FUNCTION notify_access('user');

CREATE TRIGGER role_changed AFTER INSERT OR UPDATE OR DELETE ON role
  FOR EACH ROW EXECUTE FUNCTION notify_access('tenant');
CREATE TRIGGER department_changed AFTER UPDATE OR DELETE ON department
  FOR EACH ROW EXECUTE FUNCTION notify_access('tenant');
CREATE TRIGGER tenant_changed AFTER UPDATE ON tenant
  FOR EACH ROW EXECUTE FUNCTION notify_access('tenant');
-- A vendor's people see the office while the contract lasts.
CREATE TRIGGER contract_changed AFTER INSERT OR UPDATE OF vendor, state, vendor_from, vendor_until ON contract
  FOR EACH ROW EXECUTE FUNCTION notify_access('tenant');
