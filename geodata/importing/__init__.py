"""Import an untrusted file as a layer: read in a sandboxed process, columns mapped, rows located and dated."""
