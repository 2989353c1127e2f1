# Splits a page into its marked blocks: awk -v out=DIR -f blocks.awk PAGE. Writes DIR/NNN.KIND for each block, its first line the number of the
# page's line before it, and prints "NNN KIND" in order. KIND is the fence's words with spaces as '+', e.g. "sh", "json+reply".
/^```/ {
  if (inside) {
    if (kind != "") close(file)
    inside = 0
    next
  }
  inside = 1
  kind = substr($0, 4)
  gsub(/[ \t]+$/, "", kind)
  gsub(/ +/, "+", kind)
  if (kind == "") next
  shown = kind
  gsub(/\//, "%", kind)
  file = sprintf("%s/%03d.%s", out, ++count, kind)
  printf "%d\n", NR > file
  printf "%03d %s\n", count, kind
  next
}
inside && kind != "" { print > file }
END { if (inside) { printf "%s: a block is never closed\n", FILENAME > "/dev/stderr"; exit 1 } }
