# SPDX-License-Identifier: Apache-2.0
# What start, stop and submit of the standalone target share. To be sourced, by bash.
# shellcheck shell=bash

cluster_home=${BELLOWS_STANDALONE_HOME:-$HOME/.bellows/standalone}
master_host=${BELLOWS_MASTER_HOST:-127.0.0.1}
master_port=${BELLOWS_MASTER_PORT:-7077}
web_port=${BELLOWS_MASTER_WEB_PORT:-8080}
workers=2

# A process id alone may by now belong to another process.
is_running() {
  local file=$cluster_home/$1.pid pid
  [ -r "$file" ] || return 1
  pid=$(<"$file")
  kill -0 "$pid" 2>/dev/null && tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null \
    | grep -q 'org\.apache\.spark\.deploy\.'
}
