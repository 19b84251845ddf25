{{/*
What the jar can run, as CONTRACT and the code have it (a test compares them).
functions: module, input topic; those without a group run in every instance and are not listed.
*/}}
{{- define "sitestream.catalog" -}}
modules:
  site: {paths: [/api/sites, /api/site-commands]}
  appswriter: {paths: []}
  appsreader: {paths: [/api/installed-apps]}
  contactjobs: {paths: [/api/contact-imports]}
  contactimporter: {paths: [/api/contacts]}
  notification: {paths: [/ws]}
  business: {paths: [/api/countries]}
  bookings: {paths: [/api/bookings]}
  ticketing: {paths: [/api/ticketing]}
functions:
  applySiteCommands: {module: site, topics: [site-commands]}
  projectInstalledApps: {module: appswriter, topics: [site-metadata]}
  importContacts: {module: contactimporter, topics: [contact-import-batches]}
  trackContactImports: {module: contactjobs, topics: [contact-import-events]}
  pushNotifications: {module: notification, topics: [notifications]}
  deriveTimeZones: {module: bookings, topics: [countries, time-zone-overrides]}
topics:
  site-commands: {partitions: 6, retentionMs: 604800000}
  site-command-outcomes: {partitions: 1, retentionMs: 3600000}
  site-metadata: {partitions: 6}
  contact-import-batches: {partitions: 6, retentionMs: 259200000}
  contact-import-events: {partitions: 6, retentionMs: 604800000}
  contact-imports: {partitions: 6}
  notifications: {partitions: 6, retentionMs: 259200000}
  countries: {partitions: 1}
  time-zone-overrides: {partitions: 1}
  time-zones: {partitions: 1}
{{- end }}
