{{/* where the servers are, as the variables of Spring Boot's own properties */}}
{{- define "sitestream.environment" -}}
- name: SITESTREAM_SECURITY_MODE
  value: {{ .Values.security.mode | quote }}
{{- if and (eq .Values.security.mode "jwt") .Values.security.issuerUri }}
- name: SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_ISSUER_URI
  value: {{ .Values.security.issuerUri | quote }}
{{- end }}
{{- with .Values.kafka }}
- name: SPRING_KAFKA_BOOTSTRAP_SERVERS
  value: {{ .bootstrapServers | quote }}
- name: SPRING_KAFKA_SECURITY_PROTOCOL
  value: {{ .securityProtocol | quote }}
{{- if hasPrefix "SASL" .securityProtocol }}
- name: SPRING_KAFKA_PROPERTIES_SASL_MECHANISM
  value: {{ .sasl.mechanism | quote }}
- name: SPRING_KAFKA_PROPERTIES_SASL_JAAS_CONFIG
  valueFrom:
    secretKeyRef:
      name: {{ required "kafka.sasl.existingSecret is needed with SASL: the name of a secret with the value of sasl.jaas.config." .sasl.existingSecret }}
      key: {{ .sasl.key }}
{{- end }}
{{- if .tls.existingSecret }}
- name: SPRING_SSL_BUNDLE_PEM_KAFKA_TRUSTSTORE_CERTIFICATE
  value: file:/etc/sitestream/kafka-tls/ca.crt
{{- if .tls.clientCertificate }}
- name: SPRING_SSL_BUNDLE_PEM_KAFKA_KEYSTORE_CERTIFICATE
  value: file:/etc/sitestream/kafka-tls/tls.crt
- name: SPRING_SSL_BUNDLE_PEM_KAFKA_KEYSTORE_PRIVATE_KEY
  value: file:/etc/sitestream/kafka-tls/tls.key
{{- end }}
- name: SPRING_KAFKA_SSL_BUNDLE
  value: kafka
{{- end }}
{{- if .topicsPrefix }}
- name: SITESTREAM_TOPICS_PREFIX
  value: {{ .topicsPrefix | quote }}
{{- end }}
{{- end }}
- name: SITESTREAM_SITE_WRITE_PATH
  value: {{ .Values.site.writePath | quote }}
{{- if .Values.kafkaTopics.enabled }}
- name: SITESTREAM_TOPICS_CREATE
  value: "false"
{{- end }}
{{- with .Values.redis }}
{{- if .clusterNodes }}
- name: SPRING_DATA_REDIS_CLUSTER_NODES
  value: {{ join "," .clusterNodes | quote }}
{{- else }}
- name: SPRING_DATA_REDIS_HOST
  value: {{ .host | quote }}
- name: SPRING_DATA_REDIS_PORT
  value: {{ .port | quote }}
{{- end }}
{{- if .username }}
- name: SPRING_DATA_REDIS_USERNAME
  value: {{ .username | quote }}
{{- end }}
{{- if .existingSecret }}
- name: SPRING_DATA_REDIS_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ .existingSecret }}
      key: {{ .key }}
{{- end }}
{{- if .tls.enabled }}
- name: SPRING_DATA_REDIS_SSL_ENABLED
  value: "true"
{{- if .tls.existingSecret }}
- name: SPRING_SSL_BUNDLE_PEM_REDIS_TRUSTSTORE_CERTIFICATE
  value: file:/etc/sitestream/redis-tls/ca.crt
- name: SPRING_DATA_REDIS_SSL_BUNDLE
  value: redis
{{- end }}
{{- end }}
{{- end }}
{{- with .Values.postgresql }}
- name: SPRING_DATASOURCE_URL
  value: {{ .url | quote }}
- name: SPRING_DATASOURCE_USERNAME
  value: {{ .username | quote }}
{{- if .existingSecret }}
- name: SPRING_DATASOURCE_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ .existingSecret }}
      key: {{ .key }}
{{- end }}
{{- end }}
{{- end }}
