#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What the pods of Spark on Kubernetes start:
#   entrypoint.sh driver ARGUMENT...   arguments of spark-submit, in client mode
#   entrypoint.sh executor             everything else is in the environment
#   entrypoint.sh PROGRAM ARGUMENT...  any program, for example targets/kubernetes/submit
# The process becomes Java's, so that it gets the signals and its exit code is the container's.
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
# shellcheck source=../../bin/environment.sh
. "$here/../../bin/environment.sh"
# Threads of the maths are part of a run's identity; the node's core count must not decide.
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1}

# How executors find GPUs (train.device = gpu): the image is the same for all.
export BELLOWS_GPU_SCRIPT=${BELLOWS_GPU_SCRIPT:-$bellows_bundle/bin/gpus}

# Executors copy jars into the folder that they are started in.
cd "$(mktemp -d)"

driver() {
  # Spark's launcher computes memory, options and class path from the driver's properties.
  # It prints an empty line that begins with NUL, then the words, each followed by NUL.
  local words=()
  mapfile -d '' -t words < <("$JAVA_HOME/bin/java" -Xmx128m -cp "$SPARK_HOME/jars/*" \
    org.apache.spark.launcher.Main org.apache.spark.deploy.SparkSubmit \
    --conf "spark.driver.bindAddress=$SPARK_DRIVER_BIND_ADDRESS" --deploy-mode client "$@")
  wait $! || die "Spark's launcher could not make a command of: $*"
  words=("${words[@]:1}")
  words[0]=${words[0]#$'\n'}
  exec "${words[@]}"
}

executor() {
  local options=() name
  for ((i = 0; ; i++)); do
    name=SPARK_JAVA_OPT_$i
    [ -n "${!name+is set}" ] || break
    options+=("${!name}")
  done
  exec "$JAVA_HOME/bin/java" "${options[@]}" "-Xms$SPARK_EXECUTOR_MEMORY" "-Xmx$SPARK_EXECUTOR_MEMORY" \
    -cp "${SPARK_CONF_DIR:-/opt/spark/conf}:${SPARK_CLASSPATH:-}:${HADOOP_CONF_DIR:-}:$SPARK_HOME/jars/*" \
    org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBackend \
    --driver-url "$SPARK_DRIVER_URL" \
    --executor-id "$SPARK_EXECUTOR_ID" \
    --cores "$SPARK_EXECUTOR_CORES" \
    --app-id "$SPARK_APPLICATION_ID" \
    --hostname "$SPARK_EXECUTOR_POD_IP" \
    --resourceProfileId "$SPARK_RESOURCE_PROFILE_ID" \
    --podName "$SPARK_EXECUTOR_POD_NAME"
}

case ${1:-} in
  driver)
    shift
    driver "$@"
    ;;
  executor) executor ;;
  '') die "entrypoint.sh needs driver, executor or a program" ;;
  *) exec "$@" ;;
esac
