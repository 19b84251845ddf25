-- Where somebody else streams them, changes are deleted by age.
CREATE INDEX changes_changed_at ON site.changes (changed_at);
