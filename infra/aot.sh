#!/usr/bin/env bash
# Makes the AOT variant of the jar: extracted, with a cache of classes that JDK 25 has loaded and linked ahead of time.
# The training run starts the whole application without any server and ends before it would connect.
#
#   infra/aot.sh target/sitestream.jar target/aot
#
# Takes java from JAVA_HOME, or from the path. The cache is for this JDK and this folder: make it where it will run.
set -euo pipefail

jar=${1:?the jar is missing: infra/aot.sh target/sitestream.jar target/aot}
folder=${2:?the folder is missing: infra/aot.sh target/sitestream.jar target/aot}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

version=$("$java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.specification.version = //p')
if [ "${version%%.*}" -lt 25 ]; then
  echo "$java is a JDK $version: an AOT cache takes JDK 25 or newer. Set JAVA_HOME to one." >&2
  exit 1
fi

if [ -e "$folder" ] && [ ! -e "$folder/training.log" ]; then
  echo "$folder is there and was not made by this script: name another folder." >&2
  exit 1
fi
rm -rf "$folder"
"$java" -Djarmode=tools -jar "$jar" extract --destination "$folder"
name=$(basename "$jar")
cd "$folder"
if ! "$java" -XX:AOTCacheOutput=sitestream.aot -XX:+UseSerialGC -Xlog:aot*=error --enable-native-access=ALL-UNNAMED -Dspring.context.exit=onRefresh \
  -jar "$name" --sitestream.security.mode=open --spring.flyway.enabled=false --spring.datasource.url=jdbc:postgresql://training/none >training.log 2>&1 \
  || grep -q "APPLICATION FAILED" training.log
then
  cat training.log >&2
  exit 1
fi
test -s sitestream.aot || { echo "The training run has left no cache: see $folder/training.log" >&2; exit 1; }

cat <<SAYS
$(du -h sitestream.aot | cut -f1) in $folder/sitestream.aot. Start it, with the same JDK, from that folder:
  java -XX:AOTCache=sitestream.aot -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED -jar $name
SAYS
