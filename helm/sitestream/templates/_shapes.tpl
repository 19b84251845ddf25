{{/*
Who runs what: for each enabled deployment its settings (defaults included), SITESTREAM_MODULES and SITESTREAM_FUNCTIONS,
the functions that have a group, and the modules whose requests go there. Refuses what leaves a function or an endpoint out.
*/}}
{{- define "sitestream.shapes" -}}
{{- $catalog := include "sitestream.catalog" . | fromYaml }}
{{- $enabled := dict }}
{{- range $name, $given := .Values.deployments }}
{{- if and $given (ne (get $given "enabled" | toString) "false") }}
{{- $_ := set $enabled $name (mergeOverwrite (deepCopy $.Values.defaults) (deepCopy $given)) }}
{{- end }}
{{- end }}
{{- if not $enabled }}
{{- fail "deployments: none is enabled. Enable at least one, for example the one that is called monolith." }}
{{- end }}
{{- /* what is named by those that are not the rest */}}
{{- $whole := list }}
{{- $named := list }}
{{- $rests := list }}
{{- range $name, $it := $enabled }}
{{- if $it.rest }}
{{- $rests = append $rests $name }}
{{- if or $it.modules $it.functions }}
{{- fail (printf "deployments.%s: it is the rest, so it has neither modules nor functions of its own." $name) }}
{{- end }}
{{- else }}
{{- if not $it.modules }}
{{- fail (printf "deployments.%s: modules is missing. Known are: %s. Or say rest: true for everything that no other deployment takes." $name (keys $catalog.modules | sortAlpha | join ", ")) }}
{{- end }}
{{- range $it.modules }}
{{- if not (hasKey $catalog.modules .) }}
{{- fail (printf "deployments.%s: module '%s' is unknown. Known are: %s." $name . (keys $catalog.modules | sortAlpha | join ", ")) }}
{{- end }}
{{- end }}
{{- if $it.functions }}
{{- range $it.functions }}
{{- if not (hasPrefix "-" .) }}{{- $named = append $named . }}{{- end }}
{{- end }}
{{- else }}
{{- $whole = concat $whole $it.modules }}
{{- end }}
{{- end }}
{{- end }}
{{- if gt (len $rests) 1 }}
{{- fail (printf "deployments: %s are all the rest, but there can be one at most." ($rests | sortAlpha | join " and ")) }}
{{- end }}
{{- $shapes := dict }}
{{- $runs := dict }}
{{- $serves := dict }}
{{- range $name, $it := $enabled }}
{{- $modules := $it.modules }}
{{- $selection := "" }}
{{- $left := list }}
{{- $functions := $it.functions | default list }}
{{- if $it.rest }}
{{- $modules = list }}
{{- range $module, $unused := $catalog.modules }}
{{- if not (has $module $whole) }}{{- $modules = append $modules $module }}{{- end }}
{{- end }}
{{- range $function, $about := $catalog.functions }}
{{- if and (has $function $named) (has $about.module $modules) }}{{- $functions = append $functions (printf "-%s" $function) }}{{- end }}
{{- end }}
{{- if not $modules }}
{{- fail (printf "deployments.%s: it is the rest, but the others take all modules. Set deployments.%s.enabled=false." $name $name) }}
{{- end }}
{{- end }}
{{- $grouped := list }}
{{- $positive := list }}
{{- range $functions }}{{- if not (hasPrefix "-" .) }}{{- $positive = append $positive . }}{{- end }}{{- end }}
{{- range $function, $about := $catalog.functions }}
{{- if has $about.module $modules }}
{{- if and (or (not $positive) (has $function $positive)) (not (has (printf "-%s" $function) $functions)) }}
{{- $grouped = append $grouped $function }}
{{- $_ := set $runs $function (append (get $runs $function | default list) $name) }}
{{- end }}
{{- end }}
{{- end }}
{{- $http := or $it.rest (not $functions) }}
{{- if hasKey $it "http" }}{{- $http = $it.http }}{{- end }}
{{- if $http }}
{{- range $modules }}
{{- $module := . }}
{{- range (get $catalog.modules $module).paths }}
{{- $taken := get $serves . }}
{{- if $taken }}
{{- if $it.rest }}{{- /* the rest gives way */}}
{{- else if (get $enabled $taken).rest }}{{- $_ := set $serves . $name }}
{{- else }}
{{- fail (printf "Requests for %s would go to deployments.%s and deployments.%s: say http: false for one of them." . $taken $name) }}
{{- end }}
{{- else }}
{{- $_ := set $serves . $name }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- $_ := set $shapes $name (dict "settings" $it "modules" (join "," ($modules | sortAlpha)) "functions" (join "," $functions) "grouped" $grouped) }}
{{- end }}
{{- range $function, $about := $catalog.functions }}
{{- if not (get $runs $function) }}
{{- fail (printf "Function %s of module %s would run nowhere: name its module in a deployment, or enable one with rest: true." $function $about.module) }}
{{- end }}
{{- end }}
{{- range $module, $about := $catalog.modules }}
{{- range $about.paths }}
{{- if not (get $serves .) }}
{{- fail (printf "Requests for %s would go nowhere: a deployment with module %s needs http: true." . $module) }}
{{- end }}
{{- end }}
{{- end }}
{{- dict "shapes" $shapes "serves" $serves | toYaml }}
{{- end }}
