# SPDX-License-Identifier: Apache-2.0
# Gives this process a locale of UTF-8 where it has none. To be sourced, by bash.
# Java takes the letters of file names from the locale: in that of cron or of a bare container (C) it could
# neither list nor open what has a name beyond ASCII.
# shellcheck shell=bash

if [ "$(locale charmap 2>/dev/null)" != UTF-8 ]; then
  for bellows_locale in C.UTF-8 C.utf8 en_US.UTF-8; do
    # A locale that is not installed counts as C.
    if ! command -v locale >/dev/null \
      || [ "$(env "LC_ALL=$bellows_locale" locale charmap 2>/dev/null)" = UTF-8 ]; then
      export LC_ALL=$bellows_locale
      break
    fi
  done
fi
