-- The event router of an external Debezium takes headers from columns, and would read a literal 1.0 as a number.
ALTER TABLE site.changes ADD COLUMN specversion text NOT NULL DEFAULT '1.0';
