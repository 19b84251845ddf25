{{- define "sitestream.name" -}}
{{ .Release.Name | trunc 40 | trimSuffix "-" }}
{{- end }}

{{- define "sitestream.labels" -}}
app.kubernetes.io/name: sitestream
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{/* of one deployment: takes a dict with root and name */}}
{{- define "sitestream.selector" -}}
app.kubernetes.io/name: sitestream
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .name }}
{{- end }}

{{- define "sitestream.serviceAccount" -}}
{{- if .Values.serviceAccount.create }}{{ .Values.serviceAccount.name | default (include "sitestream.name" .) }}{{- else }}{{ .Values.serviceAccount.name | default "default" }}{{- end }}
{{- end }}

{{- define "sitestream.group" -}}
{{ .root.Values.kafka.topicsPrefix }}{{ .function | kebabcase }}
{{- end }}
