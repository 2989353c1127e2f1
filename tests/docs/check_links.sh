#!/usr/bin/env bash
# check_links.sh ROOT: links between pages and to files lead somewhere, anchors included. Links to other sites are not followed.
set -euo pipefail
cd "${1:?usage: check_links.sh ROOT}"
failed=0

# GitHub's anchors: lower case, spaces to dashes, punctuation out.
anchors_of() {
  awk '/^```/ {inside = !inside} !inside && /^#+ / {sub(/^#+ +/, ""); print tolower($0)}' "$1" | sed -E 's/[^a-z0-9 _-]//g; s/ /-/g'
}

while IFS= read -r page; do
  while IFS= read -r link; do
    case "$link" in http:* | https:* | mailto:*) continue ;; esac
    target=${link%%#*} anchor=
    [ "$link" = "$target" ] || anchor=${link#*#}
    path=$page
    [ -z "$target" ] || path=$(dirname "$page")/$target
    if [ ! -e "$path" ]; then
      echo "$page: a link to $link, which is not there"
      failed=1
    elif [ -n "$anchor" ] && ! anchors_of "$path" | grep -qxF -- "$anchor"; then
      echo "$page: a link to $link, but there is no such heading"
      failed=1
    fi
  done < <(awk '/^```/ {inside = !inside} !inside' "$page" | sed -E 's/`[^`]*`//g' | grep -oE '\]\([^) ]+\)' | sed -E 's/^\]\(//; s/\)$//')
done < <(find . -name '*.md' -not -path './build/*' -not -path './.git/*' | sort)
exit "$failed"
