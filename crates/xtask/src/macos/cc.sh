#!/bin/sh
# Stands in for Apple's C compiler while types are checked: every file it is asked for is an empty one.
previous=
for argument in "$@"; do
  if [ "$previous" = -o ]; then
    : > "$argument"
  else
    case "$argument" in -o?*) : > "${argument#-o}" ;; esac
  fi
  previous=$argument
done
exit 0
