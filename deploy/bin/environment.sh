# SPDX-License-Identifier: Apache-2.0
# What the scripts of the bundle share. To be sourced, by bash; sets
#   bellows_bundle   folder with lib (Bellows) and spark/jars (Spark for one machine)
#   bellows_java     array: the Java 17 to run, with the options that Spark needs on it
#   bellows_extra    with bellows_benchmarks=yes: what to append to the class path,
#                    with bellows_testcluster=yes: before it
# and exports JAVA_HOME, SPARK_HOME, SPARK_SCALA_VERSION, and LC_ALL where no locale of UTF-8 is set. In a source tree it builds what is missing,
# for the line of Spark that BELLOWS_SPARK names: 3.5 (default) or 4, and with PyTorch's libraries for BELLOWS_TORCH: cpu or gpu.
# shellcheck shell=bash

die() { echo "bellows: $*" >&2; exit 1; }

# The release file answers at once; asking the JVM itself takes a second on a slow machine.
java_version() {
  local version=
  if [ -r "$1/release" ]; then
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
  fi
  if [ -z "$version" ] && [ -x "$1/bin/java" ]; then
    version=$("$1/bin/java" -XshowSettings:properties -version 2>&1 \
      | sed -n 's/^ *java.specification.version = //p') || true
  fi
  echo "$version"
}

# Spark starts executors with JAVA_HOME, so that a wrong one would break them even where the
# driver's own Java is right: it is replaced, not only passed over.
find_java() {
  local home on_path
  on_path=$(command -v java || true)
  [ -z "$on_path" ] || on_path=$(dirname "$(dirname "$(readlink -f "$on_path")")")
  for home in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/java-17-openjdk-* /usr/lib/jvm/*17*; do
    if [ -n "$home" ] && [ -x "$home/bin/java" ] && [ "$(java_version "$home")" = 17 ]; then
      if [ -n "${JAVA_HOME:-}" ] && [ "$home" != "$JAVA_HOME" ]; then
        echo "bellows: JAVA_HOME ($JAVA_HOME) is not a Java 17; using $home" >&2
      fi
      export JAVA_HOME=$home
      return
    fi
  done
  die "found no Java 17: install it (Debian, Ubuntu: apt-get install openjdk-17-jdk-headless) or set JAVA_HOME to it"
}

# changed TEST...: whether a file that find's TEST picks is newer than the last build.
changed() {
  [ ! -e "$stamp" ] || [ -n "$(find "$source" \( -name target -o -name .git \) -prune -o \
      \( "$@" \) -type f -newer "$stamp" -print -quit)" ]
}

# Tests do not go into the bundle.
is_stale() {
  changed -name pom.xml -o -path '*/src/main/*' -o -path '*/src/spark-4/*' -o -path '*/deploy/bin/*' -o -path '*/deploy/targets/*' \
    -o -path '*/deploy/schedules/*' -o -path '*/deploy/examples/*' -o -path '*/deploy/python/*'
}

# One folder holds the bundle of one variant of PyTorch's libraries: what the others' stamps said is no longer true.
forget_other_variants() {
  local other
  for other in "$built"/.built-*; do
    case $other in
      "$built/.built-$torch"*) ;;
      *) rm -f "$other" ;;
    esac
  done
}

# Only the modules that are asked for and what they need.
build() {
  local log=$built/build.log
  command -v mvn >/dev/null \
    || die "no mvn: install Maven 3.8 or newer (Debian, Ubuntu: apt-get install maven)"
  [ -x "$JAVA_HOME/bin/javac" ] \
    || die "$JAVA_HOME has no compiler: install a JDK 17 (Debian, Ubuntu: apt-get install openjdk-17-jdk-headless)"
  echo "bellows: building (the first time this downloads about 500 MB)" >&2
  # What changes while the build runs must count as newer than it.
  touch "$stamp.new"
  forget_other_variants
  # Only a changed pom.xml, or another variant, can leave jars behind that no longer belong.
  if changed -name pom.xml; then
    rm -rf "$bellows_bundle/lib" "$bellows_bundle/spark/jars" "$bellows_bundle/submit"
  fi
  if ! (cd "$source" && mvn -B -ntp -q ${profile:+"$profile"} package -pl "$modules" -am -Dmaven.test.skip=true -Dspotless.check.skip=true) \
      >"$log" 2>&1 </dev/null; then
    # Behind the first reference to its help Maven only explains itself.
    sed -n '/^\[ERROR\]/p; /\[Help 1\]/q' "$log" | head -n 20 >&2
    die "the build failed; the whole log is $log"
  fi
  mv "$stamp.new" "$stamp"
}

# No part of the bundle: other people's software that Bellows is measured beside.
add_benchmarks() {
  [ -n "${source:-}" ] \
    || die "this benchmark needs software that is not shipped; run it from a source tree"
  bellows_extra=":$source/deploy/benchmark/target/classes:$source/deploy/benchmark/target/lib/*"
}

# No part of the bundle: Hadoop's servers.
add_testcluster() {
  [ -n "${source:-}" ] || die "a cluster for tests is not shipped; run this from a source tree"
  local module=$source/deploy/testcluster/${built#"$source/deploy/"}
  bellows_extra="$module/classes:$module/lib/*"
}

# Java keeps every jar of the class path open, some 400, and with fewer files fails in the midst of loading a class.
require_files() {
  local most
  most=$(ulimit -Hn)
  if [ "$most" != unlimited ] && [ "$most" -lt 1024 ]; then
    echo "bellows: a process may open $most files here (ulimit -Hn), needed are 1024 or more" >&2
    exit 4
  fi
}

bellows_bin=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
# shellcheck source=locale.sh
. "$bellows_bin/locale.sh"
require_files
find_java
if [ -d "$bellows_bin/../lib" ]; then
  bellows_bundle=$(cd "$bellows_bin/.." && pwd)
else
  source=$(cd "$bellows_bin/../.." && pwd)
  # Each line of Spark is built in a folder of its own.
  case ${BELLOWS_SPARK:-3.5} in
    3.5) built=$source/deploy/target profile= ;;
    4) built=$source/deploy/target/spark-4 profile=-Pspark-4 ;;
    *) die "BELLOWS_SPARK is $BELLOWS_SPARK; allowed: 3.5, 4" ;;
  esac
  [ -z "${bellows_benchmarks:-}" ] || [ "${BELLOWS_SPARK:-3.5}" = 3.5 ] \
    || die "this benchmark needs dl4j-spark, which exists for Scala 2.12 only; run it without BELLOWS_SPARK=4"
  bellows_bundle=$built/bellows
  torch=${BELLOWS_TORCH:-none}
  case $torch in
    none) ;;
    cpu) profile=${profile:--P}${profile:+,}torch ;;
    gpu) profile=${profile:--P}${profile:+,}gpu ;;
    *) die "BELLOWS_TORCH is $torch; allowed: none, cpu, gpu" ;;
  esac
  stamp=$built/.built-$torch
  modules=deploy
  if [ -n "${bellows_benchmarks:-}" ]; then
    stamp+=-benchmarks modules+=,deploy/benchmark
  fi
  if [ -n "${bellows_testcluster:-}" ]; then
    stamp+=-testcluster modules+=,deploy/testcluster
  fi
  if is_stale; then
    mkdir -p "$built"
    # Of several commands started at once, one builds and the others find it done.
    exec 9>"$built/.build-lock"
    flock 9
    if is_stale; then
      build
    fi
    exec 9>&-
  fi
fi
[ -z "${bellows_benchmarks:-}" ] || add_benchmarks
[ -z "${bellows_testcluster:-}" ] || add_testcluster
case $bellows_bundle in
  *:*) die "the path $bellows_bundle holds a colon, which Java's class path cannot; move it" ;;
esac

export SPARK_HOME=$bellows_bundle/spark
# Where it is not told, Spark's launcher looks for a Spark build tree to learn this from.
spark_core=("$SPARK_HOME"/jars/spark-core_*.jar)
[ -e "${spark_core[0]}" ] || die "$SPARK_HOME/jars holds no Spark; the bundle is not complete"
SPARK_SCALA_VERSION=${spark_core[0]##*/spark-core_}
export SPARK_SCALA_VERSION=${SPARK_SCALA_VERSION%%-*}

bellows_java=("$JAVA_HOME/bin/java")
# What Spark's own launcher would add on Java 17.
for package in java.lang java.lang.invoke java.lang.reflect java.io java.net java.nio java.util \
    java.util.concurrent java.util.concurrent.atomic jdk.internal.ref sun.nio.ch sun.nio.cs \
    sun.security.action sun.util.calendar; do
  bellows_java+=("--add-opens=java.base/$package=ALL-UNNAMED")
done
bellows_java+=(
  "--add-opens=java.security.jgss/sun.security.krb5=ALL-UNNAMED"
  "-Djdk.reflect.useDirectMethodHandle=false")
if [ "$SPARK_SCALA_VERSION" != 2.12 ]; then
  # Spark 4 runs Netty 4.2, whose defaults are others.
  bellows_java+=(
    "-Dio.netty.tryReflectionSetAccessible=true"
    "-Dio.netty.allocator.type=pooled"
    "-Dio.netty.handler.ssl.defaultEndpointVerificationAlgorithm=NONE")
fi

# GPUs: CUDA counts them as nvidia-smi does, and cuBLAS repeats its bits.
export CUDA_DEVICE_ORDER=PCI_BUS_ID CUBLAS_WORKSPACE_CONFIG=:4096:8
